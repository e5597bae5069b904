"""Many want one time or one chair at once (trust.md, B1 and B4). Each has a control: without the guard it must fail.

A door is one way to a booking: what a person does there at the moment when everybody does. A further
door is a further entry of DOORS.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection

from crm.booking.models import Appointment, AppointmentEvent, RoomHold, Stretch, WaitingOffer
from crm.booking.services import book_appointment, holding, move_appointment
from crm.booking.services.waiting import accept_offer
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master
from reminders.links.models import ContactCode
from reminders.links.services.booking import Applicant, Wanted, book_proved
from reminders.links.services.proving import digest
from tests.crm.booking.crowd import Deed, crowd
from tests.factories import (
    NOW,
    TODAY,
    local,
    make_appointment,
    make_branch,
    make_client,
    make_freed,
    make_master,
    make_room,
    make_service,
    make_waiting,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CROWD = 64
ROUNDS = 20
ROUNDS_OF_A_DOOR = 3
# Monday to Saturday are worked
WORKDAYS = [day for n in range(1, 40) if (day := TODAY + timedelta(days=n)).weekday() < 6]
By, Via = Appointment.By, AppointmentEvent.Via


@dataclass(frozen=True)
class Salon:
    """One master, one service of 60 minutes, and everybody who wants it."""

    branch: Branch
    master: Master
    service: Service
    clients: list[Client]


def make_salon(many: int) -> Salon:
    branch = make_branch()
    return Salon(
        branch=branch,
        master=make_master(branch=branch),
        service=make_service(branch=branch, minutes=60),
        clients=[make_client(branch=branch) for _ in range(many)],
    )


def wanted(number: int, on: date) -> datetime:
    """Four different starts, every two of which overlap."""
    return local(on, 10) + timedelta(minutes=15 * (number % 4))


def booking(salon: Salon, number: int, on: date) -> Deed:
    """By the desk, with the time that was shown as free."""
    return lambda: book_appointment(
        client=salon.clients[number],
        master=salon.master,
        services=[salon.service],
        starts_at=wanted(number, on),
        branch=salon.branch,
        now=NOW,
        by=By.CLIENT,
        via=Via.DESK,
    )


def moving(salon: Salon, number: int, on: date) -> Deed:
    """She has a time with somebody else, and takes this one instead by her link."""
    appointment = Appointment.objects.filter(client=salon.clients[number]).order_by("pk").first()
    appointment = appointment or make_appointment(
        client=salon.clients[number],
        master=make_master(branch=salon.branch),
        starts_at=local(WORKDAYS[-1], 10),
        services=[salon.service],
    )
    return lambda: move_appointment(
        appointment=appointment,
        starts_at=wanted(number, on),
        master=salon.master,
        now=NOW,
        by=By.CLIENT,
        via=Via.LINK,
    )


def accepting(salon: Salon, number: int, on: date) -> Deed:
    """She waited, was asked at once with all the others, and says yes."""
    starts_at = wanted(number, on)
    about = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=60)}
    offer = WaitingOffer.objects.create(
        entry=make_waiting(salon.clients[number], services=[salon.service], days=60),
        freed=make_freed(salon.master, starts_at, minutes=60, settled_at=NOW),
        master=salon.master,
        offered_at=NOW,
        until=starts_at - timedelta(minutes=30),
        keeps=False,
        **about,
    )
    return lambda: accept_offer(offer=offer, now=NOW, by=By.CLIENT)


def self_booking(salon: Salon, number: int, on: date) -> Deed:
    """She has shown on the public page that the number is hers, and books."""
    client = salon.clients[number]
    proof = ContactCode.objects.create(
        key=f"{client.pk}-{on}",
        address_digest=digest("address", f"sms {client.phone}"),
        visitor_digest="",
        code_digest="",
        sent_at=NOW,
        good_until=NOW,
        proved_at=NOW,
    )
    applicant = Applicant(name=client.name, channel="sms", address=client.phone, key=proof.key, language="en")
    slot = Wanted(branch=salon.branch, services=[salon.service], master=salon.master, starts_at=wanted(number, on))
    return lambda: book_proved(applicant=applicant, wanted=slot, now=NOW)


DOORS: dict[str, Callable[[Salon, int, date], Deed]] = {
    "move": moving,
    "waiting list": accepting,
    "self-booking": self_booking,
}


def doubly_held() -> int:
    """How many stretches of the same master, or stays in the same room, begin before the one before is over."""
    return sum(
        earlier[0] == later[0] and later[1] < earlier[2]
        for model, key in ((Stretch, "master_id"), (RoomHold, "room_id"))
        for earlier, later in pairwise(
            model.objects.filter(holds=True).order_by(key, "starts_at").values_list(key, "starts_at", "ends_at")
        )
    )


@contextmanager
def constraint_off(model: type[Stretch] | type[RoomHold], name: str) -> Iterator[None]:
    """The exclusion constraint is taken away inside this test and put back."""
    constraint = next(each for each in model._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        model.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.booking.services.appointments.lock_masters", lambda master_ids, **known: [])


def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "is_taken", lambda stretches, **kwargs: False)


@pytest.mark.postgres
def test_of_64_who_want_overlapping_slots_exactly_one_gets_it():
    salon = make_salon(CROWD)
    with crowd(CROWD) as everybody:
        for number in range(ROUNDS):
            ends = everybody.all_at_once([booking(salon, n, WORKDAYS[number]) for n in range(CROWD)])
            assert ends == {"done": 1, "taken": CROWD - 1}
            assert (Appointment.objects.count(), doubly_held()) == (number + 1, 0)


@pytest.mark.postgres
@pytest.mark.parametrize("door", DOORS)
def test_of_64_at_a_door_exactly_one_gets_it(door):
    salon = make_salon(CROWD)
    with crowd(CROWD) as everybody:
        for on in WORKDAYS[:ROUNDS_OF_A_DOOR]:
            ends = everybody.all_at_once([DOORS[door](salon, n, on) for n in range(CROWD)])
            assert ends == {"done": 1, "taken": CROWD - 1}
            assert Appointment.objects.filter(master=salon.master, on=on, status__in=Appointment.OPEN).count() == 1
            assert doubly_held() == 0


@pytest.mark.postgres
def test_the_constraint_alone_lets_exactly_one_through(monkeypatch):
    nobody_waits(monkeypatch)
    nobody_looks(monkeypatch)
    salon = make_salon(32)
    with crowd(32) as everybody:
        ends = everybody.all_at_once([booking(salon, n, WORKDAYS[0]) for n in range(32)])
    assert ends == {"done": 1, "taken": 31}


@pytest.mark.postgres
def test_control_without_lock_and_constraint_two_get_the_same_time(monkeypatch):
    nobody_waits(monkeypatch)
    salon = make_salon(32)
    with constraint_off(Stretch, holding.NO_OVERLAP), crowd(32) as everybody:
        for on in WORKDAYS[:20]:
            everybody.all_at_once([booking(salon, n, on) for n in range(32)])
            if doubly_held():
                return
    pytest.fail("the guard was off and nobody was booked twice: the race test proves nothing")


@pytest.mark.postgres
def test_control_without_lock_and_constraint_two_take_the_same_offered_time(monkeypatch):
    nobody_waits(monkeypatch)
    salon = make_salon(32)
    with constraint_off(Stretch, holding.NO_OVERLAP), crowd(32) as everybody:
        for on in WORKDAYS[:20]:
            everybody.all_at_once([accepting(salon, n, on) for n in range(32)])
            if doubly_held():
                return
    pytest.fail("the guard was off and nobody was booked twice: the race test proves nothing")


def one_chair(salon: Salon, masters: list[Master], number: int, on: date) -> Deed:
    """Each with a master of her own, so that the chair alone is short."""
    return lambda: book_appointment(
        client=salon.clients[number],
        master=masters[number],
        services=[salon.service],
        starts_at=wanted(number, on),
        branch=salon.branch,
        now=NOW,
        by=By.CLIENT,
        via=Via.LINK,
    )


def make_salon_with_one_chair(many: int) -> tuple[Salon, list[Master]]:
    salon = make_salon(many)
    make_room(salon.service)
    return salon, [make_master(branch=salon.branch) for _ in range(many)]


@pytest.mark.postgres
def test_of_64_who_want_one_chair_exactly_one_sits_in_it():
    salon, masters = make_salon_with_one_chair(CROWD)
    with crowd(CROWD) as everybody:
        for number in range(ROUNDS_OF_A_DOOR):
            ends = everybody.all_at_once([one_chair(salon, masters, n, WORKDAYS[number]) for n in range(CROWD)])
            assert ends == {"done": 1, "taken": CROWD - 1}
            assert (RoomHold.objects.count(), Stretch.objects.count(), doubly_held()) == (number + 1, number + 1, 0)


def no_room_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "lock_rooms", lambda room_ids: None)


@pytest.mark.postgres
def test_the_constraint_alone_lets_one_into_the_chair(monkeypatch):
    no_room_is_watched(monkeypatch)
    salon, masters = make_salon_with_one_chair(32)
    with crowd(32) as everybody:
        ends = everybody.all_at_once([one_chair(salon, masters, n, WORKDAYS[0]) for n in range(32)])
    assert (ends, doubly_held()) == ({"done": 1, "taken": 31}, 0)


@pytest.mark.postgres
def test_control_without_lock_and_constraint_two_sit_in_one_chair(monkeypatch):
    no_room_is_watched(monkeypatch)
    salon, masters = make_salon_with_one_chair(32)
    with constraint_off(RoomHold, holding.NO_SHARED_ROOM), crowd(32) as everybody:
        for on in WORKDAYS[:20]:
            everybody.all_at_once([one_chair(salon, masters, n, on) for n in range(32)])
            if doubly_held():
                return
    pytest.fail("the guard was off and nobody shared a chair: the race test proves nothing")


@pytest.mark.sqlite(only=True)
def test_on_sqlite_16_writers_make_exactly_one_booking_and_nobody_finds_it_locked():
    salon = make_salon(16)
    with crowd(16) as everybody:
        for on in WORKDAYS[:5]:
            ends = everybody.all_at_once([booking(salon, n, on) for n in range(16)])
            assert ends == {"done": 1, "taken": 15}
            assert doubly_held() == 0


@pytest.mark.sqlite(only=True)
def test_on_sqlite_16_writers_put_one_client_into_one_chair():
    salon, masters = make_salon_with_one_chair(16)
    with crowd(16) as everybody:
        ends = everybody.all_at_once([one_chair(salon, masters, n, WORKDAYS[0]) for n in range(16)])
    assert (ends, doubly_held()) == ({"done": 1, "taken": 15}, 0)


@pytest.mark.sqlite(only=True)
def test_control_on_sqlite_without_the_check_all_are_booked(monkeypatch):
    nobody_looks(monkeypatch)
    monkeypatch.setattr(holding, "is_within_hours", lambda **kwargs: True)
    salon = make_salon(4)
    with crowd(4) as everybody:
        ends = everybody.all_at_once([booking(salon, n, WORKDAYS[0]) for n in range(4)])
    assert (ends, doubly_held() > 0) == ({"done": 4}, True)


def dragging(visit: Appointment, number: int, sequence: int | None) -> Deed:
    """By one of the receptionists, who both look at the same calendar."""
    return lambda: move_appointment(
        appointment=Appointment.objects.get(pk=visit.pk),
        starts_at=local(WORKDAYS[0], 12 + number),
        now=NOW,
        by=By.SALON,
        via=Via.DESK,
        sequence=sequence,
    )


@pytest.mark.postgres
@pytest.mark.parametrize("knows", [True, False], ids=["sequence", "control"])
def test_of_two_who_drag_one_visit_at_once_the_second_hears_that_it_has_changed(knows):
    salon = make_salon(1)
    visit = make_appointment(
        client=salon.clients[0], master=salon.master, starts_at=local(WORKDAYS[0], 10), services=[salon.service]
    )
    with crowd(2) as both:
        ends = both.all_at_once([dragging(visit, n, visit.sequence if knows else None) for n in range(2)])

    # the control: who does not say what she knew is never told
    changed = {"WrongMoment: The appointment has changed meanwhile. Look at it again.": 1}
    assert ends == ({"done": 1} | changed if knows else {"done": 2})
