"""The figures of each journey, each in its one place: rules.md's own, and how far the owner may move them.

`wait` is how long after what happened, or before what is to come, a message goes; `hour` the hour it goes at by
her clock; `lasts` until when it may still go. What has no figure here has its own place: the rhythm decides about
invitations, a service about its question, the rules of points and cards about what is soon lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from types import MappingProxyType

from reminders.messages.models import Kind

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of units, with the least and the most that it may be."""

    default: int
    least: int
    most: int
    unit: timedelta


@dataclass(frozen=True, slots=True)
class Row:
    """What a kind has figures for; where there is none the owner changes nothing."""

    wait: Figure | None = None
    hour: time | None = None
    lasts: Figure | None = None


# rules.md, Messages, When. The most of a wait lies before the least of what it lasts, so that something always goes.
ROWS: Mapping[str, Row] = MappingProxyType(
    {
        # both from the sale
        Kind.REASSURANCE: Row(Figure(2, 1, 12, HOURS), None, Figure(24, 13, 72, HOURS)),
        Kind.FEEDBACK: Row(Figure(1, 1, 14, DAYS), time(12), Figure(3, 1, 14, DAYS)),
        Kind.LASHES: Row(None, time(11), Figure(4, 1, 14, DAYS)),
        Kind.DUE_SOON: Row(None, time(11), Figure(10, 1, 30, DAYS)),
        Kind.WIN_BACK: Row(None, time(11), Figure(30, 1, 90, DAYS)),
        Kind.SECOND_WIN_BACK: Row(Figure(45, 14, 180, DAYS), time(11), Figure(30, 1, 90, DAYS)),
        # up to its hour of the birthday
        Kind.BIRTHDAY: Row(Figure(7, 0, 30, DAYS), time(10), None),
        # both before the start
        Kind.REMINDER_24H: Row(Figure(24, 12, 72, HOURS), None, Figure(3, 1, 10, HOURS)),
        Kind.REMINDER_2H: Row(Figure(2, 1, 6, HOURS), None, Figure(45, 15, 55, MINUTES)),
        Kind.POINTS_EXPIRING: Row(None, time(11), None),
        Kind.CARD_REVIEW: Row(None, time(11), None),
        Kind.THANKS: Row(Figure(1, 1, 14, DAYS), time(11), Figure(7, 1, 30, DAYS)),
        # the product says after how many days
        Kind.USED_UP: Row(None, time(12), Figure(14, 1, 60, DAYS)),
    }
)


@dataclass(frozen=True, slots=True)
class Terms:
    """A journey's figures as they hold; `way` is one of Journey.Way."""

    wait: timedelta = timedelta(0)
    # none: at once
    hour: time | None = None
    lasts: timedelta = timedelta(0)
    way: str = "hers"
    # one of Journey.Otherwise
    otherwise: str = "call"


def terms(
    kind: str,
    *,
    wait: int | None = None,
    hour: time | None = None,
    lasts: int | None = None,
    way: str,
    otherwise: str = "call",
) -> Terms:
    """The owner's figures where there are any, else those of rules.md; what a kind has no figure for is left alone."""
    row = ROWS.get(kind, Row())
    return Terms(
        wait=_length(row.wait, wait),
        hour=row.hour if hour is None or row.hour is None else hour,
        lasts=_length(row.lasts, lasts),
        way=way,
        otherwise=otherwise,
    )


def _length(figure: Figure | None, chosen: int | None) -> timedelta:
    if figure is None:
        return timedelta(0)
    return figure.unit * (figure.default if chosen is None else chosen)


AS_IN_THE_RULES: Mapping[str, Terms] = MappingProxyType({kind: terms(kind, way="hers") for kind in Kind.values})
