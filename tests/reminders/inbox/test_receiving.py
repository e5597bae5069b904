"""A letter comes in: kept once, in the conversation of whoever wrote it (practices.md, P22)."""

from datetime import timedelta

import pytest

from reminders.inbox.models import Conversation, Letter
from reminders.inbox.services import receive
from tests.factories import NOW, make_branch, make_client

pytestmark = pytest.mark.django_db


def comes(text="Good evening", *, sender="+38761100001", channel="sms", number="p1", at=NOW, **fields):
    return receive(
        channel=channel, sender=sender, text=text, provider="sink", provider_id=number, at=at, now=NOW, **fields
    )


def test_letter_told_twice_is_kept_once():
    make_client(branch=make_branch(), phone="+38761100001")

    assert comes() is not None
    assert comes() is None

    assert Letter.objects.count() == 1


def test_number_without_plus_and_an_address_with_a_name_find_the_client():
    ana = make_client(branch=make_branch(), phone="+38761100001", email="ana@example.test")

    first = comes(sender="38761100001")
    second = comes(channel="email", sender="Ana <ANA@example.test>", number="p2")

    assert (first.sender, second.sender) == ("+38761100001", "ana@example.test")
    assert Conversation.objects.get().client == ana


def test_stranger_has_one_conversation_that_every_branch_sees():
    comes(sender="+38761100099")
    comes(sender="00387 61 100 099", number="p2", at=NOW - timedelta(minutes=5))

    conversation = Conversation.objects.get()
    assert (conversation.client, conversation.branch, conversation.sender) == (None, None, "+38761100099")
    assert (conversation.waiting_since, conversation.last_at) == (NOW, NOW)
