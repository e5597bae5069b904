"""Several programs as one: started together, restarted when one dies, ended together.

Knows nothing of the salon and nothing of Django: who starts it says what to run.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
# seconds before a restart: doubled at each death in a row, forgotten after a calm while
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
CALM = 60.0
LOOK = 0.25


def with_its_parent(farewell: int) -> Callable[[], None]:
    """For `preexec_fn`: the new process gets the signal `farewell` when this one is gone, even by kill -9.

    Linux only; elsewhere a child outlives a killed parent, and only an orderly end takes it along.
    """
    mine = os.getpid()

    def die_together() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, farewell)
            if os.getppid() != mine:  # it died before the line above
                os._exit(1)

    return die_together


@dataclass(kw_only=True)
class Child:
    """One program that has to be there. `last` ones are ended after the others, which still need them."""

    name: str
    command: Sequence[str]
    last: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    pause: float = field(default=FIRST_PAUSE)
    started: float = 0.0
    due: float = 0.0

    def start(self, *, environment: dict[str, str]) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=environment,
            stdin=subprocess.DEVNULL,
            preexec_fn=with_its_parent(signal.SIGTERM),
            # Ctrl-C in the terminal reaches the supervisor alone, which ends its children in order
            process_group=0,
        )

    def tell(self, sign: int) -> None:
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(sign)

    def kill(self) -> None:
        """End what is left of it, its own children as well."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Runs its children until it is told to stop (SIGINT, SIGTERM or SIGHUP)."""

    def __init__(self, *, children: Sequence[Child], environment: dict[str, str], say: Callable[[str], None]) -> None:
        self.children = list(children)
        self.environment = environment
        self.say = say
        self.stop = threading.Event()

    def run(
        self, *, patience: float = 15.0, ready: Callable[[], bool] = lambda: True, on_ready: Callable[[], None]
    ) -> None:
        """Start all, call `on_ready` once `ready` says so, mend until told to stop, then end all.

        A child that does not end within `patience` seconds is killed.
        """
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, lambda *_: self.stop.set())
        try:
            for child in self.children:
                child.start(environment=self.environment)
            told = False
            while not self.stop.wait(LOOK):
                self.mend()
                if not told and ready():
                    told = True
                    on_ready()
        finally:
            self.end(patience=patience)

    def mend(self) -> None:
        """Start again, after a pause that grows, whoever has died."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and (code := child.process.poll()) is not None:
                if now - child.started > CALM:
                    child.pause = FIRST_PAUSE
                self.say(f"{child.name} ended ({ended_by(code)}); starting it again in {child.pause:.0f} s")
                child.kill()
                child.process, child.due = None, now + child.pause
                child.pause = min(child.pause * 2, LONGEST_PAUSE)
            elif child.process is None and now >= child.due:
                child.start(environment=self.environment)

    def end(self, *, patience: float) -> None:
        # a second Ctrl-C means: now
        signal.signal(signal.SIGINT, lambda *_: [child.kill() for child in self.children])
        for last in (False, True):
            leaving = [child for child in self.children if child.last is last]
            for child in leaving:
                child.tell(signal.SIGTERM)
            deadline = time.monotonic() + patience
            for child in leaving:
                if child.process is not None:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
                child.kill()


def ended_by(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
