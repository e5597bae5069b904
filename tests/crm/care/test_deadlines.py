"""Business hours of a branch, by hand (rules.md, Feedback and complaints): two hours to the first answer."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.care.selectors import business_deadline
from tests.factories import local, make_branch, make_closure, make_master

FRIDAY, SATURDAY, MONDAY = date(2026, 6, 12), date(2026, 6, 13), date(2026, 6, 15)
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def branch(db):
    """Open 9 to 20 from Monday to Saturday; on Sundays closed."""
    branch = make_branch()
    make_master(branch=branch, hours=(time(9), time(20)), weekdays=range(6))
    return branch


@pytest.mark.parametrize(
    ("since", "until"),
    [
        # within a day
        (local(FRIDAY, 10), local(FRIDAY, 12)),
        # half an hour on Friday, an hour and a half on Saturday
        (local(FRIDAY, 19, 30), local(SATURDAY, 10, 30)),
        # Sunday does not count
        (local(SATURDAY, 19, 30), local(MONDAY, 10, 30)),
        # before the door opens, and to the very minute in which it closes
        (local(FRIDAY, 6), local(FRIDAY, 11)),
        (local(FRIDAY, 18), local(FRIDAY, 20)),
        # at closing time nothing is left of the day
        (local(SATURDAY, 20), local(MONDAY, 11)),
    ],
)
def test_two_business_hours_are_counted_while_somebody_works(branch, since, until):
    assert business_deadline(branch=branch, since=since, needed=TWO_HOURS) == until


def test_a_closed_day_is_no_business_day(branch):
    make_closure(branch, SATURDAY, SATURDAY)
    assert business_deadline(branch=branch, since=local(FRIDAY, 19, 30), needed=TWO_HOURS) == local(MONDAY, 10, 30)


def test_hours_of_several_masters_are_one_stretch_where_they_overlap_and_a_gap_between_them_does_not_count(db):
    branch = make_branch()
    make_master(branch=branch, hours=(time(9), time(12)), weekdays=[4])
    make_master(branch=branch, hours=(time(11), time(13)), weekdays=[4])
    make_master(branch=branch, hours=(time(17), time(21)), weekdays=[4])
    # 12:30 to 13:00, then 17:00 to 18:30
    assert business_deadline(branch=branch, since=local(FRIDAY, 12, 30), needed=TWO_HOURS) == local(FRIDAY, 18, 30)


def test_the_clock_of_the_branch_is_set_back_over_the_weekend_and_two_hours_stay_two(branch):
    # Saturday 24 October 19:30 is 17:30 UTC; on Monday Sarajevo is at UTC+1, so 10:30 there is 9:30 UTC
    since = datetime(2026, 10, 24, 17, 30, tzinfo=ZoneInfo("UTC"))
    assert business_deadline(branch=branch, since=since, needed=TWO_HOURS) == datetime(
        2026, 10, 26, 9, 30, tzinfo=ZoneInfo("UTC")
    )


def test_hours_are_elapsed_hours_in_a_night_in_which_the_clock_is_put_forward(db):
    branch = make_branch()
    make_master(branch=branch, hours=(time(1), time(9)), weekdays=[6])
    # Sunday 29 March 2026: from 1:30 it is two hours to 4:30 by the clock, as 2:00 to 3:00 does not exist
    assert business_deadline(branch=branch, since=local(date(2026, 3, 29), 1, 30), needed=TWO_HOURS) == local(
        date(2026, 3, 29), 4, 30
    )


def test_a_branch_without_written_hours_is_taken_to_be_open_from_9_to_20_every_day(db):
    branch = make_branch()
    make_closure(branch, date(2026, 6, 14), date(2026, 6, 14))
    assert business_deadline(branch=branch, since=local(SATURDAY, 19, 30), needed=TWO_HOURS) == local(MONDAY, 10, 30)


def test_who_is_closed_for_long_has_elapsed_hours(branch):
    make_closure(branch, FRIDAY, FRIDAY + timedelta(days=90))
    since = local(FRIDAY, 10)
    assert business_deadline(branch=branch, since=since, needed=TWO_HOURS) == since + TWO_HOURS
