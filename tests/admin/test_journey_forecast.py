"""The forecast as a page: by day and kind, leafed through without asking the rules again, what is off marked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from crm.team.models import User
from reminders.consent.models import MessageSettings
from reminders.journeys import admin as office
from reminders.journeys.models import Journey
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

    def found(**window):
        asked.append(window)
        return [one] * 150 + [other] * 100

    monkeypatch.setattr(office, "forecast", found)
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


def test_what_is_off_is_marked_and_an_sms_says_its_cost(client, looks):
    Journey.objects.filter(kind="due_soon").update(is_on=True)
    MessageSettings.objects.update_or_create(pk=1, defaults={"sms_price": Decimal("0.10")})

    invitation = page_of(client, "?kind=due_soon")["by_day"][0][1][0]
    sms = page_of(client, "?kind=win_back")["by_day"][0][1][0]

    assert (invitation["is_off"], invitation["cost"]) == (False, "")
    assert (sms["is_off"], Decimal(sms["cost"]) >= Decimal("0.10")) == (True, True)
