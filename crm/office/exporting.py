"""Everything in the interchange format (contracts.md), so that it can be taken in elsewhere."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crm.booking.models import Appointment, AppointmentService
from crm.care.models import Complaint, Feedback
from crm.catalogue.models import Product, Service, ServiceStretch, Skill
from crm.office.cells import guarded
from crm.office.importing.interchange import FILES
from crm.office.importing.reading import chunked
from crm.people.models import Client, HealthNote, Note
from crm.sales.models import Sale, SaleLine
from crm.team.fields import digits, round_money
from crm.team.models import Branch, Master
from loyalty.points.models import LedgerEntry
from reminders.consent.models import ContactPermission
from reminders.journeys.occasions import APPOINTMENT
from reminders.messages.models import Message

CHUNK = 2_000
# rows of a file, as they are written: None is an empty cell
Rows = Iterable[Sequence[object]]


class ExportRefused(Exception):
    """The folder cannot be written; the message says why."""


def export_salon(*, folder: Path) -> dict[str, int]:
    """Writes the salon into the folder, one subfolder for each branch where there are several.

    Gives the number of rows by file. Files of the same names are replaced whole or not at all.
    The text of health notes is in it, in the clear: the folder has to be kept like the notes.
    """
    written: dict[str, int] = {}
    with _one_moment():
        branches = list(Branch.objects.order_by("pk"))
        if not branches:
            raise ExportRefused(_("There is no branch yet, so there is nothing to write."))
        for branch in branches:
            place = folder if len(branches) == 1 else folder / _file_name(branch)
            for name, count in BranchExport(branch).write(place).items():
                written[str((place / name).relative_to(folder))] = count
    return written


@contextmanager
def _one_moment() -> Iterator[None]:
    """Every file shows the salon at the same instant, while the desk goes on working."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _file_name(branch: Branch) -> str:
    return f"{branch.pk}-{re.sub(r'[^a-z0-9]+', '-', branch.name.casefold()).strip('-') or 'branch'}"


class BranchExport:
    """One branch: its own facts, and the clients that are at home there or were served there."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.zone = ZoneInfo(branch.time_zone)
        self.services = dict(Service.objects.filter(branch=branch).values_list("pk", "code"))
        self.products = dict(Product.objects.filter(branch=branch).values_list("pk", "code"))
        self.masters = dict(Master.objects.filter(branch=branch).values_list("pk", "code"))

    def write(self, folder: Path) -> dict[str, int]:
        sources: dict[str, Callable[[], Rows]] = {
            "branch.csv": self._branch,
            "services.csv": self._services,
            "products.csv": self._products,
            "masters.csv": self._masters,
            "clients.csv": self._clients,
            "appointments.csv": self._appointments,
            "sales.csv": self._sales,
            "notes.csv": self._notes,
            "points.csv": self._points,
            "messages.csv": self._messages,
            "complaints.csv": self._complaints,
            "feedback.csv": self._feedback,
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return {name: _write(folder / name, name, rows()) for name, rows in sources.items()}
        except OSError as error:
            raise ExportRefused(
                _("The folder %(folder)s cannot be written: %(why)s.")
                % {"folder": folder, "why": error.strerror or error}
            ) from error

    # ---- how values are written -----------------------------------------------------------

    def _money(self, amount: Decimal | None) -> str:
        return "" if amount is None else f"{amount:.{max(digits(self.branch.currency), -_exponent(amount))}f}"

    def _moment(self, at: datetime | None) -> str:
        """The local time; with its offset where the clock shows that time twice and this is the second."""
        if at is None:
            return ""
        local = at.astimezone(self.zone)
        written = local if local.fold else local.replace(tzinfo=None)
        return written.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")

    # ---- rows -----------------------------------------------------------------------------

    def _branch(self) -> Rows:
        branch = self.branch
        yield branch.name, branch.time_zone, branch.currency, branch.phone, branch.address

    def _services(self) -> Rows:
        parts: dict[int, list[str]] = defaultdict(list)
        for stretch in ServiceStretch.objects.filter(service__branch=self.branch).order_by("service", "position"):
            parts[stretch.service_id].append(f"{stretch.kind} {stretch.minutes}")
        for service in Service.objects.filter(branch=self.branch).order_by("code"):
            yield (
                service.code,
                service.name,
                service.category,
                service.minutes,
                self._money(service.price),
                service.usual_return_days,
                service.ask_after_days,
                "yes" if service.is_one_off else "",
                ";".join(parts[service.pk]),
                service.buffer_minutes or "",
                "" if service.is_active else "no",
            )

    def _products(self) -> Rows:
        for product in Product.objects.filter(branch=self.branch).order_by("code"):
            yield (
                product.code,
                product.name,
                self._money(product.price),
                self._money(product.cost),
                product.stock,
                product.minimum,
                product.supplier,
                product.brand,
                product.lasts_days,
                "" if product.is_active else "no",
            )

    def _masters(self) -> Rows:
        skills: dict[int, list[str]] = defaultdict(list)
        for master, service in (
            Skill.objects.filter(master__branch=self.branch)
            .order_by("service__code")
            .values_list("master_id", "service__code")
        ):
            skills[master].append(service)
        for master in Master.objects.filter(branch=self.branch).order_by("code"):
            yield master.code, master.name, ";".join(skills[master.pk]), "" if master.is_active else "no"

    def _clients_here(self) -> QuerySet[Client]:
        return Client.objects.filter(
            Q(branch=self.branch)
            | Q(pk__in=Appointment.objects.filter(branch=self.branch).values("client"))
            | Q(pk__in=Sale.objects.filter(branch=self.branch, client__isnull=False).values("client"))
            | Q(pk__in=Complaint.objects.filter(branch=self.branch).values("client"))
        )

    def _clients(self) -> Rows:
        clients = self._clients_here().select_related("referred_by").order_by("code").iterator(chunk_size=CHUNK)
        for chunk in chunked(clients, CHUNK):
            permissions = ContactPermission.objects.in_bulk([client.pk for client in chunk])
            for client in chunk:
                permission = permissions.get(client.pk)
                yield (
                    client.code,
                    client.name,
                    client.phone,
                    client.email,
                    _birthday(client),
                    client.language,
                    client.time_zone,
                    client.preferred_channel,
                    client.address_form,
                    client.gender,
                    client.holidays,
                    _care(permission),
                    _marketing(permission),
                    _status(client),
                    client.referred_by.code if client.referred_by else "",
                    client.source,
                    client.since,
                    client.called,
                    client.drink,
                    client.break_from if client.status == Client.Status.BREAK else None,
                )

    def _appointments(self) -> Rows:
        appointments = (
            Appointment.objects.filter(branch=self.branch)
            .select_related("client")
            .order_by("pk")
            .iterator(chunk_size=CHUNK)
        )
        for chunk in chunked(appointments, CHUNK):
            services: dict[int, list[str]] = defaultdict(list)
            for pk, service in (
                AppointmentService.objects.filter(appointment__in=[one.pk for one in chunk])
                .order_by("appointment", "position")
                .values_list("appointment_id", "service_id")
            ):
                services[pk].append(self.services[service])
            for appointment in chunk:
                yield (
                    appointment.code,
                    appointment.client.code,
                    self.masters[appointment.master_id],
                    ";".join(services[appointment.pk]),
                    self._moment(appointment.starts_at) or appointment.on.isoformat(),
                    appointment.status,
                    appointment.minutes,
                    self._money(appointment.price),
                    self._moment(appointment.booked_at),
                    self._moment(appointment.cancelled_at),
                )

    def _sales(self) -> Rows:
        sales = (
            Sale.objects.filter(branch=self.branch).select_related("client").order_by("pk").iterator(chunk_size=CHUNK)
        )
        for chunk in chunked(sales, CHUNK):
            lines: dict[int, list[SaleLine]] = defaultdict(list)
            for line in SaleLine.objects.filter(sale__in=[sale.pk for sale in chunk]).order_by("sale", "position"):
                lines[line.sale_id].append(line)
            for sale in chunk:
                yield from self._sale(sale, lines[sale.pk])

    def _sale(self, sale: Sale, lines: list[SaleLine]) -> Rows:
        for line, amount in zip(lines, self._in_money(sale, lines), strict=True):
            # a return that gave back points alone is told by its quantity
            is_hidden_return = line.amount < 0 <= amount
            yield (
                sale.code,
                sale.client.code if sale.client else "",
                self.masters[line.master_id] if line.master_id else "",
                sale.on,
                self.services[line.service_id] if line.service_id else self.products[line.product_id],
                _number(-abs(line.quantity) if is_hidden_return else line.quantity),
                self._money(amount),
                f"{sale.sold_at.astimezone(self.zone):%H:%M}" if sale.sold_at else "",
                self._money(line.tax) if line.tax else "",
            )

    def _in_money(self, sale: Sale, lines: list[SaleLine]) -> list[Decimal]:
        """What was paid for each line in money: points are none (rules.md, Reports)."""
        if sale.paid == sale.total or not sale.total:
            return [line.amount for line in lines]
        shares = [round_money(line.amount * sale.paid / sale.total, self.branch.currency) for line in lines]
        shares[-1] += sale.paid - sum(shares)
        return shares

    def _notes(self) -> Rows:
        for model, kind_of in (
            (Note, lambda note: note.kind),
            (HealthNote, lambda _note: "health"),
        ):
            notes = model.objects.filter(client__branch=self.branch).select_related("client", "author").order_by("pk")
            for note in notes.iterator(chunk_size=CHUNK):
                author = note.author_name or (str(note.author) if note.author else "")
                yield (
                    note.client.code,
                    kind_of(note),
                    note.text,
                    note.written_on,
                    getattr(note, "ask_again_on", None),
                    "yes" if getattr(note, "is_pinned", False) else "",
                    author,
                )

    def _points(self) -> Rows:
        entries = (
            LedgerEntry.objects.filter(account__client__branch=self.branch)
            .select_related("account__client", "lot")
            .order_by("pk")
        )
        for entry in entries.iterator(chunk_size=CHUNK):
            lot = getattr(entry, "lot", None)
            yield (
                entry.account.client.code,
                entry.points,
                entry.kind,
                entry.on,
                entry.reason,
                lot.expires_on if lot else None,
            )

    def _messages(self) -> Rows:
        messages = (
            Message.objects.filter(client__branch=self.branch, state__in=Message.GONE)
            .select_related("client")
            .order_by("pk")
        )
        for message in messages.iterator(chunk_size=CHUNK):
            occasion = message.occasion
            if message.kind in APPOINTMENT:
                # the start without the number of the event, which means nothing elsewhere
                occasion = occasion.partition("/")[0]
            yield (
                message.client.code,
                message.kind,
                occasion,
                self._moment(message.sent_at or message.send_at),
                message.channel,
            )

    def _complaints(self) -> Rows:
        complaints = Complaint.objects.filter(branch=self.branch).select_related("client").order_by("pk")
        for complaint in complaints.iterator(chunk_size=CHUNK):
            yield (
                complaint.client.code,
                self._moment(complaint.opened_at),
                complaint.words,
                self._moment(complaint.resolved_at),
                complaint.outcome,
                complaint.category,
            )

    def _feedback(self) -> Rows:
        answers = Feedback.objects.filter(branch=self.branch).select_related("client").order_by("pk")
        for answer in answers.iterator(chunk_size=CHUNK):
            yield (
                answer.client.code,
                answer.visit_on,
                answer.score,
                self._moment(answer.answered_at),
                answer.pleased,
                answer.displeased,
            )


def _write(path: Path, name: str, rows: Rows) -> int:
    columns = FILES[name]
    part = path.with_name(f".{path.name}.part")
    count = 0
    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow((*columns.required, *columns.optional))
        for row in rows:
            writer.writerow(["" if cell is None else guarded(str(cell)) for cell in row])
            count += 1
    part.replace(path)
    return count


def _exponent(amount: Decimal) -> int:
    """The power of ten of the last digit that says something."""
    return min(0, int(amount.normalize().as_tuple().exponent))


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _birthday(client: Client) -> str:
    if client.birth_day is None:
        return ""
    year = f"{client.birth_year:04d}" if client.birth_year else "-"
    return f"{year}-{client.birth_month:02d}-{client.birth_day:02d}"


def _status(client: Client) -> str:
    if client.status != Client.Status.BREAK:
        return str(client.status)
    # a break without a date ends when it ends: only the word is kept
    return "break" if client.break_is_open else f"break:{client.break_until}"


def _care(permission: ContactPermission | None) -> str:
    if permission is None:
        return ""
    if permission.care_refused:
        return "none"
    allowed = [name for name in ("email", "sms", "call") if getattr(permission, f"care_{name}")]
    # an empty cell would say all of them
    return "" if len(allowed) == 3 else ";".join(allowed) or "none"


def _marketing(permission: ContactPermission | None) -> str:
    if permission is None:
        return ""
    return ";".join(name for name in ("email", "sms") if getattr(permission, f"marketing_{name}"))
