"""What goes out comes in again and gives the same reports (contracts.md, export_salon)."""

import csv
import json
import os
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from crm.booking.models import Appointment
from crm.booking.services.visits import VisitFact, record_visit
from crm.catalogue.models import Service, ServiceStretch
from crm.office.exporting import export_salon
from crm.office.importing import import_folder
from crm.people.models import Client
from crm.sales.models import Sale, SaleLine
from crm.team.models import Branch, Master
from tests.crm.office.folders import BRANCH, NOW, salon, take_in

pytestmark = pytest.mark.django_db

REAL = Path(os.environ.get("SALON2018_DIR", "../shared/data/salon2018"))
REPORTS = ("rhythm", "stages", "pareto", "value", "rebooking", "retention", "complaints", "points", "sources")
RICH = {
    "clients": (
        "code,name,phone,email,birthday,language,time_zone,care,marketing,status,referred_by,source,called,drink\n"
        "ANA,Ana,+38761100001,ana@example.test,--02-29,bs,Asia/Kathmandu,email,email;sms,break,MIA,friend,Anči,tea\n"
        'MIA,"Mia, ""the second""",,,1990-03-24,,,none,,moved,,sign,,\n'
        "EVA,=SUM(A1),,,,,,,,break:2026-06-01,,,,\n"
        "'-X,@home,,,,,,,,active,,,,\n"
    ),
    "services": (
        "code,name,minutes,price,usual_return_days,ask_after_days,one_off,parts,buffer_minutes\n"
        "LASH,Lashes,90,80,21,5,,,10\nDYE,Colour,120,100,42,,,work 40;processing 50;work 30,\nBRIDE,Bride,60,200,,3,yes,,\n"
    ),
    "appointments": (
        "code,client,master,services,starts_at,status,minutes,price,booked_at,cancelled_at\n"
        "A1,ANA,AMRA,LASH,2026-01-05T10:00,done,,,2025-12-20T10:00,\n"
        "A2,ANA,AMRA,LASH,2026-02-02T10:00,done,,,2026-01-05T11:00:30,\n"
        "A3,ANA,AMRA,DYE;LASH,2026-03-02T10:00,done,,,,\n"
        "A4,MIA,LEJLA,LASH,2025-10-26T02:30+01:00,no_show,,,,\n"
        "A5,EVA,AMRA,DYE,2026-04-20T10:00,booked,,,2026-03-30T10:00,\n"
        # in the processing time of A5
        "A6,ANA,AMRA,LASH,2026-04-20T10:40,confirmed,40,60,2026-03-30T10:00,\n"
        "A7,EVA,LEJLA,LASH,2026-03-10,cancelled,,,,2026-03-09T08:15\n"
    ),
    "sales": (
        "code,client,master,date,item,quantity,amount,time,tax\n"
        "R1,ANA,AMRA,2026-01-05,LASH,1,80,11:30,13.60\n"
        "R1,ANA,,2026-01-05,BALM,2,31,11:30,\n"
        "R2,EVA,LEJLA,2026-02-07,BRIDE,1,200,,\n"
        "R3,,,2026-02-07,BALM,1,15.50,,\n"
        "R4,EVA,,2026-02-14,BALM,1,-15.50,,\n"
    ),
    "notes": (
        "client,kind,text,date,ask_again,pinned,author\n"
        'ANA,story,"two\nlines",2026-03-01,2026-06-12,yes,Amra\nANA,health,resin,2026-03-01,,,Amra\n'
        "MIA,never,+1 never mention,2026-03-01,,,\n"
    ),
    "complaints": (
        "client,opened,text,resolved,outcome,category\n"
        "ANA,2026-03-03T09:00:10,itches,2026-03-04T09:00:09,solved,health\nMIA,2026-03-30,too loud,,,\n"
    ),
    "points": (
        "client,points,kind,date,reason,expires\n"
        "ANA,100,spending,2026-01-05,,2026-12-31\nANA,-40,paid,2026-03-02,,\nANA,7,gesture,2026-03-02,waited,\n"
    ),
    "messages": (
        "client,kind,occasion,sent_at,channel\n"
        "ANA,feedback,2026-03-02,2026-03-03T12:00,email\nEVA,reminder_24h,2026-04-20T10:00,2026-03-31T10:00,sms\n"
    ),
    "feedback": "client,visit,score,answered,pleased,displeased\nANA,2026-03-02,9,2026-03-03T13:00,all,\n",
}


def reports(*days, names=REPORTS):
    """Every report as it was on each of these days."""
    found = {}
    for day in days:
        for name in names:
            out = StringIO()
            call_command("report", name, today=day, json=True, stdout=out)
            found[day, name] = json.loads(out.getvalue())
    return found


def comes_back(folder: Path, *days, arrange=None, **options):
    """Takes `folder` in, writes it out, takes that in instead: gives the reports of both."""
    out = folder.parent / "out"
    with transaction.atomic():
        take_in(folder, **options)
        if arrange is not None:
            arrange()
        before = reports(*days)
        export_salon(folder=out)
        transaction.set_rollback(True)
    assert not Branch.objects.exists()
    outcome = take_in(out)
    assert (outcome.rejected, outcome.left_out, outcome.unknown_columns, outcome.ignored_files) == ([], [], {}, [])
    return before, reports(*days)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_everything_comes_back_and_gives_the_same_reports(tmp_path):
    before, after = comes_back(salon(tmp_path / "in", **RICH), date(2026, 4, 1), date(2026, 2, 10), date(2026, 9, 1))

    assert before == after
    # and the reports say something
    assert {row["client"]: row["state"] for row in before[date(2026, 4, 1), "rhythm"]} == {
        "-X": None,
        "ANA": "booked",
        "EVA": None,
        "MIA": None,
    }
    assert before[date(2026, 4, 1), "stages"]["stages"]["regular"] == 1
    assert before[date(2026, 4, 1), "points"]["outstanding"] == 67


def test_second_export_is_the_first_one(tmp_path):
    take_in(salon(tmp_path / "in", **RICH))
    export_salon(folder=tmp_path / "one")
    first = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}

    again = take_in(tmp_path / "one")

    assert {name: count.imported for name, count in again.files.items() if count.imported} == {}
    export_salon(folder=tmp_path / "two")

    assert {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()} == first


def test_cells_that_would_run_are_guarded_and_come_back(tmp_path):
    take_in(salon(tmp_path / "in", **RICH))

    export_salon(folder=tmp_path / "out")

    cells = [cell for path in (tmp_path / "out").iterdir() for row in rows_of(path) for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r"))] == []
    by_code = {row["code"]: row for row in rows_of(tmp_path / "out" / "clients.csv")}
    assert by_code["EVA"]["name"] == "'=SUM(A1)"
    assert "'-X" in by_code
    # a phone is no formula
    assert by_code["ANA"]["phone"] == "+38761100001"
    assert Client.objects.get(code="EVA").name == "=SUM(A1)"


def test_what_points_paid_is_no_money_on_the_other_side(tmp_path):
    def arrange():
        branch, ana = Branch.objects.get(), Client.objects.get(code="ANA")
        sale = Sale.objects.create(
            branch=branch, code="L1", client=ana, on=date(2026, 3, 20), total=Decimal(100), paid=Decimal(55)
        )
        lash = Service.objects.get(code="LASH")
        for position, amount in enumerate((Decimal(66), Decimal(34))):
            SaleLine.objects.create(sale=sale, position=position, service=lash, full_amount=amount, amount=amount)
        record_visit(
            client=ana,
            branch=branch,
            on=sale.on,
            source=f"sale {sale.pk}",
            items=[VisitFact(service=lash)],
            is_paid=True,
            now=NOW,
        )

    before, after = comes_back(salon(tmp_path / "in", **RICH), date(2026, 4, 1), arrange=arrange)

    assert before[date(2026, 4, 1), "value"] == after[date(2026, 4, 1), "value"]
    sale = Sale.objects.get(code="L1")
    assert [line.amount for line in sale.lines.order_by("position")] == [Decimal(66), Decimal(34)]
    assert (sale.total, sale.paid) == (Decimal(100), Decimal(55))


def test_stretches_and_the_second_hour_of_autumn_come_back(tmp_path):
    comes_back(salon(tmp_path / "in", **RICH))

    assert list(ServiceStretch.objects.order_by("position").values_list("service__code", "kind", "minutes")) == [
        ("DYE", "work", 40),
        ("DYE", "processing", 50),
        ("DYE", "work", 30),
    ]
    assert Appointment.objects.get(code="A4").starts_at == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    assert Appointment.objects.get(code="A6").minutes == 40


def test_several_branches_become_a_folder_each(tmp_path):
    take_in(salon(tmp_path / "a", clients="code,name\nANA,Ana\n"))
    take_in(
        salon(
            tmp_path / "b",
            branch=BRANCH.replace("Centre", "Harbour"),
            sales="code,client,master,date,item,quantity,amount\nR1,ANA,,2026-03-02,LASH,1,80\n",
        )
    )

    written = export_salon(folder=tmp_path / "out")

    folders = sorted({name.split("/")[0] for name in written})
    assert [folder.split("-", 1)[1] for folder in folders] == ["centre", "harbour"]
    # she is at home in the centre and was served at the harbour
    assert [rows_of(tmp_path / "out" / folder / "clients.csv")[0]["code"] for folder in folders] == ["ANA", "ANA"]


def test_empty_salon_has_nothing_to_write(tmp_path):
    with pytest.raises(CommandError) as caught:
        call_command("export_salon", str(tmp_path / "out"))

    assert caught.value.returncode == 1
    assert not (tmp_path / "out").exists()


def test_place_that_cannot_be_written_is_said_so(tmp_path):
    take_in(salon(tmp_path / "in"))
    (tmp_path / "out").write_text("a file")

    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_salon", str(tmp_path / "out"))


def test_masters_without_work_stay_away(tmp_path):
    take_in(salon(tmp_path / "in"))
    Master.objects.filter(code="LEJLA").update(is_active=False)

    export_salon(folder=tmp_path / "out")

    assert {row["code"]: row["active"] for row in rows_of(tmp_path / "out" / "masters.csv")} == {
        "AMRA": "",
        "LEJLA": "no",
    }


def test_the_real_salon_comes_back(tmp_path):
    if not REAL.is_dir():
        pytest.skip(f"the salon's export of 2018 is not at {REAL} (SALON2018_DIR names another place)")
    out = tmp_path / "out"
    day, names = date(2018, 7, 30), ("rhythm", "pareto", "value", "rebooking")
    with transaction.atomic():
        import_folder(folder=REAL, now=datetime(2019, 6, 1, tzinfo=UTC), time_zone="America/Vancouver", currency="CAD")
        before = reports(day, names=names)
        export_salon(folder=out)
        transaction.set_rollback(True)

    assert take_in(out).rejected == []

    assert reports(day, names=names) == before
