"""The front door of providers: who is no provider has no effect, and what is told twice has one (trust.md, S7)."""

import hmac
from base64 import b64encode
from datetime import timedelta
from hashlib import sha1, sha256

import pytest
from django.test import Client as Browser

from reminders.consent.models import ContactPermission
from reminders.inbox.models import Letter
from reminders.messages.models import Kind, Message, MessageEvent
from tests.factories import NOW, TODAY, make_branch, make_client

pytestmark = pytest.mark.django_db

ADDRESS = "https://salon.example.test/hooks/twilio/"
KEY = "k" * 20


@pytest.fixture
def message(settings):
    settings.PUBLIC_URL = "https://salon.example.test"
    settings.SMS_URL = "twilio://AC1:secret@?from=%2B15550100&callback=" + ADDRESS
    return sent(make_client(branch=make_branch(), phone="+38761100101", email=""))


def sent(client, *, number: str = "SM1", provider: str = "twilio", **fields) -> Message:
    return Message.objects.create(
        **{
            "client": client,
            "branch": client.branch,
            "kind": Kind.DUE_SOON,
            "purpose": "marketing",
            "occasion": str(TODAY),
            "state": "sent",
            "send_at": NOW,
            "sent_at": NOW,
            "planned_at": NOW,
            "not_after": NOW - timedelta(minutes=1),
            "channel": "sms",
            "address": "+38761100101",
            "provider": provider,
            "provider_id": number,
            **fields,
        }
    )


def call(form: dict, *, signature: str | None = None, path: str = "/hooks/twilio/", **headers):
    text = ADDRESS + "".join(name + form[name] for name in sorted(form))
    signed = b64encode(hmac.new(b"secret", text.encode(), sha1).digest()).decode()
    # a stranger's browser: no session, and the checks against forged forms are on
    browser = Browser(enforce_csrf_checks=True)
    return browser.post(
        path, form, headers={"X-Twilio-Signature": signed if signature is None else signature}, **headers
    )


DELIVERED = {"MessageSid": "SM1", "MessageStatus": "delivered"}
UNDELIVERED = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"}


def told(message: Message) -> tuple[str, list[str]]:
    return Message.objects.get(pk=message.pk).state, [
        event.state for event in MessageEvent.objects.filter(message=message).order_by("pk")
    ]


def test_report_of_the_provider_is_written_down_once(message):
    answers = [call(DELIVERED).status_code for _time in range(3)]

    assert (answers, told(message)) == ([200, 200, 200], ("delivered", ["delivered"]))


@pytest.mark.parametrize("signature", ["", "~", b64encode(b"x" * 20).decode()])
def test_report_of_nobody_is_sent_away(message, signature):
    answer = call(UNDELIVERED, signature=signature)

    assert (answer.status_code, answer.content, told(message)) == (403, b"", ("sent", []))
    assert not ContactPermission.objects.exists()


def test_report_whose_words_were_changed_is_sent_away(message):
    text = ADDRESS + "".join(name + DELIVERED[name] for name in sorted(DELIVERED))
    signed = b64encode(hmac.new(b"secret", text.encode(), sha1).digest()).decode()

    assert call(UNDELIVERED, signature=signed).status_code == 403
    assert told(message) == ("sent", [])


def test_report_that_comes_late_or_again_takes_nothing_back(message):
    call(DELIVERED)

    # recorded on its way and told again, in any order
    for form in (UNDELIVERED, {**DELIVERED, "MessageStatus": "queued"}, UNDELIVERED):
        assert call(form).status_code == 200

    assert told(message) == ("delivered", ["delivered"])
    assert not ContactPermission.objects.exists()


def test_report_of_a_message_of_another_provider_has_no_effect(message):
    Message.objects.filter(pk=message.pk).update(provider="vonage")

    assert (call(DELIVERED).status_code, told(message)) == (200, ("sent", []))


def test_reply_that_is_told_twice_is_one_letter(message):
    form = {"MessageSid": "SM9", "From": "+38761100101", "Body": "Danke"}

    answers = [call(form).status_code for _time in range(2)]

    letter = Letter.objects.get()
    assert (answers, letter.text, letter.provider_id) == ([200, 200], "Danke", "SM9")
    assert letter.conversation.client == message.client


def test_provider_that_is_not_set_up_is_nobody(message):
    found = [Browser().post(f"/hooks/{name}/").status_code for name in ("vonage", "mailbox", "x")]

    assert found == [404, 404, 404]


def test_only_who_reports_by_get_may(message, settings):
    assert Browser().get("/hooks/twilio/").status_code == 403
    assert Browser().put("/hooks/twilio/").status_code == 405
    settings.SMS_URL = "messagebird://KEY@?from=Salon&signing=signs"
    assert Browser().get("/hooks/messagebird/?id=1&status=delivered").status_code == 403


def test_longest_body_is_bounded(message):
    answer = Browser().post("/hooks/twilio/", b"x" * 500_001, content_type="application/json")

    assert answer.status_code == 413


def test_what_cannot_be_read_is_sent_away(message, settings):
    settings.SMS_URL = f"infobip://K@h.example.test?from=S&callback=https://salon.example.test/hooks/infobip/?key={KEY}"
    for body in (b"", b"{", b"\xff", b"[" * 5_000, b'{"results": 5}'):
        answer = Browser().post(f"/hooks/infobip/?key={KEY}", body, content_type="application/json")
        assert answer.status_code in (200, 403), body

    assert told(message) == ("sent", [])


def test_provider_reads_that_it_was_heard(message, settings):
    settings.SMS_URL = "smsru://API@?from=Salon"
    form = {"data[0]": "sms_status\n000000-1\n103\n1"}
    form["hash"] = sha256(("API" + form["data[0]"]).encode()).hexdigest()

    answer = Browser().post("/hooks/smsru/", form)

    assert (answer.status_code, answer.content) == (200, b"100")
