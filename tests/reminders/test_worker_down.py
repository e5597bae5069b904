"""The worker was down (trust.md, M7): nothing past its last moment goes out, everything still useful does, once."""

import pytest

from reminders.journeys.services import checking, dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Kind, Message
from tests.factories import TODAY, local, make_appointment, make_branch, make_master
from tests.reminders.playing_salon import Transport, play, switch_everything_on
from tests.reminders.salon_day import ELEVEN, days, known, make_due, make_lapsed, make_regular, states_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

BEFORE = local(TODAY, 10, 50)
# the last turn before it went down: its rows stand, and nobody sent them
PLANNED = ELEVEN


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def branch():
    switch_everything_on(ELEVEN - days(200))
    return make_branch("Harbour")


def planned_and_not_sent(*clients) -> None:
    known(*clients, now=BEFORE)
    plan_due(now=BEFORE)
    plan_due(now=PLANNED)


def sent() -> list[tuple[str, object]]:
    return list(Message.objects.filter(state="sent").order_by("sent_at", "pk").values_list("kind", "sent_at"))


@pytest.mark.parametrize(
    ("back", "goes"),
    [
        (local(TODAY, 11, 59), local(TODAY, 11, 59)),
        (local(TODAY, 12), local(TODAY, 12)),
        (local(TODAY, 12, 1), local(TODAY + days(1), 11)),
        (local(TODAY, 15), local(TODAY + days(1), 11)),
    ],
    ids=["59 minutes", "an hour", "61 minutes", "four hours"],
)
def test_row_found_late_goes_within_the_hour_or_at_its_hour_of_the_next_day(branch, transport, back, goes):
    planned_and_not_sent(make_due(branch))

    play(back, ELEVEN + days(3))

    assert sent() == [(Kind.DUE_SOON, goes)]


def test_without_the_missed_hour_it_goes_in_the_afternoon(branch, transport, monkeypatch):
    """The control: the sender asks for the windows of the day only."""
    monkeypatch.setattr(checking, "LATE", days(1))
    planned_and_not_sent(make_due(branch))

    play(local(TODAY, 15), ELEVEN + days(3))

    with pytest.raises(AssertionError):
        assert sent() == [(Kind.DUE_SOON, ELEVEN + days(1))]


@pytest.fixture
def salon(branch):
    """Four who stand in the queue, and one whose reminder falls due while nobody works."""
    due = make_due(branch)
    lapsed = make_lapsed(branch)
    # a present is waiting: the birthday is tomorrow, and ten o'clock of it the last moment
    tomorrow = TODAY + days(1)
    born = make_regular(branch, TODAY - days(12), birth_month=tomorrow.month, birth_day=tomorrow.day)
    comes = make_regular(branch, TODAY - days(12))
    # a day before is 14:00 today, and three hours before it the last moment
    make_appointment(client=comes, master=make_master(branch=branch), starts_at=local(tomorrow, 14))
    planned_and_not_sent(due, lapsed, born, comes)
    return due, lapsed, born, comes


def test_worker_down_for_four_hours(salon, transport):
    due, lapsed, *_others = salon

    play(local(TODAY, 15), ELEVEN + days(2))

    next_eleven = ELEVEN + days(1)
    assert (states_of(due)[Kind.DUE_SOON], states_of(lapsed)[Kind.WIN_BACK]) == (("sent", ""), ("sent", ""))
    gone = dict(sent())
    # reminders know no hour of their own: at once
    assert gone[Kind.REMINDER_24H] == local(TODAY, 15)
    assert (gone[Kind.DUE_SOON], gone[Kind.WIN_BACK]) == (next_eleven, next_eleven)
    assert gone[Kind.BIRTHDAY] == local(TODAY + days(1), 10)
    assert len(transport.sent) == len({letter.idempotency_key for letter in transport.sent}) == Message.objects.count()


def test_worker_down_for_three_days(salon, transport):
    *_others, born, comes = salon
    back = local(TODAY + days(3), 15)

    play(back, back + days(3))

    assert states_of(born)[Kind.BIRTHDAY][0] == "dropped"
    assert states_of(comes)[Kind.REMINDER_24H][0] == "dropped"
    fourth = ELEVEN + days(4)
    assert sorted(sent()) == [(Kind.DUE_SOON, fourth), (Kind.WIN_BACK, fourth)]
    late = [row for row in Message.objects.filter(state="sent") if row.sent_at > row.not_after]
    assert (late, len(transport.sent)) == ([], 2)
