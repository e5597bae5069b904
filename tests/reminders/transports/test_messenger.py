"""Messengers through the extra library: Telegram's, WhatsApp's and Viber's own words over real HTTP on this machine."""

import json
from dataclasses import dataclass

import pytest

from reminders.consent.models import ContactPermission
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Message
from reminders.messages.reports import ask_providers
from reminders.transports import messenger
from reminders.transports.outgoing import Accepted, Outgoing, PermanentFailure, TemporaryFailure, UnknownFate
from reminders.transports.services import can_reach, send
from tests.factories import TODAY, make_branch
from tests.reminders.playing_salon import switch_everything_on
from tests.reminders.salon_day import ELEVEN, allow, days, known, make_regular
from tests.reminders.servers import sms_provider_server

apprise = pytest.importorskip("apprise", reason="an extra: requirements/messengers.in")

TOKEN = "123456789:abcdefghijklmnopqrstuvwxyz-12345678"


@dataclass(frozen=True)
class Messenger:
    plugin: str
    account: str
    address: str
    # the server's address in place of the messenger's
    url: str
    path: str
    said: object
    heard: dict


MESSENGERS = {
    "telegram": Messenger(
        "telegram.NotifyTelegram", f"tgram://{TOKEN}/", "telegram:987654321", "{base}/bot", f"/bot{TOKEN}/sendMessage",
        {"ok": True, "result": {}}, {"chat_id": 987654321, "text": "See you &amp; bye"},
    ),
    "whatsapp": Messenger(
        "whatsapp.NotifyWhatsApp", "whatsapp://Token@100000000000000/", "whatsapp:+38761100101",
        "{base}/{fb_ver}/{phone_id}/messages", "/100000000000000/messages", {"messages": [{"id": "wamid.1"}]},
        {"messaging_product": "whatsapp", "to": "+38761100101", "text": {"body": "See you & bye"}},
    ),
    "viber": Messenger(
        "viber.NotifyViber", "viber://token-1/?from=Salon", "viber:abcDEF123==", "{base}/pa/send_message",
        "/pa/send_message", {"status": 0, "status_message": "ok"},
        {"receiver": "abcDEF123==", "text": "See you & bye"},
    ),
}  # fmt: skip


@pytest.fixture
def server():
    with sms_provider_server() as server:
        yield server


@pytest.fixture
def set_up(server, settings, monkeypatch):
    def set_up(name: str) -> Messenger:
        kind = MESSENGERS[name]
        module, _, plugin = kind.plugin.partition(".")
        url = kind.url.replace("{base}", server.url)
        monkeypatch.setattr(f"apprise.plugins.{module}.{plugin}.notify_url", url)
        # it waits between two calls of one account
        monkeypatch.setattr(f"apprise.plugins.{module}.{plugin}.request_rate_per_sec", 0)
        settings.MESSENGER_URLS = [kind.account]
        server.answer = lambda asked: (200, {}, kind.said)
        return kind

    return set_up


def chat(to: str) -> Outgoing:
    return Outgoing(channel="chat", to=to, text="See you & bye", idempotency_key="message 12")


@pytest.mark.parametrize("name", MESSENGERS)
def test_messenger_hears_its_own_words(name, set_up, server):
    kind = set_up(name)

    accepted = send(chat(kind.address))

    (asked,) = server.asked
    heard = json.loads(asked.body)
    assert asked.path.endswith(kind.path)
    assert {key: heard[key] for key in kind.heard} == kind.heard
    # no number, so nobody can ever say more of it
    assert accepted == Accepted(provider=name, provider_id="", parts=1)


@pytest.mark.parametrize("answer", [(500, {}, b""), (403, {}, {"ok": False, "description": "blocked"}), (0, {}, b"")])
def test_a_no_without_a_reason_leaves_a_doubt(set_up, server, answer):
    kind = set_up("telegram")
    server.answer = lambda asked: answer

    with pytest.raises(UnknownFate) as caught:
        send(chat(kind.address))

    assert TOKEN not in caught.value.reason


def test_messenger_that_is_not_set_up_waits(settings):
    settings.MESSENGER_URLS = []
    assert not can_reach("telegram:987654321")
    with pytest.raises(TemporaryFailure, match="MESSENGER_URLS"):
        send(chat("telegram:987654321"))
    settings.MESSENGER_URLS = ["tgram://no-token/"]
    with pytest.raises(TemporaryFailure, match="cannot be used"):
        send(chat("telegram:987654321"))


def test_address_cannot_carry_anything_else(settings):
    settings.MESSENGER_URLS = [f"tgram://{TOKEN}/"]
    for address in ("telegram:1?to=2", "telegram:", "signal:123456", "telegram:12 34", "telegram:1234\n", ""):
        assert not can_reach(address)
        with pytest.raises(PermanentFailure):
            send(chat(address))
    # a slash is quoted: it is one client
    assert messenger.to_one("viber://t/?from=S", "a/b") == "viber://t/a%2Fb?from=S"


def test_without_the_library_nobody_is_reached_by_it(settings, monkeypatch):
    settings.MESSENGER_URLS = [f"tgram://{TOKEN}/"]
    assert can_reach("telegram:987654321")
    monkeypatch.setattr(messenger, "find_spec", lambda name: None)

    assert not can_reach("telegram:987654321")


@pytest.mark.django_db
def test_who_prefers_telegram_gets_it_there_and_it_stays_sent(set_up, server):
    kind = set_up("telegram")
    switch_everything_on(ELEVEN - days(200))
    vera = make_regular(
        make_branch("Harbour"),
        TODAY - days(25),
        preferred_channel="chat",
        messenger=kind.address,
        email="v@example.test",
    )
    allow(vera, marketing_chat=True, marketing_email=True)
    known(vera, now=ELEVEN)
    plan_due(now=ELEVEN)

    assert dispatch.send_due(now=ELEVEN) == 1

    message = Message.objects.get()
    assert (message.state, message.channel, message.address, message.provider, message.provider_id, message.cost) == (
        "sent", "chat", kind.address, "telegram", "", 0,
    )  # fmt: skip
    # nothing she writes there comes back: she stops it by the link
    assert "/my/o/" in json.loads(server.asked[0].body)["text"].rpartition("No more of these")[2]
    assert ask_providers(now=ELEVEN + days(1)) == 0
    assert Message.objects.get().state == "sent"


@pytest.mark.django_db
def test_messenger_is_nobodys_way_who_did_not_choose_it(set_up, server, settings):
    kind = set_up("telegram")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    switch_everything_on(ELEVEN - days(200))
    vera = make_regular(make_branch("Harbour"), TODAY - days(25), messenger=kind.address, email="v@example.test")
    allow(vera, marketing_chat=True, marketing_email=True)
    known(vera, now=ELEVEN)
    plan_due(now=ELEVEN)

    dispatch.send_due(now=ELEVEN)

    assert (Message.objects.get().channel, server.asked) == ("email", [])
    assert ContactPermission.objects.get().service_chat
