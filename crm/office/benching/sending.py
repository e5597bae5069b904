"""V2: sending, in processes of their own, into a mail server that takes everything."""

import json
import os
import re
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from crm.booking.models import Appointment, AppointmentEvent, AppointmentService
from crm.booking.services import refresh_pulses
from crm.office.benching.figures import Figure, Times
from crm.office.benching.planning import make_due
from crm.office.benching.salon import Salon
from crm.office.benching.sink import letters
from crm.people.models import Client, ClientChange
from reminders.consent.models import ContactPermission
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Message, MessageEvent

MESSAGES = 10_000
# each sends its part of them
ROUNDS = 4
NUMBER = re.compile(rb"(?m)^Message-ID: (\S+)")


def measure(salon: Salon) -> list[Figure]:
    """One worker beside smtplib pushing the same bytes through one connection, and two workers beside one.

    In turn, part by part: one worker, the bare loop, the loop with a commit a message, and two workers.
    """
    mails = planned(salon, MESSAGES)
    if not mails:
        return [Figure("V2 send", "nobody is due in so small a salon")]
    one, two, floor, committing, grown, gone, cpu, least = [], [], [], [], 0, 0, 0.0, 0.0
    with TemporaryDirectory(prefix="regulars-bench-") as folder, ExitStack() as stack:
        kept = Path(folder) / "letters"
        port = stack.enter_context(sink(kept))
        workers = [stack.enter_context(sender(salon, port)) for _worker in range(2)]
        for place in range(ROUNDS):
            part = mails[place::ROUNDS]
            if not part:
                continue
            told = _send(part, workers[:1], kept)
            one.append(told.seconds)
            grown, cpu = max(grown, told.grown), cpu + told.cpu
            bodies = letters(kept)
            busy = time.process_time()
            floor.append(_push(bodies, port))
            least += time.process_time() - busy
            committing.append(_push(bodies, port, then=_commits(part)))
            told = _send(part, workers, kept)
            two.append(told.seconds)
            grown, gone = max(grown, told.grown), gone + told.once
    count = len(mails) / len(one)
    alone, both, bare, written = (Times(tuple(times)) for times in (one, two, floor, committing))
    return [
        Figure(
            "V2 send", f"{len(mails)} mails by one worker: rate over smtplib's", alone, bare,
            bare.median / alone.median, at_least=0.3,
            # on a busy machine the clock says how busy it is; CPU says what a mail takes
            note=f"{_rate(count, alone)} a second, smtplib {_rate(count, bare)}; {_each(cpu, mails)} ms of CPU a mail, "
            f"smtplib {_each(least, mails)}; memory grew by {grown} KiB at most",
        ),
        Figure(
            "V2 send, a commit each", "rate over smtplib's with one commit a message", alone, written,
            written.median / alone.median, at_least=0.3, note=f"smtplib {_rate(count, written)} a second",
        ),
        Figure(
            "V2 two", "rate of two workers over one", both, alone, alone.median / both.median, at_least=1.5,
            note=f"{_rate(count, both)} a second; {gone} of {len(mails)} mails went once, none twice",
        ),
    ]  # fmt: skip


def planned(salon: Salon, count: int) -> list[int]:
    """So many mails that are due: invitations to whoever is due, and confirmations of visits just booked."""
    due = make_due(salon, count // 2)
    others = list(
        Client.objects.exclude(pk__in=due).filter(status=Client.Status.ACTIVE).order_by("pk")[: count - len(due)]
    )
    if others:
        _book(salon, others, count - len(due))
    while plan_due(now=salon.now):
        pass
    mails = list(
        Message.objects.filter(state="planned", channel="email", send_at__lte=salon.now)
        .order_by("pk")
        .values_list("pk", flat=True)[:count]
    )
    Message.objects.exclude(pk__in=mails).delete()
    Message.objects.update(state=Message.State.CANCELLED)
    return mails


def _book(salon: Salon, clients: Sequence[Client], visits: int) -> None:
    """So many visits to come, of a minute each, booked a moment ago by clients who read mail."""
    ids = [client.pk for client in clients]
    for client in clients:
        client.email = client.email or f"{client.code}@example.test"
        client.preferred_channel = Client.Channel.EMAIL
    Client.objects.bulk_update(clients, ["email", "preferred_channel"], batch_size=1_000)
    ContactPermission.objects.bulk_create([ContactPermission(client_id=pk) for pk in ids], ignore_conflicts=True)
    ContactPermission.objects.filter(client__in=ids).update(email_dead_at=None, service_email=True)
    booked = Appointment.objects.bulk_create(
        Appointment(
            code=f"bench-sent-{place}",
            branch=salon.branch,
            client=clients[place % len(clients)],
            master=salon.masters[place % len(salon.masters)],
            status=Appointment.Status.BOOKED,
            on=(starts := salon.now + timedelta(days=3, minutes=place)).date(),
            starts_at=starts,
            ends_at=starts + timedelta(minutes=1),
            minutes=1,
            told_minutes=5,
            price=salon.service.price,
            booked_at=salon.now,
            booked_on=salon.today,
        )
        for place in range(visits)
    )
    AppointmentService.objects.bulk_create(
        AppointmentService(appointment=row, service=salon.service, position=0, minutes=1, price=salon.service.price)
        for row in booked
    )
    AppointmentEvent.objects.bulk_create(
        AppointmentEvent(appointment=row, kind="booked", at=salon.now, via="link", starts_after=row.starts_at)
        for row in booked
    )
    refresh_pulses(client_ids=ids, now=salon.now)


@dataclass(frozen=True, slots=True)
class Sent:
    """How long it took, by the clock and of all senders' CPU, by how many KiB memory grew, and how many mails went once."""

    seconds: float
    cpu: float
    grown: int
    once: int


class WentTwice(AssertionError):
    """A mail that went twice, or not at all: what was measured is no sending."""


def _send(part: list[int], workers: list[subprocess.Popen[str]], kept: Path) -> Sent:
    MessageEvent.objects.filter(message__in=part).exclude(state=Message.State.PLANNED).delete()
    ClientChange.objects.all().delete()
    Message.objects.filter(pk__in=part).update(
        state=Message.State.PLANNED, claim=None, claimed_at=None, handed_at=None, sent_at=None, sent_on=None, attempts=0
    )
    kept.write_bytes(b"")
    told = go(workers)
    numbers = [number for letter in letters(kept) for number in NUMBER.findall(letter)]
    left = Message.objects.filter(pk__in=part).exclude(state=Message.State.SENT).count()
    if left or len(numbers) != len(part) or len(set(numbers)) != len(part):
        raise WentTwice(f"{len(part)} planned, {left} left, {len(numbers)} taken, {len(set(numbers))} different")
    return Sent(
        seconds=max(each["seconds"] for each in told),
        cpu=sum(each["cpu"] for each in told),
        grown=max(each["grown_kib"] for each in told),
        once=len(numbers),
    )


def _rate(count: float, times: Times) -> str:
    return f"{count / times.median:.0f}"


def _each(cpu: float, mails: list[int]) -> str:
    """Milliseconds of one mail."""
    return f"{1000 * cpu / len(mails):.2f}"


def _push(bodies: list[bytes], port: int, then: Callable[[int], None] | None = None) -> float:
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as post:
        for place, body in enumerate(bodies):
            post.sendmail("bench@example.test", ["client@example.test"], body)
            if then is not None:
                then(place)
    return time.perf_counter() - began


def _commits(part: list[int]) -> Callable[[int], None]:
    """The least that a sender who may be killed at any moment has to write down: that this one has gone."""

    def write(place: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE reminders_message SET parts = 1 WHERE id = %s", [part[place]])

    return write


@contextmanager
def sink(kept: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "crm.office.benching.sink", str(kept)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def sender(salon: Salon, port: int) -> Iterator[subprocess.Popen[str]]:
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


def go(workers: list[subprocess.Popen[str]]) -> list[dict]:
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return [json.loads(worker.stdout.readline()) for worker in workers]
