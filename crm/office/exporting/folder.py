"""Everything in the interchange format (contracts.md), so that it can be taken in elsewhere."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm.office.cells import guarded
from crm.office.exporting.history import History
from crm.office.exporting.records import Records, Rows
from crm.office.importing.files import COLUMNS, MIRRORS
from crm.office.importing.rules import settings_rows
from crm.office.place import Place
from crm.team.models import Branch


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
            for name, count in write_branch(branch, place).items():
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


def files_of(branch: Branch) -> dict[str, Callable[[], Rows]]:
    """Every file of a branch's folder, and what gives its rows."""
    place = Place(branch)
    records, history = Records(place), History(place)
    named: dict[str, Callable[[], Rows]] = {
        "branch.csv": records.branch_row,
        "services.csv": records.services,
        "products.csv": records.products,
        "masters.csv": records.masters,
        "clients.csv": records.clients,
        "appointments.csv": history.appointments,
        "sales.csv": history.sales,
        "notes.csv": history.notes,
        "points.csv": history.points,
        "points_owed.csv": history.points_owed,
        "messages.csv": history.messages,
        "complaints.csv": history.complaints,
        "feedback.csv": history.feedback,
        "settings.csv": partial(settings_rows, branch),
    }
    return named | {mirror.name: partial(mirror.rows, place) for mirror in MIRRORS}


def write_branch(branch: Branch, folder: Path) -> dict[str, int]:
    """Writes the branch's files; gives the number of rows of each. Raises ExportRefused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return {name: _write(folder / name, name, rows()) for name, rows in files_of(branch).items()}
    except OSError as error:
        raise ExportRefused(
            _("The folder %(folder)s cannot be written: %(why)s.") % {"folder": folder, "why": error.strerror or error}
        ) from error


def _write(path: Path, name: str, rows: Rows) -> int:
    columns = COLUMNS[name]
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
