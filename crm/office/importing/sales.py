"""Writing receipts of an import, line by line."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Value
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.office.importing.bulk import BulkTable
from crm.office.importing.reading import RowRefused, chunked
from crm.office.importing.records import LineRecord
from crm.office.importing.run import Run, Seen
from crm.sales.models import Sale, SaleLine
from crm.team.fields import MoneyField

# a receipt naming several clients or days becomes several sales
Key = tuple[str, int | None, date]

SALE_COLUMNS = (
    *("id", "branch_id", "code", "client_id", "on", "sold_at", "appointment_id", "refund_of_id"),
    *("total", "tax", "paid", "is_imported"),
)
LINE_COLUMNS = (
    "sale_id",
    "position",
    "service_id",
    "product_id",
    "master_id",
    "quantity",
    "full_amount",
    "discount_kind",
    "discount_label",
    "discount_amount",
    "amount",
    "tax",
)


@dataclass(slots=True)
class Known:
    """A sale that is in the database."""

    pk: int
    is_imported: bool
    next_position: int = 0


@dataclass(slots=True)
class Checked:
    """A line whose client, item and master are there."""

    record: LineRecord
    client: int | None
    service: int | None
    product: int | None
    master: int | None

    @property
    def key(self) -> Key:
        return self.record.receipt, self.client, self.record.on

    @property
    def full_amount(self) -> Decimal:
        """Before the discount."""
        full = self.record.full_amount
        return self.record.amount if full is None else full

    @property
    def says(self) -> tuple:
        """By what a line is known again on a second run."""
        return (self.service, self.product, self.master, self.record.quantity, self.record.amount)


class Sales:
    """Lines that are not there yet. A line that an earlier run has brought is unchanged.

    Lines of one receipt may stand anywhere in the file. A receipt completed in the salon
    itself is never added to.
    """

    def __init__(self, run: Run, file: str) -> None:
        self.run, self.file = run, file
        self.count = run.outcome.file(file)
        self.seen = Seen(run.lines_before)
        self.sales = BulkTable(Sale, SALE_COLUMNS)
        self.lines = BulkTable(SaleLine, LINE_COLUMNS)

    def write(self, records: Iterable[LineRecord]) -> None:
        for chunk in chunked(records):
            self._write_chunk(chunk)

    def _write_chunk(self, chunk: list[LineRecord]) -> None:
        clients = self.run.clients({record.client for record in chunk if record.client})
        groups: dict[Key, list[Checked]] = defaultdict(list)
        for record in chunk:
            try:
                line = self._checked(record, clients)
            except RowRefused as reason:
                self.run.outcome.reject(self.file, record.line, str(reason))
            else:
                groups[line.key].append(line)
        known = self._known(groups)
        old = self._old_lines([sale.pk for sale in known.values()])
        added: list[tuple[Known, list[Checked]]] = []
        fresh: list[list[Checked]] = []
        for key, lines in groups.items():
            sale = known.get(key)
            if sale is None:
                fresh.append(lines)
                continue
            new = [line for line in lines if not self._is_there(old, sale, line)]
            self.count.unchanged += len(lines) - len(new)
            if new and not sale.is_imported:
                for line in new:
                    self.run.outcome.reject(
                        self.file,
                        line.record.line,
                        _("Receipt “%(code)s” was completed here; nothing is added to it.")
                        % {"code": line.record.receipt},
                    )
            elif new:
                added.append((sale, new))
        self._insert_sales(fresh)
        self._insert_lines((sale.pk, sale.next_position, lines) for sale, lines in added)
        for sale, lines in added:
            # without its field a Decimal would be added to thousandths
            total, paid, tax = (Value(each, MoneyField()) for each in _sums(lines))
            Sale.objects.filter(pk=sale.pk).update(total=F("total") + total, paid=F("paid") + paid, tax=F("tax") + tax)
        self.count.imported += sum(map(len, fresh)) + sum(len(lines) for _sale, lines in added)

    def _checked(self, record: LineRecord, clients: dict[str, int]) -> Checked:
        catalogue = self.run.catalogue
        client = clients.get(record.client) if record.client else None
        if record.client and client is None:
            raise RowRefused(_("There is no client “%(code)s”.") % {"code": record.client})
        service = catalogue.services.get(record.service) if record.service else None
        product = catalogue.products.get(record.product) if record.product else None
        if service is None and product is None:
            raise RowRefused(
                _("There is no service or product “%(code)s”.") % {"code": record.service or record.product}
            )
        master = catalogue.masters.get(record.master) if record.master else None
        if record.master and master is None:
            raise RowRefused(_("There is no master “%(code)s”.") % {"code": record.master})
        return Checked(
            record,
            client,
            service.pk if service else None,
            # a code that both lists know is the service
            None if service else product,
            master,
        )

    def _known(self, groups: dict[Key, list[Checked]]) -> dict[Key, Known]:
        found: dict[Key, Known] = {}
        rows: Any = Sale.objects.filter(branch=self.run.branch, code__in={key[0] for key in groups}).values_list(
            "code", "client_id", "on", "pk", "is_imported"
        )
        for code, client, on, pk, is_imported in rows:
            if (code, client, on) in groups:
                found[code, client, on] = Known(pk, is_imported)
        by_pk = {sale.pk: sale for sale in found.values()}
        for pk, position in SaleLine.objects.filter(sale__in=by_pk).values_list("sale_id", "position"):
            by_pk[pk].next_position = max(by_pk[pk].next_position, position + 1)
        return found

    def _old_lines(self, sales: list[int]) -> dict[tuple, list[int]]:
        """Lines of these sales that were there before this run, by what they say."""
        found: dict[tuple, list[int]] = defaultdict(list)
        for pk, sale, *says in (
            SaleLine.objects.filter(sale__in=sales, pk__lte=self.run.lines_before)
            .order_by("pk")
            .values_list("pk", "sale_id", "service_id", "product_id", "master_id", "quantity", "amount")
        ):
            found[sale, *says].append(pk)
        return found

    def _is_there(self, old: dict[tuple, list[int]], sale: Known, line: Checked) -> bool:
        """True once for each line that says the same."""
        return any(self.seen.meet(pk) for pk in old.get((sale.pk, *line.says), ()))

    def _insert_sales(self, groups: list[list[Checked]]) -> None:
        ids = self.sales.allocate(len(groups))
        visits = self._visits(groups)
        # a receipt may be taken back by one of the same chunk
        returned = self._returned(groups) | {
            lines[0].record.receipt: pk for pk, lines in zip(ids, groups, strict=True) if not lines[0].record.refund_of
        }
        rows = []
        for pk, lines in zip(ids, groups, strict=True):
            first = lines[0]
            total, paid, tax = _sums(lines)
            instants = [line.record.sold_at for line in lines if line.record.sold_at]
            rows.append(
                (
                    pk,
                    self.run.branch.pk,
                    first.record.receipt,
                    first.client,
                    first.record.on,
                    min(instants, default=None),
                    visits.get(first.record.appointment),
                    returned.get(first.record.refund_of),
                    total,
                    tax,
                    paid,
                    True,
                )
            )
        self.sales.insert(rows)
        self._insert_lines((pk, 0, lines) for pk, lines in zip(ids, groups, strict=True))

    def _visits(self, groups: list[list[Checked]]) -> dict[str, int]:
        codes = {lines[0].record.appointment for lines in groups} - {""}
        return dict(Appointment.objects.filter(branch=self.run.branch, code__in=codes).values_list("code", "pk"))

    def _returned(self, groups: list[list[Checked]]) -> dict[str, int]:
        codes = {lines[0].record.refund_of for lines in groups} - {""}
        found = Sale.objects.filter(branch=self.run.branch, code__in=codes)
        return dict(found.order_by("pk").values_list("code", "pk"))

    def _insert_lines(self, groups: Iterable[tuple[int, int, list[Checked]]]) -> None:
        self.lines.insert(
            (
                pk,
                position,
                line.service,
                line.product,
                line.master,
                line.record.quantity,
                line.full_amount,
                line.record.discount_kind,
                line.record.discount_label,
                line.full_amount - line.record.amount,
                line.record.amount,
                line.record.tax,
            )
            for pk, first, lines in groups
            for position, line in enumerate(lines, start=first)
        )


def _sums(lines: list[Checked]) -> tuple[Decimal, Decimal, Decimal]:
    """Due, of that paid in money, and tax."""
    return (
        sum((line.record.amount for line in lines), Decimal(0)),
        sum((line.record.amount if line.record.paid is None else line.record.paid for line in lines), Decimal(0)),
        sum((line.record.tax for line in lines), Decimal(0)),
    )
