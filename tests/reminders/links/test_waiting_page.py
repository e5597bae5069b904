"""The page of a freed time: looked at as often as one likes, answered once, and kind where it is gone."""

import re
from datetime import timedelta

import pytest

from crm.booking.models import Appointment, WaitingEntry, WaitingOffer
from reminders.messages.models import Kind
from tests.factories import NOW, TODAY, local, make_appointment
from tests.reminders.cast import make_told
from tests.reminders.links.conftest import follow, text_of

TEN = local(TODAY + timedelta(days=1), 11)
Offered = WaitingOffer.State


@pytest.fixture
def told(cast):
    return make_told(cast, cast.vera, Kind.WAITING_OFFER)


def answer(visitor, page, value):
    return visitor.post(page.request["PATH_INFO"], {"answer": value}, follow=True)


def test_it_shows_the_time_and_until_when_it_is_kept(visitor, told):
    page = text_of(follow(visitor, told))

    assert "A time has become free for you" in page
    assert "Thursday, 11 June, 11:00" in page
    assert "We keep it for you until 11:30." in page


def test_yes_books_it_once_and_leads_to_the_appointment(cast, visitor, told):
    page = follow(visitor, told)

    assert "Booked. We look forward to you." in text_of(answer(visitor, page, "yes"))
    answer(visitor, page, "yes")

    booked = Appointment.objects.get(client=cast.vera)
    assert (booked.starts_at, booked.master) == (TEN, cast.anna)
    assert "You have a time" in text_of(follow(visitor, told))


def test_no_keeps_her_place_and_she_may_think_better_of_it(cast, visitor, told):
    page = follow(visitor, told)

    assert "You keep your place on the list" in text_of(answer(visitor, page, "no"))
    assert WaitingOffer.objects.get().state == Offered.DECLINED

    assert "I take it after all" in text_of(follow(visitor, told))
    answer(visitor, page, "yes")
    assert Appointment.objects.filter(client=cast.vera).exists()


def test_too_late_it_says_so_kindly_with_what_is_free(cast, visitor, told):
    page = follow(visitor, told)
    make_appointment(client=cast.dina, master=cast.anna, starts_at=TEN, services=[cast.lashes])

    late = text_of(answer(visitor, page, "yes"))

    assert "Somebody was a little quicker" in late
    assert not Appointment.objects.filter(client=cast.vera).exists()
    # what is shown instead is booked by one tap, also from the page as it is found later
    assert "Free at the moment" in late
    found = re.findall(r'name="slot" value="([^"]+)"', follow(visitor, told).content.decode())
    page_url = page.request["PATH_INFO"]
    assert "Booked. We look forward to you." in text_of(visitor.post(page_url, {"slot": found[0]}, follow=True))
    visitor.post(page_url, {"slot": found[0]})
    booked = Appointment.objects.get(client=cast.vera)
    # 90 minutes before the one that is taken, and off the list
    assert (booked.starts_at, booked.master) == (TEN - timedelta(minutes=90), cast.anna)
    assert WaitingEntry.objects.get().state == "booked"


def test_what_is_neither_yes_nor_no_changes_nothing(visitor, told):
    page = follow(visitor, told)

    assert answer(visitor, page, "perhaps").status_code == 200
    assert WaitingOffer.objects.get().state == Offered.OPEN


def test_she_leaves_the_list_by_a_post_and_not_by_looking(visitor, told):
    page = follow(visitor, told)
    address = page.request["PATH_INFO"] + "no-more/"

    assert "Do you not wait any more?" in text_of(visitor.get(address))
    assert WaitingEntry.objects.get().state == "waiting"

    left = text_of(visitor.post(address, follow=True))
    assert "You are off the list." in left
    assert WaitingEntry.objects.get().state == "withdrawn"


def test_another_clients_key_opens_nothing(cast, visitor, told):
    other = make_told(cast, cast.dina, Kind.WAITING_OFFER, channel="sms")
    follow(visitor, told)

    assert visitor.get(f"/my/waiting/{other.occasion.rpartition('/')[2]}/").status_code == 404


def test_an_hour_that_has_passed_is_not_booked(cast, visitor, told, today):
    page = follow(visitor, told)
    today.move_to(NOW + timedelta(hours=25))

    assert "The time on" in text_of(answer(visitor, page, "yes"))
    assert not Appointment.objects.filter(client=cast.vera).exists()
