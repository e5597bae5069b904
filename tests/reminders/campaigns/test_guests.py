"""Seats of an event: taken, given back, waited for; two who want the last one."""

from datetime import timedelta

import pytest

from reminders.campaigns.models import Guest
from reminders.campaigns.selectors.guests import Room, room_of
from reminders.campaigns.services.answering import (
    EventCancelled,
    EventOver,
    NoSeatForFriend,
    answer_invitation,
    cancel_event,
    note_came,
)
from tests.factories import NOW, make_client
from tests.reminders.cast import make_event

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def people(cast):
    return [make_client(branch=cast.branch, name=name) for name in ("Ada", "Bea", "Cleo", "Dora")]


def answers(event) -> list[tuple[str, str, int]]:
    return list(event.guests.order_by("client__name").values_list("client__name", "state", "seats"))


def test_seats_go_in_the_order_of_answers_and_a_seat_given_back_to_the_first_who_fits(people):
    ada, bea, cleo, dora = people
    event = make_event(seats=3).event
    answer_invitation(event=event, client=ada, seats=2, now=NOW)
    answer_invitation(event=event, client=bea, seats=2, now=NOW + MINUTE)
    answer_invitation(event=event, client=cleo, seats=1, now=NOW + 2 * MINUTE)
    answer_invitation(event=event, client=dora, seats=1, now=NOW + 3 * MINUTE)
    assert answers(event) == [
        ("Ada", "coming", 2),
        ("Bea", "waiting", 2),
        ("Cleo", "coming", 1),
        ("Dora", "waiting", 1),
    ]

    # one seat is free: Bea waits longer, but for two
    answer_invitation(event=event, client=cleo, seats=0, now=NOW + 4 * MINUTE)

    assert answers(event) == [
        ("Ada", "coming", 2),
        ("Bea", "waiting", 2),
        ("Cleo", "not_coming", 1),
        ("Dora", "coming", 1),
    ]
    moved = Guest.objects.get(client=dora)
    assert (moved.moved_up_at, moved.waits_since) == (NOW + 4 * MINUTE, None)
    assert room_of(event) == Room(coming=3, waiting=2, declined=1, came=0, free=0)


def test_friend_who_does_not_fit_takes_nobodys_own_seat(people):
    ada, bea = people[:2]
    event = make_event(seats=2).event
    answer_invitation(event=event, client=ada, seats=1, now=NOW)
    answer_invitation(event=event, client=bea, seats=1, now=NOW)

    with pytest.raises(NoSeatForFriend):
        answer_invitation(event=event, client=ada, seats=2, now=NOW)

    assert answers(event) == [("Ada", "coming", 1), ("Bea", "coming", 1)]


def test_same_answer_again_changes_nothing_and_who_waits_keeps_her_place(people):
    ada, bea, cleo, _dora = people
    event = make_event(seats=1).event
    answer_invitation(event=event, client=ada, seats=1, now=NOW)
    answer_invitation(event=event, client=bea, seats=2, now=NOW + MINUTE)
    answer_invitation(event=event, client=cleo, seats=1, now=NOW + 2 * MINUTE)

    answer_invitation(event=event, client=ada, seats=1, now=NOW + 3 * MINUTE)
    # for herself alone, and still before Cleo
    answer_invitation(event=event, client=bea, seats=1, now=NOW + 4 * MINUTE)
    answer_invitation(event=event, client=ada, seats=0, now=NOW + 5 * MINUTE)

    assert answers(event) == [("Ada", "not_coming", 1), ("Bea", "coming", 1), ("Cleo", "waiting", 1)]
    assert Guest.objects.get(client=ada).answered_at == NOW + 5 * MINUTE


def test_nobody_answers_what_has_begun_or_is_cancelled(people):
    event = make_event(starts_at=NOW + MINUTE).event
    with pytest.raises(EventOver):
        answer_invitation(event=event, client=people[0], seats=1, now=NOW + MINUTE)

    assert cancel_event(event=event, now=NOW) == 0
    with pytest.raises(EventCancelled):
        answer_invitation(event=event, client=people[0], seats=1, now=NOW)
    assert answers(event) == []


def test_cancelling_tells_who_comes_and_who_waits_once(people):
    ada, bea, cleo, _dora = people
    event = make_event(seats=1).event
    for client, seats in ((ada, 1), (bea, 1), (cleo, 0)):
        answer_invitation(event=event, client=client, seats=seats, now=NOW)

    assert cancel_event(event=event, now=NOW) == 2
    assert cancel_event(event=event, now=NOW + MINUTE) == 0


def test_tick_at_the_door_is_set_and_taken_back(people):
    event = make_event(guests={people[0]: 2}).event
    guest = event.guests.get()

    note_came(guest=guest, came=True, now=NOW)
    note_came(guest=guest, came=True, now=NOW + MINUTE)
    assert room_of(event).came == 2
    guest.refresh_from_db()
    assert guest.came_at == NOW

    note_came(guest=guest, came=False, now=NOW)
    assert room_of(event).came == 0
