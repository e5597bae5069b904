"""rules.md, *Quiet hours*: "The owner may narrow windows by weekday and date". Asked of every minute of a day.

A row of the owner is `weekday,first day,last day,rest or only,from,until`; Monday is 0, what is empty does not
matter. Readings chosen where the text leaves room:

* Narrowing never widens: 09:00-20:00 stays the longest window there is.
* A kind whose hour is swallowed waits for the next minute that is open on that day.
* On a day without an open minute nothing goes, and a kind with an hour waits for its hour of the next day: that is
  the "first day possible". Where the day is over before its hour, it waits for the next window like at night.
* Both days of a row are in it; its hours are half-open.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache


@dataclass(frozen=True)
class Row:
    weekday: str
    first: str
    last: str
    how: str
    start: int  # minutes after midnight
    end: int

    def is_about(self, day):
        if self.weekday and str(day.weekday()) != self.weekday:
            return False
        if self.first and day < date.fromisoformat(self.first):
            return False
        return not (self.last and day > date.fromisoformat(self.last))


def minutes(text, otherwise):
    if not text:
        return otherwise
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def read_row(text):
    weekday, first, last, how, start, end = text.split(",")
    return Row(weekday, first, last, how, minutes(start, 0), minutes(end, 24 * 60))


@cache
def open_minutes(rows, day):
    """The minutes of that day in which messages may go, in order."""
    found = []
    for minute in range(9 * 60, 20 * 60):
        allowed = True
        for row in rows:
            if row.is_about(day):
                inside = row.start <= minute < row.end
                allowed = allowed and (inside if row.how == "only" else not inside)
        if allowed:
            found.append(minute)
    return found
