"""Hours on a date go before closed days, and those before the hours of the week."""

from datetime import date, time, timedelta

import pytest

from crm.booking.services import OutsideHours, book_appointment, free_slots
from crm.team.selectors import closed_days, hours_of
from tests.factories import (
    NOW,
    TODAY,
    local,
    make_branch,
    make_client,
    make_closure,
    make_hours,
    make_hours_on,
    make_master,
    make_service,
    make_time_off,
)

pytestmark = pytest.mark.django_db

THURSDAY, FRIDAY = TODAY + timedelta(days=1), TODAY + timedelta(days=2)


@pytest.fixture
def branch():
    return make_branch()


def clock(slots):
    return [f"{slot.starts_local:%d %H:%M}" for slot in slots]


def free(branch, days=1, minutes=60):
    service = make_service(branch=branch, minutes=minutes)
    return free_slots(branch=branch, services=[service], from_day=THURSDAY, days=days, now=NOW)


def test_hours_on_a_date_stand_in_place_of_the_weeks(branch):
    anna = make_master(branch=branch, hours=(time(9), time(10)))
    make_hours_on(anna, THURSDAY, time(12), time(13))
    make_hours_on(anna, THURSDAY, time(15), time(16, 15))
    # from 12 to 13 and from 15 to 16:15 on the 11th, as every week on the 12th
    assert clock(free(branch, days=2)) == ["11 12:00", "11 15:00", "11 15:15", "12 09:00"]


def test_a_date_without_hours_is_a_free_day(branch):
    anna = make_master(branch=branch, hours=(time(9), time(10)))
    make_hours_on(anna, THURSDAY)
    assert clock(free(branch, days=2)) == ["12 09:00"]


def test_who_works_on_no_weekday_works_on_the_date(branch):
    anna = make_master(branch=branch, hours=None)
    make_hours_on(anna, THURSDAY, time(9), time(10))
    assert clock(free(branch, days=7)) == ["11 09:00"]


def test_a_closed_day_of_the_branch_has_no_slot_both_ends_included(branch):
    make_master(branch=branch, hours=(time(9), time(10)))
    make_master(branch=make_branch(), hours=(time(9), time(10)))
    make_closure(branch, THURSDAY, FRIDAY)
    assert clock(free(branch, days=3)) == ["13 09:00"]


def test_who_agreed_to_come_on_a_closed_day_can_be_booked(branch):
    anna = make_master(branch=branch, name="Anna", hours=(time(9), time(10)))
    make_master(branch=branch, name="Boris", hours=(time(9), time(10)))
    make_closure(branch, THURSDAY)
    make_hours_on(anna, THURSDAY, time(11), time(12))
    found = free(branch)
    assert [(f"{slot.starts_local:%H:%M}", slot.master.name) for slot in found] == [("11:00", "Anna")]


def test_time_off_holds_on_hours_of_a_date_too(branch):
    anna = make_master(branch=branch, hours=None)
    make_hours_on(anna, THURSDAY, time(9), time(12))
    make_time_off(anna, local(THURSDAY, 10), local(THURSDAY, 12))
    assert clock(free(branch)) == ["11 09:00"]


def test_the_desk_says_that_a_closed_day_is_agreed(branch):
    anna = make_master(branch=branch)
    make_closure(branch, THURSDAY)
    wanted = {
        "client": make_client(branch=branch),
        "master": anna,
        "services": [make_service(branch=branch)],
        "starts_at": local(THURSDAY, 10),
        "branch": branch,
        "now": NOW,
        "by": "salon",
        "via": "desk",
    }
    with pytest.raises(OutsideHours):
        book_appointment(**wanted)
    assert book_appointment(**wanted, outside_hours=True).on == THURSDAY


def test_hours_of_many_days_take_one_query(branch, django_assert_num_queries):
    anna = make_master(branch=branch, hours=(time(9), time(12)))
    make_hours(anna, time(13), time(17))
    make_hours_on(anna, FRIDAY)
    make_closure(branch, date(2026, 6, 13), date(2026, 6, 13), "Refit")
    days = [THURSDAY + timedelta(days=number) for number in range(5)]
    with django_assert_num_queries(1):
        hours = hours_of(branch=branch, masters=[anna], days=days)
    usual = [(time(9), time(12)), (time(13), time(17))]
    # Friday is free, Saturday closed, Sunday not worked
    assert {on: sorted(own) for (_master, on), own in hours.items()} == {THURSDAY: usual, date(2026, 6, 15): usual}
    assert closed_days(branch=branch, days=days) == {date(2026, 6, 13): "Refit"}
