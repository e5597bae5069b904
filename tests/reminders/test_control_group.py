"""Who is held back for comparison: drawn by a kept seed, as if nothing had been said to her (rules.md, Effect)."""

from datetime import timedelta

import pytest

from crm.care.models import Call
from reminders.journeys.drawing import Control
from reminders.journeys.models import Journey
from reminders.journeys.selectors.forecast import forecast
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Kind, Message
from tests.factories import make_branch
from tests.reminders.playing_salon import Transport, switch_everything_on, turn
from tests.reminders.salon_day import ELEVEN, days, known, make_due, make_lapsed, states_of

pytestmark = pytest.mark.django_db

BEFORE = ELEVEN - timedelta(hours=2)


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def branch():
    switch_everything_on(ELEVEN - days(200))
    return make_branch("Harbour")


def hold_back(kind: str, percent: int, seed: str = "kept") -> None:
    Journey.objects.filter(kind=kind).update(control_percent=percent, control_seed=seed)


def half_of(kind: str, *, held: bool, seed: str = "kept") -> list[str]:
    """Codes that the seed draws, or does not."""
    control = Control(f"{kind} {seed}", 50)
    return [code for code in map("K{:03}".format, range(40)) if control.holds_back(code) == held]


def test_the_draw_is_the_same_again_and_a_larger_share_keeps_whom_it_had():
    codes = [f"K{number}" for number in range(2000)]
    tenth = {code for code in codes if Control("s", 10).holds_back(code)}

    assert {code for code in codes if Control("s", 10).holds_back(code)} == tenth
    assert tenth < {code for code in codes if Control("s", 20).holds_back(code)}
    # 200 expected, standard deviation 13.4: four of them either side
    assert 146 <= len(tenth) <= 254
    assert tenth != {code for code in codes if Control("other", 10).holds_back(code)}
    assert [code for code in codes if Control("s", 0).holds_back(code)] == []


def test_held_back_gets_a_row_of_its_moment_and_nothing_goes_out(branch, transport):
    hold_back(Kind.DUE_SOON, 50)
    held = make_due(branch, code=half_of(Kind.DUE_SOON, held=True)[0])
    sent = make_due(branch, code=half_of(Kind.DUE_SOON, held=False)[0])
    known(held, sent, now=BEFORE)

    turn(BEFORE)
    turn(ELEVEN)
    turn(ELEVEN + days(1))

    assert states_of(held) == {Kind.DUE_SOON: ("control", "held_back")}
    assert states_of(sent) == {Kind.DUE_SOON: ("sent", "")}
    row = Message.objects.get(client=held)
    assert (row.send_at, row.sent_at, row.channel) == (ELEVEN, None, "email")
    assert [each.to for each in transport.sent] == [sent.email]


def test_forecast_leaves_out_who_is_held_back(branch):
    hold_back(Kind.DUE_SOON, 50)
    held = make_due(branch, code=half_of(Kind.DUE_SOON, held=True)[0])
    sent = make_due(branch, code=half_of(Kind.DUE_SOON, held=False)[0])
    known(held, sent, now=BEFORE)

    found = forecast(start=BEFORE, end=BEFORE + days(1))

    assert [(entry.code, entry.kind) for entry in found] == [(sent.code, Kind.DUE_SOON)]


def test_who_is_held_back_has_no_second_win_back_and_no_call(branch, transport):
    hold_back(Kind.WIN_BACK, 50)
    held = make_lapsed(branch, code=half_of(Kind.WIN_BACK, held=True)[0], email="", phone="+38761000001")
    known(held, now=BEFORE)

    for day in (0, 45, 46):
        turn(ELEVEN + days(day))

    assert states_of(held) == {Kind.WIN_BACK: ("control", "held_back")}
    assert not Call.objects.exists()


def test_the_cap_counts_nothing_that_was_held_back(branch, transport):
    hold_back(Kind.WIN_BACK, 50)
    # her birthday is in seven days, as the win-back falls due: its hour is ten
    born = {"birth_month": (ELEVEN + days(8)).month, "birth_day": (ELEVEN + days(8)).day}
    held = make_lapsed(branch, code=half_of(Kind.WIN_BACK, held=True)[0], **born)
    sent = make_lapsed(branch, code=half_of(Kind.WIN_BACK, held=False)[0], **born)
    known(held, sent, now=BEFORE)

    turn(ELEVEN)
    turn(ELEVEN + days(1) - timedelta(hours=1))

    assert states_of(held)[Kind.BIRTHDAY] == ("sent", "")
    assert Kind.BIRTHDAY not in states_of(sent)


def test_a_share_that_is_raised_before_it_goes_is_heeded_at_the_moment_of_sending(branch, transport):
    held = make_due(branch, code=half_of(Kind.DUE_SOON, held=True)[0])
    known(held, now=BEFORE)
    plan_due(now=ELEVEN)
    assert states_of(held) == {Kind.DUE_SOON: ("planned", "")}
    hold_back(Kind.DUE_SOON, 50)

    turn(ELEVEN)

    assert states_of(held) == {Kind.DUE_SOON: ("control", "held_back")}
    assert transport.sent == []
