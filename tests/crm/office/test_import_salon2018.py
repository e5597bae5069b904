"""The export of 2018: its rules on a small made-up folder, its figures on the real one (contracts.md)."""

import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from crm.booking.models import Appointment, Visit
from crm.catalogue.models import Product, Service
from crm.people.models import Client
from crm.sales.models import Sale, SaleLine
from crm.team.models import Master
from tests.crm.office.folders import reasons, take_in

pytestmark = pytest.mark.django_db

REAL = Path(os.environ.get("SALON2018_DIR", "../shared/data/salon2018"))
NOW = datetime(2019, 6, 1, 12, 0, tzinfo=UTC)
WHERE = {"time_zone": "America/Vancouver", "currency": "CAD"}
FILES = {
    "Service Listing0.csv": (
        "IsActive,Code,Desc,Cate,Price,Cost\n"
        "TRUE,CUT,Hair cut,STYLE,0,5\nTRUE,DRY,Blowdry,STYLE,40,5\nTRUE,F&F,,MISC,0,0\nTRUE,MISC,miscellaneous,MISC,0,0\n"
    ),
    "Product Listing (Retail)0.csv": (
        "IsActive,Code,Description,Supplier,Brand,Category,Price,On Hand,Minimum,Maximum,Cost,COG,YTD,Package\n"
        "TRUE,OIL30,Oil 30ml,ACME,Acme,RETAIL,0,-2,1,3,9.325,0,0,FALSE\n"
    ),
    "Receipt Transactions0.csv": (
        "Receipt,Date,Description,Client,Staff,Quantity,Amount,GST,PST\n"
        "1,03/15/2018,Hair cut,ANN01,JO,1,82,4.1,6.56\n"
        "2,03/16/2018,Hair cut,BEA01,JO,1,60,3,4.8\n"
        "2,03/16/2018,Hair cut,CAT*01,JO,1,60,3,4.8\n"
        "3,03/17/2018,,BEA01,JO,1,5,0,0\n"
        "3,03/18/2018,Mystery box,BEA01,JO,2,30,1.5255,2.4\n"
        "4,03/18/2018,Oil 30ml,WALK_IN,HOUSE,1,25,0,0\n"
        "5,03/19/2018,Oil 30ml,ANN01,JO,1,-25,0,0\n"
        "6,13/45/2018,Hair cut,ANN01,JO,1,60,0,0\n"
    ),
    "Future Bookings (All Clients)0.csv": (
        "Code,Staff,Service,Date,Time,TimeInt\n"
        "ANN01,JO,CUT,03/15/2018,10:00:00 AM,600\n"
        "BEA01,JO,CUT,03/15/2018,10:45:00 AM,645\n"
        "BEA01,JO,CUT,03/16/2018,12:15:00 PM,735\n"
        "CAT*01,JO,DRY,03/20/2018,3:50:00 PM,950\n"
        "CAT*01,JO,CUT,03/21/2018,9:00:00 AM,540\n"
        "ANN01,JO,CUT,02/15/2019,9:00:00 AM,540\n"
        ",JO,CUT,03/20/2018,9:00:00 AM,540\n"
        "ANN01,JO,CUT,03/11/2018,2:30:00 AM,150\n"
    ),
    "Client Cancellations0.csv": (
        "Cancel Date,Code,Service,Staff,Booking Date,Canceled By,Days\n"
        "03/19/2018,CAT*01,DRY,JO,03/20/2018,ADMIN,1\n"
        "03/14/2018,ANN01,CUT,JO,03/15/2018,ADMIN,1\n"
        "04/01/2018,ANN01,DRY,JO,04/10/2018,ADMIN,9\n"
        "04/03/2018,ANN01,DRY,JO,04/10/2018,JO,7\n"
        "04/02/2018,ANN01,DRY,JO,04/10/2018,JO,8"
    ),
    "No-Show Report0.csv": (
        "Date,Code,Service,Staff\n03/16/2018,BEA01,CUT,JO\n03/22/2018,EVA01,CUT,KIM\n03/22/2018,,CUT,KIM\n"
    ),
}


def folder_of(path, **changed):
    path.mkdir(exist_ok=True)
    for name, text in {**FILES, **changed}.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_bookings_end_as_the_other_files_tell(tmp_path):
    take_in(folder_of(tmp_path), now=NOW, **WHERE)

    assert list(
        Appointment.objects.order_by("on", "starts_at", "client__code").values_list(
            "client__code", "on", "starts_at", "minutes", "status", "cancelled_at"
        )
    ) == [
        # a receipt that day: done, though a cancellation names it; 45 minutes until the master's next one
        ("ANN01", date(2018, 3, 15), datetime(2018, 3, 15, 17, 0, tzinfo=UTC), 45, "done", None),
        ("BEA01", date(2018, 3, 15), datetime(2018, 3, 15, 17, 45, tzinfo=UTC), 60, "booked", None),
        # a no-show with a receipt that day stays a no-show
        ("BEA01", date(2018, 3, 16), datetime(2018, 3, 16, 19, 15, tzinfo=UTC), 60, "no_show", None),
        (
            "CAT*01",
            date(2018, 3, 20),
            datetime(2018, 3, 20, 22, 50, tzinfo=UTC),
            60,
            "cancelled",
            datetime(2018, 3, 19, 7, 0, tzinfo=UTC),
        ),
        ("CAT*01", date(2018, 3, 21), datetime(2018, 3, 21, 16, 0, tzinfo=UTC), 60, "booked", None),
        # no booking is left of these: their hour is unknown
        ("EVA01", date(2018, 3, 22), None, 60, "no_show", None),
        # three rows are one cancellation, the latest
        ("ANN01", date(2018, 4, 10), None, 60, "cancelled", datetime(2018, 4, 3, 7, 0, tzinfo=UTC)),
        ("ANN01", date(2019, 2, 15), datetime(2019, 2, 15, 17, 0, tzinfo=UTC), 60, "booked", None),
    ]


def test_every_day_with_something_bought_is_a_visit(tmp_path):
    take_in(folder_of(tmp_path), now=NOW, **WHERE)

    assert list(Visit.objects.order_by("on", "client__code").values_list("client__code", "on", "counts")) == [
        ("ANN01", date(2018, 3, 15), True),
        ("BEA01", date(2018, 3, 16), True),
        ("CAT*01", date(2018, 3, 16), True),
        ("BEA01", date(2018, 3, 17), True),
        # a product only; on the 19th there was a return only
        ("BEA01", date(2018, 3, 18), False),
    ]


def test_receipts_become_sales_by_client_and_day(tmp_path):
    outcome = take_in(folder_of(tmp_path), now=NOW, **WHERE)

    assert list(
        Sale.objects.order_by("code", "on", "client__code").values_list("code", "client__code", "total", "tax")
    ) == [
        ("1", "ANN01", Decimal(82), Decimal("10.66")),
        ("2", "BEA01", Decimal(60), Decimal("7.8")),
        ("2", "CAT*01", Decimal(60), Decimal("7.8")),
        ("3", "BEA01", Decimal(5), Decimal(0)),
        ("3", "BEA01", Decimal(30), Decimal("3.93")),
        ("4", None, Decimal(25), Decimal(0)),
        ("5", "ANN01", Decimal(-25), Decimal(0)),
    ]
    assert outcome.totals.sales_total == Decimal(237)


def test_descriptions_name_services_and_products(tmp_path):
    take_in(folder_of(tmp_path), now=NOW, **WHERE)

    assert dict(Service.objects.values_list("code", "name")) == {
        "CUT": "Hair cut",
        "DRY": "Blowdry",
        "F&F": "F&F",
        "MISC": "miscellaneous",
    }
    assert SaleLine.objects.get(sale__code="3", sale__on=date(2018, 3, 17)).service.code == "MISC"
    mystery = SaleLine.objects.get(sale__on=date(2018, 3, 18), sale__client__isnull=False)
    assert (mystery.product.name, mystery.quantity) == ("Mystery box", Decimal(2))


def test_prices_come_from_receipts_where_the_list_says_nothing(tmp_path):
    take_in(folder_of(tmp_path), now=NOW, **WHERE)

    assert dict(Service.objects.values_list("code", "price")) == {
        # paid 82 once and 60 twice
        "CUT": Decimal(60),
        "DRY": Decimal(40),
        "F&F": None,
        "MISC": Decimal(5),
    }
    assert dict(Product.objects.values_list("name", "price")) == {"Oil 30ml": Decimal(25), "Mystery box": Decimal(15)}
    oil = Product.objects.get(code="OIL30")
    assert (oil.stock, oil.cost) == (-2, Decimal("9.33"))


def test_codes_are_the_clients_and_have_no_name(tmp_path):
    take_in(folder_of(tmp_path), now=NOW, **WHERE)

    assert list(Client.objects.order_by("code").values_list("code", "name")) == [
        ("ANN01", ""),
        ("BEA01", ""),
        ("CAT*01", ""),
        ("EVA01", ""),
    ]
    assert set(Master.objects.values_list("code", flat=True)) == {"JO", "KIM", "HOUSE"}


def test_rows_that_cannot_be_used_are_named(tmp_path):
    outcome = take_in(folder_of(tmp_path), now=NOW, **WHERE)

    assert reasons(outcome) == [
        ("Receipt Transactions0.csv", 9),
        ("Future Bookings (All Clients)0.csv", 8),
        # the clock was put forward that night
        ("Future Bookings (All Clients)0.csv", 9),
        ("No-Show Report0.csv", 4),
    ]
    assert "empty" in outcome.rejected[1].reason


def test_counts_say_what_each_row_came_to(tmp_path):
    outcome = take_in(folder_of(tmp_path), now=NOW, **WHERE)
    again = take_in(tmp_path, now=NOW, **WHERE)

    def counts(of, name):
        count = of.files[name]
        return count.read, count.imported, count.unchanged, count.rejected

    # of the three of 10 April the latest; line 3 is overruled by that day's receipt
    assert counts(outcome, "Client Cancellations0.csv") == (5, 2, 3, 0)
    assert [remark.line for remark in outcome.left_out] == [3, 4, 6]
    # one ends a booking, one is an appointment of its own, one is nobody's
    assert counts(outcome, "No-Show Report0.csv") == (3, 2, 0, 1)
    assert counts(again, "Client Cancellations0.csv") == (5, 0, 5, 0)
    assert counts(again, "No-Show Report0.csv") == (3, 0, 2, 1)


def test_second_run_adds_nothing(tmp_path):
    first = take_in(folder_of(tmp_path), now=NOW, **WHERE)

    second = take_in(tmp_path, now=NOW, **WHERE)

    assert (second.added, second.totals) == (0, first.totals)
    assert reasons(second) == reasons(first)


def test_receipt_without_description_makes_misc_where_the_list_has_none(tmp_path):
    services = "IsActive,Code,Desc,Cate,Price,Cost\nTRUE,CUT,Hair cut,STYLE,0,5\nTRUE,DRY,Blowdry,STYLE,40,5\n"

    outcome = take_in(folder_of(tmp_path, **{"Service Listing0.csv": services}), now=NOW, **WHERE)

    assert Service.objects.get(code="MISC").name == "MISC"
    assert outcome.files["Service Listing0.csv"].imported == 2


@pytest.fixture
def real_folder():
    if not REAL.is_dir():
        pytest.skip(f"the salon's export of 2018 is not at {REAL} (SALON2018_DIR names another place)")
    return REAL


def test_the_real_salon_comes_in_whole_and_once(real_folder):
    outcome = take_in(real_folder, now=NOW, **WHERE)

    assert outcome.files["Receipt Transactions0.csv"].as_json() == {
        "read": 1934,
        "imported": 1934,
        "unchanged": 0,
        "rejected": 0,
    }
    assert outcome.as_json()["sales_total"] == "115809.03"
    assert (outcome.files["No-Show Report0.csv"].imported, outcome.files["No-Show Report0.csv"].rejected) == (59, 1)
    assert reasons(outcome) == [("Future Bookings (All Clients)0.csv", 164), ("No-Show Report0.csv", 2)]
    # 1,906 bookings less the one of nobody, and 211 of 239 cancellations that the list has lost
    assert (outcome.totals.appointments, outcome.totals.clients) == (2116, 821)
    assert Appointment.objects.filter(status="no_show").count() == 59

    again = take_in(real_folder, now=NOW, **WHERE)

    assert (again.added, again.totals) == (0, outcome.totals)
