"""An invitation behind its link: looked at, answered by one tap, in her language; nothing changes by looking."""

import pytest
import time_machine

from reminders.campaigns.models import Guest
from reminders.messages.models import Kind
from tests.factories import NOW
from tests.reminders.cast import make_event, make_message
from tests.reminders.links.conftest import link_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def opened(client, cast, **fields):
    campaign = make_event(languages=("en", "ar"), **fields)
    message = make_message(cast.vera, Kind.EVENT, occasion=campaign.key)
    page = client.get(link_in(message), follow=True)
    return campaign.event, f"/my/event/{campaign.pk}/", page


def test_one_tap_answers_and_looking_answers_nothing(client, cast):
    event, url, page = opened(client, cast, seats=5)
    assert "Tea en" in page.text
    for _time in range(3):
        client.get(url)
        client.head(url)
    assert not Guest.objects.exists()

    client.post(url, {"answer": "friend"})
    client.post(url, {"answer": "friend"})

    assert list(event.guests.values_list("client", "state", "seats")) == [(cast.vera.pk, "coming", 2)]
    assert "Two seats are yours" in client.get(url).text
    file = client.get(f"{url}event.ics").content.decode()
    assert "SUMMARY:" in file
    assert "LOCATION:The garden" in file
    client.post(url, {"answer": "no"})
    assert "not this time" in client.get(url).text


def test_full_event_offers_a_place_on_the_list(client, cast):
    event, url, page = opened(client, cast, seats=1, guests={cast.dina: 1})
    assert "put me on the list" in page.text

    client.post(url, {"answer": "yes"})

    assert event.guests.get(client=cast.vera).state == "waiting"
    assert "You are on the list" in client.get(url).text


def test_anothers_event_and_a_draft_open_nothing(client, cast):
    event, url, _page = opened(client, cast)
    other = make_event()

    assert client.get(f"/my/event/{other.pk}/").status_code == 404
    event.campaign.state = "draft"
    event.campaign.save()
    assert client.get(url).status_code == 404


def test_nonsense_changes_nothing(client, cast):
    _event, url, _page = opened(client, cast)

    assert client.post(url, {"answer": "maybe"}).status_code == 200
    assert not Guest.objects.exists()
