"""Half-open stretches of whole minutes since 1970: numbers are quicker to lay over each other than datetimes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Interval = tuple[int, int]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def minutes_of(instant: datetime, *, up: bool = False) -> int:
    seconds = int((instant - EPOCH).total_seconds())
    return -(-seconds // 60) if up else seconds // 60


def instant_of(minutes: int) -> datetime:
    return EPOCH + timedelta(minutes=minutes)


def offset_of(minutes: int, zone: ZoneInfo) -> int:
    offset = instant_of(minutes).astimezone(zone).utcoffset() or timedelta(0)
    return int(offset.total_seconds()) // 60


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted, with those that touch or overlap made one; empty ones are left out."""
    result: list[Interval] = []
    for start, end in sorted(interval for interval in intervals if interval[1] > interval[0]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def without(intervals: Sequence[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """Both sorted and joined; one walk over the two."""
    result: list[Interval] = []
    position = 0
    for start, end in intervals:
        while position < len(taken) and taken[position][1] <= start:
            position += 1
        at = position
        while at < len(taken) and taken[at][0] < end:
            if taken[at][0] > start:
                result.append((start, taken[at][0]))
            start = max(start, taken[at][1])
            at += 1
        if start < end:
            result.append((start, end))
    return result


def shared(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """Where both allow a start; bounds included, as these are starts and not stretches."""
    result: list[Interval] = []
    mine = theirs = 0
    while mine < len(one) and theirs < len(other):
        start, end = max(one[mine][0], other[theirs][0]), min(one[mine][1], other[theirs][1])
        if start <= end:
            result.append((start, end))
        if one[mine][1] < other[theirs][1]:
            mine += 1
        else:
            theirs += 1
    return result
