"""One client's facts, read by the rules: her days, and what is asked at the moment of sending."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from crm.booking.rhythm import Bounds, bounds, rhythm_of
from reminders.consent.models import Purpose
from reminders.journeys.facts import Day, Facts, Rules
from reminders.journeys.occasions import APPOINTMENT, ON_PAPER, WIN_BACKS, purpose_of

# by the owner's choice for a journey, after what she prefers herself; only what she allows is ever used
WAYS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "hers": lambda hers: (hers, "email", "sms"),
    "email_first": lambda hers: ("email", hers, "sms"),
    "sms_first": lambda hers: ("sms", hers, "email"),
    "email_only": lambda _hers: ("email",),
    "sms_only": lambda _hers: ("sms",),
    "letter": lambda hers: (hers, "email", "sms"),
}
# by the owner's choice too, for whom none of these reaches: by hand, in this order
OTHERWISE = {"call": ("call", "letter"), "letter": ("letter", "call"), "nothing": ()}
OPEN = ("booked", "confirmed", "arrived", "in_progress")
STAYS_OPEN = timedelta(days=7)


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

    def after_a_break(self, day: date) -> date:
        """The day for which marketing due on this day is planned: on a day of a break, the day on which that ends."""
        away = self.facts.away
        first = (away.first or self.last) if away is not None else None
        return away.until if away is not None and first is not None and first <= day < away.until else day

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

    def channel(self, kind: str, at: datetime) -> str | None:
        """The way to her for this kind at an instant; `call` is the call list, nothing is no way (rules.md, Channel).

        Who likes letters on paper, or has nothing but a postal address, is written to where the post is quick enough.
        """
        contact, purpose, figures = self.facts.contact, purpose_of(kind), self.rules.terms[kind]
        allowed = self.allowed(purpose, at)
        if purpose == Purpose.CARE and (contact.care_refused or (self.rules.consents.care_first and not allowed)):
            return None
        may_call = contact.phone and (not contact.care_refused or kind in APPOINTMENT)
        on_paper = contact.letter and kind in ON_PAPER and (purpose == Purpose.SERVICE or not contact.care_refused)
        if on_paper and "letter" in (contact.preferred, figures.way):
            return "letter"
        alive = {"email": contact.email, "sms": contact.sms, "chat": contact.chat, "call": may_call}
        living = {name for name, has in alive.items() if has and name in allowed}
        for name in WAYS[figures.way](contact.preferred):
            if name in living:
                return name
        may_ring = may_call and (purpose != Purpose.MARKETING or kind in WIN_BACKS)
        by_hand = {"call": may_ring, "letter": on_paper}
        return next((name for name in OTHERWISE[figures.otherwise] if by_hand[name]), None)

    def allowed(self, purpose: str, at: datetime) -> frozenset[str]:
        """By what she may be written to for this purpose at an instant: what she has agreed to and what holds still."""
        said, since, consents = self._said(purpose), self.facts.contact.since, self.rules.consents
        if not consents.needs(purpose):
            return said
        return frozenset(name for name in said if consents.holds(purpose, since.get((purpose, name)), at))

    def has_ended(self, purpose: str, at: datetime) -> bool:
        """Whether she had said yes to some of it, and none of that holds any more."""
        is_dated = self.rules.consents.months(purpose) is not None
        return is_dated and bool(self._said(purpose)) and not self.allowed(purpose, at)

    def _said(self, purpose: str) -> frozenset[str]:
        contact = self.facts.contact
        if purpose == Purpose.SERVICE:
            return contact.service
        return contact.care if purpose == Purpose.CARE else contact.marketing
