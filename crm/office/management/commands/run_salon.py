"""The whole salon in one terminal: web, message worker, clock and, in the demo, a mailbox."""

import argparse
import io
import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from crm.office.address import keep_address
from crm.office.supervision import Child, Supervisor

HOST = "127.0.0.1"
STANDARD_PORT = 8000


class Command(BaseCommand):
    help = "Makes the database ready and runs web, worker and clock until Ctrl-C."
    # the tables that the checks look into are made below
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=STANDARD_PORT, help="port of the web pages on 127.0.0.1")
        parser.add_argument(
            "--clock", default=str(settings.VAR_DIR / "clock"), help="file in which the clock remembers"
        )

    def handle(self, *args: Any, port: int, clock: str, **options: Any) -> None:
        refuse_taken(port, "make run PORT=8001")
        if settings.DEMO:
            refuse_taken(settings.DEMO_SMTP_PORT, "DEMO_SMTP_PORT=8026 make run")
        own = environment(port=port)
        # the demo's greeting names the address that the children will have
        settings.PUBLIC_URL = own["PUBLIC_URL"]
        call_command("migrate", verbosity=0, stdout=self.stderr)
        call_command("collectstatic", interactive=False, verbosity=0)
        welcome = io.StringIO()
        if settings.DEMO:
            self.say("getting the demo salon ready ...")
            call_command("demo_salon", stdout=welcome)
        connections.close_all()

        def greet() -> None:
            self.stdout.write(f"\nRegulars is open at http://{HOST}:{port}/  (Ctrl-C closes it)\n{welcome.getvalue()}")
            self.stdout.flush()

        Supervisor(children=children(port=port, clock=clock), environment=own, say=self.say).run(
            ready=lambda: listens(port), on_ready=greet
        )
        self.say("closed.")

    def say(self, words: str) -> None:
        self.stderr.write(words)
        self.stderr.flush()


def children(*, port: int, clock: str) -> list[Child]:
    """What a salon is made of; each a process of its own, so that none takes another along when it dies."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "config", "--quiet"]
    made = [
        Child(
            name="web",
            command=[
                *python, "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}", "--worker-class", "gthread",
                "--workers", "1", "--threads", "8", "--graceful-timeout", "10", "--log-level", "warning",
                "--no-control-socket",
            ],
        ),
        Child(
            name="worker",
            command=[*celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"],
        ),
        Child(name="clock", command=[*celery, "beat", "--schedule", clock, "--loglevel", "WARNING"]),
    ]  # fmt: skip
    if settings.DEMO:
        manage = str(settings.BASE_DIR / "manage.py")
        made.insert(0, Child(name="mailbox", command=[sys.executable, manage, "demo_mailbox"], last=True))
    return made


def environment(*, port: int) -> dict[str, str]:
    """That of this process; links in messages follow the port unless the owner has named an address."""
    own = dict(os.environ)
    # advice for those who run servers, not for who looks at the salon in a terminal
    own.setdefault("PYTHONWARNINGS", "ignore")
    if "PUBLIC_URL" not in own:
        own["PUBLIC_URL"] = f"http://{HOST}:{port}"
        # `send_messages` and others in another terminal write the same links
        keep_address(settings.ADDRESS_FILE, own["PUBLIC_URL"])
    return own


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def refuse_taken(port: int, other: str) -> None:
    """One clear line where somebody else listens already."""
    with socket.socket() as probe:
        # as the web server does it: a port that is only cooling down is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise CommandError(f"Port {port} on {HOST} is taken. Stop what listens there, or choose another: {other}")
