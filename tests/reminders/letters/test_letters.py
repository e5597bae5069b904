"""A letter on paper takes the place of a call, and counts once (practices.md, P15)."""

from datetime import timedelta

import pytest

from crm.care.models import Call
from reminders.journeys.facts import Contact, Facts, Rules
from reminders.journeys.reading import Reading
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.letters.models import PaperLetter
from reminders.letters.services import leave_out, post_letters, take_back, write_card
from reminders.messages.models import Kind, Message
from tests.factories import TODAY, local, make_branch
from tests.reminders.playing_salon import Transport, switch_everything_on
from tests.reminders.salon_day import ELEVEN, allow, days, known, make_lapsed

pytestmark = pytest.mark.django_db

ADDRESS = "12 Example Street\n71000 Example Town"


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    switch_everything_on(ELEVEN - days(100))
    return stub


def reading(**contact) -> Reading:
    zone = ELEVEN.tzinfo
    facts = Facts(1, "VERA", 1, branch_zone=zone, zone=zone, language="en", contact=Contact(**contact))
    return Reading(facts, Rules())


@pytest.mark.parametrize(
    ("kind", "contact", "way"),
    [
        # her wish goes first, where the post is quick enough
        (Kind.WIN_BACK, {"letter": True, "preferred": "letter", "email": True, "phone": True}, "letter"),
        (Kind.THANKS, {"letter": True, "preferred": "letter", "email": True}, "letter"),
        (Kind.FEEDBACK, {"letter": True, "preferred": "letter", "email": True}, "email"),
        (Kind.REMINDER_24H, {"letter": True, "preferred": "letter", "phone": True}, "call"),
        # no wish: whom a telephone reaches is rung
        (Kind.WIN_BACK, {"letter": True, "phone": True}, "call"),
        (Kind.WIN_BACK, {"letter": True}, "letter"),
        (Kind.POINTS_EXPIRING, {"letter": True}, "letter"),
        # an offer that is no win-back needs her consent, and there is none for letters
        (Kind.DUE_SOON, {"letter": True, "preferred": "letter"}, None),
        # a wish without an address is none
        (Kind.WIN_BACK, {"preferred": "letter", "phone": True}, "call"),
        # who wants no care gets no letter but about what is hers
        (Kind.THANKS, {"letter": True, "care_refused": True}, None),
        (Kind.WIN_BACK, {"letter": True, "care_refused": True}, None),
        (Kind.CARD_REVIEW, {"letter": True, "care_refused": True}, "letter"),
    ],
)
def test_way_to_whom_the_post_reaches(kind, contact, way):
    assert reading(**contact).channel(kind, ELEVEN) == way


def win_back(transport, **fields) -> Message:
    client = make_lapsed(make_branch(), email="", postal_address=ADDRESS, **fields)
    allow(client, marketing_email=False)
    known(client, now=ELEVEN)
    plan_due(now=ELEVEN)
    while dispatch.send_due(now=ELEVEN):
        pass
    return Message.objects.get(client=client, kind=Kind.WIN_BACK)


def test_letter_waits_to_be_printed_and_counts_as_sent(transport):
    message = win_back(transport, name="Vera Example")

    assert (message.state, message.channel, message.provider, message.sent_on) == ("sent", "letter", "letter", TODAY)
    assert transport.sent == []
    assert not Call.objects.exists()
    letter = PaperLetter.objects.get()
    assert (letter.message, letter.form, letter.kind, letter.due_at) == (
        message,
        "letter",
        "win_back",
        ELEVEN + timedelta(days=1),
    )
    assert letter.text.startswith("Hello Vera,\n\nWe have not seen you for a while, and we miss you.")
    assert "Your code is " in letter.text
    # nothing that only a screen has
    assert "button" not in letter.text
    assert "http" not in letter.text


def test_the_same_letter_is_laid_once(transport):
    message = win_back(transport)
    Message.objects.filter(pk=message.pk).update(state="planned", sent_at=None)

    while dispatch.send_due(now=ELEVEN):
        pass

    assert PaperLetter.objects.count() == 1


def test_posted_letters_leave_the_list_and_come_back(transport, cast):
    message = win_back(transport)
    letter = PaperLetter.objects.get()

    assert post_letters(ids=[letter.pk], branch=letter.branch, now=ELEVEN, user=cast.owner) == [letter.pk]
    assert post_letters(ids=[letter.pk], branch=letter.branch, now=ELEVEN, user=cast.owner) == []
    assert take_back(ids=[letter.pk], branch=cast.branch, now=ELEVEN) == 0
    assert take_back(ids=[letter.pk], branch=letter.branch, now=ELEVEN) == 1

    letter.refresh_from_db()
    assert (letter.done_at, letter.outcome) == (None, "")
    # she was told by the list, whatever became of the paper
    message.refresh_from_db()
    assert message.state == "sent"


def test_card_is_said_once_however_often_it_is_posted(cast):
    card = write_card(client=cast.vera, branch=cast.branch, text="Thank you!", now=ELEVEN, user=cast.owner)
    again = write_card(client=cast.vera, branch=cast.branch, text="Thank you!", now=ELEVEN, user=cast.owner)
    assert (card.form, again) == ("card", None)
    assert not Message.objects.exists()

    post_letters(ids=[card.pk], branch=cast.branch, now=ELEVEN, user=cast.owner)
    take_back(ids=[card.pk], branch=cast.branch, now=ELEVEN)
    assert Message.objects.get().state == "cancelled"
    post_letters(ids=[card.pk], branch=cast.branch, now=local(TODAY, 12), user=cast.owner)

    said = Message.objects.get()
    assert (said.kind, said.channel, said.state, said.body) == ("thanks", "letter", "sent", "Thank you!")
    assert said.sent_at == local(TODAY, 12)


def test_letter_left_out_is_not_posted(cast):
    card = write_card(client=cast.vera, branch=cast.branch, text="Thank you!", now=ELEVEN, user=cast.owner)

    assert leave_out(letter=card, now=ELEVEN, user=cast.owner)
    assert not leave_out(letter=card, now=ELEVEN, user=cast.owner)
    assert post_letters(ids=[card.pk], branch=cast.branch, now=ELEVEN, user=cast.owner) == []
    assert not Message.objects.exists()
