"""Every client's rhythm beside an independent reading of rules.md (tests/reference)."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from crm.office.exporting import export_salon
from crm.office.importing import import_folder
from tests.reference.rhythm import report_rhythm

pytestmark = pytest.mark.django_db

REAL = Path(os.environ.get("SALON2018_DIR", "../shared/data/salon2018"))
EXAMPLES = Path(os.environ.get("EXAMPLES_DIR", "../shared/examples"))


def rhythm(today):
    out = StringIO()
    call_command("report", "rhythm", today=today, json=True, stdout=out)
    return json.loads(out.getvalue())


def test_rhythm_of_the_real_salon_is_that_of_the_second_reading(tmp_path):
    if not REAL.is_dir():
        pytest.skip(f"the salon's export of 2018 is not at {REAL} (SALON2018_DIR names another place)")
    import_folder(folder=REAL, now=datetime(2019, 6, 1, tzinfo=UTC), time_zone="America/Vancouver", currency="CAD")
    export_salon(folder=tmp_path)

    found = rhythm(date(2018, 7, 30))

    assert len([row for row in found if row["state"] is not None]) == 766
    assert found == report_rhythm(tmp_path, date(2018, 7, 30))
    for day in (date(2018, 4, 30), date(2019, 1, 15), date(2020, 3, 1)):
        assert rhythm(day) == report_rhythm(tmp_path, day)


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_example_comes_in_whole_and_its_rhythm_is_that_of_the_second_reading(number):
    folder = EXAMPLES / "forecast" / number
    if not folder.is_dir():
        pytest.skip(f"the worked examples are not at {EXAMPLES} (EXAMPLES_DIR names another place)")
    start = datetime.fromisoformat((folder / "window.txt").read_text().split()[0])

    outcome = import_folder(folder=folder, now=start)

    assert (outcome.rejected, outcome.left_out, outcome.unknown_columns) == ([], [], {})
    for days in (-400, -60, 0, 30, 200):
        today = start.date() + timedelta(days=days)
        assert rhythm(today) == report_rhythm(folder, today)
