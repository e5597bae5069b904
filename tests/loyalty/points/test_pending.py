"""Points for rebooking on the spot follow the appointment's state (rules.md, Points)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import cancel_appointment, finish_visit, mark_no_show
from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.services import NextVisit, complete_checkout
from loyalty.points.models import PendingGrant
from loyalty.points.selectors import points_report, points_summary
from loyalty.points.services import promise_rebookings, settle_pending
from tests.factories import NOW, TODAY, Cast, local, make_appointment
from tests.loyalty.till import held, rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEXT_DAY = TODAY + 28 * DAY
BY, VIA = Appointment.By, AppointmentEvent.Via


@pytest.fixture
def cast(cast) -> Cast:
    rules(rebooking_on=True, spending_on=False)
    return cast


def checked_out(cast: Cast, key: str = "k") -> Appointment:
    """Vera pays and books four weeks on, on the spot."""
    visit = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=NOW - timedelta(hours=1), services=[cast.lashes]
    )
    complete_checkout(
        branch=cast.branch,
        client=cast.vera,
        lines=[CheckoutLine(price=Decimal(60), service=cast.lashes)],
        key=key,
        now=NOW,
        user=None,
        appointment=visit,
        next_visit=NextVisit(local(NEXT_DAY, 10), cast.anna, [cast.lashes]),
    )
    return Appointment.objects.get(client=cast.vera, on=NEXT_DAY)


def settle(now) -> int:
    return settle_pending(now=now, rules=rules())


def state() -> str:
    return PendingGrant.objects.get().state


def test_points_are_pending_until_the_visit_is_done(cast):
    booked = checked_out(cast)
    assert held(cast.vera) == (0, 0)
    assert points_summary(cast.vera, rules()).pending == 50
    assert settle(NOW + DAY) == 0

    finish_visit(appointment=booked, now=local(NEXT_DAY, 12), via=VIA.DESK)
    assert settle(local(NEXT_DAY, 12)) == 1

    assert held(cast.vera) == (50, 0)
    assert (settle(local(NEXT_DAY, 13)), held(cast.vera)) == (0, (50, 0))


def test_cancelled_by_her_they_vanish_once_undo_is_over(cast):
    booked = checked_out(cast)
    cancel_appointment(appointment=booked, now=NOW + DAY, by=BY.CLIENT, via=VIA.DESK)
    assert settle(NOW + DAY + timedelta(minutes=9)) == 0

    assert settle(NOW + DAY + timedelta(minutes=10)) == 1

    assert (state(), held(cast.vera)) == ("vanished", (0, 0))


def test_missed_they_vanish(cast):
    booked = checked_out(cast)
    mark_no_show(appointment=booked, now=local(NEXT_DAY, 11))

    settle(local(NEXT_DAY, 12))

    assert state() == "vanished"


def test_cancelled_by_the_salon_they_go_with_the_replacement(cast):
    booked = checked_out(cast)
    cancel_appointment(appointment=booked, now=NOW + DAY, by=BY.SALON, via=VIA.LINK)
    assert (settle(NOW + 2 * DAY), state()) == (0, "pending")
    instead = make_appointment(
        client=cast.vera,
        master=cast.boris,
        starts_at=local(NEXT_DAY + DAY, 10),
        services=[cast.lashes],
        booked_at=NOW + 2 * DAY,
    )

    assert (settle(NOW + 2 * DAY), PendingGrant.objects.get().appointment) == (1, instead)

    finish_visit(appointment=instead, now=local(NEXT_DAY + DAY, 12), via=VIA.DESK)
    settle(local(NEXT_DAY + DAY, 12))
    assert held(cast.vera) == (50, 0)


def test_at_most_once_a_visit(cast):
    booked = checked_out(cast)
    second = make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=local(NEXT_DAY + 7 * DAY, 10),
        booked_at=NOW,
        booked_on=TODAY,
        rebooked_on_spot=True,
    )

    promise_rebookings(now=NOW + timedelta(minutes=5), rules=rules())

    assert list(PendingGrant.objects.values_list("appointment", flat=True)) == [booked.pk]
    assert second.pk != booked.pk


def test_booking_and_cancelling_a_hundred_times_gains_nothing(cast):
    for number in range(100):
        appointment = make_appointment(
            client=cast.vera,
            master=cast.anna,
            starts_at=local(NEXT_DAY, 10),
            status=Appointment.Status.CANCELLED,
            cancelled_by=BY.CLIENT,
            cancelled_at=NOW,
            booked_at=NOW + timedelta(seconds=number),
            booked_on=TODAY,
            rebooked_on_spot=True,
        )
        assert appointment.rebooked_on_spot
    promise_rebookings(now=NOW + timedelta(minutes=5), rules=rules())
    settle(NOW + DAY)

    assert held(cast.vera) == (0, 0)
    assert not PendingGrant.objects.exists()


def test_booked_by_link_on_the_day_is_found_by_the_tick(cast):
    make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=local(NEXT_DAY, 10),
        booked_at=NOW,
        booked_on=TODAY,
        rebooked_on_spot=True,
    )

    assert promise_rebookings(now=NOW + timedelta(minutes=5), rules=rules()) == 1
    assert promise_rebookings(now=NOW + timedelta(minutes=10), rules=rules()) == 0

    report = points_report(since=TODAY, until=TODAY + DAY, today=TODAY)
    assert (report["pending"], report["granted"]) == (50, 0)


def test_switched_off_nothing_is_promised(cast):
    rules(rebooking_on=False)

    checked_out(cast)

    assert not PendingGrant.objects.exists()
