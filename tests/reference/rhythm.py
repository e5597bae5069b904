"""rules.md, *Visits* and *Rhythm*, for one client on one day.

    python -m tests.reference.rhythm FOLDER TODAY

prints what ``report rhythm --today TODAY --json`` has to print.

Readings chosen where the text leaves room:

* A return is a line with a negative amount or quantity. It makes no visit, does nothing, and its
  master served nobody.
* One-off services "start no rhythm", so their *usual return* is not asked either, even where they
  share the day with a service that counts.
* A client whose only services were one-off has had a service: she has no counting day.
* A break without a date ends 90 days after it began, as if that day had been written. A break that
  began nowhere (no counting day) began with the newest visit day; without one it has no end.
* Where both hold, a status (break, moved, blocked, deceased) is named before a complaint: the order
  of contracts.md.
* ``today`` is over: now is the midnight that ends it, which itself belongs to the next day.
"""

import itertools
import json
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.salon import OPEN_STATUSES, instant, read_salon

WEEK = timedelta(days=7)
ENDLESS = date.max


@dataclass
class VisitDay:
    day: date
    services: set = field(default_factory=set)
    items: set = field(default_factory=set)  # services and products, done or sold
    masters: set = field(default_factory=set)


def visit_days(salon, code):
    """Her visit days, oldest first: done appointments and sales, days of returns only left out."""
    days = {}

    def of(day):
        return days.setdefault(day, VisitDay(day))

    for appointment in salon.appointments:
        if appointment.client == code and appointment.status == "done":
            visit = of(appointment.day)
            visit.services.update(appointment.services)
            visit.items.update(appointment.services)
            visit.masters.add(appointment.master)
    for line in salon.sales:
        if line.client == code and not line.is_return:
            visit = of(line.day)
            visit.items.add(line.item)
            visit.masters.add(line.master)
            if line.item in salon.services:
                visit.services.add(line.item)
    for visit in days.values():
        visit.masters.discard("")
    return [days[day] for day in sorted(days)]


def lasting(salon, services):
    """Those of the services that are not one-off."""
    return {code for code in services if not salon.services[code].one_off}


def counting_days(salon, visits):
    if not any(visit.services for visit in visits):
        return visits
    return [visit for visit in visits if lasting(salon, visit.services)]


def rhythm_of(salon, counting):
    """Days between visits, a whole number; None without a counting day."""
    if not counting:
        return None
    days = [visit.day for visit in counting]
    gaps = sorted((b - a).days for a, b in list(itertools.pairwise(days))[-6:])
    returns = [
        salon.services[code].usual_return_days
        for code in lasting(salon, counting[-1].services)
        if salon.services[code].usual_return_days
    ]
    if len(gaps) >= 3:
        middle = len(gaps) // 2
        if len(gaps) % 2:
            rhythm = gaps[middle]
        else:
            rhythm = (gaps[middle - 1] + gaps[middle] + 1) // 2  # the mean, half up
    elif returns:
        rhythm = min(returns)
    else:
        rhythm = 30
    return min(max(rhythm, 7), 180)


def end_of_late(rhythm):
    return max(Fraction(5, 2) * rhythm, Fraction(rhythm + 30))


def end_of_lapsed(rhythm):
    return max(Fraction(365), end_of_late(rhythm) + 180)


def is_open(appointment, now):
    return (
        appointment.status in OPEN_STATUSES
        and (appointment.booked_at is None or appointment.booked_at <= now)
        and now <= appointment.starts_at + WEEK
    )


def break_days(client, visits, counting):
    """The half-open days of her break (first, P), or None.

    An imported break began with the last counting day; one that ended by then is no break any more.
    """
    if client.status != "break":
        return None
    first = counting[-1].day if counting else visits[-1].day if visits else None
    end = client.break_until
    if end is None:
        end = first + timedelta(days=90) if first else ENDLESS
    if first is None:
        first = date.min
    return (first, end) if first < end else None


def complaint_pauses(salon, code):
    """The half-open days of pause of each of her complaints."""
    for complaint in salon.complaints:
        if complaint.client == code:
            resolved = complaint.resolved_on
            end = resolved + timedelta(days=14) if resolved else ENDLESS
            yield complaint.opened_on, end


def within(day, days):
    return days is not None and days[0] <= day < days[1]


def paused_on(client, day, rest, complaints):
    """Why nothing but appointment messages goes to her that day; None if she is not paused."""
    if client.status in ("moved", "blocked", "deceased"):
        return client.status
    if within(day, rest):
        return "break"
    if any(within(day, days) for days in complaints):
        return "complaint"
    return None


def state_on(day, *, last, rhythm, rest, has_open):
    """One of the six states, or None without a counting day."""
    if last is None:
        return None
    if has_open:
        return "booked"
    silence = (day - last).days
    if silence <= rhythm:
        return "on_rhythm"
    if silence <= Fraction(3, 2) * rhythm:
        return "due"
    if silence <= end_of_late(rhythm):
        return "late"
    # the break's days up to today are left out, for this bound only
    rested = max(0, (min(day, rest[1]) - max(last, rest[0])).days) if rest else 0
    if silence - rested <= end_of_lapsed(rhythm):
        return "lapsed"
    return "lost"


def rhythm_row(salon, client, today):
    visits = [visit for visit in visit_days(salon, client.code) if visit.day <= today]
    counting = counting_days(salon, visits)
    rest = break_days(client, visits, counting)
    complaints = [days for days in complaint_pauses(salon, client.code) if days[0] <= today]
    end_of_day = instant(today + timedelta(days=1), 0, 0, salon.zone)
    has_open = any(
        is_open(appointment, end_of_day)
        for appointment in salon.appointments
        if appointment.client == client.code and appointment.booked_at != end_of_day
    )
    rhythm = rhythm_of(salon, counting)
    last = counting[-1].day if counting else None
    return {
        "client": client.code,
        "visit_days": len(counting),
        "last_visit": last.isoformat() if last else None,
        "rhythm": rhythm,
        "silence": (today - last).days if last else None,
        "state": state_on(today, last=last, rhythm=rhythm, rest=rest, has_open=has_open),
        "paused": paused_on(client, today, rest, complaints),
    }


def report_rhythm(folder, today):
    """Rows of ``report rhythm --json``, one for each named client, by code."""
    salon = read_salon(folder)
    return [rhythm_row(salon, salon.clients[code], today) for code in sorted(salon.clients)]


def main(arguments):
    if len(arguments) != 2:
        print("usage: python -m tests.reference.rhythm FOLDER TODAY", file=sys.stderr)
        return 2
    json.dump(report_rhythm(arguments[0], date.fromisoformat(arguments[1])), sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
