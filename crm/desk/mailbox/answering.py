"""Somebody plays a client and writes back: by SMTP, or through the hook, as her telephone and her mail would."""

from datetime import datetime
from email.utils import make_msgid
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from reminders.inbox.hooks import take_in
from reminders.transports.mailbox import salon_address
from reminders.transports.models import MailboxLetter
from reminders.transports.services import Call
from reminders.transports.sms.mailbox import Mailbox


def answer_as_client(letter: MailboxLetter, *, text: str, now: datetime) -> None:
    """Network for a mail: never inside a transaction. Raises OSError or SMTPException where nobody takes it."""
    if letter.channel == "sms":
        take_in(name=Mailbox.name, call=_call(letter, text, now), now=now)
        return
    quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
    subject = " ".join(letter.subject.split())
    EmailMessage(
        subject=subject if subject.lower().startswith("re:") else f"Re: {subject}",
        body=f"{text}\n\nOn {now:%a, %d %b %Y}, {salon_address()} wrote:\n{quoted}\n",
        from_email=letter.recipient,
        to=[salon_address()],
        headers={
            "Message-ID": make_msgid(domain="example.test"),
            "In-Reply-To": letter.message_id,
            "References": letter.message_id,
        },
    ).send()


def _call(letter: MailboxLetter, text: str, now: datetime) -> Call:
    return Call(
        method="POST",
        url=settings.PUBLIC_URL + reverse("hooks:hook", args=[Mailbox.name]),
        headers={},
        query={},
        form=Mailbox.sign(sender=letter.recipient, text=text, number=uuid4().hex),
        body=b"",
        now=now,
    )
