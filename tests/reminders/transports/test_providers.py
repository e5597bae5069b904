"""Six providers, each in its own words as its documentation has them, over real HTTP on this machine (trust.md, M6)."""

import hmac
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha1, sha256

import pytest
from django.core.exceptions import ImproperlyConfigured

from reminders.transports.outgoing import (
    Accepted,
    Fate,
    Outgoing,
    PermanentFailure,
    Reply,
    Report,
    TemporaryFailure,
    UnknownFate,
)
from reminders.transports.services import send
from reminders.transports.sms import exchange
from reminders.transports.sms.choice import provider_for
from reminders.transports.sms.hook import Call, WebhookRefused
from tests.reminders.servers import CALLED_AT, called, sms_provider_server

# seconds after which the product takes a silent provider for gone
PATIENCE = 0.2
KEY = "k" * 20
HOOKS = "https://salon.example.test/hooks"
TO, TEXT = "+38761100101", "До завтра!"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """What one provider hears and says. `{host}` and `{base}` of its address are the server's."""

    address: str
    path: str
    # fields of the request, by form or JSON
    hears: dict
    taken: dict
    accepted: Accepted
    # what it says, and the class of that
    no_such_number: tuple[int, dict]
    not_this_text: tuple[int, dict] | None = None
    ours_to_mend: tuple[int, dict]
    # how it is asked, what it says then
    asked: tuple[str, dict, Report] | None = None
    delivered: Callable[[], Call]
    report: Report
    dead: Callable[[], Call] | None = None
    reply: Callable[[], Call] | None = None
    replied: Reply | None = None


def vonage(form: dict, *, at: datetime = CALLED_AT, secret: str = "signs") -> Call:
    told = {**form, "timestamp": str(int(at.timestamp())), "nonce": "aaaaaaaa"}
    signed = "".join(f"&{name}={told[name].replace('&', '_').replace('=', '_')}" for name in sorted(told))
    sig = hmac.new(secret.encode(), signed.encode(), "sha256").hexdigest()
    return called(f"{HOOKS}/vonage/", form={**told, "sig": sig.upper()})


def infobip(result: dict, *, key: str = KEY) -> Call:
    return called(f"{HOOKS}/infobip/?key={key}", content={"results": [result]})


def messagebird(url: str, *, form=None, at: datetime = CALLED_AT, secret: str = "signs", **claims) -> Call:
    call = called(url, form=form, method="POST" if form else "GET")
    claims = {
        "iss": "MessageBird",
        "nbf": int(at.timestamp()),
        "exp": int(at.timestamp()) + 60,
        "jti": "1",
        "url_hash": sha256(url.encode()).hexdigest(),
        **({"payload_hash": sha256(call.body).hexdigest()} if form else {}),
        **claims,
    }
    signed = b".".join(
        urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "HS256", "typ": "JWT"}, claims)
    )
    signature = urlsafe_b64encode(hmac.new(secret.encode(), signed, sha256).digest()).rstrip(b"=")
    call.headers["MessageBird-Signature-JWT"] = f"{signed.decode()}.{signature.decode()}"
    return call


def smsc(form: dict, *, key: str = KEY, sign: str = "signs") -> Call:
    signed = f"{form.get('id')}:{form.get('phone')}:{form.get('status')}:{sign}"
    return called(f"{HOOKS}/smsc/?key={key}", form={**form, "sha1": sha1(signed.encode()).hexdigest()})


def smsru(*entries: str, api_id: str = "API") -> Call:
    data = {f"data[{number}]": entry for number, entry in enumerate(entries)}
    return called(f"{HOOKS}/smsru/", form={**data, "hash": sha256((api_id + "".join(entries)).encode()).hexdigest()})


def unifonic(form: dict, *, key: str = KEY) -> Call:
    return called(f"{HOOKS}/unifonic/?key={key}", form=form)


def accepted(provider: str, provider_id: str, parts: int = 1, cost: str | None = None) -> Accepted:
    return Accepted(
        provider=provider, provider_id=provider_id, parts=parts, cost=None if cost is None else Decimal(cost)
    )


def told(provider_id: str, fate: Fate, detail: str, *, dead: bool = False, cost: str | None = None) -> Report:
    return Report(
        provider_id=provider_id,
        fate=fate,
        detail=detail,
        address_is_dead=dead,
        cost=None if cost is None else Decimal(cost),
    )


DLR = f"{HOOKS}/messagebird/?id=e8077d803532c0b5937c639b60216938&recipient=38761100101&status="
INFOBIP_DONE = {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET"}
NO_ERROR = {"groupId": 0, "groupName": "Ok", "id": 0, "name": "NO_ERROR", "permanent": False}

DIALECTS = {
    "vonage": Dialect(
        address=f"vonage://KEY:SECRET@?from=Salon&signature=signs&callback={HOOKS}/vonage/&base={{base}}",
        path="/sms/json",
        hears={
            "api_key": "KEY", "api_secret": "SECRET", "from": "Salon", "to": "38761100101", "text": TEXT,
            "client-ref": "message 12", "type": "unicode", "callback": f"{HOOKS}/vonage/",
        },
        taken={
            "message-count": "2",
            "messages": [
                {"to": "38761100101", "message-id": "0A0000000123ABCD1", "status": "0", "message-price": "0.03330000"},
                {"to": "38761100101", "message-id": "0A0000000123ABCD2", "status": "0", "message-price": "0.03330000"},
            ],
        },
        accepted=accepted("vonage", "0A0000000123ABCD1", 2, "0.06660000"),
        no_such_number=(200, {"messages": [{"status": "33", "error-text": "Number De-activated"}]}),
        not_this_text=(200, {"messages": [{"status": "12", "error-text": "Message Too Long"}]}),
        ours_to_mend=(200, {"messages": [{"status": "9", "error-text": "Partner Quota Violation"}]}),
        delivered=lambda: vonage(
            {"msisdn": "38761100101", "messageId": "0A1", "price": "0.03330000", "status": "delivered", "err-code": "0"}
        ),
        report=told("0A1", Fate.DELIVERED, "delivered 0", cost="0.03330000"),
        dead=lambda: vonage({"messageId": "0A1", "status": "failed", "err-code": "9"}),
        reply=lambda: vonage(
            {"msisdn": "38761100101", "messageId": "0B2", "text": "a&b=c", "message-timestamp": "2026-11-18 09:59:00"}
        ),
        replied=Reply(
            sender="38761100101", text="a&b=c", provider_id="0B2", at=datetime(2026, 11, 18, 9, 59, tzinfo=UTC)
        ),
    ),
    "infobip": Dialect(
        address=f"infobip://KEY@acc.example.test?from=Salon&callback={HOOKS}/infobip/?key={KEY}&base={{base}}",
        path="/sms/3/messages",
        hears={
            "messages": [
                {
                    "sender": "Salon",
                    "destinations": [{"to": "38761100101"}],
                    "content": {"text": TEXT},
                    "webhooks": {
                        "delivery": {"url": f"{HOOKS}/infobip/?key={KEY}"},
                        "contentType": "application/json",
                    },
                }
            ]
        },
        taken={
            "bulkId": "BULK-1",
            "messages": [
                {
                    "messageId": "2250be2d4219",
                    "status": {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED"},
                    "destination": "38761100101",
                    "details": {"messageCount": 1},
                }
            ],
        },
        accepted=accepted("infobip", "2250be2d4219"),
        no_such_number=(
            200, {"messages": [{"messageId": "2", "status": {"groupId": 5, "name": "REJECTED_PREFIX_MISSING"}}]}
        ),
        not_this_text=(400, {"errorCode": "E400", "description": "Request cannot be processed."}),
        ours_to_mend=(
            200, {"messages": [{"messageId": "2", "status": {"groupId": 5, "name": "REJECTED_NOT_ENOUGH_CREDITS"}}]}
        ),
        asked=(
            "/sms/3/logs?messageId=2250be2d4219",
            {"results": [{"status": INFOBIP_DONE, "error": NO_ERROR, "price": {"pricePerMessage": 0.01, "currency": "EUR"}}]},
            told("2250be2d4219", Fate.DELIVERED, "DELIVERED_TO_HANDSET NO_ERROR", cost="0.01"),
        ),
        delivered=lambda: infobip(
            {
                "messageId": "2250be2d4219", "to": "38761100101", "smsCount": 2, "status": INFOBIP_DONE,
                "price": {"pricePerMessage": 0.01, "currency": "EUR"}, "error": NO_ERROR,
            }
        ),
        report=told("2250be2d4219", Fate.DELIVERED, "DELIVERED_TO_HANDSET NO_ERROR", cost="0.02"),
        dead=lambda: infobip(
            {
                "messageId": "2250be2d4219", "status": {"groupId": 2, "name": "UNDELIVERABLE_NOT_DELIVERED"},
                "error": {"groupId": 1, "id": 1, "name": "EC_UNKNOWN_SUBSCRIBER", "permanent": True},
            }
        ),
        reply=lambda: infobip(
            {
                "messageId": "817790313235066447", "from": "38761100101", "to": "38761000000", "text": "Стоп",
                "receivedAt": "2026-11-18T09:59:00.000+0000",
            }
        ),
        replied=Reply(
            sender="38761100101", text="Стоп", provider_id="817790313235066447",
            at=datetime(2026, 11, 18, 9, 59, tzinfo=UTC),
        ),
    ),
    "messagebird": Dialect(
        address=f"messagebird://KEY@?from=Salon&signing=signs&callback={HOOKS}/messagebird/&base={{base}}",
        path="/messages",
        hears={
            "originator": "Salon", "recipients": ["38761100101"], "body": TEXT, "datacoding": "auto",
            "reference": "message 12", "reportUrl": f"{HOOKS}/messagebird/",
        },
        taken={
            "id": "e8077d803532c0b5937c639b60216938",
            "recipients": {
                "totalSentCount": 1,
                "items": [
                    {
                        "recipient": 38761100101, "status": "sent", "messagePartCount": 1,
                        "price": {"amount": 0.0565, "currency": "EUR"},
                    }
                ],
            },
        },
        accepted=accepted("messagebird", "e8077d803532c0b5937c639b60216938", 1, "0.0565"),
        no_such_number=(
            422, {"errors": [{"code": 9, "description": "no (correct) recipients found", "parameter": "recipient"}]}
        ),
        not_this_text=(422, {"errors": [{"code": 9, "description": "body is required", "parameter": "body"}]}),
        ours_to_mend=(422, {"errors": [{"code": 25, "description": "Not enough balance", "parameter": None}]}),
        asked=(
            "/messages/e8077d803532c0b5937c639b60216938",
            {"recipients": {"items": [{"status": "delivery_failed", "statusReason": "unknown subscriber"}]}},
            told(
                "e8077d803532c0b5937c639b60216938", Fate.FAILED, "delivery_failed unknown subscriber", dead=True
            ),
        ),
        delivered=lambda: messagebird(f"{DLR}delivered"),
        report=told("e8077d803532c0b5937c639b60216938", Fate.DELIVERED, "delivered"),
        dead=lambda: messagebird(f"{DLR}delivery_failed&statusReason=unknown+subscriber"),
        reply=lambda: messagebird(
            f"{HOOKS}/messagebird/",
            form={
                "id": "ffb668dc", "originator": "38761100101", "recipient": "38761000000", "body": "Stop",
                "createdDatetime": "2026-11-18T09:59:00+00:00",
            },
        ),
        replied=Reply(
            sender="38761100101", text="Stop", provider_id="ffb668dc", at=datetime(2026, 11, 18, 9, 59, tzinfo=UTC)
        ),
    ),
    "smsc": Dialect(
        address=f"smsc://me:pass@?from=Salon&sign=signs&callback={HOOKS}/smsc/?key={KEY}&base={{base}}",
        path="/sys/send.php",
        hears={
            "login": "me", "psw": "pass", "phones": TO, "mes": TEXT, "charset": "utf-8", "fmt": "3", "cost": "3",
            "sender": "Salon",
        },
        taken={"id": 4567, "cnt": 1, "cost": "2.40", "balance": "100.5"},
        accepted=accepted("smsc", "4567", 1, "2.40"),
        no_such_number=(200, {"error": "invalid number", "error_code": 7, "id": 4567}),
        not_this_text=(200, {"error": "message is denied", "error_code": 6}),
        ours_to_mend=(200, {"error": "not enough money", "error_code": 3}),
        asked=(
            "/sys/status.php",
            {"status": 1, "last_date": "18.11.2026 12:59:00", "last_timestamp": 1795168740, "err": 0},
            told("4567", Fate.DELIVERED, "1 0"),
        ),
        delivered=lambda: smsc({"id": "4567", "phone": "38761100101", "status": "1", "err": "0"}),
        report=told("4567", Fate.DELIVERED, "1 0"),
        dead=lambda: smsc({"id": "4567", "phone": "38761100101", "status": "20", "err": "1"}),
        reply=lambda: smsc({"id": "88", "phone": "38761100101", "mes": "Стоп", "to": "79990000000"}),
        replied=Reply(sender="38761100101", text="Стоп", provider_id="88"),
    ),
    "smsru": Dialect(
        address=f"smsru://API@?from=Salon&callback={HOOKS}/smsru/&base={{base}}",
        path="/sms/send",
        hears={"api_id": "API", "to": "38761100101", "msg": TEXT, "json": "1", "from": "Salon"},
        taken={
            "status": "OK",
            "status_code": 100,
            "sms": {"38761100101": {"status": "OK", "status_code": 100, "sms_id": "000000-10000000", "cost": "3.10"}},
            "balance": 4122.56,
        },
        accepted=accepted("smsru", "000000-10000000", 1, "3.10"),
        no_such_number=(
            200,
            {"status": "OK", "status_code": 100, "sms": {"38761100101": {"status": "ERROR", "status_code": 202}}},
        ),
        not_this_text=(200, {"status": "ERROR", "status_code": 205, "status_text": "too long"}),
        ours_to_mend=(200, {"status": "ERROR", "status_code": 201, "status_text": "not enough money"}),
        asked=(
            "/sms/status",
            {
                "status": "OK", "status_code": 100,
                "sms": {"000000-10000000": {"status": "OK", "status_code": 103, "cost": "3.10"}},
            },
            told("000000-10000000", Fate.DELIVERED, "103", cost="3.10"),
        ),
        delivered=lambda: smsru("sms_status\n000000-10000000\n103\n1795168740"),
        report=told("000000-10000000", Fate.DELIVERED, "103"),
        dead=lambda: smsru("callcheck_status\n1\n401\n1795168740", "sms_status\n000000-10000000\n207\n1795168740"),
    ),
    "unifonic": Dialect(
        address=f"unifonic://SID@?from=Salon&callback={HOOKS}/unifonic/?key={KEY}&base={{base}}",
        path="/rest/SMS/messages",
        hears={
            "AppSid": "SID", "SenderID": "Salon", "Recipient": "38761100101", "Body": TEXT, "responseType": "JSON",
            "CorrelationID": "message 12", "async": "false",
        },
        taken={
            "success": True,
            "message": "",
            "errorCode": "ER-00",
            "data": {
                "MessageID": 42000348806924, "CorrelationID": "message 12", "Status": "Sent", "NumberOfUnits": 1,
                "Cost": 0.4, "Balance": 10, "Recipient": "38761100101", "CurrencyCode": "SAR",
            },
        },
        accepted=accepted("unifonic", "42000348806924", 1, "0.4"),
        no_such_number=(200, {"success": False, "message": "Dest num is too short", "errorCode": "ER-04", "data": {}}),
        not_this_text=(200, {"success": False, "message": "Message filtered", "errorCode": "ER-07", "data": {}}),
        ours_to_mend=(200, {"success": False, "message": "No rate found", "errorCode": "ER-01", "data": {}}),
        delivered=lambda: unifonic({"MessageID": "42000348806924", "DLR": "Delivered", "Recipient": "38761100101"}),
        report=told("42000348806924", Fate.DELIVERED, "Delivered"),
    ),
}  # fmt: skip

# how each failure that knows no dialect ends, and whether the address is dead
COMMON = {
    "429": ((429, {"Retry-After": "30"}, {}), TemporaryFailure),
    "500": ((500, {}, b"oops"), TemporaryFailure),
    "503": ((503, {}, b"<html>"), TemporaryFailure),
    "our login": ((401, {}, {}), TemporaryFailure),
    # from here on it may have gone
    "garbage": ((200, {}, b"<html>"), UnknownFate),
    "another shape": ((200, {}, [1, {"messages": "x", "sms": [], "data": 7}]), UnknownFate),
    "reset": ((0, {}, b""), UnknownFate),
}

each_provider = pytest.mark.parametrize("name", DIALECTS)


@pytest.fixture(scope="module")
def server():
    with sms_provider_server() as server:
        yield server


@pytest.fixture
def provider(server, settings, name):
    """The server that speaks this provider's dialect, and SMS_URL set to it."""
    dialect = DIALECTS[name]
    settings.SMS_URL = dialect.address.replace("{base}", server.url)
    server.asked.clear()
    server.answer = lambda asked: (200, {}, dialect.taken)
    return server


def sms() -> Outgoing:
    return Outgoing(channel="sms", to=TO, text=TEXT, idempotency_key="message 12")


@each_provider
def test_provider_hears_its_own_words_and_says_what_it_took(provider, settings, name):
    dialect = DIALECTS[name]

    taken = send(sms())

    (asked,) = provider.asked
    heard = json.loads(asked.body) if "json" in asked.headers["Content-Type"] else asked.form
    assert (asked.method, asked.path, heard) == ("POST", dialect.path, dialect.hears)
    assert taken == dialect.accepted


@each_provider
def test_provider_answers_are_put_into_their_class(provider, name):
    dialect = DIALECTS[name]
    table = {
        **COMMON,
        "no such number": ((dialect.no_such_number[0], {}, dialect.no_such_number[1]), PermanentFailure),
        "not this text": ((dialect.not_this_text[0], {}, dialect.not_this_text[1]), PermanentFailure),
        "ours to mend": ((dialect.ours_to_mend[0], {}, dialect.ours_to_mend[1]), TemporaryFailure),
    }
    found = {}
    for case, (answer, _failure) in table.items():
        provider.answer = lambda asked, answer=answer: answer
        with pytest.raises((TemporaryFailure, PermanentFailure, UnknownFate)) as caught:
            send(sms())
        found[case] = type(caught.value), getattr(caught.value, "address_is_dead", None)
        if case == "429":
            assert caught.value.retry_after == 30
        # the desk reads it
        assert not any(secret in caught.value.reason for secret in ("SECRET", "pass", "signs", KEY))

    assert found == {
        case: (failure, {"no such number": True, "not this text": False}.get(case))
        for case, (_answer, failure) in table.items()
    }


@each_provider
def test_provider_may_be_slow_but_not_silent(provider, name, monkeypatch):
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", PATIENCE)
    dialect, waits = DIALECTS[name], [PATIENCE / 4]

    def answer(asked):
        threading.Event().wait(waits[0])
        return 200, {}, dialect.taken

    provider.answer = answer

    assert send(sms()) == dialect.accepted

    waits[0] = PATIENCE * 2
    with pytest.raises(UnknownFate):
        send(sms())


@each_provider
def test_provider_is_asked_how_an_sms_fared_where_it_can_be(provider, settings, name):
    dialect, adapter = DIALECTS[name], provider_for(settings.SMS_URL)
    if dialect.asked is None:
        assert adapter.poll_status("1", to=TO) is None
        assert provider.asked == []
        return
    path, said, report = dialect.asked
    provider.answer = lambda asked: (200, {}, said)

    found = adapter.poll_status(report.provider_id, to=TO)

    assert [asked.path for asked in provider.asked] == [path]
    assert found == report
    # it reports by itself; without an address to report to it is asked
    assert not adapter.is_asked
    assert provider_for(settings.SMS_URL.replace("callback", "from")).is_asked
    provider.answer = lambda asked: (503, {}, b"")
    with pytest.raises(TemporaryFailure):
        adapter.poll_status(report.provider_id, to=TO)


@each_provider
def test_provider_reports_and_brings_replies(provider, settings, name):
    dialect, adapter = DIALECTS[name], provider_for(settings.SMS_URL)

    assert adapter.parse_webhook(dialect.delivered()) == [dialect.report]

    if dialect.dead is not None:
        (report,) = adapter.parse_webhook(dialect.dead())
        assert (report.fate, report.address_is_dead) == (Fate.FAILED, True)
    if dialect.reply is not None:
        assert adapter.parse_webhook(dialect.reply()) == [dialect.replied]


# S7: whoever it is that calls ------------------------------------------------

LATER = CALLED_AT + timedelta(days=2)
FORGED = {
    "vonage by another secret": ("vonage", lambda: vonage({"messageId": "0A1", "status": "failed"}, secret="guess")),
    "vonage unsigned": ("vonage", lambda: called(f"{HOOKS}/vonage/", form={"messageId": "0A1", "status": "failed"})),
    "vonage from last week": ("vonage", lambda: vonage({"messageId": "0A1", "status": "failed"}, at=LATER)),
    "vonage not an object": ("vonage", lambda: called(f"{HOOKS}/vonage/", content=[1])),
    "infobip by another key": ("infobip", lambda: infobip({"messageId": "1", "status": INFOBIP_DONE}, key="x" * 20)),
    "infobip without a key": ("infobip", lambda: called(f"{HOOKS}/infobip/", content={"results": []})),
    "messagebird by another key": ("messagebird", lambda: messagebird(f"{DLR}failed", secret="guess")),
    "messagebird unsigned": ("messagebird", lambda: called(f"{DLR}delivered", method="GET")),
    "messagebird over": ("messagebird", lambda: messagebird(f"{DLR}delivered", at=CALLED_AT - timedelta(minutes=2))),
    "messagebird too early": ("messagebird", lambda: messagebird(f"{DLR}delivered", at=LATER)),
    "messagebird for another": ("messagebird", lambda: messagebird(f"{DLR}delivered", url_hash="0" * 64)),
    "messagebird another's": ("messagebird", lambda: messagebird(f"{DLR}delivered", iss="Somebody")),
    "messagebird other words": ("messagebird", lambda: messagebird(f"{DLR}sent", form={"id": "1"}, payload_hash="0")),
    "messagebird never ending": ("messagebird", lambda: messagebird(f"{DLR}delivered", exp=None)),
    "smsc by another key": ("smsc", lambda: smsc({"id": "4567", "phone": "1", "status": "1"}, key="x" * 20)),
    "smsc by another sign": ("smsc", lambda: smsc({"id": "4567", "phone": "1", "status": "1"}, sign="guess")),
    "smsru by another id": ("smsru", lambda: smsru("sms_status\n000000-10000000\n103\n1", api_id="guess")),
    "smsru unhashed": ("smsru", lambda: called(f"{HOOKS}/smsru/", form={"data[0]": "sms_status\n1\n103\n1"})),
    "unifonic by another key": ("unifonic", lambda: unifonic({"MessageID": "1", "DLR": "Delivered"}, key="x" * 20)),
    "unifonic says nothing": ("unifonic", lambda: unifonic({"DLR": "Delivered"})),
}  # fmt: skip


@pytest.mark.parametrize("case", FORGED)
def test_provider_is_not_believed_unless_it_is_the_provider(case):
    name, forged = FORGED[case]
    adapter = provider_for(DIALECTS[name].address.replace("{base}", "http://127.0.0.1"))
    # a control: its own words are believed
    assert adapter.parse_webhook(DIALECTS[name].delivered())

    with pytest.raises(WebhookRefused):
        adapter.parse_webhook(forged())


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("vonage://?from=1", "key and secret"),
        ("vonage://a:b@", "lacks from"),
        ("vonage://a:b@?from=1&algorithm=md5", "sha256"),
        ("vonage://a:b@?from=1&callback=https://x/", "signature"),
        ("infobip://key@?from=1", "key and host"),
        ("infobip://key@host?from=1&callback=https://x/?key=short", "20 random"),
        ("messagebird://?from=1", "access key"),
        ("messagebird://a@?from=1&callback=https://x/", "signing"),
        ("smsc://me@", "LOGIN:PASSWORD"),
        ("smsc://me:pass@?callback=https://x/", "20 random"),
        ("smsru://", "api_id"),
        ("unifonic://", "AppSid"),
        ("unifonic://a@?callback=https://x/", "20 random"),
    ],
)
def test_what_a_provider_lacks_is_named(url, says):
    with pytest.raises(ImproperlyConfigured, match=says):
        provider_for(url)
