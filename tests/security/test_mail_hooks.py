"""What mail providers tell (trust.md, S7): who cannot show itself has no effect, and what is told twice has one."""

import hmac
import json
from base64 import b64encode
from datetime import timedelta
from hashlib import md5, sha256

import pytest
from django.test import Client as Browser

from config.mail import mail_settings
from reminders.consent.models import ConsentEvent, ContactPermission
from reminders.consent.services import grant
from reminders.inbox.models import Letter
from reminders.messages.models import Message, MessageEvent
from tests.factories import NOW, make_branch, make_client
from tests.security.test_hooks import sent

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailInsecureWebhookWarning"),
]

NUMBER, TO, SECRET = "<0102@mg.salon.test>", "vera@example.test", "hook:secret"
URLS = {
    "mailgun": "mailgun://key-1@mg.salon.test",
    "amazon_ses": "ses://AKIA1:secret-1@eu-central-1",
    "postmark": "postmark://token-1@",
    "sendgrid": "sendgrid://key-1@",
    "brevo": "brevo://key-1@",
    "unisender_go": "unisender-go://key-1@go1.unisender.ru",
}
LOGIN = {"Authorization": "Basic " + b64encode(SECRET.encode()).decode()}


@pytest.fixture
def message(settings, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client = make_client(branch=make_branch(), email=TO, phone="")
    for purpose in ("care", "marketing"):
        grant(client=client, purpose=purpose, channel="email", where="desk", now=NOW - timedelta(days=30))
    return sent(client, number=NUMBER, provider="mailgun", channel="email", address=TO)


@pytest.fixture
def by(settings, message):
    """Mail goes by this provider."""

    def choose(name: str) -> None:
        for key, value in mail_settings(URLS[name]).items():
            setattr(settings, key, value)
        settings.ANYMAIL |= {"WEBHOOK_SECRET": SECRET}
        Message.objects.update(provider=name)

    return choose


# What each provider tells, as its documentation has it ---------------------------------


def mailgun(event: str, at=NOW, **more) -> dict:
    stamp, token = str(int(at.timestamp())), "t" * 50
    signature = hmac.new(b"key-1", f"{stamp}{token}".encode(), sha256).hexdigest()
    data = {
        "event": event,
        "timestamp": at.timestamp(),
        "recipient": TO,
        "message": {"headers": {"message-id": NUMBER.strip("<>")}},
        **more,
    }
    return {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": data}


def postmark(record: str, kind: str = "", at=NOW) -> dict:
    when = {"Delivery": "DeliveredAt"}.get(record, "BouncedAt")
    told = {"RecordType": record, "MessageID": NUMBER, when: at.isoformat(), "Email": TO, "Metadata": {}}
    return {**told, "Type": kind, "Details": "smtp;550"} if kind else told


def sendgrid(event: str, kind: str = "", at=NOW) -> list:
    told = {"event": event, "email": TO, "timestamp": int(at.timestamp()), "anymail_id": NUMBER, "sg_event_id": "e1"}
    return [{**told, "type": kind, "reason": "550"} if kind else told]


def brevo(event: str, at=NOW) -> dict:
    return {"event": event, "email": TO, "message-id": NUMBER, "ts_epoch": int(at.timestamp() * 1000)}


def unisender_go(status: str, why: str = "", at=NOW) -> dict:
    data = {
        "job_id": "1Z",
        "email": TO,
        "status": status,
        "event_time": at.strftime("%Y-%m-%d %H:%M:%S"),
        "metadata": {"anymail_id": NUMBER},
        "delivery_info": {"delivery_status": why, "destination_response": ""},
    }
    events = [{"event_name": "transactional_email_status", "event_data": data}]
    return {"auth": "0" * 32, "events_by_user": [{"user_id": 1, "events": events}]}


def amazon_ses(event: str, *, kind: str = "", at=NOW) -> dict:
    people = [{"emailAddress": TO, "diagnosticCode": "550"}]
    told = {
        "eventType": event,
        "mail": {"messageId": NUMBER, "destination": [TO], "headers": []},
        "bounce": {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": people},
        "complaint": {"complainedRecipients": people},
        "delivery": {"recipients": [TO], "smtpResponse": "250"},
    }
    return {
        "Type": "Notification",
        "MessageId": "sns-1",
        "Timestamp": at.isoformat(),
        "Message": json.dumps(
            {key: value for key, value in told.items() if key in ("eventType", "mail", event.lower())}
        ),
    }


TOLD = {
    "mailgun": {
        "delivered": lambda **at: mailgun("delivered", **at),
        "hard": lambda **at: mailgun("failed", severity="permanent", reason="bounce", **at),
        "complained": lambda **at: mailgun("complained", **at),
        "under way": lambda **at: mailgun("failed", severity="temporary", reason="generic", **at),
    },
    "postmark": {
        "delivered": lambda **at: postmark("Delivery", **at),
        "hard": lambda **at: postmark("Bounce", "HardBounce", **at),
        "soft": lambda **at: postmark("Bounce", "SoftBounce", **at),
        "complained": lambda **at: postmark("SpamComplaint", "SpamComplaint", **at),
        "under way": lambda **at: postmark("Bounce", "Transient", **at),
    },
    "sendgrid": {
        "delivered": lambda **at: sendgrid("delivered", **at),
        "hard": lambda **at: sendgrid("bounce", "bounce", **at),
        "soft": lambda **at: sendgrid("bounce", "blocked", **at),
        "complained": lambda **at: sendgrid("spamreport", **at),
        "under way": lambda **at: sendgrid("open", **at),
    },
    "brevo": {
        "delivered": lambda **at: brevo("delivered", **at),
        "hard": lambda **at: brevo("hard_bounce", **at),
        "soft": lambda **at: brevo("soft_bounce", **at),
        "complained": lambda **at: brevo("spam", **at),
        "under way": lambda **at: brevo("deferred", **at),
    },
    "unisender_go": {
        "delivered": lambda **at: unisender_go("delivered", "ok_delivered", **at),
        "hard": lambda **at: unisender_go("hard_bounced", "err_user_unknown", **at),
        "complained": lambda **at: unisender_go("spam", "", **at),
        "under way": lambda **at: unisender_go("soft_bounced", "err_mailbox_full", **at),
    },
    "amazon_ses": {
        "delivered": lambda **at: amazon_ses("Delivery", **at),
        "hard": lambda **at: amazon_ses("Bounce", kind="Permanent", **at),
        "soft": lambda **at: amazon_ses("Bounce", kind="Transient", **at),
        "complained": lambda **at: amazon_ses("Complaint", **at),
    },
}
PAIRS = [(name, news) for name, all_news in TOLD.items() for news in all_news]


def post(name: str, told, *, path: str = "", forged: bool = False, login: dict | None = None):
    body = json.dumps(told)
    if name == "unisender_go":
        key = b"somebody" if forged else b"key-1"
        body = body.replace("0" * 32, md5(body.replace("0" * 32, key.decode()).encode()).hexdigest())
    headers = LOGIN if login is None else login
    if name == "amazon_ses":
        headers = {**headers, "X-Amz-Sns-Message-Type": told["Type"], "X-Amz-Sns-Message-Id": told["MessageId"]}
    # a stranger's browser: no session, and the checks against forged forms are on
    browser = Browser(enforce_csrf_checks=True)
    return browser.post(path or f"/hooks/{name}/", body, content_type="application/json", headers=headers)


def seen(message) -> tuple[str, bool, list[str]]:
    """Its state, whether her address is dead, and what she still gets by e-mail."""
    row = ContactPermission.objects.get(client=message.client)
    allowed = [name for name in ("service", "care", "marketing") if getattr(row, f"{name}_email")]
    return Message.objects.get(pk=message.pk).state, row.email_dead_at is not None, allowed


ALL = ["service", "care", "marketing"]
COMES_TO = {
    "delivered": ("delivered", False, ALL),
    # the address is dead; the row is past its last moment and goes by no other way
    "hard": ("failed", True, ALL),
    "soft": ("failed", False, ALL),
    "complained": ("delivered", False, ["service"]),
    "under way": ("sent", False, ALL),
}


@pytest.mark.parametrize(("name", "news"), PAIRS)
def test_news_of_a_provider_has_its_effect_once(by, message, name, news):
    by(name)

    answers = [post(name, TOLD[name][news]()).status_code for _time in range(3)]

    assert (answers, seen(message)) == ([200, 200, 200], COMES_TO[news])
    assert MessageEvent.objects.filter(message=message).count() == (news != "under way")
    told = ConsentEvent.objects.filter(where="provider")
    assert told.count() == (2 if news == "complained" else 0)
    assert all(name in event.text_shown for event in told)


@pytest.mark.parametrize("name", TOLD)
def test_news_of_nobody_is_sent_away(by, message, name):
    by(name)
    told = TOLD[name]["hard"]()
    if name == "mailgun":
        told["signature"]["signature"] = "0" * 64

    wrong = {"Authorization": "Basic " + b64encode(b"hook:guess").decode()}
    answers = [post(name, told, login=login, forged=True).status_code for login in ({}, wrong)]

    assert set(answers) <= {401, 403}
    assert seen(message) == ("sent", False, ALL)


@pytest.mark.parametrize("name", TOLD)
def test_news_of_long_ago_has_no_effect(by, message, name):
    by(name)

    answer = post(name, TOLD[name]["complained"](at=NOW - timedelta(days=4)))

    assert answer.status_code in (200, 403)
    assert seen(message)[2] == ALL


def test_complaint_does_not_undo_what_she_agreed_to_afterwards(by, message):
    by("brevo")
    told = TOLD["brevo"]["complained"](at=NOW - timedelta(hours=2))
    grant(client=message.client, purpose="marketing", channel="email", where="desk", now=NOW - timedelta(hours=1))

    post("brevo", told)

    assert seen(message)[2] == ALL


def test_bounce_that_comes_after_delivery_takes_nothing_back(by, message):
    by("brevo")

    post("brevo", TOLD["brevo"]["delivered"]())
    post("brevo", TOLD["brevo"]["hard"]())

    assert seen(message) == ("delivered", False, ALL)


def test_doubt_ends_when_the_provider_speaks_of_the_message(by, message):
    by("mailgun")
    Message.objects.update(state="unknown", provider="", provider_id="")
    told = mailgun("delivered", **{"user-variables": {"message": f"message-{message.pk}"}})

    post("mailgun", told)

    assert seen(message)[0] == "delivered"


def test_provider_by_whom_no_mail_goes_is_nobody(by, message):
    by("brevo")

    assert post("mailgun", TOLD["mailgun"]["hard"]()).status_code == 404
    assert seen(message)[0] == "sent"


@pytest.mark.parametrize("name", ["postmark", "brevo", "amazon_ses", "sendgrid"])
def test_provider_that_signs_nothing_is_nobody_where_no_login_is_set(by, message, settings, name):
    by(name)
    del settings.ANYMAIL["WEBHOOK_SECRET"]

    assert post(name, TOLD[name]["hard"]()).status_code == 404
    assert seen(message)[0] == "sent"


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '{"event-data": {}}', "\x00", '{"RecordType": []}'])
@pytest.mark.parametrize("name", ["mailgun", "postmark", "brevo", "unisender_go"])
def test_garbage_is_refused_and_breaks_nothing(by, message, name, body):
    by(name)

    answer = Browser().post(f"/hooks/{name}/", body, content_type="application/json", headers=LOGIN)

    assert answer.status_code in (200, 403)
    assert seen(message)[0] == "sent"


# Mail that clients write -----------------------------------------------------------------


def written(**headers) -> dict:
    """A mail as Postmark passes it on."""
    told = {"Message-ID": "<hers@example.test>", "In-Reply-To": NUMBER, **headers}
    return {
        "FromFull": {"Email": TO, "Name": "Vera", "MailboxHash": ""},
        "ToFull": [],
        "CcFull": [],
        "BccFull": [],
        "From": TO,
        "To": "reply@in.salon.test",
        "Subject": "Re: Before tomorrow",
        "Date": "Mon, 9 Mar 2026 09:00:00 +0000",
        "MessageID": "pm-1",
        "TextBody": "Can we do Thursday?",
        "HtmlBody": "",
        "Headers": [{"Name": name, "Value": value} for name, value in told.items()],
        "Attachments": [],
    }


def test_mail_that_she_writes_back_is_one_letter_beside_what_it_answers(by, message):
    by("postmark")

    answers = [post("postmark", written(), path="/hooks/postmark/inbound/").status_code for _time in range(2)]

    letter = Letter.objects.get()
    assert answers == [200, 200]
    assert (letter.text.strip(), letter.answers, letter.sender) == ("Can we do Thursday?", message, TO)


@pytest.mark.parametrize("headers", [{"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}])
def test_machine_that_answers_is_no_letter(by, message, headers):
    by("postmark")

    assert post("postmark", written(**headers), path="/hooks/postmark/inbound/").status_code == 200
    assert not Letter.objects.exists()


def test_mail_of_nobody_is_sent_away(by, message):
    by("postmark")

    answer = post("postmark", written(), path="/hooks/postmark/inbound/", login={})

    assert (answer.status_code, Letter.objects.count()) == (401, 0)


def test_mail_without_plain_words_is_read_by_its_others(by, message):
    by("postmark")
    told = {**written(), "TextBody": "", "HtmlBody": "<style>p{}</style><p>Yes &amp; thanks</p><p>Vera</p>"}

    post("postmark", told, path="/hooks/postmark/inbound/")

    assert Letter.objects.get().text.split() == ["Yes", "&", "thanks", "Vera"]
