"""The forecast as a page: by day and kind, kept with its moment, worked out by a worker where the salon is large."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from crm.office.effects.expecting import expected_words
from crm.office.journeys import services, views
from crm.office.journeys.services import begin_forecast, work_out, work_out_forecasts
from crm.team.models import User
from reminders.consent.models import MessageSettings
from reminders.journeys.models import ForecastRun, Journey
from reminders.journeys.selectors.forecast import Foreseen
from tests.factories import make_branch, make_client, make_user

pytestmark = pytest.mark.django_db

ELEVEN = datetime(2026, 6, 10, 11, 0, tzinfo=UTC)


@pytest.fixture
def owner(client):
    user = make_user(User.Role.OWNER, branch=make_branch())
    client.force_login(user)
    cache.clear()
    return user


@pytest.fixture
def looks(monkeypatch, owner):
    """150 invitations of one day by mail, and 100 win-backs of the next by SMS; the list counts the looks."""
    guest = make_client(branch=owner.branch)
    one = Foreseen(guest.pk, guest.code, "due_soon", "marketing", "email", "en", ELEVEN, "2026-05-01", "due")
    other = replace(one, kind="win_back", channel="sms", send_at=ELEVEN + timedelta(days=1), reason="lapsed")
    asked = []

    def found(ids, **window):
        asked.append(window)
        yield 1, [one] * 150 + [other] * 100

    monkeypatch.setattr(services, "foreseen_in_chunks", found)
    return asked


def page_of(client, query=""):
    return client.get(reverse("admin:reminders_journey_forecast") + query).context


def test_pages_are_leafed_through_in_what_one_look_has_found(client, looks):
    first = page_of(client)
    last = page_of(client, "?page=3")

    assert sum(len(rows) for _day, rows in first["by_day"]) == 100
    assert sum(len(rows) for _day, rows in last["by_day"]) == 50
    assert len(looks) == 1


def test_day_and_kind_are_counted_and_chosen(client, looks):
    table = page_of(client)["table"]
    some = page_of(client, "?kind=win_back&day=2026-06-11")

    counts = {row["kind"]: [count for _day, count in row["counts"]] for row in table["rows"]}
    assert counts == {"due_soon": [150, 0], "win_back": [0, 100]}
    assert some["total"] == 100


def test_words_of_many_kinds_and_languages_are_read_in_one_go(
    client, looks, owner, monkeypatch, django_assert_num_queries
):
    guest = make_client(branch=owner.branch)
    many = [
        Foreseen(guest.pk, guest.code, kind, "care", "sms", language, ELEVEN, "2026-06-09", "due")
        for kind in ("feedback", "lashes", "due_soon", "win_back", "reminder_24h", "thanks")
        for language in ("en", "ru", "bs", "ar")
    ]
    monkeypatch.setattr(services, "foreseen_in_chunks", lambda ids, **window: iter([(1, many)]))
    page_of(client)

    with django_assert_num_queries(20):
        page_of(client, "?page=1")


def test_what_is_off_is_marked_and_an_sms_says_its_cost(client, looks):
    Journey.objects.filter(kind="due_soon").update(is_on=True)
    MessageSettings.objects.update_or_create(pk=1, defaults={"sms_price": Decimal("0.10")})

    invitation = page_of(client, "?kind=due_soon")["by_day"][0][1][0]
    sms = page_of(client, "?kind=win_back")["by_day"][0][1][0]

    assert (invitation["is_off"], invitation["cost"]) == (False, "")
    assert (sms["is_off"], Decimal(sms["cost"]) >= Decimal("0.10")) == (True, True)


def test_a_message_that_joins_two_is_counted_and_found_for_each(client, looks, owner, monkeypatch):
    guest = make_client(branch=owner.branch)
    both = Foreseen(guest.pk, guest.code, "reassurance+feedback", "care", "email", "en", ELEVEN, "2026-06-09", "due")
    monkeypatch.setattr(services, "foreseen_in_chunks", lambda ids, **window: iter([(1, [both])]))

    counts = {row["kind"]: row["count"] for row in page_of(client)["kinds"]}

    assert (counts["reassurance"], counts["feedback"], counts["thanks"]) == (1, 1, 0)
    assert [page_of(client, f"?kind={kind}")["total"] for kind in ("reassurance", "feedback", "feed")] == [1, 1, 0]


def test_large_salon_is_worked_out_by_a_worker_and_shown_as_of_then(client, looks, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 0)
    url = reverse("admin:reminders_journey_forecast")

    before = client.get(url)
    client.post(reverse("admin:reminders_journey_work_out"), {"days": "7"})
    waiting = client.get(url)
    client.post(reverse("admin:reminders_journey_work_out"), {"days": "7"})
    worked = work_out_forecasts(now=ELEVEN)
    done = client.get(url)

    assert (before.context["run"], before.context["busy"]) == (None, None)
    assert waiting.context["busy"].state == "waiting"
    # pressed twice it is one look
    assert (worked, len(looks)) == (1, 1)
    run = ForecastRun.objects.get()
    assert (done.context["run"], done.context["total"], run.done, run.total) == (run, 250, 1, 1)
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_of_two_workers_one_works_a_look_out_and_a_new_one_takes_the_place_of_the_old(looks):
    first = begin_forecast(days=7, now=ELEVEN)

    assert [work_out(run=first, now=ELEVEN), work_out(run=first, now=ELEVEN)] == [True, False]

    second = begin_forecast(days=7, now=ELEVEN + timedelta(hours=1))
    work_out(run=second, now=ELEVEN)
    assert list(ForecastRun.objects.values_list("pk", "state")) == [(second.pk, "done")]
    assert second.entries.count() == 250


def test_look_whose_worker_died_is_begun_anew_and_one_that_fails_says_so(looks, monkeypatch, client):
    run = begin_forecast(days=7, now=ELEVEN)
    ForecastRun.objects.filter(pk=run.pk).update(state="running", claimed_at=ELEVEN, done=500)

    assert work_out_forecasts(now=ELEVEN + timedelta(minutes=59)) == 0
    assert work_out_forecasts(now=ELEVEN + timedelta(minutes=61)) == 1
    assert ForecastRun.objects.get().done == 1

    def broken(ids, **window):
        raise ZeroDivisionError

    monkeypatch.setattr(services, "foreseen_in_chunks", broken)
    monkeypatch.setattr(views, "AT_ONCE", 0)
    begin_forecast(days=7, now=ELEVEN)
    work_out_forecasts(now=ELEVEN)
    page = page_of(client)
    assert (page["has_failed"], page["total"]) == (True, 250)


@pytest.mark.parametrize(
    ("brought", "count", "words"),
    [
        (None, 10, ""),
        ({"visits": 0.1, "margin": 2.5, "is_clear": True}, 0, ""),
        ({"visits": 0.1, "margin": 2.5, "is_clear": False}, 40, "may be chance"),
        # 40 x 2.5 - 30; 40 x 0.1
        ({"visits": 0.1, "margin": 2.5, "is_clear": True}, 40, "70.00 and 4 visits more"),
        ({"visits": 0.1, "margin": -2.5, "is_clear": True}, 40, "loses money"),
    ],
)
def test_what_it_may_bring_is_one_sentence(brought, count, words):
    said = expected_words(brought, count, "BAM", fixed=Decimal(30))

    assert words in said
    assert bool(said) == bool(words)
