"""The 2018 export (contracts.md), read: who, what, which bookings, and how the other files say that they ended.

It knows no lengths, no hours of sales and no names; what a booking came to is told by the other files.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.office.importing import values
from crm.office.importing.reading import BadRow, Row, RowRefused, Table
from crm.office.importing.records import ClientRecord, LineRecord, MasterRecord, ProductRecord, ServiceRecord
from crm.office.importing.run import Run
from crm.office.importing.salon2018.columns import (
    BOOKINGS,
    CANCELLATIONS,
    NO_SHOWS,
    PRODUCTS,
    RECEIPTS,
    SERVICES,
    Booking,
    american_day,
    american_time,
    short_code,
)
from crm.team.fields import round_money

MISC = "MISC"


@dataclass(frozen=True, slots=True)
class Cancelled:
    line: int
    booking: Booking
    on: date


@dataclass(frozen=True, slots=True)
class Booked:
    line: int
    booking: Booking
    at: time


@dataclass(slots=True)
class Salon2018:
    """The files after one reading. Receipts are read again, line by line, when they are written."""

    run: Run
    tables: dict[str, Table]
    services: dict[str, ServiceRecord] = field(default_factory=dict)
    products: dict[str, ProductRecord] = field(default_factory=dict)
    bookings: list[Booked] = field(default_factory=list)
    cancellations: dict[Booking, Cancelled] = field(default_factory=dict)
    no_shows: dict[Booking, int] = field(default_factory=dict)
    # the lines on which the other two files speak of a booking
    told: dict[str, dict[Booking, list[int]]] = field(default_factory=lambda: {CANCELLATIONS: {}, NO_SHOWS: {}})
    # (client, day) with a receipt
    receipt_days: set[tuple[str, date]] = field(default_factory=set)
    masters: dict[str, None] = field(default_factory=dict)
    clients: dict[str, None] = field(default_factory=dict)
    _by_description: dict[str, tuple[str, str]] = field(default_factory=dict)
    _by_folded: dict[str, tuple[str, str]] = field(default_factory=dict)
    _prices: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))

    def read(self) -> None:
        """Takes everything in but the receipt lines; rejects the rows that cannot be used."""
        for kind, take in (
            (SERVICES, self._take_service),
            (PRODUCTS, self._take_product),
            (BOOKINGS, self._take_booking),
            (CANCELLATIONS, self._take_cancellation),
            (NO_SHOWS, self._take_no_show),
        ):
            if kind in self.tables:
                self._each(self.tables[kind], take)
        self._index_descriptions()
        if RECEIPTS in self.tables:
            for row in self.tables[RECEIPTS].rows():
                if isinstance(row, Row):
                    self._survey_receipt(row)
        self._price_from_receipts()

    # ---- reading rows ---------------------------------------------------------------------

    def _each(self, table: Table, take: Callable[[Row], None]) -> None:
        count = self.run.outcome.file(table.name)
        for row in table.rows():
            count.read += 1
            if isinstance(row, BadRow):
                self.run.outcome.reject(table.name, row.line, row.reason)
                continue
            try:
                take(row)
            except RowRefused as reason:
                self.run.outcome.reject(table.name, row.line, str(reason))

    def _take_service(self, row: Row) -> None:
        code = values.needed(row, "Code", 64)
        if code in self.services:
            raise RowRefused(_("The code “%(code)s” stands in this file twice; the first one counts.") % {"code": code})
        self.services[code] = ServiceRecord(
            line=row.line,
            code=code,
            # a service without a description is named by its code
            name=values.optional(row, "Desc", 200) or code,
            category=values.optional(row, "Cate", 100),
            price=self._price(row, "Price"),
            is_active=row.get("IsActive").casefold() != "false",
        )
        if row.get("Desc"):
            self._by_description.setdefault(row.get("Desc"), ("service", code))

    def _take_product(self, row: Row) -> None:
        code = values.needed(row, "Code", 64)
        if code in self.products:
            raise RowRefused(_("The code “%(code)s” stands in this file twice; the first one counts.") % {"code": code})
        self.products[code] = ProductRecord(
            line=row.line,
            code=code,
            name=values.optional(row, "Description", 200) or code,
            price=self._price(row, "Price"),
            cost=values.price_or_none(row, "Cost", self.run.currency),
            stock=values.whole_or_none(row, "On Hand", -1_000_000, 1_000_000),
            minimum=values.whole_or_none(row, "Minimum", 0, 1_000_000),
            supplier=values.optional(row, "Supplier", 120),
            brand=values.optional(row, "Brand", 120),
            is_active=row.get("IsActive").casefold() != "false",
        )
        if row.get("Description"):
            self._by_description.setdefault(row.get("Description"), ("product", code))

    def _price(self, row: Row, column: str) -> Decimal | None:
        """A price of 0 in the list is none: it is agreed per case."""
        return values.price_or_none(row, column, self.run.currency) or None

    def _booking_of(self, row: Row, day_column: str) -> Booking:
        code = values.optional(row, "Code", 64)
        if not code:
            raise RowRefused(_("The client's code is empty: nobody knows whose row this is."))
        if code == values.ANONYMOUS:
            raise RowRefused(_("WALK_IN is anybody, so it is no client of its own."))
        return (
            code,
            american_day(row.get(day_column), day_column),
            values.needed(row, "Service", 64),
            values.needed(row, "Staff", 64),
        )

    def _take_booking(self, row: Row) -> None:
        booking = self._booking_of(row, "Date")
        self.bookings.append(Booked(row.line, booking, american_time(row.get("Time"))))
        self._meet(booking)

    def _take_cancellation(self, row: Row) -> None:
        booking = self._booking_of(row, "Booking Date")
        cancelled = Cancelled(row.line, booking, american_day(row.get("Cancel Date"), "Cancel Date"))
        self._meet(booking)
        self.told[CANCELLATIONS].setdefault(booking, []).append(row.line)
        known = self.cancellations.get(booking)
        # rows of the same booking are one cancellation: the latest
        if known is None or known.on <= cancelled.on:
            self.cancellations[booking] = cancelled

    def _take_no_show(self, row: Row) -> None:
        booking = self._booking_of(row, "Date")
        self._meet(booking)
        self.told[NO_SHOWS].setdefault(booking, []).append(row.line)
        self.no_shows.setdefault(booking, row.line)

    def _meet(self, booking: Booking) -> None:
        self.clients.setdefault(booking[0])
        self.masters.setdefault(booking[3])

    # ---- receipts -------------------------------------------------------------------------

    def _survey_receipt(self, row: Row) -> None:
        """Who was there on which day, what was sold that no list knows, and at what price."""
        try:
            record = self._line(row)
        except RowRefused:
            return
        if record.client:
            self.clients.setdefault(record.client)
            self.receipt_days.add((record.client, record.on))
        if record.master:
            self.masters.setdefault(record.master)
        if record.amount > 0 and record.quantity > 0:
            each = round_money(record.amount / record.quantity, self.run.currency)
            self._prices[record.service or record.product][each] += 1

    def lines(self) -> Iterator[LineRecord]:
        """The receipt lines; rejects those that cannot be used."""
        table = self.tables[RECEIPTS]
        count = self.run.outcome.file(table.name)
        for row in table.rows():
            count.read += 1
            if isinstance(row, BadRow):
                self.run.outcome.reject(table.name, row.line, row.reason)
                continue
            try:
                yield self._line(row)
            except RowRefused as reason:
                self.run.outcome.reject(table.name, row.line, str(reason))

    def _line(self, row: Row) -> LineRecord:
        buyer = values.optional(row, "Client", 64)
        number = values.quantity(values.needed(row, "Quantity", 40))
        amount = values.money(values.needed(row, "Amount", 40), "Amount", self.run.currency)
        tax = sum((_tax(row, column) for column in ("GST", "PST")), Decimal(0))
        on = american_day(row.get("Date"), "Date")
        receipt = values.needed(row, "Receipt", 64)
        staff = values.optional(row, "Staff", 64)
        kind, code = self._item(values.optional(row, "Description", 200))
        return LineRecord(
            line=row.line,
            receipt=receipt,
            client="" if buyer == values.ANONYMOUS else buyer,
            master=staff,
            on=on,
            sold_at=None,
            service=code if kind == "service" else "",
            product=code if kind == "product" else "",
            quantity=number,
            amount=amount,
            tax=round_money(tax, self.run.currency),
        )

    def _item(self, description: str) -> tuple[str, str]:
        """The service or product of a description; an unknown one makes a product of that name."""
        if not description:
            if MISC not in self.services:
                self.services[MISC] = ServiceRecord(line=0, code=MISC, name=MISC)
            return "service", MISC
        found = self._by_description.get(description) or self._by_folded.get(description.casefold())
        if found is None:
            code = short_code(description)
            while code in self.products:
                code = short_code(f"{code}+")
            self.products[code] = ProductRecord(line=0, code=code, name=description)
            found = self._by_description[description] = ("product", code)
        return found

    def _index_descriptions(self) -> None:
        for description, item in self._by_description.items():
            self._by_folded.setdefault(description.casefold(), item)

    def _price_from_receipts(self) -> None:
        """Where the list says 0: what was paid for one most often, of equals the most."""
        for records in (self.services, self.products):
            for code, record in records.items():
                paid = self._prices.get(code)
                if record.price is None and paid:
                    price = max(paid.items(), key=lambda entry: (entry[1], entry[0]))[0]
                    records[code] = replace(record, price=price)

    # ---- who and what ---------------------------------------------------------------------

    def client_records(self) -> Iterator[ClientRecord]:
        """Codes are the clients; nobody has a name until someone writes it."""
        return (ClientRecord(line=0, code=code) for code in self.clients)

    def master_records(self) -> Iterator[MasterRecord]:
        return (MasterRecord(line=0, code=code, name=code) for code in self.masters)


def _tax(row: Row, column: str) -> Decimal:
    """Taxes come with four decimals; they are rounded once, for the line."""
    return values.amount(row.get(column), column) if row.get(column) else Decimal(0)
