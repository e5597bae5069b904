"""Cases worked by hand: lashes, thanks, and the merging of care."""

from tests.reference.cases.case import appointment, case, client, complained, told, visit
from tests.reference.cases.usual import DAY, SUNDAY, march

LASHED = (visit(DAY, "LASH"),)
LASHES = (
    case(
        "lashes_on_the_day_asked",
        "lashes: that day + the largest *ask after*, 11:00.",
        "2026-03-05T13:00 2026-03-11T00:00",
        march("lashes", 6, "11:00"),
        visits=LASHED,
    ),
    case(
        "lashes_last_moment",
        "lashes: not after 4 days later.",
        "2026-03-10T11:00 2026-03-12T00:00",
        march("lashes", 10, "11:00"),
        visits=LASHED,
    ),
    case(
        "lashes_past_its_last_moment",
        "A minute later it is dropped.",
        "2026-03-10T11:01 2026-03-13T00:00",
        visits=LASHED,
    ),
    case(
        "lashes_largest_of_the_day",
        "The largest *ask after* of the day's services: 10, not 5.",
        "2026-03-05T13:00 2026-03-13T00:00",
        march("lashes", 11, "11:00"),
        appointments=(appointment("2026-03-01T09:00", "done", services="LASH;GEL"),),
    ),
    case(
        "lashes_not_of_a_one_off",
        "Of its services that are not one-off: the bride's 3 days are not asked, the day cream's 1 is.",
        "2026-03-01T13:00 2026-03-06T00:00",
        march("lashes+feedback", 2, "12:00"),
        appointments=(appointment("2026-03-01T09:00", "done", services="BRIDE;DAY"),),
    ),
    case(
        "lashes_of_a_one_off_alone",
        "A one-off starts no lashes question.",
        "2026-03-03T13:00 2026-03-10T00:00",
        visits=(visit(DAY, "BRIDE"),),
        messages=(told("feedback", DAY, "2026-03-02T12:00"),),
    ),
    case(
        "lashes_not_asked_about",
        "Empty or 0: that service is not asked about.",
        "2026-03-01T13:00 2026-03-10T00:00",
        appointments=(appointment("2026-03-01T09:00", "done", services="NAIL;CUT"),),
        messages=(told("feedback", DAY, "2026-03-01T12:30"),),
    ),
    case(
        "lashes_of_the_newest_visit",
        "Her newest visit day, of any kind: the balm of the 4th has no lashes; it is asked about itself.",
        "2026-03-04T13:00 2026-03-12T00:00",
        march("feedback", 5, "12:00"),
        visits=(*LASHED, visit("2026-03-04", "BALM")),
    ),
    case(
        "lashes_open_appointment",
        "lashes: no open appointment.",
        "2026-03-05T13:00 2026-03-12T00:00",
        visits=LASHED,
        appointments=(appointment("2026-03-20T10:00"),),
    ),
    case(
        "lashes_without_consent",
        "Care needs no consent.",
        "2026-03-05T13:00 2026-03-11T00:00",
        march("lashes", 6, "11:00"),
        clients=(client(marketing=""),),
        visits=LASHED,
    ),
    case(
        "lashes_waits_out_a_break",
        "A break until the 10th: its last moment is 11:00 that day.",
        "2026-03-05T13:00 2026-03-12T00:00",
        march("lashes", 10, "11:00"),
        clients=(client(status="break:2026-03-10"),),
        visits=LASHED,
    ),
    case(
        "lashes_and_feedback_are_one",
        "Care that would go on the same day is one message at the latest of their times, in the order of the times.",
        "2026-03-01T13:00 2026-03-06T00:00",
        march("lashes+feedback", 2, "12:00"),
        visits=(visit(DAY, "DAY"),),
    ),
    case(
        "three_are_one",
        "Reassurance of 19:00 waits until 09:00, lashes 11:00, feedback 12:00.",
        "2026-03-01T19:00 2026-03-06T00:00",
        march("reassurance+lashes+feedback", 2, "12:00"),
        visits=(visit(DAY, "DAY", time="19:00"),),
    ),
    case(
        "merged_without_who_fails_at_its_own_time",
        "At 11:00 the appointment is still open, at 12:00 it is not: lashes goes the next day, by itself.",
        "2026-03-01T13:00 2026-03-06T00:00",
        march("feedback", 2, "12:00") + "\n" + march("lashes", 3, "11:00"),
        visits=(visit(DAY, "DAY"),),
        appointments=(appointment("2026-02-23T11:30", "arrived"),),
    ),
)

TEN = tuple(visit(f"2026-02-{day:02}") for day in (2, 5, 8, 11, 14, 17, 20, 23, 26))
THANKS = (
    case(
        "thanks_for_the_tenth_visit",
        "thanks: the tenth visit day, 11:00 next day; with the feedback of that visit it is one message.",
        "2026-03-01T13:00 2026-03-03T00:00",
        march("thanks+feedback", 2, "12:00"),
        visits=(*TEN, *SUNDAY),
    ),
    case(
        "no_thanks_for_the_ninth",
        "Nine visit days are not ten.",
        "2026-03-01T13:00 2026-03-03T00:00",
        march("feedback", 2, "12:00"),
        visits=(*TEN[1:], *SUNDAY),
    ),
    case(
        "thanks_last_moment",
        "thanks: not after 7 days later, 9 March.",
        "2026-03-09T11:00 2026-03-10T00:00",
        march("thanks", 9, "11:00"),
        clients=(client(marketing=""),),
        visits=(*TEN, *SUNDAY),
    ),
    case(
        "thanks_past_its_last_moment",
        "A minute later it is dropped.",
        "2026-03-09T11:01 2026-03-12T00:00",
        clients=(client(marketing=""),),
        visits=(*TEN, *SUNDAY),
    ),
    case(
        "thanks_for_a_complaint",
        "A resolved complaint; it is the complaint's own, so its pause does not hold it.",
        "2026-03-01T13:00 2026-03-08T00:00",
        march("thanks", 2, "11:00"),
        complaints=(complained("2026-02-27", "2026-03-01"),),
    ),
    case(
        "thanks_for_a_complaint_resolved_later",
        "What is dated after the start has not happened.",
        "2026-03-01T13:00 2026-03-08T00:00",
        complaints=(complained("2026-02-27", "2026-03-02"),),
    ),
    case(
        "thanks_for_a_referral",
        "A referral that paid: the one who brought is thanked the day after.",
        "2026-03-01T13:00 2026-03-05T00:00",
        march("thanks", 2, "11:00") + "\n" + march("feedback", 2, "12:00", who="B"),
        clients=(client(), client("B", referred_by="A")),
        visits=(visit(DAY, who="B"),),
    ),
    case(
        "thanks_for_a_visit_not_paid",
        "The friend's first *paid* visit.",
        "2026-03-01T13:00 2026-03-05T00:00",
        march("feedback", 2, "12:00", who="B"),
        clients=(client(), client("B", referred_by="A")),
        visits=(visit(DAY, who="B", amount="0"),),
    ),
    case(
        "thanks_held_for_a_shared_phone",
        "A shared phone is held for the owner.",
        "2026-03-01T13:00 2026-03-05T00:00",
        march("feedback", 2, "12:00", who="B"),
        clients=(client(phone="+38761100099"), client("B", referred_by="A", phone="+38761100099")),
        visits=(visit(DAY, who="B"),),
    ),
)
