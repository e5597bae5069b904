"""A kind for a chosen client, and the same to oneself: nothing is written, nothing counts it."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from crm.team.models import User
from reminders.journeys.services import trying
from reminders.messages.models import Message
from reminders.messages.views import WITH_WORDS
from tests.factories import make_branch, make_client, make_user
from tests.reminders.playing_salon import Transport

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    user = make_user(User.Role.OWNER, branch=make_branch(), email="owner@example.test")
    client.force_login(user)
    return user


@pytest.fixture
def transport(monkeypatch):
    cache.clear()
    stub = Transport()
    monkeypatch.setattr(trying, "send", stub)
    return stub


def page_of(kind, language, query=""):
    return reverse("admin:reminders_journey_for_client", args=[kind, language]) + query


def test_preview_says_it_with_her_own_facts(client, owner):
    guest = make_client(branch=owner.branch, name="Вера Выдуманная", called="Верочка", language="ru", gender="f")

    page = client.get(page_of("reminder_24h", "ru", f"?client={guest.code}&form=familiar&gender=f"))

    seen = page.context["seen"]
    assert "Верочка" in seen.letter.text
    assert "тебя" in seen.letter.text
    # she has no appointment: when and with whom is made up, and the page says so
    assert "{day}" in page.context["made_up"]
    assert Message.objects.count() == 0


def test_client_is_found_and_chosen_by_a_part_of_her_name(client, owner):
    guest = make_client(branch=owner.branch, name="Wilhelmina Invented")

    page = client.get(page_of("win_back", "en", "?q=wilhel"))

    assert f"?client={guest.code}" in page.content.decode()


def test_test_goes_to_oneself_marked_and_is_counted_nowhere(client, owner, transport):
    client.post(page_of("win_back", "bs"), {"channel": "email"})

    sent = transport.sent[0]
    assert (sent.to, sent.channel, sent.subject.startswith("[")) == ("owner@example.test", "email", True)
    assert Message.objects.count() == 0


def test_who_has_no_number_of_her_own_is_told(client, owner, transport):
    page = client.post(page_of("win_back", "en"), {"channel": "sms"}, follow=True)

    assert transport.sent == []
    assert "no address" in page.content.decode()


def test_ten_tests_an_hour_are_enough(client, owner, transport):
    for _number in range(11):
        client.post(page_of("win_back", "en"), {"channel": "email"})

    assert len(transport.sent) == 10


def test_all_messages_of_a_language_stand_on_one_sheet(client, owner):
    page = client.get(reverse("admin:reminders_messagetext_sheet", args=["ar"]) + "?form=familiar&gender=m")

    assert [kind for kind, _words, _seen in page.context["seen"]] == WITH_WORDS
    assert page.content.decode().count("<iframe") == 2 * len(WITH_WORDS)
