"""The suggested next visit, worked by hand (rules.md, Booking)."""

from datetime import date, time, timedelta

import pytest

from crm.booking.models import Appointment
from crm.booking.services import free_slots, habit_of, propose_next
from tests.factories import NOW, TODAY, local, make_appointment, make_time_off, make_visit

pytestmark = pytest.mark.django_db

# Wednesdays, 24 days apart do not fall on one weekday: four weeks do
VISITS = [date(2026, 3, 18), date(2026, 4, 15), date(2026, 5, 13)]


def come(cast, on, hour, *, master=None, client=None):
    client, master = client or cast.vera, master or cast.anna
    make_appointment(
        client=client,
        master=master,
        starts_at=local(on, hour),
        services=[cast.lashes],
        status=Appointment.Status.DONE,
    )
    make_visit(client, on, services=[cast.lashes], master=master)


def propose(cast, **changes):
    wanted = {"client": cast.vera, "services": [cast.lashes], "branch": cast.branch, "now": NOW}
    return [(slot.on, f"{slot.starts_local:%H:%M}", slot.master.name) for slot in propose_next(**(wanted | changes))]


def test_first_comes_her_master_at_her_usual_weekday_and_hour_then_her_master_nearest(cast):
    for on in VISITS:
        come(cast, on, 15)
    # today is the fourth visit: gaps 28, 28, 28; target Wednesday 8 July 15:00
    assert propose(cast) == [
        (date(2026, 7, 8), "15:00", "Anna"),
        (date(2026, 7, 7), "15:00", "Anna"),
        (date(2026, 7, 9), "15:00", "Anna"),
    ]


def test_usual_weekday_comes_before_a_nearer_day(cast):
    for on in VISITS:
        come(cast, on, 15)
    # today's visit was moved to a Friday: 30 days make the rhythm the median of 28, 28 and 30
    friday = date(2026, 6, 12)
    assert propose(cast, after_day=friday, now=local(friday, 16)) == [
        # target Friday 10 July; Wednesday the 8th is within four days
        (date(2026, 7, 8), "15:00", "Anna"),
        (date(2026, 7, 10), "15:00", "Anna"),
        (date(2026, 7, 9), "15:00", "Anna"),
    ]


def test_ninety_minutes_from_the_usual_hour_still_count_and_more_does_not(cast):
    for on in VISITS:
        come(cast, on, 12)
    anna, friday, wednesday = cast.anna, date(2026, 6, 12), date(2026, 7, 8)
    # the target is Friday 10 July; on her usual Wednesday only 13:30 to 15:00 is free: 90 minutes off
    make_time_off(anna, local(wednesday, 9), local(wednesday, 13, 30))
    make_time_off(anna, local(wednesday, 15), local(wednesday, 18))
    assert propose(cast, after_day=friday, now=local(friday, 14))[0] == (wednesday, "13:30", "Anna")
    # 13:45 is 105 minutes off: that day is one like any other
    make_time_off(anna, local(wednesday, 13, 30), local(wednesday, 13, 45))
    cast.lashes.minutes = 75
    cast.lashes.save()
    assert propose(cast, after_day=friday, now=local(friday, 14))[0] == (date(2026, 7, 10), "12:00", "Anna")


def test_others_come_when_her_master_is_away(cast):
    for on in VISITS:
        come(cast, on, 15)
    make_time_off(cast.anna, local(date(2026, 7, 1), 0), local(date(2026, 7, 8), 0))
    make_time_off(cast.anna, local(date(2026, 7, 9), 0), local(date(2026, 7, 20), 0))
    assert propose(cast) == [
        (date(2026, 7, 8), "15:00", "Anna"),
        (date(2026, 7, 7), "15:00", "Boris"),
        (date(2026, 7, 9), "15:00", "Boris"),
    ]


def test_a_full_week_is_answered_with_the_days_beyond(cast):
    for on in VISITS:
        come(cast, on, 15)
    for master in (cast.anna, cast.boris):
        make_time_off(master, local(date(2026, 7, 4), 0), local(date(2026, 7, 13), 0))
    assert propose(cast) == [
        (date(2026, 7, 15), "15:00", "Anna"),
        (date(2026, 7, 22), "15:00", "Anna"),
        (date(2026, 7, 13), "15:00", "Anna"),
    ]


def test_a_new_client_is_proposed_the_usual_return_of_the_service(cast):
    cast.lashes.usual_return_days = 21
    cast.lashes.save()
    # Wednesday 10 June + 21 = 1 July; nothing is known of her hour, so noon is aimed at
    assert propose(cast, client=cast.dina, master=cast.boris) == [
        (date(2026, 7, 1), "12:00", "Boris"),
        (date(2026, 6, 30), "12:00", "Boris"),
        (date(2026, 7, 2), "12:00", "Boris"),
    ]


def test_a_target_that_is_past_becomes_tomorrow(cast):
    for on in VISITS:
        come(cast, on, 15)
    days = [on for on, _at, _master in propose(cast, after_day=VISITS[-1], now=NOW + timedelta(days=40))]
    assert min(days) == TODAY + timedelta(days=41)


def test_habit_is_the_mode_of_six_and_the_latest_of_equals(cast):
    for on, hour, master in (
        (date(2026, 1, 5), 9, cast.boris),
        (date(2026, 1, 12), 9, cast.boris),
        (date(2026, 2, 3), 10, cast.boris),
        (date(2026, 2, 10), 10, cast.boris),
        (date(2026, 3, 4), 10, cast.boris),
        (date(2026, 3, 11), 15, cast.anna),
        (date(2026, 4, 9), 15, cast.anna),
        (date(2026, 5, 14), 15, cast.anna),
    ):
        come(cast, on, hour, master=master)
    # the last six: Tue, Tue, Wed, Wed, Thu, Thu; 10, 10, 10, 15, 15, 15; Boris x 3, Anna x 3
    habit = habit_of(client=cast.vera, branch=cast.branch, until=TODAY)
    assert (habit.weekday, habit.at, habit.master_id) == (3, time(15), cast.anna.pk)


def test_proposals_are_free_slots_and_few_queries(cast, django_assert_max_num_queries):
    for on in VISITS:
        come(cast, on, 15)
    with django_assert_max_num_queries(12):
        proposed = propose_next(client=cast.vera, services=[cast.lashes], branch=cast.branch, now=NOW)
    free = free_slots(branch=cast.branch, services=[cast.lashes], from_day=TODAY, days=60, now=NOW)
    assert all(slot in free for slot in proposed)
