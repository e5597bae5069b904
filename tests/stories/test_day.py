"""A master's day, as it is lived: from the first look at Today to the next visit booked (practices.md, P1-P3, P9, P31)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from crm.booking.models import Appointment, Pulse
from crm.booking.services import refresh_pulses
from crm.people.models import HealthNoteReading, Note
from crm.reports.selectors.states import standing_of
from crm.sales.models import Sale
from tests.crm.desk.test_checkout import fields, free_times
from tests.factories import (
    NOW,
    TODAY,
    local,
    make_appointment,
    make_cast,
    make_health_note,
    make_note,
    make_visit,
)

pytestmark = pytest.mark.django_db

Status = Appointment.Status


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def salon(clock):
    """Vera comes every four weeks on a Wednesday at 11:30; today is one of them."""
    cast = make_cast()
    for weeks in (16, 12, 8, 4):
        on = TODAY - timedelta(weeks=weeks)
        make_appointment(
            client=cast.vera,
            master=cast.anna,
            starts_at=local(on, 11, 30),
            services=[cast.lashes],
            status=Status.DONE,
        )
        make_visit(cast.vera, on, services=[cast.lashes], master=cast.anna)
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TODAY, 11, 30), services=[cast.lashes])
    make_note(cast.vera, "her daughter's exam", ask_again_on=TODAY)
    make_health_note(cast.vera, "Allergic to glue 2")
    refresh_pulses(client_ids=[cast.vera.pk], now=NOW)
    return cast, visit


def logged_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def read(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_visit_from_the_briefing_to_the_next_one(salon, clock):
    cast, visit = salon
    anna, desk = logged_in(cast.user_of(cast.anna)), logged_in(cast.receptionist)

    # eleven o'clock: Anna looks at her day
    today = read(anna, "/")
    assert "Every 28 days, last 28 days ago" in today
    assert "daughter&#x27;s exam" in today
    assert not HealthNoteReading.objects.exists()

    # twenty-five past: Vera is here, one tap; twelve minutes after the hour agreed she has waited too long
    clock.move_to(local(TODAY, 11, 25))
    desk.post(reverse("desk:arrive", args=[visit.pk]), {"next": "/"})
    clock.move_to(local(TODAY, 11, 37))
    assert "too long" not in read(desk, "/")
    clock.move_to(local(TODAY, 11, 42))
    assert "too long" in read(desk, "/")

    # Anna reads what she must not use, begins, and asks
    page = read(anna, reverse("desk:visit", args=[visit.pk]))
    assert "Allergic to glue 2" in page
    assert HealthNoteReading.objects.get().user == cast.user_of(cast.anna)
    anna.post(reverse("desk:start", args=[visit.pk]))
    note = Note.objects.get(client=cast.vera)
    anna.post(
        reverse("desk:heard", args=[visit.pk]),
        {"asked": [note.pk], "text": "She passed, and studies in Mostar", "ask_again_on": "2026-10-01"},
    )

    # done at one: paid in cash, the first of three proposals is taken
    clock.move_to(local(TODAY, 13))
    checkout = reverse("desk:checkout", args=[visit.pk])
    sent = fields(anna.get(checkout).content.decode())
    proposed = free_times(anna, visit)
    assert len(proposed) == 3
    answer = anna.post(checkout, sent | {"next": proposed[0], "step": "complete"})
    sale = Sale.objects.get(appointment=visit)
    assert answer.url == reverse("desk:receipt", args=[sale.pk])

    visit.refresh_from_db()
    booked = Appointment.objects.get(client=cast.vera, status=Status.BOOKED)
    assert (visit.status, visit.finished_at) == (Status.DONE, local(TODAY, 13))
    # in four weeks, on her weekday, at her hour, with her master
    assert (booked.starts_at, booked.master, booked.rebooked_on_spot) == (
        local(TODAY + timedelta(weeks=4), 11, 30),
        cast.anna,
        True,
    )
    pulse = Pulse.objects.get(client=cast.vera)
    assert (pulse.last_counting_on, pulse.rhythm, pulse.next_starts_at) == (TODAY, 28, booked.starts_at)
    note.refresh_from_db()
    assert note.asked_on == TODAY
    assert "She passed, and studies in Mostar" in read(anna, reverse("desk:client", args=[cast.vera.pk]))

    # the evening: she calls, is cancelled, and it was a slip
    clock.move_to(local(TODAY, 18))
    desk.post(reverse("desk:cancel", args=[booked.pk]), {"by": "client", "reason": "on holiday"})
    event = booked.events.get(kind="cancelled")
    assert event.held_until == local(TODAY, 18, 10)
    desk.post(reverse("desk:undo", args=[event.pk]))
    booked.refresh_from_db()
    assert booked.status == Status.BOOKED


def test_a_complaint_rests_what_is_said_to_her_until_two_weeks_after_it_was_solved(salon, clock):
    cast, _visit = salon
    desk = logged_in(cast.receptionist)

    desk.post(reverse("desk:complaint_new"), {"client": cast.vera.pk, "text": "Half of them fell out"})
    complaint = cast.vera.complaints.get()
    assert standing_of(cast.vera, now=NOW).pause == "complaint"
    assert "Half of them fell out" in read(desk, "/")

    clock.shift(timedelta(hours=5))
    desk.post(
        reverse("desk:complaint_resolve", args=[complaint.pk]), {"outcome": "solved", "resolution": "Mended, free"}
    )
    assert "Half of them fell out" not in read(desk, "/")
    assert standing_of(cast.vera, now=NOW + timedelta(days=13)).pause == "complaint"
    assert standing_of(cast.vera, now=NOW + timedelta(days=14)).pause is None


def test_a_master_of_another_branch_finds_her_number_and_nothing_else(salon):
    cast, visit = salon
    outsider = logged_in(cast.user_of(cast.outsider))

    assert "Vera" not in read(outsider, "/")
    assert cast.vera.phone in read(outsider, "/clients/?q=ver")
    card = read(outsider, reverse("desk:client", args=[cast.vera.pk]))
    assert "Every 28 days" in card
    assert "Allergic" not in card
    assert "Lashes" not in card
    assert outsider.get(reverse("desk:visit", args=[visit.pk])).status_code == 404
    assert outsider.post(reverse("desk:arrive", args=[visit.pk])).status_code == 404
