"""Planning: from what has happened and what has become due to rows, with work only for those who are due."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import book_appointment, cancel_appointment, move_appointment, undo_event
from crm.booking.services.undo import send_now
from crm.care.services import open_complaint
from loyalty.points.models import LedgerEntry, PointsLot
from loyalty.points.services import grant_points
from reminders.consent.models import MessageSettings
from reminders.journeys.models import Watch
from reminders.journeys.services import dispatch, planning
from reminders.journeys.services.planning import plan_due
from reminders.journeys.services.switching import look_again_where_rules_changed
from reminders.messages.models import Kind, Message
from tests.factories import TODAY, local, make_branch, make_master, make_service, make_skill
from tests.loyalty.till import pay
from tests.reminders.playing_salon import Transport, switch_everything_on, turn
from tests.reminders.salon_day import (
    ELEVEN,
    NOON,
    allow,
    days,
    known,
    make_due,
    make_lapsed,
    make_regular,
    make_sale,
    message_of,
    states_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MINUTE = timedelta(minutes=1)
LONG_AGO = ELEVEN - days(200)
BEFORE = ELEVEN - timedelta(hours=2)
HELD = timedelta(minutes=10)
# of one chunk, however many are in it: locks, facts, rows and their events
QUERIES_OF_A_CHUNK = 39


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def branch():
    switch_everything_on(LONG_AGO)
    return make_branch("Harbour")


# Past its end -------------------------------------------------------------------


def test_worker_down_past_the_end_drops_with_why_and_sends_nothing(branch, transport):
    client = make_due(branch)
    known(client, now=BEFORE)
    turn(BEFORE)

    turn(ELEVEN + days(10) + timedelta(hours=2))

    assert states_of(client) == {Kind.DUE_SOON: ("dropped", "too_late")}
    assert transport.sent == []


def test_worker_down_for_an_afternoon_sends_at_the_hour_of_the_next_day(branch, transport):
    client = make_due(branch)
    known(client, now=BEFORE)
    turn(BEFORE)

    turn(ELEVEN + timedelta(hours=4))
    assert states_of(client) == {}
    turn(ELEVEN + days(1))

    assert states_of(client) == {Kind.DUE_SOON: ("sent", "")}


def test_worker_down_for_some_minutes_sends_at_once(branch, transport):
    client = make_due(branch)
    known(client, now=BEFORE)
    turn(BEFORE)

    turn(ELEVEN + 20 * MINUTE)

    assert states_of(client) == {Kind.DUE_SOON: ("sent", "")}


def test_what_could_never_go_is_kept_with_why_at_its_end(branch, transport):
    client = make_due(branch)
    allow(client, marketing_email=False)
    known(client, now=BEFORE)
    turn(BEFORE)
    turn(ELEVEN)
    assert states_of(client) == {}

    turn(ELEVEN + days(10) + MINUTE)

    assert states_of(client) == {Kind.DUE_SOON: ("dropped", "no_channel")}


def test_what_falls_due_during_a_complaint_is_dropped_on_that_day(branch, transport):
    client = make_due(branch)
    open_complaint(client=client, branch=branch, text="Too dark", now=BEFORE - days(1))
    known(client, now=BEFORE)
    turn(BEFORE)
    assert states_of(client) == {}

    turn(ELEVEN)

    assert states_of(client) == {Kind.DUE_SOON: ("dropped", "complaint")}


# Journeys switched on late --------------------------------------------------------


def test_backlog_past_its_end_is_left_in_peace(transport):
    branch = make_branch("Hill")
    over, still = make_regular(branch, TODAY - days(40)), make_regular(branch, TODAY - days(30))
    known(over, still, now=BEFORE)
    turn(BEFORE)
    switch_everything_on(BEFORE)

    turn(BEFORE)
    turn(ELEVEN)
    turn(ELEVEN + days(8))

    # due after 25 days, for ten days: it is over for one, the other is still invited
    assert states_of(over) == {}
    assert states_of(still) == {Kind.DUE_SOON: ("sent", "")}


# Said at once about appointments ----------------------------------------------------


@pytest.fixture
def chair(branch, transport):
    """A master who can do a service, and a client."""
    master, service = make_master(branch=branch), make_service(branch=branch)
    make_skill(master, service)
    client = make_regular(branch, TODAY - days(5), times=1, service=service, master=master)
    known(client, now=BEFORE)
    turn(BEFORE)
    return client, master, service


def book(chair, starts_at, now, via="desk"):
    client, master, service = chair
    return book_appointment(
        client=client, master=master, services=[service], starts_at=starts_at, branch=client.branch, now=now,
        by="client" if via == "link" else "salon", via=via,
    )  # fmt: skip


IN_THREE_DAYS = local(TODAY + days(3), 15)
IN_FIVE_DAYS = local(TODAY + days(5), 15)


def test_booking_is_confirmed_at_once_even_at_night(chair, transport):
    night = local(TODAY, 22)
    book(chair, IN_THREE_DAYS, night, via="link")

    turn(night)

    assert states_of(chair[0])[Kind.CONFIRMATION] == ("sent", "")
    assert [file.name for file in transport.sent[-1].attachments] == ["appointment.ics"]


def test_cancellation_at_the_desk_is_told_after_ten_minutes(chair, transport):
    appointment = book(chair, IN_THREE_DAYS, NOON)
    turn(NOON)
    cancel_appointment(appointment=appointment, now=NOON + MINUTE, by="client", via="desk")

    turn(NOON + MINUTE)
    turn(NOON + HELD)
    assert Kind.CANCELLATION not in states_of(chair[0])
    turn(NOON + MINUTE + HELD)

    assert states_of(chair[0])[Kind.CANCELLATION] == ("sent", "")


def test_cancellation_that_was_undone_is_not_told(chair, transport):
    appointment = book(chair, IN_THREE_DAYS, NOON)
    turn(NOON)
    event = cancel_appointment(appointment=appointment, now=NOON + MINUTE, by="client", via="desk")
    turn(NOON + MINUTE)

    undo_event(event=event, now=NOON + 5 * MINUTE)
    turn(NOON + 5 * MINUTE)
    turn(NOON + timedelta(hours=1))

    assert Kind.CANCELLATION not in states_of(chair[0])
    assert len(transport.sent) == 1


def test_desk_lets_a_held_message_go_now(chair, transport):
    appointment = book(chair, IN_THREE_DAYS, NOON)
    turn(NOON)
    event = cancel_appointment(appointment=appointment, now=NOON + MINUTE, by="salon", via="desk")
    turn(NOON + MINUTE)

    send_now(event=event, now=NOON + 2 * MINUTE)
    turn(NOON + 2 * MINUTE)

    assert states_of(chair[0])[Kind.CANCELLATION] == ("sent", "")


def test_client_who_cancels_by_link_is_answered_at_once(chair, transport):
    appointment = book(chair, IN_THREE_DAYS, NOON)
    turn(NOON)
    cancel_appointment(appointment=appointment, now=NOON + MINUTE, by="client", via="link")

    turn(NOON + MINUTE)

    assert states_of(chair[0])[Kind.CANCELLATION] == ("sent", "")


def test_two_moves_in_ten_minutes_are_told_as_one(chair, transport):
    appointment = book(chair, IN_THREE_DAYS, NOON)
    turn(NOON)
    move_appointment(appointment=appointment, starts_at=IN_FIVE_DAYS, now=NOON + MINUTE, by="client", via="desk")
    turn(NOON + MINUTE)
    move_appointment(
        appointment=appointment,
        starts_at=IN_FIVE_DAYS + timedelta(hours=1),
        now=NOON + 3 * MINUTE,
        by="client",
        via="desk",
    )
    for minute in range(3, 30):
        turn(NOON + minute * MINUTE)

    assert [(row.state, row.event_id) for row in Message.objects.filter(kind=Kind.CHANGE)] == [
        ("sent", AppointmentEvent.objects.filter(kind="moved").latest("pk").pk)
    ]


def test_what_was_moved_and_then_cancelled_is_told_as_cancelled(chair, transport):
    appointment = book(chair, IN_THREE_DAYS, NOON)
    turn(NOON)
    move_appointment(appointment=appointment, starts_at=IN_FIVE_DAYS, now=NOON + MINUTE, by="client", via="desk")
    cancel_appointment(appointment=appointment, now=NOON + 2 * MINUTE, by="client", via="desk")
    for minute in range(2, 30):
        turn(NOON + minute * MINUTE)

    states = states_of(chair[0])
    assert Kind.CHANGE not in states
    assert states[Kind.CANCELLATION] == ("sent", "")


def test_imported_appointments_are_not_confirmed(chair, transport):
    appointment = book(chair, IN_THREE_DAYS, NOON)
    AppointmentEvent.objects.filter(appointment=appointment).update(via="import")

    turn(NOON)

    assert transport.sent == []


def test_moved_appointment_is_reminded_of_at_its_new_hour_only(chair, transport):
    appointment = book(chair, IN_THREE_DAYS, NOON, via="link")
    turn(NOON)
    move_appointment(appointment=appointment, starts_at=IN_FIVE_DAYS, now=NOON + MINUTE, by="client", via="link")
    turn(NOON + MINUTE)

    turn(IN_THREE_DAYS - timedelta(hours=24))
    assert Kind.REMINDER_24H not in states_of(chair[0])
    turn(IN_FIVE_DAYS - timedelta(hours=24))

    assert states_of(chair[0])[Kind.REMINDER_24H] == ("sent", "")


def test_reminder_of_two_hours_stays_away_from_who_has_confirmed(chair, transport):
    appointment = book(chair, IN_THREE_DAYS, NOON, via="link")
    turn(NOON)
    turn(IN_THREE_DAYS - timedelta(hours=24))
    plan_due(now=IN_THREE_DAYS - timedelta(hours=2))
    Appointment.objects.filter(pk=appointment.pk).update(status="confirmed")

    turn(IN_THREE_DAYS - timedelta(hours=2))

    assert states_of(chair[0])[Kind.REMINDER_2H] == ("cancelled", "no_longer_true")


# Points and friends ---------------------------------------------------------------


def test_notice_of_expiring_points_is_recorded_in_the_lot(branch, transport):
    client = make_regular(branch, TODAY - days(5), times=1)
    known(client, now=BEFORE)
    turn(BEFORE)
    grant_points(
        client=client, points=60, kind=LedgerEntry.Kind.GESTURE, source="test", key="g1", now=BEFORE,
        expires_on=TODAY + days(14),
    )  # fmt: skip

    turn(BEFORE + MINUTE)
    turn(ELEVEN)

    assert states_of(client)[Kind.POINTS_EXPIRING] == ("sent", "")
    assert PointsLot.objects.get().noticed_at == ELEVEN
    assert "60" in transport.sent[-1].text


def test_points_given_later_are_told_of_though_nothing_else_happens(branch, transport):
    client = make_regular(branch, TODAY - days(5), times=1)
    known(client, now=BEFORE)
    turn(BEFORE)
    grant_points(
        client=client, points=60, kind=LedgerEntry.Kind.GESTURE, source="test", key="g1", now=BEFORE,
        expires_on=TODAY + days(20),
    )  # fmt: skip
    turn(BEFORE + MINUTE)

    turn(ELEVEN + days(6))

    assert states_of(client)[Kind.POINTS_EXPIRING] == ("sent", "")


def test_friends_first_paid_visit_thanks_the_one_who_brought_her(branch, transport):
    bringer = make_regular(branch, TODAY - days(5), times=1)
    known(bringer, now=BEFORE)
    turn(BEFORE)
    friend = make_regular(branch, TODAY, times=0, referred_by=bringer)

    pay(friend, 50, now=NOON)
    turn(NOON)
    turn(ELEVEN + days(1))

    thanks = message_of(bringer, Kind.THANKS)
    assert (thanks.state, thanks.reason, thanks.occasion) == ("sent", "referral", TODAY.isoformat())


# The work grows with those who are due -----------------------------------------------


def queries_of_a_turn(now):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        planned = plan_due(now=now)
    return planned, len(captured)


def test_planning_asks_as_much_for_many_as_for_one(branch, transport):
    one = make_due(branch)
    known(one, now=BEFORE)
    plan_due(now=BEFORE)
    planned, for_one = queries_of_a_turn(ELEVEN)
    assert planned == 1
    many = [make_due(branch) for _ in range(20)]
    known(*many, now=BEFORE)
    plan_due(now=BEFORE)

    planned, for_many = queries_of_a_turn(ELEVEN)

    assert planned == 20
    assert (for_one, for_many) == (QUERIES_OF_A_CHUNK, QUERIES_OF_A_CHUNK)


def test_usual_day_of_a_branch_is_read_once_for_all_chunks_of_a_turn(branch, transport, monkeypatch):
    monkeypatch.setattr(planning, "CHUNK", 1)
    lashes = make_service(branch=branch)
    clients = [make_regular(branch, TODAY - days(30), service=lashes) for _ in range(3)]
    for client in clients:
        make_sale(client, BEFORE, service=lashes)
    known(*clients, now=BEFORE)

    with CaptureQueriesContext(connection) as captured:
        plan_due(now=ELEVEN)

    asked = [query["sql"] for query in captured.captured_queries]
    chunks = sum("DELETE" in each for each in asked)
    assert (chunks, sum("HAVING" in each and "crm_saleline" in each for each in asked)) == (3, 1)


def test_who_is_not_due_costs_nothing(branch, transport):
    quiet = [make_regular(branch, TODAY - days(15)) for _ in range(30)]
    due = make_due(branch)
    known(due, *quiet, now=BEFORE)
    plan_due(now=BEFORE)
    assert Watch.objects.filter(look_at__lte=ELEVEN).count() == 1

    planned, queries = queries_of_a_turn(ELEVEN)

    assert (planned, queries) == (1, QUERIES_OF_A_CHUNK)


@pytest.mark.postgres
def test_the_queue_and_the_looks_are_read_by_their_indexes(branch, transport):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = []
        for statement in (
            "SELECT * FROM reminders_watch WHERE look_at <= now() ORDER BY look_at LIMIT 200",
            "SELECT id FROM reminders_message WHERE state = 'planned' AND send_at <= now()",
            "SELECT id FROM reminders_message WHERE state = 'sending' AND claimed_at <= now()",
        ):
            cursor.execute(f"EXPLAIN {statement}")
            plans.append(" ".join(line for (line,) in cursor.fetchall()))

    for plan, index in zip(plans, ("watch_by_time", "message_queue", "message_in_hand"), strict=True):
        assert index in plan


def test_win_back_waits_for_an_open_appointment_only(branch, transport):
    client = make_lapsed(branch)
    known(client, now=BEFORE)
    turn(BEFORE)

    turn(ELEVEN)

    assert states_of(client) == {Kind.WIN_BACK: ("sent", "")}


def test_owners_new_figure_moves_what_is_due_within_a_day(branch, transport):
    client = make_regular(branch, TODAY - days(15))
    known(client, now=BEFORE)
    turn(BEFORE)
    now = timezone.now()
    assert not look_again_where_rules_changed(now=now)

    MessageSettings.objects.update_or_create(pk=1, defaults={"due_before_days": 14})
    assert look_again_where_rules_changed(now=now)
    Watch.objects.update(look_at=ELEVEN)
    turn(ELEVEN + days(1))

    # sixteen days of her thirty are over: planned anew for that day
    assert states_of(client) == {Kind.DUE_SOON: ("sent", "")}
