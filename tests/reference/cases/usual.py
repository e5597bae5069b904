"""The usual client, and the lines of what is expected.

In the cases of marketing she came once, on 10 February 2026, for a cut with a usual return of 30
days, in Sarajevo. So she is due_soon on 7 March (10 February + 25), late until silence
max(75, 60) = 75, and lapsed on 27 April (10 February + 76): by then the clocks have changed, and
11:00 is at +02:00.

In the cases of care she came on Sunday, 1 March 2026 (+01:00). With an hour a sale may reassure;
the feedback of it is due on the 2nd at 12:00 and may go until the 5th at 12:00.

In the cases of service she has never been there; her appointment is on Tuesday, 10 March 2026, at
14:00: its reminders go on the 9th at 14:00 and on the 10th at 12:00.
"""

from tests.reference.cases.case import told, visit

CAME = (visit("2026-02-10"),)
WON_BACK = (told("win_back", "2026-02-10", "2026-04-27T11:00"),)


def due_soon(day, channel="email"):
    return f"A due_soon marketing {channel} en {day}T11:00+01:00"


def win_back(day, channel="email"):
    return f"A win_back marketing {channel} en {day}T11:00+02:00"


def second(day, channel="email"):
    return f"A second_win_back marketing {channel} en {day}T11:00+02:00"


def birthday(moment):
    return f"A birthday marketing email en {moment}"


def care(kind, moment, channel="email", who="A"):
    return f"{who} {kind} care {channel} en {moment}"


def march(kind, day, time, channel="email", who="A"):
    return care(kind, f"2026-03-{day:02}T{time}+01:00", channel, who)


DAY = "2026-03-01"
SUNDAY = (visit(DAY),)
BEFORE = visit("2026-01-15")  # so long ago that nothing else is due of it
ASKED = told("feedback", "2026-02-01", "2026-02-02T12:00")  # 28 days before the 2nd of March


def service(kind, moment, channel="email", who="A", language="en"):
    return f"{who} {kind} service {channel} {language} {moment}\n"


def day_before(day, time, **given):
    return service("reminder_24h", f"2026-03-{day:02}T{time}+01:00", **given)


def hours_before(day, time, **given):
    return service("reminder_2h", f"2026-03-{day:02}T{time}+01:00", **given)
