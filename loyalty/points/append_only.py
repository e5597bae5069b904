"""What may only be added to: triggers refuse UPDATE and DELETE, on PostgreSQL and on SQLite (trust.md, The ledger).

They are installed anew after each migration, because SQLite rebuilds a table to alter it
and the triggers go with the old one.
"""

from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections

APPEND_ONLY = (
    "LedgerEntry",
    "LotAllocation",
    "OwedEntry",
    "SpendingShare",
    "PeriodClose",
    "RefusedBenefit",
    "CardEvent",
    "CardUse",
    "PotEntry",
    "VoucherEvent",
    "WrongCode",
    "PartnerEvent",
    "PartnerStatement",
    "CertificateMovement",
    # of the salon's records beneath
    "crm.StockMove",
)
# what is dated in a closed period is refused here
DATED = ("LedgerEntry", "OwedEntry")
FUNCTION = "loyalty_refuse_change"
CLOSED = "loyalty_refuse_closed"


def append_only_tables() -> list[str]:
    """Database tables whose rows never change."""
    return [apps.get_model(name if "." in name else f"loyalty.{name}")._meta.db_table for name in APPEND_ONLY]


def dated_tables() -> list[str]:
    """Database tables whose rows carry a day that may be closed."""
    return [apps.get_model("loyalty", name)._meta.db_table for name in DATED]


def closing_name(table: str) -> str:
    return f"{table}_not_closed"


def trigger_name(table: str, verb: str) -> str:
    return f"{table}_no_{verb.lower()}"


def install_triggers(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Put the triggers in place; harmless when they are. Receives `post_migrate`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        tables = [table for table in append_only_tables() if table in existing]
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
            )
            cursor.execute(
                # the names are our own
                f"CREATE OR REPLACE FUNCTION {CLOSED}() RETURNS trigger LANGUAGE plpgsql AS $$ "  # noqa: S608
                f'BEGIN IF NEW."on" <= (SELECT max(last_on) FROM {_closes()}) THEN '
                "RAISE EXCEPTION '% is closed up to this day', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; "
                "END IF; RETURN NEW; END $$"
            )
        for table in dated_tables():
            if {table, _closes()} <= existing:
                for statement in _closing(connection.vendor, table):
                    cursor.execute(statement)
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                for statement in _statements(connection.vendor, table, verb):
                    cursor.execute(statement)


def missing_triggers(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of the triggers that should be there and are not; `doctor` shows them."""
    connection = connections[using]
    source = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(source)
        present = {row[0] for row in cursor.fetchall()}
    wanted = [trigger_name(table, verb) for table in append_only_tables() for verb in ("UPDATE", "DELETE")]
    wanted += [closing_name(table) for table in dated_tables()]
    return [name for name in wanted if name not in present]


def _statements(vendor: str, table: str, verb: str) -> list[str]:
    name = trigger_name(table, verb)
    if vendor == "postgresql":
        return [
            f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
            f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()',
        ]
    body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f'DROP TRIGGER IF EXISTS "{name}"',
        f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" {body}',
    ]


def _closes() -> str:
    return apps.get_model("loyalty", "PeriodClose")._meta.db_table


def _closing(vendor: str, table: str) -> list[str]:
    name = closing_name(table)
    if vendor == "postgresql":
        return [
            f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
            f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION {CLOSED}()',
        ]
    closed = f"SELECT max(last_on) FROM {_closes()}"  # noqa: S608
    body = f"BEGIN SELECT RAISE(ABORT, '{table} is closed up to this day') WHERE NEW.\"on\" <= ({closed}); END"
    return [
        f'DROP TRIGGER IF EXISTS "{name}"',
        f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" {body}',
    ]
