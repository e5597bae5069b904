"""After an import care and marketing are off until the owner has seen the forecast (rules.md, Catching up)."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from crm.office.uploads.services import run_imports
from crm.team.models import ImportRun, User
from reminders.journeys.models import Journey
from reminders.messages.models import Kind
from tests.crm.office.folders import BRANCH, NOW, salon, take_in
from tests.factories import make_user
from tests.reminders.playing_salon import switch_everything_on

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CLIENTS = "code,name\nANA,Ana\n"
CARE_AND_MARKETING = ["reassurance", "feedback", "lashes", "due_soon", "win_back", "second_win_back", "birthday"]
CARE_AND_MARKETING += ["thanks", "holiday", "event", "news", "used_up"]
SERVICE = set(Kind.values) - set(CARE_AND_MARKETING)


@pytest.fixture
def owner(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    owner = make_user(User.Role.OWNER)
    client.force_login(owner)
    return owner


def kinds_on():
    return set(Journey.objects.filter(is_on=True).values_list("kind", flat=True))


def test_import_that_adds_switches_care_and_marketing_off_and_leaves_service(tmp_path):
    take_in(salon(tmp_path))
    switch_everything_on(NOW)

    outcome = take_in(salon(tmp_path, clients=CLIENTS))

    assert outcome.journeys_off == CARE_AND_MARKETING
    assert kinds_on() == SERVICE
    assert not Journey.objects.filter(kind__in=CARE_AND_MARKETING, forecast_seen_at__isnull=False).exists()


def test_import_that_changes_nothing_switches_nothing(tmp_path):
    take_in(salon(tmp_path, clients=CLIENTS))
    switch_everything_on(NOW)

    outcome = take_in(tmp_path)

    assert (outcome.added, outcome.journeys_off) == (0, [])
    assert kinds_on() == SERVICE | set(CARE_AND_MARKETING)


@pytest.mark.parametrize("options", [{"dry_run": True}, {"strict": True}])
def test_import_that_writes_nothing_switches_nothing(tmp_path, options):
    take_in(salon(tmp_path))
    switch_everything_on(NOW)

    take_in(salon(tmp_path, clients=CLIENTS + ",Nobody\n"), **options)

    assert kinds_on() == SERVICE | set(CARE_AND_MARKETING)


def test_command_names_what_it_switched_off_beside_its_document(tmp_path):
    take_in(salon(tmp_path))
    switch_everything_on(NOW)
    out, err = StringIO(), StringIO()

    call_command("import_salon", salon(tmp_path, clients=CLIENTS), "--json", stdout=out, stderr=err)

    document = json.loads(out.getvalue())
    assert (document["added"], document["journeys_off"]) == (1, CARE_AND_MARKETING)
    assert "Switched off: reassurance, feedback, how is it holding?, due soon, win-back" in err.getvalue()
    assert "until you have seen the forecast" in err.getvalue()


def test_owner_reads_in_the_preview_what_stops_and_after_it_that_it_did(client, owner, tmp_path):
    take_in(salon(tmp_path / "before"))
    switch_everything_on(NOW)
    files = {"branch.csv": BRANCH, "clients.csv": CLIENTS}
    client.post("/office/import/", {"files": [SimpleUploadedFile(name, text.encode()) for name, text in files.items()]})
    run_imports(now=NOW)
    page = reverse("office:import_run", args=[ImportRun.objects.get().pk])

    preview = client.get(page).content.decode()
    still_on = kinds_on()
    client.post(reverse("office:import_confirm", args=[ImportRun.objects.get().pk]))
    run_imports(now=NOW)

    assert "With new facts these stop until you have seen the forecast: reassurance, feedback" in preview
    assert still_on == SERVICE | set(CARE_AND_MARKETING)
    assert reverse("admin:reminders_journey_forecast") in client.get(page).content.decode()
    assert kinds_on() == SERVICE


def test_look_from_before_the_import_switches_nothing_on(client, owner, tmp_path):
    take_in(salon(tmp_path))
    client.get(reverse("admin:reminders_journey_forecast"))
    take_in(salon(tmp_path, clients=CLIENTS), now=NOW + timedelta(hours=1))

    client.post(reverse("admin:reminders_journey_switch_on"), {"kind": "win_back"})
    too_soon = kinds_on()
    client.get(reverse("admin:reminders_journey_forecast"))
    client.post(reverse("admin:reminders_journey_switch_on"), {"kind": "win_back"})

    assert (too_soon, kinds_on()) == (set(), {"win_back"})
