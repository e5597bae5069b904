"""Visits that are older than their chair take a free one, and the owner hears for whom there is none."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from crm.booking.models import Appointment, RoomHold
from crm.booking.services.rooms import give_rooms
from crm.catalogue.models import Room, ServiceRoom
from tests.factories import NOW, TODAY, local, make_appointment, make_room

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)
Status = Appointment.Status


def booked(cast, client, master, hour, **fields):
    """Before there was any room; Colour takes 105 minutes and a buffer of 15."""
    services = fields.pop("services", [cast.colour])
    starts_at = local(TOMORROW, hour)
    return make_appointment(client=client, master=master, starts_at=starts_at, services=services, **fields)


def seats():
    return {
        (hold.appointment_id, hold.room.name, (hold.ends_at - hold.starts_at) // timedelta(minutes=1))
        for hold in RoomHold.objects.select_related("room")
    }


def test_visits_booked_before_the_chair_sit_in_it_and_who_comes_too_late_is_named(cast):
    first = booked(cast, cast.vera, cast.anna, 10)
    second = booked(cast, cast.dina, cast.boris, 11)
    third = booked(cast, cast.leila, cast.anna, 12)
    make_room(cast.colour, name="Chair")

    # 10:00 holds the chair to the end of its buffer at 12:00
    assert give_rooms(now=NOW) == [second]
    assert seats() == {(first.pk, "Chair", 120), (third.pk, "Chair", 120)}


def test_given_again_nothing_changes(cast):
    booked(cast, cast.vera, cast.anna, 10)
    second = booked(cast, cast.dina, cast.boris, 11)
    make_room(cast.colour, name="Chair")
    give_rooms(now=NOW)
    before = set(RoomHold.objects.values_list("pk", flat=True))

    assert give_rooms(now=NOW) == [second]
    assert set(RoomHold.objects.values_list("pk", flat=True)) == before


def test_with_a_second_chair_nobody_is_left(cast):
    first = booked(cast, cast.vera, cast.anna, 10)
    second = booked(cast, cast.dina, cast.boris, 11)
    make_room(cast.colour, name="Chair")
    make_room(cast.colour, name="Window")

    assert give_rooms(now=NOW) == []
    assert {(pk, name) for pk, name, _minutes in seats()} == {(first.pk, "Chair"), (second.pk, "Window")}


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW, Status.DONE])
def test_what_is_over_takes_no_chair(cast, status):
    booked(cast, cast.vera, cast.anna, 10, status=status)
    make_room(cast.colour)

    assert (give_rooms(now=NOW), seats()) == ([], set())


def test_a_room_out_of_use_and_a_service_without_one_take_none(cast):
    booked(cast, cast.vera, cast.anna, 10)
    booked(cast, cast.dina, cast.boris, 10, services=[cast.lashes])
    make_room(cast.colour, is_active=False)

    assert (give_rooms(now=NOW), seats()) == ([], set())


def test_a_service_tied_to_a_room_later_adds_it_to_the_one_she_has(cast):
    visit = booked(cast, cast.vera, cast.anna, 10, services=[cast.lashes, cast.removal])
    make_room(cast.lashes, name="Bed")
    give_rooms(now=NOW)
    make_room(cast.removal, name="Sink")

    assert give_rooms(now=NOW) == []
    assert seats() == {(visit.pk, "Bed", 90), (visit.pk, "Sink", 30)}


@pytest.fixture
def office(cast):
    with time_machine.travel(NOW, tick=False):
        browser = Client()
        browser.force_login(cast.owner)
        yield browser


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_owner_who_adds_a_chair_hears_for_whom_it_is_taken(cast, office):
    first = booked(cast, cast.vera, cast.anna, 10)
    booked(cast, cast.dina, cast.boris, 11)

    response = office.post(
        reverse("admin:crm_room_add"),
        {
            "name": "Chair",
            "branch": cast.branch.pk,
            "is_active": "on",
            "services-TOTAL_FORMS": 1,
            "services-INITIAL_FORMS": 0,
            "services-0-service": cast.colour.pk,
        },
    )

    assert response.status_code == 302
    assert told(response)[-1] == (
        "No room or chair is free for: \u2068Dina Example\u2069, Thu 11 Jun 11:00. Move them, or add another."
    )
    assert seats() == {(first.pk, "Chair", 120)}


def test_a_chair_that_is_used_again_is_found_for_who_is_booked(cast, office):
    visit = booked(cast, cast.vera, cast.anna, 10)
    room = make_room(cast.colour, name="Chair", is_active=False)
    tie = ServiceRoom.objects.get(room=room)

    office.post(
        reverse("admin:crm_room_change", args=[room.pk]),
        {
            "name": "Chair",
            "branch": cast.branch.pk,
            "is_active": "on",
            "services-TOTAL_FORMS": 1,
            "services-INITIAL_FORMS": 1,
            "services-0-id": tie.pk,
            "services-0-room": room.pk,
            "services-0-service": cast.colour.pk,
        },
    )

    assert Room.objects.get().is_active
    assert seats() == {(visit.pk, "Chair", 120)}
