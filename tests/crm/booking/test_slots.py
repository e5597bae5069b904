"""Free slots: working hours less what is held, on the grid (rules.md, Booking)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from crm.booking.models import Appointment
from crm.booking.services import free_slots
from crm.booking.stretches import lay_out, told_minutes
from tests.factories import (
    NOW,
    TODAY,
    local,
    make_appointment,
    make_branch,
    make_cast,
    make_client,
    make_hours,
    make_master,
    make_service,
    make_skill,
    make_time_off,
)

pytestmark = pytest.mark.django_db

THURSDAY = TODAY + timedelta(days=1)


def clock(slots) -> list[str]:
    return [f"{slot.starts_local:%H:%M} {slot.master.name}" for slot in slots]


def test_plan_frees_the_master_while_the_colour_develops():
    plan = lay_out([[("work", 45), ("processing", 30), ("work", 30)]], buffers=[15])
    assert (plan.minutes, plan.held, plan.by_service) == (105, ((0, 45), (75, 120)), (105,))


def test_plan_joins_work_that_touches_and_takes_one_buffer():
    plan = lay_out([[("work", 30)], [("work", 20), ("processing", 10)]], buffers=[0, 5])
    assert (plan.minutes, plan.held, plan.by_service) == (60, ((0, 50), (60, 65)), (30, 30))


@pytest.mark.parametrize(("minutes", "percent", "told"), [(60, 15, 70), (100, 15, 115), (30, 15, 35), (90, 0, 90)])
def test_told_time_is_planned_plus_margin_up_to_the_next_five(minutes, percent, told):
    assert told_minutes(minutes, percent) == told


def test_slots_lie_between_appointments_breaks_and_time_off():
    branch = make_branch()
    anna = make_master(branch=branch, name="Anna", hours=(time(9), time(12)))
    make_hours(anna, time(13), time(16))
    lashes = make_service(branch=branch, minutes=60)
    client = make_client(branch=branch)
    make_appointment(client=client, master=anna, starts_at=local(THURSDAY, 9, 30), services=[lashes])
    make_time_off(anna, local(THURSDAY, 15), local(THURSDAY, 18))
    found = free_slots(branch=branch, services=[lashes], from_day=THURSDAY, days=1, now=NOW)
    assert clock(found) == [
        f"{at} Anna" for at in ("10:30", "10:45", "11:00", "13:00", "13:15", "13:30", "13:45", "14:00")
    ]


def test_what_is_over_holds_no_time():
    branch = make_branch()
    anna = make_master(branch=branch, name="Anna", hours=(time(9), time(10)))
    client = make_client(branch=branch)
    make_appointment(client=client, master=anna, starts_at=local(THURSDAY, 9), status=Appointment.Status.CANCELLED)
    service = make_service(branch=branch)
    assert clock(free_slots(branch=branch, services=[service], from_day=THURSDAY, days=1, now=NOW)) == ["09:00 Anna"]


def test_another_client_fits_into_the_time_the_colour_develops():
    branch = make_branch()
    anna = make_master(branch=branch, name="Anna", hours=(time(9), time(11)))
    colour = make_service(branch=branch, minutes=120, stretches=[("work", 45), ("processing", 30), ("work", 45)])
    brows = make_service(branch=branch, minutes=30)
    plan = lay_out([[("work", 45), ("processing", 30), ("work", 45)]])
    appointment = make_appointment(
        client=make_client(branch=branch), master=anna, starts_at=local(THURSDAY, 9), services=[colour]
    )
    appointment.stretches.all().delete()
    for begins, ends in plan.held:
        appointment.stretches.create(
            master=anna,
            starts_at=appointment.starts_at + timedelta(minutes=begins),
            ends_at=appointment.starts_at + timedelta(minutes=ends),
        )
    assert clock(free_slots(branch=branch, services=[brows], from_day=THURSDAY, days=1, now=NOW)) == ["09:45 Anna"]
    assert clock(free_slots(branch=branch, services=[colour], from_day=THURSDAY, days=1, now=NOW)) == []


def test_buffer_stays_inside_working_hours():
    branch = make_branch()
    make_master(branch=branch, name="Anna", hours=(time(9), time(10, 15)))
    service = make_service(branch=branch, minutes=60, buffer_minutes=15)
    assert clock(free_slots(branch=branch, services=[service], from_day=THURSDAY, days=1, now=NOW)) == ["09:00 Anna"]


def test_only_masters_with_the_skill_are_offered_and_one_without_any_does_all():
    cast = make_cast()
    make_skill(cast.anna, cast.removal)
    found = free_slots(branch=cast.branch, services=[cast.lashes], from_day=THURSDAY, days=1, now=NOW)
    assert {slot.master.name for slot in found} == {"Boris"}


def test_today_begins_now_and_the_past_has_none():
    branch = make_branch()
    make_master(branch=branch, name="Anna", hours=(time(10), time(13)))
    service = make_service(branch=branch, minutes=60)
    # it is 11:00 in Sarajevo
    found = free_slots(branch=branch, services=[service], from_day=TODAY, days=1, now=NOW + timedelta(minutes=1))
    assert clock(found) == ["11:15 Anna", "11:30 Anna", "11:45 Anna", "12:00 Anna"]
    assert free_slots(branch=branch, services=[service], from_day=TODAY - timedelta(days=1), days=1, now=NOW) == []


def test_grid_follows_the_wall_clock_on_the_day_the_clock_changes():
    # Lord Howe: at 02:00 on 4 October 2026 the clock goes 30 minutes forward
    branch = make_branch(time_zone="Australia/Lord_Howe")
    make_master(branch=branch, name="Anna", hours=(time(1), time(4)), weekdays=range(7))
    service = make_service(branch=branch, minutes=60)
    found = free_slots(
        branch=branch,
        services=[service],
        from_day=date(2026, 10, 4),
        days=1,
        now=datetime(2026, 10, 1, tzinfo=UTC),
    )
    # 01:30 and 01:45 are followed by 02:30: the last hour begins at 03:00, two and a half hours are worked
    assert [f"{slot.starts_local:%H:%M}" for slot in found] == [
        "01:00",
        "01:15",
        "01:30",
        "01:45",
        "02:30",
        "02:45",
        "03:00",
    ]


def test_queries_do_not_grow_with_masters_or_days(django_assert_num_queries):
    branch = make_branch()
    service = make_service(branch=branch)
    for _ in range(12):
        make_master(branch=branch)
    with django_assert_num_queries(5):  # one reads the settings, which a request holds
        found = free_slots(branch=branch, services=[service], from_day=THURSDAY, days=14, now=NOW)
    assert len(found) == 12 * 12 * 33
