"""Anna is ill tomorrow: one tap, and eight clients hear of it before they leave home (practices.md, P56)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client as Browser

from crm.booking.models import Appointment, BadDay, Stretch
from crm.booking.services import refresh_pulses
from crm.care.models import Call
from loyalty.points.models import LoyaltySettings
from loyalty.vouchers.models import Voucher
from reminders.journeys.services import dispatch
from reminders.messages.models import Kind, Message
from tests.factories import NOW, local, make_appointment, make_client
from tests.reminders.playing_salon import Transport, turn

pytestmark = pytest.mark.django_db

TOMORROW = date(2026, 6, 11)
HELD = timedelta(minutes=10)
SESSION_USER_SETTINGS = 3
QUERIES_OF_THE_PAGE = 5


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def cast(cast):
    with time_machine.travel(NOW, tick=False) as clock:
        LoyaltySettings.objects.update_or_create(pk=1, defaults={"bad_day_percent": 10})
        object.__setattr__(cast, "clock", clock)
        yield cast


def eight_tomorrow(cast) -> list[Appointment]:
    """Six read e-mail, one has a phone for SMS only, one cannot be written to at all."""
    contacts = [{"email": f"client{n}@example.test", "phone": ""} for n in range(6)]
    contacts += [{"phone": "+38761100206"}, {"phone": "+38761100207", "preferred_channel": "call"}]
    visits = [
        make_appointment(
            client=make_client(branch=cast.branch, **contact),
            master=cast.anna,
            starts_at=local(TOMORROW, 9 + number),
            services=[cast.removal],
        )
        for number, contact in enumerate(contacts)
    ]
    refresh_pulses(client_ids=[visit.client_id for visit in visits], now=NOW)
    return visits


def logged_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def test_eight_clients_of_an_ill_master_hear_of_it_each_once_with_free_times(cast, transport):
    visits = eight_tomorrow(cast)
    anna = logged_in(cast.user_of(cast.anna))

    # the plus, then "Ill or late", and the third tap says it
    page = anna.get("/bad-days/new/").content.decode()
    assert "8 visits" in page
    assert "Boris" not in page
    answer = anna.post("/bad-days/new/", {"master": cast.anna.pk, "what": "tomorrow"})
    row = BadDay.objects.get()
    assert answer["Location"] == f"/bad-days/{row.pk}/"

    # nothing goes while it can be taken back
    turn(NOW + HELD - timedelta(seconds=1))
    assert transport.sent == []
    cast.clock.move_to(NOW + HELD)
    turn(NOW + HELD)
    turn(NOW + HELD + timedelta(minutes=5))

    told = Message.objects.filter(kind=Kind.MASTER_ILL, state=Message.State.SENT)
    assert sorted(told.values_list("client", flat=True)) == sorted(visit.client_id for visit in visits)
    assert sorted(told.values_list("channel", flat=True)) == ["call", *["email"] * 6, "sms"]
    assert [out.channel for out in transport.sent].count("email") == 6
    assert not Message.objects.filter(kind=Kind.CANCELLATION).exists()
    assert Call.objects.get().client == visits[7].client

    letter = next(out for out in transport.sent if out.to == "client1@example.test")
    assert "Anna is ill" in letter.text
    assert "These times are free for you right now:" in letter.text
    assert "Boris" in letter.text
    assert "10% off" in letter.text
    assert [file.name for file in letter.attachments] == ["appointment.ics"]
    assert Voucher.objects.filter(kind=Voucher.Kind.AMENDS, percent=10).count() == 8

    page = " ".join(anna.get(f"/bad-days/{row.pk}/").content.decode().split())
    assert page.count("has no new time yet") == 8
    assert "to ring" in page


def test_client_of_an_ill_master_takes_another_time_with_the_apology(cast, transport):
    visit = eight_tomorrow(cast)[0]
    # what she has in autumn does not stand in for tomorrow
    make_appointment(
        client=visit.client, master=cast.boris, starts_at=local(date(2026, 9, 1), 10), services=[cast.removal]
    )
    logged_in(cast.receptionist).post("/bad-days/new/", {"master": cast.anna.pk, "what": "tomorrow"})
    cast.clock.move_to(NOW + HELD)
    turn(NOW + HELD)
    letter = next(out for out in transport.sent if out.to == visit.client.email)
    link = letter.text.partition("http://testserver")[2].split()[0]

    phone = Browser()
    opened = phone.get(link, follow=True)
    slot = opened.context["slots"][0]
    booked = phone.post(opened.request["PATH_INFO"], {"slot": slot["value"]}, follow=True)

    assert booked.status_code == 200
    new = Appointment.objects.get(client=visit.client, status="booked", starts_at__lt=local(date(2026, 7, 1), 0))
    assert (new.master, new.starts_at) == (cast.boris, local(TOMORROW, 9))
    assert Voucher.objects.get(client=visit.client).reserved_for == new


def test_bad_day_is_taken_back_and_nobody_hears_of_it(cast, transport):
    visits = eight_tomorrow(cast)
    anna = logged_in(cast.user_of(cast.anna))
    anna.post("/bad-days/new/", {"master": cast.anna.pk, "what": "tomorrow"})
    row = BadDay.objects.get()

    anna.post(f"/bad-days/{row.pk}/undo/")
    turn(NOW + HELD)

    assert transport.sent == []
    assert {visit.status for visit in Appointment.objects.filter(pk__in=[each.pk for each in visits])} == {"booked"}
    assert Stretch.objects.filter(holds=True).count() == 8


def test_master_speaks_for_herself_and_the_reception_for_all(cast):
    boris, reception = logged_in(cast.user_of(cast.boris)), logged_in(cast.receptionist)
    make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TOMORROW, 9), services=[cast.removal])

    refused = boris.post("/bad-days/new/", {"master": cast.anna.pk, "what": "tomorrow"})
    assert (refused.status_code, BadDay.objects.count()) == (422, 0)

    reception.post("/bad-days/new/", {"master": cast.anna.pk, "what": "tomorrow"})
    row = BadDay.objects.get()
    assert boris.post(f"/bad-days/{row.pk}/undo/").status_code == 404
    assert boris.get(f"/bad-days/{row.pk}/").status_code == 200


def test_day_that_is_none_is_refused_and_kept(cast):
    anna = logged_in(cast.user_of(cast.anna))

    refused = anna.post("/bad-days/new/", {"master": cast.anna.pk, "what": "until", "until": "2026-06-01"})

    assert refused.status_code == 422
    assert "Choose today or a later day." in refused.content.decode()
    assert 'value="2026-06-01"' in refused.content.decode()


@pytest.mark.parametrize("number", [1, 8])
def test_page_of_a_bad_day_asks_the_same_of_one_and_of_eight(cast, number, django_assert_num_queries):
    for visit in eight_tomorrow(cast)[number:]:
        Stretch.objects.filter(appointment=visit).delete()
        visit.delete()
    anna = logged_in(cast.user_of(cast.anna))
    anna.post("/bad-days/new/", {"master": cast.anna.pk, "what": "tomorrow"})
    row = BadDay.objects.get()
    anna.get("/")

    with django_assert_num_queries(SESSION_USER_SETTINGS + QUERIES_OF_THE_PAGE):
        anna.get(f"/bad-days/{row.pk}/")
