"""Cases worked by hand: reassurance, and its quiet hours."""

from tests.reference.cases.case import appointment, case, client, told, visit
from tests.reference.cases.usual import ASKED, BEFORE, DAY, SUNDAY, care, march


def branch_days(number, last_day=28):
    """So many client-days of 50 each before 1 March, all of Zoe, who is not to be written to."""
    days = [f"2026-0{month}-{day:02}" for month in (2, 1) for day in range(last_day, 0, -1)]
    return tuple(visit(day, who="Z") for day in days[:number])


ZOE = client("Z", status="blocked", marketing="")


REASSURANCE = (
    case(
        "reassurance_two_hours_after",
        "reassurance: a sale on her first visit day, 2 h after it.",
        "2026-03-01T10:00 2026-03-02T00:00",
        march("reassurance", 1, "12:00"),
        visits=(visit(DAY, time="10:00"),),
    ),
    case(
        "reassurance_sale_after_the_start",
        "Sales dated later than the start are left out.",
        "2026-03-01T09:59 2026-03-02T00:00",
        visits=(visit(DAY, time="10:00"),),
    ),
    case(
        "reassurance_without_an_hour",
        "A sale without an hour has none.",
        "2026-03-01T10:00 2026-03-02T12:00",
        visits=SUNDAY,
    ),
    case(
        "reassurance_of_an_appointment",
        "reassurance is for a sale: an appointment done without one has none.",
        "2026-03-01T10:00 2026-03-02T12:00",
        appointments=(appointment("2026-03-01T09:00", "done"),),
    ),
    case(
        "reassurance_first_such_sale_of_the_day",
        "The earliest such sale of the day, once for the day.",
        "2026-03-01T13:00 2026-03-02T00:00",
        march("reassurance", 1, "13:00"),
        visits=(visit(DAY, time="13:00"), visit(DAY, "BALM", time="11:00")),
    ),
    case(
        "reassurance_something_new",
        "With a service or product not sold to her on an earlier day.",
        "2026-03-01T10:00 2026-03-02T00:00",
        march("reassurance", 1, "12:00"),
        visits=(BEFORE, visit(DAY, "BALM", time="10:00")),
    ),
    case(
        "reassurance_nothing_new",
        "The same again, at the same price, reassures nobody.",
        "2026-03-01T10:00 2026-03-02T00:00",
        visits=(BEFORE, visit(DAY, time="10:00")),
    ),
    case(
        "reassurance_done_for_her_before",
        "Nor done for her on an earlier day: the cut of an appointment is not new either.",
        "2026-03-01T10:00 2026-03-02T00:00",
        visits=(visit(DAY, time="10:00"),),
        appointments=(appointment("2026-02-01T09:00", "done"),),
    ),
    case(
        "reassurance_new_to_the_day_only",
        "An earlier *day*: the second sale of the balm's first day is as new as the first.",
        "2026-03-01T15:00 2026-03-02T00:00",
        march("reassurance", 1, "15:00"),
        visits=(BEFORE, visit(DAY, time="10:00"), visit(DAY, "BALM", time="13:00"), visit(DAY, "BALM", time="14:00")),
    ),
    case(
        "reassurance_of_a_return",
        "A receipt of returns only is no sale.",
        "2026-03-01T10:00 2026-03-02T00:00",
        visits=(BEFORE, "A,M1,2026-03-01,BALM,-1,-20,10:00"),
    ),
    case(
        "reassurance_large_purchase",
        "Of at least 3 x the median client-day, 150 of 50, once there are 30 client-days.",
        "2026-03-01T10:00 2026-03-02T00:00",
        march("reassurance", 1, "12:00"),
        clients=(client(), ZOE),
        visits=(BEFORE, visit(DAY, time="10:00", amount="150"), *branch_days(29)),
    ),
    case(
        "reassurance_almost_large",
        "149.99 is less than 3 x 50.",
        "2026-03-01T10:00 2026-03-02T00:00",
        clients=(client(), ZOE),
        visits=(BEFORE, visit(DAY, time="10:00", amount="149.99"), *branch_days(29)),
    ),
    case(
        "reassurance_no_median_yet",
        "29 client-days make no median: hers of January and 28 of Zoe's.",
        "2026-03-01T10:00 2026-03-02T00:00",
        clients=(client(), ZOE),
        visits=(BEFORE, visit(DAY, time="10:00", amount="150"), *branch_days(28)),
    ),
    case(
        "reassurance_client_day_is_net",
        "A client-day is what was paid on it, net: with 20 of each of Zoe's 50 given back the median is 30.",
        "2026-03-01T10:00 2026-03-02T00:00",
        march("reassurance", 1, "12:00"),
        clients=(client(), ZOE),
        visits=(
            BEFORE,
            visit(DAY, time="10:00", amount="90"),
            *branch_days(29),
            *(row.replace("CUT,1,50", "BALM,-1,-20") for row in branch_days(29)),
        ),
    ),
    case(
        "reassurance_before_the_evening",
        "Quiet hours are half-open: 19:59 is still in 09:00-20:00.",
        "2026-03-01T17:59 2026-03-02T00:00",
        march("reassurance", 1, "19:59"),
        visits=(visit(DAY, time="17:59"),),
    ),
    case(
        "reassurance_in_the_evening",
        "20:00 is quiet: it waits until 09:00, and goes with the feedback of that day at 12:00.",
        "2026-03-01T18:00 2026-03-03T00:00",
        march("reassurance+feedback", 2, "12:00"),
        visits=(visit(DAY, time="18:00"),),
    ),
    case(
        "reassurance_in_the_evening_alone",
        "The next window opens at 09:00; feedback was asked 28 days ago, so nothing goes with it.",
        "2026-03-01T18:00 2026-03-03T00:00",
        march("reassurance", 2, "09:00"),
        visits=(BEFORE, visit(DAY, "BALM", time="18:00")),
        messages=(ASKED,),
    ),
    case(
        "reassurance_quiet_hours_are_hers",
        "Quiet at the client's: 15:15 in Sarajevo is 20:00 in Kathmandu, so it waits for her 09:00, 04:15 here.",
        "2026-03-01T13:15 2026-03-02T07:00",
        march("reassurance", 2, "04:15"),
        clients=(client(time_zone="Asia/Kathmandu"),),
        visits=(BEFORE, visit(DAY, "BALM", time="13:15")),
        messages=(ASKED,),
    ),
    case(
        "reassurance_overdue_goes_at_once",
        "Kinds without an hour that are overdue go at once.",
        "2026-03-01T15:30 2026-03-02T00:00",
        march("reassurance", 1, "15:30"),
        visits=(visit(DAY, time="10:00"),),
    ),
    case(
        "reassurance_last_moment_joins",
        "24 h after the sale, included: of 12:00 on the 1st it may go with the feedback at 12:00 on the 2nd.",
        "2026-03-02T00:00 2026-03-03T00:00",
        march("reassurance+feedback", 2, "12:00"),
        visits=(visit(DAY, time="12:00"),),
    ),
    case(
        "reassurance_last_moment_parts",
        "Merging, unless that is past the *not after* of one, which then goes by itself: 11:00 is before 12:00.",
        "2026-03-02T00:00 2026-03-03T00:00",
        march("reassurance", 2, "09:00") + "\n" + march("feedback", 2, "12:00"),
        visits=(visit(DAY, time="11:00"),),
    ),
    case(
        "reassurance_too_late",
        "A sale of 08:59 is 24 h old before the quiet hours end.",
        "2026-03-02T00:00 2026-03-03T00:00",
        march("feedback", 2, "12:00"),
        visits=(visit(DAY, time="08:59"),),
    ),
    case(
        "reassurance_hours_are_elapsed",
        "24 elapsed hours over the spring change: 11:00 on the 28th lasts until 12:00 on the 29th.",
        "2026-03-29T00:00 2026-03-30T00:00",
        care("reassurance+feedback", "2026-03-29T12:00+02:00"),
        visits=(visit("2026-03-28", time="11:00"),),
    ),
    case(
        "reassurance_hours_are_elapsed_in_autumn",
        "And over the autumn change 12:00 on the 24th lasts until 11:00 on the 25th: not for the feedback at 12:00.",
        "2026-10-25T00:00 2026-10-26T00:00",
        care("reassurance", "2026-10-25T09:00+01:00") + "\n" + care("feedback", "2026-10-25T12:00+01:00"),
        visits=(visit("2026-10-24", time="12:00"),),
    ),
    case(
        "reassurance_sent_once",
        "Its occasion is the visit day.",
        "2026-03-01T11:00 2026-03-02T00:00",
        visits=(visit(DAY, time="10:00"),),
        messages=(told("reassurance", DAY, "2026-03-01T11:00"),),
    ),
    case(
        "reassurance_client_day_of_a_year_ago",
        "Over the 365 days before that day: 1 March 2025 is the first of them, and makes thirty.",
        "2026-03-01T10:00 2026-03-02T00:00",
        march("reassurance", 1, "12:00"),
        clients=(client(), ZOE),
        visits=(BEFORE, visit(DAY, time="10:00", amount="150"), *branch_days(28), visit("2025-03-01", who="Z")),
    ),
    case(
        "reassurance_client_day_of_more_than_a_year_ago",
        "28 February 2025 is out.",
        "2026-03-01T10:00 2026-03-02T00:00",
        clients=(client(), ZOE),
        visits=(BEFORE, visit(DAY, time="10:00", amount="150"), *branch_days(28), visit("2025-02-28", who="Z")),
    ),
    case(
        "reassurance_anonymous_days_make_no_median",
        "What one *named* client paid on one day.",
        "2026-03-01T10:00 2026-03-02T00:00",
        visits=(
            BEFORE,
            visit(DAY, time="10:00", amount="150"),
            *(row.replace("Z,", ",", 1) for row in branch_days(29)),
        ),
    ),
    case(
        "reassurance_of_a_return_beside_a_sale",
        "What she brings back was sold to nobody on that receipt.",
        "2026-03-01T12:00 2026-03-02T00:00",
        visits=(BEFORE, visit(DAY, time="10:00"), "A,M1,2026-03-01,BALM,-1,-20,11:00"),
    ),
)
