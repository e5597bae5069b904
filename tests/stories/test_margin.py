"""A promise with a margin: told as she books, beaten or not, seen at the till, before the next visit and in the office (P6)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import book_appointment, move_appointment
from crm.reports.selectors.margin import margin_report
from crm.reports.selectors.standing import On
from crm.sales.models import Sale
from crm.team.models import CrmSettings
from loyalty.gifts.selectors import got_at_visit
from tests.factories import NOW, TODAY, local, make_cast
from tests.stories.test_day import logged_in, read
from tests.stories.test_standard import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def book(cast, client, starts_at, now=NOW):
    return book_appointment(
        client=client, master=cast.anna, services=[cast.lashes], starts_at=starts_at, branch=cast.branch,
        now=now, by=Appointment.By.CLIENT, via=AppointmentEvent.Via.DESK,
    )  # fmt: skip


def test_promise_is_told_beaten_once_and_missed_once(clock):
    cast = make_cast()
    owner, anna, reception = (logged_in(user) for user in (cast.owner, cast.user_of(cast.anna), cast.receptionist))
    # an hour and a half is planned; she is told an hour and three quarters, and 60
    vera, dina = book(cast, cast.vera, local(TODAY, 12)), book(cast, cast.dina, local(TODAY, 14))
    assert [(each.told_minutes, each.price) for each in (vera, dina)] == [(105, 60), (105, 60)]

    # the owner changes the margin afterwards: what was told stays
    CrmSettings.objects.update_or_create(pk=1, defaults={"margin_percent": 0})

    # Vera sits down at once and leaves seven minutes earlier than told
    clock.move_to(local(TODAY, 11, 55))
    reception.post(reverse("desk:arrive", args=[vera.pk]))
    clock.move_to(local(TODAY, 12))
    anna.post(reverse("desk:start", args=[vera.pk]))
    clock.move_to(local(TODAY, 13, 38))
    assert "7 minutes earlier than told" in read(reception, reverse("desk:checkout", args=[vera.pk]))
    pay(reception, vera)
    assert "7 minutes earlier than told" in read(reception, reverse("desk:receipt", args=[Sale.objects.get().pk]))

    # Dina waits twelve minutes; the calendar is drawn longer while she sits there, and what she was told stays
    clock.move_to(local(TODAY, 13, 58))
    reception.post(reverse("desk:arrive", args=[dina.pk]))
    clock.move_to(local(TODAY, 14, 12))
    anna.post(reverse("desk:start", args=[dina.pk]))
    move_appointment(
        appointment=dina, starts_at=local(TODAY, 14), minutes=120, now=local(TODAY, 15),
        by=Appointment.By.SALON, via=AppointmentEvent.Via.DESK,
    )  # fmt: skip
    assert (dina.minutes, dina.told_minutes) == (120, 105)
    clock.move_to(local(TODAY, 15, 50))
    pay(reception, dina)
    late = Sale.objects.latest("pk")
    assert "5 minutes later than told" in read(reception, reverse("desk:receipt", args=[late.pk]))

    # the office: one of two, and one that began late
    told = margin_report(On.of(None, NOW), TODAY, TODAY + timedelta(days=1), more=got_at_visit())
    assert (told["time"]["beaten"], told["time"]["known"], told["late_starts"], told["begun"]) == (1, 2, 1, 2)
    assert (told["time"]["told"], told["time"]["true"]) == (210, 98 + 110)
    page = read(owner, reverse("office:margin"))
    assert "Of 2 visits: 1 better than told, 0 as told, 1 worse." in page

    # three weeks on the briefing of each says how it was
    clock.move_to(local(TODAY + timedelta(days=21), 9))
    for client, words, hour in (
        (cast.vera, "7 minutes earlier than told", 10),
        (cast.dina, "5 minutes later than told", 14),
    ):
        again = book(cast, client, local(TODAY + timedelta(days=21), hour), now=local(TODAY + timedelta(days=21), 9))
        # nothing is added any more
        assert again.told_minutes == 90
        assert words in read(logged_in(cast.user_of(cast.anna)), reverse("desk:visit", args=[again.pk]))
