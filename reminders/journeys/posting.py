"""What the owner has released to a client, and what a guest of an event is told (rules.md, When: holiday, event, news)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from reminders.journeys.facts import Seat
from reminders.journeys.occasions import Occasion, occasion_of_offer
from reminders.journeys.reading import Reading
from reminders.messages.models import Kind

# after its date it may still go for so long
LASTS = timedelta(days=3)
# a guest is reminded the day before, up to some hours before it begins
REMINDED_AT, NO_LATER = time(11), timedelta(hours=3)


def nothing(_day: date, _at: datetime) -> None:
    """A row without conditions of its own."""


def answered(_day: date, _at: datetime) -> str:
    """She has said already whether she comes."""
    return "answered"


class Posting(Reading):
    """The rows of the table that somebody has released."""

    def posted(self) -> Iterator[Occasion]:
        """News, an invitation, a greeting for a holiday that she named: on the owner's date at 11:00."""
        for posted in self.facts.posted:
            day = self.after_a_break(posted.on)
            last = self.local(day + LASTS, posted.hour)
            if posted.kind == Kind.HOLIDAY:
                # like a birthday's, a holiday's end stays where a break moves its day (docs/decisions.md)
                last = self.local(posted.on + LASTS, posted.hour)
            yield Occasion(
                kind=posted.kind,
                key=posted.occasion,
                planned=self.local(day, posted.hour),
                planned_on=day,
                not_after=posted.ends or last,
                hour=posted.hour,
                reason=posted.kind,
                asks=answered if posted.answered else nothing,
                language=posted.language,
                due_on=posted.on,
                control=posted.control,
            )

    def seats(self) -> Iterator[Occasion]:
        """To a guest of an event: that it is cancelled, that a seat became hers, and the day before."""
        for seat in self.facts.seats:
            if seat.cancelled_at is not None:
                yield self._told(Kind.EVENT_OFF, seat, seat.occasion, seat.cancelled_at)
            elif seat.coming:
                if seat.moved_up_at is not None:
                    key = occasion_of_offer(seat.moved_up_at, seat.campaign)
                    yield self._told(Kind.EVENT_PLACE, seat, key, seat.moved_up_at)
                yield from self._reminder(seat)

    def _reminder(self, seat: Seat) -> Iterator[Occasion]:
        day = seat.on - timedelta(days=1)
        planned = self.local(day, REMINDED_AT)
        # who has answered or got her seat since then knows
        if planned > max(seat.answered_at, seat.moved_up_at or seat.answered_at):
            yield Occasion(
                kind=Kind.EVENT_REMINDER,
                key=seat.occasion,
                planned=planned,
                planned_on=day,
                not_after=seat.starts_at - NO_LATER,
                hour=REMINDED_AT,
                reason="guest",
                asks=nothing,
            )

    def _told(self, kind: str, seat: Seat, key: str, at: datetime) -> Occasion:
        """At once, outside of quiet hours."""
        return Occasion(
            kind=kind,
            key=key,
            planned=at,
            planned_on=self.her_day(at),
            not_after=seat.starts_at,
            hour=None,
            reason="guest",
            asks=nothing,
        )
