"""Cases worked by hand: the rows of ``report rhythm``, every state from both sides of its bound.

The usual client came once, on 1 January 2026, for a cut with a usual return of 30 days: on_rhythm
up to silence 30 (31 January), due up to 45 (15 February), late up to max(75, 60) = 75 (17 March),
lapsed up to max(365, 75 + 180) = 365 (1 January 2027), then lost.
"""

from dataclasses import dataclass
from datetime import date

from tests.reference.cases.case import appointment, case, client, complained, returned, visit

CAME = (visit("2026-01-01"),)


@dataclass(frozen=True)
class RhythmCase:
    name: str
    rule: str  # the sentence of rules.md it holds
    case: object  # its files; write(folder)
    today: date
    expected: tuple  # visit_days, last_visit, rhythm, silence, state, paused of client A


def on(name, rule, today, *expected, **files):
    files.setdefault("visits", CAME)
    return RhythmCase(name, rule, case(name, rule, f"{today}T00:00 {today}T00:01", **files), today_of(today), expected)


def today_of(text):
    return date.fromisoformat(text)


def once(silence, state, paused=None, rhythm=30):
    return 1, "2026-01-01", rhythm, silence, state, paused


def away(until=""):
    return (client(status=f"break:{until}" if until else "break"),)


def came_on(*days, item="CUT"):
    return tuple(visit(day, item) for day in days)


NEVER = (0, None, None, None, None, None)

STATES = (
    on("never_came", "No counting day: none, rhythm and silence none too.", "2026-01-31", *NEVER, visits=()),
    on("came_today", "Silence 0 on the day itself.", "2026-01-01", *once(0, "on_rhythm")),
    on("came_later", "Later visits are left out.", "2025-12-31", *NEVER),
    on("on_rhythm_to_the_last", "Silence up to rhythm, included.", "2026-01-31", *once(30, "on_rhythm")),
    on("due_from_the_next", "Past rhythm: due.", "2026-02-01", *once(31, "due")),
    on("due_to_the_last", "Up to 1.5 x rhythm: 45.", "2026-02-15", *once(45, "due")),
    on("late_from_the_next", "Past it: late.", "2026-02-16", *once(46, "late")),
    on("late_to_the_last", "Up to max(2.5 x rhythm, rhythm + 30): 75.", "2026-03-17", *once(75, "late")),
    on("lapsed_from_the_next", "Past it: lapsed.", "2026-03-18", *once(76, "lapsed")),
    on("lapsed_to_the_last", "Up to max(365, 75 + 180): 365.", "2027-01-01", *once(365, "lapsed")),
    on("lost_from_the_next", "Then lost.", "2027-01-02", *once(366, "lost")),
    on(
        "due_of_an_odd_rhythm",
        "1.5 x 21 = 31.5: 31 is due, as 32 is late.",
        "2026-02-01",
        *once(31, "due", rhythm=21),
        visits=(visit("2026-01-01", "LASH"),),
    ),
    on(
        "late_of_an_odd_rhythm",
        "32 is past 31.5.",
        "2026-02-02",
        *once(32, "late", rhythm=21),
        visits=(visit("2026-01-01", "LASH"),),
    ),
    on(
        "late_of_a_short_rhythm",
        "max(2.5 x 14, 14 + 30) = 44.",
        "2026-02-14",
        *once(44, "late", rhythm=14),
        visits=(visit("2026-01-01", "BROW"),),
    ),
    on(
        "lapsed_of_a_long_rhythm",
        "Rhythm 180 (clamped): late to 450, lapsed to 630; silence 451.",
        "2026-03-28",
        4,
        "2025-01-01",
        180,
        451,
        "lapsed",
        None,
        visits=came_on("2022-01-01", "2023-01-01", "2024-01-01", "2025-01-01"),
    ),
    on(
        "lapsed_of_a_long_rhythm_to_the_last",
        "Up to max(365, 450 + 180) = 630.",
        "2026-09-23",
        4,
        "2025-01-01",
        180,
        630,
        "lapsed",
        None,
        visits=came_on("2022-01-01", "2023-01-01", "2024-01-01", "2025-01-01"),
    ),
    on(
        "lost_of_a_long_rhythm",
        "631 is past it.",
        "2026-09-24",
        4,
        "2025-01-01",
        180,
        631,
        "lost",
        None,
        visits=came_on("2022-01-01", "2023-01-01", "2024-01-01", "2025-01-01"),
    ),
    on(
        "booked_when_lost",
        "An open appointment comes before silence.",
        "2027-01-02",
        *once(366, "booked"),
        appointments=(appointment("2027-01-10T10:00"),),
    ),
    on(
        "booked_and_never_came",
        "No counting day comes before an open appointment.",
        "2026-01-31",
        *NEVER,
        visits=(),
        appointments=(appointment("2026-02-10T10:00"),),
    ),
    on(
        "booked_after_that_day",
        "An appointment exists from the moment it was booked.",
        "2026-01-31",
        *once(30, "on_rhythm"),
        appointments=(appointment("2026-02-10T10:00", booked_at="2026-02-01T00:00"),),
    ),
    on(
        "booked_at_the_end_of_that_day",
        "Now is the end of that day.",
        "2026-01-31",
        *once(30, "booked"),
        appointments=(appointment("2026-02-10T10:00", booked_at="2026-01-31T23:59"),),
    ),
    on(
        "booked_until_the_week_is_over",
        "Open while now <= start + 7 x 24 h: the day ends at the very moment.",
        "2026-01-31",
        *once(30, "booked"),
        appointments=(appointment("2026-01-25T00:00"),),
    ),
    on(
        "nobody_closed_it",
        "A minute earlier it is open no more when the day ends.",
        "2026-01-31",
        *once(30, "on_rhythm"),
        appointments=(appointment("2026-01-24T23:59"),),
    ),
)

COUNTING = (
    on(
        "an_appointment_and_its_sale",
        "A day is one visit day, whatever shows it.",
        "2026-01-11",
        *once(10, "on_rhythm"),
        appointments=(appointment("2026-01-01T10:00", "done"),),
    ),
    on(
        "the_branch_s_day",
        "The branch's zone decides the day: 23:30 UTC of the 31st is the 1st in Sarajevo.",
        "2026-01-11",
        *once(10, "on_rhythm"),
        visits=(),
        appointments=(appointment("2025-12-31T23:30+00:00", "done"),),
    ),
    on(
        "a_no_show_is_no_visit",
        "Only a done appointment is a visit.",
        "2026-01-11",
        *NEVER,
        visits=(),
        appointments=(appointment("2026-01-01T10:00", "no_show"),),
    ),
    on(
        "returns_are_no_visit",
        "A day with returns only is none.",
        "2026-01-11",
        *NEVER,
        visits=(returned("2026-01-01"),),
    ),
    on(
        "a_return_beside_a_sale",
        "A day with a sale and a return is one.",
        "2026-01-11",
        *once(10, "on_rhythm"),
        visits=(*CAME, returned("2026-01-01")),
    ),
    on(
        "products_only",
        "Who never had any service: her visit days.",
        "2026-01-11",
        2,
        "2026-01-05",
        30,
        6,
        "on_rhythm",
        None,
        visits=came_on("2026-01-01", "2026-01-05", item="BALM"),
    ),
    on(
        "products_after_a_service",
        "The visit days with at least one service.",
        "2026-01-11",
        *once(10, "on_rhythm"),
        visits=(*CAME, visit("2026-01-05", "BALM")),
    ),
    on(
        "one_off_only",
        "She had a service, none that counts: no counting day.",
        "2026-01-11",
        *NEVER,
        visits=(visit("2026-01-01", "BRIDE"), visit("2026-01-05", "BALM")),
    ),
    on(
        "one_off_beside_a_service",
        "At least one service that is not one-off; the bride's usual return of 10 starts no rhythm.",
        "2026-01-11",
        *once(10, "on_rhythm"),
        visits=(),
        appointments=(appointment("2026-01-01T10:00", "done", services="BRIDE;CUT"),),
    ),
    on(
        "three_gaps",
        "The median, if there are at least 3 gaps: 20 of 10, 20, 40.",
        "2026-03-12",
        4,
        "2026-03-12",
        20,
        0,
        "on_rhythm",
        None,
        visits=came_on("2026-01-01", "2026-01-11", "2026-01-31", "2026-03-12"),
    ),
    on(
        "visits_of_later_days_make_no_gap",
        "Today in the past: three visits so far are two gaps, so the usual return.",
        "2026-02-01",
        3,
        "2026-01-31",
        30,
        1,
        "on_rhythm",
        None,
        visits=came_on("2026-01-01", "2026-01-11", "2026-01-31", "2026-03-12"),
    ),
)

PAUSED = (
    on("moved", "Moved away.", "2026-01-11", *once(10, "on_rhythm", "moved"), clients=(client(status="moved"),)),
    on(
        "blocked",
        "Blocked.",
        "2026-01-11",
        *once(10, "on_rhythm", "blocked"),
        clients=(client(status="blocked"),),
    ),
    on(
        "deceased",
        "Deceased.",
        "2026-01-11",
        *once(10, "on_rhythm", "deceased"),
        clients=(client(status="deceased"),),
    ),
    on(
        "paused_by_a_break",
        "On a break until a date: paused on days before it.",
        "2026-01-19",
        *once(18, "on_rhythm", "break"),
        clients=away("2026-01-20"),
    ),
    on("break_over", "Not on the date itself.", "2026-01-20", *once(19, "on_rhythm"), clients=away("2026-01-20")),
    on(
        "break_without_a_date_lasts",
        "Without a date: 90 days, to 31 March.",
        "2026-03-31",
        *once(89, "lapsed", "break"),
        clients=away(),
    ),
    on("break_without_a_date_ends", "1 January + 90 is 1 April.", "2026-04-01", *once(90, "lapsed"), clients=away()),
    on(
        "lost_bound_without_the_break",
        "The 19 days of the break are left out of this bound: 384 - 19 = 365.",
        "2027-01-20",
        *once(384, "lapsed"),
        clients=away("2026-01-20"),
    ),
    on(
        "lost_past_the_break",
        "And 385 - 19 = 366.",
        "2027-01-21",
        *once(385, "lost"),
        clients=away("2026-01-20"),
    ),
    on(
        "late_counts_the_break",
        "For this bound only: she is lapsed at 76 days as anybody.",
        "2026-03-18",
        *once(76, "lapsed"),
        clients=away("2026-03-01"),
    ),
    on(
        "paused_by_an_open_complaint",
        "A complaint open.",
        "2026-01-11",
        *once(10, "on_rhythm", "complaint"),
        complaints=(complained("2026-01-11"),),
    ),
    on(
        "complaint_not_yet_opened",
        "Not before it was opened.",
        "2026-01-10",
        *once(9, "on_rhythm"),
        complaints=(complained("2026-01-11"),),
    ),
    on(
        "complaint_resolved_thirteen_days_ago",
        "Or resolved less than 14 days ago.",
        "2026-01-18",
        *once(17, "on_rhythm", "complaint"),
        complaints=(complained("2026-01-04", "2026-01-05"),),
    ),
    on(
        "complaint_resolved_fourteen_days_ago",
        "14 is not less than 14.",
        "2026-01-19",
        *once(18, "on_rhythm"),
        complaints=(complained("2026-01-04", "2026-01-05"),),
    ),
    on(
        "complaint_of_one_who_never_came",
        "Paused without a state.",
        "2026-01-11",
        *NEVER[:5],
        "complaint",
        visits=(),
        complaints=(complained("2026-01-11"),),
    ),
)

RHYTHM_CASES = (*STATES, *COUNTING, *PAUSED)
