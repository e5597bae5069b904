"""Days on which the clock changes (trust.md, B3); instants worked out by hand from the zones' offsets."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from crm.booking.local_time import NoSuchTime, computed_instant, typed_instant

GAPS = [
    # zone, day, a time that is skipped, where it lands in UTC when computed
    ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ("Europe/Sarajevo", date(2026, 3, 29), time(2, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ("America/New_York", date(2026, 3, 8), time(2, 15), datetime(2026, 3, 8, 7, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), datetime(2026, 10, 3, 15, 40, tzinfo=UTC)),
    ("America/Santiago", date(2026, 9, 6), time(0, 30), datetime(2026, 9, 6, 4, 30, tzinfo=UTC)),
    ("Asia/Beirut", date(2026, 3, 29), time(0, 30), datetime(2026, 3, 28, 22, 30, tzinfo=UTC)),
    ("Africa/Cairo", date(2026, 4, 24), time(0, 30), datetime(2026, 4, 23, 22, 30, tzinfo=UTC)),
]
FOLDS = [
    # zone, day, a time that comes twice, the first of the two in UTC
    ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ("America/New_York", date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "on", "at", "lands"), GAPS)
def test_a_typed_time_in_the_gap_is_refused_and_a_computed_one_moves_forward(zone, on, at, lands):
    with pytest.raises(NoSuchTime):
        typed_instant(on, at, ZoneInfo(zone))
    assert computed_instant(on, at, ZoneInfo(zone)) == lands


@pytest.mark.parametrize(("zone", "on", "at", "first"), FOLDS)
def test_a_time_that_comes_twice_is_the_first_unless_an_offset_says_otherwise(zone, on, at, first):
    assert typed_instant(on, at, ZoneInfo(zone)) == first
    assert computed_instant(on, at, ZoneInfo(zone)) == first


def test_an_offset_chooses_the_second_of_two():
    second = typed_instant(
        date(2026, 10, 25), time(2, 30, tzinfo=timezone(timedelta(hours=1))), ZoneInfo("Europe/Berlin")
    )
    assert second == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Asia/Riyadh", "Asia/Kathmandu"])
def test_zones_without_changes_keep_every_hour(zone):
    for on in (date(2026, 3, 29), date(2026, 10, 25)):
        assert typed_instant(on, time(2, 30), ZoneInfo(zone)).astimezone(ZoneInfo(zone)).time() == time(2, 30)
