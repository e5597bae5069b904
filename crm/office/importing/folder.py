"""A whole folder in one transaction: which format it is, which branch it goes to, what is written in which order."""

from array import array
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from crm.booking.models import Appointment, AppointmentService, Pulse, Visit
from crm.booking.services.pulse import refresh_pulses
from crm.catalogue.models import Product, Service
from crm.office.importing import client_rows, interchange, salon2018
from crm.office.importing.appointments import Appointments
from crm.office.importing.branches import Wanted, settle_branch
from crm.office.importing.catalogue import write_masters, write_products, write_services
from crm.office.importing.files import COLUMNS, MIRRORED
from crm.office.importing.memory import write_complaints, write_feedback, write_notes
from crm.office.importing.outcome import Outcome, Totals
from crm.office.importing.people import Clients
from crm.office.importing.points import write_owed, write_points
from crm.office.importing.reading import ImportRefused, Progress, Row, Table, chunked
from crm.office.importing.rules import Settings
from crm.office.importing.run import Run
from crm.office.importing.said import write_messages
from crm.office.importing.sales import Sales
from crm.office.planner import settle_statistics
from crm.office.visit_facts import write_visits_of_import
from crm.people.models import Client
from crm.sales.models import ReceiptCounter, Sale, SaleLine
from crm.team.models import Branch, Master
from crm.team.selectors import salon_settings
from loyalty.gifts.services import rebuild_pots
from reminders.consent.services import date_consents
from reminders.journeys.services.switching import switch_off_after_import

# told to others who import at the same time
LOCK = 20_181_203


def import_folder(
    *,
    folder: Path,
    now: datetime,
    branch_name: str = "",
    new_branch: str = "",
    time_zone: str = "",
    currency: str = "",
    strict: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Imports the folder as one transaction and says what came of it.

    Raises ImportRefused where nothing of it can be taken: a file that cannot be read or lacks a
    column. `strict`: any rejected row refuses all. `dry_run`: everything is done and then undone,
    so the counts are those that the import would have. `new_branch` is the name of a branch that has
    to be made where nothing names one, else the folder's. `progress` hears how far it is.
    """
    format_, tables, ignored = recognised(folder)
    outcome = Outcome(format=format_, dry_run=dry_run, ignored_files=ignored)
    outcome.unknown_columns = {table.name: table.unknown for table in tables.values() if table.unknown}
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        described = interchange.branch_row(tables["branch.csv"]) if "branch.csv" in tables else {}
        wanted = Wanted(described, branch_name, time_zone, currency, otherwise=new_branch or folder.resolve().name)
        branch, is_new = settle_branch(wanted)
        if is_new and not (described or time_zone):
            outcome.leave_out("", 0, _("No time zone was named: %(zone)s is taken.") % {"zone": branch.time_zone})
        outcome.branch, outcome.currency = branch.name, branch.currency
        for table in tables.values():
            outcome.file(table.name)
            table.progress = progress or table.progress
        run = Run(branch=branch, is_new=is_new, now=now, outcome=outcome)
        write = _write_interchange if format_ == "interchange" else salon2018.write_salon2018
        write(run, tables)
        if progress:
            progress("", 0)
        _settle(run)
        outcome.rejected.sort(key=lambda remark: (list(outcome.files).index(remark.file), remark.line))
        outcome.refused = strict and bool(outcome.rejected)
        if outcome.added:
            outcome.journeys_off = switch_off_after_import(now=now)
        outcome.totals = totals_of(branch)
        if dry_run or outcome.refused:
            transaction.set_rollback(True)
    if outcome.refused and not dry_run:
        standing = Branch.objects.filter(name=branch.name).first()
        outcome.totals = totals_of(standing) if standing else Totals()
    return outcome


def recognised(folder: Path) -> tuple[str, dict[str, Table], list[str]]:
    """The format by file names, its tables with their headers checked, and the files left alone."""
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise ImportRefused(
            _("The folder %(folder)s cannot be read: %(why)s.") % {"folder": folder, "why": error.strerror or error}
        ) from error
    for format_, key_of, columns in (
        ("interchange", _interchange_key, {name: (c.required, c.optional) for name, c in COLUMNS.items()}),
        ("salon2018", salon2018.kind_of, salon2018.COLUMNS),
    ):
        tables: dict[str, Table] = {}
        ignored = []
        for path in paths:
            key = key_of(path.name)
            if key is None or key in tables:
                ignored.append(path.name)
                continue
            required, optional = columns[key]
            tables[key] = Table(path, required=required, optional=optional)
        if tables:
            # in the order in which the format names them: first what others point at
            return format_, {key: tables[key] for key in columns if key in tables}, ignored
    raise ImportRefused(
        _("%(folder)s holds none of the files that can be imported, such as clients.csv or sales.csv.")
        % {"folder": folder}
    )


def _interchange_key(name: str) -> str | None:
    return name.casefold() if name.casefold() in COLUMNS else None


def _write_interchange(run: Run, tables: dict[str, Table]) -> None:
    writers = {
        name: (parse, write)
        for name, parse, write in (
            ("services.csv", interchange.service, write_services),
            ("products.csv", interchange.product, write_products),
            ("masters.csv", interchange.master, write_masters),
            ("clients.csv", client_rows.client, lambda *what: Clients(*what[:2]).write(what[2])),
            ("appointments.csv", interchange.appointment, lambda *what: Appointments(*what[:2]).write(what[2])),
            ("sales.csv", interchange.line, lambda *what: Sales(*what[:2]).write(what[2])),
            ("notes.csv", interchange.note, write_notes),
            ("complaints.csv", interchange.complaint, write_complaints),
            ("feedback.csv", interchange.feedback, write_feedback),
            ("points.csv", interchange.points, write_points),
            ("points_owed.csv", interchange.owed, write_owed),
            ("messages.csv", interchange.message, write_messages),
        )
    }
    run.brings_consents = "consents.csv" in tables
    settings = None
    for name, table in tables.items():
        if name in writers:
            parse, write = writers[name]
            write(run, table.name, interchange.read(run, table, parse))
            continue
        if name == "branch.csv":
            _take_branch(run, table)
        elif name == "settings.csv":
            settings = Settings(run, table)
            settings.take()
        else:
            MIRRORED[name].take(run, table)
    if settings:
        settings.choose_services()


def _take_branch(run: Run, table: Table) -> None:
    """The branch itself is there; its row is counted, and the numbering of its receipts goes on."""
    count = run.outcome.file(table.name)
    for row in table.rows():
        count.read += 1
        if count.read == 1:
            count.imported, count.unchanged = int(run.is_new), int(not run.is_new)
            if run.is_new and isinstance(row, Row) and row.get("last_receipt").isdecimal():
                ReceiptCounter.objects.create(branch=run.branch, last=int(row.get("last_receipt")[:12]))
        else:
            run.outcome.reject(table.name, row.line, _("A folder holds one branch; the first line counts."))


def _settle(run: Run) -> None:
    """What follows from the new facts: visits, breaks, pulses, what is in the gift pots."""
    settle_statistics([Client, Appointment, AppointmentService, Sale, SaleLine])
    write_visits_of_import(appointments_after=run.appointments_before, lines_after=run.lines_before)
    touched = array("q", sorted(run.touched))
    fresh = (
        Q()
        if run.everybody
        else Q(pk__gt=run.clients_before)
        | Q(pk__in=Appointment.objects.filter(pk__gt=run.appointments_before).values("client"))
        | Q(pk__in=SaleLine.objects.filter(pk__gt=run.lines_before).values("sale__client"))
    )
    touched.extend(Client.objects.filter(fresh).order_by("pk").values_list("pk", flat=True).iterator())
    for chunk in chunked(touched, 2_000):
        refresh_pulses(client_ids=chunk, now=run.now)
        date_consents(client_ids=chunk)
    refresh_pulses(client_ids=_end_breaks(run), now=run.now)
    rebuild_pots()


def _end_breaks(run: Run) -> list[int]:
    """A break without a date began with the last counting day; then a person asks (rules.md, Rhythm)."""
    days = timedelta(days=salon_settings().break_default_days)
    away = list(
        Client.objects.filter(pk__gt=run.clients_before, status=Client.Status.BREAK, break_is_open=True).only(
            "pk", "break_until"
        )
    )
    last = dict(Pulse.objects.filter(client__in=away).values_list("client_id", "last_counting_on"))
    for client in away:
        client.break_until = (last.get(client.pk) or run.today) + days
    Client.objects.bulk_update(away, ["break_until"], batch_size=500)
    return [client.pk for client in away]


def totals_of(branch: Branch) -> Totals:
    """What the branch holds now."""
    return Totals(
        clients=Client.objects.filter(branch=branch).count(),
        services=Service.objects.filter(branch=branch).count(),
        products=Product.objects.filter(branch=branch).count(),
        masters=Master.objects.filter(branch=branch).count(),
        appointments=Appointment.objects.filter(branch=branch).count(),
        visits=Visit.objects.filter(branch=branch).count(),
        sales_total=Sale.objects.filter(branch=branch).aggregate(total=Sum("total"))["total"] or Decimal(0),
    )
