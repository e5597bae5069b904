"""V2: sending, in processes of their own, into a mail server that takes everything."""

import json
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from crm.office.benching.figures import Figure, Times
from crm.office.benching.planning import make_due
from crm.office.benching.salon import Salon
from crm.office.benching.sink import letters
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Message, MessageEvent

MESSAGES = 1_000
ROUNDS = 3


def measure(salon: Salon) -> list[Figure]:
    """One worker beside smtplib pushing the same bytes through one connection, and two workers beside one."""
    make_due(salon, MESSAGES)
    plan_due(now=salon.now)
    mails = list(Message.objects.filter(channel="email", send_at__lte=salon.now).values_list("pk", flat=True))
    if not mails:
        return [Figure("V2 send", "nobody is due in so small a salon")]
    Message.objects.exclude(pk__in=mails).delete()
    one, two, floor, grown = [], [], [], 0
    with TemporaryDirectory(prefix="regulars-bench-") as folder, ExitStack() as stack:
        kept = Path(folder) / "letters"
        port = stack.enter_context(_sink(kept))
        workers = [stack.enter_context(_sender(salon, port)) for _worker in range(2)]
        _go(workers[:1])
        for _round in range(ROUNDS):
            _put_back(mails)
            kept.write_bytes(b"")
            told = _go(workers[:1])
            one.append(told[0]["seconds"])
            grown = max(grown, told[0]["grown_kib"])
            floor.append(_push(letters(kept), port))
            _put_back(mails)
            two.append(max(answer["seconds"] for answer in _go(workers)))
    alone, both, least = Times(tuple(one)), Times(tuple(two)), Times(tuple(floor))
    return [
        Figure(
            "V2 send", f"{len(mails)} mails by one worker: rate over smtplib's", alone, least,
            least.median / alone.median, at_least=0.3, note=f"memory grew by {grown} KiB at most",
        ),
        Figure(
            "V2 two", "rate of two workers over one", both, alone, alone.median / both.median, at_least=1.5
        ),
    ]  # fmt: skip


def _put_back(mails: list[int]) -> None:
    MessageEvent.objects.filter(message__in=mails).exclude(state=Message.State.PLANNED).delete()
    Message.objects.filter(pk__in=mails).update(
        state=Message.State.PLANNED, claim=None, claimed_at=None, handed_at=None, sent_at=None, sent_on=None, attempts=0
    )


def _push(bodies: list[bytes], port: int) -> float:
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as post:
        for body in bodies:
            post.sendmail("bench@example.test", ["client@example.test"], body)
    return time.perf_counter() - began


@contextmanager
def _sink(kept: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "crm.office.benching.sink", str(kept)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def _sender(salon: Salon, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "manage.py", "bench", "--sender", salon.now.isoformat()]
    environment = os.environ | {
        "DATABASE_URL": _scratch_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            process.stdout.readline()
            yield process
        finally:
            process.terminate()


def _scratch_url() -> str:
    """Of the database in use: never the one of the settings."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()


def _go(workers: list[subprocess.Popen[str]]) -> list[dict]:
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return [json.loads(worker.stdout.readline()) for worker in workers]
