"""Cases worked by hand: breaks, complaints, and who is moved, blocked or deceased."""

from tests.reference.cases.case import case, client, complained, visit
from tests.reference.cases.usual import CAME, WON_BACK, birthday, due_soon, second, win_back


def away(until):
    return (client(status=f"break:{until}"),)


BREAKS = (
    case(
        "break_replans_due_soon",
        "What became due on the break's days is planned on P.",
        "2026-03-05T00:00 2026-03-12T00:00",
        due_soon("2026-03-10"),
        clients=away("2026-03-10"),
        visits=CAME,
    ),
    case(
        "break_moves_the_last_moment",
        "Marketing planned anew at a break's end moves its *not after*: 10 March + 10.",
        "2026-03-20T11:00 2026-03-25T00:00",
        due_soon("2026-03-20"),
        clients=away("2026-03-10"),
        visits=CAME,
    ),
    case(
        "break_moved_last_moment_is_over",
        "And a minute later it is dropped.",
        "2026-03-20T11:01 2026-03-25T00:00",
        clients=away("2026-03-10"),
        visits=CAME,
    ),
    case(
        "break_past_late",
        "Who has come to be past late during a break is told she is missed, and is not invited as if due soon.",
        "2026-03-05T00:00 2026-05-13T00:00",
        win_back("2026-05-10"),
        clients=away("2026-05-10"),
        visits=CAME,
    ),
    case(
        "break_over_before_she_came",
        "A break that is imported began with the last counting day: one that had ended by then is none.",
        "2026-03-05T00:00 2026-03-09T00:00",
        due_soon("2026-03-07"),
        clients=away("2026-02-05"),
        visits=CAME,
    ),
    case(
        "break_over_before_it_was_due",
        "What becomes due on P itself is due then as ever.",
        "2026-03-05T00:00 2026-03-09T00:00",
        due_soon("2026-03-07"),
        clients=away("2026-03-07"),
        visits=CAME,
    ),
    case(
        "break_keeps_a_birthday_s_end",
        "A birthday's end stays: planned on 11 March for the 12th.",
        "2026-03-06T00:00 2026-03-14T00:00",
        birthday("2026-03-11T10:00+01:00"),
        clients=(client(birthday="--03-12", status="break:2026-03-11"),),
        visits=(visit("2026-03-01"),),
    ),
    case(
        "break_over_after_the_birthday",
        "Past the birthday nothing is left to say.",
        "2026-03-06T00:00 2026-03-16T00:00",
        clients=(client(birthday="--03-12", status="break:2026-03-13"),),
        visits=(visit("2026-03-01"),),
    ),
    case(
        "break_without_a_date",
        "Without a date a break lasts 90 days: 10 February + 90 is 11 May, and the win_back of its days goes then.",
        "2026-04-26T00:00 2026-05-13T00:00",
        win_back("2026-05-11"),
        clients=(client(status="break"),),
        visits=CAME,
        reading=True,
    ),
    case(
        "break_holds_the_second_win_back",
        "second_win_back of 11 June falls on a day of the break and is planned on P.",
        "2026-06-09T00:00 2026-06-22T00:00",
        second("2026-06-20"),
        clients=away("2026-06-20"),
        visits=CAME,
        messages=WON_BACK,
    ),
    case(
        "break_ends_on_the_last_late_day",
        "On P = 26 April silence is 75, not past late: she is invited, and the win_back of the 27th waits 7 days.",
        "2026-04-20T00:00 2026-05-10T00:00",
        "A due_soon marketing email en 2026-04-26T11:00+02:00\n" + win_back("2026-05-03"),
        clients=away("2026-04-26"),
        visits=CAME,
    ),
    case(
        "break_ends_on_the_first_lapsed_day",
        "On P = 27 April she is past late, and the win_back becomes due that day.",
        "2026-04-20T00:00 2026-05-10T00:00",
        win_back("2026-04-27"),
        clients=away("2026-04-27"),
        visits=CAME,
    ),
)

COMPLAINTS = (
    case(
        "complaint_open",
        "Paused by an open complaint: no marketing.",
        "2026-03-05T00:00 2026-03-20T00:00",
        visits=CAME,
        complaints=(complained("2026-03-01"),),
    ),
    case(
        "complaint_drops_what_became_due",
        "What became due during a complaint is dropped: 27 April lies within 14 days of the 22nd.",
        "2026-05-01T00:00 2026-05-26T00:00",
        visits=CAME,
        complaints=(complained("2026-04-20", "2026-04-22"),),
    ),
    case(
        "complaint_pause_ends",
        "Less than 14 days ago: on 13 April + 14 she is no longer paused, and the win_back becomes due that day.",
        "2026-04-26T00:00 2026-04-29T00:00",
        win_back("2026-04-27"),
        visits=CAME,
        complaints=(complained("2026-04-12", "2026-04-13"),),
    ),
    case(
        "complaint_pause_lasts",
        "Resolved on 14 April, the 27th is day 13: paused, and dropped.",
        "2026-04-26T00:00 2026-05-26T00:00",
        visits=CAME,
        complaints=(complained("2026-04-12", "2026-04-14"),),
    ),
    case(
        "complaint_makes_the_overdue_wait",
        "What became due before it waits: 29 April + 14 is 13 May. The thanks for a resolved complaint are its own.",
        "2026-05-01T00:00 2026-05-20T00:00",
        "A thanks care email en 2026-05-01T11:00+02:00\n" + win_back("2026-05-13"),
        visits=CAME,
        complaints=(complained("2026-04-28", "2026-04-29"),),
        reading=True,
    ),
    case(
        "complaint_opened_later",
        "Complaints dated after the start are left out.",
        "2026-03-05T00:00 2026-03-09T00:00",
        due_soon("2026-03-07"),
        visits=CAME,
        complaints=(complained("2026-03-06"),),
    ),
    *(
        case(
            f"paused_{status}",
            "Moved, blocked, deceased: no marketing.",
            "2026-03-05T00:00 2026-03-20T00:00",
            clients=(client(status=status, birthday="--03-20"),),
            visits=CAME,
        )
        for status in ("moved", "blocked", "deceased")
    ),
    case(
        "complaint_on_the_day_the_break_ends",
        "Planned on P, it becomes due in a complaint's pause, and is dropped.",
        "2026-05-09T12:00 2026-06-09T00:00",
        clients=away("2026-05-10"),
        visits=CAME,
        complaints=(complained("2026-04-28", "2026-05-01"),),
        reading=True,
    ),
    case(
        "complaint_within_a_break",
        "What became due during both is dropped.",
        "2026-05-09T00:00 2026-06-09T00:00",
        clients=away("2026-05-10"),
        visits=CAME,
        complaints=(complained("2026-04-20", "2026-04-22"),),
        reading=True,
    ),
)
