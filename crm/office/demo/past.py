"""What two years leave behind: scores, answers, complaints, notes, cards, points, vouchers, consents."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db.models import Count

from crm.booking.models import Pulse
from crm.care.models import AfterAnswer, Call, Complaint, ComplaintEvent, Feedback
from crm.care.services import resolve_complaint
from crm.office.demo import SEED
from crm.office.demo import remembered as words
from crm.office.demo.dressing import win_back_voucher
from crm.office.demo.rows import Planned, Rows
from crm.office.demo.tongues import tell
from crm.people.models import Client, Note
from crm.sales.services import close_day
from crm.team.models import Branch, User
from crm.team.selectors import zone
from loyalty.cards.models import CardLevel
from loyalty.cards.services import issue_card
from loyalty.points.models import LedgerEntry, LoyaltySettings
from loyalty.points.services import grant_points
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services import issue_voucher
from reminders.consent.models import ConsentEvent, ContactPermission, MessageSettings

CLOSED_DAYS = 75
# by a usual ticket of 40: twelve and thirty-six of them in a year (rules.md, Money at the checkout)
LEVELS = (("simple", 5, 0), ("gold", 10, 480), ("vip", 20, 1_440))


def voices(rows: Rows, done: Sequence[Planned], *, today: date, now: datetime, language: str) -> None:
    """Scores from 0 to 10, one-tap answers and complaints of the visits that are over."""
    rng = Random(f"{SEED} voices")
    scores, answers, complaints = [], [], []
    seen: set[tuple[int, date]] = set()
    for planned in done:
        appointment, own = planned.appointment, planned.guest.client.language
        key = (appointment.client_id, appointment.on)
        if key in seen or (today - appointment.on).days < 2:
            continue
        seen.add(key)
        at = appointment.finished_at + timedelta(hours=rng.randint(20, 50))
        if rng.random() < 0.09:
            score = rng.choices([10, 9, 8, 7, 6, 5, 3], [34, 28, 16, 9, 6, 4, 3])[0]
            pleased = tell(rng.choice(words.PLEASED), own) if score >= 7 and rng.random() < 0.6 else ""
            displeased = tell(rng.choice(words.DISPLEASED), own) if score <= 8 else ""
            scores.append(
                Feedback(client_id=key[0], branch=rows.branch, visit_on=key[1], score=score, pleased=pleased,
                         displeased=displeased, answered_at=min(at, now))
            )  # fmt: skip
        asked = next((service for service in planned.services if service.ask_after_days), None)
        if asked and rng.random() < 0.05:
            answer = rng.choices(["good", "mend", "alarm"], [78, 18, 4])[0]
            answers.append(
                AfterAnswer(client_id=key[0], branch=rows.branch, visit_on=key[1], service=asked, answer=answer,
                            answered_at=min(at + timedelta(days=asked.ask_after_days), now))
            )  # fmt: skip
        if rng.random() < 0.004 and (today - appointment.on).days > 30:
            complaints.append((planned, at))
    Feedback.objects.bulk_create(scores)
    AfterAnswer.objects.bulk_create(answers)
    for planned, at in complaints:
        _solved_complaint(rows, planned, at, rng, language)


def _solved_complaint(rows: Rows, planned: Planned, at: datetime, rng: Random, language: str) -> None:
    text, cause = rng.choice(words.COMPLAINTS)
    solved = at + timedelta(hours=rng.choice([5, 20, 40, 90]))
    who = planned.appointment.master.user
    complaint = Complaint.objects.create(
        branch=rows.branch,
        client=planned.guest.client,
        opened_at=at,
        opened_on=at.astimezone(rows.zone).date(),
        text=tell(text, language),
        category=tell(cause, language),
        owner=who,
        resolved_at=solved,
        resolved_on=solved.astimezone(rows.zone).date(),
        outcome=rng.choice([Complaint.Outcome.SOLVED, Complaint.Outcome.SOLVED, Complaint.Outcome.YIELDED]),
        resolution=tell(words.SOLVED, language),
    )
    ComplaintEvent.objects.bulk_create(
        [
            ComplaintEvent(complaint=complaint, kind="opened", at=at, user=who, text=complaint.text),
            ComplaintEvent(complaint=complaint, kind="answered", at=at + timedelta(hours=1), user=who),
            ComplaintEvent(complaint=complaint, kind="resolved", at=solved, user=who, text=complaint.resolution),
        ]
    )


def solve_old_complaints(branch: Branch, *, now: datetime, language: str) -> None:
    """Those that nobody has touched for two days are solved by who looks after them."""
    old = (
        Complaint.objects.filter(branch=branch, resolved_at__isnull=True, opened_at__lt=now - timedelta(days=2))
        .annotate(told=Count("events"))
        .filter(told=1, owner__isnull=False)
        .select_related("owner", "branch", "client")
    )
    for complaint in old:
        resolve_complaint(
            complaint=complaint,
            outcome=Complaint.Outcome.SOLVED,
            resolution=tell(words.SOLVED, language),
            now=complaint.opened_at + timedelta(hours=22),
            user=complaint.owner,
        )


def memories(done: Sequence[Planned], *, language: str, kinds: dict[int, str]) -> None:
    """A formula for every third regular, and a story or a preference for some."""
    rng = Random(f"{SEED} memories")
    last: dict[int, Planned] = {planned.guest.client.pk: planned for planned in done}
    notes = []
    for planned in last.values():
        drawn = rng.random()
        texts = {
            Note.Kind.FORMULA: [words.FORMULAS[kinds[planned.services[0].pk]]] if drawn < 0.35 else [],
            Note.Kind.PREFERENCE: [rng.choice(words.PREFERENCES)] if 0.2 < drawn < 0.4 else [],
            Note.Kind.FAMILY: [rng.choice(words.FAMILY)] if 0.38 < drawn < 0.5 else [],
            Note.Kind.STORY: [rng.choice(words.STORIES)] if 0.45 < drawn < 0.6 else [],
        }
        master = planned.appointment.master
        notes += [
            Note(client=planned.guest.client, kind=kind, text=tell(text, language), written_on=planned.appointment.on,
                 author=master.user, author_name=master.name)
            for kind, chosen in texts.items()
            for text in chosen
        ]  # fmt: skip
    Note.objects.bulk_create(notes)


def consents(clients: Sequence[Client], *, now: datetime) -> None:
    """Three of four want offers by mail, some by SMS; one refused all care."""
    rng = Random(f"{SEED} consents")
    permissions, events = [], []
    for client in clients:
        by_mail = bool(client.email) and rng.random() < 0.75
        by_sms = rng.random() < 0.3
        refused = rng.random() < 0.01
        agreed_at = datetime.combine(client.since, time(12), tzinfo=now.tzinfo)
        permissions.append(
            ContactPermission(
                client=client,
                marketing_email=by_mail,
                marketing_email_at=agreed_at if by_mail else None,
                marketing_sms=by_sms,
                marketing_sms_at=agreed_at if by_sms else None,
                care_refused=refused,
            )
        )
        events += [
            ConsentEvent(client=client, purpose="marketing", channel=channel, is_given=True, where="desk",
                         at=agreed_at)
            for channel, given in (("email", by_mail), ("sms", by_sms))
            if given
        ]  # fmt: skip
    # the oldest are asked anew: on their own page and at the desk
    MessageSettings.objects.update_or_create(pk=1, defaults={"marketing_months": 24})
    ContactPermission.objects.bulk_create(permissions)
    ConsentEvent.objects.bulk_create(events)


def programme() -> LoyaltySettings:
    """The demo shows the whole programme: everything is on."""
    rules, _created = LoyaltySettings.objects.update_or_create(
        pk=1,
        defaults={
            # a point is a tenth: 50 for each 100 are the 5 % cashback; the rest by a usual ticket of 40
            "point_value": Decimal("0.10"), "points_per_100": Decimal(50),
            "rebooking_on": True, "rebooking_points": 10,
            "referral_on": True, "referrer_points": 40, "friend_points": 20,
            "gesture_on": True, "gesture_daily_points": 20, "birthday_on": True,
            "feedback_on": True, "feedback_points": 5, "birthday_points_on": True, "birthday_points": 50,
            "gifts_on": True, "extras_budget": Decimal(60),
        },
    )  # fmt: skip
    for code, percent, paid in LEVELS:
        CardLevel.objects.update_or_create(code=code, defaults={"percent": percent, "from_paid": Decimal(paid)})
    return rules


def benefits(branch: Branch, clients: Sequence[Client], *, rules: LoyaltySettings, today: date, now: datetime) -> None:
    """Cards for those who come often, points brought from before, vouchers of every kind."""
    rng = Random(f"{SEED} benefits")
    pulses = {pulse.pk: pulse for pulse in Pulse.objects.filter(client__in=clients)}
    regulars = [client for client in clients if pulses[client.pk].visit_days >= 5]
    rng.shuffle(regulars)
    for client in regulars[:45]:
        issue_card(client=client, now=now - timedelta(days=rng.randint(20, 300)), rules=rules)
    for client in regulars[45:48]:
        issue_card(client=client, now=now - timedelta(days=60), rules=rules, is_bearer=True)
    for client in regulars[:110]:
        visits = pulses[client.pk].visit_days
        grant_points(
            client=client,
            points=min(250, 7 * visits + rng.randint(0, 40)),
            kind=LedgerEntry.Kind.IMPORTED,
            source="demo",
            key=f"demo points {client.code}",
            now=now - timedelta(days=rng.choice([30, 60, 90, 150, 200, 280, 355])),
            rules=rules,
        )
    for client in regulars[110:114]:
        issue_voucher(
            client=client, branch=branch, kind=Voucher.Kind.AMENDS, key=f"demo amends {client.code}",
            now=now - timedelta(days=3), valid_from=today - timedelta(days=3), valid_until=today + timedelta(days=60),
            amount=Decimal(10),
        )  # fmt: skip
    lapsed = [client for client in clients if _is_lapsed(pulses[client.pk], today)]
    for client in lapsed[:6]:
        win_back_voucher(client, branch, now=now - timedelta(days=6), on=today)


def _is_lapsed(pulse: Pulse, today: date) -> bool:
    return pulse.late_until is not None and pulse.late_until < today <= pulse.lapsed_until and not pulse.next_starts_at


# days ago, the hour, what came of it
RUNG = (
    ((96, 17, "reached"), (64, 10, "no_answer"), (63, 18, "reached"), (31, 17, "booked")),
    ((40, 12, "no_answer"), (39, 16, "reached")),
)


def calls(branch: Branch, clients: Sequence[Client], *, receptionist: User, now: datetime, language: str) -> None:
    """Two calls to make today, and what came of earlier ones: one answers after work, one hardly ever."""
    without_mail = [client for client in clients if not client.email][:2]
    today = now.astimezone(zone(branch)).replace(minute=0, second=0, microsecond=0)
    rung = [(client, each) for client, times in zip(without_mail, RUNG, strict=False) for each in times]
    Call.objects.bulk_create(
        Call(
            branch=branch,
            client=client,
            kind="feedback",
            due_at=at,
            key=f"demo rung {client.code} {days}",
            created_at=at - timedelta(hours=5),
            done_at=at,
            done_by=receptionist,
            outcome=outcome,
        )
        for client, (days, hour, outcome) in rung
        for at in [(today - timedelta(days=days)).replace(hour=hour, minute=20)]
    )
    Call.objects.bulk_create(
        Call(
            branch=branch,
            client=client,
            kind="feedback",
            what_to_say=tell(
                ("Ask how she was pleased with her last visit, from 0 to 10, and what we could do better.",
                 "Спросите, довольна ли она последним визитом, от 0 до 10, и что можно улучшить.",
                 "Pitajte koliko je zadovoljna zadnjom posjetom, od 0 do 10, i šta možemo bolje.",
                 "اسأليها عن رضاها عن زيارتها الأخيرة من 0 إلى 10 وعما يمكننا تحسينه."),
                language,
            ),
            due_at=now + timedelta(hours=3),
            key=f"demo call {client.code}",
            created_at=now - timedelta(hours=2),
            assignee=receptionist,
        )
        for client in without_mail
    )  # fmt: skip


def statuses(clients: Sequence[Client], *, today: date) -> None:
    """A few are on a break, have moved away, or are not served any more."""
    away = [client for client in clients if client.code.endswith(("07", "63"))]
    for number, client in enumerate(away):
        client.status = [Client.Status.BREAK, Client.Status.MOVED, Client.Status.BREAK, Client.Status.BLOCKED][
            number % 4
        ]
        if client.status == Client.Status.BREAK:
            client.break_from, client.break_until = today - timedelta(days=20), today + timedelta(days=25 + number)
    Client.objects.bulk_update(away, ["status", "break_from", "break_until"])


def closed_days(branch: Branch, *, today: date, first: date, now: datetime) -> None:
    """The figures of the last weeks, frozen day by day as the clock would have done."""
    on = max(first, today - timedelta(days=CLOSED_DAYS))
    while on < today:
        close_day(branch=branch, on=on, now=now)
        on += timedelta(days=1)
