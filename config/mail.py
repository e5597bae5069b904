"""EMAIL_URL: the way out for mail, by scheme, as the settings that Django and django-anymail read.

    smtp://host:25  smtp+tls://user:password@host:587  smtp+ssl://user:password@host:465
    mailgun://KEY@mg.salon.example?region=eu
    postmark://TOKEN@?stream=outbound
    sendgrid://KEY@
    brevo://KEY@
    unisender-go://KEY@go1.unisender.ru
    ses://ACCESS:SECRET@eu-central-1?configuration=NAME    (ses://eu-central-1: the machine's own role)

`?api=` names another address of the provider's interface. Keys with signs of an address are percent-encoded.
"""

from importlib.util import find_spec
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

DJANGOS_SMTP = "django.core.mail.backends.smtp.EmailBackend"
# seconds to be let in, and to be answered
CONNECT, ANSWER = 5, 20
SMTP_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
# scheme: anymail's name of the provider, and what it calls its key
KEYS = {
    "mailgun": "MAILGUN_API_KEY",
    "postmark": "POSTMARK_SERVER_TOKEN",
    "sendgrid": "SENDGRID_API_KEY",
    "brevo": "BREVO_API_KEY",
    "unisender-go": "UNISENDER_GO_API_KEY",
}
SES = "ses"
PROVIDERS = {**{scheme: scheme.replace("-", "_") for scheme in KEYS}, SES: "amazon_ses"}


def mail_settings(url: str) -> dict[str, Any]:
    """The settings that an EMAIL_URL stands for; ImproperlyConfigured says in one line what is missing."""
    parts = urlsplit(url)
    if parts.scheme in SMTP_SCHEMES:
        return _smtp(url, parts)
    if parts.scheme not in PROVIDERS:
        known = ", ".join([*SMTP_SCHEMES, *PROVIDERS])
        raise ImproperlyConfigured(f"EMAIL_URL begins with {parts.scheme!r}: choose one of {known}.")
    name = PROVIDERS[parts.scheme]
    anymail = {"REQUESTS_TIMEOUT": (CONNECT, ANSWER), **(_ses(parts) if parts.scheme == SES else _by_key(parts))}
    return {"EMAIL_BACKEND": f"anymail.backends.{name}.EmailBackend", "ANYMAIL": anymail}


def _smtp(url: str, parts: SplitResult) -> dict[str, Any]:
    if not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL names no mail server: like smtp+tls://user:password@mail.example:587.")
    read = environ.Env.email_url_config(url)
    return {
        "EMAIL_BACKEND": DJANGOS_SMTP,
        "EMAIL_HOST": read["EMAIL_HOST"],
        "EMAIL_PORT": read["EMAIL_PORT"] or 25,
        "EMAIL_HOST_USER": read["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": read["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_USE_TLS": read.get("EMAIL_USE_TLS", False),
        "EMAIL_USE_SSL": read.get("EMAIL_USE_SSL", False),
    }


def _by_key(parts: SplitResult) -> dict[str, Any]:
    scheme, prefix = parts.scheme, parts.scheme.upper().replace("-", "_")
    key = unquote(parts.username or "")
    if not key:
        raise ImproperlyConfigured(f"EMAIL_URL has no key: {scheme}://KEY@{_host_words(scheme)}.")
    anymail: dict[str, Any] = {KEYS[scheme]: key}
    api = _option(parts, "api")
    if scheme == "mailgun":
        anymail["MAILGUN_SENDER_DOMAIN"] = _host(parts)
        api = api or ("https://api.eu.mailgun.net/v3" if _option(parts, "region") == "eu" else "")
    elif scheme == "unisender-go":
        api = api or f"https://{_host(parts)}/ru/transactional/api/v1/"
    elif scheme == "postmark" and (stream := _option(parts, "stream")):
        anymail["POSTMARK_MESSAGE_STREAM"] = stream
    if api:
        anymail[f"{prefix}_API_URL"] = api
    return anymail


def _ses(parts: SplitResult) -> dict[str, Any]:
    if find_spec("boto3") is None:
        raise ImproperlyConfigured("EMAIL_URL names Amazon SES, which needs boto3: install requirements/ses.txt.")
    client: dict[str, Any] = {
        "region_name": _host(parts),
        # tried again by our own rows only: what was taken and not answered may have gone
        "config": {"connect_timeout": CONNECT, "read_timeout": ANSWER, "retries": {"total_max_attempts": 1}},
    }
    if bool(parts.username) != bool(parts.password):
        raise ImproperlyConfigured("EMAIL_URL has half a login: ses://ACCESS:SECRET@region, or ses://region.")
    if parts.username and parts.password:
        client["aws_access_key_id"] = unquote(parts.username)
        client["aws_secret_access_key"] = unquote(parts.password)
    if api := _option(parts, "api"):
        client["endpoint_url"] = api
    anymail: dict[str, Any] = {"AMAZON_SES_CLIENT_PARAMS": client}
    if configuration := _option(parts, "configuration"):
        anymail["AMAZON_SES_CONFIGURATION_SET_NAME"] = configuration
    return anymail


def _host(parts: SplitResult) -> str:
    if not parts.hostname:
        raise ImproperlyConfigured(f"EMAIL_URL is short of its end: {parts.scheme}://...@{_host_words(parts.scheme)}.")
    return parts.hostname


def _host_words(scheme: str) -> str:
    return {"mailgun": "mg.salon.example", "unisender-go": "go1.unisender.ru", SES: "eu-central-1"}.get(scheme, "")


def _option(parts: SplitResult, name: str) -> str:
    return parse_qs(parts.query).get(name, [""])[0]
