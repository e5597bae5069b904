"""The owner's pages of campaigns: written step by step, released, followed; and the guest list at the desk."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from reminders.campaigns.models import Campaign, Guest, HolidayDay
from reminders.journeys.services import trying
from tests.factories import NOW, TODAY, make_branch, make_client
from tests.reminders.cast import make_campaign, make_event
from tests.reminders.playing_salon import Transport
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


def test_words_in_the_form_are_tried_on_oneself_and_not_kept(owner, cast, monkeypatch):
    transport = Transport()
    monkeypatch.setattr(trying, "send", transport)
    campaign = make_campaign(languages=())
    address = reverse("campaign_words", args=[campaign.pk, "en"])

    tried = owner.post(address, {"subject": "Tea", "body": "Come, {name}.", "sms": "Tea", "try": "email"})
    empty = owner.post(address, {"try": "email"})

    assert [(mail.to, mail.subject) for mail in transport.sent] == [("owner@example.test", "[Test] Tea")]
    assert "on its way to your own address" in tried.text
    assert "There are no words yet." in empty.text
    assert not campaign.texts.exists()


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


def test_event_is_called_off_only_after_the_question(owner, cast):
    campaign = make_event()
    page = reverse("campaign_call_off", args=[campaign.pk])

    asked = owner.get(page)
    campaign.event.refresh_from_db()

    assert "There is no undo" in asked.text
    assert campaign.event.cancelled_at is None
    owner.post(page)
    campaign.event.refresh_from_db()
    assert campaign.event.cancelled_at == NOW
    assert owner.get(page)["Location"] == reverse("campaign", args=[campaign.pk])


def test_an_estimated_day_is_corrected_and_the_greeting_for_it_stays(owner, cast):
    owner.post(reverse("campaign_new", args=["holiday"]), {"title": "Eid", "holiday": "eid_al_fitr"})
    estimated = next(row for row in owner.get(reverse("campaigns")).context["holidays"] if row.key == "eid_al_fitr")
    Campaign.objects.update(goes_on=estimated.on)

    owner.post(
        reverse("admin:reminders_holidayday_add"),
        {"which": "eid_al_fitr", "name": "", "on": (estimated.on + timedelta(days=1)).isoformat()},
    )

    row = next(row for row in owner.get(reverse("campaigns")).context["holidays"] if row.key == "eid_al_fitr")
    assert (estimated.is_estimate, row.is_estimate) == (True, False)
    assert row.on == estimated.on + timedelta(days=1)
    assert row.campaign == estimated.campaign == Campaign.objects.get()


def test_a_day_of_ones_own_needs_a_name(owner, cast):
    add = reverse("admin:reminders_holidayday_add")

    assert "What is this day called?" in owner.post(add, {"which": "", "name": "", "on": "2026-12-05"}).text
    owner.post(add, {"which": "", "name": "Our birthday", "on": "2026-12-05"})

    day = HolidayDay.objects.get()
    assert (day.holiday, day.name, day.on) == ("", "Our birthday", date(2026, 12, 5))
