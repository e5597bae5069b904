"""What is kept up to date is what the facts say, and `rebuild` finds where it is not."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from crm.booking.models import Pulse, Visit, VisitItem
from crm.catalogue.models import Service
from crm.office.rebuilding import rebuild
from loyalty.points.models import PointsBalance
from tests.crm.office.folders import NOW, salon, take_in

pytestmark = pytest.mark.django_db

FILES = {
    "clients": "code,name\nANA,Ana\nEVA,Eva\nIDA,Ida\n",
    "appointments": (
        "code,client,master,services,starts_at,status\nA1,ANA,AMRA,LASH;BROW,2026-03-02T10:00,done\n"
        "A2,EVA,AMRA,LASH,2026-04-02T10:00,booked\nA3,EVA,AMRA,LASH,2026-04-20T10:00,booked\n"
    ),
    "sales": (
        "code,client,master,date,item,quantity,amount\nR1,ANA,AMRA,2026-03-02,LASH,1,80\n"
        "R2,EVA,,2026-03-03,BALM,1,15.50\nR3,EVA,,2026-03-05,BALM,1,-15.50\n"
    ),
    "points": "client,points,kind,date\nANA,100,gesture,2026-03-01\n",
}


@pytest.fixture
def folder(tmp_path):
    salon(tmp_path, **FILES)
    take_in(tmp_path)
    return tmp_path


def found(**options):
    return [
        (difference.what, difference.client, difference.name, difference.was, difference.is_now)
        for difference in rebuild(now=NOW, **options).differences
    ]


def test_import_leaves_nothing_to_rebuild(folder):
    assert found() == []


def test_every_kind_of_difference_is_found_and_mended(folder):
    Visit.objects.filter(client__code="ANA").update(counts=False)
    Visit.objects.filter(client__code="EVA").delete()
    ghost = Visit.objects.create(
        client=Pulse.objects.get(client__code="IDA").client,
        branch_id=Visit.objects.first().branch_id,
        on=date(2026, 1, 1),
    )
    Pulse.objects.filter(client__code="ANA").update(rhythm=99)
    PointsBalance.objects.update(balance=7)
    flags = {"has_service": True, "counts": True, "is_paid": True}
    expected = [
        ("visit", "ANA", "2026-03-02", {**flags, "counts": False}, flags),
        ("visit", "EVA", "2026-03-03", None, {"has_service": False, "counts": False, "is_paid": True}),
        ("visit", "IDA", "2026-01-01", {"has_service": False, "counts": False, "is_paid": False}, None),
        ("pulse", "ANA", "rhythm", 99, 21),
        ("points", "ANA", "balance", 7, 100),
    ]

    assert found(only_look=True) == expected
    assert Visit.objects.filter(pk=ghost.pk).exists()
    assert found() == expected

    assert found() == []
    assert Pulse.objects.get(client__code="ANA").rhythm == 21
    assert PointsBalance.objects.get().balance == 100


def test_lost_item_of_a_visit_is_found(folder):
    VisitItem.objects.filter(service__code="BROW").delete()

    assert found() == [("visit items", "ANA", "2026-03-02", None, None)]
    assert VisitItem.objects.filter(service__code="BROW").count() == 1


def test_service_that_became_one_off_no_longer_counts(folder):
    Service.objects.update(is_one_off=True)

    rebuild(now=NOW)

    assert not Visit.objects.filter(counts=True).exists()
    assert Pulse.objects.get(client__code="ANA").rhythm is None


def test_appointment_that_has_passed_is_old_and_no_difference(folder):
    assert Pulse.objects.get(client__code="EVA").next_starts_at == datetime(2026, 4, 2, 8, 0, tzinfo=UTC)

    assert rebuild(now=datetime(2026, 4, 3, tzinfo=UTC)).differences == []


def test_command_checks_without_writing(folder):
    Pulse.objects.filter(client__code="ANA").update(rhythm=99)
    out = StringIO()

    with pytest.raises(SystemExit) as caught:
        call_command("rebuild", check=True, stdout=out)

    assert caught.value.code == 1
    document = json.loads(out.getvalue())
    assert (document["check"], document["clients"], document["visits"]) == (True, 3, 2)
    assert {"what": "pulse", "client": "ANA", "name": "rhythm", "was": 99, "is": 21} in document["differences"]
    assert Pulse.objects.get(client__code="ANA").rhythm == 99


def test_command_mends_and_ends_well(folder):
    Pulse.objects.filter(client__code="ANA").update(rhythm=99)

    call_command("rebuild", stdout=StringIO())

    assert Pulse.objects.get(client__code="ANA").rhythm == 21
