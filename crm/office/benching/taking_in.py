"""V8: an import beside COPY of the same rows."""

import resource
import time
from datetime import datetime
from pathlib import Path

from django.db import connection

from crm.booking.models import Appointment, AppointmentService
from crm.office.benching.figures import Figure, Times
from crm.office.importing import import_folder
from crm.people.models import Client
from crm.sales.models import Sale, SaleLine

TABLES = [model._meta.db_table for model in (Client, Appointment, AppointmentService, Sale, SaleLine)]


def measure(folder: Path, *, now: datetime) -> list[Figure]:
    """Takes this folder into the empty database, once; then the same rows into tables without indexes."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    outcome = import_folder(folder=folder, now=now)
    own = Times((time.perf_counter() - began,))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    floor = Times((sum(_copied(table) for table in TABLES),))
    what = f"{outcome.totals.clients} clients, {outcome.totals.appointments} appointments"
    return [
        Figure(
            "V8 import", what, own, floor, own.median / floor.median, at_most=20,
            note=f"memory grew by {grown} KiB",
        )
    ]  # fmt: skip


def _copied(table: str) -> float:
    """Seconds for writing the rows of this table into a bare one."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE bare AS SELECT * FROM "{table}" LIMIT 0')  # noqa: S608
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" TO STDOUT') as reading:
                rows = [bytes(block) for block in reading]
            began = time.perf_counter()
            with cursor.copy("COPY bare FROM STDIN") as writing:
                for block in rows:
                    writing.write(block)
        else:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows = cursor.fetchall()
            marks = ", ".join(["%s"] * len(cursor.description))
            began = time.perf_counter()
            cursor.executemany(f"INSERT INTO bare VALUES ({marks})", rows)  # noqa: S608
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return took
