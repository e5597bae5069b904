"""14:07 is no time of the grid: agreed at the desk, never by herself (docs/decisions.md)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import OffGrid, book_appointment, move_appointment
from crm.booking.services.series import plan_series
from tests.factories import NOW, TODAY, local, make_appointment, make_cast

pytestmark = pytest.mark.django_db

By, Via = Appointment.By, AppointmentEvent.Via
TOMORROW = TODAY + timedelta(days=1)
ODD = local(TOMORROW, 14, 7)


@pytest.fixture
def cast():
    return make_cast()


def book(cast, starts_at=ODD, *, via=Via.DESK, **changes):
    about = {"client": cast.vera, "master": cast.anna, "services": [cast.removal], "branch": cast.branch}
    return book_appointment(**(about | changes), starts_at=starts_at, now=NOW, by=By.CLIENT, via=via)


def shift(visit, starts_at, *, via=Via.DESK, **changes):
    return move_appointment(appointment=visit, starts_at=starts_at, now=NOW, by=By.CLIENT, via=via, **changes)


def test_the_desk_is_asked_once_and_an_odd_minute_stays_agreed(cast):
    with pytest.raises(OffGrid) as refused:
        book(cast)
    assert str(refused.value) == (
        "Visits do not usually begin at 14:07. Choose one of the free times, or say that it is agreed."
    )
    assert [slot.starts_at for slot in refused.value.nearest] == [local(TOMORROW, 14, minute) for minute in (0, 15)] + [
        local(TOMORROW, 13, 45)
    ]

    visit = book(cast, off_grid=True)

    # 7 minutes past a quarter as before: nothing new is said
    shift(visit, local(TOMORROW, 15, 37))
    with pytest.raises(OffGrid):
        shift(visit, local(TOMORROW, 15, 38))
    # back to the grid is no question at all, nor is what has begun
    shift(visit, local(TOMORROW, 15))
    book(cast, NOW - timedelta(minutes=8), client=cast.dina)
    assert Appointment.objects.get(client=cast.dina).starts_at == local(TODAY, 10, 52)


@pytest.mark.parametrize("via", [Via.LINK, Via.BOOK, Via.WAITING])
def test_through_her_own_doors_no_form_however_forged_begins_beside_the_grid(cast, via):
    visit = make_appointment(client=cast.dina, master=cast.boris, starts_at=ODD, services=[cast.removal])

    for deed in (lambda: book(cast, via=via, off_grid=True), lambda: shift(visit, ODD + timedelta(hours=1), via=via)):
        with pytest.raises(OffGrid) as refused:
            deed()
        assert "agreed" not in str(refused.value)
        assert refused.value.nearest


def test_no_series_begins_there(cast):
    about = {"client": cast.vera, "branch": cast.branch, "services": [cast.removal], "master": cast.anna, "now": NOW}
    with pytest.raises(OffGrid) as refused:
        plan_series(**about, starts_at=ODD, every_weeks=1, times=2)

    assert str(refused.value) == "A series begins at 14:00 or at 14:15, not in between."


@pytest.mark.parametrize("master", ["", "anna"])
def test_the_form_asks_for_the_tick_and_takes_it(cast, time_machine, master):
    time_machine.move_to(NOW)
    desk = Client()
    desk.force_login(cast.receptionist)
    form = {"client": cast.vera.pk, "service": cast.removal.pk, "day": TOMORROW, "at": "14:07"}
    form["master"] = getattr(cast, master).pk if master else 0

    asked = desk.post(reverse("desk:visit_new"), form)
    assert asked.status_code == 422
    assert 'type="checkbox" name="off_grid"' in asked.content.decode()

    desk.post(reverse("desk:visit_new"), form | {"off_grid": "on"})
    booked = Appointment.objects.get()
    assert (booked.starts_at, booked.master) == (ODD, cast.anna)
