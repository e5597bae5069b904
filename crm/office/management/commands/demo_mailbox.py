"""The demo's mail server: takes what the salon sends and keeps it for the mailbox page."""

import signal
import threading
from typing import Any

from anymail.inbound import AnymailInboundMessage
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from reminders.inbox.mail_hooks import keep_mail
from reminders.transports.mailbox import MailboxHandler, mailbox_server


def to_salon(raw: bytes) -> None:
    """What somebody answers as a client comes into the desk's inbox, as from a provider."""
    now = timezone.now()
    keep_mail(AnymailInboundMessage.parse_raw_mime_bytes(raw), provider="mailbox", at=now, now=now)


class Command(BaseCommand):
    help = "Listens for mail on 127.0.0.1 and shows it on /mailbox/. Only where DEMO is on."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The mailbox is for the demo: real clients' letters do not belong there. Set DEMO=1.")
        server = mailbox_server(settings.DEMO_SMTP_PORT, handler=MailboxHandler(to_salon))
        stop = threading.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: stop.set())
        server.start()
        try:
            stop.wait()
        finally:
            server.stop()
