"""SMS: parts counted, and providers asked over real HTTP on this machine."""

import hmac
from base64 import b64encode
from decimal import Decimal
from hashlib import sha1

import pytest
from django.core.exceptions import ImproperlyConfigured

from reminders.transports.checks import sms_address
from reminders.transports.models import MailboxLetter
from reminders.transports.outgoing import Fate, Reply, Report
from reminders.transports.segments import Segments, segments
from reminders.transports.services import Outgoing, PermanentFailure, TemporaryFailure, UnknownFate, send
from reminders.transports.sms.choice import provider_for
from reminders.transports.sms.hook import WebhookRefused
from tests.reminders.servers import called, sms_provider_server


@pytest.fixture
def provider():
    with sms_provider_server() as provider:
        yield provider


@pytest.fixture
def twilio(provider, settings):
    settings.SMS_URL = f"twilio://AC1:secret@?from=%2B15550100&base={provider.url}"
    provider.answer = lambda asked: (201, {}, {"sid": "SM1", "num_segments": "2", "price": None})
    return provider


def sms(**fields) -> Outgoing:
    return Outgoing(
        **{
            "channel": "sms",
            "to": "+38761100101",
            "text": "See you tomorrow.",
            "idempotency_key": "message 12",
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("gsm7", 0, 0)),
        ("a" * 160, Segments("gsm7", 160, 1)),
        ("a" * 161, Segments("gsm7", 161, 2)),
        ("a" * 306, Segments("gsm7", 306, 2)),
        ("a" * 307, Segments("gsm7", 307, 3)),
        # each of these takes an escape too
        ("€" * 80, Segments("gsm7", 160, 1)),
        ("€" * 81, Segments("gsm7", 162, 2)),
        # 152 places, and the escaped one would be torn: it begins the next part, which spills into a third
        ("a" * 152 + "€" + "a" * 152, Segments("gsm7", 306, 3)),
        ("ж" * 70, Segments("ucs2", 70, 1)),
        ("ж" * 71, Segments("ucs2", 71, 2)),
        ("ж" * 134, Segments("ucs2", 134, 2)),
        ("ж" * 135, Segments("ucs2", 135, 3)),
        ("😀" * 35, Segments("ucs2", 70, 1)),
        # 33 pairs fill 66 of 67 places
        ("😀" * 67, Segments("ucs2", 134, 3)),
        ("č" + "a" * 69, Segments("ucs2", 70, 1)),
        ("مرحبا", Segments("ucs2", 5, 1)),
    ],
)
def test_segments_are_counted_as_carriers_do(text, expected):
    assert segments(text) == expected


@pytest.mark.django_db
def test_sms_of_the_demo_lies_in_the_mailbox_once(settings):
    settings.SMS_URL = "mailbox://?from=Salon"

    first, again = send(sms()), send(sms())

    letter = MailboxLetter.objects.get()
    assert (letter.channel, letter.recipient, letter.sender, letter.text) == (
        "sms",
        "+38761100101",
        "Salon",
        "See you tomorrow.",
    )
    assert (first.provider, first.provider_id, first.parts) == ("mailbox", str(letter.pk), 1)
    assert again == first
    assert provider_for(settings.SMS_URL).poll_status(first.provider_id, to="+38761100101") == Report(
        provider_id=first.provider_id, fate=Fate.DELIVERED
    )


def test_twilio_is_asked_as_it_wants(twilio):
    accepted = send(sms())

    (asked,) = twilio.asked
    assert (asked.method, asked.path) == ("POST", "/2010-04-01/Accounts/AC1/Messages.json")
    assert asked.form == {"To": "+38761100101", "Body": "See you tomorrow.", "From": "+15550100"}
    assert asked.headers["Authorization"] == "Basic " + b64encode(b"AC1:secret").decode()
    assert (accepted.provider, accepted.provider_id, accepted.parts, accepted.cost) == ("twilio", "SM1", 2, None)


@pytest.mark.parametrize(
    ("answer", "failure", "is_dead"),
    [
        ((400, {}, {"code": 21211, "message": "invalid number"}), PermanentFailure, True),
        ((400, {}, {"code": 21610, "message": "unsubscribed"}), PermanentFailure, True),
        ((400, {}, {"code": 21617, "message": "too long"}), PermanentFailure, False),
        ((401, {}, {"code": 20003, "message": "authenticate"}), TemporaryFailure, None),
        ((500, {}, b"oops"), TemporaryFailure, None),
        ((503, {}, b""), TemporaryFailure, None),
        # taken, but the number of the message cannot be read
        ((200, {}, b"<html>"), UnknownFate, None),
        ((201, {}, []), UnknownFate, None),
        ((0, {}, b""), UnknownFate, None),
    ],
)
def test_twilio_answers_are_put_into_their_class(twilio, answer, failure, is_dead):
    twilio.answer = lambda asked: answer

    with pytest.raises(failure) as caught:
        send(sms())

    assert getattr(caught.value, "address_is_dead", None) is is_dead
    assert "secret" not in str(caught.value)


def test_twilio_says_how_long_to_wait(twilio):
    twilio.answer = lambda asked: (429, {"Retry-After": "30"}, {"message": "slowly"})

    with pytest.raises(TemporaryFailure) as caught:
        send(sms())

    assert caught.value.retry_after == 30


def test_sms_is_tried_later_where_nobody_listens(settings):
    settings.SMS_URL = "twilio://AC1:secret@?from=%2B15550100&base=http://127.0.0.1:1"

    with pytest.raises(TemporaryFailure, match="cannot be reached"):
        send(sms())


def test_sms_waits_until_a_provider_is_set_up(settings):
    settings.SMS_URL = ""

    with pytest.raises(TemporaryFailure, match="SMS_URL"):
        send(sms())


def signed(url: str, form: dict[str, str], token: bytes = b"secret") -> dict[str, str]:
    text = url + "".join(name + form[name] for name in sorted(form))
    return {"X-Twilio-Signature": b64encode(hmac.new(token, text.encode(), sha1).digest()).decode()}


def test_twilio_reports_are_believed_only_when_signed(twilio, settings):
    adapter = provider_for(settings.SMS_URL)
    url = "https://salon.example.test/hooks/twilio/"
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"}

    reports = adapter.parse_webhook(called(url, form=form, headers=signed(url, form)))

    assert reports == [Report(provider_id="SM1", fate=Fate.FAILED, detail="undelivered 30005", address_is_dead=True)]
    for headers in ({}, {"X-Twilio-Signature": "~"}, signed(url, form, b"other"), signed(url + "?x", form)):
        with pytest.raises(WebhookRefused):
            adapter.parse_webhook(called(url, form=form, headers=headers))


def test_twilio_brings_what_a_client_wrote_back(twilio, settings):
    url = "https://salon.example.test/hooks/twilio/"
    form = {"MessageSid": "SM9", "From": "+38761100101", "Body": "Стоп"}

    replies = provider_for(settings.SMS_URL).parse_webhook(called(url, form=form, headers=signed(url, form)))

    assert replies == [Reply(sender="+38761100101", text="Стоп", provider_id="SM9")]


def test_twilio_is_asked_how_an_sms_fared(twilio, settings):
    twilio.answer = lambda asked: (200, {}, {"status": "delivered", "error_code": None, "price": "-0.0075"})

    report = provider_for(settings.SMS_URL).poll_status("SM1", to="+38761100101")

    assert twilio.asked[0].path == "/2010-04-01/Accounts/AC1/Messages/SM1.json"
    assert report == Report(provider_id="SM1", fate=Fate.DELIVERED, detail="delivered", cost=Decimal("0.0075"))


def test_provider_by_template_gets_the_fields_it_names(provider, settings):
    base = provider.url.removeprefix("http://")
    settings.SMS_URL = (
        f"http+template://me:pass@{base}/send?to=phone&text=message&sender=Salon&sender_field=src"
        "&key_field=ref&id=data.0.id&field.route=fast&body=json"
    )
    provider.answer = lambda asked: (200, {}, {"data": [{"id": 77}]})

    accepted = send(sms(text="До завтра!"))

    (asked,) = provider.asked
    assert asked.path == "/send"
    assert asked.headers["Authorization"] == "Basic " + b64encode(b"me:pass").decode()
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.body.decode() == (
        '{"route": "fast", "phone": "+38761100101", "message": "До завтра!", "src": "Salon", "ref": "message 12"}'
    )
    assert (accepted.provider_id, accepted.parts) == ("77", 1)


def test_provider_by_template_without_the_promised_number_leaves_a_doubt(provider, settings):
    base = provider.url.removeprefix("http://")
    settings.SMS_URL = f"http+template://{base}/?to=to&text=text&id=id"
    provider.answer = lambda asked: (200, {}, b"OK")

    with pytest.raises(UnknownFate):
        send(sms())


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("pigeon://x", "pigeon"),
        ("twilio://?from=1", "account and token"),
        ("twilio://a:b@", "from or service"),
        ("twilio://a:b@?from=1&evil=2", "evil"),
        ("http+template://x/?to=a", "text"),
        ("http+template://x/?to=a&text=b&body=xml", "form or json"),
        ("mailbox://?to=x", "to"),
    ],
)
def test_a_wrong_address_of_a_provider_is_named(url, says, settings):
    settings.SMS_URL = url

    with pytest.raises(ImproperlyConfigured, match=says):
        provider_for(url)
    (found,) = sms_address(None)
    assert says in found.msg
    # what waits meanwhile is not lost
    with pytest.raises(TemporaryFailure, match=says):
        send(sms())
