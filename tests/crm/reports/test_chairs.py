"""How full each hour of the week has been, worked by hand; and what an offer names of it (practices.md, P57)."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest

from crm.booking.models import Appointment
from crm.reports.selectors.chairs import Chairs, Filled, chairs_of
from reminders.consent.models import MessageSettings
from reminders.journeys.selectors.forecast import forecast
from reminders.messages.models import Kind
from reminders.messages.selectors import named_hours
from tests.factories import (
    NOW,
    TODAY,
    local,
    make_appointment,
    make_branch,
    make_client,
    make_hours,
    make_master,
    make_service,
    make_time_off,
)
from tests.reminders.salon_day import known, make_regular

pytestmark = pytest.mark.django_db

# the Tuesday before TODAY, a Wednesday
TUESDAY = TODAY - timedelta(days=1)
HOUR = 60


@pytest.fixture
def salon():
    """One master, Tuesdays from 9 to 12; twelve weeks in which 9 o'clock was always held and 11 never."""
    branch = make_branch("Harbour")
    master = make_master(branch=branch, hours=None)
    make_hours(master, time(9), time(12), weekdays=[1])
    service, client = make_service(branch=branch), make_client(branch=branch)

    def held(week: int, hour: int, minutes: int, status=Appointment.Status.DONE) -> None:
        make_appointment(
            client=client,
            master=master,
            starts_at=local(TUESDAY - timedelta(weeks=week), hour),
            services=[service],
            minutes=minutes,
            status=status,
        )

    return SimpleNamespace(branch=branch, master=master, held=held)


def test_hours_of_twelve_weeks_worked_by_hand(salon, django_assert_num_queries):
    for week in range(12):
        # an hour and a half: 9 wholly, half of 10
        salon.held(week, 9, 90)
    for week in range(6):
        salon.held(week, 11, 60, Appointment.Status.CANCELLED)
    # missed, but not to be had: one hour of twelve
    salon.held(6, 11, 60, Appointment.Status.NO_SHOW)
    # before the twelve weeks, and today
    salon.held(12, 11, 60)

    with django_assert_num_queries(6):
        found = chairs_of(salon.branch, today=TODAY)

    assert found == Chairs(
        {
            (1, 9): Filled(12 * HOUR, 12 * HOUR, 70),
            (1, 10): Filled(12 * HOUR, 6 * HOUR, 70),
            (1, 11): Filled(12 * HOUR, HOUR, 70),
        },
        weeks=12,
    )
    assert [each.percent for each in found.hours.values()] == [100, 50, 8]
    assert [each.is_full for each in found.hours.values()] == [True, False, False]


def test_time_off_is_no_empty_chair(salon):
    for week in range(12):
        salon.held(week, 9, 60)
    starts = local(TUESDAY, 10)
    make_time_off(salon.master, starts, starts + timedelta(hours=1))

    found = chairs_of(salon.branch, today=TODAY)

    assert found.hours[1, 10] == Filled(11 * HOUR, 0, 70)


@pytest.mark.parametrize(("held", "full"), [(41, False), (42, True), (43, True)])
def test_an_hour_is_full_from_seventy_percent(held, full):
    assert Filled(60, held, 70).is_full == full


def test_a_visit_that_touches_a_full_hour_does_not_stay_empty():
    chairs = Chairs({(1, 9): Filled(60, 60, 70), (1, 10): Filled(60, 10, 70), (1, 11): Filled(60, 60, 70)}, weeks=8)
    ten = datetime.combine(TUESDAY, time(10))

    assert chairs.stays_empty(ten, ten + timedelta(minutes=60))
    assert not chairs.stays_empty(ten, ten + timedelta(minutes=61))
    assert not chairs.stays_empty(ten - timedelta(minutes=1), ten + timedelta(minutes=30))
    # nothing is known of an hour in which nobody worked
    assert chairs.stays_empty(ten + timedelta(hours=5), ten + timedelta(hours=6))


@pytest.mark.parametrize(
    ("most", "visits", "leaves"),
    [
        # rhythm 30 less 5
        (0, 10, 25),
        # booked 12 days ahead: 7 earlier, or as many as the owner allows
        (21, 10, 18),
        (3, 10, 22),
        # nine visits say nothing
        (21, 9, 25),
    ],
)
def test_an_invitation_leaves_earlier_where_her_master_fills_up_earlier(salon, most, visits, leaves):
    MessageSettings.objects.update_or_create(pk=1, defaults={"invite_earlier_days": most})
    client = make_regular(salon.branch, TODAY - timedelta(days=4), master=salon.master)
    for number in range(visits):
        starts = local(TODAY - timedelta(days=20 + number), 10)
        make_appointment(
            client=make_client(branch=salon.branch),
            master=salon.master,
            starts_at=starts,
            booked_at=starts - timedelta(days=12 if number else 40, hours=3),
            status=Appointment.Status.DONE,
        )
    known(client, now=NOW)

    invited = [each for each in forecast(start=NOW, end=NOW + timedelta(days=40)) if each.kind == Kind.DUE_SOON]

    assert [each.send_at.date() for each in invited] == [TODAY - timedelta(days=4) + timedelta(days=leaves)]


def test_fewer_than_eight_weeks_say_nothing():
    chairs = Chairs({(1, 9): Filled(60, 60, 70)}, weeks=7)

    assert not chairs.is_known
    assert chairs.stays_empty(datetime.combine(TUESDAY, time(9)), datetime.combine(TUESDAY, time(10)))


@pytest.mark.parametrize(("kind", "names_full"), [(Kind.WIN_BACK, False), (Kind.NEWS, False), (Kind.DUE_SOON, True)])
def test_an_offer_names_no_full_hour_and_an_invitation_any(salon, kind, names_full):
    for week in range(12):
        salon.held(week, 9, 60)
    message = SimpleNamespace(kind=kind, branch=salon.branch)
    at = local(TUESDAY + timedelta(days=7), 9)

    def slot(hours: int) -> SimpleNamespace:
        begins = at + timedelta(hours=hours)
        return SimpleNamespace(starts_at=begins, ends_at=begins + timedelta(hours=1))

    fits = named_hours(message, NOW)

    assert [fits is None or fits(slot(hours)) for hours in (0, 1)] == [names_full, True]
