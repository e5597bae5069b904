"""What is written in the ledger stays: refused by ORM and by SQL, on both databases (trust.md, L4)."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from loyalty.points.append_only import (
    APPEND_ONLY,
    append_only_tables,
    install_triggers,
    missing_triggers,
    trigger_name,
)
from loyalty.points.models import LedgerEntry, LotAllocation, OwedEntry, SpendingShare
from tests.factories import make_branch, make_client
from tests.loyalty.till import give_back, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger():
    """A client with an entry, a share of a lot, points owed and a share of spending."""
    client = make_client(branch=make_branch())
    sale = pay(client, 1000)
    pay(client, 50, points=50)
    give_back(sale)
    return client


@pytest.mark.parametrize("model", [LedgerEntry, LotAllocation, OwedEntry, SpendingShare])
def test_orm_can_neither_change_nor_remove_a_row(ledger, model):
    before = list(model.objects.order_by("pk").values())
    assert before
    row = model.objects.order_by("pk").first()

    for attempt in (
        lambda: model.objects.update(points=7),
        lambda: model.objects.all()._raw_delete(model.objects.db),
        lambda: row.save(),
        lambda: row.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()

    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("name", APPEND_ONLY)
def test_every_table_has_both_triggers(name):
    table = apps.get_model(name if "." in name else f"loyalty.{name}")._meta.db_table

    assert not {trigger_name(table, "UPDATE"), trigger_name(table, "DELETE")} & set(missing_triggers())


def test_sql_is_refused_too(ledger):
    table = LedgerEntry._meta.db_table

    for statement in (f"UPDATE {table} SET points = 1", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_control_without_the_trigger_the_row_changes(ledger):
    table = LedgerEntry._meta.db_table
    on_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{trigger_name(table, "UPDATE")}"{on_table}')
        cursor.execute(f"UPDATE {table} SET points = 1")
        assert cursor.rowcount > 0

    assert missing_triggers() == [trigger_name(table, "UPDATE")]
    install_triggers()
    assert missing_triggers() == []


def test_migrating_installs_them_anew():
    with connection.cursor() as cursor:
        for table in append_only_tables():
            on_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER "{trigger_name(table, "DELETE")}"{on_table}')
    assert len(missing_triggers()) == len(APPEND_ONLY)

    call_command("migrate", verbosity=0)

    assert missing_triggers() == []
