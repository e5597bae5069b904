"""What mail providers tell by `/hooks/<provider>/`, read and verified by django-anymail, and mail that clients write back.

A provider that signs nothing shows the login of ANYMAIL_WEBHOOK_SECRET, which stands in the address given to it.
"""

import json
import re
from datetime import datetime, timedelta
from hashlib import sha256
from html import unescape
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import strip_tags

from reminders.consent.models import Channel
from reminders.inbox.services import receive
from reminders.messages.reports import record_complaint, record_report, settle_doubt
from reminders.transports.services import MAIL_KEY, Fate, Report, WebhookRefused

# anymail's classes, by the name of the provider
VIEWS = {
    "mailgun": "Mailgun",
    "amazon_ses": "AmazonSES",
    "postmark": "Postmark",
    "sendgrid": "SendGrid",
    "brevo": "Brevo",
    "unisender_go": "UnisenderGo",
}
# these sign what they tell; the others have to show the login
SIGN = {("mailgun", "tracking"), ("mailgun", "inbound"), ("unisender_go", "tracking")}
# older news is none; providers repeat what was not answered for a day or so
STALE = timedelta(days=3)
# a mailbox that is full today: nothing is wrong with the address
SOFT = {"SoftBounce", "soft_bounce", "blocked", "Transient", "MailboxFull"}
BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li)\b[^>]*>", re.IGNORECASE)
UNSEEN = re.compile(r"<(head|style|script|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
GONE = (RejectReason.INVALID, RejectReason.BOUNCED)


class NoSuchHook(Exception):
    """This provider is not set up, or does not tell this."""


class LoginWanted(Exception):
    """The provider has to show the login first: Amazon does so only when it is asked for it."""


def is_mail_provider(name: str) -> bool:
    return name in VIEWS


def take_in_mail(*, name: str, inbound: bool, request: HttpRequest, now: datetime) -> None:
    """Each piece of news has its effect once. Raises NoSuchHook, LoginWanted or WebhookRefused."""
    view = _view(name, "inbound" if inbound else "tracking")
    if view.basic_auth and not request.headers.get("Authorization"):
        raise LoginWanted
    try:
        view.run_validators(request)
        _refuse_old(request, name, now)
        events = view.parse_events(request)
    except (AnymailWebhookValidationFailure, AnymailError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise WebhookRefused(f"{type(error).__name__}: {str(error)[:200]}")
    for event in events:
        if inbound:
            _letter(name, event, now)
        else:
            _news(name, event, now)


def _view(name: str, kind: str) -> Any:
    """Anymail's view of this provider; only of the one that mail goes by, and only where it can be verified."""
    if settings.EMAIL_BACKEND != f"anymail.backends.{name}.EmailBackend":
        raise NoSuchHook(name)
    view_class = getattr(
        import_module(f"anymail.webhooks.{name}"), f"{VIEWS[name]}{kind.capitalize()}WebhookView", None
    )
    if view_class is None:
        raise NoSuchHook(f"{name} {kind}")
    view = view_class()
    # SendGrid signs its news where its key is set
    if not (view.basic_auth or (name, kind) in SIGN or getattr(view, "webhook_verification_key", None)):
        raise NoSuchHook(f"{name} {kind}: ANYMAIL_WEBHOOK_SECRET is missing")
    return view


def _refuse_old(request: HttpRequest, name: str, now: datetime) -> None:
    """What was signed long ago is somebody else's copy of it."""
    if name == "mailgun":
        is_json = request.content_type == "application/json"
        told = json.loads(request.body)["signature"] if is_json else request.POST
        signed = told["timestamp"]
    else:
        signed = request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")
    if signed and abs(now.timestamp() - float(signed)) > STALE.total_seconds():
        raise WebhookRefused("signed too long ago")


def _news(name: str, event: AnymailTrackingEvent, now: datetime) -> None:
    if event.timestamp is not None and now - event.timestamp > STALE:
        return
    number = event.message_id or ""
    settle_doubt(provider=name, provider_id=number, key=str((event.metadata or {}).get(MAIL_KEY, "")))
    if event.event_type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        record_complaint(
            provider=name,
            provider_id=number,
            said=f"{name}: {event.event_type}, {event.recipient or ''}".strip(", "),
            at=min(event.timestamp or now, now),
            now=now,
        )
        return
    report = _report(event, number)
    if report is not None:
        record_report(provider=name, report=report, now=now)


def _report(event: AnymailTrackingEvent, number: str) -> Report | None:
    """Only the end of its way is news: what is under way or was opened says nothing."""
    if event.event_type == EventType.DELIVERED:
        return Report(provider_id=number, fate=Fate.DELIVERED)
    if event.event_type not in (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED):
        return None
    said = " ".join(str(event.mta_response or event.description or event.reject_reason or "").split())
    # SendGrid says no more than that it came back
    gone = event.reject_reason in GONE or (event.reject_reason is None and event.event_type == EventType.BOUNCED)
    is_dead = gone and event.event_type != EventType.FAILED and not _is_soft(event)
    return Report(
        provider_id=number,
        fate=Fate.FAILED,
        detail=f"The mail came back: {said}"[:300],
        address_is_dead=is_dead,
    )


def _is_soft(event: AnymailTrackingEvent) -> bool:
    """Anymail makes no difference between the two where the provider does."""
    told = event.esp_event or {}
    kinds = {str(told.get(name, "")) for name in ("Type", "event", "type")}
    kinds.add(str((told.get("bounce") or {}).get("bounceType", "")) if isinstance(told.get("bounce"), dict) else "")
    return bool(kinds & SOFT)


def _letter(name: str, event: Any, now: datetime) -> None:
    # providers pass on at once; what her clock says may be anything
    keep_mail(event.message, provider=name, number=event.event_id or "", at=event.timestamp or now, now=now)


def keep_mail(mail: AnymailInboundMessage, *, provider: str, at: datetime, now: datetime, number: str = "") -> None:
    """A mail from a client; one that a machine wrote is passed over. `number` stands for a Message-ID that is missing."""
    if _is_a_machines(mail) or mail.from_email is None:
        return
    number = mail.get("Message-ID", "") or number
    text = mail.text or _without_tags(mail.html or "")
    receive(
        channel=Channel.EMAIL,
        sender=mail.from_email.addr_spec,
        subject=mail.subject or "",
        text=text,
        provider=provider,
        provider_id=(number or sha256(f"{mail.from_email}\n{mail.date}\n{text}".encode()).hexdigest())[:200],
        in_reply_to=mail.get("In-Reply-To", ""),
        at=at,
        now=now,
    )


def _is_a_machines(mail: AnymailInboundMessage) -> bool:
    """Out of office, and news of a mail that did not arrive: nobody has written that."""
    if str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower() != "no":
        return True
    return str(mail.get("Precedence", "")).strip().lower() in ("bulk", "auto_reply", "junk", "list") or any(
        name in mail for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
    )


def _without_tags(html: str) -> str:
    """What is left for reading of a mail that has no plain text."""
    spaced = BREAKS.sub("\n", UNSEEN.sub("", html))
    return unescape(strip_tags(spaced)).strip()
