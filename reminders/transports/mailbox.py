"""The demo's mailbox: a real SMTP server on this machine whose letters a person reads in the browser."""

from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from reminders.transports.models import MailboxLetter


class MailboxHandler:
    """Takes every letter and refuses none; one to the salon's own address goes on to `to_salon` as it came."""

    def __init__(self, to_salon: Callable[[bytes], None] | None = None) -> None:
        self.to_salon = to_salon

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else bytes(content or b"")

        def keep() -> None:
            # this process lives for days, a connection does not
            close_old_connections()
            self.keep(raw, sender=envelope.mail_from or "", recipients=envelope.rcpt_tos)

        await sync_to_async(keep)()
        return "250 2.0.0 Kept"

    def keep(self, raw: bytes, *, sender: str, recipients: list[str]) -> None:
        salon = salon_address()
        others = [each for each in recipients if self.to_salon is None or each.lower() != salon]
        keep_mail(raw, sender=sender, recipients=others, now=timezone.now())
        if self.to_salon is not None and len(others) < len(recipients):
            self.to_salon(raw)


def mailbox_server(port: int, *, host: str = "127.0.0.1", handler: Any = None) -> Controller:
    """A controller to start and stop; it listens in a thread of its own."""
    # ready at once on a slow machine too; the name is that of the greeting
    return Controller(
        handler or MailboxHandler(), hostname=host, port=port, server_hostname="mailbox.localhost", ready_timeout=30
    )


def salon_address() -> str:
    """The bare address that the salon writes from, and is answered at."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()


def keep_mail(raw: bytes, *, sender: str, recipients: list[str], now: datetime) -> list[MailboxLetter]:
    """One row for each recipient; a letter that cannot be read is kept as it came."""
    mail = message_from_bytes(raw, policy=policy.default)
    text, html = bodies(mail)
    subject, number = header(mail, "Subject"), header(mail, "Message-ID")
    return MailboxLetter.objects.bulk_create(
        MailboxLetter(
            channel="email",
            sender=(header(mail, "From") or sender)[:320],
            recipient=recipient[:320],
            subject=subject[:998],
            text=text,
            html=html,
            raw=raw,
            message_id=number[:998],
            received_at=now,
        )
        for recipient in recipients
    )


def keep_sms(*, recipient: str, sender: str, text: str, key: str, now: datetime) -> MailboxLetter:
    """The same key is the same SMS, as with providers that take one."""
    letter, _ = MailboxLetter.objects.get_or_create(
        channel="sms",
        message_id=key,
        defaults={"recipient": recipient, "sender": sender, "text": text, "received_at": now},
    )
    return letter


def bodies(mail: EmailMessage) -> tuple[str, str]:
    """The plain text and the HTML, each empty where there is none."""
    found = []
    for kind in ("plain", "html"):
        part = mail.get_body(preferencelist=(kind,))
        found.append(words(part) if part is not None else "")
    return found[0], found[1]


def words(part: MIMEPart) -> str:
    try:
        return str(part.get_content()).replace("\x00", "").replace("\r\n", "\n")
    except (LookupError, UnicodeError, KeyError):
        return content_of(part).decode(errors="replace")


def header(mail: EmailMessage, name: str) -> str:
    try:
        # the blank before a value that begins on a line of its own belongs to the folding
        return str(mail.get(name, "")).replace("\x00", "").strip()
    except (ValueError, IndexError):
        # a header that the standard library cannot parse
        return ""


def attachments(letter: MailboxLetter) -> list[tuple[str, str, bytes]]:
    """(name, content type, content) of each file of a mail."""
    if not letter.raw:
        return []
    mail = message_from_bytes(bytes(letter.raw), policy=policy.default)
    return [
        (part.get_filename() or "file", part.get_content_type(), content_of(part)) for part in mail.iter_attachments()
    ]


def content_of(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def headers(letter: MailboxLetter) -> list[tuple[str, str]]:
    """The headers of a mail, in the order in which they came."""
    if not letter.raw:
        return []
    mail = message_from_bytes(bytes(letter.raw), policy=policy.default)
    return [(name, header(mail, name)) for name in dict.fromkeys(mail.keys())]
