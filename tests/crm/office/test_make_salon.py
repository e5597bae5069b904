"""A made-up salon: the same seed makes the same one, and everything in it holds together."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from crm.booking.models import Appointment, Stretch
from crm.office.exporting import export_salon
from crm.office.made_up import make_salon
from crm.office.rebuilding import rebuild
from crm.people.models import Client
from tests.factories import make_branch

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 1)
NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


def files_of(folder, *, seed):
    """The files of a salon of that seed, made and taken back."""
    with transaction.atomic():
        make_salon(clients=60, years=1, seed=seed, today=TODAY, now=NOW)
        export_salon(folder=folder)
        transaction.set_rollback(True)
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_same_seed_is_the_same_salon_and_another_is_another(tmp_path):
    first = files_of(tmp_path / "one", seed=7)

    assert files_of(tmp_path / "two", seed=7) == first
    other = files_of(tmp_path / "three", seed=8)
    assert {name for name in first if first[name] != other[name]} >= {"clients.csv", "appointments.csv", "sales.csv"}


def test_what_is_kept_up_to_date_is_what_the_facts_say():
    made = make_salon(clients=120, years=2, seed=1, today=TODAY, now=NOW)

    assert rebuild(now=NOW, only_look=True).differences == []
    assert (made.clients, Client.objects.count()) == (120, 120)
    assert made.visits > 120
    assert not Appointment.objects.filter(status="done", on__gte=TODAY).exists()


def test_bookings_to_come_hold_time_and_do_not_overlap():
    make_salon(clients=300, years=1, seed=1, today=TODAY, now=NOW)

    held = list(Stretch.objects.order_by("master", "starts_at").values_list("master", "starts_at", "ends_at"))
    assert len(held) == Appointment.objects.filter(status="booked").count() > 10
    overlaps = [
        (one, other) for one, other in zip(held, held[1:], strict=False) if one[0] == other[0] and one[2] > other[1]
    ]
    assert overlaps == []


def test_command_tells_what_was_made():
    out = StringIO()

    call_command("make_salon", clients=40, years=1, seed=3, today=TODAY, json=True, stdout=out)

    document = json.loads(out.getvalue())
    assert {name: document[name] for name in ("seed", "clients", "masters", "services", "products")} == {
        "seed": 3,
        "clients": 40,
        "masters": 3,
        "services": 20,
        "products": 20,
    }


def test_salon_that_is_there_is_left_alone():
    make_branch()

    with pytest.raises(CommandError, match="empty") as caught:
        call_command("make_salon", clients=10)

    assert caught.value.returncode == 1
    assert not Client.objects.exists()


@pytest.mark.parametrize("options", [{"clients": 0}, {"clients": 5, "years": 0}])
def test_size_that_is_none_is_a_wrong_argument(options):
    with pytest.raises(CommandError) as caught:
        call_command("make_salon", **options)

    assert caught.value.returncode == 2
