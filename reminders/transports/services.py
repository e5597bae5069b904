"""Sending one message by the channel it is for. Network: never call it inside a transaction."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from reminders.transports.esp import KEY as MAIL_KEY
from reminders.transports.mail import connection_held, send_mail
from reminders.transports.messenger import can_reach, send_chat
from reminders.transports.outgoing import (
    Accepted,
    Attachment,
    Fate,
    Outgoing,
    PermanentFailure,
    Reply,
    Report,
    TemporaryFailure,
    TransportFailure,
    UnknownFate,
)
from reminders.transports.segments import segments
from reminders.transports.sms.choice import provider_for
from reminders.transports.sms.hook import Call, WebhookRefused
from reminders.transports.sms.protocol import Provider

__all__ = [
    "MAIL_KEY",
    "Accepted",
    "Attachment",
    "Call",
    "Fate",
    "Outgoing",
    "PermanentFailure",
    "Reply",
    "Report",
    "TemporaryFailure",
    "TransportFailure",
    "UnknownFate",
    "WebhookRefused",
    "can_reach",
    "connection_held",
    "is_asked",
    "named_provider",
    "segments",
    "send",
    "sms_provider",
    "takes_key",
]

EMAIL, SMS, CHAT = "email", "sms", "chat"


def send(outgoing: Outgoing) -> Accepted:
    """Hand one message to its provider.

    Raises TemporaryFailure (try again later), PermanentFailure (never; perhaps the address is
    dead) or UnknownFate (it may have gone). Within `connection_held()` the mails of a
    thread share one connection.
    """
    if outgoing.channel == EMAIL:
        if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not getattr(settings, "EMAIL_URL", ""):
            raise TemporaryFailure("No mail server is set up: EMAIL_URL is empty.")
        return send_mail(outgoing)
    if outgoing.channel == CHAT:
        return send_chat(outgoing)
    if outgoing.channel == SMS:
        if not settings.SMS_URL:
            raise TemporaryFailure("No SMS provider is set up: SMS_URL is empty.")
        try:
            provider = sms_provider()
        except ImproperlyConfigured as error:
            # the owner mends the setting, and what waited goes
            raise TemporaryFailure(str(error))
        return provider.send(to=outgoing.to, text=outgoing.text, key=outgoing.idempotency_key)
    raise ValueError(f"no transport for {outgoing.channel!r}")


def sms_provider() -> Provider:
    """The provider of the settings."""
    return provider_for(settings.SMS_URL)


def named_provider(name: str) -> Provider | None:
    """The provider of the settings if it has this name: of another one nothing is believed, and none is asked."""
    if not settings.SMS_URL:
        return None
    try:
        provider = sms_provider()
    except ImproperlyConfigured:
        return None
    return provider if provider.name == name else None


def is_asked(name: str) -> bool:
    """Whether this provider has to be asked how an SMS fared."""
    provider = named_provider(name)
    return provider is not None and provider.is_asked


def takes_key(channel: str) -> bool:
    """Whether the same key handed over twice is one message; SMTP knows no such thing."""
    return channel == SMS and bool(settings.SMS_URL) and sms_provider().takes_key
