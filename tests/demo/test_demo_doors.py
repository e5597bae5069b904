"""Where the demo is made, and where it is not."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from crm.booking.models import Appointment
from crm.office.demo.salon import NotEmpty, daytime_zone, prepare
from crm.people.models import Client
from crm.team.models import Branch, User
from tests.factories import make_branch

NOW = datetime(2026, 11, 18, 11, 20, tzinfo=ZoneInfo("UTC"))


@pytest.mark.parametrize("hour", range(24))
def test_it_is_day_in_the_demo_whenever_it_is_first_opened(hour):
    now = datetime(2026, 11, 18, hour, 30, tzinfo=ZoneInfo("UTC"))

    there = now.astimezone(ZoneInfo(daytime_zone(now)))

    assert 10 <= there.hour < 17


@pytest.mark.django_db
def test_real_salon_gets_no_demo():
    make_branch("A salon of its own")

    with pytest.raises(NotEmpty):
        prepare(now=NOW)

    assert not User.objects.filter(username="owner").exists()


@pytest.mark.django_db
def test_demo_is_refused_where_demo_is_off(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo_salon")

    assert not Branch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [2, 13, 23])
def test_today_is_busy_at_any_hour_of_the_salon(hour):
    """Also where the day has not begun, or is over: a zone may be given."""
    now = datetime(2026, 11, 18, hour, 0, tzinfo=ZoneInfo("Europe/Sarajevo"))

    prepared = prepare(now=now, time_zone="Europe/Sarajevo", clients=40)

    today = Appointment.objects.filter(branch=prepared.branch, on=now.date())
    assert today.count() >= 4
    over = today.filter(status__in=["done", "no_show"]).exists()
    assert over == (hour >= 13)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ru", "bs", "ar"])
def test_salon_speaks_the_language_it_is_made_in(language):
    """What stands on the screens of the team is in one language; clients keep their own."""
    prepared = prepare(now=NOW, language=language, clients=12)

    latin = "abcdefghijklmnopqrstuvwxyz"
    # what is done again free is named in the language of the installation
    names = " ".join(prepared.branch.services.filter(redo_of=None).values_list("name", flat=True))
    has_latin = any(letter in latin for letter in names.lower())
    assert has_latin == (language == "bs")
    assert set(User.objects.values_list("language", flat=True)) == {language}
    assert Client.objects.values("language").distinct().count() > 1
