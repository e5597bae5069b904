"""Files as they come: a clear answer for each, nothing half done, nothing lost."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.booking.models import Appointment
from crm.office.importing import ImportRefused, people
from crm.office.importing import sales as sales_module
from crm.office.importing.reading import chunked
from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.models import Branch
from tests.crm.office.folders import BRANCH, reasons, salon, take_in

pytestmark = pytest.mark.django_db

CLIENTS = "code,name\nANA,Ana\n"


def refused(folder, **options):
    with pytest.raises(ImportRefused) as caught:
        take_in(folder, **options)
    assert not Branch.objects.exists()
    assert not Client.objects.exists()
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "latin-1"])
def test_file_in_another_encoding_refuses_all(tmp_path, encoding):
    folder = salon(tmp_path)
    name = {"cp1251": "Анна", "utf-16": "Анна", "latin-1": "Zoë"}[encoding]
    (folder / "clients.csv").write_bytes(f"code,name\nA,Ana\nB,{name}\n".encode(encoding))

    words = refused(folder)

    assert words.startswith("clients.csv is not in UTF-8 (line ")
    assert "Save it again" in words


def test_wrong_byte_far_down_refuses_all_and_names_the_line(tmp_path):
    folder = salon(tmp_path)
    rows = "".join(f"C{number},Client {number}\n" for number in range(12_000))
    (folder / "clients.csv").write_bytes(b"code,name\n" + rows.encode() + b"X,\xff\n")

    assert refused(folder).startswith("clients.csv is not in UTF-8 (line 12002)")


def test_byte_order_mark_is_no_part_of_the_header(tmp_path):
    folder = salon(tmp_path)
    (folder / "clients.csv").write_bytes(b"\xef\xbb\xbf" + CLIENTS.encode())

    assert take_in(folder).files["clients.csv"].imported == 1


def test_missing_column_refuses_all(tmp_path):
    assert refused(salon(tmp_path, clients="code,phone\nANA,1\n")) == "clients.csv lacks the column name."


def test_column_that_stands_twice_refuses_all(tmp_path):
    assert refused(salon(tmp_path, clients="code,name,name\nANA,A,B\n")) == "clients.csv has the column name twice."


def test_empty_file_refuses_all(tmp_path):
    assert refused(salon(tmp_path, clients="")).startswith("clients.csv is empty")


def test_folder_in_place_of_a_file_refuses_all(tmp_path):
    folder = salon(tmp_path)
    (folder / "clients.csv").mkdir()

    assert refused(folder).startswith("clients.csv cannot be read")


def test_folder_without_any_known_file_is_refused(tmp_path):
    (tmp_path / "holiday.txt").write_text("sun")

    assert "none of the files" in refused(tmp_path)


def test_folder_that_is_none_is_refused(tmp_path):
    assert "cannot be read" in refused(tmp_path / "nowhere")


def test_header_without_rows_is_no_fault(tmp_path):
    outcome = take_in(salon(tmp_path, clients="code,name\n"))

    assert (outcome.files["clients.csv"].read, outcome.rejected) == (0, [])


def test_header_is_known_in_any_case_order_and_with_blanks(tmp_path):
    take_in(salon(tmp_path, clients="Name , CODE\nAna,ANA\n"))

    assert Client.objects.get().code == "ANA"


def test_unknown_column_is_kept_out_and_reported(tmp_path):
    outcome = take_in(salon(tmp_path, clients="code,name,shoe size\nANA,Ana,38\n"))

    assert outcome.unknown_columns == {"clients.csv": ["shoe size"]}
    assert outcome.files["clients.csv"].imported == 1


def test_unknown_file_is_left_alone_and_reported(tmp_path):
    folder = salon(tmp_path, shoes="code\n1\n")

    assert take_in(folder).ignored_files == ["shoes.csv"]


@pytest.mark.parametrize(
    "last",
    ["MIA", 'MIA,"Mi', "MIA,Mia,1,2", 'MIA,"Mi"a', "MIA,M\x00ia"],
    ids=["too few cells", "open quote", "too many cells", "stray quote", "NUL"],
)
def test_half_written_line_is_rejected_and_the_rest_goes_in(tmp_path, last):
    outcome = take_in(salon(tmp_path, clients=f"code,name\nANA,Ana\n{last}"))

    assert reasons(outcome) == [("clients.csv", 3)]
    assert list(Client.objects.values_list("code", flat=True)) == ["ANA"]


def test_last_line_may_lack_its_newline(tmp_path):
    assert take_in(salon(tmp_path, clients="code,name\nANA,Ana")).files["clients.csv"].imported == 1


def test_blank_lines_are_no_rows(tmp_path):
    outcome = take_in(salon(tmp_path, clients="code,name\n\nANA,Ana\n\n"))

    assert (outcome.files["clients.csv"].read, outcome.rejected) == (1, [])


def test_line_of_a_rejection_is_where_the_row_begins(tmp_path):
    notes = 'client,kind,text\nANA,story,"two\nlines"\nEVA,story,x\n'

    assert reasons(take_in(salon(tmp_path, clients=CLIENTS, notes=notes))) == [("notes.csv", 4)]


@pytest.mark.parametrize(
    "row",
    [
        "A1,EVA,AMRA,LASH,2026-03-02T10:00,done",
        ",ANA,AMRA,LASH,2026-03-02T10:00,done",
        "A1,,AMRA,LASH,2026-03-02T10:00,done",
        "A1,WALK_IN,AMRA,LASH,2026-03-02T10:00,done",
        "A1,ANA,NOBODY,LASH,2026-03-02T10:00,done",
        "A1,ANA,AMRA,NOTHING,2026-03-02T10:00,done",
        "A1,ANA,AMRA,,2026-03-02T10:00,done",
        "A1,ANA,AMRA,LASH,2026-02-30T10:00,done",
        "A1,ANA,AMRA,LASH,2026-03-02T25:00,done",
        "A1,ANA,AMRA,LASH,yesterday,done",
        "A1,ANA,AMRA,LASH,,done",
        "A1,ANA,AMRA,LASH,0026-03-02T10:00,done",
        "A1,ANA,AMRA,LASH,2026-03-02T10:00,perhaps",
        "A1,ANA,AMRA,LASH,2026-03-02T10:00+99:00,done",
    ],
)
def test_appointment_that_cannot_be_used_is_rejected(tmp_path, row):
    outcome = take_in(
        salon(tmp_path, clients=CLIENTS, appointments=f"code,client,master,services,starts_at,status\n{row}\n")
    )

    assert reasons(outcome) == [("appointments.csv", 2)]
    assert outcome.rejected[0].reason
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        "R1,EVA,AMRA,2026-03-02,LASH,1,80,",
        "R1,ANA,AMRA,2026-03-02,SOAP,1,80,",
        "R1,ANA,AMRA,2026-03-02,,1,80,",
        "R1,ANA,AMRA,2026-03-32,LASH,1,80,",
        "R1,ANA,AMRA,02.03.2026,LASH,1,80,",
        "R1,ANA,AMRA,2026-03-02,LASH,one,80,",
        "R1,ANA,AMRA,2026-03-02,LASH,1,,",
        "R1,ANA,AMRA,2026-03-02,LASH,1,NaN,",
        "R1,ANA,AMRA,2026-03-02,LASH,1,1e9,",
        "R1,ANA,AMRA,2026-03-02,LASH,1,99999999999999999,",
        "R1,ANA,AMRA,2026-03-02,LASH,1,80,27:00",
        "R1,ANA,AMRA,2026-03-29,LASH,1,80,02:30",
        ",ANA,AMRA,2026-03-02,LASH,1,80,",
        "R1,ANA,NOBODY,2026-03-02,LASH,1,80,",
    ],
)
def test_sale_line_that_cannot_be_used_is_rejected(tmp_path, row):
    outcome = take_in(
        salon(tmp_path, clients=CLIENTS, sales=f"code,client,master,date,item,quantity,amount,time\n{row}\n")
    )

    assert reasons(outcome) == [("sales.csv", 2)]
    assert not Sale.objects.exists()


def test_strict_refuses_all_for_one_bad_row(tmp_path):
    folder = salon(tmp_path, clients="code,name\nANA,Ana\n,Nobody\n")
    out = StringIO()

    with pytest.raises(CommandError) as caught:
        call_command("import_salon", str(folder), strict=True, json=True, stdout=out)

    assert caught.value.returncode == 1
    assert not Branch.objects.exists()
    document = json.loads(out.getvalue())
    assert (document["refused"], document["clients"], document["rejected"][0]["line"]) == (True, 0, 3)


def test_dry_run_counts_and_writes_nothing(tmp_path):
    outcome = take_in(salon(tmp_path, clients=CLIENTS), dry_run=True)

    assert (outcome.dry_run, outcome.files["clients.csv"].imported, outcome.totals.clients) == (True, 1, 1)
    assert not Client.objects.exists()
    assert not Branch.objects.exists()


def test_json_has_the_promised_shape(tmp_path):
    out = StringIO()

    call_command("import_salon", str(salon(tmp_path, clients="code,name\nANA,Ana\n,x\n")), json=True, stdout=out)

    document = json.loads(out.getvalue())
    assert document["format"] == "interchange"
    assert document["dry_run"] is False
    assert document["files"]["clients.csv"] == {"read": 2, "imported": 1, "unchanged": 0, "rejected": 1}
    assert document["rejected"] == [{"file": "clients.csv", "line": 3, "reason": "“code” is empty."}]
    assert {
        name: document[name]
        for name in ("clients", "services", "products", "masters", "appointments", "visits", "sales_total")
    } == {
        "clients": 1,
        "services": 3,
        "products": 1,
        "masters": 2,
        "appointments": 0,
        "visits": 0,
        "sales_total": "0.00",
    }


@pytest.mark.parametrize(("option", "value"), [("time_zone", "Mars/Base"), ("currency", "euros")])
def test_wrong_argument_is_said_so(tmp_path, option, value):
    with pytest.raises(CommandError) as caught:
        call_command("import_salon", str(salon(tmp_path)), **{option: value})

    assert caught.value.returncode == 2


def test_branch_with_a_history_keeps_its_zone(tmp_path):
    take_in(salon(tmp_path, clients=CLIENTS))

    with pytest.raises(ImportRefused, match="Europe/Sarajevo"):
        take_in(tmp_path, time_zone="Europe/Berlin")


@pytest.mark.parametrize(("zone", "words"), [("", "“time_zone”"), ("Europe/Nowhere", "Europe/Nowhere")])
def test_branch_without_a_known_zone_is_refused(tmp_path, zone, words):
    folder = salon(tmp_path, branch=BRANCH.replace("Europe/Sarajevo", zone), clients=CLIENTS)

    assert words in refused(folder)


def test_two_branches_need_a_name_where_the_folder_has_none(tmp_path):
    take_in(salon(tmp_path / "one", branch=BRANCH))
    take_in(salon(tmp_path / "two", branch=BRANCH.replace("Centre", "Harbour")))
    folder = salon(tmp_path / "three", clients=CLIENTS)
    (folder / "branch.csv").unlink()

    with pytest.raises(CommandError, match="--branch"):
        call_command("import_salon", str(folder))
    with pytest.raises(ImportRefused, match="choose one"):
        take_in(folder)
    take_in(folder, branch_name="Harbour")

    assert Client.objects.get().branch.name == "Harbour"


def test_salon_that_nobody_names_does_not_mix_with_one_in_another_zone(tmp_path):
    take_in(salon(tmp_path / "demo", clients="code,name\nDEMO,Demo\n"))
    folder = salon(tmp_path / "north", clients=CLIENTS)
    (folder / "branch.csv").unlink()
    there = {"time_zone": "America/Vancouver", "currency": "CAD"}

    first = take_in(folder, **there)
    second = take_in(folder, **there)

    assert (first.branch, second.branch, second.added) == ("north", "north", 0)
    assert [first.totals.clients, second.totals.clients] == [1, 1]
    assert Client.objects.get(code="DEMO").branch.name == "Centre"


def test_salon_that_nobody_names_goes_to_the_only_branch(tmp_path):
    take_in(salon(tmp_path / "demo"))
    folder = salon(tmp_path / "north", clients=CLIENTS)
    (folder / "branch.csv").unlink()

    assert take_in(folder).branch == "Centre"
    assert take_in(folder, time_zone="Europe/Sarajevo").branch == "Centre"


def test_queries_grow_with_chunks_and_not_with_rows(tmp_path, monkeypatch):
    # branch, catalogue and journeys are made once
    take_in(salon(tmp_path / "before"))
    counts = {}
    for chunk in (100, 400):
        rows = range(chunk, chunk + 400)
        clients = "code,name\n" + "".join(f"C{chunk}-{number},Client\n" for number in rows)
        sales = "code,client,master,date,item,quantity,amount\n" + "".join(
            f"R{chunk}-{number},C{chunk}-{number},AMRA,2026-03-02,LASH,1,80\n" for number in rows
        )
        folder = salon(tmp_path / str(chunk), clients=clients, sales=sales)
        for module in (people, sales_module):
            monkeypatch.setattr(module, "chunked", lambda records, size=chunk: chunked(records, size))
        with CaptureQueriesContext(connection) as captured:
            take_in(folder)
        counts[chunk] = len(captured)

    # 400 clients and 400 lines: three more chunks of each, and a handful of statements a chunk; of clients two for the
    # words of their names, and one for cards that became a part of another
    assert 3 * 2 * 3 <= counts[100] - counts[400] <= 3 * 10 + 3 * 9
