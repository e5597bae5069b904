"""A month of the demo salon on a moving clock: what goes out is what an independent reading of rules.md predicts.

The planner and the sender are the product's own; only the transport's edge takes everything. After each stretch of
days the salon goes on: visits are closed and paid, new ones are booked, somebody comes for the first time. Then its
files are written as they stand, and the second reading (tests/reference), which shares no line with the product,
says from them what the coming days will bring.
"""

from datetime import UTC, datetime, timedelta

import pytest

from crm.office.demo import MARK
from crm.office.demo.salon import prepare
from crm.office.exporting.folder import write_branch
from reminders.journeys.services import dispatch
from tests.reference.forecast import KINDS
from tests.reference.forecast import forecast as second_reading
from tests.reminders.playing_salon import Transport, gone, gone_by_now, play

pytestmark = pytest.mark.django_db

# half past midnight in Sarajevo: no hour of any kind has just gone by
BEGINS = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
DAYS = (7, 7, 8, 8)
CLIENTS = 70


def predicted(folder, start, end):
    return sorted(
        (
            row["client"],
            "+".join(sorted(row["kind"].split("+"))),
            row["channel"],
            datetime.fromisoformat(row["send_at"]).astimezone(UTC),
        )
        for row in second_reading(folder, start, end)
    )


def sent(start, end, before):
    """Of the kinds that the interchange format knows of; what is done at the desk or released is told at once.

    `before` are messages that were there: the demo writes down what it has told, up to this very moment.
    """
    return sorted(
        row
        for row in gone(but=before)
        if start <= row[3] < end and row[1].split("+")[0] in KINDS and row[0].startswith(MARK)
    )


def test_a_month_of_the_demo_salon_sends_what_the_second_reading_predicts(tmp_path, monkeypatch):
    monkeypatch.setattr(dispatch, "send", Transport())
    start, kinds = BEGINS, set()
    for days in DAYS:
        end = start + timedelta(days=days)
        branch = prepare(now=start, time_zone="Europe/Sarajevo", clients=CLIENTS).branch
        folder = tmp_path / f"{start:%m-%d}"
        write_branch(branch, folder)
        expected = predicted(folder, start, end)
        before = gone_by_now()

        play(start, end)

        assert sent(start, end, before) == expected
        kinds.update(kind for _client, joined, _channel, _at in expected for kind in joined.split("+"))
        start = end
    # a month in which nothing is due would prove nothing
    assert {
        *("reassurance", "feedback", "lashes", "due_soon", "win_back", "used_up"),
        *("reminder_24h", "reminder_2h"),
    } <= kinds
