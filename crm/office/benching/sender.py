"""One sending process of the bench: `bench --sender NOW`. Told to go by a line, it sends what is due and says how."""

import json
import time
from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

from django.db import connection

from crm.office.benching import memory
from reminders.journeys.services.dispatch import send_for

# seconds, as in the worker's turn
A_WHILE = 5.0


def send_when_told(orders: Iterable[str], answers: TextIO, *, now: datetime) -> None:
    """For each line all that is due, as the worker does it; answers with JSON, memory in KiB, time in seconds."""
    connection.ensure_connection()
    answers.write("ready\n")
    answers.flush()
    for _order in orders:
        before = memory.from_here()
        began, busy, sent, is_done = time.perf_counter(), time.process_time(), 0, False
        while not is_done:
            taken, is_done = send_for(A_WHILE, clock=lambda: now)
            sent += taken
        grown = memory.peak() - before
        took = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - busy}
        answers.write(json.dumps({"sent": sent, **took, "grown_kib": grown}) + "\n")
        answers.flush()
