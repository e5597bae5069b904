"""Rooms and chairs: one client at a time, from her first minute to the end of the buffer (rules.md, Booking)."""

from datetime import time, timedelta

import pytest

from crm.booking.models import Appointment, AppointmentEvent, RoomHold
from crm.booking.services import (
    RoomTaken,
    SlotTaken,
    book_appointment,
    cancel_appointment,
    free_slots,
    move_appointment,
    undo_event,
)
from crm.booking.stretches import lay_out
from tests.factories import (
    NOW,
    TODAY,
    local,
    make_branch,
    make_client,
    make_master,
    make_room,
    make_service,
)

pytestmark = pytest.mark.django_db

By, Via = Appointment.By, AppointmentEvent.Via
TOMORROW = TODAY + timedelta(days=1)
TEN = local(TOMORROW, 10)


def book(cast, **changes):
    wanted = {
        "client": cast.vera,
        "master": cast.anna,
        "services": [cast.colour],
        "starts_at": TEN,
        "branch": cast.branch,
        "now": NOW,
        "by": By.CLIENT,
        "via": Via.DESK,
    }
    return book_appointment(**(wanted | changes))


def taken(appointment):
    """Room, from and to in minutes from the start, and whether it holds."""
    return [
        (hold.room.name, (hold.starts_at - TEN).seconds // 60, (hold.ends_at - TEN).seconds // 60, hold.holds)
        for hold in appointment.room_holds.select_related("room").order_by("starts_at")
    ]


def clock(slots):
    return [f"{slot.starts_local:%H:%M} {slot.master.name}" for slot in slots]


def test_a_visit_holds_its_chair_through_processing_and_buffer(cast):
    make_room(cast.colour, name="Chair")
    assert taken(book(cast)) == [("Chair", 0, 120, True)]


def test_one_chair_holds_one_client_while_the_master_of_the_other_is_free(cast):
    make_room(cast.colour, name="Chair")
    book(cast)
    # Boris is free, the chair is not: colour takes 105 minutes and 15 of buffer, until 12:00
    with pytest.raises(RoomTaken) as refusal:
        book(cast, client=cast.dina, master=cast.boris, starts_at=TEN + timedelta(minutes=45))
    assert clock(refusal.value.nearest) == ["12:00 Boris", "12:15 Boris", "12:30 Boris"]
    assert isinstance(refusal.value, SlotTaken)
    assert Appointment.objects.count() == 1
    book(cast, client=cast.dina, master=cast.boris, starts_at=TEN + timedelta(minutes=120))


def test_of_several_chairs_any_that_is_free_is_taken(cast):
    make_room(cast.colour, name="Chair 1")
    make_room(cast.colour, name="Chair 2")
    first = book(cast)
    second = book(cast, client=cast.dina, master=cast.boris)
    assert (taken(first)[0][0], taken(second)[0][0]) == ("Chair 1", "Chair 2")


def test_a_room_out_of_use_is_not_taken_and_without_another_the_service_cannot_be_booked(cast):
    make_room(cast.colour, is_active=False)
    with pytest.raises(RoomTaken) as refusal:
        book(cast)
    assert refusal.value.nearest == []
    assert free_slots(branch=cast.branch, services=[cast.colour], from_day=TOMORROW, days=7, now=NOW) == []


def test_slots_leave_out_the_hours_at_which_no_room_is_free():
    branch = make_branch()
    make_master(branch=branch, name="Anna", hours=(time(9), time(12)))
    boris = make_master(branch=branch, name="Boris", hours=(time(9), time(12)))
    brows = make_service(branch=branch, minutes=60)
    make_room(brows)
    book_appointment(
        client=make_client(branch=branch),
        master=boris,
        services=[brows],
        starts_at=local(TOMORROW, 10),
        branch=branch,
        now=NOW,
        by=By.SALON,
        via=Via.DESK,
    )
    found = free_slots(branch=branch, services=[brows], from_day=TOMORROW, days=1, now=NOW)
    assert clock(found) == ["09:00 Anna", "09:00 Boris", "11:00 Anna", "11:00 Boris"]


def test_services_in_one_chair_keep_it_and_another_chair_follows_where_it_has_to():
    plan = lay_out([[("work", 30)], [("work", 20)], [("work", 10)]], buffers=[5, 15, 0])
    wash, chair, couch = 1, 2, 3
    # the first two can be done in the chair, the third only on the couch
    rooms = [frozenset({wash, chair}), frozenset({chair}), frozenset({couch})]
    assert plan.stays(rooms) == [(frozenset({chair}), 0, 65), (frozenset({couch}), 50, 60)]
    assert plan.stays([None, frozenset({couch}), None]) == [(frozenset({couch}), 30, 65)]


def test_coming_back_into_a_room_whose_buffer_runs_is_one_stay(cast):
    wash = make_service(branch=cast.branch, minutes=20, buffer_minutes=30)
    talk = make_service(branch=cast.branch, minutes=10)
    make_room(wash, name="Basin")
    assert taken(book(cast, services=[wash, talk, wash])) == [("Basin", 0, 80, True)]


def test_moving_takes_the_chair_along_and_undo_puts_it_back(cast):
    make_room(cast.colour, name="Chair 1")
    make_room(cast.colour, name="Chair 2")
    appointment = book(cast)
    event = move_appointment(
        appointment=appointment, starts_at=TEN + timedelta(minutes=30), now=NOW, by=By.SALON, via=Via.DESK
    )
    assert taken(appointment) == [("Chair 1", 30, 150, True)]
    undo_event(event=event, now=NOW)
    assert taken(appointment) == [("Chair 1", 0, 120, True)]


def test_a_cancelled_visit_lets_the_chair_go_and_undo_finds_another(cast):
    make_room(cast.colour, name="Chair 1")
    make_room(cast.colour, name="Chair 2")
    appointment = book(cast)
    event = cancel_appointment(appointment=appointment, now=NOW, by=By.CLIENT, via=Via.DESK)
    assert taken(appointment) == [("Chair 1", 0, 120, False)]
    book(cast, client=cast.dina, master=cast.boris)
    undo_event(event=event, now=NOW)
    assert taken(appointment) == [("Chair 2", 0, 120, True)]


@pytest.mark.postgres
def test_the_database_refuses_two_clients_in_one_chair(cast, monkeypatch):
    chair = make_room(cast.colour)
    book(cast)
    # a door that looked at nothing: the constraint has the last word
    monkeypatch.setattr(
        "crm.booking.services.holding.free_rooms",
        lambda appointment, wish, **about: [
            RoomHold(appointment=appointment, room=chair, starts_at=wish.starts_at, ends_at=wish.ends_at)
        ],
    )
    with pytest.raises(RoomTaken):
        book(cast, client=cast.dina, master=cast.boris)
