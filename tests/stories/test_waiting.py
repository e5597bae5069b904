"""A full Thursday: one cancels, who waits is asked in her turn, and the chair does not stay empty (practices.md, P48)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from crm.booking.models import Appointment, WaitingEntry, WaitingOffer
from reminders.messages.models import Kind, Message
from reminders.messages.rendering import render
from reminders.transports.services import Accepted
from tests.factories import NOW, TODAY, local, make_appointment, make_cast, make_client, make_skill
from tests.reminders.links.conftest import LINK

pytestmark = pytest.mark.django_db

THURSDAY = TODAY + timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def salon(clock, settings, monkeypatch):
    """Only Anna does lashes, and her Thursday is full from nine to six."""
    settings.DEMO = True
    monkeypatch.setattr("reminders.journeys.services.dispatch.send", Post())
    cast = make_cast()
    make_skill(cast.boris, cast.removal)
    visits = [
        make_appointment(
            client=make_client(branch=cast.branch, name=f"Guest {number}", phone="", email=f"g{number}@example.test"),
            master=cast.anna,
            starts_at=local(THURSDAY, 9) + number * timedelta(minutes=90),
            services=[cast.lashes],
        )
        for number in range(6)
    ]
    return cast, visits


class Post:
    """The edge of the network: takes every letter."""

    def __call__(self, outgoing):
        return Accepted(provider="stub", provider_id="1")


def logged_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def read(answer) -> str:
    return " ".join(answer.content.decode().split())


def minute_passes(clock, minutes=1):
    clock.shift(timedelta(minutes=minutes))
    call_command("send_messages", verbosity=0)


def link_of(client, kind) -> str:
    message = Message.objects.select_related("client", "branch").get(client=client, kind=kind)
    return LINK.search(render(message, now=message.sent_at).text).group(1)


def offer_page(client) -> str:
    return reverse("my:waiting", args=[WaitingOffer.objects.get(entry__client=client).pk])


def test_a_cancelled_hour_finds_the_one_who_waits(salon, clock):
    cast, visits = salon
    desk = logged_in(cast.receptionist)

    # Wednesday at eleven: Vera and then Dina ring up for tomorrow, and nothing is free
    for client in (cast.vera, cast.dina):
        desk.post(
            reverse("desk:waiting_new"),
            {
                "client": client.pk,
                "service": cast.lashes.pk,
                "from_day": THURSDAY.isoformat(),
                "to_day": THURSDAY.isoformat(),
            },
        )
        clock.shift(timedelta(minutes=1))
    assert "2 wait for a time" in read(desk.get("/"))

    # a guest of 13:30 rings off; the desk has ten minutes to take it back, so nobody is asked yet
    desk.post(reverse("desk:cancel", args=[visits[3].pk]), {"by": "client", "reason": "a cold"})
    minute_passes(clock, 9)
    assert not Message.objects.filter(kind=Kind.WAITING_OFFER).exists()

    # within a minute of its being over Vera is asked: she called first
    minute_passes(clock, 1)
    assert [row.client for row in Message.objects.filter(kind=Kind.WAITING_OFFER)] == [cast.vera]

    # she looks, and says no; Dina is asked, and says yes
    vera = Browser()
    page = read(vera.get(link_of(cast.vera, Kind.WAITING_OFFER), follow=True))
    assert "Thursday, 11 June, 13:30" in page
    page = vera.post(offer_page(cast.vera), {"answer": "no"}, follow=True)
    assert "You keep your place on the list" in read(page)
    minute_passes(clock)
    dina = Browser()
    dina.get(link_of(cast.dina, Kind.WAITING_OFFER), follow=True)
    page = dina.post(offer_page(cast.dina), {"answer": "yes"}, follow=True)
    assert "Booked. We look forward to you." in read(page)

    # the chair is not empty, Dina is told in writing, and Vera still waits
    booked = Appointment.objects.get(client=cast.dina)
    assert (booked.starts_at, booked.master) == (local(THURSDAY, 13, 30), cast.anna)
    minute_passes(clock)
    assert Message.objects.get(client=cast.dina, kind=Kind.CONFIRMATION).state == "sent"
    assert [entry.client for entry in WaitingEntry.objects.filter(state="waiting")] == [cast.vera]
    assert "1 waits for a time" in read(desk.get("/"))

    # whoever opens an old link reads how it stands
    assert "You have a time" in read(dina.get(link_of(cast.dina, Kind.WAITING_OFFER), follow=True))
    late = read(vera.get(link_of(cast.vera, Kind.WAITING_OFFER), follow=True))
    assert "All right, not this one" in late
    assert "I take it after all" not in late
