"""What other clients say, for who chose the same (practices.md, P12)."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from crm.care.models import Feedback, Quote
from crm.care.selectors import quotes_about
from crm.care.services import record_feedback
from reminders.messages.models import Kind
from reminders.messages.rendering import render
from tests.factories import NOW, TODAY, make_visit
from tests.reminders.cast import make_told, make_words

pytestmark = pytest.mark.django_db


def quote(service, text, **fields):
    return Quote.objects.create(**{"service": service, "language": "en", "text": text, "said_by": "Mia"} | fields)


def feedback(cast, client, *, may_quote):
    make_visit(client, TODAY, services=[cast.lashes], master=cast.anna)
    record_feedback(
        client=client, branch=cast.branch, visit_on=TODAY, score=10, pleased="So light", may_quote=may_quote, now=NOW
    )
    return Feedback.objects.get(client=client)


def test_others_are_quoted_on_her_services_in_her_language_and_never_she_herself(cast):
    quote(cast.lashes, "Older")
    quote(cast.lashes, "Newer")
    quote(cast.lashes, "Hidden", is_shown=False)
    quote(cast.lashes, "Лёгкие", language="ru")
    quote(cast.colour, "Of the colour")
    quote(cast.lashes, "Her own", feedback=feedback(cast, cast.vera, may_quote=True))
    quote(cast.removal, "Newer")

    found = quotes_about([cast.lashes, cast.removal], "en", beside=cast.vera, count=3)

    assert [each.text for each in found] == ["Newer", "Older"]


@pytest.mark.parametrize("agreed", [True, False])
def test_nobody_is_quoted_who_has_not_agreed(cast, agreed):
    given = feedback(cast, cast.dina, may_quote=agreed)
    row = Quote(service=cast.lashes, language="en", text="So light", feedback=given)

    if agreed:
        row.full_clean()
    else:
        with pytest.raises(ValidationError, match="has not agreed"):
            row.full_clean()


def test_consent_that_is_not_repeated_is_gone(cast):
    feedback(cast, cast.dina, may_quote=True)

    record_feedback(client=cast.dina, branch=cast.branch, visit_on=TODAY, score=8, now=NOW)

    assert Feedback.objects.get().quote_agreed_at is None


def test_reassurance_tells_what_others_say(cast):
    make_words(cast.lashes)
    quote(cast.lashes, "I wake up and I am ready.")
    message = make_told(cast, cast.vera, Kind.REASSURANCE)

    letter = render(message, now=NOW)

    assert "What others say who chose the same:\n“I wake up and I am ready.” Mia" in letter.text


def test_reassurance_without_quotes_promises_none(cast):
    message = make_told(cast, cast.vera, Kind.REASSURANCE)

    assert "What others say" not in render(message, now=NOW).text


def test_owner_begins_a_quote_from_feedback_that_may_be_quoted(cast):
    given = feedback(cast, cast.dina, may_quote=True)
    office = Browser()
    office.force_login(cast.owner)
    page = office.get(reverse("admin:crm_feedback_change", args=[given.pk])).content.decode()
    address = reverse("admin:crm_feedback_quote_her", args=[given.pk])

    form = office.get(address, follow=True).content.decode()

    assert address in page
    assert 'value="So light"' in form
    assert f'value="{given.pk}"' in form
    Feedback.objects.update(quote_agreed_at=None)
    assert address not in office.get(reverse("admin:crm_feedback_change", args=[given.pk])).content.decode()
    assert office.get(address).status_code == 403
