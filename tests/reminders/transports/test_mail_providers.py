"""Mail by each provider's own interface: what leaves for it, what it answers, and what that means (trust.md, M6)."""

import json
from dataclasses import dataclass
from urllib.parse import unquote_plus

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.mail import PROVIDERS, mail_settings
from reminders.transports.services import Outgoing, PermanentFailure, TemporaryFailure, UnknownFate, send
from tests.reminders.servers import Asked, sms_provider_server

ID = "0102-abc@mg.salon.test"


@dataclass(frozen=True)
class Dialect:
    """How a provider is addressed, shows itself to have our key, says yes, and refuses an address at once."""

    url: str
    path: str
    key: tuple[str, str]
    yes: object
    id: str = ID
    refuses: tuple[int, object] | None = None


DIALECTS = {
    "mailgun": Dialect(
        "mailgun://key-1@mg.salon.test?api={api}/v3",
        "/v3/mg.salon.test/messages",
        ("Authorization", "Basic YXBpOmtleS0x"),
        {"id": f"<{ID}>", "message": "Queued. Thank you."},
        id=f"<{ID}>",
    ),
    "postmark": Dialect(
        "postmark://token-1@?api={api}&stream=letters",
        "/email",
        ("X-Postmark-Server-Token", "token-1"),
        {"To": "vera@example.test", "MessageID": ID, "ErrorCode": 0, "Message": "OK"},
        refuses=(
            422,
            {
                "ErrorCode": 406,
                "Message": "You tried to send to recipient(s) that have been marked as inactive. Found inactive "
                "addresses: vera@example.test. Inactive recipients are ones that have generated a hard bounce.",
            },
        ),
    ),
    "sendgrid": Dialect(
        "sendgrid://key-1@?api={api}/v3/", "/v3/mail/send", ("Authorization", "Bearer key-1"), b"", id=""
    ),
    "brevo": Dialect("brevo://key-1@?api={api}/v3/", "/v3/smtp/email", ("api-key", "key-1"), {"messageId": ID}),
    "unisender-go": Dialect(
        "unisender-go://key-1@go1.unisender.ru?api={api}/ru/transactional/api/v1",
        "/ru/transactional/api/v1/email/send.json",
        ("X-API-KEY", "key-1"),
        {"status": "success", "job_id": "1Zym", "emails": ["vera@example.test"]},
        id="",
        refuses=(
            200,
            {
                "status": "success",
                "job_id": "1Zym",
                "emails": [],
                "failed_emails": {"vera@example.test": "permanent_unavailable"},
            },
        ),
    ),
    "ses": Dialect(
        "ses://AKIA1:secret-1@eu-central-1?api={api}",
        "/v2/email/outbound-emails",
        ("Authorization", "AWS4-HMAC-SHA256 Credential=AKIA1/"),
        {"MessageId": ID},
    ),
}
each_provider = pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")


@pytest.fixture
def provider():
    with sms_provider_server() as server:
        yield server


@pytest.fixture
def by(settings, provider):
    """Mail goes by this provider, whose interface is on this machine."""

    def choose(name: str, **options: str) -> Dialect:
        dialect = DIALECTS[name]
        for key, value in mail_settings(dialect.url.format(api=provider.url)).items():
            setattr(settings, key, value)
        settings.ANYMAIL |= {"REQUESTS_TIMEOUT": (1, 0.4)}
        settings.DEFAULT_FROM_EMAIL = "salon@mg.salon.test"
        if name == "ses":
            settings.ANYMAIL["AMAZON_SES_CLIENT_PARAMS"]["config"] |= {"connect_timeout": 1, "read_timeout": 0.4}
        provider.answer = lambda asked: (200, {"Content-Type": "application/json"}, dialect.yes)
        return dialect

    return choose


def letter() -> Outgoing:
    return Outgoing(
        channel="email",
        to="vera@example.test",
        subject="Пора к нам",
        text="Ждём вас.",
        html="<p>Ждём вас.</p>",
        idempotency_key="message-12",
        language="ru",
        sender_name="Salon",
        headers={
            "List-Unsubscribe": "<https://salon.test/my/stop/x/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def said(asked: Asked) -> str:
    """The whole request, readable: what JSON and the boundaries of parts hide is no matter here."""
    body = asked.body.decode()
    return json.dumps(json.loads(body), ensure_ascii=False) if body.startswith("{") else unquote_plus(body)


@each_provider
@pytest.mark.parametrize("name", DIALECTS)
def test_letter_leaves_in_the_providers_words_and_its_number_is_kept(by, provider, name):
    dialect = by(name)

    accepted = send(letter())

    (asked,) = provider.asked
    header, value = dialect.key
    assert (asked.method, asked.path) == ("POST", dialect.path)
    assert asked.headers[header].startswith(value)
    assert accepted.provider == PROVIDERS[name]
    # who gives no number takes ours
    assert accepted.provider_id == dialect.id or (not dialect.id and len(accepted.provider_id) == 36)
    words = said(asked)
    if name == "ses":
        # Amazon takes the whole letter as it is
        assert "vera@example.test" in words
    else:
        for part in ("vera@example.test", "Пора к нам", "Ждём вас.", "List-Unsubscribe=One-Click", "message-12"):
            assert part in words


REFUSALS = {
    "429": ((429, {"Retry-After": "90"}, {"message": "slow down"}), TemporaryFailure),
    "500": ((500, {}, {"message": "oops"}), TemporaryFailure),
    "our key": ((401, {}, {"message": "no such key"}), TemporaryFailure),
    "letter": ((400, {}, {"message": "no"}), PermanentFailure),
    "reset": ((0, {}, b""), UnknownFate),
}


@each_provider
@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("name", DIALECTS)
def test_answer_of_a_provider_is_put_into_its_class(by, provider, name, refusal):
    by(name)
    answer, failure = REFUSALS[refusal]
    provider.answer = lambda asked: answer

    with pytest.raises(failure):
        send(letter())

    # tried again by our own rows only
    assert len(provider.asked) == 1


@each_provider
@pytest.mark.parametrize("name", [name for name, dialect in DIALECTS.items() if dialect.refuses])
def test_address_that_a_provider_knows_as_dead_is_dead(by, provider, name):
    status, body = by(name).refuses
    provider.answer = lambda asked: (status, {}, body)

    with pytest.raises(PermanentFailure) as caught:
        send(letter())

    assert caught.value.address_is_dead


def test_address_unavailable_for_now_is_tried_later(by, provider):
    by("unisender-go")
    unavailable = {"vera@example.test": "temporary_unavailable"}
    body = {"status": "success", "job_id": "1", "emails": [], "failed_emails": unavailable}
    provider.answer = lambda asked: (200, {}, body)

    with pytest.raises(TemporaryFailure):
        send(letter())


@pytest.mark.parametrize("name", ["postmark", "ses"])
def test_provider_that_is_not_there_is_tried_later(by, provider, settings, name):
    by(name)
    nobody = "http://127.0.0.1:1/"
    settings.ANYMAIL["POSTMARK_API_URL"] = nobody
    if name == "ses":
        settings.ANYMAIL["AMAZON_SES_CLIENT_PARAMS"]["endpoint_url"] = nobody

    with pytest.raises(TemporaryFailure, match="cannot be reached"):
        send(letter())


def test_wait_that_a_provider_asks_for_is_kept(by, provider):
    by("brevo")
    provider.answer = lambda asked: (429, {"Retry-After": "90"}, {})

    with pytest.raises(TemporaryFailure) as caught:
        send(letter())

    assert caught.value.retry_after == 90


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("pigeon://home", "EMAIL_URL begins with 'pigeon': choose one of smtp"),
        ("smtp://", "EMAIL_URL names no mail server"),
        ("postmark://", "EMAIL_URL has no key: postmark://KEY@"),
        ("mailgun://key@", "mailgun://...@mg.salon.example"),
        ("unisender-go://key@", "unisender-go://...@go1.unisender.ru"),
        ("ses://AKIA1@eu-central-1", "half a login"),
        ("ses://", "ses://...@eu-central-1"),
    ],
)
def test_setting_short_of_something_stops_the_start_with_one_line(url, words):
    with pytest.raises(ImproperlyConfigured) as caught:
        mail_settings(url)

    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_amazon_without_its_library_says_what_to_install(monkeypatch):
    monkeypatch.setattr("config.mail.find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match=r"requirements/ses\.txt"):
        mail_settings("ses://eu-central-1")


def test_region_and_signs_in_a_key_are_read():
    eu = mail_settings("mailgun://key%2F1@mg.salon.example?region=eu")["ANYMAIL"]
    us = mail_settings("mailgun://key@mg.salon.example")["ANYMAIL"]

    assert (eu["MAILGUN_API_KEY"], eu["MAILGUN_API_URL"]) == ("key/1", "https://api.eu.mailgun.net/v3")
    assert "MAILGUN_API_URL" not in us
