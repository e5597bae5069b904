"""Several services by several masters in sequence: each calendar holds only its part (rules.md, Booking)."""

from datetime import time, timedelta

import pytest

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import (
    CannotDoService,
    SlotTaken,
    book_appointment,
    finish_visit,
    free_slots,
    move_appointment,
    slots_to_move,
    undo_event,
)
from crm.booking.stretches import lay_out
from tests.factories import (
    NOW,
    TODAY,
    local,
    make_appointment,
    make_branch,
    make_master,
    make_service,
    make_skill,
)

pytestmark = pytest.mark.django_db

By, Via = Appointment.By, AppointmentEvent.Via
TOMORROW = TODAY + timedelta(days=1)
TEN = local(TOMORROW, 10)


def book(cast, **changes):
    wanted = {
        "client": cast.vera,
        "master": cast.anna,
        "services": [cast.colour, cast.removal],
        "masters": [None, cast.boris],
        "starts_at": TEN,
        "branch": cast.branch,
        "now": NOW,
        "by": By.CLIENT,
        "via": Via.DESK,
    }
    return book_appointment(**(wanted | changes))


def held(appointment):
    """Master, from and to in minutes from the start."""
    return [
        (
            stretch.master.name,
            *((at - appointment.starts_at).seconds // 60 for at in (stretch.starts_at, stretch.ends_at)),
        )
        for stretch in appointment.stretches.select_related("master").order_by("starts_at", "master__name")
    ]


def test_each_buffer_follows_the_last_part_of_its_master():
    plan = lay_out([[("work", 30)], [("work", 20)], [("work", 10)]], buffers=[15, 5, 0])
    assert plan.held_by(["anna", "boris", "anna"]) == {"anna": ((0, 30), (50, 75)), "boris": ((30, 55),)}
    assert plan.held_by(["anna", "anna", "anna"]) == {"anna": ((0, 75),)}


def test_each_master_is_held_for_her_part_only(cast):
    appointment = book(cast)
    # colour: 45 work, 30 processing, 30 work, 15 buffer; the removal begins when the colour is done
    assert held(appointment) == [("Anna", 0, 45), ("Anna", 75, 120), ("Boris", 105, 135)]
    assert [line.master for line in appointment.lines.order_by("position")] == [None, cast.boris]
    assert (appointment.master, appointment.minutes) == (cast.anna, 135)


def test_the_appointment_belongs_to_who_has_a_part_in_it(cast):
    assert book(cast, master=cast.boris, masters=[cast.anna, cast.anna]).master == cast.anna


def test_the_part_of_one_is_refused_while_she_has_another_client(cast):
    make_appointment(
        client=cast.dina, master=cast.boris, starts_at=TEN + timedelta(minutes=120), services=[cast.removal]
    )
    with pytest.raises(SlotTaken) as refusal:
        book(cast)
    # Boris has a client from 12:00 to 12:30 and begins 105 minutes in: up to 09:45, then from 10:45 on
    assert [(f"{slot.starts_local:%H:%M}", [each.name for each in slot.masters]) for slot in refusal.value.nearest] == [
        ("09:45", ["Anna", "Boris"]),
        ("09:30", ["Anna", "Boris"]),
        ("09:15", ["Anna", "Boris"]),
    ]


def test_everybody_does_only_what_she_knows(cast):
    make_skill(cast.boris, cast.colour)
    with pytest.raises(CannotDoService):
        book(cast)
    assert book(cast, masters=[cast.boris, None]).minutes == 135


def test_sequences_are_offered_where_nobody_does_all_of_it():
    branch = make_branch()
    anna = make_master(branch=branch, name="Anna", hours=(time(9), time(11)))
    boris = make_master(branch=branch, name="Boris", hours=(time(10), time(12)))
    colour = make_service(branch=branch, minutes=60)
    lashes = make_service(branch=branch, minutes=60)
    make_skill(anna, colour)
    make_skill(boris, lashes)
    found = free_slots(branch=branch, services=[colour, lashes], from_day=TOMORROW, days=1, now=NOW)
    # Boris begins an hour after Anna: from 10:00, and by 11:00 at the latest
    assert [(f"{slot.starts_local:%H:%M}", [each.name for each in slot.masters]) for slot in found] == [
        (at, ["Anna", "Boris"]) for at in ("09:00", "09:15", "09:30", "09:45", "10:00")
    ]
    assert (found[0].master, found[0].ends_at - found[0].starts_at) == (anna, timedelta(minutes=120))
    # hers is her part, the rest somebody else's
    with_boris = free_slots(branch=branch, services=[colour, lashes], from_day=TOMORROW, days=1, now=NOW, master=boris)
    assert with_boris == found
    fixed = free_slots(
        branch=branch, services=[colour, lashes], from_day=TOMORROW, days=1, now=NOW, masters=[boris, anna]
    )
    assert fixed == []


def test_one_who_does_all_is_offered_alone(cast):
    make_skill(cast.anna, cast.colour)
    found = free_slots(branch=cast.branch, services=[cast.colour, cast.removal], from_day=TOMORROW, days=1, now=NOW)
    assert {tuple(each.name for each in slot.masters) for slot in found} == {("Boris", "Boris")}


def test_every_pair_of_masters_is_tried_for_a_time(django_assert_num_queries):
    branch = make_branch()
    colour = make_service(branch=branch, minutes=60)
    lashes = make_service(branch=branch, minutes=60)
    for _ in range(5):
        make_skill(make_master(branch=branch, hours=(time(9), time(11))), colour)
        make_skill(make_master(branch=branch, hours=(time(9), time(11))), lashes)
    with django_assert_num_queries(5):
        found = free_slots(branch=branch, services=[colour, lashes], from_day=TOMORROW, days=1, now=NOW)
    # one time, and of each of the five who could begin one sequence
    assert [(f"{slot.starts_local:%H:%M}", len(slot.team)) for slot in found] == [("09:00", 2)] * 5


def test_moving_keeps_everybodys_part_and_undo_puts_each_back(cast):
    appointment = book(cast)
    before = held(appointment)
    event = move_appointment(
        appointment=appointment,
        starts_at=TEN + timedelta(minutes=60),
        masters=[cast.boris, cast.boris],
        now=NOW,
        by=By.SALON,
        via=Via.DESK,
    )
    assert held(appointment) == [("Boris", 0, 45), ("Boris", 75, 150)]
    assert (appointment.master, [line.master for line in appointment.lines.all()]) == (cast.boris, [None, None])
    undo_event(event=event, now=NOW)
    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.master, held(appointment)) == (TEN, cast.anna, before)
    assert [line.master for line in appointment.lines.order_by("position")] == [None, cast.boris]


def test_another_master_takes_over_the_part_of_her_own_master_only(cast):
    third = make_master(branch=cast.branch, name="Cilla")
    appointment = book(cast)
    move_appointment(appointment=appointment, starts_at=TEN, master=third, now=NOW, by=By.SALON, via=Via.DESK)
    assert held(appointment) == [("Cilla", 0, 45), ("Cilla", 75, 120), ("Boris", 105, 135)]


def test_slots_to_move_are_for_those_who_do_it_now(cast):
    appointment = book(cast)
    make_appointment(
        client=cast.dina, master=cast.boris, starts_at=local(TOMORROW, 13), services=[cast.removal], minutes=300
    )
    free = slots_to_move(appointment=appointment, from_day=TOMORROW, days=1, now=NOW)
    # Boris' part of 30 minutes begins 105 minutes in and is over by 13:00: from 9:00 up to 10:45
    assert [f"{slot.starts_local:%H:%M}" for slot in free] == [
        "09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30", "10:45",
    ]  # fmt: skip
    anyone = slots_to_move(appointment=appointment, from_day=TOMORROW, days=1, now=NOW, anyone=True)
    assert {tuple(each.name for each in slot.masters) for slot in anyone} == {("Anna", "Anna"), ("Boris", "Boris")}


def test_the_visit_says_who_did_what(cast):
    appointment = book(cast, starts_at=NOW)
    finish_visit(appointment=appointment, now=NOW + timedelta(minutes=140), via=Via.DESK)
    items = cast.vera.visits.get().items.order_by("pk")
    assert [(item.service, item.master) for item in items] == [(cast.colour, cast.anna), (cast.removal, cast.boris)]
