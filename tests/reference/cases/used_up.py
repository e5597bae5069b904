"""Cases worked by hand: used_up, and what goes by post.

Her oil was bought on 10 February 2026 and lasts 60 days: until 11 April, a Saturday at +02:00. Having bought things
only, she has her visit days as counting days: due_soon was on 7 March and over on the 17th, and she is lapsed on
27 April.
"""

from tests.reference.cases.case import case, client, complained, returned, visit
from tests.reference.cases.usual import CAME, care, due_soon, win_back

OIL = visit("2026-02-10", "OIL")
TO_LATE = "2026-04-05T00:00 2026-04-26T00:00"
WITHOUT_ADDRESSES = {"phone": "", "email": "", "marketing": ""}


def used_up(day, kind="used_up", time="12:00", channel="email"):
    return f"A {kind} marketing {channel} en 2026-04-{day:02}T{time}+02:00\n"


USED_UP = (
    case(
        "used_up_at_noon",
        "used_up: the product's *lasts* days after its sale, 12:00.",
        TO_LATE,
        used_up(11),
        visits=(OIL,),
    ),
    case(
        "used_up_last_moment",
        "used_up: not after 14 days later, the same hour, included.",
        "2026-04-25T12:00 2026-04-26T00:00",
        used_up(25),
        visits=(OIL,),
    ),
    case(
        "used_up_past_its_last_moment",
        "Past its *not after* it is dropped.",
        "2026-04-25T12:01 2026-04-27T00:00",
        visits=(OIL,),
    ),
    case(
        "used_up_bought_again",
        "used_up: not bought since. The second bottle lasts until 19 May; her invitation of 20 March + 25 comes later.",
        "2026-04-05T00:00 2026-04-14T00:00",
        visits=(OIL, visit("2026-03-20", "OIL")),
    ),
    case(
        "used_up_brought_back",
        "What she has brought back cannot be used up.",
        TO_LATE,
        visits=(OIL, returned("2026-02-12", "OIL")),
    ),
    case(
        "used_up_goes_with_the_invitation_of_that_day",
        "used_up: with the next marketing message. A cut on 17 March with a usual return of 30 invites 25 days later.",
        TO_LATE,
        used_up(11, "due_soon+used_up", "11:00"),
        visits=(OIL, visit("2026-03-17")),
    ),
    case(
        "used_up_of_two_things_in_one_message_after_the_cap",
        "Soap of 12 March and oil end on one day. The invitation of 12 March + 25 fills the week up to 13 April.",
        TO_LATE,
        used_up(6, "due_soon", "11:00") + used_up(13),
        visits=(OIL, visit("2026-03-12", "SOAP")),
        reading=True,
    ),
    case(
        "used_up_at_the_end_of_a_break",
        "What became due on the days of a break is planned on the day it ends: the invitation of 7 March too.",
        TO_LATE,
        used_up(15, "due_soon+used_up", "11:00"),
        clients=(client(status="break:2026-04-15"),),
        visits=(OIL,),
    ),
    case(
        "used_up_while_she_complains",
        "What became due during a complaint is dropped.",
        TO_LATE,
        visits=(OIL,),
        complaints=(complained("2026-04-01"),),
    ),
    case(
        "used_up_overdue_goes_with_the_next_care",
        "With the next care message, or 12:00: at 13:00 that hour is over, and the thanks of 14:30 come before the next.",
        "2026-04-11T13:00 2026-04-12T00:00",
        care("reassurance+used_up", "2026-04-11T14:30+02:00"),
        visits=(OIL, visit("2026-04-11", time="12:30")),
        reading=True,
    ),
    case(
        "used_up_goes_by_itself_where_care_may_not_carry_it",
        "An offer goes only by a channel consented to: her care comes by SMS, her offers by e-mail.",
        "2026-04-11T13:00 2026-04-13T00:00",
        care("reassurance", "2026-04-11T14:30+02:00", "sms")
        + "\n"
        + care("feedback", "2026-04-12T12:00+02:00", "sms")
        + "\n"
        + used_up(12),
        clients=(client(care="sms", marketing="email"),),
        visits=(OIL, visit("2026-04-11", time="12:30")),
    ),
)

BY_POST = (
    case(
        "post_carries_what_is_of_use_days_later",
        "P15, by choice a letter: she is missed by post.",
        "2026-04-26T00:00 2026-04-28T00:00",
        win_back("2026-04-27", "letter"),
        clients=(client(preferred_channel="letter", postal_address="Example Street 1"),),
        visits=CAME,
        reading=True,
    ),
    case(
        "post_is_too_slow_for_an_invitation",
        "The next channel carries what the post would bring too late.",
        "2026-03-05T00:00 2026-03-09T00:00",
        due_soon("2026-03-07"),
        clients=(client(preferred_channel="letter", postal_address="Example Street 1"),),
        visits=CAME,
        reading=True,
    ),
    case(
        "post_is_left_for_who_has_nothing_else",
        "P15, for clients without e-mail or SMS: no phone to call, so a letter.",
        "2026-04-26T00:00 2026-04-28T00:00",
        win_back("2026-04-27", "letter"),
        clients=(client(**WITHOUT_ADDRESSES, postal_address="Example Street 1"),),
        visits=CAME,
        reading=True,
    ),
)
