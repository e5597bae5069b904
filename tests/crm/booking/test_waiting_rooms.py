"""What is kept for who waits: her master's time and a room; and nothing at an hour at which she sits elsewhere."""

from datetime import timedelta

import pytest

from crm.booking.models import Appointment, AppointmentEvent, KeptRoom, RoomHold, WaitingOffer
from crm.booking.services import ClientBusy, RoomTaken, book_appointment, free_slots
from crm.booking.services.offering import Manners, offer_by_hand, settle_freed
from crm.booking.services.waiting import accept_offer, decline_offer
from tests.factories import NOW, TODAY, local, make_appointment, make_cast, make_freed, make_room, make_waiting

pytestmark = pytest.mark.django_db

By, Via, State = Appointment.By, AppointmentEvent.Via, WaitingOffer.State
TOMORROW = TODAY + timedelta(days=1)
TEN = local(TOMORROW, 10)
AT_ONCE = Manners(heard_at=lambda client, now: now, revenue_of=lambda clients, today: {})


@pytest.fixture
def cast():
    return make_cast()


def settle(now=NOW):
    return settle_freed(now=now, manners=AT_ONCE)


def book(cast, **changes):
    about = {"client": cast.leila, "master": cast.boris, "services": [cast.colour], "branch": cast.branch}
    return book_appointment(**(about | changes), starts_at=TEN, now=NOW, by=By.CLIENT, via=Via.LINK)


def test_a_kept_offer_keeps_the_only_chair_until_she_has_answered(cast):
    chair = make_room(cast.colour)
    make_waiting(cast.vera, services=[cast.colour], master=cast.anna)
    make_freed(cast.anna, TEN, minutes=120)
    assert settle() == 1

    # 105 minutes and the buffer of 15
    kept = KeptRoom.objects.get()
    assert (kept.room, kept.starts_at, kept.ends_at) == (chair, TEN, TEN + timedelta(minutes=120))
    # Boris is free, the chair is not: nobody sits down in it, and nobody is shown that she could
    with pytest.raises(RoomTaken):
        book(cast)
    about = {"branch": cast.branch, "services": [cast.colour], "from_day": TOMORROW, "days": 1, "now": NOW}
    assert TEN not in [slot.starts_at for slot in free_slots(**about)]

    accept_offer(offer=WaitingOffer.objects.get(), now=NOW, by=By.CLIENT)
    assert RoomHold.objects.get(appointment__client=cast.vera).room == chair


def test_declined_or_past_its_time_the_chair_is_free_again(cast):
    make_room(cast.colour)
    make_waiting(cast.vera, services=[cast.colour], master=cast.anna)
    make_freed(cast.anna, TEN, minutes=120)
    settle()
    offer = WaitingOffer.objects.get()

    about = {"branch": cast.branch, "services": [cast.colour], "from_day": TOMORROW, "days": 1, "master": cast.boris}
    assert TEN in [slot.starts_at for slot in free_slots(**about, now=offer.until)]
    decline_offer(offer=offer, now=NOW)
    assert book(cast).starts_at == TEN


def test_who_has_another_visit_then_is_offered_nothing_by_hand_and_her_offer_goes_to_the_next(cast):
    entry = make_waiting(cast.vera, services=[cast.removal])
    visit = make_appointment(client=cast.vera, master=cast.boris, starts_at=TEN, services=[cast.lashes])
    about = {"entry": entry, "master": cast.anna, "manners": AT_ONCE, "now": NOW}
    with pytest.raises(ClientBusy) as refused:
        offer_by_hand(**about, starts_at=local(TOMORROW, 11))
    assert refused.value.nearest[0].starts_at == local(TOMORROW, 11, 30)

    # asked about 12:00, she books just that hour with Boris meanwhile
    offer = offer_by_hand(**about, starts_at=local(TOMORROW, 12))
    Appointment.objects.filter(pk=visit.pk).update(starts_at=local(TOMORROW, 12), ends_at=local(TOMORROW, 13))
    make_waiting(cast.dina, services=[cast.removal], master=cast.anna)
    assert settle() == 1

    offer.refresh_from_db()
    assert offer.state == State.DECLINED
    following = WaitingOffer.objects.get(state=State.OPEN)
    assert (following.entry.client, following.starts_at) == (cast.dina, local(TOMORROW, 12))
