"""E-mail by Django's EMAIL_BACKEND: a real SMTP conversation, or a provider through anymail."""

import re
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.encoders import encode_base64
from email.headerregistry import Address
from email.mime.base import MIMEBase
from hashlib import sha256
from typing import Any

from anymail import exceptions as anymail
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from reminders.transports.esp import KEY, by_provider, name_of, not_taken
from reminders.transports.outgoing import (
    Accepted,
    Attachment,
    Outgoing,
    PermanentFailure,
    TemporaryFailure,
    TransportFailure,
    UnknownFate,
)
from reminders.transports.smtp import EmailBackend

DJANGOS_SMTP = "django.core.mail.backends.smtp.EmailBackend"
ENHANCED = re.compile(rb"^\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
# without an enhanced code: no such mailbox, not here, name not allowed
DEAD_CODES = (550, 551, 553)
# 5.1: the address itself; 5.2.1: the mailbox is closed. Full (5.2.2) or refused by policy (5.7) is not dead
DEAD_MAILBOX = ("2", "1")

_held = threading.local()


@contextmanager
def connection_held() -> Iterator[None]:
    """For a worker's turn: letters of this thread go through one connection, closed at the outermost end."""
    if getattr(_held, "wanted", False):
        yield
        return
    _held.wanted = True
    try:
        yield
    finally:
        _held.wanted = False
        drop_connection()


def drop_connection() -> None:
    backend, _held.backend = getattr(_held, "backend", None), None
    close(backend)


def close(backend: Any, *, rudely: bool = False) -> None:
    """End the conversation; `rudely`: without a farewell that a dead server would let us wait for."""
    if backend is None:
        return
    if rudely and isinstance(backend, EmailBackend) and backend.connection is not None:
        backend.connection.close()
        backend.connection = None
    try:
        backend.close()
    except (smtplib.SMTPException, OSError):
        # it is gone already, which is all that was wanted
        backend.connection = None


def send_mail(outgoing: Outgoing) -> Accepted:
    """Hand one letter over. Raises TemporaryFailure, PermanentFailure or UnknownFate."""
    letter = letter_of(outgoing)
    backend, _held.backend = getattr(_held, "backend", None), None
    is_reused = backend is not None
    backend = backend or new_backend()
    try:
        hand_over(backend, letter)
    except TransportFailure:
        close(backend, rudely=True)
        raise
    except smtplib.SMTPServerDisconnected:
        # before the body: an idle connection that the server has closed meanwhile
        close(backend, rudely=True)
        if not is_reused:
            raise TemporaryFailure("The mail server closed the connection.")
        return send_mail(outgoing)
    if getattr(_held, "wanted", False):
        _held.backend = backend
    else:
        close(backend)
    return accepted(backend, letter)


def new_backend() -> Any:
    """The backend of the settings; Django's SMTP in the form that knows how far it came."""
    backend: BaseEmailBackend = (
        EmailBackend() if settings.EMAIL_BACKEND == DJANGOS_SMTP else get_connection(fail_silently=False)
    )
    try:
        backend.open()
    except smtplib.SMTPAuthenticationError as error:
        raise TemporaryFailure(f"The mail server refuses our login ({error.smtp_code}).")
    except (smtplib.SMTPException, OSError) as error:
        raise TemporaryFailure(f"The mail server cannot be reached: {error}")
    return backend


def hand_over(backend: Any, letter: EmailMultiAlternatives) -> None:
    """One letter through an open backend, with every answer put into its class."""
    try:
        backend.send_messages([letter])
        not_taken(letter)
    except (anymail.AnymailRecipientsRefused, anymail.AnymailInvalidAddress) as error:
        raise PermanentFailure(f"The address is refused: {error}", address_is_dead=True)
    except anymail.AnymailError as error:
        raise by_provider(error)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise refused(code, words, of_address=True)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        if not 400 <= error.smtp_code < 600 and getattr(backend, "body_begun", False):
            raise UnknownFate(f"The mail server took the letter, and its answer cannot be read ({error.smtp_code}).")
        raise refused(error.smtp_code, error.smtp_error, of_address=False)
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise PermanentFailure(f"The address cannot be written to: {error}", address_is_dead=True)
    except (smtplib.SMTPException, OSError) as error:
        if getattr(backend, "body_begun", False):
            raise UnknownFate(f"The mail server took the letter and gave no answer: {error}")
        if isinstance(error, smtplib.SMTPServerDisconnected):
            raise
        raise TemporaryFailure(f"The conversation with the mail server broke: {error}")


def refused(code: int, words: bytes | str, *, of_address: bool) -> TransportFailure:
    """4xx: later. 5xx: never, and whether it is the address's fault by its enhanced code, where there is one.

    What is neither is no answer at all: later.
    """
    said = words if isinstance(words, bytes) else words.encode()
    reason = f"The mail server says: {code} {said.decode(errors='replace')}"
    if not 500 <= code < 600:
        return TemporaryFailure(reason)
    enhanced = ENHANCED.match(said)
    if enhanced:
        subject, detail = enhanced.group(2).decode(), enhanced.group(3).decode()
        return PermanentFailure(reason, address_is_dead=subject == "1" or (subject, detail) == DEAD_MAILBOX)
    return PermanentFailure(reason, address_is_dead=of_address and code in DEAD_CODES)


def letter_of(outgoing: Outgoing) -> EmailMultiAlternatives:
    """The mail itself. Nothing in a header can begin another line, wherever it came from."""
    headers = {one_line(name): one_line(value) for name, value in outgoing.headers.items()}
    headers["Message-ID"] = message_id(outgoing.idempotency_key)
    headers["Content-Language"] = outgoing.language
    # no answering machine answers it
    headers.setdefault("Auto-Submitted", "auto-generated")
    letter = EmailMultiAlternatives(
        subject=one_line(outgoing.subject),
        body=outgoing.text,
        from_email=sender(outgoing.sender_name),
        to=[one_line(outgoing.to)],
        reply_to=[settings.REPLY_TO_EMAIL] if settings.REPLY_TO_EMAIL else None,
        headers=headers,
    )
    # a provider's reports name the message even where its number was never written down
    letter.metadata = {KEY: outgoing.idempotency_key}  # type: ignore[attr-defined]
    if outgoing.html:
        letter.attach_alternative(outgoing.html, "text/html")
    for attachment in outgoing.attachments:
        letter.attach(part_of(attachment))
    return letter


def part_of(attachment: Attachment) -> MIMEBase:
    maintype, _, subtype = attachment.content_type.partition("/")
    part = MIMEBase(maintype, subtype)
    for name, value in {**attachment.parameters, "charset": "utf-8"}.items():
        part.set_param(name, value)
    part.set_payload(attachment.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=attachment.name)
    return part


def sender(name: str) -> str:
    """The salon's name before the address of the settings."""
    address = settings.DEFAULT_FROM_EMAIL
    name = one_line(name)
    if not name or "<" in address:
        return address
    return str(Address(display_name=name, addr_spec=address))


def message_id(key: str) -> str:
    """The same for each try of one message, and no secret in it."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def accepted(backend: Any, letter: EmailMultiAlternatives) -> Accepted:
    # anymail writes the provider's own number here
    status = getattr(letter, "anymail_status", None)
    if status is None:
        return Accepted(provider="smtp", provider_id=letter.extra_headers["Message-ID"])
    return Accepted(provider=name_of(backend), provider_id=str(status.message_id or ""))


def one_line(value: str) -> str:
    return " ".join(str(value).split())
