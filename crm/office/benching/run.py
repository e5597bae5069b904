"""All figures of speed.md in one run, each salon in a scratch database of its own."""

import os
import platform
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection

from crm.office.benching import campaign, finding, pages, planning, reports, sending, taking_in, tills
from crm.office.benching.figures import Figure, Times
from crm.office.benching.salon import Salon, open_salon
from crm.office.benching.scratch import scratch_database
from crm.office.exporting import export_salon

# as many times as the large salon is larger than the small one that it is compared with
SMALLER = 10
YEARS = 5
ELSEWHERE = (
    Figure("V9 make run", "from a fresh clone to the first page", note="measured by hand: docs/performance.md"),
    Figure("V10 page weight", "Today on a phone, first visit", note="measured by the tests in a browser"),
)
Tell = Callable[[str], None]
# what is sent and sold changes the salon, so it comes last
MEASURES: dict[str, Callable[[Salon], list[Figure]]] = {
    "reports": reports.measure,
    "slots": finding.slots,
    "pages": pages.measure,
    "planning": planning.measure,
    "tills": tills.measure,
    "sending": sending.measure,
    "campaign": campaign.measure,
}
# asked for by name: it takes a salon of a size that nobody waits for
BY_HAND = {"campaign"}


def run(*, clients: int, now: datetime, tell: Tell, only: str = "") -> dict[str, Any]:
    """The document that `bench --json` prints. Raises NoScratch. `tell` hears what is going on.

    `only`: the figures of one of MEASURES, in a salon with a year behind it.
    """
    today = now.date()
    small = max(1, clients // SMALLER)
    if only:
        tell(f"a salon of {clients} clients")
        with scratch_database():
            figures = list(MEASURES[only](open_salon(clients, years=1, today=today)))
    else:
        with TemporaryDirectory(prefix="regulars-bench-") as folder:
            exported = Path(folder)
            figures = [*_figures(clients, small, today, exported, tell), *_taken_in(exported, now, tell), *ELSEWHERE]
    return {
        "clients": clients,
        "small": small,
        "database": connection.vendor,
        "measured_at": now.isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]},
        # SQLite is the salon on one tablet: its ratios are printed only
        "binding": connection.vendor == "postgresql",
        "figures": [figure.as_json() for figure in figures],
    }


def _figures(clients: int, small: int, today: date, exported: Path, tell: Tell) -> Iterator[Figure]:
    tell(f"a salon of {small} clients to compare with")
    with scratch_database():
        before, due = _growing(open_salon(small, years=YEARS, today=today), planning.DUE)
    tell(f"a salon of {clients} clients")
    with scratch_database():
        salon = open_salon(clients, years=YEARS, today=today)
        after, _due = _growing(salon, due)
        for name, most in (
            ("V1 plan", 1.5),
            ("V3 today", 1.3),
            ("V3 card", 1.3),
            ("V3 calendar", 1.3),
            ("V5 search", 5),
        ):
            large, least = after[name], before[name]
            yield Figure(
                f"{name}, growth", f"time at {clients} over time at {small} clients", large, least,
                large.median / least.median, at_most=most,
            )  # fmt: skip
        for name, measure in MEASURES.items():
            if name not in BY_HAND:
                tell(name)
                yield from measure(salon)
        tell("export")
        export_salon(folder=exported)


def _growing(salon: Salon, due: int) -> tuple[dict[str, Times], int]:
    """What must not grow with the salon, and for how many due clients it was planned."""
    found = {f"V3 {name}": times for name, times in pages.page_times(salon).items()}
    found["V5 search"] = finding.search_times()
    found["V1 plan"], due = planning.planner_times(salon, due)
    return found, due


def _taken_in(exported: Path, now: datetime, tell: Tell) -> list[Figure]:
    tell("import")
    # each branch is a folder of its own
    folders = sorted((path for path in exported.iterdir() if path.is_dir()), key=_size) or [exported]
    with scratch_database():
        return taking_in.measure(folders[-1], now=now)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())
