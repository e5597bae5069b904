"""Business hours of a branch: the time at which somebody works there (rules.md, Feedback and complaints)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from crm.booking.local_time import computed_instant
from crm.team.models import Branch
from crm.team.selectors import branch_day, closed_days, hours_of, masters_of, zone

# of a branch that has not written down anybody's hours
USUAL = (time(9), time(20))
# looked through at a time, and in all: a branch closed for longer has nobody who could answer
DAYS, MOST_DAYS = 14, 70
Span = tuple[datetime, datetime]


def business_deadline(*, branch: Branch, since: datetime, needed: timedelta) -> datetime:
    """The instant by which so much business time has passed since then, UTC; as much elapsed time where there is none.

    Business time is when at least one master works: her hours on that date, else none on closed days, else those of
    her week. Three queries for two weeks.
    """
    first, left = branch_day(branch, since), needed
    for begin in range(0, MOST_DAYS, DAYS):
        days = [first + timedelta(days=begin + day) for day in range(DAYS)]
        found, left = after_open_time(since, left, open_spans(branch, days))
        if found is not None:
            return found
    return since + needed


def after_open_time(since: datetime, needed: timedelta, spans: Iterable[Span]) -> tuple[datetime | None, timedelta]:
    """When `needed` has passed within these half-open spans, which are in order; else None and how much is missing."""
    for opens, closes in spans:
        begin = max(opens, since)
        if closes - begin >= needed:
            return begin + needed, timedelta(0)
        needed -= max(closes - begin, timedelta(0))
    return None, needed


def open_spans(branch: Branch, days: list[date]) -> Iterator[Span]:
    """When the branch is open on these days, as instants, in order; overlapping hours are one span."""
    here = zone(branch)
    by_day = _hours_by_day(branch, days)
    for on in days:
        spans: list[Span] = []
        for starts, ends in sorted(by_day.get(on, ())):
            opens, closes = computed_instant(on, starts, here), computed_instant(on, ends, here)
            if spans and opens <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], closes))
            elif closes > opens:
                spans.append((opens, closes))
        yield from spans


def _hours_by_day(branch: Branch, days: list[date]) -> Mapping[date, list[tuple[time, time]]]:
    found: dict[date, list[tuple[time, time]]] = {}
    masters = list(masters_of(branch).prefetch_related("working_hours"))
    if any(master.working_hours.all() for master in masters):
        for (_master, on), hours in hours_of(branch=branch, masters=masters, days=days).items():
            found.setdefault(on, []).extend(hours)
        return found
    closed = closed_days(branch=branch, days=days)
    return {on: [USUAL] for on in days if on not in closed}
