"""When messages may reach a client by her own clock: the window of every day, narrowed by weekday and date.

rules.md, Messages, Quiet hours. Nothing here widens the window: what is narrowed twice is open where both leave it open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# how far ahead the next opening is looked for; who closes every day sends nothing
FARTHEST = 400
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
MIDNIGHT = time.max

Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """On these days messages rest from `begins` to `ends`, or go out only then (`is_only`). Days: both ends included."""

    weekday: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    begins: time = time.min
    ends: time = MIDNIGHT
    is_only: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it is about this day."""
        return (
            (self.weekday is None or day.weekday() == self.weekday)
            and (self.first_on is None or self.first_on <= day)
            and (self.last_on is None or day <= self.last_on)
        )

    def left_of(self, spans: Sequence[Span]) -> list[Span]:
        """What it leaves of these stretches of a day."""
        if self.is_only:
            pieces = [(max(opens, self.begins), min(closes, self.ends)) for opens, closes in spans]
        else:
            before = [(opens, min(closes, self.begins)) for opens, closes in spans]
            pieces = sorted(before + [(max(opens, self.ends), closes) for opens, closes in spans])
        return [(opens, closes) for opens, closes in pieces if opens < closes]


@dataclass(frozen=True, slots=True)
class Windows:
    """The salon's window of every day and what narrows it."""

    opens: time = time(9)
    closes: time = time(20)
    narrowed: tuple[Narrowing, ...] = ()

    def of(self, day: date) -> Sequence[Span]:
        """The open stretches of that day, in order; none on a closed one. Half-open."""
        spans: Sequence[Span] = ((self.opens, self.closes),)
        for narrowing in self.narrowed:
            if narrowing.holds_on(day):
                spans = narrowing.left_of(spans)
        return spans

    def is_open(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether a message may reach somebody at this instant by this clock."""
        local = at.astimezone(zone)
        return any(opens <= local.time() < closes for opens, closes in self.of(local.date()))

    def next_open(self, at: datetime, zone: ZoneInfo) -> datetime:
        """This instant, or the opening of the next window by this clock; NEVER where every day is closed."""
        if self.is_open(at, zone):
            return at
        local = at.astimezone(zone)
        for ahead in range(FARTHEST):
            day = local.date() + timedelta(days=ahead)
            for opens, _closes in self.of(day):
                if ahead or opens > local.time():
                    return datetime.combine(day, opens, zone).astimezone(UTC)
        return NEVER

    def at_hour(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """When a message with an hour goes, which is `at`: then, or at the next opening; never on a day without any.

        A message of a closed day waits for its hour of the next day, so for that day there is none.
        """
        return self.next_open(at, zone) if self.of(at.astimezone(zone).date()) else None
