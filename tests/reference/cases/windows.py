"""Cases worked by hand: windows narrowed by weekday and date.

7 March 2026, on which the usual client is due, is a Saturday (5); the 6th, a Friday, is 4.
"""

from tests.reference.cases.case import appointment, case, client, visit
from tests.reference.cases.usual import CAME, day_before, due_soon, march


def due_at(moment):
    return f"A due_soon marketing email en {moment}"


WINDOWS = (
    case(
        "window_swallows_eleven",
        "It waits for the next window: from 13:30 on of the same Saturday.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_at("2026-03-07T13:30+01:00"),
        visits=CAME,
        narrowed=("5,,,rest,10:45,13:30",),
    ),
    case(
        "window_of_another_weekday",
        "Friday prayer is on Fridays.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_soon("2026-03-07"),
        visits=CAME,
        narrowed=("4,,,rest,10:45,13:30",),
    ),
    case(
        "window_ends_at_eleven",
        "Hours are half-open: what rests until 11:00 goes at 11:00.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_soon("2026-03-07"),
        visits=CAME,
        narrowed=("5,,,rest,09:00,11:00",),
    ),
    case(
        "window_of_a_closed_day",
        "Kinds with an hour go at that hour of the first day possible: Sunday, 11:00.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_soon("2026-03-08"),
        visits=CAME,
        narrowed=("5,,,rest,,",),
        reading=True,
    ),
    case(
        "window_of_closed_dates",
        "By date, both days included: the first day possible is Tuesday.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_soon("2026-03-10"),
        visits=CAME,
        narrowed=(",2026-03-06,2026-03-09,rest,,",),
        reading=True,
    ),
    case(
        "window_over_before_its_hour",
        "After the last window of the day it waits for the next one, as at night: Sunday, 09:00.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_at("2026-03-08T09:00+01:00"),
        visits=CAME,
        narrowed=("5,,,only,09:00,10:30",),
        reading=True,
    ),
    case(
        "window_of_a_month_of_afternoons",
        "Messages only from 14:00 to 18:00 on the dates of Ramadan.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_at("2026-03-07T14:00+01:00"),
        visits=CAME,
        narrowed=(",2026-02-18,2026-03-19,only,14:00,18:00",),
    ),
    case(
        "window_of_the_weekday_within_dates",
        "A weekday with dates holds on these dates only.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_soon("2026-03-07"),
        visits=CAME,
        narrowed=("5,2026-03-08,2026-03-31,rest,,",),
    ),
    case(
        "window_narrowed_twice",
        "Open is what both leave open: 13:00.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_at("2026-03-07T13:00+01:00"),
        visits=CAME,
        narrowed=("5,,,rest,11:00,13:00", ",2026-03-01,2026-03-31,only,12:00,18:00"),
    ),
    case(
        "window_never_widens",
        "Only 06:00-23:00 leaves 09:00-20:00 as it is.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_soon("2026-03-07"),
        visits=CAME,
        narrowed=("5,,,only,06:00,23:00",),
    ),
    case(
        "window_opens_past_the_last_moment",
        "due_soon: not after 10 days later, 17 March 11:00; a window that opens at 11:01 is too late.",
        "2026-03-05T00:00 2026-03-30T00:00",
        visits=CAME,
        narrowed=(",2026-03-07,2026-03-16,rest,,", ",2026-03-17,2026-03-17,rest,09:00,11:01"),
    ),
    case(
        "window_opens_at_the_last_moment",
        "The last moment is included.",
        "2026-03-05T00:00 2026-03-30T00:00",
        due_soon("2026-03-17"),
        visits=CAME,
        narrowed=(",2026-03-07,2026-03-16,rest,,", ",2026-03-17,2026-03-17,rest,09:00,11:00"),
    ),
    case(
        "window_by_her_own_clock",
        "Quiet hours are the client's own: 12:00 in Dubai.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_at("2026-03-07T12:00+04:00"),
        clients=(client(time_zone="Asia/Dubai"),),
        visits=CAME,
        narrowed=("5,,,rest,10:00,12:00",),
    ),
    case(
        "window_holds_reassurance_until_it_opens",
        "The others go at once: planned for 12:00, at 14:00 when it opens. Feedback has its own day.",
        "2026-03-01T10:30 2026-03-03T00:00",
        march("reassurance", 1, "14:00") + "\n" + march("feedback", 2, "12:00"),
        visits=(visit("2026-03-01", time="10:00"),),
        narrowed=("6,,,rest,11:30,14:00",),
    ),
    case(
        "window_of_a_closed_sunday_for_reassurance",
        "Monday 09:00 is within its 24 hours, feedback's 12:00 is not: it goes by itself.",
        "2026-03-01T10:30 2026-03-03T00:00",
        march("reassurance", 2, "09:00") + "\n" + march("feedback", 2, "12:00"),
        visits=(visit("2026-03-01", time="10:00"),),
        narrowed=("6,,,rest,,",),
    ),
    case(
        "window_and_reminders",
        "Reminders know only the night.",
        "2026-03-09T00:00 2026-03-10T00:00",
        day_before(9, "14:00"),
        appointments=(appointment("2026-03-10T14:00", "confirmed"),),
        narrowed=("0,,,rest,,",),
    ),
)
