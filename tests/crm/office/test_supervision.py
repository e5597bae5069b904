"""The supervisor with small programs in place of web, worker and clock."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError

from crm.office.management.commands.run_salon import refuse_taken
from crm.office.supervision import FIRST_PAUSE, LONGEST_PAUSE, Child, Supervisor, ended_by
from tests.poll import until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
# a supervisor of two sleepers that says who they are
SUPERVISOR = """
import sys
from crm.office.supervision import Child, Supervisor
sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
children = [Child(name="one", command=sleep), Child(name="two", command=sleep, last=True)]
def tell():
    print(*[child.process.pid for child in children], flush=True)
Supervisor(children=children, environment={}, say=print).run(on_ready=tell)
print("closed", flush=True)
"""


def alive(pid: int) -> bool:
    """True while a process runs; a dead one that nobody has collected yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def supervisor():
    process = subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, text=True)
    pids = [int(word) for word in process.stdout.readline().split()]
    yield process, pids
    process.kill()
    process.wait()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_supervisor_ends_its_children_when_told(supervisor, sign):
    process, pids = supervisor
    assert [alive(pid) for pid in pids] == [True, True]

    process.send_signal(sign)

    assert process.wait(timeout=10) == 0
    assert process.stdout.read() == "closed\n"
    assert [alive(pid) for pid in pids] == [False, False]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_children_go_when_their_supervisor_is_killed(supervisor):
    process, pids = supervisor

    process.kill()

    until(lambda: not any(alive(pid) for pid in pids), seconds=10, what="the children to go")


def test_supervisor_starts_a_dead_child_again_after_a_growing_pause():
    said = []
    child = Child(name="worker", command=SLEEP)
    guard = Supervisor(children=[child], environment=dict(os.environ), say=said.append)
    child.start(environment=guard.environment)
    try:
        first = child.process.pid
        child.process.kill()
        child.process.wait()

        guard.mend()
        assert child.process is None
        assert child.pause == 2 * FIRST_PAUSE
        guard.mend()
        assert child.process is None, "it waits for its pause to be over"
        child.due = 0.0
        guard.mend()

        assert child.process.pid != first
        assert said == ["worker ended (signal SIGKILL); starting it again in 1 s"]
    finally:
        guard.end(patience=5)


def test_pause_between_restarts_has_an_upper_bound():
    child = Child(name="worker", command=["false"], pause=LONGEST_PAUSE)
    guard = Supervisor(children=[child], environment=dict(os.environ), say=lambda _: None)
    child.start(environment=guard.environment)
    child.process.wait()

    guard.mend()

    assert child.pause == LONGEST_PAUSE


def test_taken_port_is_named_in_one_line(free_port_taken):
    with pytest.raises(CommandError, match=rf"^Port {free_port_taken} on 127.0.0.1 is taken\..*PORT=8001$"):
        refuse_taken(free_port_taken, "make run PORT=8001")


@pytest.fixture
def free_port_taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_end_is_told_in_words():
    assert (ended_by(-9), ended_by(1)) == ("signal SIGKILL", "code 1")
