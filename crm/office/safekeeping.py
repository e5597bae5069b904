"""A consistent copy of database and files while running, and the way back (contracts.md, backup and restore).

One tar file: `manifest.json` (which database, when), the database's own copy, and `media/`.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction

from crm.care.selectors import photograph_refusals_since
from crm.care.services import refuse_photographs_again
from crm.team.models import Branch
from reminders.consent.selectors import refusals_since
from reminders.consent.services import hold_sending, refuse_again

DATABASE_FILE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class CannotKeep(Exception):
    """The copy cannot be made or read back; the words say why and what to do."""


def backup(*, file: Path, now: datetime) -> None:
    """Writes a copy to `file`, whole or not at all; a file that is there already is replaced."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as scratch:
        folder = Path(scratch)
        copy = folder / DATABASE_FILE[connection.vendor]
        (_copy_sqlite if connection.vendor == "sqlite" else _dump_postgres)(copy)
        manifest = {"made_at": now.isoformat(), "database": connection.vendor, "format": 1}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        packed = folder / "backup.tar.gz"
        with tarfile.open(packed, "w:gz", compresslevel=6) as tar:
            tar.add(folder / "manifest.json", "manifest.json")
            tar.add(copy, copy.name)
            if settings.MEDIA_ROOT.is_dir():
                tar.add(settings.MEDIA_ROOT, "media")
        packed.replace(file)


def restore(*, file: Path, now: datetime, force: bool = False) -> None:
    """Puts the copy back in place of an empty database (any database with `force`) and holds all sending.

    Who has said no since the copy was made, to messages or to photographs, has said no: that is taken along from the
    database that is replaced.
    """
    if not force and _holds_a_salon():
        raise CannotKeep("There is a salon in this database. Use an empty one, or --force to replace it.")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        manifest = _unpack(file, folder)
        if manifest["database"] != connection.vendor:
            raise CannotKeep(
                f"This copy is of {manifest['database']}, the database here is {connection.vendor}. "
                "Use export_salon and import_salon to change from one to the other."
            )
        copy = folder / DATABASE_FILE[connection.vendor]
        made_at = datetime.fromisoformat(manifest["made_at"])
        refusals = _refusals(refusals_since, made_at)
        about_photographs = _refusals(photograph_refusals_since, made_at)
        (_restore_sqlite if connection.vendor == "sqlite" else _restore_postgres)(copy)
        if (folder / "media").is_dir():
            shutil.copytree(folder / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
    # a copy of an earlier version is brought up to this one
    call_command("migrate", verbosity=0)
    refuse_again(refusals=refusals)
    refuse_photographs_again(refusals=about_photographs)
    # what it says is still to be sent may have been sent long ago
    hold_sending(now=now)


def _holds_a_salon() -> bool:
    return Branch._meta.db_table in connection.introspection.table_names() and Branch.objects.exists()


def _refusals(read: Callable[[datetime], list[Any]], since: datetime) -> list[Any]:
    """Who has said no here since then; none where the database is empty, or so old or broken that it cannot say."""
    try:
        with transaction.atomic():
            return read(since)
    except DatabaseError:
        return []


def _unpack(file: Path, folder: Path) -> dict[str, str]:
    try:
        with tarfile.open(file, "r:gz") as tar:
            tar.extractall(folder, filter="data")
        return json.loads((folder / "manifest.json").read_text())
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError) as error:
        raise CannotKeep(f"{file} is no backup of Regulars, or not a whole one: {error}") from error


def _copy_sqlite(copy: Path) -> None:
    # SQLite's own online copy: consistent while others write
    connection.ensure_connection()
    with sqlite3.connect(copy) as target:
        connection.connection.backup(target)
    target.close()


def _restore_sqlite(copy: Path) -> None:
    connection.ensure_connection()
    with sqlite3.connect(copy) as source:
        source.backup(connection.connection)
    source.close()
    connections.close_all()


def _dump_postgres(copy: Path) -> None:
    _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}"], with_name=True)


def _restore_postgres(copy: Path) -> None:
    connections.close_all()
    _run(["pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"], copy)


def _run(command: list[str], file: Path | None = None, *, with_name: bool = False) -> None:
    """Runs a PostgreSQL client program on our database; its password travels in the environment."""
    where = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": where["HOST"] or "",
        "PGPORT": str(where["PORT"] or ""),
        "PGUSER": where["USER"] or "",
        "PGPASSWORD": where["PASSWORD"] or "",
    }
    name = [str(where["NAME"])] if with_name else [f"--dbname={where['NAME']}", str(file)]
    try:
        done = subprocess.run([*command, *name], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise CannotKeep(f"{command[0]} is not installed: it comes with PostgreSQL's client programs.") from error
    if done.returncode:
        raise CannotKeep(f"{command[0]} said: {done.stderr.strip()}")
