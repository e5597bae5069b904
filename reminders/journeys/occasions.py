"""Which messages one client has coming, from when until when, and what each still asks (rules.md, Messages, When)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from crm.booking.rhythm import Bounds, bounds, late_silence, rhythm_of
from reminders.consent.models import Purpose
from reminders.journeys.facts import Booking, Day, Facts, Rules, Said
from reminders.messages.models import OWNERS_WORDS, Kind

# the order of the table, which decides ties
ORDER = {kind: place for place, kind in enumerate(Kind.values)}
# marketing due on the same moment: this one first
MARKETING_ORDER = {Kind.WIN_BACK: 0, Kind.SECOND_WIN_BACK: 1, Kind.DUE_SOON: 2}
MARKETING = {Kind.DUE_SOON, Kind.WIN_BACK, Kind.SECOND_WIN_BACK, Kind.BIRTHDAY, *OWNERS_WORDS}
CARE = {Kind.REASSURANCE, Kind.FEEDBACK, Kind.LASHES, Kind.THANKS}
WIN_BACKS = {Kind.WIN_BACK, Kind.SECOND_WIN_BACK}
# these know no quiet hours
AT_ONCE = {Kind.CONFIRMATION, Kind.CHANGE, Kind.CANCELLATION, Kind.MASTER_ILL, Kind.MASTER_LATE}
APPOINTMENT = {Kind.REMINDER_24H, Kind.REMINDER_2H, *AT_ONCE}

ELEVEN, NOON, TEN = time(11), time(12), time(10)
OPEN = ("booked", "confirmed", "arrived", "in_progress")
STAYS_OPEN = timedelta(days=7)
SECOND_AFTER = timedelta(days=45)


def purpose_of(kind: str) -> str:
    """Service, care or marketing (rules.md, Messages, Purposes)."""
    if kind in MARKETING:
        return Purpose.MARKETING
    return Purpose.CARE if kind in CARE else Purpose.SERVICE


def occasion_of_start(starts_at: datetime) -> str:
    """How an appointment's start is written as an occasion: in UTC, to the second."""
    return starts_at.astimezone(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Occasion:
    """One message that may go: from `planned` on, up to and including `not_after`."""

    kind: str
    key: str
    planned: datetime
    # on her calendar
    planned_on: date
    not_after: datetime
    # kinds with an hour wait for that hour of a day; the others go at once
    hour: time | None
    reason: str
    # what the kind's own row asks on a day and at an instant; the word for what fails, or nothing
    asks: Callable[[date, datetime], str | None]
    appointment: int | None = None
    event: int | None = None
    visit_on: date | None = None
    # a moment fixed by the start of an appointment, already moved out of the night
    is_reminder: bool = False
    # the day on which it fell due, before a break moved it
    due_on: date | None = None
    # a complaint's own goes through its pause
    heeds_pause: bool = True

    @property
    def purpose(self) -> str:
        return purpose_of(self.kind)


def nothing(_day: date, _at: datetime) -> None:
    """A row without conditions of its own."""


class Reading:
    """One client's facts, read by the rules."""

    def __init__(self, facts: Facts, rules: Rules) -> None:
        self.facts = facts
        self.rules = rules

    # Days ------------------------------------------------------------------

    @cached_property
    def counting(self) -> list[Day]:
        """Counting days (rules.md, Visits)."""
        if any(day.has_service for day in self.facts.days):
            return [day for day in self.facts.days if day.counts]
        return self.facts.days

    @cached_property
    def last(self) -> date | None:
        return self.counting[-1].on if self.counting else None

    @cached_property
    def rhythm(self) -> int | None:
        if not self.counting:
            return None
        return rhythm_of([day.on for day in self.counting], self.counting[-1].usual_returns, self.rules.rhythm)

    @cached_property
    def bounds(self) -> Bounds | None:
        if self.last is None or self.rhythm is None:
            return None
        return bounds(self.last, self.rhythm, self.facts.away)

    def local(self, day: date, hour: time) -> datetime:
        """That hour of that day on her calendar; where the clock skips it, forward by the gap."""
        return datetime.combine(day, hour, self.facts.zone).astimezone(UTC)

    def her_day(self, at: datetime) -> date:
        return at.astimezone(self.facts.zone).date()

    # What is asked at the moment of sending --------------------------------

    def has_open(self, at: datetime) -> bool:
        """An open appointment at this instant (rules.md, Visits)."""
        return any(booking.status in OPEN and at <= booking.starts_at + STAYS_OPEN for booking in self.facts.bookings)

    def is_lost(self, day: date, at: datetime) -> bool:
        return self.bounds is not None and day > self.bounds.lapsed and not self.has_open(at)

    def pause(self, day: date) -> str | None:
        """Why neither care nor marketing goes to her on that day, if so."""
        if self.facts.status in ("moved", "blocked", "deceased"):
            return self.facts.status
        if self.facts.away is not None and day < self.facts.away.until:
            return "break"
        return "complaint" if self.in_complaint(day) else None

    def in_complaint(self, day: date) -> bool:
        quiet = timedelta(days=self.rules.complaint_pause)
        return any(
            opened <= day and (resolved is None or day < resolved + quiet) for opened, resolved in self.facts.complaints
        )

    def channel(self, kind: str) -> str | None:
        """The way to her for this kind; `call` is the call list, nothing is no way (rules.md, Messages, Channel)."""
        contact, purpose = self.facts.contact, purpose_of(kind)
        if purpose == Purpose.CARE and contact.care_refused:
            return None
        allowed = {
            Purpose.SERVICE: contact.service,
            Purpose.CARE: contact.care,
            Purpose.MARKETING: contact.marketing,
        }[purpose]
        may_call = contact.phone and (not contact.care_refused or kind in APPOINTMENT)
        alive = {"email": contact.email, "sms": contact.sms, "call": may_call}
        living = {name for name, has in alive.items() if has and name in allowed}
        for name in (contact.preferred, "email", "sms"):
            if name in living:
                return name
        return "call" if may_call and (purpose != Purpose.MARKETING or kind in WIN_BACKS) else None

    # The rows of the table -------------------------------------------------

    def occasions(self, since: date) -> Iterator[Occasion]:
        """All but the second win-back, which follows from a first one that went; birthdays of about `since`."""
        yield from self._after_a_visit()
        yield from self._rhythm()
        yield from self._birthdays(since)
        yield from self._reminders()
        yield from self._changes()
        yield from self._expiring()
        yield from self._thanks()

    def _planned(
        self,
        kind: str,
        key: str,
        day: date,
        hour: time,
        reason: str,
        asks: Callable[[date, datetime], str | None],
        *,
        lasts: int = 0,
        ends: datetime | None = None,
        visit_on: date | None = None,
        heeds_pause: bool = True,
    ) -> Occasion:
        """A kind with an hour; marketing due on the days of a break is planned on the day it ends."""
        due_on, away = day, self.facts.away
        if kind in MARKETING and away is not None:
            first = away.first or self.last
            if first is not None and first <= day < away.until:
                day = away.until
        return Occasion(
            kind=kind,
            key=key,
            planned=self.local(day, hour),
            planned_on=day,
            not_after=ends or self.local(day + timedelta(days=lasts), hour),
            hour=hour,
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
            newest.on + timedelta(days=1),
            NOON,
            is_new or "not_asked_lately",
            nothing if is_new else self._feedback_gap,
            lasts=3,
            visit_on=newest.on,
        )
        if newest.ask_after:
            yield self._planned(
                Kind.LASHES,
                newest.on.isoformat(),
                newest.on + timedelta(days=newest.ask_after),
                ELEVEN,
                "ask_after",
                self._no_open,
                lasts=4,
                visit_on=newest.on,
            )

    def _reassurances(self) -> Iterator[Occasion]:
        seen: set[date] = set()
        for receipt in sorted(self.facts.receipts, key=lambda receipt: receipt.at):
            if receipt.on in seen:
                continue
            reason = self._reassuring(receipt.on, receipt.things, receipt.total)
            if not reason:
                continue
            seen.add(receipt.on)
            planned = receipt.at + timedelta(hours=2)
            yield Occasion(
                kind=Kind.REASSURANCE,
                key=receipt.on.isoformat(),
                planned=planned,
                planned_on=self.her_day(planned),
                not_after=receipt.at + timedelta(hours=24),
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
            self.last + timedelta(days=max(1, self.rhythm - self.rules.due_before)),
            ELEVEN,
            "due",
            self._not_past_late,
            lasts=10,
            visit_on=self.last,
        )
        yield self._planned(
            Kind.WIN_BACK,
            self.last.isoformat(),
            self.last + timedelta(days=late_silence(self.rhythm) + 1),
            ELEVEN,
            "lapsed",
            self._not_lost,
            lasts=30,
            visit_on=self.last,
        )

    def second_win_back(self, first: Said) -> Occasion | None:
        """What follows a win-back that went out and brought nobody."""
        if first.on is None or self.last is None or self.last >= first.on:
            return None
        return self._planned(
            Kind.SECOND_WIN_BACK,
            self.last.isoformat(),
            first.on + SECOND_AFTER,
            ELEVEN,
            "no_answer",
            self._not_lost,
            lasts=30,
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
        for year in range(since.year, since.year + 3):
            birthday = self.birthday_in(year)
            yield self._planned(
                Kind.BIRTHDAY,
                birthday.isoformat(),
                birthday - timedelta(days=7),
                TEN,
                "birthday",
                self._not_lost_at_all,
                ends=self.local(birthday, TEN),
            )

    def _reminders(self) -> Iterator[Occasion]:
        earliest: dict[date, Booking] = {}
        for booking in self.facts.bookings:
            if booking.status in ("booked", "confirmed"):
                first = earliest.get(booking.on)
                if first is None or (booking.starts_at, booking.pk) < (first.starts_at, first.pk):
                    earliest[booking.on] = booking
        for booking in earliest.values():
            for kind, before, end in (
                (Kind.REMINDER_24H, timedelta(hours=24), timedelta(hours=3)),
                (Kind.REMINDER_2H, timedelta(hours=2), timedelta(minutes=45)),
            ):
                if kind == Kind.REMINDER_2H and booking.status != "booked":
                    continue
                planned = self._out_of_the_night(booking.starts_at - before)
                if booking.booked_at is not None and planned < booking.booked_at:
                    continue
                yield Occasion(
                    kind=kind,
                    key=occasion_of_start(booking.starts_at),
                    planned=planned,
                    planned_on=self.her_day(planned),
                    not_after=booking.starts_at - end,
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

    def _expiring(self) -> Iterator[Occasion]:
        for expires_on, _points in self.facts.expiring:
            yield self._planned(
                Kind.POINTS_EXPIRING,
                expires_on.isoformat(),
                expires_on - timedelta(days=14),
                ELEVEN,
                "expiring",
                nothing,
                # a lot expires as that day begins in the branch
                ends=datetime.combine(expires_on, time(0), self.facts.branch_zone).astimezone(UTC)
                - timedelta(seconds=1),
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
                    day + timedelta(days=1),
                    ELEVEN,
                    reason,
                    nothing,
                    lasts=7,
                    heeds_pause=heeds_pause,
                )


def _superseded(_day: date, _at: datetime) -> str:
    return "superseded"
