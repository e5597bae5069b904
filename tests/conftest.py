"""What holds for every test: nothing leaves the machine, seeds are printed, each runs where it belongs."""

import gc
import ipaddress
import os
import random
import socket
from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import DatabaseOperations as PostgreSQLOperations
from django.db.backends.sqlite3.base import DatabaseOperations as SQLiteOperations
from django.utils import timezone, translation
from hypothesis import settings as hypothesis
from simple_history.manager import HistoryManager

from loyalty.points.append_only import append_only_tables, trigger_name
from tests.factories import Cast, make_cast

# These run on PostgreSQL and once more on SQLite: the salon on one tablet has no other database.
ALSO_ON_SQLITE = (
    "tests/stories/",
    "tests/loyalty/points/",
    "tests/crm/booking/",
    "tests/crm/office/test_import",
    "tests/crm/office/test_export",
)
# Each of these goes through the whole product, and takes its time: they are no quick look.
WALKS = (
    "tests/admin/test_pages_of_a_full_salon",
    "tests/crm/desk/test_calendar.py::test_every_booking_of_2018",
    "tests/demo/",
    "tests/loyalty/points/test_history",
    "tests/reminders/test_planning_as_foreseen",
    "tests/reminders/test_journey_figures.py::test_changed_figures",
    "tests/stories/test_forecast.py::test_narrowed_windows_agree",
    "tests/reminders/effect/test_simulation",
    "tests/reminders/effect/test_story",
    "tests/stories/test_complaint",
    "tests/stories/test_many",
    "tests/stories/test_margin",
    "tests/stories/test_month",
    "tests/stories/test_shop",
    "tests/stories/test_standard",
    "tests/security/test_every_url",
    "tests/crm/office/test_bench",
    "tests/crm/office/test_export_whole",
    "tests/crm/office/merging/test_loyalty",
    "tests/crm/office/merging/test_records",
    "tests/crm/office/merging/test_said",
    "tests/reminders/transports/test_messenger",
    "tests/reminders/letters/",
    "tests/crm/desk/test_letters",
    "tests/crm/desk/test_standards",
    "tests/reminders/links/test_codes.py::test_of_10_000",
    "tests/reminders/links/test_complain_page",
    "tests/reminders/test_card_review.py::test_both_readings",
)
# Half a minute each and more: they begin first, so that nobody waits for the last of them.
LONG = ("tests/security/test_every_url", "tests/stories/test_month", "tests/migrations/test_one_step")
SEED = int(os.environ.get("TEST_SEED", "20261121"))
hypothesis.register_profile("tests", derandomize=True, deadline=None, print_blob=True)
hypothesis.load_profile("tests")


class LeftTheMachine(AssertionError):
    """A test tried to reach an address that is not on this machine."""


def pytest_report_header() -> list[str]:
    return [f"database: {connection.vendor}, seed: {SEED} (TEST_SEED sets another)"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what runs on SQLite too, and leave out what belongs to the other database."""
    here, elsewhere = [], []
    for item in items:
        if item.nodeid.startswith(ALSO_ON_SQLITE) and not item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.sqlite)
        if item.nodeid.startswith(WALKS):
            item.add_marker(pytest.mark.walk)
        only_sqlite = any(mark.kwargs.get("only") for mark in item.iter_markers("sqlite"))
        only_postgres = item.get_closest_marker("postgres") is not None
        wrong = only_sqlite if connection.vendor == "postgresql" else only_postgres
        (elsewhere if wrong else here).append(item)
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = here
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say whether the tests on the real salon's files ran: their folder is no part of the repository."""
    ran, left_out = (
        sum("salon2018" in report.nodeid for kind in kinds for report in terminalreporter.stats.get(kind, []))
        for kinds in (("passed", "failed"), ("skipped",))
    )
    if ran or left_out:
        terminalreporter.write_line(f"salon2018 tests: ran {ran}, left out {left_out}")


def loopback(address: object) -> bool:
    """True for what stays on this machine: a path of a socket file, localhost, 127.0.0.0/8, ::1."""
    if not isinstance(address, tuple):
        return True
    host = address[0]
    if host in ("localhost", "", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def nothing_leaves_the_machine() -> Iterator[None]:
    """Every connection and look-up of a name but those of this machine is an error."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", guarded_lookup(socket.getaddrinfo))
        yield


def guarded(original):
    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not loopback(address):
            raise LeftTheMachine(f"a test wanted to reach {address!r}")
        return original(self, address)

    return connect


def guarded_lookup(original):
    def getaddrinfo(host, *args, **kwargs):
        if host is not None and not loopback((host,)):
            raise LeftTheMachine(f"a test wanted to look up {host!r}")
        return original(host, *args, **kwargs)

    return getaddrinfo


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def history_makes_its_manager_once() -> Iterator[None]:
    """At each look at `.history` the library builds the class of its manager anew, the same one each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HistoryManager, "from_queryset", cache(HistoryManager.from_queryset))
        yield


@pytest.fixture(autouse=True)
def seeded() -> None:
    """The same chance in every run; Hypothesis, derandomised above, needs no seed."""
    random.seed(SEED)


@pytest.fixture(autouse=True)
def each_begins_at_home() -> None:
    """A request leaves its language and clock behind in this process, as a server's thread does until the next one."""
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture
def cast(db) -> Cast:
    """The people of most tests. A room that needs more of them overrides it: `def cast(cast): ...`."""
    return make_cast()


@pytest.fixture(scope="session", autouse=True)
def tests_may_empty_what_the_salon_may_not() -> Iterator[None]:
    """Between transactional tests tables are emptied, which the ledger's triggers refuse.

    On SQLite they are dropped for that moment; Django's signal after it installs them anew. On PostgreSQL
    TRUNCATE would make the files of all tables and indexes anew, a thousand of them.
    """
    sqlite_flush = SQLiteOperations.sql_flush

    def on_sqlite(self, style, tables, **options):
        drops = [
            f'DROP TRIGGER IF EXISTS "{trigger_name(table, verb)}"'
            for table in append_only_tables()
            for verb in ("UPDATE", "DELETE")
        ]
        return drops + sqlite_flush(self, style, tables, **options)

    def on_postgresql(self, style, tables, **options):
        names = [f'"{name}"' for name in tables]
        # whoever still writes is waited for, as TRUNCATE does; a replica asks neither triggers nor foreign keys
        return [
            f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE",
            "SET LOCAL session_replication_role = replica",
            "; ".join(f"DELETE FROM {name}" for name in names),
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLiteOperations, "sql_flush", on_sqlite)
        patch.setattr(PostgreSQLOperations, "sql_flush", on_postgresql)
        yield
