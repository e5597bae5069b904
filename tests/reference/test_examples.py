"""The second reading held to the worked examples and to the cases worked by hand.

The product's own test runs the same ``CASES`` and ``RHYTHM_CASES`` against the product.
"""

import json
import os
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from tests.reference.cases import CASES, RHYTHM_CASES
from tests.reference.forecast import forecast
from tests.reference.make_case import make_case, write_case
from tests.reference.rhythm import report_rhythm
from tests.reference.salon import read_salon

EXAMPLES = Path(os.environ.get("EXAMPLES_DIR", Path(__file__).parents[2] / ".." / "shared" / "examples"))


def binding(rows):
    """What is binding of each row: all but the occasion and the reason, with the instant as one."""
    keys = ("client", "kind", "purpose", "channel", "language")
    return tuple((*(row[key] for key in keys), datetime.fromisoformat(row["send_at"])) for row in rows)


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_forecast_lists_what_the_worked_example_lists(number):
    folder = EXAMPLES / "forecast" / number
    if not folder.exists():
        print(f"no worked examples in {EXAMPLES}: EXAMPLES_DIR says where they are")
        pytest.skip(f"no worked examples in {EXAMPLES}")
    start, end = map(datetime.fromisoformat, (folder / "window.txt").read_text().split())

    found = forecast(folder, start, end)

    assert binding(found) == binding(json.loads((folder / "expected.json").read_text()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_forecast_lists_what_was_worked_by_hand(case, tmp_path):
    case.write(tmp_path)

    found = forecast(tmp_path, case.start, case.end, case.narrowed)

    assert binding(found) == case.expected, case.rule


@pytest.mark.parametrize("case", RHYTHM_CASES, ids=lambda case: case.name)
def test_rhythm_says_what_was_worked_by_hand(case, tmp_path):
    case.case.write(tmp_path)

    row = report_rhythm(tmp_path, case.today)[0]

    keys = ("visit_days", "last_visit", "rhythm", "silence", "state", "paused")
    assert tuple(row[key] for key in keys) == case.expected, case.rule


def test_cases_have_names_of_their_own_and_rows_that_can_be_used(tmp_path):
    written = [*CASES, *(case.case for case in RHYTHM_CASES)]
    refused = []

    for number, case in enumerate(written):
        folder = tmp_path / str(number)
        folder.mkdir()
        case.write(folder)
        refused += read_salon(folder).rejected

    assert refused == []
    assert [name for name, count in Counter(case.name for case in written).items() if count > 1] == []


def test_made_up_salons_are_the_same_for_the_same_seed_and_can_be_read(tmp_path):
    kinds = set()

    for seed in range(12):
        start, end = write_case(seed, tmp_path / str(seed))
        assert read_salon(tmp_path / str(seed)).rejected == []
        kinds.update(row["kind"] for row in forecast(tmp_path / str(seed), start, end))
        assert make_case(seed) == make_case(seed)

    assert {"feedback", "lashes", "due_soon", "win_back", "birthday", "reminder_24h", "reminder_2h"} <= kinds
