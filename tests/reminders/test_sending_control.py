"""What the owner has in hand: the stop that works at once, the pace, and what was given up."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.urls import reverse

from crm.team.services import let_messages_go, stop_messages
from reminders.consent.models import MessageSettings
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages import services
from reminders.messages.claiming import claim_due
from reminders.messages.models import Kind, Message
from reminders.messages.services import retry_alike
from tests.factories import TODAY, make_branch
from tests.reminders.playing_salon import Transport, switch_everything_on
from tests.reminders.salon_day import ELEVEN, days, known, make_due, states_of
from tests.reminders.test_dispatch_batch import confirmations, while_writing

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def branch():
    switch_everything_on(ELEVEN - days(200))
    return make_branch("Harbour")


def invited(branch, many: int) -> list:
    clients = [make_due(branch) for _ in range(many)]
    known(*clients, now=ELEVEN - timedelta(hours=2))
    plan_due(now=ELEVEN - timedelta(hours=2))
    plan_due(now=ELEVEN)
    return clients


# The stop -------------------------------------------------------------------------


def test_nothing_is_taken_while_all_is_stopped_and_it_goes_afterwards(branch, transport):
    invited(branch, 2)
    stop_messages(user=None, now=ELEVEN)
    stopped = dispatch.send_due(now=ELEVEN), len(transport.sent)

    let_messages_go(user=None)
    dispatch.send_due(now=ELEVEN + MINUTE)

    assert (stopped, len(transport.sent)) == ((0, 0), 2)


def test_stop_reaches_what_a_worker_has_in_hand(branch, transport, monkeypatch):
    clients = invited(branch, 3)
    while_writing(monkeypatch, lambda: stop_messages(user=None, now=ELEVEN))

    dispatch.send_due(now=ELEVEN)

    rows = [(row.state, row.state_reason, row.attempts, row.send_at) for row in Message.objects.all()]
    assert (transport.sent, rows) == ([], [("planned", "stopped", 0, ELEVEN)] * len(clients))


def test_without_the_question_of_the_hand_over_the_batch_goes_out(branch, transport, monkeypatch):
    """The control: only who claims is asked."""
    invited(branch, 3)
    monkeypatch.setattr(services, "STOPPED_BY_OWNER", services.STOPPED_BY_OWNER.none())
    while_writing(monkeypatch, lambda: stop_messages(user=None, now=ELEVEN))

    dispatch.send_due(now=ELEVEN)

    with pytest.raises(AssertionError):
        assert transport.sent == []


def test_stop_and_go_are_one_tap_for_the_owner_and_nothing_for_others(cast, client):
    client.force_login(cast.receptionist)
    refused = client.post(reverse("sending_stop")).status_code
    client.force_login(cast.owner)

    client.post(reverse("sending_stop"))
    said = client.get(reverse("desk:today")).content.decode()
    client.post(reverse("sending_go"), {"next": "https://elsewhere.test/"})

    assert refused in (302, 403)
    assert "All messages are stopped." in said
    assert "All messages are stopped." not in client.get(reverse("desk:today")).content.decode()


# The pace ---------------------------------------------------------------------------


def test_so_many_a_minute_and_no_more(branch):
    MessageSettings.objects.update_or_create(pk=1, defaults={"email_per_minute": 5})
    invited(branch, 7)

    taken = [len(claim_due(now=ELEVEN + seconds)) for seconds in (0 * MINUTE, MINUTE / 2, MINUTE, 2 * MINUTE)]

    # one in five is kept for appointment messages
    assert taken == [4, 0, 3, 0]


def test_appointment_messages_have_a_place_in_a_full_minute_and_go_first(branch):
    MessageSettings.objects.update_or_create(pk=1, defaults={"email_per_minute": 5})
    invited(branch, 7)
    first = claim_due(now=ELEVEN)
    confirmations(branch, 2, ELEVEN)

    second = claim_due(now=ELEVEN + MINUTE / 2)
    third = claim_due(now=ELEVEN + MINUTE)

    assert [{message.kind for message in taken} for taken in (first, second)] == [{Kind.DUE_SOON}, {Kind.CONFIRMATION}]
    assert [message.kind for message in third] == [Kind.CONFIRMATION, *[Kind.DUE_SOON] * 3]


# What was given up ------------------------------------------------------------------


def test_all_of_a_class_go_again_and_no_others(branch, transport):
    clients = invited(branch, 3)
    Message.objects.filter(client=clients[2]).update(state="failed", state_reason="The mail provider answers 400.")
    Message.objects.filter(~Q(client=clients[2])).update(
        state="failed", state_reason="The mail provider answers 503.", attempts=8
    )

    again = retry_alike(state="failed", channel="email", reason="The mail provider answers 503.", now=ELEVEN + MINUTE)
    dispatch.send_due(now=ELEVEN + MINUTE)

    assert (again, len(transport.sent)) == (2, 2)
    assert states_of(clients[2])[Kind.DUE_SOON][0] == "failed"


def test_only_what_was_given_up_is_sent_again(branch):
    invited(branch, 1)

    assert retry_alike(state="sent", channel="email", reason="", now=ELEVEN) == 0


@pytest.mark.parametrize("many", [1, 30])
def test_page_of_sending_names_each_class_with_a_way_to_send_it_again(cast, client, django_assert_num_queries, many):
    switch_everything_on(ELEVEN - days(200))
    invited(make_branch("Elsewhere"), 2)
    Message.objects.update(state="failed", state_reason="The mail provider answers 503.")
    template = Message.objects.first()
    for number in range(many):
        Message.objects.create(
            client=template.client,
            branch=template.branch,
            kind=Kind.NEWS,
            purpose="marketing",
            occasion=f"{TODAY} {number}",
            state="unknown",
            state_reason=f"reason {number}",
            channel="sms",
            send_at=ELEVEN,
            not_after=ELEVEN,
            planned_at=ELEVEN,
        )
    client.force_login(cast.owner)

    with django_assert_num_queries(9):
        page = client.get(reverse("sending")).content.decode()

    assert page.count("sending/again/") == many + 1
    client.post(
        reverse("sending_retry"), {"state": "failed", "channel": "email", "reason": "The mail provider answers 503."}
    )
    assert Message.objects.filter(state="planned").count() == 2
