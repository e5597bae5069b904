"""The demo's mail server: takes what the salon sends and keeps it for the mailbox page."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from reminders.transports.mailbox import mailbox_server


class Command(BaseCommand):
    help = "Listens for mail on 127.0.0.1 and shows it on /mailbox/. Only where DEMO is on."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The mailbox is for the demo: real clients' letters do not belong there. Set DEMO=1.")
        server = mailbox_server(settings.DEMO_SMTP_PORT)
        stop = threading.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: stop.set())
        server.start()
        try:
            stop.wait()
        finally:
            server.stop()
