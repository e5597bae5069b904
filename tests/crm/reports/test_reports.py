"""Every figure on small salons worked by hand (rules.md, Reports)."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm.booking.models import Pulse
from crm.care.models import Feedback
from crm.people.models import Client
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.past import pulses_on
from crm.reports.selectors.standing import PULSE_COLUMNS, On, clients_on
from tests.crm.office.folders import salon, take_in

pytestmark = pytest.mark.django_db

CLIENTS = "code,name\n" + "".join(f"{code},{code.title()}\n" for code in ("ANA", "EVA", "IDA", "MIA", "ZOE"))
HEAD = "code,client,master,date,item,quantity,amount\n"
BOOKED = "code,client,master,services,starts_at,status,booked_at,cancelled_at\n"
LATER = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)


def report(name, today, since=None, until=None):
    out = StringIO()
    options = {"today": date.fromisoformat(today), "json": True}
    if since:
        options |= {"since": date.fromisoformat(since), "until": date.fromisoformat(until)}
    call_command("report", name, stdout=out, **options)
    return json.loads(out.getvalue())


def visits(client, *days, item="LASH", amount="80"):
    return "".join(f"R-{client}-{day},{client},AMRA,{day},{item},1,{amount}\n" for day in days)


def by_client(rows, *fields):
    return {row["client"]: tuple(row[field] for field in fields) for row in rows}


# ---- rhythm ---------------------------------------------------------------------------------


def test_rhythm_is_the_median_of_the_last_gaps_and_moves_with_today(tmp_path):
    # gaps 10, 20, 30, 41: of four the mean of 20 and 30; of the first three the 20
    days = ("2026-01-01", "2026-01-11", "2026-01-31", "2026-03-02", "2026-04-12")
    take_in(salon(tmp_path, clients=CLIENTS, sales=HEAD + visits("ANA", *days)), now=LATER)

    found = {
        today: by_client(report("rhythm", today), "visit_days", "last_visit", "rhythm", "silence", "state")["ANA"]
        for today in ("2025-12-31", "2026-01-11", "2026-03-02", "2026-04-12")
    }

    assert found == {
        "2025-12-31": (0, None, None, None, None),
        # fewer than three gaps: the usual return of lashes
        "2026-01-11": (2, "2026-01-11", 21, 0, "on_rhythm"),
        "2026-03-02": (4, "2026-03-02", 20, 0, "on_rhythm"),
        "2026-04-12": (5, "2026-04-12", 25, 0, "on_rhythm"),
    }


@pytest.mark.parametrize(
    ("today", "state"),
    [
        # rhythm 21: on rhythm up to 21, due up to 31 (1.5 x 21 = 31.5), late up to 52 (2.5 x 21 = 52.5), lapsed up to 365
        ("2026-03-22", "on_rhythm"),
        ("2026-03-23", "due"),
        ("2026-04-01", "due"),
        ("2026-04-02", "late"),
        ("2026-04-22", "late"),
        ("2026-04-23", "lapsed"),
        ("2027-03-01", "lapsed"),
        ("2027-03-02", "lost"),
    ],
)
def test_state_on_both_sides_of_every_bound(tmp_path, today, state):
    take_in(salon(tmp_path, clients=CLIENTS, sales=HEAD + visits("ANA", "2026-03-01")), now=LATER)

    assert by_client(report("rhythm", today), "state")["ANA"] == (state,)


def test_open_appointment_makes_her_booked_from_its_booking_to_a_week_after(tmp_path):
    appointments = BOOKED + (
        "A1,ANA,AMRA,LASH,2026-04-10T10:00,booked,2026-03-20T10:00,\n"
        "A2,EVA,AMRA,LASH,2026-04-10T12:00,booked,,\n"
        "A3,IDA,AMRA,LASH,2026-04-10T14:00,cancelled,,2026-04-01T10:00\n"
    )
    sales = HEAD + visits("ANA", "2026-03-01") + visits("EVA", "2026-03-01") + visits("IDA", "2026-03-01")
    take_in(salon(tmp_path, clients=CLIENTS, appointments=appointments, sales=sales), now=LATER)

    found = {
        today: by_client(report("rhythm", today), "state")
        for today in ("2026-03-19", "2026-03-20", "2026-04-16", "2026-04-17")
    }

    # the end of the day of 17 April lies past the week after 10 April, 10:00 and 12:00
    assert [found[today]["ANA"] for today in found] == [("on_rhythm",), ("booked",), ("booked",), ("late",)]
    assert [found[today]["EVA"] for today in found] == [("booked",), ("booked",), ("booked",), ("late",)]
    assert found["2026-04-16"]["IDA"] == ("late",)


def test_every_named_client_has_a_row_by_code(tmp_path):
    sales = HEAD + "R1,,AMRA,2026-03-01,BALM,1,15.50\n" + visits("EVA", "2026-03-01", item="BRIDE", amount="200")
    take_in(salon(tmp_path, clients="code,name\nb,B\nEVA,Eva\nÄ,Ä\na,A\n", sales=sales), now=LATER)

    rows = report("rhythm", "2026-03-10")

    assert [row["client"] for row in rows] == ["EVA", "a", "b", "Ä"]
    # only a one-off service: no counting day
    assert rows[0] == {
        "client": "EVA",
        "visit_days": 0,
        "last_visit": None,
        "rhythm": None,
        "silence": None,
        "state": None,
        "paused": None,
    }


def test_paused_says_why(tmp_path):
    clients = (
        "code,name,status\nANA,Ana,break:2026-04-01\nEVA,Eva,moved\nIDA,Ida,blocked\nMIA,Mia,deceased\nZOE,Zoe,\n"
        "LEA,Lea,moved\n"
    )
    complaints = (
        "client,opened,text,resolved\nZOE,2026-03-01,late,2026-03-10\nLEA,2026-03-01,late,\nANA,2026-03-31,loud,\n"
    )
    take_in(
        salon(tmp_path, clients=clients, complaints=complaints, sales=HEAD + visits("ANA", "2026-02-01")), now=LATER
    )

    found = {
        today: by_client(report("rhythm", today), "paused")
        for today in ("2026-02-28", "2026-03-23", "2026-03-24", "2026-04-01")
    }

    assert [found[today]["ANA"][0] for today in found] == ["break", "break", "break", "complaint"]
    # resolved on the 10th: 14 days, the 24th is free again
    assert [found[today]["ZOE"][0] for today in found] == [None, "complaint", None, None]
    assert by_client(report("rhythm", "2026-03-23"), "paused") | {} == {
        "ANA": ("break",),
        "EVA": ("moved",),
        "IDA": ("blocked",),
        "LEA": ("moved",),
        "MIA": ("deceased",),
        "ZOE": ("complaint",),
    }


def test_today_from_the_pulse_is_today_from_the_facts(tmp_path):
    sales = HEAD + visits("ANA", "2026-01-01", "2026-01-20", "2026-02-20", "2026-03-11") + visits("EVA", "2026-03-01")
    sales += visits("IDA", "2026-03-01", item="BALM", amount="15.50") + visits(
        "MIA", "2026-03-05", item="BROW", amount="30"
    )
    now = datetime(2026, 4, 1, 21, 30, tzinfo=UTC)
    appointments = BOOKED + "A1,MIA,AMRA,LASH,2026-04-10T10:00,booked,,\n"
    take_in(salon(tmp_path, clients=CLIENTS, appointments=appointments, sales=sales), now=now)

    live = [(entry.client.code, entry.state) for entry in clients_on(On.of(date(2026, 4, 1), now))]
    facts = [(entry.client.code, entry.state) for entry in clients_on(On(date(2026, 4, 1), now, live=False))]

    assert live == facts
    kept = {pulse.client_id: pulse for pulse in Pulse.objects.filter(visit_days__gt=0)}
    fields = (*PULSE_COLUMNS, "first_visit_on", "last_visit_on")
    for pulse in pulses_on(date(2026, 4, 1)):
        assert [getattr(pulse, name) for name in fields] == [getattr(kept[pulse.client_id], name) for name in fields]


# ---- stages ---------------------------------------------------------------------------------


def test_five_stages(tmp_path):
    clients = "code,name,referred_by\nPOT,Potential,\nVIS,Visitor,\nBUY,Buyer,\nREG,Regular,\nADV,Advocate,\nFAN,Fan,\nFRI,Friend,ADV\n"
    three = ("2026-01-05", "2026-02-02", "2026-03-02")
    five = ("2025-12-01", "2025-12-29", *three)
    sales = (
        HEAD
        + visits("VIS", "2026-03-02", amount="0")
        + visits("BUY", "2025-01-05", "2025-03-01", "2026-03-02")
        + visits("REG", *three)
        + visits("ADV", *three)
        + visits("FAN", *five)
        + visits("FRI", "2026-02-15")
    )
    take_in(salon(tmp_path, clients=clients, sales=sales), now=LATER)
    Feedback.objects.create(
        client=Client.objects.get(code="FAN"),
        branch=Client.objects.get(code="FAN").branch,
        visit_on=date(2026, 3, 2),
        score=9,
        answered_at=datetime(2026, 3, 3, 12, 0, tzinfo=UTC),
    )

    found = report("stages", "2026-03-10", "2026-02-01", "2026-03-11")

    assert by_client(found["clients"], "stage") == {
        "ADV": ("advocate",),
        # the last three within 421 days, and 4 x rhythm is less than 365
        "BUY": ("buyer",),
        "FAN": ("advocate",),
        "FRI": ("buyer",),
        "POT": ("potential",),
        "REG": ("regular",),
        "VIS": ("visitor",),
    }
    assert found["stages"] == {"potential": 1, "visitor": 1, "buyer": 2, "regular": 1, "advocate": 2}
    # at the end of February FRI had come, REG and ADV had two counting days, VIS had not come; FAN had not answered
    assert found["months"] == [
        {"month": "2026-02", "potential": 2, "visitor": 0, "buyer": 4, "regular": 1, "advocate": 0}
    ]


def test_regular_who_lapsed_is_a_buyer_again(tmp_path):
    sales = HEAD + visits("ANA", "2026-01-05", "2026-02-02", "2026-03-02")
    take_in(salon(tmp_path, clients=CLIENTS, sales=sales), now=LATER)

    stages = [
        by_client(report("stages", today)["clients"], "stage")["ANA"][0] for today in ("2026-04-23", "2026-04-24")
    ]

    # usual return 21: late up to 52 days after 2 March
    assert stages == ["regular", "buyer"]


# ---- money ----------------------------------------------------------------------------------

MONEY = HEAD + (
    # 6 paying clients: the first two of them are the first fifth
    "R1,ANA,AMRA,2026-03-01,LASH,1,300\n"
    "R2,EVA,AMRA,2026-03-02,LASH,1,200\n"
    "R3,IDA,AMRA,2026-03-02,LASH,1,200\n"
    "R4,MIA,AMRA,2026-03-03,LASH,1,100\n"
    "R5,ZOE,AMRA,2026-03-04,LASH,1,60\n"
    "R6,LEA,AMRA,2026-03-05,LASH,1,40\n"
    "R7,TEA,AMRA,2026-03-05,BALM,1,20\n"
    # her return: she paid nothing in sum
    "R8,TEA,AMRA,2026-03-09,BALM,1,-20\n"
    "R9,,AMRA,2026-03-05,BALM,1,15.50\n"
    # outside of the period, and after today
    "R10,ZOE,AMRA,2026-02-28,LASH,1,1000\n"
    "R11,ZOE,AMRA,2026-04-01,LASH,1,1000\n"
    "R12,ANA,AMRA,2026-03-20,LASH,1,50.05\n"
)
MANY = CLIENTS + "LEA,Lea\nTEA,Tea\n"


def test_pareto_takes_the_first_fifth_of_the_paying_clients(tmp_path):
    take_in(salon(tmp_path, clients=MANY, sales=MONEY), now=LATER)

    found = report("pareto", "2026-05-01", "2026-03-01", "2026-04-01")

    # 350.05 + 200 of 950.05
    assert {name: found[name] for name in found if name != "top"} == {
        "clients": 6,
        "revenue": "950.05",
        "anonymous_revenue": "15.50",
        "top_clients": 2,
        "top_revenue": "550.05",
        "top_share": 0.579,
        "top_not_regular": ["ANA", "EVA"],
    }
    # EVA and IDA paid the same: by code
    assert by_client(found["top"], "revenue", "stage", "state") == {
        "ANA": ("350.05", "buyer", "late"),
        "EVA": ("200.00", "buyer", "lapsed"),
    }


def test_value_counts_visit_days_and_what_came_after_the_first(tmp_path):
    take_in(salon(tmp_path, clients=MANY, sales=MONEY), now=LATER)

    found = report("value", "2026-05-01", "2026-03-01", "2026-04-01")

    # visit days: ANA 2, EVA, IDA, MIA, ZOE, LEA, TEA; TEA's return is none
    # after the first visit day ever: ANA's 50.05, ZOE's 60 (she came in February), TEA's return
    assert found == {
        "revenue": "950.05",
        "anonymous_revenue": "15.50",
        "visits": 8,
        "clients": 7,
        "average_ticket": "118.76",
        "frequency": 1.1429,
        "repeat_share": 0.0948,
    }


def test_what_is_dated_after_today_is_left_out(tmp_path):
    take_in(salon(tmp_path, clients=MANY, sales=MONEY), now=LATER)

    assert report("value", "2026-03-04", "2026-03-01", "2026-06-01")["revenue"] == "860.00"
    assert report("pareto", "2026-03-05", "2026-03-05", "2026-06-01")["revenue"] == "60.00"


def test_division_by_nothing_is_null(tmp_path):
    take_in(salon(tmp_path, clients=CLIENTS))

    assert report("value", "2026-03-04", "2026-03-01", "2026-04-01") == {
        "revenue": "0.00",
        "anonymous_revenue": "0.00",
        "visits": 0,
        "clients": 0,
        "average_ticket": None,
        "frequency": None,
        "repeat_share": None,
    }
    assert report("pareto", "2026-03-04", "2026-03-01", "2026-04-01")["top_share"] is None


@pytest.mark.parametrize(
    ("part", "whole", "figure"), [(1, 3, 0.3333), (2, 3, 0.6667), (1, 20_000, 0.0001), (0, 5, 0.0)]
)
def test_ratio_is_half_up_to_four_decimals(part, whole, figure):
    assert ratio(part, whole) == figure


def test_sources_say_what_each_brought(tmp_path):
    clients = "code,name,source\nANA,Ana,sign\nEVA,Eva,friend\nIDA,Ida,friend\nMIA,Mia,\n"
    sales = HEAD + visits("ANA", "2026-03-01") + visits("EVA", "2026-02-01", "2026-03-02") + visits("IDA", "2026-03-03")
    take_in(salon(tmp_path, clients=clients, sales=sales), now=LATER)

    assert report("sources", "2026-05-01", "2026-03-01", "2026-04-01")["sources"] == [
        {"source": "friend", "clients": 2, "new_clients": 1, "visits": 2, "revenue": "160.00"},
        {"source": "sign", "clients": 1, "new_clients": 1, "visits": 1, "revenue": "80.00"},
        {"source": None, "clients": 1, "new_clients": 0, "visits": 0, "revenue": "0.00"},
    ]


# ---- coming again -----------------------------------------------------------------------------


def test_rebooking_counts_what_stood_at_the_end_of_the_day(tmp_path):
    appointments = BOOKED + (
        # booked on the day of the visit at 23:59 of the branch, and done
        "A1,ANA,LEJLA,LASH,2026-03-20T10:00,done,2026-03-01T23:59,\n"
        # booked the day after
        "A2,EVA,LEJLA,LASH,2026-03-20T12:00,done,2026-03-02T00:00,\n"
        # cancelled on the day of the visit; cancelled the day after; nobody knows when
        "A3,IDA,LEJLA,LASH,2026-03-21T10:00,cancelled,2026-02-01T10:00,2026-03-01T20:00\n"
        "A4,MIA,LEJLA,LASH,2026-03-21T12:00,cancelled,2026-02-01T10:00,2026-03-02T08:00\n"
        "A5,ZOE,LEJLA,LASH,2026-03-21T14:00,cancelled,2026-02-01T10:00,\n"
    )
    day = "2026-03-01"
    sales = HEAD + "".join(visits(code, day) for code in ("ANA", "EVA", "IDA", "MIA", "ZOE"))
    take_in(salon(tmp_path, clients=CLIENTS, appointments=appointments, sales=sales), now=LATER)

    found = report("rebooking", "2026-05-01", "2026-03-01", "2026-03-02")

    assert found == {
        "client_days": 5,
        "rebooked": 2,
        "rate": 0.4,
        "kept": 1,
        "kept_share": 0.5,
        "days": [
            {"day": day, "client_days": 5, "rebooked": 2, "rate": 0.4, "kept": 1, "kept_share": 0.5},
        ],
        "masters": [
            {"master": "AMRA", "client_days": 5, "rebooked": 2, "rate": 0.4, "kept": 1, "kept_share": 0.5},
        ],
    }


def test_retention_shows_running_windows_without_a_share(tmp_path):
    sales = (
        HEAD
        + visits("ANA", "2026-01-10", "2026-02-09")
        + visits("EVA", "2026-01-10", "2026-02-10")
        + visits("IDA", "2026-01-31")
        + visits("MIA", "2026-02-15")
    )
    take_in(salon(tmp_path, clients=CLIENTS, sales=sales), now=LATER)

    january = report("retention", "2026-03-03", "2026-01-01", "2026-02-01")["cohorts"]

    # 30 days after 31 January is 2 March, over on the 3rd; 60 days are not over
    assert january == [
        {
            "month": "2026-01",
            "clients": 3,
            "windows": [
                {"days": 30, "came_again": 1, "share": 0.3333, "running": False},
                {"days": 60, "came_again": 2, "share": None, "running": True},
                {"days": 90, "came_again": 2, "share": None, "running": True},
                {"days": 120, "came_again": 2, "share": None, "running": True},
                {"days": 180, "came_again": 2, "share": None, "running": True},
            ],
        }
    ]
    assert report("retention", "2026-03-02", "2026-01-01", "2026-02-01")["cohorts"][0]["windows"][0]["running"]


def test_complaints_by_the_time_to_their_solution(tmp_path):
    complaints = (
        "client,opened,text,resolved,outcome,category\n"
        "ANA,2026-01-01T10:00,a,2026-01-02T10:00,solved,late\n"
        "EVA,2026-01-01T10:00,b,2026-01-02T10:01,solved,late\n"
        "IDA,2026-01-01T10:00,c,2026-01-05T10:00,solved,\n"
        "MIA,2026-01-01T10:00,d,,,\n"
        "ZOE,2026-03-01T10:00,e,,,\n"
    )
    # 90 days after 1 January: 1 April
    sales = HEAD + visits("ANA", "2026-01-01", "2026-04-01") + visits("EVA", "2026-01-01", "2026-04-02")
    take_in(salon(tmp_path, clients=CLIENTS, complaints=complaints, sales=sales), now=LATER)

    found = report("complaints", "2026-04-10", "2026-01-01", "2026-04-01")

    assert found["complaints"] == 5
    assert {
        row["resolved"]: (row["complaints"], row["came_back"], row["share"], row["running"]) for row in found["groups"]
    } == {
        "within_24h": (1, 1, 1.0, 0),
        "within_72h": (1, 0, 0.0, 0),
        "later": (1, 0, 0.0, 0),
        "never": (2, 0, 0.0, 1),
    }
    # 9 to 15 others hear of each that was never solved
    assert found["told"] == [18, 30]
    assert found["causes"] == [{"category": None, "complaints": 3}, {"category": "late", "complaints": 2}]


# ---- the command ------------------------------------------------------------------------------


def test_report_in_words_is_a_table(tmp_path):
    take_in(salon(tmp_path, clients=CLIENTS, sales=HEAD + visits("ANA", "2026-03-01")), now=LATER)
    out = StringIO()

    call_command("report", "rhythm", today=date(2026, 3, 10), stdout=out)

    assert out.getvalue().splitlines()[:3] == [
        "client  visit_days  last_visit  rhythm  silence  state      paused",
        "ANA     1           2026-03-01  21      9        on_rhythm  -",
        "EVA     0           -           -       -        -          -",
    ]


def test_empty_salon_has_reports_too():
    assert report("rhythm", "2026-03-10") == []
    assert report("stages", "2026-03-10")["clients"] == []
    assert report("rebooking", "2026-03-10")["rate"] is None


def test_report_that_is_not_there_is_a_wrong_argument():
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("report", "horoscope")


def test_period_that_ends_before_it_begins_is_a_wrong_argument():
    with pytest.raises(CommandError) as caught:
        call_command("report", "value", since=date(2026, 2, 1), until=date(2026, 1, 1))

    assert caught.value.returncode == 2
