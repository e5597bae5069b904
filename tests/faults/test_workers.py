"""Two real workers, a real Redis and a real mail server: everything goes once, also when one of them is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from config.celery import app
from reminders.messages.models import Message
from reminders.messages.services import LEASE, sweep
from tests.faults.post import Salon, nothing_lost_or_said_twice, sink, states
from tests.poll import until
from tests.services.found import free_port
from tests.services.redis import redis

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parent.parent.parent
MARKETING = SERVICE = 150
# where one is killed
FEWER = 90
PATIENCE = 180


class Worker:
    """One process of Celery; killed, it is gone with what it held."""

    def __init__(self, name: str, folder: Path, port: int, broker: str = "") -> None:
        self.log = folder / f"{name}.log"
        database = connection.settings_dict
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": (
                f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
                f"/{database['NAME']}"
            ),
            "FAULTS_SMTP_PORT": str(port),
            "BROKER_URL": broker or settings.BROKER_URL,
            "PYTHONPATH": str(ROOT),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo"),
                    *("--hostname", f"{name}@%h", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"),
                ],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


@contextmanager
def workers(folder: Path, port: int, *names: str) -> Iterator[list[Worker]]:
    app.control.purge()
    at_work = [Worker(name, folder, port) for name in names]
    try:
        yield at_work
    finally:
        for worker in at_work:
            worker.end()
        app.control.purge()


def tick(broker: str = "") -> None:
    """What the clock says each minute; it is rung more often here, and by two clocks at once."""
    with app.connection_for_write(broker or settings.BROKER_URL, transport_options={"max_retries": 0}) as connection:
        for _clock in range(2):
            app.send_task("reminders.tick", connection=connection, retry=False)


def waiting() -> int:
    return Message.objects.filter(state__in=["planned", "sending"]).count()


def work_until(done, *, what: str, seconds: float = PATIENCE, broker: str = "") -> None:
    """Rings every few looks until it is done."""
    looks = iter(range(10**9))

    def look():
        if next(looks) % 20 == 0:
            tick(broker)
        return done()

    until(look, seconds=seconds, what=what)


def everything_said(salon: Salon) -> bool:
    return Message.objects.count() >= len(salon.clients) and waiting() == 0


@pytest.fixture(autouse=True)
def on_redis():
    if not settings.BROKER_URL.startswith("redis://"):
        pytest.fail("bring Redis up: python -m tests.services -- ...")


def test_two_workers_say_everything_once(tmp_path):
    with sink() as mail, workers(tmp_path, mail.port, "one", "two") as at_work:
        salon = Salon(marketing=MARKETING, service=SERVICE)

        work_until(lambda: everything_said(salon), what=f"all to be said; {at_work[0].said()}")

        nothing_lost_or_said_twice(salon, mail, kills=0)
        assert mail.count() == MARKETING + SERVICE


def test_worker_killed_in_the_middle_loses_nothing(tmp_path):
    with sink() as mail, workers(tmp_path, mail.port, "one", "two") as at_work:
        salon = Salon(marketing=FEWER, service=FEWER)
        # both hold a batch of twenty: whoever is killed holds some
        in_hand = Message.objects.filter(state="sending")
        work_until(lambda: mail.count() > 20 and in_hand.count() > 24, what="both to be at work")

        at_work[0].kill()

        held = in_hand.filter(claimed_at__lt=timezone.now())
        work_until(lambda: Message.objects.filter(state="planned").count() == 0 and idle(held), what="the other to end")
        # the control: as long as nobody looks after the dead, messages are lost
        with pytest.raises(AssertionError):
            nothing_lost_or_said_twice(salon, mail, kills=1)
        # ten minutes later
        ago = LEASE + timedelta(minutes=1)
        held.update(claimed_at=F("claimed_at") - ago, handed_at=F("handed_at") - ago)
        assert sweep(now=timezone.now()) > 0
        work_until(lambda: everything_said(salon), what="the rest to be said")

        nothing_lost_or_said_twice(salon, mail, kills=1)
        print(f"states after one kill: {states()}, accepted: {mail.count()}")


def idle(held) -> bool:
    """Whether what is still in hand has been so for a while: the living worker has nothing left."""
    newest = held.order_by("-claimed_at").values_list("claimed_at", flat=True).first()
    return newest is None or timezone.now() - newest > timedelta(seconds=8)


def test_redis_emptied_and_killed_in_the_middle_loses_nothing(tmp_path):
    """M4: what was in the broker is gone; the rows are the truth."""
    port = free_port()
    with sink() as mail:
        with redis(port=port) as broker:
            salon = Salon(marketing=40, service=40)
            worker = Worker("one", tmp_path, mail.port, broker)
            work_until(lambda: mail.count() > 10, what="it to be at work", broker=broker)
        try:
            with redis(port=port) as broker:
                # booked after its return: only a tick that was heard anew finds this one
                salon.book_another()
                heard = Message.objects.filter(client=salon.booked[-1])
                work_until(heard.exists, what=f"it to go on; {worker.said()}", seconds=60, broker=broker)
                work_until(lambda: everything_said(salon), what="the rest to be said", broker=broker)
        finally:
            worker.end()

        nothing_lost_or_said_twice(salon, mail, kills=0)
