"""A master is ill or late: who is affected, what moves, what is offered instead (practices.md, P56)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from crm.booking.models import Appointment, BadDay
from crm.booking.selectors import change_ends_at
from crm.booking.services import (
    AlreadySaid,
    NobodyAffected,
    SlotTaken,
    book_appointment,
    free_slots,
    offered_instead,
    report_ill,
    report_late,
    tell_now,
    undo_bad_day,
)
from crm.team.models import TimeOff
from tests.factories import NOW, TODAY, local, make_appointment, make_client, make_time_off

pytestmark = pytest.mark.django_db

TOMORROW = date(2026, 6, 11)
MIDNIGHT, NEXT_MIDNIGHT = local(TOMORROW, 0), local(date(2026, 6, 12), 0)


def book(cast, on, hour, minute=0, *, master=None, client=None, services=None, **fields):
    return make_appointment(
        client=client or make_client(branch=cast.branch),
        master=master or cast.anna,
        starts_at=local(on, hour, minute),
        services=services or [cast.removal],
        **fields,
    )


def state_of(appointment):
    appointment.refresh_from_db()
    return appointment.status, appointment.starts_at


def test_ill_master_has_her_visits_cancelled_by_the_salon_and_nobody_elses(cast):
    hers = book(cast, TOMORROW, 10)
    his = book(cast, TOMORROW, 10, master=cast.boris)
    later = book(cast, date(2026, 6, 12), 10)
    done = book(cast, TOMORROW, 9, status=Appointment.Status.DONE)

    reported = report_ill(master=cast.anna, starts_at=MIDNIGHT, ends_at=NEXT_MIDNIGHT, now=NOW, user=cast.receptionist)

    assert [event.appointment for event in reported.events] == [hers]
    assert state_of(hers) == ("cancelled", local(TOMORROW, 10))
    assert hers.cancelled_by == Appointment.By.SALON
    assert [each.status for each in (his, later, done) if each.refresh_from_db() is None] == [
        "booked",
        "booked",
        "done",
    ]
    assert (reported.bad_day.kind, reported.bad_day.user) == (BadDay.Kind.ILL, cast.receptionist)


def test_ill_master_takes_no_bookings_meanwhile(cast):
    report_ill(master=cast.anna, starts_at=MIDNIGHT, ends_at=NEXT_MIDNIGHT, now=NOW)

    free = free_slots(branch=cast.branch, services=[cast.removal], from_day=TOMORROW, days=1, now=NOW)

    assert {slot.master for slot in free} == {cast.boris}


def test_news_waits_for_the_undo_unless_she_leaves_home_soon(cast):
    soon = book(cast, TODAY, 13, 30)  # it is 11:00 there
    later = book(cast, TODAY, 14)

    reported = report_ill(master=cast.anna, starts_at=NOW, ends_at=MIDNIGHT, now=NOW)

    assert {event.appointment: event.held_until - NOW for event in reported.events} == {
        soon: timedelta(minutes=1),
        later: timedelta(minutes=10),
    }


def test_times_offered_instead_are_free_and_none_is_offered_twice(cast):
    clients = [book(cast, TOMORROW, hour).client for hour in range(9, 17)]

    reported = report_ill(master=cast.anna, starts_at=MIDNIGHT, ends_at=NEXT_MIDNIGHT, now=NOW)

    offered = [slot for event in reported.events for slot in offered_instead(event=event, now=NOW)]
    assert [len(offered_instead(event=event, now=NOW)) for event in reported.events] == [3] * 8
    spans = [(slot.master.pk, slot.starts_at, slot.ends_at) for slot in offered]
    overlapping = [
        (one, other)
        for number, one in enumerate(spans)
        for other in spans[number + 1 :]
        if one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
    ]
    assert overlapping == []
    for client, slot in zip(clients, offered[::3], strict=True):
        book_appointment(
            client=client, master=slot.master, services=[cast.removal], starts_at=slot.starts_at,
            branch=cast.branch, now=NOW, by=Appointment.By.CLIENT, via="link",
        )  # fmt: skip


def test_first_offer_is_the_same_hour_with_somebody_else(cast):
    book(cast, TOMORROW, 10)

    (event,) = report_ill(master=cast.anna, starts_at=MIDNIGHT, ends_at=NEXT_MIDNIGHT, now=NOW).events

    assert [(slot.master, slot.starts_at) for slot in offered_instead(event=event, now=NOW)] == [
        (cast.boris, local(TOMORROW, 10)),
        (cast.anna, local(date(2026, 6, 12), 10)),
        (cast.anna, local(date(2026, 6, 13), 10)),
    ]


def test_offer_that_was_taken_meanwhile_is_left_out(cast):
    book(cast, TOMORROW, 10)
    (event,) = report_ill(master=cast.anna, starts_at=MIDNIGHT, ends_at=NEXT_MIDNIGHT, now=NOW).events
    book(cast, TOMORROW, 10, master=cast.boris)

    assert [slot.starts_at for slot in offered_instead(event=event, now=NOW)] == [
        local(date(2026, 6, 12), 10),
        local(date(2026, 6, 13), 10),
    ]


def test_late_master_moves_as_far_as_she_must_and_a_gap_takes_it_up(cast):
    first = book(cast, TODAY, 12)
    second = book(cast, TODAY, 12, 30)
    after_a_gap = book(cast, TODAY, 13, 30)

    reported = report_late(master=cast.anna, minutes=30, now=NOW)

    assert state_of(first) == ("booked", local(TODAY, 12, 30))
    assert state_of(second) == ("booked", local(TODAY, 13))
    assert state_of(after_a_gap) == ("booked", local(TODAY, 13, 30))
    assert {event.appointment for event in reported.events} == {first, second}
    assert reported.stuck == []


def test_late_master_is_not_booked_before_she_arrives(cast):
    book(cast, TODAY, 12)

    report_late(master=cast.anna, minutes=30, now=NOW)

    free = free_slots(branch=cast.branch, services=[cast.removal], from_day=TODAY, days=1, now=NOW, master=cast.anna)
    assert free[0].starts_at == local(TODAY, 13)


def test_late_master_with_nobody_expected_is_refused(cast):
    with pytest.raises(NobodyAffected):
        report_late(master=cast.anna, minutes=30, now=NOW)


def test_undo_puts_everything_back(cast):
    first, second = book(cast, TODAY, 12), book(cast, TODAY, 12, 30)
    reported = report_late(master=cast.anna, minutes=45, now=NOW)

    too_late = undo_bad_day(bad_day=reported.bad_day, now=NOW + timedelta(seconds=59))

    assert too_late == []
    assert state_of(first) == ("booked", local(TODAY, 12))
    assert state_of(second) == ("booked", local(TODAY, 12, 30))
    assert not TimeOff.objects.exists()


def test_undo_names_those_who_have_heard_already(cast, client):
    soon, later = book(cast, TODAY, 12), book(cast, TODAY, 16)
    reported = report_ill(master=cast.anna, starts_at=NOW, ends_at=MIDNIGHT, now=NOW)

    too_late = undo_bad_day(bad_day=reported.bad_day, now=NOW + timedelta(minutes=2))

    assert [event.appointment for event in too_late] == [soon]
    assert state_of(later)[0] == "booked"
    # the page says that her hours are open again, and who is to be called
    client.force_login(cast.receptionist)
    html = client.get(reverse("desk:bad_day", args=[reported.bad_day.pk])).content.decode()
    assert "bookings are taken for this time again" in html


def test_tell_now_lets_every_held_message_go(cast):
    book(cast, TODAY, 15), book(cast, TODAY, 16)
    reported = report_ill(master=cast.anna, starts_at=NOW, ends_at=MIDNIGHT, now=NOW)

    assert tell_now(bad_day=reported.bad_day, now=NOW) == 2
    assert tell_now(bad_day=reported.bad_day, now=NOW) == 0


def test_visit_inside_time_off_of_the_ill_master_cannot_be_booked_even_if_agreed_elsewhere(cast):
    make_time_off(cast.anna, MIDNIGHT, NEXT_MIDNIGHT)
    held = book(cast, TOMORROW, 10)

    with pytest.raises(SlotTaken):
        book_appointment(
            client=cast.vera, master=cast.anna, services=[cast.removal], starts_at=held.starts_at,
            branch=cast.branch, now=NOW, by=Appointment.By.CLIENT, via="desk", outside_hours=True,
        )  # fmt: skip


def test_client_moved_by_a_late_master_changes_her_visit_until_it_begins(cast):
    moved, usual = book(cast, TODAY, 12), book(cast, TODAY, 16)
    report_late(master=cast.anna, minutes=30, now=NOW)
    moved.refresh_from_db()

    assert change_ends_at(moved) == local(TODAY, 12, 30)
    # two hours before is the owner's limit
    assert change_ends_at(usual) == local(TODAY, 14)


def test_said_twice_is_said_once_until_it_is_taken_back(cast):
    book(cast, TOMORROW, 10)
    first = report_ill(master=cast.anna, starts_at=MIDNIGHT, ends_at=NEXT_MIDNIGHT, now=NOW).bad_day

    with pytest.raises(AlreadySaid) as refused:
        report_ill(master=cast.anna, starts_at=MIDNIGHT, ends_at=NEXT_MIDNIGHT, now=NOW)

    assert refused.value.bad_day == first
    assert TimeOff.objects.count() == 1
    undo_bad_day(bad_day=first, now=NOW)
    assert report_ill(master=cast.anna, starts_at=MIDNIGHT, ends_at=NEXT_MIDNIGHT, now=NOW).bad_day != first
