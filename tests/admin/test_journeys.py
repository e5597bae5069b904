"""A journey is switched on from the forecast and from nowhere else."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.team.models import User
from reminders.journeys.models import Journey
from tests.factories import make_branch, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    user = make_user(User.Role.OWNER, branch=make_branch())
    client.force_login(user)
    return user


def test_switch_without_a_look_is_refused(client, owner):
    client.post(reverse("admin:reminders_journey_switch_on"), {"kind": "win_back"})

    assert not Journey.objects.filter(is_on=True).exists()


def test_switch_after_a_look_at_the_forecast_holds(client, owner):
    client.get(reverse("admin:reminders_journey_forecast"))

    client.post(reverse("admin:reminders_journey_switch_on"), {"kind": "win_back"})

    journey = Journey.objects.get(kind="win_back")
    assert (journey.is_on, journey.switched_by) == (True, owner)
    assert journey.forecast_seen_at is not None


def test_looking_sends_and_switches_nothing(client, owner):
    client.get(reverse("admin:reminders_journey_forecast"), {"days": "31"})

    assert not Journey.objects.filter(is_on=True).exists()


def test_switch_off_asks_first(client, owner):
    client.get(reverse("admin:reminders_journey_forecast"))
    client.post(reverse("admin:reminders_journey_switch_on"), {"kind": "win_back"})
    journey = Journey.objects.get(kind="win_back")
    url = reverse("admin:reminders_journey_turn_off", args=[journey.pk])

    asked = client.get(url)
    journey.refresh_from_db()
    still_on = journey.is_on
    client.post(url)

    journey.refresh_from_db()
    assert asked.status_code == 200
    assert (still_on, journey.is_on) == (True, False)


def test_list_shows_every_journey_of_a_new_salon_and_writes_nothing(client, owner):
    url = reverse("admin:reminders_journey_changelist")

    with CaptureQueriesContext(connection) as queries:
        page = client.get(url).content.decode()

    assert all(word in page for word in ("Reassurance", "Win-back", "Birthday", "Thanks"))
    assert [
        query["sql"] for query in queries if query["sql"].split()[0] not in ("SELECT", "SAVEPOINT", "RELEASE")
    ] == []


def test_kind_that_lost_its_row_gets_it_back_with_the_next_migrate():
    Journey.objects.filter(kind="win_back").delete()

    call_command("migrate", verbosity=0)

    assert Journey.objects.count() == 13
    assert not Journey.objects.filter(is_on=True).exists()
