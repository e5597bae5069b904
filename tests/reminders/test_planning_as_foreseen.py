"""What the forecast lists is what goes out, to the minute, when the worker runs (rules.md, Forecast)."""

from datetime import UTC, timedelta

import pytest

from reminders.journeys.selectors.forecast import forecast
from reminders.journeys.services import dispatch
from reminders.messages.models import Message
from tests.reminders.playing_salon import Transport, gone, play, switch_everything_on, take_in_known

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


def foreseen(start, end):
    return [
        (entry.code, "+".join(sorted(entry.kind.split("+"))), entry.channel, entry.send_at.astimezone(UTC))
        for entry in forecast(start=start, end=end)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_worker_sends_exactly_what_was_foreseen(seed, tmp_path, transport):
    start, end = take_in_known(seed, tmp_path)
    expected = sorted(foreseen(start, end), key=str)
    switch_everything_on(start)

    play(start, end)

    assert sorted(gone(), key=str) == expected


@pytest.mark.parametrize("seed", range(4, 7))
def test_worker_that_turns_once_a_minute_sends_the_same_within_that_minute(seed, tmp_path, transport):
    start, end = take_in_known(seed, tmp_path)
    expected = sorted(foreseen(start, end), key=str)
    switch_everything_on(start)

    play(start, end, late=timedelta(seconds=41))

    found = sorted(gone(), key=str)
    assert [one[:3] for one in found] == [one[:3] for one in expected]
    lags = [one[3] - other[3] for one, other in zip(found, expected, strict=True)]
    assert all(timedelta(0) <= lag < timedelta(minutes=1) for lag in lags)


def test_nothing_is_planned_while_every_journey_is_off(tmp_path, transport):
    start, end = take_in_known(0, tmp_path)

    play(start, end)

    assert Message.objects.filter(is_imported=False).count() == 0
    assert transport.sent == []
