"""Two cards of one client become one: what she allows, and what was said (trust.md, D3)."""

from datetime import timedelta

import pytest

from crm.office.merging.steps import MergeRefused
from reminders.campaigns.models import Guest
from reminders.consent.models import ConsentEvent, ContactPermission
from reminders.consent.selectors import is_allowed, permission_of, refusals_since, stopped_addresses
from reminders.consent.services import grant, mark_dead, refuse_care, stop_channel, withdraw
from reminders.inbox.models import Conversation, Letter
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Kind, Message
from tests.crm.office.merging.conftest import merge
from tests.factories import (
    NOW,
    make_client,
)
from tests.reminders.cast import make_event, make_message
from tests.reminders.playing_salon import Transport, switch_everything_on
from tests.reminders.salon_day import ELEVEN, known, make_due

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
State = Message.State


WAYS = [(purpose, channel) for purpose in ("service", "care", "marketing") for channel in ("email", "sms", "chat")]


def test_a_no_on_either_card_holds_for_its_channel_and_purpose(branch, owner):
    """Each of the two refused x purpose x channel: all else stays allowed, and the evidence says so."""
    for refuses in (0, 1):
        for purpose, channel in [*WAYS, ("care", "call")]:
            two = [make_client(branch=branch, name="Amra Demić") for _each in range(2)]
            for client in two:
                for way in ("email", "sms", "chat"):
                    grant(client=client, purpose="marketing", channel=way, where="desk", now=NOW)
            withdraw(client=two[refuses], purpose=purpose, channel=channel, where="link", now=NOW)
            # the other one says yes later: that was another card
            grant(client=two[1 - refuses], purpose=purpose, channel=channel, where="desk", now=NOW + DAY)

            merge(*two, owner, now=NOW + 2 * DAY)

            permission = permission_of(two[0])
            refused = {way for way in [*WAYS, ("care", "call")] if not is_allowed(permission, *way)}
            assert refused == {(purpose, channel)}
            last = ConsentEvent.objects.filter(client=two[0], purpose=purpose, channel=channel).latest("pk")
            assert (last.is_given, last.where, last.user) == (False, "merge", owner)
            assert not ConsentEvent.objects.filter(client=two[1]).exists()
            assert not ContactPermission.objects.filter(client=two[1]).exists()


def test_who_was_never_asked_on_one_card_has_not_refused_on_the_other(two, owner):
    kept, aside = two
    grant(client=aside, purpose="marketing", channel="email", where="desk", now=NOW - 9 * DAY)

    merge(kept, aside, owner)

    permission = permission_of(kept)
    assert (permission.marketing_email, permission.marketing_email_at) == (True, NOW - 9 * DAY)


def test_no_care_at_all_and_a_dead_address_hold_and_the_old_address_stays_stopped(branch, owner):
    kept = make_client(branch=branch, name="Amra", email="new@example.test", phone="+38761100001")
    aside = make_client(branch=branch, name="Amra", email="old@example.test", phone="+38761100001")
    mark_dead(client=aside, channel="email", now=NOW)
    mark_dead(client=aside, channel="sms", now=NOW)
    stop_channel(client=aside, channel="email", where="stop", now=NOW)
    refuse_care(client=aside, refused=True, where="link", now=NOW)

    merge(kept, aside, owner)

    permission = permission_of(kept)
    # the number that is dead is hers, the address that is dead was the other one
    assert (permission.care_refused, permission.sms_dead_at, permission.email_dead_at) == (True, NOW, None)
    # an old file that brings either address brings no consent with it
    assert {address for _channel, address in stopped_addresses()} >= {"old@example.test", "new@example.test"}


def test_a_no_said_after_a_copy_was_made_holds_for_both_cards_that_the_copy_brings_back(two, owner):
    kept, aside = two
    stop_channel(client=aside, channel="sms", where="stop", now=NOW)

    merge(kept, aside, owner, now=NOW + DAY)

    assert {(refusal.client, refusal.purpose) for refusal in refusals_since(NOW - DAY) if refusal.channel == "sms"} == {
        (code, purpose) for code in (kept.code, aside.code) for purpose in ("care", "marketing")
    }


def test_of_one_occasion_on_both_cards_what_has_gone_counts_and_nothing_goes_twice(two, owner):
    kept, aside = two
    gone = make_message(aside, Kind.BIRTHDAY, occasion="2026-06-12", state=State.SENT, sent_at=NOW)
    planned = make_message(kept, Kind.BIRTHDAY, occasion="2026-06-12", state=State.PLANNED)
    news = make_message(aside, Kind.NEWS, occasion="7", state=State.PLANNED)

    merge(kept, aside, owner)

    said = {message.pk: message for message in Message.objects.all()}
    assert {message.client_id for message in said.values()} == {kept.pk}
    assert (said[gone.pk].state, said[gone.pk].occasion) == ("sent", "2026-06-12")
    assert (said[planned.pk].state, said[planned.pk].state_reason) == ("dropped", "merged")
    assert (said[news.pk].state, said[news.pk].occasion) == ("planned", "7")


@pytest.mark.parametrize(
    ("merged", "refuses", "letters"), [(False, None, 2), (True, None, 1), (True, 0, 0), (True, 1, 0)]
)
def test_two_planned_invitations_are_one_and_a_refusal_on_either_card_stops_it(
    branch, owner, monkeypatch, merged, refuses, letters
):
    transport = Transport()
    monkeypatch.setattr(dispatch, "send", transport)
    switch_everything_on(ELEVEN - 100 * DAY)
    # both are due today; without a merge each of the two cards is written to
    two = [make_due(branch, name="Amra Demić", email=f"amra{number}@example.test") for number in range(2)]
    known(*two, now=ELEVEN)
    plan_due(now=ELEVEN)
    assert Message.objects.filter(state=State.PLANNED).count() == 2
    if merged:
        if refuses is not None:
            withdraw(client=two[refuses], purpose="marketing", channel="email", where="link", now=ELEVEN)
        merge(*two, owner, now=ELEVEN)
        plan_due(now=ELEVEN)

    while dispatch.send_due(now=ELEVEN):
        pass

    assert len(transport.sent) == letters


def test_a_message_that_is_just_being_handed_over_is_waited_for(two, owner):
    kept, aside = two
    make_message(aside, Kind.NEWS, occasion="7", state=State.SENDING)

    with pytest.raises(MergeRefused, match="going out at this moment"):
        merge(kept, aside, owner)


def test_letters_of_both_are_one_conversation(two, owner, branch):
    kept, aside = two
    for number, client in enumerate(two):
        talk = Conversation.objects.create(
            client=client, channel="sms", sender=client.phone, branch=branch, waiting_since=NOW - number * DAY,
            last_at=NOW - number * DAY, done_at=NOW if client == kept else None,
        )  # fmt: skip
        Letter.objects.create(
            conversation=talk, channel="sms", sender=client.phone, text="Hello", provider="demo",
            provider_id=str(number), at=talk.last_at,
        )  # fmt: skip

    merge(kept, aside, owner)

    [talk] = Conversation.objects.all()
    assert (talk.client, talk.letters.count(), talk.done_at, talk.waiting_since) == (kept, 2, None, NOW - DAY)


def test_two_answers_to_one_invitation_are_one_and_the_seat_goes_on(two, owner, branch):
    kept, aside = two
    event = make_event(now=NOW, seats=2).event
    waits = make_client(branch=branch)
    for client, state, at in ((kept, "coming", NOW - DAY), (aside, "coming", NOW), (waits, "waiting", NOW)):
        Guest.objects.create(
            event=event, client=client, state=state, answered_at=at, waits_since=at if state == "waiting" else None
        )

    merge(kept, aside, owner)

    assert sorted(event.guests.values_list("client", "state")) == sorted([(kept.pk, "coming"), (waits.pk, "coming")])
