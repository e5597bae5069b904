"""One client with two masters at one hour: refused unless the desk says that it is agreed."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import ClientBusy, book_appointment, cancel_appointment, move_appointment
from crm.booking.services.series import why_not
from tests.factories import NOW, TODAY, local, make_appointment

pytestmark = pytest.mark.django_db

By, Via = Appointment.By, AppointmentEvent.Via
TOMORROW = TODAY + timedelta(days=1)
TEN = local(TOMORROW, 10)


@pytest.fixture
def has(cast):
    """Vera has 10:00-11:30 with Boris."""
    return make_appointment(client=cast.vera, master=cast.boris, starts_at=TEN, services=[cast.lashes])


def book(cast, **changes):
    wanted = {
        "client": cast.vera,
        "master": cast.anna,
        "services": [cast.removal],
        "starts_at": TEN,
        "branch": cast.branch,
        "now": NOW,
        "by": By.CLIENT,
        "via": Via.DESK,
    }
    return book_appointment(**(wanted | changes))


def shift(appointment, starts_at, **changes):
    return move_appointment(
        appointment=appointment, starts_at=starts_at, now=NOW, by=By.SALON, **({"via": Via.DESK} | changes)
    )


def test_who_has_another_visit_then_is_not_booked_a_second_time_without_a_word(cast, has):
    with pytest.raises(ClientBusy) as refused:
        book(cast, starts_at=local(TOMORROW, 11))

    assert str(refused.value) == why_not(refused.value) == "She already has 10:00 with \u2068Boris\u2069 then."
    # none while she sits with Boris
    assert [slot.starts_at for slot in refused.value.nearest] == [
        local(TOMORROW, 11, 30),
        local(TOMORROW, 11, 45),
        local(TOMORROW, 12),
    ]


@pytest.mark.parametrize("via", [Via.LINK, Via.BOOK, Via.WAITING])
def test_through_her_own_doors_she_is_told_herself(cast, has, via):
    with pytest.raises(ClientBusy) as refused:
        book(cast, via=via)

    assert str(refused.value) == "You already have 10:00 with \u2068Boris\u2069 then."


def test_what_is_agreed_is_booked_and_what_was_agreed_is_not_asked_again(cast, has):
    both = book(cast, beside_another=True)

    shift(both, local(TOMORROW, 10, 30))

    assert both.starts_at == local(TOMORROW, 10, 30)


def test_visits_that_touch_or_are_over_are_no_hindrance(cast, has):
    assert book(cast, starts_at=local(TOMORROW, 11, 30)).pk
    cancel_appointment(appointment=has, now=NOW, by=By.CLIENT, via=Via.DESK)

    assert book(cast).pk


def test_moving_onto_her_own_visit_needs_the_word_and_a_link_has_none(cast, has):
    second = book(cast, starts_at=local(TOMORROW, 14))

    with pytest.raises(ClientBusy, match="You already have"):
        shift(second, TEN, via=Via.LINK)
    with pytest.raises(ClientBusy, match="She already has"):
        shift(second, TEN)
    shift(second, TEN, beside_another=True)

    assert second.starts_at == TEN


def test_one_visit_of_two_masters_and_another_client_are_one_each(cast, has):
    assert book(cast, client=cast.dina, services=[cast.removal, cast.lashes], master=cast.anna).pk


@pytest.fixture
def browser(cast):
    with time_machine.travel(NOW, tick=False):
        browser = Client()
        browser.force_login(cast.receptionist)
        yield browser


def test_at_the_desk_a_tick_books_both(cast, has, browser):
    asked = {
        "client": cast.vera.pk,
        "service": cast.removal.pk,
        "master": cast.anna.pk,
        "day": TOMORROW.isoformat(),
        "at": "10:00",
    }

    refused = browser.post(reverse("desk:visit_new"), asked)
    page = refused.content.decode()
    booked = browser.post(reverse("desk:visit_new"), asked | {"beside_another": "on"})

    assert refused.status_code == 422
    assert "She already has 10:00 with" in page
    assert 'type="checkbox" name="beside_another"' in page
    assert 'type="checkbox" name="outside_hours"' not in page
    assert booked.status_code == 302


def test_on_the_calendar_her_other_visit_is_named_and_the_desks_word_is_enough(cast, has, browser):
    second = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TOMORROW, 14), services=[cast.removal]
    )
    asked = {"day": TOMORROW.isoformat(), "at": "10:00", "master": cast.anna.pk, "sequence": second.sequence}
    url = reverse("desk:calendar_move", args=[second.pk])

    refused = browser.post(url, asked)
    moved = browser.post(url, asked | {"beside_another": "on"})

    assert refused.status_code == 409
    assert '<input type="hidden" name="beside_another" value="on">' in refused.json()["sheet"]
    assert 'name="outside_hours"' not in refused.json()["sheet"]
    assert moved.status_code == 200


@pytest.mark.parametrize("master", ["anna", "whoever is free"])
def test_the_same_form_sent_twice_leads_to_the_one_booking(cast, browser, master):
    asked = {
        "client": cast.vera.pk,
        "service": cast.removal.pk,
        "master": cast.anna.pk if master == "anna" else 0,
        "day": TOMORROW.isoformat(),
        "at": "10:00",
    }

    first = browser.post(reverse("desk:visit_new"), asked)
    second = browser.post(reverse("desk:visit_new"), asked)
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        later = browser.post(reverse("desk:visit_new"), asked)

    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert later.status_code == 422
    assert Appointment.objects.count() == 1


def test_a_new_client_sent_twice_is_one_client_with_one_booking(cast, browser):
    asked = {
        "name": "Selma Example",
        "phone": "",
        "service": cast.removal.pk,
        "master": cast.anna.pk,
        "day": TOMORROW.isoformat(),
        "at": "10:00",
    }

    first = browser.post(reverse("desk:client_new"), asked)
    second = browser.post(reverse("desk:client_new"), asked)

    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert list(Appointment.objects.values_list("client__name", flat=True)) == ["Selma Example"]
