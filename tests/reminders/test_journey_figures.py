"""The owner's figures move what is foreseen, what is planned and what is sent alike."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse

from crm.team.models import User
from loyalty.points.models import LoyaltySettings
from reminders.journeys.models import Journey, Watch
from reminders.journeys.selectors.forecast import forecast
from reminders.journeys.services import dispatch
from reminders.journeys.terms import AS_IN_THE_RULES, ROWS, Terms
from reminders.messages.models import Kind
from tests.factories import make_branch, make_client, make_service, make_user
from tests.reference.cases.case import appointment, case, client, complained, points, told, visit
from tests.reminders.playing_salon import Transport, gone, play, switch_everything_on
from tests.stories.test_forecast import take_in

pytestmark = pytest.mark.django_db

# by hand, in Sarajevo in March (+01:00), with the figures of `changed` below
SALON = case(
    "every figure changed",
    "",
    "2026-03-05T10:00 2026-03-08T00:00",
    """
    C second_win_back marketing email en 2026-03-05T11:00+01:00
    G reassurance care email en 2026-03-05T13:30+01:00
    H reminder_24h service email en 2026-03-05T14:00+01:00
    D birthday marketing email en 2026-03-06T09:30+01:00
    B win_back marketing email en 2026-03-06T12:15+01:00
    E feedback care email en 2026-03-06T13:00+01:00
    F lashes care email en 2026-03-06T16:00+01:00
    I thanks care email en 2026-03-06T17:00+01:00
    H reminder_2h service email en 2026-03-07T11:00+01:00
    G feedback care email en 2026-03-07T13:00+01:00
    A due_soon marketing sms en 2026-03-07T15:30+01:00
    J points_expiring service email en 2026-03-07T18:00+01:00
    """,
    clients=tuple(client(code, birthday="1990-03-15" if code == "D" else "") for code in "ABCDEFGHIJ"),
    visits=(
        # due 25 days later, on 7 March
        visit("2026-02-10"),
        # late up to 75 days: 6 March is day 76
        visit("2025-12-20", who="B"),
        visit("2025-11-25", who="C"),
        visit("2026-01-15", who="D"),
        visit("2026-03-04", who="E"),
        # her feedback of 3 March could go until the 4th only
        visit("2026-03-01", "LASH", who="F"),
        visit("2026-03-05", who="G", time="09:30"),
    ),
    appointments=(appointment("2026-03-07T14:00", who="H"),),
    messages=(told("win_back", "2025-11-25", "2026-02-03T11:00", who="C"),),
    complaints=(complained("2026-03-02", "2026-03-03", who="I"),),
    lots=(points(50, "2025-09-01", "2026-03-20", who="J"),),
)


def changed():
    """Each figure that there is, away from its default."""
    for kind, figures in {
        "reassurance": {"wait": 4},
        "feedback": {"wait": 2, "hour": time(13), "lasts": 1},
        "lashes": {"hour": time(16)},
        "due_soon": {"hour": time(15, 30), "way": "sms_first"},
        "win_back": {"hour": time(12, 15)},
        "second_win_back": {"wait": 30},
        "birthday": {"wait": 9, "hour": time(9, 30)},
        "reminder_24h": {"wait": 48},
        "reminder_2h": {"wait": 3},
        "points_expiring": {"hour": time(18)},
        "thanks": {"wait": 3, "hour": time(17)},
    }.items():
        Journey.objects.filter(kind=kind).update(**figures)
    LoyaltySettings.objects.update_or_create(pk=1, defaults={"notice_days": 13})


def test_changed_figures_are_foreseen_and_sent_alike(tmp_path, monkeypatch):
    SALON.write(tmp_path)
    take_in(tmp_path)
    changed()
    monkeypatch.setattr(dispatch, "send", Transport())
    start, end = SALON.start.astimezone(UTC), SALON.end.astimezone(UTC)
    foreseen = [(one.code, one.kind, one.channel, one.send_at) for one in forecast(start=start, end=end)]
    switch_everything_on(start)

    play(start, end)

    by_hand = sorted((code, kind, channel, at) for code, kind, _purpose, channel, _language, at in SALON.expected)
    assert sorted(foreseen) == by_hand
    assert sorted(gone()) == by_hand


@pytest.mark.parametrize(
    ("kind", "wait", "hour", "lasts"),
    [
        ("reassurance", timedelta(hours=2), None, timedelta(hours=24)),
        ("feedback", timedelta(days=1), time(12), timedelta(days=3)),
        ("lashes", None, time(11), timedelta(days=4)),
        ("due_soon", None, time(11), timedelta(days=10)),
        ("win_back", None, time(11), timedelta(days=30)),
        ("second_win_back", timedelta(days=45), time(11), timedelta(days=30)),
        ("birthday", timedelta(days=7), time(10), None),
        ("reminder_24h", timedelta(hours=24), None, timedelta(hours=3)),
        ("reminder_2h", timedelta(hours=2), None, timedelta(minutes=45)),
        ("points_expiring", None, time(11), None),
        ("card_review", None, time(11), None),
        ("thanks", timedelta(days=1), time(11), timedelta(days=7)),
    ],
)
def test_figures_that_nobody_moved_are_those_of_the_rules(kind, wait, hour, lasts):
    figures, row = AS_IN_THE_RULES[kind], ROWS[Kind(kind)]

    assert figures == Terms(wait or timedelta(0), hour, lasts or timedelta(0), "hers")
    assert (row.wait is None, row.hour, row.lasts is None) == (wait is None, hour, lasts is None)


@pytest.fixture
def owner(client):
    user = make_user(User.Role.OWNER, branch=make_branch())
    client.force_login(user)
    return user


def page_of(kind):
    return reverse("admin:reminders_journey_change", args=[Journey.objects.get(kind=kind).pk])


VOUCHER = {
    "win_back_percent": "50",
    "win_back_once_days": "365",
    "win_back_book_days": "30",
    "win_back_visit_days": "60",
}


def test_voucher_of_a_journey_is_edited_where_the_journey_is(client, owner):
    make_service(branch=owner.branch)
    brows = make_service(branch=owner.branch)

    client.post(
        page_of("win_back"),
        {"way": "hers", "control_percent": "0", **VOUCHER}
        | {"win_back_percent": "30", "win_back_services": [brows.pk], "win_back_quiet_only": "on"},
    )

    rules = LoyaltySettings.objects.get()
    assert (rules.win_back_percent, rules.win_back_quiet_only, rules.win_back_visit_days) == (30, True, 60)
    assert list(rules.win_back_services.all()) == [brows]
    assert rules.history.count() == 2
    # shown again as it was kept
    assert client.get(page_of("win_back")).context["adminform"].form.initial["win_back_services"] == [brows]


def test_voucher_out_of_bounds_is_refused_and_nothing_is_kept(client, owner):
    page = client.post(
        page_of("win_back"), {"way": "hers", "control_percent": "9", **VOUCHER, "win_back_percent": "101"}
    )

    assert "win_back_percent" in page.context["adminform"].form.errors
    assert Journey.objects.get(kind="win_back").control_percent == 0


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("second_win_back", {"voucher_prolong_days"}),
        ("birthday", {"birthday_on", "birthday_before_days", "birthday_after_days", "birthday_services"}),
        ("due_soon", set()),
    ],
)
def test_journey_asks_only_for_what_it_gives(client, owner, kind, fields):
    asked = set(client.get(page_of(kind)).context["adminform"].form.fields)

    assert asked - {"wait", "hour", "lasts", "way", "otherwise", "control_percent"} == fields


def test_owner_moves_a_figure_and_everybody_is_looked_at_anew(client, owner):
    guest = make_client(branch=owner.branch)
    Watch.objects.create(client=guest, look_at=datetime(2040, 1, 1, tzinfo=UTC))
    Journey.objects.filter(kind="win_back").update(is_on=True)

    client.post(
        page_of("win_back"),
        {"hour": "12:30", "lasts": "20", "way": "email_only", "control_percent": "10", **VOUCHER},
    )

    journey = Journey.objects.get(kind="win_back")
    assert (journey.hour, journey.lasts, journey.way, journey.control_percent) == (time(12, 30), 20, "email_only", 10)
    assert (journey.is_on, journey.history.count()) == (True, 1)
    assert Watch.objects.get().look_at < datetime(2040, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "given", "field", "words"),
    [
        ("win_back", {"hour": "21:00"}, "hour", "Messages go out from 09:00 to 20:00"),
        ("win_back", {"lasts": "91"}, "lasts", "Between 1 and 90, please."),
        ("reminder_24h", {"wait": "11"}, "wait", "Between 12 and 72, please."),
        ("win_back", {"control_percent": "51"}, "control_percent", "50"),
    ],
)
def test_figure_out_of_bounds_is_refused_with_a_sentence(client, owner, kind, given, field, words):
    page = client.post(page_of(kind), {"way": "hers", "control_percent": "0", **given})

    assert words in str(page.context["adminform"].form.errors[field])


def test_nobody_is_kept_from_care(client, owner):
    page = client.get(page_of("feedback"))
    client.post(page_of("feedback"), {"wait": "1", "way": "hers", "control_percent": "10"})

    assert "control_percent" not in page.context["adminform"].form.fields
    assert Journey.objects.get(kind="feedback").control_percent == 0
