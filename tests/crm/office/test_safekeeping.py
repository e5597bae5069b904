"""Backup and restore by the real commands: the reports before and after, and nothing sent in between."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.reference.make_case import write_case

# whole processes on databases of their own, migrations included: minutes, not seconds
pytestmark = pytest.mark.race
REPORT = ("report", "rhythm", "--today=2026-06-01", "--json")


def manage(database: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env={**os.environ, "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 or not check, done.stderr
    return done


@pytest.fixture
def two_databases(tmp_path: Path, django_db_blocker):
    """Addresses of an old and a new database of the kind the tests run on."""
    if connection.vendor == "sqlite":
        yield tuple(f"sqlite:///{tmp_path}/{name}.sqlite3" for name in ("old", "new"))
        return
    parts = urlsplit(os.environ["DATABASE_URL"])
    names = [f"keep_{name}_{os.getpid()}" for name in ("old", "new")]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield tuple(urlunsplit(parts._replace(path=f"/{name}")) for name in names)
        finally:
            for name in names:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.django_db(transaction=True)
def test_backup_and_restore_give_the_same_reports_and_hold_messages(two_databases, tmp_path):
    old, new = two_databases
    folder = tmp_path / "salon"
    folder.mkdir()
    write_case(3, folder)
    manage(old, "migrate", "--verbosity=0")
    manage(old, "import_salon", str(folder))
    copy = tmp_path / "copy.tar.gz"

    manage(old, "backup", str(copy))
    manage(new, "restore", str(copy))

    before, after = manage(old, *REPORT).stdout, manage(new, *REPORT).stdout
    assert json.loads(before)
    assert after == before
    held = [line for line in manage(new, "doctor", check=False).stdout.splitlines() if "sending" in line]
    assert held[0].startswith("MEND sending: on hold since")
    manage(new, "release_messages")
    assert "ok   sending: goes on" in manage(new, "doctor", check=False).stdout


@pytest.mark.django_db(transaction=True)
# half a minute of processes: the races have no room for it
@pytest.mark.soak
def test_restore_over_a_salon_is_refused(two_databases, tmp_path):
    old, _new = two_databases
    folder = tmp_path / "salon"
    folder.mkdir()
    write_case(3, folder)
    manage(old, "migrate", "--verbosity=0")
    manage(old, "import_salon", str(folder))
    copy = tmp_path / "copy.tar.gz"
    manage(old, "backup", str(copy))

    refused = manage(old, "restore", str(copy), check=False)

    assert refused.returncode == 1
    assert "There is a salon in this database" in refused.stderr


def test_restore_of_half_a_file_says_so(tmp_path):
    half = tmp_path / "half.tar.gz"
    half.write_bytes(b"\x1f\x8b\x08\x00half")

    refused = manage(f"sqlite:///{tmp_path}/empty.sqlite3", "restore", str(half), check=False)

    assert refused.returncode == 1
    assert "is no backup of Regulars, or not a whole one" in refused.stderr
