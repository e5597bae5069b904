"""The owner's pages of campaigns: written step by step, released, followed; and the guest list at the desk."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from reminders.campaigns.models import Campaign, Guest
from tests.factories import NOW, TODAY, make_branch, make_client
from tests.reminders.cast import make_campaign, make_event
from tests.reminders.salon_day import allow

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner)
    with time_machine.travel(NOW, tick=False):
        yield client


def test_news_are_written_and_released_page_by_page(owner, cast):
    allow(cast.vera)
    made = owner.post(reverse("campaign_new", args=["news"]), {"title": "Autumn"})
    campaign = Campaign.objects.get()
    assert made["Location"] == reverse("campaign_who", args=[campaign.pk])

    counted = owner.post(made["Location"], {"languages": ["ar"]}, headers={"HX-Request": "true"})
    assert "0 clients get it" in counted.text
    owner.post(made["Location"], {"languages": ["en", "ru"]})
    words = {"subject": "Tea", "body": "Come, {name}.", "button": "Book", "sms": "{hello} Tea: {link}"}
    looked = owner.post(reverse("campaign_words", args=[campaign.pk, "en"]), words | {"look": "1"})
    assert "Come, " in looked.text
    assert not campaign.texts.exists()
    owner.post(reverse("campaign_words", args=[campaign.pk, "en"]), words)
    when = {"goes_on": TODAY + timedelta(days=1), "hour": "11:00", "control_percent": 10, "fixed_costs": "0"}
    owner.post(reverse("campaign_when", args=[campaign.pk]), when)

    released = owner.post(reverse("campaign_act", args=[campaign.pk, "release"]), follow=True)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.released_by, campaign.control_percent) == ("released", cast.owner, 10)
    assert campaign.rules == {"languages": ["en", "ru"]}
    assert "Stop it at once" in released.text
    owner.post(reverse("campaign_act", args=[campaign.pk, "stop"]))
    campaign.refresh_from_db()
    assert campaign.state == "stopped"


def test_unknown_placeholder_is_refused_and_the_words_stay_in_the_form(owner, cast):
    campaign = make_campaign(languages=())

    page = owner.post(
        reverse("campaign_words", args=[campaign.pk, "en"]),
        {"subject": "Tea", "body": "Dear {surname}", "button": "", "sms": "Tea"},
    )

    assert page.status_code == 422
    assert "Dear {surname}" in page.text
    assert not campaign.texts.exists()


def test_released_campaign_is_not_written_again(owner, cast):
    campaign = make_event()

    assert owner.get(reverse("campaign_who", args=[campaign.pk]))["Location"] == reverse("campaign", args=[campaign.pk])
    assert owner.post(reverse("campaign_act", args=[campaign.pk, "throw-away"])).status_code == 302
    assert Campaign.objects.filter(pk=campaign.pk).exists()


def test_event_is_written_by_the_branchs_clock_and_may_end_after_midnight(owner, cast):
    asked = {"title": "Night", "on": "2026-07-01", "begins": "20:00", "ends": "01:00", "place": "", "seats": "12"}

    owner.post(reverse("campaign_new", args=["event"]), asked)

    event = Campaign.objects.get().event
    # Sarajevo is two hours ahead
    assert [at.isoformat()[:16] for at in (event.starts_at, event.ends_at)] == ["2026-07-01T18:00", "2026-07-01T23:00"]
    assert event.seats == 12


@pytest.mark.parametrize("count", [1, 30])
def test_list_asks_as_much_for_many_as_for_one(owner, cast, count, django_assert_num_queries):
    for number in range(count):
        make_campaign(title=f"News {number}")
    owner.get(reverse("campaigns"))

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        page = owner.get(reverse("campaigns"))

    assert "News 0" in page.text


# the session and the user, the frame of the office, campaigns, branches, the holidays that clients named, the calendar
QUERIES_OF_THE_LIST = 11


@pytest.mark.parametrize("count", [1, 30])
def test_guest_list_asks_as_much_for_many_as_for_one(client, cast, count, django_assert_num_queries):
    people = [make_client(branch=cast.branch, name=f"Guest {number:02}") for number in range(count)]
    event = make_event(branch=cast.branch, guests=dict.fromkeys(people, 1)).event
    client.force_login(cast.receptionist)
    with time_machine.travel(NOW, tick=False):
        url = reverse("desk:event", args=[event.pk])
        client.get(url)

        with django_assert_num_queries(QUERIES_OF_GUESTS):
            page = client.get(url)

        assert page.text.count("Is here") == count
        guest = Guest.objects.first()
        client.post(reverse("desk:event_came", args=[event.pk, guest.pk]), {"came": "1"})
        assert client.get(url).text.count("Is here") == count - 1
        rows = client.get(reverse("desk:event_guests", args=[event.pk])).content.decode("utf-8-sig").splitlines()
    assert rows[:2] == ["Name,Answer,Seats,Came", "Guest 00,coming,1,yes"]


# session, user, settings, branch with what waits in its inbox, the event, its guests, its seats
QUERIES_OF_GUESTS = 7


def test_event_of_another_branch_is_nobodys(client, cast):
    event = make_event(branch=make_branch("Elsewhere")).event
    client.force_login(cast.receptionist)

    with time_machine.travel(NOW, tick=False):
        assert client.get(reverse("desk:event", args=[event.pk])).status_code == 404
        assert "No event is planned" in client.get(reverse("desk:events")).text
