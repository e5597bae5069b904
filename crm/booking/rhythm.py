"""The rhythm of a client and the days on which her state changes (rules.md, Rhythm).

Pure functions of days; all days are branch days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# gaps looked at, and how many of them make a rhythm of her own
GAPS = 6
ENOUGH_GAPS = 3


@dataclass(frozen=True, slots=True)
class RhythmRules:
    """The owner's figures, in days."""

    default: int = 30
    shortest: int = 7
    longest: int = 180


@dataclass(frozen=True, slots=True)
class Break:
    """Away from `first` (none: since her last counting day) up to, not including, `until`."""

    first: date | None
    until: date


@dataclass(frozen=True, slots=True)
class Bounds:
    """Last day, itself included, of each state that silence passes through."""

    on_rhythm: date
    due: date
    late: date
    lapsed: date


def rhythm_of(counting_days: Sequence[date], usual_returns: Sequence[int], rules: RhythmRules) -> int | None:
    """Days between her visits; none without a counting day.

    `counting_days` ascending, at least the last seven of them; `usual_returns` of the
    services of the last one, where they have any.
    """
    if not counting_days:
        return None
    last = list(counting_days[-(GAPS + 1) :])
    gaps = sorted((after - before).days for before, after in zip(last, last[1:], strict=False))
    if len(gaps) >= ENOUGH_GAPS:
        middle = len(gaps) // 2
        # of an even count the mean of the middle two, rounded half up
        days = gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle] + 1) // 2
    else:
        days = min(usual_returns, default=rules.default)
    return max(rules.shortest, min(rules.longest, days))


def late_silence(rhythm: int) -> int:
    """The longest silence, in whole days, that is still late: max(2.5 x rhythm, rhythm + 30)."""
    return max(rhythm * 5 // 2, rhythm + 30)


def bounds(last: date, rhythm: int, away: Break | None = None) -> Bounds:
    """The last day of each state for a client whose last counting day was `last`.

    Only the end of lapsed leaves out the days of a break.
    """
    late = late_silence(rhythm)
    lapsed = last + timedelta(days=max(365, late + 180))
    if away is not None:
        first = max(away.first or last, last)
        if first <= lapsed:
            lapsed += max(away.until - first, timedelta(0))
    return Bounds(
        on_rhythm=last + timedelta(days=rhythm),
        due=last + timedelta(days=rhythm * 3 // 2),
        late=last + timedelta(days=late),
        lapsed=lapsed,
    )
