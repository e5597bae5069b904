"""How a visit stands, said on the pages as it is. Now is 11:00."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import arrive, cancel_appointment
from tests.factories import NOW, TODAY, local, make_appointment

Status = Appointment.Status


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_who_comes_early_waits_from_the_hour_agreed(cast, desk, clock):
    make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=local(TODAY, 11, 30),
        services=[cast.lashes],
        status=Status.ARRIVED,
        arrived_at=NOW,
    )
    browser = desk(cast.receptionist)
    clock.shift(timedelta(minutes=35))
    page = browser.get("/")
    assert [(each.minutes, each.is_long) for each in page.context["waiting"]] == [(5, False)]
    assert ["5 min"] == [each["state_word"] for each in page.context["entries"] if "state_word" in each]
    clock.shift(timedelta(minutes=6))
    assert [(each.minutes, each.is_long) for each in browser.get("/").context["waiting"]] == [(11, True)]


@pytest.mark.parametrize(
    ("status", "word"), [("booked", "booked"), ("arrived", "arrived"), ("in_progress", "in progress")]
)
def test_history_says_how_an_open_visit_stands(cast, desk, status, word):
    make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TODAY, 10, 30), services=[cast.lashes], status=status
    )
    page = desk(cast.receptionist).get(reverse("desk:client", args=[cast.vera.pk]))
    assert [step["word"] for step in page.context["card"].ribbon] == [word]


def test_what_can_be_taken_back_is_named(cast, desk):
    today, tomorrow = (
        make_appointment(
            client=cast.vera,
            master=cast.anna,
            starts_at=local(TODAY + timedelta(days=days), 11, 30),
            services=[cast.lashes],
        )
        for days in (0, 1)
    )
    arrive(appointment=today, now=NOW, user=cast.receptionist)
    cancel_appointment(
        appointment=tomorrow, now=NOW, by=Appointment.By.CLIENT, via=AppointmentEvent.Via.DESK, user=cast.receptionist
    )
    browser = desk(cast.receptionist)
    assert "Arrived. It can still be taken back." in text(browser.get(reverse("desk:visit", args=[today.pk])))
    held = "Cancelled. Her message waits until 11:10, so it can still be taken back."
    assert held in text(browser.get(reverse("desk:visit", args=[tomorrow.pk])))
