"""`make run` as a person has it: one terminal, several processes, none left behind."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.poll import until
from tests.services.found import free_port

pytestmark = pytest.mark.race
ROOT = Path(__file__).resolve().parent.parent.parent


class Salon:
    """A salon of its own: database, broker and clock in one folder, web on a free port."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "log"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": f"sqlite:///{folder / 'salon.sqlite3'}",
            "BROKER_URL": f"sqla+sqlite:///{folder / 'broker.sqlite3'}",
            "PYTHONPATH": str(ROOT),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run_salon", "--port", str(self.port), "--clock", str(folder / "clock")],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.pids: set[int] = set()

    def said(self) -> str:
        return self.log.read_text()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as page:
                return page.status == 200
        except urllib.error.HTTPError:
            raise
        except OSError:
            return False

    def children(self) -> dict[str, int]:
        """The running children by what they are."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (entry / "cmdline").read_bytes().decode().replace("\0", " ")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self.process.pid and (name := re.search(r"gunicorn|worker|beat", command)):
                found[name[0]] = int(entry.name)
        self.pids |= set(found.values())
        return found


@pytest.fixture(scope="module")
def salon(tmp_path_factory):
    if not sys.platform.startswith("linux"):
        pytest.skip("looks at processes through /proc")
    salon = Salon(tmp_path_factory.mktemp("salon"))
    try:
        until(lambda: salon.answers() or salon.process.poll() is not None, seconds=120, what="the salon to open")
        assert salon.process.poll() is None, salon.said()
        yield salon
    finally:
        salon.process.kill()
        salon.process.wait()


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_salon_is_web_worker_and_clock(salon):
    assert until(lambda: len(salon.children()) == 3 and salon.children(), seconds=20, what="three children").keys() == {
        "gunicorn",
        "worker",
        "beat",
    }
    assert f"http://127.0.0.1:{salon.port}/" in until(
        lambda: "open at" in salon.said() and salon.said(), seconds=10, what="a greeting"
    )


@pytest.mark.parametrize("name", ["gunicorn", "worker", "beat"])
def test_killed_child_comes_back(salon, name):
    before = until(lambda: salon.children().get(name), seconds=20, what=f"{name} to run")

    os.kill(before, signal.SIGKILL)

    until(lambda: salon.children().get(name) not in (None, before), seconds=30, what=f"another {name}")
    until(salon.answers, seconds=30, what="the salon to answer")


def test_second_salon_on_the_same_port_is_refused_in_one_line(salon):
    second = subprocess.run(
        [sys.executable, "manage.py", "run_salon", "--port", str(salon.port)],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": "sqlite://:memory:"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert second.returncode == 1
    assert [line for line in second.stderr.splitlines() if line] == [
        (
            f"CommandError: Port {salon.port} on 127.0.0.1 is taken. Stop what listens there, or choose another: "
            "make run PORT=8001"
        )
    ]


def test_ctrl_c_closes_all_of_it(salon):
    until(lambda: len(salon.children()) == 3, seconds=40, what="three children")

    salon.process.send_signal(signal.SIGINT)

    assert salon.process.wait(timeout=40) == 0
    assert salon.said().endswith("closed.\n")
    assert [pid for pid in salon.pids if not gone(pid)] == []
    assert not salon.answers()
