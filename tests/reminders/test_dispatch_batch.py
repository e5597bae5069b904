"""A claimed batch: read in sets after the claim, checked for each, and handed over only unchanged."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.booking.models import AppointmentEvent
from crm.people.models import ClientChange
from crm.team.models import Branch, CrmSettings
from crm.team.once import put_in, read_for_a_turn, read_once, reading_once
from reminders.consent.models import MessageSettings
from reminders.consent.services import withdraw
from reminders.journeys.services import checking, dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Kind, Message, MessageEvent
from reminders.messages.services import hand_over
from tests.factories import TODAY, local, make_appointment, make_branch, make_master, make_service
from tests.reminders.playing_salon import Transport, switch_everything_on
from tests.reminders.salon_day import ELEVEN, days, known, make_due, make_regular, states_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def branch():
    switch_everything_on(ELEVEN - days(200))
    return make_branch("Harbour")


@pytest.fixture
def two(branch):
    """Two invitations that stand in the queue at eleven."""
    clients = [make_due(branch, code=code) for code in ("K1", "K2")]
    planned(*clients)
    return clients


def planned(*clients) -> None:
    known(*clients, now=ELEVEN - timedelta(hours=2))
    plan_due(now=ELEVEN - timedelta(hours=2))
    plan_due(now=ELEVEN)


def no_consent(client) -> None:
    withdraw(client=client, purpose="marketing", channel="email", where="link", now=ELEVEN)


def while_writing(monkeypatch, happens) -> None:
    """Something happens while the first letter is being written."""
    write, done = dispatch.render, []

    def render(message, *, now):
        if not done:
            done.append(message)
            happens()
        return write(message, now=now)

    monkeypatch.setattr(dispatch, "render", render)


@pytest.mark.parametrize("which", [0, 1], ids=["of whom it is written to", "of who comes next"])
def test_consent_withdrawn_while_a_letter_is_written_stops_it(two, transport, monkeypatch, which):
    while_writing(monkeypatch, lambda: no_consent(two[which]))

    dispatch.send_due(now=ELEVEN)

    assert [letter.to for letter in transport.sent] == [two[1 - which].email]
    assert states_of(two[which])[Kind.DUE_SOON] == ("cancelled", "no_channel")


def test_without_the_condition_of_the_hand_over_it_goes(two, transport, monkeypatch):
    """The control: only the claim is asked for."""
    monkeypatch.setattr(dispatch, "hand_over", lambda *, message, now, known: hand_over(message=message, now=now))
    while_writing(monkeypatch, lambda: no_consent(two[0]))

    dispatch.send_due(now=ELEVEN)

    with pytest.raises(AssertionError):
        assert [letter.to for letter in transport.sent] == [two[1].email]


def test_facts_are_read_after_the_claim(two, transport, monkeypatch):
    claim = dispatch.claim_due

    def claim_due(**options):
        taken = claim(**options)
        no_consent(two[1])
        return taken

    monkeypatch.setattr(dispatch, "claim_due", claim_due)

    dispatch.send_due(now=ELEVEN)

    assert [letter.to for letter in transport.sent] == [two[0].email]


def test_facts_are_read_anew_once_they_are_old(two, transport, monkeypatch):
    seconds = iter([0.0, checking.FRESH + 1, checking.FRESH + 1])
    monkeypatch.setattr(checking, "monotonic", lambda: next(seconds))
    reads = []

    class Loader(checking.Loader):
        def load(self, clients):
            reads.append(clients)
            return super().load(clients)

    monkeypatch.setattr(checking, "Loader", Loader)

    dispatch.send_due(now=ELEVEN)

    assert (reads, len(transport.sent)) == ([[two[0].pk, two[1].pk], [two[1].pk]], 2)


def test_client_whose_facts_never_rest_is_written_to_later(two, transport, monkeypatch):
    write = dispatch.render

    def render(message, *, now):
        known(two[0], now=ELEVEN)
        return write(message, now=now)

    monkeypatch.setattr(dispatch, "render", render)

    dispatch.send_due(now=ELEVEN)

    row = Message.objects.get(client=two[0])
    assert (row.state, row.state_reason, row.send_at) == ("planned", "changing", ELEVEN + timedelta(minutes=1))
    assert [letter.to for letter in transport.sent] == [two[1].email]


# Recorded with the handing over of the next ------------------------------------


def stop_everything(_second) -> None:
    CrmSettings.objects.update_or_create(pk=1, defaults={"messages_paused_at": ELEVEN})


def hold_everything(_second) -> None:
    MessageSettings.objects.update_or_create(pk=1, defaults={"held_at": ELEVEN})


def take_it_away(second) -> None:
    Message.objects.filter(client=second).update(claim=uuid.uuid4())


# what happens once the second letter is written; what the second row says then
BETWEEN = {
    stop_everything: ("planned", "stopped"),
    hold_everything: ("planned", "stopped"),
    no_consent: ("cancelled", "no_channel"),
    take_it_away: ("sending", ""),
}


@pytest.mark.parametrize("happens", BETWEEN, ids=lambda happens: happens.__name__)
def test_first_is_recorded_and_second_goes_only_if_nothing_has_changed(two, transport, monkeypatch, happens):
    write, written = dispatch.render, []

    def render(message, *, now):
        letter = write(message, now=now)
        written.append(message)
        if len(written) == 2:
            happens(two[1])
        return letter

    monkeypatch.setattr(dispatch, "render", render)

    dispatch.send_due(now=ELEVEN)

    assert [letter.to for letter in transport.sent] == [two[0].email]
    assert [states_of(client)[Kind.DUE_SOON] for client in two] == [("sent", ""), BETWEEN[happens]]
    told = MessageEvent.objects.filter(message__client=two[0]).order_by("pk")
    assert list(told.values_list("state", "detail")) == [("planned", "due"), ("sent", "stub")]
    assert ClientChange.objects.filter(client=two[0]).count() == 1


def test_what_was_taken_away_meanwhile_is_not_recorded_and_the_next_goes(two, transport, monkeypatch):
    """The sweeper has decided about the first while its provider thought."""
    first = Message.objects.filter(client=two[0])

    def send(outgoing):
        if not transport.sent:
            first.update(state=Message.State.UNKNOWN, claim=None, sent_at=ELEVEN)
        return transport(outgoing)

    monkeypatch.setattr(dispatch, "send", send)

    dispatch.send_due(now=ELEVEN)

    assert [states_of(client)[Kind.DUE_SOON][0] for client in two] == ["unknown", "sent"]
    assert MessageEvent.objects.filter(message__in=first, state="sent").count() == 0


# What a message costs -----------------------------------------------------------


def confirmations(branch: Branch, number: int, now: datetime) -> None:
    """So many clients who have just booked."""
    lashes, master = make_service(branch=branch), make_master(branch=branch)
    clients = [make_regular(branch, TODAY - days(12), service=lashes, master=master) for _ in range(number)]
    for place, client in enumerate(clients):
        starts_at = local(TODAY + days(3), 9) + timedelta(minutes=place)
        appointment = make_appointment(
            client=client, master=master, starts_at=starts_at, minutes=1, services=[lashes], booked_at=now
        )
        AppointmentEvent.objects.create(
            appointment=appointment, kind=AppointmentEvent.Kind.BOOKED, at=now, via="link", starts_after=starts_at
        )
    known(*clients, now=now)
    plan_due(now=now)


def queries_of(send, *, sent: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert send() == sent
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)


# handed over; sent, what happened, and that she has to be looked at: PostgreSQL takes it in one statement
OF_ITS_OWN = 1 if connection.vendor == "postgresql" else 4


def test_confirmation_takes_one_commit_beside_the_queries_of_its_batch(branch, transport):
    confirmations(branch, 1, ELEVEN)
    one = queries_of(lambda: dispatch.send_due(now=ELEVEN), sent=1)
    confirmations(branch, 20, ELEVEN)

    twenty = queries_of(lambda: dispatch.send_due(now=ELEVEN), sent=20)

    assert (one, twenty - one) == (40, 19 * OF_ITS_OWN)


def test_invitation_takes_no_more_as_visits_habits_and_free_times_are_read_for_the_batch(branch, transport):
    lashes, master = make_service(branch=branch), make_master(branch=branch)
    planned(make_regular(branch, TODAY - days(25), service=lashes, master=master))
    one = queries_of(lambda: dispatch.send_due(now=ELEVEN), sent=1)
    planned(*[make_regular(branch, TODAY - days(25), service=lashes, master=master) for _ in range(20)])

    twenty = queries_of(lambda: dispatch.send_due(now=ELEVEN), sent=20)

    assert (one, twenty - one) == (50, 19 * OF_ITS_OWN)


# Reading once --------------------------------------------------------------------


def test_what_hardly_changes_is_read_once_within_a_batch_only():
    asked = []

    @read_once
    def words(kind, language="en"):
        asked.append((kind, language))
        return len(asked)

    with reading_once():
        within = [words("a"), words("a"), words("a", language="ru"), words("b")]
    after = [words("a"), words("a")]

    assert (within, after) == ([1, 1, 2, 3], [4, 5])


def test_what_is_the_same_all_day_is_read_once_for_the_batches_of_a_turn():
    asked = []

    @read_for_a_turn
    def usual(branch):
        asked.append(branch)
        return len(asked)

    with reading_once():
        batches = []
        for branch in ("a", "a", "b"):
            with reading_once():
                batches.append(usual(branch))
    with reading_once():
        later = usual("a")

    assert (batches, later, usual("a")) == ([1, 1, 2], 3, 4)


def test_what_was_read_for_many_is_not_asked_again():
    asked = []

    @read_once
    def visits(client):
        asked.append(client)
        return [client]

    with reading_once():
        put_in(visits, 1, answer=["known"])
        with reading_once(anew=False):
            within = [visits(1), visits(2)]
        with reading_once():
            anew = visits(1)
    put_in(visits, 1, answer=["kept by nobody"])

    assert (within, anew, visits(1), asked) == ([["known"], [2]], [1], [1], [2, 1, 1])
