"""A time kept for who waits: the desk reads for whom and until when, a client never does."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.booking.models import Appointment, AppointmentEvent, WaitingOffer
from crm.booking.services import SlotTaken, book_appointment
from tests.factories import NOW, TODAY, local, make_freed, make_waiting

TOMORROW = TODAY + timedelta(days=1)
TEN = local(TOMORROW, 10)
By, Via = Appointment.By, AppointmentEvent.Via


@pytest.fixture
def kept(cast):
    """Dina has been asked whether she wants 10:00 with Anna, and thinks until 11:18."""
    return WaitingOffer.objects.create(
        entry=make_waiting(cast.dina, services=[cast.removal]),
        freed=make_freed(cast.anna, TEN, minutes=30, settled_at=NOW),
        master=cast.anna,
        offered_at=NOW,
        starts_at=TEN,
        ends_at=TEN + timedelta(minutes=30),
        until=NOW + timedelta(minutes=18),
        keeps=True,
    )


def test_the_desk_reads_for_whom_a_time_is_kept(cast, kept, desk):
    asked = {
        "client": cast.vera.pk,
        "service": cast.removal.pk,
        "master": cast.anna.pk,
        "day": TOMORROW.isoformat(),
        "at": "10:00",
    }

    page = desk(cast.receptionist).post(reverse("desk:visit_new"), asked).content.decode()

    assert "This time is kept for \u2068Dina Example\u2069 until 11:18" in page


def test_a_client_reads_that_it_is_taken_and_no_name(cast, kept):
    with pytest.raises(SlotTaken) as refused:
        book_appointment(
            client=cast.vera, master=cast.anna, services=[cast.removal], starts_at=TEN, branch=cast.branch,
            now=NOW, by=By.CLIENT, via=Via.LINK,
        )  # fmt: skip

    assert str(refused.value) == "This time is taken. Choose one of the free times nearby."
