"""What the product foresees, beside an independent reading of rules.md.

The cases are worked by hand (tests/reference/cases), the salons of the examples come with
what must come out, and the seeded ones compare two readings that share no line.
"""

import json
import os
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Q

from reminders.consent.models import NarrowedWindow
from reminders.journeys.models import Journey
from reminders.messages.models import Message
from tests.reference.cases import CASES, RHYTHM_CASES
from tests.reference.forecast import forecast as second_reading
from tests.reference.make_case import write_case

pytestmark = pytest.mark.django_db

EXAMPLES = Path(os.environ.get("EXAMPLES_DIR", "../shared/examples"))
SEEDS = range(12)
BINDING = ("client", "kind", "purpose", "channel", "language")


def take_in(folder: Path) -> dict:
    out = StringIO()
    call_command("import_salon", str(folder), "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["rejected"] == []
    return report


def narrow(rows) -> None:
    """Writes the owner's windows down: weekday,first,last,rest or only,from,until."""
    for number, row in enumerate(rows):
        weekday, first, last, how, begins, ends = (text or None for text in row.split(","))
        NarrowedWindow.objects.create(
            name=f"window {number}", weekday=weekday, first_on=first, last_on=last, how=how, begins=begins, ends=ends
        )


def foreseen(start: datetime, end: datetime) -> list[tuple]:
    out = StringIO()
    call_command("forecast", f"--from={start.isoformat()}", f"--to={end.isoformat()}", "--json", stdout=out)
    return [binding(entry) for entry in json.loads(out.getvalue())]


def binding(entry: dict) -> tuple:
    return (*(entry[name] for name in BINDING), datetime.fromisoformat(entry["send_at"]).astimezone(UTC))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_forecast_of_a_case_worked_by_hand(case, tmp_path):
    case.write(tmp_path)
    take_in(tmp_path)
    narrow(case.narrowed)

    found = foreseen(case.start, case.end)

    expected = [(*entry[:5], entry[5].astimezone(UTC)) for entry in case.expected]
    assert found == expected


@pytest.mark.parametrize("example", ["1", "2", "3"])
def test_forecast_of_an_example_is_what_must_come_out(example):
    folder = EXAMPLES / "forecast" / example
    if not folder.is_dir():
        pytest.skip(f"the worked examples are not at {EXAMPLES}")
    take_in(folder)
    start, end = (datetime.fromisoformat(text) for text in (folder / "window.txt").read_text().split())

    found = foreseen(start, end)

    assert found == [binding(entry) for entry in json.loads((folder / "expected.json").read_text())]


@pytest.mark.parametrize("seed", SEEDS)
def test_forecast_agrees_with_the_second_reading(seed, tmp_path):
    start, end = write_case(seed, tmp_path)
    take_in(tmp_path)

    found = foreseen(start, end)

    assert found == [binding(entry) for entry in second_reading(tmp_path, start, end)]


# Friday prayer, a closed Sunday, an evening, a month of afternoons, and days closed in the middle of it
NARROWED = [
    ("4,,,rest,10:30,14:00", "6,,,rest,,"),
    ("6,,,only,15:00,18:00", "2,,,only,09:00,10:00"),
    (",2026-01-01,2027-12-31,only,12:30,19:00", "0,,,rest,12:00,16:00"),
    ("1,,,rest,,", "2,,,rest,,", "5,,,rest,09:00,12:00"),
]


@pytest.mark.parametrize("seed", range(8))
def test_narrowed_windows_agree_with_the_second_reading(seed, tmp_path):
    start, end = write_case(100 + seed, tmp_path)
    take_in(tmp_path)
    rows = NARROWED[seed % len(NARROWED)]
    narrow(rows)

    found = foreseen(start, end)

    assert found == [binding(entry) for entry in second_reading(tmp_path, start, end, rows)]


@pytest.mark.parametrize("rhythm_case", RHYTHM_CASES, ids=lambda entry: entry.name)
def test_rhythm_of_a_case_worked_by_hand(rhythm_case, tmp_path):
    rhythm_case.case.write(tmp_path)
    take_in(tmp_path)
    out = StringIO()

    call_command("report", "rhythm", f"--today={rhythm_case.today.isoformat()}", "--json", stdout=out)

    row = next(row for row in json.loads(out.getvalue()) if row["client"] == "A")
    names = ("visit_days", "last_visit", "rhythm", "silence", "state", "paused")
    assert tuple(row[name] for name in names) == rhythm_case.expected


def test_forecast_writes_nothing(tmp_path):
    start, end = write_case(1, tmp_path)
    take_in(tmp_path)

    foreseen(start, end)

    assert not Message.objects.filter(is_imported=False).exists()
    assert not Journey.objects.filter(Q(is_on=True) | Q(forecast_seen_at__isnull=False)).exists()
