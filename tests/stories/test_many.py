"""What the owner writes to many: news to who agreed, until she says stop; an event that fills, and is called off."""

from datetime import timedelta

import pytest

from reminders.campaigns.services.answering import answer_invitation
from reminders.inbox.services import receive
from reminders.journeys.services import dispatch
from reminders.journeys.services.releasing import call_off, finish_campaigns, release
from reminders.messages.models import Kind, Message
from tests.factories import make_branch, make_client
from tests.reminders.cast import make_campaign, make_event
from tests.reminders.playing_salon import Transport, switch_everything_on, turn
from tests.reminders.salon_day import ELEVEN, allow, days

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
BEFORE = ELEVEN - timedelta(hours=2)


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def branch():
    switch_everything_on(ELEVEN - days(200))
    return make_branch("Harbour")


def reader(branch, name):
    client = make_client(branch=branch, name=name, email=f"{name.lower()}@example.test")
    allow(client)
    return client


def got(kind):
    """Whom something of this kind went to."""
    gone = Message.objects.filter(kind=kind, state=Message.State.SENT).select_related("client")
    return sorted(message.client.name for message in gone)


def test_news_go_to_who_agreed_until_she_says_stop(branch, transport):
    ada, _bea = reader(branch, "Ada"), reader(branch, "Bea")
    # she was never asked
    make_client(branch=branch, name="Cleo", email="cleo@example.test")
    release(campaign=make_campaign(), user=None, now=BEFORE)
    turn(ELEVEN)
    assert got(Kind.NEWS) == ["Ada", "Bea"]

    receive(
        channel="email", sender=ada.email, text="STOP", provider="stub", provider_id="<1@example.test>",
        at=ELEVEN + MINUTE, now=ELEVEN + MINUTE,
    )  # fmt: skip
    turn(ELEVEN + 2 * MINUTE)

    # one confirmation, and no news any more; the others hear the next ones
    assert got(Kind.OPT_OUT) == ["Ada"]
    week = ELEVEN + days(7)
    release(campaign=make_campaign(goes_on=week.date()), user=None, now=week - timedelta(hours=2))
    turn(week)
    assert got(Kind.NEWS) == ["Ada", "Bea", "Bea"]
    assert finish_campaigns(now=ELEVEN + days(30)) == 2


def test_event_fills_a_seat_comes_back_and_all_are_told_that_it_is_off(branch, transport):
    ada, bea, cleo, dora = (reader(branch, name) for name in ("Ada", "Bea", "Cleo", "Dora"))
    draft = make_event(seats=3, state="draft", released_at=None, starts_at=ELEVEN + days(9))
    release(campaign=draft, user=None, now=BEFORE)
    turn(ELEVEN)
    assert got(Kind.EVENT) == ["Ada", "Bea", "Cleo", "Dora"]

    event = draft.event
    for number, (client, seats) in enumerate([(ada, 2), (bea, 1), (cleo, 1), (dora, 0)]):
        answer_invitation(event=event, client=client, seats=seats, now=ELEVEN + (number + 1) * MINUTE)
    assert dict(event.guests.values_list("client__name", "state")) == {
        "Ada": "coming", "Bea": "coming", "Cleo": "waiting", "Dora": "not_coming",
    }  # fmt: skip

    # Bea cannot come after all: her seat is Cleo's, who is told
    answer_invitation(event=event, client=bea, seats=0, now=ELEVEN + days(1))
    turn(ELEVEN + days(1) + MINUTE)
    assert got(Kind.EVENT_PLACE) == ["Cleo"]

    call_off(event=event, now=ELEVEN + days(2))
    turn(ELEVEN + days(2) + MINUTE)
    # who said no need not hear of it, and nobody is reminded
    assert got(Kind.EVENT_OFF) == ["Ada", "Cleo"]
    turn(ELEVEN + days(8))
    assert got(Kind.EVENT_REMINDER) == []
