"""What a provider may answer, from the row to the wire and back (trust.md, M6): real HTTP on this machine."""

import threading
from datetime import timedelta

import pytest

from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Message
from reminders.messages.services import MAX_ATTEMPTS
from reminders.transports.sms import exchange
from tests.factories import TODAY, make_branch
from tests.reminders.playing_salon import switch_everything_on
from tests.reminders.salon_day import ELEVEN, allow, days, known, make_regular
from tests.reminders.servers import sms_provider_server

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

BEFORE = ELEVEN - timedelta(hours=2)
# seconds after which the product takes a silent provider for gone
PATIENCE = 0.4
WELL = (200, {}, {"id": "1"})
# what the provider does: whether it takes its time, its answer, and what stands in the row (state, minutes to wait)
TABLE = {
    "well": (0, WELL, ("sent", None)),
    "slow": (PATIENCE / 2, WELL, ("sent", None)),
    "429": (0, (429, {}, {}), ("planned", 1)),
    "429 with its own wait": (0, (429, {"Retry-After": "600"}, {}), ("planned", 10)),
    "429 with a wait of a day": (0, (429, {"Retry-After": "86400"}, {}), ("planned", 60)),
    "500": (0, (500, {}, b"oops"), ("planned", 1)),
    "503": (0, (503, {}, b""), ("planned", 1)),
    "our login": (0, (401, {}, {}), ("planned", 1)),
    "poisoned": (0, (400, {}, {"error": "no such number"}), ("failed", None)),
    # from here on it may have gone: an offer waits for a person
    "garbage": (0, (200, {}, b"<html>"), ("unknown", None)),
    "timeout after acceptance": (PATIENCE * 3, WELL, ("unknown", None)),
    "reset": (0, (0, {}, b""), ("unknown", None)),
}


@pytest.fixture
def branch():
    switch_everything_on(ELEVEN - days(200))
    return make_branch("Harbour")


@pytest.fixture
def provider(settings, monkeypatch):
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", PATIENCE)
    with sms_provider_server() as server:
        base = server.url.replace("http:", "http+template:")
        settings.SMS_URL = f"{base}/?to=to&text=text&id=id"
        yield server


def invited(branch, many: int) -> list:
    clients = []
    for number in range(many):
        client = make_regular(branch, TODAY - days(25), email="", phone=f"+38761{100_000 + number}")
        allow(client, marketing_sms=True)
        clients.append(client)
    known(*clients, now=BEFORE)
    plan_due(now=BEFORE)
    plan_due(now=ELEVEN)
    return clients


def test_each_answer_has_the_policy_of_its_class_and_nobody_else_waits(branch, provider):
    clients = dict(zip(TABLE, invited(branch, len(TABLE)), strict=True))
    what = {client.phone: TABLE[name] for name, client in clients.items()}

    def answer(asked):
        thinks, said, _state = what[asked.form["to"]]
        threading.Event().wait(thinks)
        return said

    provider.answer = answer

    while dispatch.send_due(now=ELEVEN):
        pass

    rows = {row.client_id: row for row in Message.objects.all()}
    found = {}
    for name, client in clients.items():
        row = rows[client.pk]
        waits = round((row.send_at - ELEVEN).total_seconds() / 60) if row.state == "planned" else None
        found[name] = row.state, waits
    assert found == {name: state for name, (_thinks, _said, state) in TABLE.items()}
    # each was asked for once: nobody's trouble had anybody tried twice
    assert sorted(asked.form["to"] for asked in provider.asked) == sorted(what)


def test_waits_grow_to_an_hour_and_end_in_a_dead_letter(branch, provider):
    invited(branch, 1)
    provider.answer = lambda asked: (503, {}, b"")
    waits, now = [], ELEVEN
    for _attempt in range(MAX_ATTEMPTS - 1):
        dispatch.send_due(now=now)
        send_at = Message.objects.get().send_at
        waits.append(round((send_at - now).total_seconds() / 60))
        now = send_at

    dispatch.send_due(now=now)

    assert waits == [1, 2, 4, 8, 16, 32, 60]
    row = Message.objects.get()
    assert (row.state, row.state_reason) == ("failed", "The SMS provider answers 503:")
    assert dispatch.send_due(now=now + days(1)) == 0
