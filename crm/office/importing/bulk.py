"""Rows into a table by the thousand: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import DateField, DateTimeField, DecimalField, Model

from crm.team.fields import MoneyField

SCALE = 1000


def _money(value: Decimal | None) -> int | None:
    return None if value is None else int(value * SCALE)


def _converter(field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, MoneyField):
        return _money
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, DateTimeField):
        return lambda value: connection.ops.adapt_datetimefield_value(value)
    if isinstance(field, DateField):
        return lambda value: connection.ops.adapt_datefield_value(value)
    if isinstance(field, DecimalField):
        return lambda value: connection.ops.adapt_decimalfield_value(value, field.max_digits, field.decimal_places)
    return None


class BulkTable:
    """Writes tuples of the named columns of a model; every other column gets its default.

    No model instances, no signals, no history: this is for rows that come in by the million.
    Encrypted columns take plain text.
    """

    def __init__(self, model: type[Model], columns: Sequence[str]) -> None:
        meta = model._meta
        fields = {field.attname: field for field in meta.concrete_fields}
        chosen = [fields[name] for name in columns]
        rest = [field for name, field in fields.items() if name not in columns and not field.primary_key]
        self.model = model
        self._converters = [
            (place, convert) for place, field in enumerate(chosen) if (convert := _own_converter(field)) is not None
        ]
        self._constants = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
        quote = connection.ops.quote_name
        names = ", ".join(quote(field.column) for field in (*chosen, *rest))
        self._table = quote(meta.db_table)
        self._copy = f"COPY {self._table} ({names}) FROM STDIN"
        marks = ", ".join(["%s"] * (len(chosen) + len(rest)))
        self._insert = f"INSERT INTO {self._table} ({names}) VALUES ({marks})"  # noqa: S608 names of our own models

    def insert(self, rows: Iterable[tuple]) -> None:
        """Writes the rows in the order given."""
        prepared = [self._prepared(row) for row in rows]
        if not prepared:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(self._copy) as copy:
                    for row in prepared:
                        copy.write_row(row)
            else:
                cursor.executemany(self._insert, prepared)

    def _prepared(self, row: tuple) -> tuple:
        if self._converters:
            values = list(row)
            for place, convert in self._converters:
                values[place] = convert(values[place])
            return (*values, *self._constants)
        return row + self._constants

    def allocate(self, count: int) -> range | list[int]:
        """Primary keys for so many rows to come, in order, before the rows are there."""
        return allocate_ids(self.model, count)


def _own_converter(field: Any) -> Callable[[Any], Any] | None:
    convert = _converter(field)
    if convert is None and field.get_internal_type() == "TextField" and type(field).__module__ == "crm.team.fields":
        return field.get_prep_value
    return convert


def allocate_ids(model: type[Model], count: int) -> range | list[int]:
    """Primary keys for so many rows to come, in ascending order."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), count],
            )
            return sorted(value for (value,) in cursor.fetchall())
        # the write lock is ours, so nobody else takes these
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = max(found[0] if found else 0, highest_id(model)) + 1
        return range(first, first + count)


def highest_id(model: type[Model]) -> int:
    """The largest primary key in use, 0 for an empty table."""
    found = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return found or 0
