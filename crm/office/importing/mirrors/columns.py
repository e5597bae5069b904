"""Columns of a mirrored file: how a value is written as a cell, and a cell read as a value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.db.models.functions import Coalesce

from crm.booking.models import Appointment
from crm.catalogue.models import Room, Service
from crm.office.importing import values
from crm.office.importing.reading import Row, RowRefused
from crm.office.importing.run import Run
from crm.office.place import Place
from crm.people.models import Client
from crm.people.selectors import keys_by_code
from crm.sales.models import Sale
from crm.team.models import Master
from loyalty.cards.models import Card, CardLevel
from loyalty.vouchers.models import Campaign, GiftCertificate, Voucher


@dataclass(frozen=True, slots=True)
class Reference:
    """Another row by its code; codes of the branch's own records are looked for in the branch."""

    model: type[Model]
    code: str = "code"
    of_branch: bool = True

    def found(self, run: Run, codes: set[str]) -> dict[str, int]:
        """Primary keys by code; of several receipts of one number the latest, of a card put aside the one that stayed."""
        if self.model is Client:
            return keys_by_code(codes)
        rows = self.model._default_manager.filter(**{f"{self.code}__in": codes})
        if self.of_branch:
            rows = rows.filter(branch=run.branch)
        return dict(rows.order_by("pk").values_list(self.code, "pk"))


CLIENT = Reference(Client, of_branch=False)
MASTER = Reference(Master)
SERVICE = Reference(Service)
ROOM = Reference(Room, "name")
APPOINTMENT = Reference(Appointment)
RECEIPT = Reference(Sale)
LEVEL = Reference(CardLevel, of_branch=False)
CARD = Reference(Card, "number", of_branch=False)
CAMPAIGN = Reference(Campaign, "name")
VOUCHER = Reference(Voucher, of_branch=False)
CERTIFICATE = Reference(GiftCertificate, of_branch=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file. `path` is what is written, `field` what is set; a reference is resolved in between."""

    name: str
    path: str
    field: str
    write: Callable[[Any, Place], str]
    read: Callable[[Row, str, Run], Any]
    needed: bool = False
    reference: Reference | None = None
    # what an empty cell means
    empty: Any = None

    def written(self) -> Any:
        """What is asked of the database for the cell: of a card put aside the code of the one that stayed."""
        if self.reference is not CLIENT:
            return self.path
        relation = self.path.removesuffix("__code")
        return Coalesce(f"{relation}__merged_into__code", self.path)

    def value(self, row: Row, run: Run) -> Any:
        """What the cell says; raises RowRefused."""
        if row.get(self.name):
            return self.read(row, self.name, run)
        if self.needed:
            raise RowRefused(values.empty(self.name))
        return self.empty


def text(name: str, field: str = "", *, needed: bool = False) -> Column:
    field = field or name
    return Column(name, field, field, lambda value, _place: str(value or ""), _text, needed, empty="")


def whole(name: str, field: str = "", *, needed: bool = False, empty: int | None = None) -> Column:
    field = field or name
    return Column(
        name, field, field, lambda value, _place: "" if value is None else str(value), _whole, needed, empty=empty
    )


def number(name: str, field: str = "", *, needed: bool = False, path: str = "") -> Column:
    field = field or name
    return Column(
        name,
        path or field,
        field,
        lambda value, _place: "" if value is None else f"{value.normalize():f}",
        _number,
        needed,
    )


def money(name: str, field: str = "", *, needed: bool = False, empty: Decimal | None = None) -> Column:
    field = field or name
    return Column(name, field, field, lambda value, place: place.money(value), _money, needed, empty=empty)


def day(name: str, field: str, *, needed: bool = False) -> Column:
    return Column(name, field, field, lambda value, _place: value.isoformat() if value else "", _day, needed)


def hour(name: str, field: str = "", *, needed: bool = False) -> Column:
    field = field or name
    return Column(name, field, field, lambda value, _place: f"{value:%H:%M}" if value else "", _hour, needed)


def moment(name: str, field: str, *, needed: bool = False, path: str = "") -> Column:
    return Column(name, path or field, field, lambda value, place: place.moment(value), _moment, needed)


def yes(name: str, field: str, *, empty: bool = False) -> Column:
    """`yes` or `no`; the word that an empty cell says anyway is left out."""
    return Column(
        name, field, field,
        lambda value, _place: "" if value == empty else "yes" if value else "no",
        lambda row, column, _run: values.yes(row, column), empty=empty,
    )  # fmt: skip


def weekdays(name: str) -> Column:
    """Days of the week, 0 is Monday; an empty cell is any day."""
    return Column(
        name, name, name, lambda value, _place: ";".join(str(each) for each in value),
        lambda row, column, _run: [values.whole(each, column, 0, 6) for each in row.get(column).split(";")], empty=[],
    )  # fmt: skip


def one(name: str, field: str, reference: Reference, *, needed: bool = False, through: str = "") -> Column:
    """Another row, by its code; one that is reached `through` another relation is for `follows` to set."""
    path = f"{through}__{field}__{reference.code}" if through else f"{field}__{reference.code}"
    return Column(
        name, path, f"_{field}" if through else f"{field}_id", lambda value, _place: str(value or ""), _text, needed,
        reference,
    )  # fmt: skip


def _text(row: Row, column: str, _run: Run) -> str:
    return row.get(column)


def _whole(row: Row, column: str, _run: Run) -> int:
    return values.whole(row.get(column), column, -1_000_000_000, 1_000_000_000)


def _number(row: Row, column: str, _run: Run) -> Decimal:
    return values.amount(row.get(column), column)


def _money(row: Row, column: str, run: Run) -> Decimal:
    return values.money(row.get(column), column, run.currency)


def _day(row: Row, column: str, _run: Run) -> date:
    return values.day(row.get(column), column)


def _hour(row: Row, column: str, _run: Run) -> time:
    return values.hour(row.get(column), column)


def _moment(row: Row, column: str, run: Run) -> datetime:
    return values.moment(row.get(column), column, run.zone)
