"""Which messages one client has coming, from when until when, and what each still asks (rules.md, Messages, When)."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from crm.booking.rhythm import late_silence
from reminders.journeys.facts import Booking, Said
from reminders.journeys.occasions import (
    MARKETING,
    Occasion,
    occasion_of_complaint,
    occasion_of_offer,
    occasion_of_start,
)
from reminders.journeys.posting import Posting, nothing
from reminders.journeys.shopping import Shopping
from reminders.messages.models import Kind

# what is said of a complaint is of use for so long
OF_USE = timedelta(days=3)


class Table(Shopping, Posting):
    """The rows of the table *When* for one client."""

    def occasions(self, since: date) -> Iterator[Occasion]:
        """All but the second win-back, which follows from a first one that went; birthdays of about `since`."""
        yield from self._after_a_visit()
        yield from self._rhythm()
        yield from self._birthdays(since)
        yield from self._reminders()
        yield from self._changes()
        yield from self._waiting()
        yield from self._expiring()
        yield from self._levels_lost()
        yield from self._thanks()
        yield from self._complaints()
        yield from self.shop()
        yield from self.posted()
        yield from self.seats()

    def _planned(
        self,
        kind: str,
        key: str,
        day: date,
        reason: str,
        asks: Callable[[date, datetime], str | None],
        *,
        ends: datetime | None = None,
        visit_on: date | None = None,
        heeds_pause: bool = True,
    ) -> Occasion:
        """A kind with an hour; marketing due on the days of a break is planned on the day it ends."""
        due_on, figures = day, self.rules.terms[kind]
        if kind in MARKETING:
            day = self.after_a_break(day)
        return Occasion(
            kind=kind,
            key=key,
            planned=self.local(day, figures.hour),
            planned_on=day,
            not_after=ends or self.local(day + figures.lasts, figures.hour),
            hour=figures.hour,
            reason=reason,
            asks=asks,
            visit_on=visit_on,
            due_on=due_on,
            heeds_pause=heeds_pause,
        )

    def _after_a_visit(self) -> Iterator[Occasion]:
        yield from self._reassurances()
        if not self.facts.days:
            return
        newest = self.facts.days[-1]
        earlier = self.facts.days[:-1]
        met = frozenset().union(*(day.masters for day in earlier)) if earlier else frozenset()
        is_new = "first_visit" if not earlier else "new_master" if newest.masters - met else ""
        yield self._planned(
            Kind.FEEDBACK,
            newest.on.isoformat(),
            newest.on + self.rules.terms[Kind.FEEDBACK].wait,
            is_new or "not_asked_lately",
            nothing if is_new else self._feedback_gap,
            visit_on=newest.on,
        )
        if newest.ask_after:
            yield self._planned(
                Kind.LASHES,
                newest.on.isoformat(),
                newest.on + timedelta(days=newest.ask_after),
                "ask_after",
                self._no_open,
                visit_on=newest.on,
            )

    def _reassurances(self) -> Iterator[Occasion]:
        seen: set[date] = set()
        figures = self.rules.terms[Kind.REASSURANCE]
        for receipt in sorted(self.facts.receipts, key=lambda receipt: receipt.at):
            if receipt.on in seen:
                continue
            reason = self._reassuring(receipt.on, receipt.things, receipt.total)
            if not reason:
                continue
            seen.add(receipt.on)
            planned = receipt.at + figures.wait
            yield Occasion(
                kind=Kind.REASSURANCE,
                key=receipt.on.isoformat(),
                planned=planned,
                planned_on=self.her_day(planned),
                not_after=receipt.at + figures.lasts,
                hour=None,
                reason=reason,
                asks=nothing,
                visit_on=receipt.on,
            )

    def _reassuring(self, on: date, things: frozenset[str], total: Decimal) -> str:
        earlier = [day for day in self.facts.days if day.on < on]
        if not earlier:
            return "first_visit"
        if things - frozenset().union(*(day.things for day in earlier)):
            return "first_time"
        usual = self.facts.usual_day.get(on)
        return "large_purchase" if usual is not None and total >= self.rules.large_factor * usual else ""

    def _feedback_gap(self, day: date, _at: datetime) -> str | None:
        gap = timedelta(days=self.rules.feedback_gap)
        asked = any(
            said.kind == Kind.FEEDBACK and said.on is not None and day - said.on < gap for said in self.facts.said
        )
        return "asked_lately" if asked else None

    def _no_open(self, _day: date, at: datetime) -> str | None:
        return "open_appointment" if self.has_open(at) else None

    def _rhythm(self) -> Iterator[Occasion]:
        if self.last is None or self.rhythm is None:
            return
        yield self._planned(
            Kind.DUE_SOON,
            self.last.isoformat(),
            self.last + timedelta(days=max(1, self.rhythm - self._invited_before())),
            "due",
            self._not_past_late,
            visit_on=self.last,
        )
        yield self._planned(
            Kind.WIN_BACK,
            self.last.isoformat(),
            self.last + timedelta(days=late_silence(self.rhythm) + 1),
            "lapsed",
            self._not_lost,
            visit_on=self.last,
        )

    def _invited_before(self) -> int:
        """Days before her rhythm; more where her master fills up earlier and the owner asks for it (practices.md, P57)."""
        earlier = min(self.rules.invite_earlier, self.facts.booked_ahead - self.rules.due_before)
        return self.rules.due_before + max(0, earlier)

    def second_win_back(self, first: Said) -> Occasion | None:
        """What follows a win-back that went out and brought nobody."""
        if first.on is None or self.last is None or self.last >= first.on:
            return None
        return self._planned(
            Kind.SECOND_WIN_BACK,
            self.last.isoformat(),
            first.on + self.rules.terms[Kind.SECOND_WIN_BACK].wait,
            "no_answer",
            self._not_lost,
            visit_on=self.last,
        )

    def _not_past_late(self, day: date, at: datetime) -> str | None:
        if self.has_open(at):
            return "open_appointment"
        return "past_late" if day > self.bounds.late else None

    def _not_lost(self, day: date, at: datetime) -> str | None:
        if self.has_open(at):
            return "open_appointment"
        return "lost" if day > self.bounds.lapsed else None

    def _not_lost_at_all(self, day: date, at: datetime) -> str | None:
        return "lost" if self.is_lost(day, at) else None

    def birthday_in(self, year: int) -> date:
        """29 February is kept on 28 February in other years."""
        month, day = self.facts.birthday
        try:
            return date(year, month, day)
        except ValueError:
            return date(year, 2, 28)

    def _birthdays(self, since: date) -> Iterator[Occasion]:
        if self.facts.birthday is None or self.last is None:
            return
        figures = self.rules.terms[Kind.BIRTHDAY]
        for year in range(since.year, since.year + 3):
            birthday = self.birthday_in(year)
            yield self._planned(
                Kind.BIRTHDAY,
                birthday.isoformat(),
                birthday - figures.wait,
                "birthday",
                self._not_lost_at_all,
                ends=self.local(birthday, figures.hour),
            )

    def _reminders(self) -> Iterator[Occasion]:
        earliest: dict[date, Booking] = {}
        for booking in self.facts.bookings:
            if booking.status in ("booked", "confirmed"):
                first = earliest.get(booking.on)
                if first is None or (booking.starts_at, booking.pk) < (first.starts_at, first.pk):
                    earliest[booking.on] = booking
        for booking in earliest.values():
            for kind in (Kind.REMINDER_24H, Kind.REMINDER_2H):
                figures = self.rules.terms[kind]
                if kind == Kind.REMINDER_2H and booking.status != "booked":
                    continue
                planned = self._out_of_the_night(booking.starts_at - figures.wait)
                if booking.booked_at is not None and planned < booking.booked_at:
                    continue
                yield Occasion(
                    kind=kind,
                    key=occasion_of_start(booking.starts_at),
                    planned=planned,
                    planned_on=self.her_day(planned),
                    not_after=booking.starts_at - figures.lasts,
                    hour=None,
                    reason="appointment",
                    asks=nothing,
                    appointment=booking.pk,
                    is_reminder=True,
                )

    def _out_of_the_night(self, at: datetime) -> datetime:
        """A moment in 21:00-08:00 at hers moves back to the 20:00 before it."""
        local = at.astimezone(self.facts.zone)
        if local.time() >= time(21):
            return self.local(local.date(), time(20))
        if local.time() < time(8):
            return self.local(local.date() - timedelta(days=1), time(20))
        return at

    def _changes(self) -> Iterator[Occasion]:
        for change in self.facts.changes:
            yield Occasion(
                kind=change.kind,
                key=f"{occasion_of_start(change.starts_at)}/{change.pk}",
                planned=change.ready_at,
                planned_on=self.her_day(change.ready_at),
                not_after=change.starts_at,
                hour=None,
                reason="appointment",
                asks=nothing if change.stands else _superseded,
                appointment=change.appointment,
                event=change.pk,
            )

    def _waiting(self) -> Iterator[Occasion]:
        """A freed time that is offered to her; and that it is gone, to who had been told of it."""
        for offer in self.facts.offers:
            key = occasion_of_offer(offer.starts_at, offer.pk)
            planned = offer.lost_at or offer.offered_at
            yield Occasion(
                kind=Kind.WAITING_TAKEN if offer.lost_at else Kind.WAITING_OFFER,
                key=key,
                planned=planned,
                planned_on=self.her_day(planned),
                not_after=offer.starts_at if offer.lost_at else offer.until,
                hour=None,
                reason="waiting",
                asks=self._was_offered(key) if offer.lost_at else nothing,
            )

    def _was_offered(self, key: str) -> Callable[[date, datetime], str | None]:
        def asks(_day: date, _at: datetime) -> str | None:
            told = any(
                (said.kind, said.occasion) == (Kind.WAITING_OFFER, key) and said.on is not None
                for said in self.facts.said
            )
            return None if told else "never_told"

        return asks

    def _expiring(self) -> Iterator[Occasion]:
        for expires_on, _points in self.facts.expiring:
            yield self._planned(
                Kind.POINTS_EXPIRING,
                expires_on.isoformat(),
                expires_on - timedelta(days=self.rules.points_notice),
                "expiring",
                nothing,
                # a lot expires as that day begins in the branch
                ends=datetime.combine(expires_on, time(0), self.facts.branch_zone).astimezone(UTC)
                - timedelta(seconds=1),
            )

    def _levels_lost(self) -> Iterator[Occasion]:
        for lost_on in self.facts.levels_lost:
            yield self._planned(
                Kind.CARD_REVIEW,
                lost_on.isoformat(),
                lost_on - timedelta(days=self.rules.card_notice),
                "level_lost",
                nothing,
                ends=self.local(lost_on, self.rules.terms[Kind.CARD_REVIEW].hour),
            )

    def _thanks(self) -> Iterator[Occasion]:
        """For a resolved complaint, the tenth visit day, and friends who came and paid; one a day."""
        # a complaint's own goes through its pause
        facts = [(resolved, "complaint_resolved", False) for _opened, resolved in self.facts.complaints if resolved]
        if len(self.facts.days) >= 10:
            facts.append((self.facts.days[9].on, "tenth_visit", True))
        facts += [(paid_on, "referral", True) for _friend, paid_on in self.facts.brought]
        told: set[date] = set()
        for day, reason, heeds_pause in facts:
            if day not in told:
                told.add(day)
                yield self._planned(
                    Kind.THANKS,
                    day.isoformat(),
                    day + self.rules.terms[Kind.THANKS].wait,
                    reason,
                    nothing,
                    heeds_pause=heeds_pause,
                )

    def _complaints(self) -> Iterator[Occasion]:
        """To who complained, at once, while it is so."""
        for heard in self.facts.heard:
            yield Occasion(
                kind=heard.kind,
                key=occasion_of_complaint(heard.complaint, heard.at),
                planned=heard.at,
                planned_on=self.her_day(heard.at),
                not_after=heard.at + OF_USE,
                hour=None,
                reason="complaint",
                asks=nothing if heard.stands else _superseded,
            )


def _superseded(_day: date, _at: datetime) -> str:
    return "superseded"
