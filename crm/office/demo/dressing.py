"""Gives the visits of today something to show: each practice of a briefing, one after the other."""

from collections.abc import Container, Sequence
from datetime import date, datetime, timedelta
from random import Random

from crm.care.models import Complaint, Feedback
from crm.care.services import open_complaint
from crm.catalogue.models import Service
from crm.office.demo import SEED
from crm.office.demo import remembered as words
from crm.office.demo.rows import Planned, Status
from crm.office.demo.tongues import Four, tell
from crm.people.models import Client, HealthNote, Note
from crm.team.models import Branch
from loyalty.cards.selectors import card_of
from loyalty.cards.services import issue_card
from loyalty.points.selectors import loyalty_settings
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services import VoucherRefused, issue_voucher, reserve_voucher

Kind = Note.Kind
OPEN_COMPLAINTS = 3


class Dressing:
    """Writes notes, complaints, scores, cards and vouchers beside today's visits; changes nothing that is there."""

    def __init__(self, *, branch: Branch, on: date, now: datetime, language: str, kinds: dict[int, str]) -> None:
        self.branch = branch
        self.on = on
        self.now = now
        self.language = language
        # service -> lashes, brows, hair, nails
        self.kinds = kinds
        self.rng = Random(f"{SEED} dressing {on}")

    def dress(self, planned: Sequence[Planned], returning: Container[int] = ()) -> None:
        """Of each master first those who are still here or to come, then those who have gone.

        `returning`: keys of clients who come back after a long silence.
        """
        turns = [self.gold_card, self.health, self.merely_satisfied, self.never_mention, self.open_complaint,
                 self.preference, self.story]  # fmt: skip
        by_master: dict[int, list[Planned]] = {}
        for each in planned:
            by_master.setdefault(each.appointment.master_id, []).append(each)
        for place, master in enumerate(sorted(by_master)):
            visits = sorted(
                by_master[master],
                key=lambda each: (each.appointment.ends_at <= self.now, each.appointment.starts_at),
            )
            known = [each for each in visits if each.guest.last_on is not None]
            for back in [each for each in known if each.guest.client.pk in returning]:
                self.win_back(back)
                known.remove(back)
            for near in [each for each in known if self._may_have_birthday(each)][:1]:
                self.birthday(near)
                known.remove(near)
            for number, each in enumerate(known):
                # the first master's day shows everything, the others begin elsewhere in the row
                turns[(number + place * 2) % len(turns)](each)

    def _may_have_birthday(self, planned: Planned) -> bool:
        """Nothing is written yet, or it is near."""
        client = planned.guest.client
        if client.birth_month is None:
            return True
        days = [self.on + timedelta(days=number) for number in range(7)]
        return (client.birth_month, client.birth_day) in [(day.month, day.day) for day in days]

    def story(self, planned: Planned) -> None:
        self._note(planned, Kind.STORY, words.STORIES, ask_again_on=self.on)
        self._note(planned, Kind.FAMILY, words.FAMILY)
        self._note(planned, Kind.PREFERENCE, words.PREFERENCES)

    def health(self, planned: Planned) -> None:
        client = planned.guest.client
        if not HealthNote.objects.filter(client=client).exists():
            HealthNote.objects.create(
                client=client,
                branch=self.branch,
                text=self._tell(words.HEALTH),
                written_on=planned.guest.last_on,
                author=planned.appointment.master.user,
                author_name=planned.appointment.master.name,
            )
        self.formula(planned)

    def formula(self, planned: Planned) -> None:
        kind = self.kinds[planned.services[0].pk]
        self._note(planned, Kind.FORMULA, [words.FORMULAS[kind]], is_pinned=True)

    def merely_satisfied(self, planned: Planned) -> None:
        guest = planned.guest
        Feedback.objects.get_or_create(
            client=guest.client,
            visit_on=guest.last_on,
            defaults={
                "branch": self.branch,
                "score": self.rng.choice([7, 8]),
                "displeased": self._tell(words.DISPLEASED),
                "answered_at": self.now - timedelta(days=max(1, (self.on - guest.last_on).days - 1)),
            },
        )
        self.formula(planned)

    def birthday(self, planned: Planned) -> None:
        client = planned.guest.client
        if client.birth_month is None:
            day = self.on + timedelta(days=self.rng.choice([1, 2, 4]))
            client.birth_month, client.birth_day = day.month, min(day.day, 28)
            client.save(update_fields=["birth_month", "birth_day"])
        self._note(planned, Kind.GIFT, words.GIFTS)

    def open_complaint(self, planned: Planned) -> None:
        text, cause = self.rng.choice(words.COMPLAINTS)
        # a salon with more of them open would be no example
        if Complaint.objects.filter(branch=self.branch, resolved_at__isnull=True).count() >= OPEN_COMPLAINTS:
            self.story(planned)
            return
        open_complaint(
            client=planned.guest.client,
            branch=self.branch,
            text=tell(text, self.language),
            category=tell(cause, self.language),
            now=self.now - timedelta(hours=30),
            owner=planned.appointment.master.user,
            user=planned.appointment.master.user,
        )

    def gold_card(self, planned: Planned) -> None:
        client = planned.guest.client
        if card_of(client) is None:
            issue_card(client=client, now=self.now - timedelta(days=40), rules=loyalty_settings())
        self.story(planned)

    def never_mention(self, planned: Planned) -> None:
        self._note(planned, Kind.NEVER, words.NEVER)
        self._note(planned, Kind.COMPLAINT, [words.COMPLAINT_MEMORY])

    def preference(self, planned: Planned) -> None:
        self._note(planned, Kind.PREFERENCE, words.PREFERENCES)
        self._note(planned, Kind.GIFT, words.GIFTS)

    def win_back(self, planned: Planned) -> None:
        """She was missed, got her 50 %, and has booked with it."""
        appointment = planned.appointment
        if appointment.status not in (Status.BOOKED, Status.CONFIRMED, Status.ARRIVED):
            return
        voucher = win_back_voucher(planned.guest.client, self.branch, now=self.now - timedelta(days=6), on=self.on)
        try:
            reserve_voucher(voucher=voucher, appointment=appointment, now=self.now - timedelta(days=2))
        except VoucherRefused:
            # used or promised elsewhere: it stays as it is
            return

    def _note(self, planned: Planned, kind: str, texts: Sequence[Four], **fields: object) -> None:
        master, client = planned.appointment.master, planned.guest.client
        written = planned.guest.last_on or self.on
        Note.objects.get_or_create(
            client=client,
            kind=kind,
            text=self._tell(texts),
            defaults={
                "written_on": min(written, self.on),
                "author": master.user,
                "author_name": master.name,
                **fields,
            },
        )

    def _tell(self, texts: Sequence[Four]) -> str:
        return tell(self.rng.choice(texts), self.language)


def win_back_voucher(client: Client, branch: Branch, *, now: datetime, on: date) -> Voucher:
    """Half off the next session, as the journey gives it."""
    return issue_voucher(
        client=client,
        branch=branch,
        kind=Voucher.Kind.WIN_BACK,
        key=f"demo win_back {client.code} {on}",
        now=now,
        valid_from=on - timedelta(days=6),
        valid_until=on + timedelta(days=54),
        book_until=on + timedelta(days=24),
        percent=50,
        services_only=True,
    )


def kinds_of(services: Sequence[Service]) -> dict[int, str]:
    """Service -> lashes, brows, hair, nails, by the first letter of its code."""
    letters = {"L": "lashes", "B": "brows", "M": "brows", "H": "hair", "N": "nails"}
    return {service.pk: letters[service.code[0]] for service in services}
