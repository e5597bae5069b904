"""The salon's own words: begun from those in use, refused where something could not be filled, seen before saving."""

import pytest
from django.urls import reverse

from crm.team.models import User
from reminders.messages.models import MessageText
from tests.factories import make_branch, make_user

pytestmark = pytest.mark.django_db

WORDS = {
    "kind": "thanks",
    "language": "en",
    "subject": "Thank you from {salon}",
    "body": "{cause}\n\nWe are glad.",
    "button": "",
    "sms": "Thank you! {link}",
}


@pytest.fixture(autouse=True)
def owner(client):
    user = make_user(User.Role.OWNER, branch=make_branch())
    client.force_login(user)
    return user


@pytest.mark.parametrize("language", ["en", "ru", "bs", "ar"])
def test_words_in_use_are_seen_in_each_language(client, language):
    response = client.get(reverse("admin:reminders_messagetext_preview", args=["lashes", language]))

    assert response.status_code == 200
    assert "srcdoc" in response.content.decode()


def test_form_begins_with_the_words_in_use(client):
    page = client.get(reverse("admin:reminders_messagetext_add"), {"kind": "thanks", "language": "ru"})

    form = page.context["adminform"].form
    assert form.initial["language"] == "ru"
    assert form.initial["body"]
    assert "{name}" in page.content.decode()


def test_own_words_are_kept(client):
    client.post(reverse("admin:reminders_messagetext_add"), WORDS)

    text = MessageText.objects.get()
    assert (text.kind, text.language, text.subject) == ("thanks", "en", "Thank you from {salon}")


def test_placeholder_that_cannot_be_filled_is_not_saved(client):
    page = client.post(reverse("admin:reminders_messagetext_add"), {**WORDS, "body": "Your {voucher_code}"})

    assert not MessageText.objects.exists()
    assert "{voucher_code}" in page.content.decode()


def test_draft_is_seen_before_it_is_saved(client):
    page = client.post(reverse("admin:reminders_messagetext_look"), {**WORDS, "subject": "A brand new subject"})

    assert "A brand new subject" in page.content.decode()
    assert not MessageText.objects.exists()


def test_draft_with_an_unknown_placeholder_says_so(client):
    page = client.post(reverse("admin:reminders_messagetext_look"), {**WORDS, "sms": "{nonsense}"})

    assert "{nonsense}" in page.content.decode()


def test_going_back_gives_up_the_own_words(client):
    text = MessageText.objects.create(**WORDS)

    client.post(reverse("admin:reminders_messagetext_back_to_default", args=[text.pk]))

    assert not MessageText.objects.exists()
