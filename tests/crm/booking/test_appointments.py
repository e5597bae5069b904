"""The verbs of booking: each step once, held messages, undo (rules.md, Booking)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.booking.models import Appointment, AppointmentEvent, Pulse, Visit
from crm.booking.services import (
    CannotDoService,
    InThePast,
    NotToday,
    OutsideHours,
    SlotTaken,
    TooEarly,
    UndoIsOver,
    WrongMoment,
    arrive,
    book_appointment,
    cancel_appointment,
    confirm_appointment,
    finish_visit,
    mark_no_show,
    move_appointment,
    send_now,
    start_visit,
    undo_event,
)
from tests.factories import NOW, TODAY, local, make_appointment, make_skill

pytestmark = pytest.mark.django_db

By, Via, Status, Kind = Appointment.By, AppointmentEvent.Via, Appointment.Status, AppointmentEvent.Kind
TOMORROW = TODAY + timedelta(days=1)
TEN = local(TOMORROW, 10)


def book(cast, **changes):
    wanted = {
        "client": cast.vera,
        "master": cast.anna,
        "services": [cast.lashes],
        "starts_at": TEN,
        "branch": cast.branch,
        "now": NOW,
        "by": By.CLIENT,
        "via": Via.DESK,
        "user": cast.receptionist,
    }
    return book_appointment(**(wanted | changes))


def held(appointment):
    stretches = appointment.stretches.order_by("starts_at").values_list("starts_at", "ends_at", "holds")
    return [(start - appointment.starts_at, end - appointment.starts_at, holds) for start, end, holds in stretches]


def minutes(number):
    return timedelta(minutes=number)


def test_booking_writes_the_appointment_its_stretches_event_and_pulse(cast):
    appointment = book(cast, services=[cast.colour, cast.removal])
    assert (appointment.on, appointment.minutes, appointment.told_minutes) == (TOMORROW, 135, 160)
    assert appointment.price == Decimal(135)
    assert [(line.service.name, line.minutes) for line in appointment.lines.order_by("position")] == [
        ("Colour", 105),
        ("Removal", 30),
    ]
    assert held(appointment) == [(minutes(0), minutes(45), True), (minutes(75), minutes(150), True)]
    event = appointment.events.get()
    assert (event.kind, event.user, event.held_until, event.starts_after) == (Kind.BOOKED, cast.receptionist, None, TEN)
    assert Pulse.objects.get(client=cast.vera).next_starts_at == TEN
    assert not appointment.rebooked_on_spot


def test_a_service_without_a_price_leaves_the_price_open(cast):
    cast.lashes.price = None
    cast.lashes.save()
    assert book(cast).price is None


def test_taken_time_is_refused_with_the_nearest_free_slots_and_nothing_is_left(cast):
    book(cast)
    with pytest.raises(SlotTaken) as refusal:
        book(cast, client=cast.dina, starts_at=TEN + minutes(60))
    # lashes take 90 minutes: Anna's nearest are 11:30 (30 minutes off), 11:45 and 12:00
    assert [(f"{slot.starts_local:%H:%M}", slot.master.name) for slot in refusal.value.nearest] == [
        ("11:30", "Anna"),
        ("11:45", "Anna"),
        ("12:00", "Anna"),
    ]
    assert Appointment.objects.count() == 1


def test_back_to_back_is_no_overlap(cast):
    book(cast)
    assert book(cast, client=cast.dina, starts_at=TEN + minutes(90)).starts_at == TEN + minutes(90)


def test_outside_hours_needs_a_word_of_agreement(cast):
    evening = local(TOMORROW, 20)
    with pytest.raises(OutsideHours):
        book(cast, starts_at=evening)
    assert book(cast, starts_at=evening, outside_hours=True).starts_at == evening


def test_a_master_is_not_booked_for_what_she_does_not_do(cast):
    make_skill(cast.anna, cast.removal)
    with pytest.raises(CannotDoService):
        book(cast)
    with pytest.raises(CannotDoService):
        book(cast, master=cast.outsider)


def test_the_desk_writes_down_who_walked_in_earlier_and_a_link_does_not(cast):
    earlier = NOW - minutes(60)
    with pytest.raises(InThePast):
        book(cast, starts_at=earlier, via=Via.LINK)
    with pytest.raises(InThePast):
        book(cast, starts_at=earlier - timedelta(days=1))
    assert book(cast, starts_at=earlier).on == TODAY


def test_booked_for_a_later_day_while_she_is_here_is_rebooked_on_the_spot(cast):
    make_appointment(client=cast.vera, master=cast.boris, starts_at=NOW, status=Status.IN_PROGRESS)
    assert book(cast).rebooked_on_spot
    assert not book(cast, starts_at=local(TODAY, 16)).rebooked_on_spot
    assert not book(cast, client=cast.dina, starts_at=local(TOMORROW, 15)).rebooked_on_spot


def test_booked_in_the_morning_of_the_visit_day_counts_once_she_was_here(cast):
    today = make_appointment(client=cast.vera, master=cast.boris, starts_at=NOW + minutes(60), services=[cast.lashes])
    later = book(cast)
    assert not later.rebooked_on_spot
    finish_visit(appointment=today, now=NOW + minutes(160), via=Via.DESK)
    later.refresh_from_db()
    assert later.rebooked_on_spot


def test_moving_keeps_the_length_waits_for_confirmation_and_holds_its_message(cast):
    appointment = book(cast)
    confirm_appointment(appointment=appointment, now=NOW, via=Via.LINK)
    event = move_appointment(
        appointment=appointment,
        starts_at=TEN + minutes(30),
        master=cast.boris,
        now=NOW,
        by=By.SALON,
        via=Via.DESK,
        user=cast.receptionist,
    )
    assert (appointment.status, appointment.master, appointment.sequence) == (Status.BOOKED, cast.boris, 1)
    assert held(appointment) == [(minutes(0), minutes(90), True)]
    assert (event.starts_before, event.starts_after, event.master_before) == (TEN, TEN + minutes(30), cast.anna)
    assert event.held_until == NOW + minutes(10)


def test_a_move_onto_its_own_time_is_possible_and_onto_another_is_not(cast):
    first = book(cast)
    book(cast, client=cast.dina, starts_at=TEN + minutes(90))
    with pytest.raises(SlotTaken):
        move_appointment(appointment=first, starts_at=TEN + minutes(15), now=NOW, by=By.SALON, via=Via.DESK)
    first.refresh_from_db()
    assert (first.starts_at, held(first)) == (TEN, [(minutes(0), minutes(90), True)])
    move_appointment(appointment=first, starts_at=TEN - minutes(15), now=NOW, by=By.SALON, via=Via.DESK)
    assert first.starts_at == TEN - minutes(15)


def test_imported_length_is_kept_when_it_is_moved(cast):
    appointment = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=TEN, services=[cast.lashes], minutes=40
    )
    move_appointment(appointment=appointment, starts_at=TEN + minutes(30), now=NOW, by=By.CLIENT, via=Via.LINK)
    assert appointment.ends_at == TEN + minutes(70)
    assert held(appointment) == [(minutes(0), minutes(40), True)]


def test_cancelling_frees_the_time_at_once_and_undo_takes_it_back(cast):
    appointment = book(cast)
    event = cancel_appointment(
        appointment=appointment, now=NOW, by=By.CLIENT, via=Via.DESK, user=cast.receptionist, reason="ill"
    )
    assert (appointment.status, appointment.cancel_reason, held(appointment)[0][2]) == (Status.CANCELLED, "ill", False)
    assert Pulse.objects.get(client=cast.vera).next_starts_at is None
    undo_event(event=event, now=NOW + minutes(9), user=cast.receptionist)
    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancelled_at, held(appointment)[0][2]) == (Status.BOOKED, None, True)
    assert Pulse.objects.get(client=cast.vera).next_starts_at == TEN
    kinds = list(appointment.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == [Kind.BOOKED, Kind.CANCELLED, Kind.UNDONE]


def test_undo_ends_after_ten_minutes_or_when_the_message_is_sent_now(cast):
    event = cancel_appointment(appointment=book(cast), now=NOW, by=By.SALON, via=Via.DESK)
    with pytest.raises(UndoIsOver):
        undo_event(event=event, now=NOW + minutes(10))
    assert send_now(event=event, now=NOW + minutes(1))
    assert not send_now(event=event, now=NOW + minutes(2))
    with pytest.raises(UndoIsOver):
        undo_event(event=event, now=NOW + minutes(2))


def test_a_clients_own_cancellation_holds_nothing_and_cannot_be_undone(cast):
    event = cancel_appointment(appointment=book(cast), now=NOW, by=By.CLIENT, via=Via.LINK)
    assert event.held_until is None
    with pytest.raises(UndoIsOver):
        undo_event(event=event, now=NOW)


def test_undo_gives_way_to_who_took_the_time_meanwhile(cast):
    event = cancel_appointment(appointment=book(cast), now=NOW, by=By.CLIENT, via=Via.DESK)
    book(cast, client=cast.dina)
    with pytest.raises(SlotTaken):
        undo_event(event=event, now=NOW + minutes(1))
    event.refresh_from_db()
    assert (event.undone_at, event.appointment.status) == (None, Status.CANCELLED)


def test_undoing_a_move_puts_time_and_master_back(cast):
    appointment = book(cast)
    confirm_appointment(appointment=appointment, now=NOW, via=Via.DESK)
    event = move_appointment(
        appointment=appointment,
        starts_at=TEN + timedelta(days=1),
        master=cast.boris,
        now=NOW,
        by=By.SALON,
        via=Via.DESK,
    )
    undo_event(event=event, now=NOW + minutes(1))
    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.on, appointment.master) == (TEN, TOMORROW, cast.anna)
    assert appointment.status == Status.CONFIRMED
    assert held(appointment) == [(minutes(0), minutes(90), True)]


def test_only_the_last_step_is_undone(cast):
    appointment = book(cast)
    first = move_appointment(appointment=appointment, starts_at=TEN + minutes(15), now=NOW, by=By.SALON, via=Via.DESK)
    move_appointment(appointment=appointment, starts_at=TEN + minutes(30), now=NOW, by=By.SALON, via=Via.DESK)
    with pytest.raises(UndoIsOver):
        undo_event(event=first, now=NOW + minutes(1))


def test_the_day_goes_from_arrival_to_done_and_leaves_a_visit(cast):
    appointment = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])
    arrive(appointment=appointment, now=NOW, user=cast.receptionist)
    with pytest.raises(WrongMoment):
        arrive(appointment=appointment, now=NOW)
    start_visit(appointment=appointment, now=NOW + minutes(5))
    finish_visit(appointment=appointment, now=NOW + minutes(90), via=Via.CHECKOUT, is_paid=True)
    assert finish_visit(appointment=appointment, now=NOW + minutes(95), via=Via.CHECKOUT) is None
    assert (appointment.arrived_at, appointment.started_at) == (NOW, NOW + minutes(5))
    assert (appointment.finished_at, appointment.status) == (NOW + minutes(90), Status.DONE)
    visit = Visit.objects.get(client=cast.vera)
    assert (visit.on, visit.counts, visit.is_paid, visit.items.get().master) == (TODAY, True, True, cast.anna)
    assert Pulse.objects.get(client=cast.vera).last_counting_on == TODAY
    assert held(appointment)[0][2] is False


def test_who_is_started_without_check_in_arrived_then_and_undo_takes_both_back(cast):
    appointment = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW)
    event = start_visit(appointment=appointment, now=NOW)
    assert appointment.arrived_at == NOW
    undo_event(event=event, now=NOW + minutes(1))
    appointment.refresh_from_db()
    assert (appointment.status, appointment.arrived_at, appointment.started_at) == (Status.BOOKED, None, None)


def test_arrival_is_on_its_day_and_can_be_undone(cast):
    with pytest.raises(NotToday):
        arrive(appointment=book(cast), now=NOW)
    appointment = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, status=Status.CONFIRMED)
    event = arrive(appointment=appointment, now=NOW)
    undo_event(event=event, now=NOW + minutes(2))
    appointment.refresh_from_db()
    assert (appointment.status, appointment.arrived_at) == (Status.CONFIRMED, None)


def test_no_show_is_said_after_the_hour_and_can_be_undone(cast):
    appointment = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW)
    with pytest.raises(TooEarly):
        mark_no_show(appointment=appointment, now=NOW - minutes(1))
    event = mark_no_show(appointment=appointment, now=NOW + minutes(30))
    assert (appointment.status, event.held_until) == (Status.NO_SHOW, NOW + minutes(40))
    undo_event(event=event, now=NOW + minutes(31))
    appointment.refresh_from_db()
    assert appointment.status == Status.BOOKED


def test_what_is_over_takes_no_further_step(cast):
    appointment = book(cast)
    cancel_appointment(appointment=appointment, now=NOW, by=By.CLIENT, via=Via.LINK)
    for verb in (
        lambda: cancel_appointment(appointment=appointment, now=NOW, by=By.CLIENT, via=Via.LINK),
        lambda: confirm_appointment(appointment=appointment, now=NOW, via=Via.LINK),
        lambda: mark_no_show(appointment=appointment, now=TEN),
        lambda: finish_visit(appointment=appointment, now=TEN, via=Via.DESK),
        lambda: move_appointment(
            appointment=appointment, starts_at=TEN + minutes(15), now=NOW, by=By.CLIENT, via=Via.LINK
        ),
    ):
        with pytest.raises(WrongMoment):
            verb()


def test_confirming_twice_writes_one_event(cast):
    appointment = book(cast)
    assert confirm_appointment(appointment=appointment, now=NOW, via=Via.LINK) is not None
    assert confirm_appointment(appointment=appointment, now=NOW, via=Via.LINK) is None
    assert appointment.events.filter(kind=Kind.CONFIRMED).count() == 1
