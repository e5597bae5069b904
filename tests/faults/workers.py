"""Real workers as processes of their own, the clock's tick, and waiting until they are done."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.celery import app
from reminders.messages.models import Message
from tests.faults.post import Salon
from tests.poll import until

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 180


class Worker:
    """One process of Celery; killed, it is gone with what it held. `forks`: it has a child that does the work."""

    def __init__(
        self, name: str, folder: Path, port: int, broker: str = "", *, sms: str = "mailbox://", forks: bool = False
    ) -> None:
        self.log = folder / f"{name}.log"
        database = connection.settings_dict
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": (
                f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
                f"/{database['NAME']}"
            ),
            "FAULTS_SMTP_PORT": str(port),
            "FAULTS_SMS_URL": sms,
            "BROKER_URL": broker or settings.BROKER_URL,
            "PYTHONPATH": str(ROOT),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "config", "worker"),
                    *(("--pool", "prefork", "--concurrency", "1") if forks else ("--pool", "solo")),
                    *("--hostname", f"{name}@%h", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"),
                ],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill_child(self) -> bool:
        """Whether there was one; Celery puts another in its place."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        family = [[int(number) for number in line.split()] for line in listed.splitlines()]
        children = [pid for pid, parent in family if parent == self.process.pid]
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        return bool(children)

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
def workers(folder: Path, port: int, *names: str, **options) -> Iterator[list[Worker]]:
    app.control.purge()
    at_work = [Worker(name, folder, port, **options) for name in names]
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


def idle(held) -> bool:
    """Whether what is still in hand has been so for a while: the living worker has nothing left."""
    newest = held.order_by("-claimed_at").values_list("claimed_at", flat=True).first()
    return newest is None or timezone.now() - newest > timedelta(seconds=8)
