"""A claimed batch: read in sets after the claim, checked for each, and handed over only unchanged."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.booking.models import AppointmentEvent
from crm.team.models import Branch
from crm.team.once import read_once, reading_once
from reminders.consent.services import withdraw
from reminders.journeys.services import checking, dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Kind, Message
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
    clients = [make_due(branch) for _ in range(2)]
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
    read, reads = checking.Checks._read, []
    monkeypatch.setattr(
        checking.Checks, "_read", lambda self, client, now: (reads.append(client), read(self, client, now))
    )

    dispatch.send_due(now=ELEVEN)

    assert (reads, len(transport.sent)) == ([two[0].pk, two[1].pk], 2)


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


def test_confirmation_takes_four_queries_beside_those_of_its_batch(branch, transport):
    confirmations(branch, 1, ELEVEN)
    one = queries_of(lambda: dispatch.send_due(now=ELEVEN), sent=1)
    confirmations(branch, 20, ELEVEN)

    twenty = queries_of(lambda: dispatch.send_due(now=ELEVEN), sent=20)

    # handed over; sent, what happened, and that she has to be looked at
    assert (one, twenty - one) == (36, 19 * 4)


def test_invitation_asks_for_her_visit_her_habits_and_free_times(branch, transport):
    lashes, master = make_service(branch=branch), make_master(branch=branch)
    planned(make_regular(branch, TODAY - days(25), service=lashes, master=master))
    one = queries_of(lambda: dispatch.send_due(now=ELEVEN), sent=1)
    planned(*[make_regular(branch, TODAY - days(25), service=lashes, master=master) for _ in range(20)])

    twenty = queries_of(lambda: dispatch.send_due(now=ELEVEN), sent=20)

    # beside the four: the visit, whom she saw and when (2), her rhythm, her own minutes, her other visits and the like;
    # the masters' free times are read once for the batch
    assert (one, twenty - one) == (45, 19 * 11)


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
