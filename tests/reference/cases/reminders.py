"""Cases worked by hand: reminders, the channels of service, the order of the list."""

from tests.reference.cases.case import appointment, case, client, told, visit
from tests.reference.cases.usual import day_before, hours_before, service

AT_TWO = (appointment("2026-03-10T14:00"),)
BOTH = day_before(9, "14:00") + hours_before(10, "12:00")
WEEK = "2026-03-07T00:00 2026-03-13T00:00"

REMINDERS = (
    case(
        "reminders_of_a_booked_appointment",
        "reminder_24h, reminder_2h: that long before the start.",
        WEEK,
        BOTH,
        appointments=AT_TWO,
    ),
    case(
        "reminders_of_a_confirmed_appointment",
        "reminder_2h: not once confirmed.",
        WEEK,
        day_before(9, "14:00"),
        appointments=(appointment("2026-03-10T14:00", "confirmed"),),
    ),
    *(
        case(
            f"no_reminders_when_{status}",
            "Reminders are of an appointment that is booked or confirmed.",
            WEEK,
            appointments=(appointment("2026-03-10T14:00", status),),
        )
        for status in ("arrived", "in_progress", "cancelled", "no_show")
    ),
    case(
        "reminder_of_20_59",
        "A moment in 21:00-08:00 moves back: 20:59 stays.",
        WEEK,
        day_before(9, "20:59") + hours_before(10, "18:59"),
        appointments=(appointment("2026-03-10T20:59"),),
    ),
    case(
        "reminder_of_21_00",
        "21:00 moves back to the 20:00 before it.",
        WEEK,
        day_before(9, "20:00") + hours_before(10, "19:00"),
        appointments=(appointment("2026-03-10T21:00"),),
    ),
    case(
        "reminder_of_08_00",
        "08:00 is no longer in 21:00-08:00; 06:00 moves back to the evening before.",
        WEEK,
        day_before(9, "08:00") + hours_before(9, "20:00"),
        appointments=(appointment("2026-03-10T08:00"),),
    ),
    case(
        "reminder_of_07_59",
        "07:59 of the 9th moves back to 20:00 of the 8th.",
        WEEK,
        day_before(8, "20:00") + hours_before(9, "20:00"),
        appointments=(appointment("2026-03-10T07:59"),),
    ),
    case(
        "reminder_overdue",
        "An overdue one goes at once within 08:00-21:00.",
        "2026-03-09T20:59 2026-03-13T00:00",
        day_before(9, "20:59") + hours_before(10, "12:00"),
        appointments=AT_TWO,
    ),
    case(
        "reminder_overdue_at_night",
        "An overdue one goes at 08:00 otherwise; 21:00 is night.",
        "2026-03-09T21:00 2026-03-13T00:00",
        day_before(10, "08:00") + hours_before(10, "12:00"),
        appointments=AT_TWO,
    ),
    case(
        "reminder_overdue_before_dawn",
        "07:59 is night too.",
        "2026-03-10T07:59 2026-03-13T00:00",
        day_before(10, "08:00") + hours_before(10, "12:00"),
        appointments=AT_TWO,
    ),
    case(
        "reminder_24h_last_moment",
        "reminder_24h: not after 3 h before, included.",
        "2026-03-10T11:00 2026-03-13T00:00",
        day_before(10, "11:00") + hours_before(10, "12:00"),
        appointments=AT_TWO,
    ),
    case(
        "reminder_24h_past_its_last_moment",
        "A minute later only the second is left.",
        "2026-03-10T11:01 2026-03-13T00:00",
        hours_before(10, "12:00"),
        appointments=AT_TWO,
    ),
    case(
        "reminder_2h_last_moment",
        "reminder_2h: not after 45 min before, included.",
        "2026-03-10T13:15 2026-03-13T00:00",
        hours_before(10, "13:15"),
        appointments=AT_TWO,
    ),
    case(
        "reminder_2h_past_its_last_moment",
        "44 minutes before, nothing goes.",
        "2026-03-10T13:16 2026-03-13T00:00",
        appointments=AT_TWO,
    ),
    case(
        "reminder_overdue_too_early_in_the_morning",
        "An appointment of 10:30 cannot be told at 08:00 any more (3 h before is 07:30), but at 08:30.",
        "2026-03-10T01:00 2026-03-13T00:00",
        hours_before(10, "08:30"),
        appointments=(appointment("2026-03-10T10:30"),),
    ),
    case(
        "reminder_booked_after_its_moment",
        "One whose moved moment lies before booked_at is not sent.",
        "2026-03-09T15:00 2026-03-13T00:00",
        hours_before(10, "12:00"),
        appointments=(appointment("2026-03-10T14:00", booked_at="2026-03-09T14:01"),),
    ),
    case(
        "reminder_booked_at_its_moment",
        "Booked at the very moment, it is sent.",
        "2026-03-09T15:00 2026-03-13T00:00",
        day_before(9, "15:00") + hours_before(10, "12:00"),
        appointments=(appointment("2026-03-10T14:00", booked_at="2026-03-09T14:00"),),
    ),
    case(
        "reminder_booked_after_its_moved_moment",
        "The *moved* moment: of 08:00 the 2 h are moved to 20:00; booked at 21:00, neither is sent.",
        "2026-03-09T22:00 2026-03-13T00:00",
        appointments=(appointment("2026-03-10T08:00", booked_at="2026-03-09T21:00"),),
    ),
    case(
        "reminder_booked_after_the_start",
        "Appointments with a later booked_at are left out.",
        WEEK,
        appointments=(appointment("2026-03-10T14:00", booked_at="2026-03-07T00:01"),),
    ),
    case(
        "reminder_of_the_earliest_of_a_day",
        "Of her booked and confirmed appointments of one branch day only the earliest.",
        WEEK,
        BOTH,
        appointments=(appointment("2026-03-10T16:00", master="M2"), *AT_TWO),
    ),
    case(
        "reminder_of_a_confirmed_earliest",
        "The earliest is confirmed: the later one gets no reminder_2h in its place.",
        WEEK,
        day_before(9, "14:00"),
        appointments=(appointment("2026-03-10T16:00", master="M2"), appointment("2026-03-10T14:00", "confirmed")),
    ),
    case(
        "reminder_of_the_earliest_not_cancelled",
        "A cancelled one is not counted among them.",
        WEEK,
        BOTH,
        appointments=(appointment("2026-03-10T09:00", "cancelled", master="M2"), *AT_TWO),
    ),
    case(
        "reminder_of_two_days",
        "Another branch day has its own.",
        "2026-03-07T00:00 2026-03-11T00:00",
        BOTH + day_before(10, "14:00"),
        appointments=(*AT_TWO, appointment("2026-03-11T14:00", master="M2")),
    ),
    case(
        "reminder_night_is_hers",
        "Night at the client's: 17:00 here is 21:45 in Kathmandu, so 20:00 there, 15:15 here; 19:45 there is day.",
        WEEK,
        day_before(9, "15:15") + hours_before(10, "15:00"),
        clients=(client(time_zone="Asia/Kathmandu"),),
        appointments=(appointment("2026-03-10T17:00"),),
    ),
    case(
        "reminder_over_the_spring_change",
        "Hours before an instant are elapsed hours: 24 before 14:00 of 29 March is 13:00 of the 28th.",
        "2026-03-27T00:00 2026-03-30T00:00",
        service("reminder_24h", "2026-03-28T13:00+01:00") + service("reminder_2h", "2026-03-29T12:00+02:00"),
        appointments=(appointment("2026-03-29T14:00"),),
    ),
    case(
        "reminder_over_the_autumn_change",
        "And 24 before 14:00 of 25 October is 15:00 of the 24th.",
        "2026-10-23T00:00 2026-10-26T00:00",
        service("reminder_24h", "2026-10-24T15:00+02:00") + service("reminder_2h", "2026-10-25T12:00+01:00"),
        appointments=(appointment("2026-10-25T14:00"),),
    ),
    case(
        "reminder_night_begins_by_the_clock",
        "24 h before 20:30 of 25 October is 21:30 by the summer's clock of the 24th, so 20:00.",
        "2026-10-23T00:00 2026-10-26T00:00",
        service("reminder_24h", "2026-10-24T20:00+02:00") + service("reminder_2h", "2026-10-25T18:30+01:00"),
        appointments=(appointment("2026-10-25T20:30"),),
    ),
    case(
        "reminder_over_half_an_hour",
        "Lord Howe sets its clocks back by 30 minutes on 5 April: 24 h before 14:00 is 14:30.",
        "2026-04-03T00:00 2026-04-06T00:00",
        service("reminder_24h", "2026-04-04T14:30+11:00") + service("reminder_2h", "2026-04-05T12:00+10:30"),
        zone="Australia/Lord_Howe",
        appointments=(appointment("2026-04-05T14:00"),),
    ),
    case(
        "reminder_sent_once",
        "Once: the appointment with its start.",
        "2026-03-09T15:00 2026-03-13T00:00",
        hours_before(10, "12:00"),
        appointments=AT_TWO,
        messages=(told("reminder_24h", "2026-03-10T14:00", "2026-03-09T14:00"),),
    ),
    case(
        "reminder_of_a_moved_appointment",
        "Moved = a new one: what was said of the 15:00 does not answer the 14:00.",
        "2026-03-09T15:00 2026-03-13T00:00",
        day_before(9, "15:00") + hours_before(10, "12:00"),
        appointments=AT_TWO,
        messages=(told("reminder_24h", "2026-03-10T15:00", "2026-03-09T14:30"),),
    ),
    *(
        case(
            f"reminders_to_{status}",
            "Paused means no care and no marketing; appointment messages still go.",
            WEEK,
            BOTH,
            clients=(client(status=status),),
            appointments=AT_TWO,
        )
        for status in ("moved", "blocked", "break:2026-04-01")
    ),
    case(
        "reminders_to_the_deceased",
        "To the deceased nothing goes.",
        WEEK,
        clients=(client(status="deceased"),),
        appointments=AT_TWO,
    ),
    case(
        "reminders_need_no_consent",
        "Service always goes; without an e-mail by SMS.",
        WEEK,
        day_before(9, "14:00", channel="sms") + hours_before(10, "12:00", channel="sms"),
        clients=(client(email="", care="none", marketing=""),),
        appointments=AT_TWO,
    ),
    case(
        "reminders_by_the_preferred_channel",
        "Her preferred channel, in her language; the channels of care are not asked.",
        WEEK,
        day_before(9, "14:00", channel="sms", language="ru") + hours_before(10, "12:00", channel="sms", language="ru"),
        clients=(client(preferred_channel="sms", care="email", language="ru"),),
        appointments=AT_TWO,
    ),
    case(
        "reminders_by_a_channel_that_lives",
        "She prefers SMS and has no phone: by e-mail.",
        WEEK,
        BOTH,
        clients=(client(preferred_channel="sms", phone=""),),
        appointments=AT_TWO,
    ),
    case(
        "reminders_by_call",
        "Who refused care is called about an appointment, if that is what she prefers.",
        WEEK,
        day_before(9, "14:00", channel="call") + hours_before(10, "12:00", channel="call"),
        clients=(client(preferred_channel="call", care="none"),),
        appointments=AT_TWO,
    ),
    case(
        "reminders_no_contact",
        "Without any contact nothing goes.",
        WEEK,
        clients=(client(email="", phone=""),),
        appointments=AT_TWO,
    ),
    case(
        "list_in_order",
        "Ordered by send_at, client, kind.",
        "2026-03-07T00:00 2026-03-08T00:00",
        "A birthday marketing email en 2026-03-07T10:00+01:00\n"
        "B birthday marketing sms bs 2026-03-07T10:00+01:00\n"
        "B reminder_24h service email bs 2026-03-07T10:00+01:00\n"
        "C reminder_24h service email en 2026-03-07T10:00+01:00\n",
        clients=(
            client("C"),
            client("B", language="bs", marketing="sms", birthday="--03-14"),
            client(birthday="1990-03-14"),
        ),
        visits=(visit("2026-02-10", who="B"), visit("2026-02-10")),
        appointments=(appointment("2026-03-08T10:00", who="C"), appointment("2026-03-08T10:00", who="B", master="M2")),
    ),
)
