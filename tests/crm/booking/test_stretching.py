"""Another end for a visit, and the time that becomes free by each verb (practices.md, P48)."""

from datetime import timedelta

import pytest

from crm.booking.models import Appointment, AppointmentEvent, FreedTime, WaitingEntry, WaitingOffer
from crm.booking.services import (
    SlotTaken,
    WrongMoment,
    book_appointment,
    cancel_appointment,
    confirm_appointment,
    free_slots,
    mark_no_show,
    move_appointment,
    send_now,
    start_visit,
    undo_event,
)
from crm.booking.stretches import lay_out
from tests.factories import NOW, TODAY, local, make_appointment

pytestmark = pytest.mark.django_db

By, Via, Status = Appointment.By, AppointmentEvent.Via, Appointment.Status
TOMORROW = TODAY + timedelta(days=1)
TEN = local(TOMORROW, 10)


def minutes(number):
    return timedelta(minutes=number)


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


def stretch(appointment, length, **changes):
    wanted = {"starts_at": appointment.starts_at, "now": NOW, "by": By.SALON, "via": Via.DESK}
    return move_appointment(appointment=appointment, minutes=length, **(wanted | changes))


def held(appointment):
    rows = appointment.stretches.order_by("starts_at").values_list("starts_at", "ends_at")
    return [tuple((at - TEN) // minutes(1) for at in row) for row in rows]


def freed():
    """Master, from and to in minutes from TEN, and when it is offered."""
    rows = FreedTime.objects.select_related("master").order_by("pk")
    return [
        (row.master.name, (row.starts_at - TEN) // minutes(1), (row.ends_at - TEN) // minutes(1), row.ready_at)
        for row in rows
    ]


def test_a_plan_ends_later_by_work_and_earlier_by_a_cut():
    plan = lay_out([[("work", 45), ("processing", 30), ("work", 30)], [("work", 30)]], buffers=[15, 0])
    longer, shorter = plan.lasting(150), plan.lasting(60)
    assert (longer.minutes, longer.by_service, longer.held) == (150, (105, 45), ((0, 45), (75, 165)))
    assert (shorter.minutes, shorter.by_service, shorter.held) == (60, (60, 0), ((0, 45), (60, 75)))
    with pytest.raises(ValueError, match="at least 5"):
        plan.lasting(4)


def test_drawing_the_end_keeps_what_she_confirmed(cast):
    appointment = book(cast)
    confirm_appointment(appointment=appointment, now=NOW, via=Via.LINK)
    stretch(appointment, 120)
    assert (appointment.status, appointment.minutes, appointment.told_minutes) == (Status.CONFIRMED, 120, 140)
    assert (appointment.ends_at, held(appointment)) == (TEN + minutes(120), [(0, 45), (75, 135)])
    assert appointment.lines.get().minutes == 120
    assert freed() == []


def test_a_visit_under_way_takes_longer_but_is_not_moved(cast):
    appointment = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes], told_minutes=105
    )
    start_visit(appointment=appointment, now=NOW)
    stretch(appointment, 120)
    assert (appointment.status, appointment.ends_at) == (Status.IN_PROGRESS, NOW + minutes(120))
    # she was told before she came
    assert (appointment.minutes, appointment.told_minutes) == (120, 105)
    with pytest.raises(WrongMoment):
        stretch(appointment, 120, starts_at=NOW + minutes(15))


def test_it_is_not_drawn_into_the_next_visit(cast):
    appointment = book(cast)
    book(cast, client=cast.dina, services=[cast.removal], starts_at=TEN + minutes(120))
    with pytest.raises(SlotTaken):
        stretch(appointment, 110)
    appointment.refresh_from_db()
    assert (appointment.minutes, held(appointment)) == (105, [(0, 45), (75, 120)])


def test_what_was_shortened_is_free_after_the_undo_and_comes_back_with_it(cast):
    appointment = book(cast, services=[cast.lashes])
    event = stretch(appointment, 60)
    assert freed() == [("Anna", 60, 90, NOW + minutes(10))]
    undo_event(event=event, now=NOW + minutes(1))
    appointment.refresh_from_db()
    assert (appointment.minutes, appointment.told_minutes, held(appointment)) == (90, 105, [(0, 90)])
    assert (appointment.lines.get().minutes, freed()) == (90, [])


def test_moving_keeps_a_drawn_length_and_how_it_lies(cast):
    appointment = book(cast)
    stretch(appointment, 120)
    move_appointment(appointment=appointment, starts_at=TEN + minutes(60), now=NOW, by=By.SALON, via=Via.DESK)
    assert held(appointment) == [(60, 105), (135, 195)]


def test_a_cancelled_visit_frees_its_time_once_the_undo_is_over(cast):
    appointment = book(cast)
    event = cancel_appointment(appointment=appointment, now=NOW, by=By.CLIENT, via=Via.DESK)
    assert freed() == [("Anna", 0, 120, NOW + minutes(10))]
    assert FreedTime.objects.get().event == event
    send_now(event=event, now=NOW + minutes(2))
    assert freed() == [("Anna", 0, 120, NOW + minutes(2))]


def test_a_clients_own_cancellation_frees_it_at_once(cast):
    cancel_appointment(appointment=book(cast), now=NOW, by=By.CLIENT, via=Via.LINK)
    assert freed() == [("Anna", 0, 120, NOW)]


def test_undone_it_is_offered_to_nobody_but_what_was_settled_stays_on_record(cast):
    event = cancel_appointment(appointment=book(cast), now=NOW, by=By.CLIENT, via=Via.DESK)
    settled = FreedTime.objects.get()
    FreedTime.objects.filter(pk=settled.pk).update(settled_at=NOW)
    FreedTime.objects.create(
        branch=cast.branch, master=cast.anna, event=event, starts_at=TEN, ends_at=TEN + minutes(5), ready_at=NOW
    )
    undo_event(event=event, now=NOW + minutes(1))
    assert list(FreedTime.objects.all()) == [settled]


def test_a_move_frees_what_it_leaves_of_each_master(cast):
    appointment = book(cast, services=[cast.lashes, cast.removal], masters=[None, cast.boris])
    move_appointment(appointment=appointment, starts_at=TEN + minutes(30), now=NOW, by=By.CLIENT, via=Via.LINK)
    # Anna had 0-90 and has 30-120, Boris had 90-120 and has 120-150
    assert freed() == [("Anna", 0, 30, NOW), ("Boris", 90, 120, NOW)]


def test_who_does_not_come_frees_what_is_left_and_what_is_over_is_worth_nothing(cast):
    soon = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])
    mark_no_show(appointment=soon, now=NOW + minutes(20))
    late = make_appointment(client=cast.dina, master=cast.boris, starts_at=NOW, services=[cast.lashes])
    # its undo ends when its time is over
    mark_no_show(appointment=late, now=NOW + minutes(80))
    assert [(row.master, row.ready_at) for row in FreedTime.objects.all()] == [(cast.anna, NOW + minutes(30))]


@pytest.fixture
def offer(cast):
    """Anna's 10:00-11:30 of tomorrow is kept for Dina until in half an hour."""
    entry = WaitingEntry.objects.create(
        client=cast.dina, branch=cast.branch, from_day=TOMORROW, to_day=TOMORROW, created_at=NOW
    )
    freed = FreedTime.objects.create(
        branch=cast.branch, master=cast.anna, starts_at=TEN, ends_at=TEN + minutes(90), ready_at=NOW, settled_at=NOW
    )
    return WaitingOffer.objects.create(
        entry=entry,
        freed=freed,
        master=cast.anna,
        starts_at=TEN,
        ends_at=TEN + minutes(90),
        offered_at=NOW,
        until=NOW + minutes(30),
    )


def at_ten(cast, **changes):
    asked = {"branch": cast.branch, "services": [cast.lashes], "from_day": TOMORROW, "days": 1, "now": NOW}
    found = free_slots(**(asked | changes), master=cast.anna)
    return any(slot.starts_at == TEN for slot in found)


def test_a_kept_time_is_free_for_her_who_was_asked_and_nobody_else(cast, offer):
    assert (at_ten(cast), at_ten(cast, accepting=offer)) == (False, True)
    with pytest.raises(SlotTaken):
        book(cast, services=[cast.lashes])
    assert book(cast, client=cast.dina, services=[cast.lashes], accepting=offer).starts_at == TEN


def test_a_kept_time_is_free_again_when_its_hour_is_over_or_she_answered(cast, offer):
    assert at_ten(cast, now=NOW + minutes(30))
    WaitingOffer.objects.update(state=WaitingOffer.State.DECLINED)
    assert at_ten(cast)


def test_an_offer_to_all_at_once_keeps_nothing(cast, offer):
    WaitingOffer.objects.update(keeps=False)
    assert at_ten(cast)
