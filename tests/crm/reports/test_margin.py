"""What was told and what it was: the rule, `report margin` worked by hand, and the owner's page (practices.md, P6)."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from crm.booking.models import Appointment
from crm.care.models import StandardStep, VisitStep
from crm.reports.selectors.told import Figures, minutes_late, minutes_taken
from crm.sales.models import Sale, SaleLine
from crm.team.models import CrmSettings
from loyalty.gifts.models import Gift, GiftGiven
from tests.factories import NOW, TODAY, local, make_appointment, make_cast, make_service, make_standard

DAY = timedelta(days=1)
AT = local(TODAY, 10)
# who asks (session, user), rules and branch of the page and of the report; visits, their services and what these are called
QUERIES_OF_THE_PAGE = 10


def after(minutes):
    return AT + timedelta(minutes=minutes)


@pytest.fixture
def cast(db):
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


@pytest.fixture
def office(client, cast):
    client.force_login(cast.owner)
    return client


@pytest.mark.parametrize(
    ("arrived", "started", "late"),
    [
        # nobody checked her in: by the books she came as it began
        (7, 7, 7),
        (-5, 12, 12),
        # she came late herself
        (9, 12, 3),
        (-20, -10, 0),
    ],
)
def test_a_visit_begins_late_by_what_she_waits_beyond_the_hour_agreed(arrived, started, late):
    assert minutes_late(AT, after(arrived), after(started)) == late


@pytest.mark.parametrize(
    ("arrived", "started", "finished", "taken"),
    [
        # a late start is hers to wait; the minute that has begun counts
        (-5, 5, 63.2, 64),
        (20, 25, 85, 65),
        (-20, -10, 50, 60),
        # of 60 minutes planned: 15 may be true, 14 are a tap at another time, as are 241
        (0, 0, 15, 15),
        (0, 0, 14, None),
        (0, 0, 240, 240),
        (0, 0, 241, None),
    ],
)
def test_her_time_counts_from_the_hour_agreed_to_the_end(arrived, started, finished, taken):
    assert minutes_taken(AT, after(arrived), after(started), after(finished), planned=60) == taken


def test_less_than_told_is_beaten_and_the_same_is_kept():
    told = Decimal(60)
    assert [Figures(told, Decimal(true)).outcome for true in (59, 60, 61)] == ["beaten", "kept", "broken"]


def visit(cast, master, services, *, on=TODAY, times=(None, None, None), told=None, paid=None, done=None, **fields):
    """A visit of Vera's at ten: `times` after the hour agreed, `paid` for each of the services that were `done`."""
    arrived, started, finished = (None if each is None else local(on, 10) + timedelta(minutes=each) for each in times)
    fields.setdefault("status", Appointment.Status.DONE)
    made = make_appointment(
        client=cast.vera, master=master, starts_at=local(on, 10), services=services, told_minutes=told,
        arrived_at=arrived, started_at=started, finished_at=finished, **fields,
    )  # fmt: skip
    if paid is not None:
        sold = Sale.objects.create(branch=cast.branch, code=f"R{made.pk}", client=cast.vera, on=on, appointment=made)
        SaleLine.objects.bulk_create(
            SaleLine(sale=sold, position=place, service=service, full_amount=amount, amount=amount)
            for place, (service, amount) in enumerate(zip(done or services, map(Decimal, paid), strict=True))
        )
    return made


def tick(made, *said):
    """What became of the steps in order: done, open or declined."""
    for step, word in zip(StandardStep.objects.filter(version__isnull=False).order_by("position"), said, strict=True):
        is_left_out = word == "declined"
        VisitStep.objects.create(
            appointment=made, step=step, state="skipped" if is_left_out else word,
            reason=word if is_left_out else "", at=None if word == "open" else NOW,
        )  # fmt: skip


def report(*more):
    out = StringIO()
    period = ("--from", (TODAY - 5 * DAY).isoformat(), "--to", (TODAY + DAY).isoformat())
    call_command("report", "margin", *period, *more, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_what_was_told_is_counted_by_axis_master_and_service(cast):
    make_standard("Greet", "Show the result", branch=cast.branch, optional=["Massage"])
    lashes, brows = (
        make_service(branch=cast.branch, code=code, name=name, minutes=minutes, price=price)
        for code, name, minutes, price in (("A", "Lashes by hand", 60, 50), ("B", "Brows", 30, 20))
    )
    # seven minutes and five marks less than told, and a massage that nobody owes her
    tick(visit(cast, cast.anna, [lashes], times=(-5, 0, 63), told=70, paid=[45]), "done", "done", "done")
    # twelve minutes late, and yet done when told; one step forgotten
    tick(visit(cast, cast.anna, [lashes], times=(-5, 12, 70), told=70, paid=[50]), "done", "open", "done")
    # a minute and five marks more; an extra, but no standard
    extra = Gift.objects.create(branch=cast.branch, kind="extra", name="Tint", cost=3)
    surprised = visit(cast, cast.boris, [brows], times=(0, 0, 36), told=35, paid=[25])
    # brows were added: neither time nor price was told for both
    visit(cast, cast.boris, [lashes], times=(0, 0, 100), told=70, paid=[50, 20], done=[lashes, brows])
    # nobody tapped Begin and nothing was rung up; she did not want the second step
    declined = visit(cast, cast.boris, [lashes, brows], times=(None, None, 85), told=105)
    tick(declined, "done", "declined", "open")
    for given_to in (surprised, declined):
        GiftGiven.objects.create(
            gift=extra, kind="extra", client=cast.vera, branch=cast.branch, cost=3, appointment=given_to,
            given_at=NOW, on=TODAY, taken_back_at=NOW if given_to == declined else None,
        )  # fmt: skip
    # nothing told, not over, and before the period
    visit(cast, cast.anna, [lashes], times=(0, 0, 60), paid=[50])
    visit(cast, cast.anna, [lashes], times=(0, 0, None), told=70, status=Appointment.Status.IN_PROGRESS)
    visit(cast, cast.anna, [lashes], on=TODAY - 6 * DAY, times=(0, 0, 60), told=70, paid=[40])

    told = report()

    nothing = {"known": 0, "beaten": 0, "kept": 0, "broken": 0, "share": None}
    assert {name: told[name] for name in told if not name.startswith("by_")} == {
        "axis": "time", "visits": 5, "changed": 1, "begun": 4, "late_starts": 1, "late_share": 0.25,
        "time": {"known": 3, "beaten": 1, "kept": 1, "broken": 1, "share": 0.3333, "told": 175, "true": 169},
        "cost": {"known": 3, "beaten": 1, "kept": 1, "broken": 1, "share": 0.3333, "told": "120.00", "true": "120.00"},
        "level": {"known": 3, "beaten": 1, "kept": 1, "broken": 1, "share": 0.3333},
    }  # fmt: skip
    anna, boris = told["by_master"]
    assert anna == {
        "branch": "Harbour", "master": cast.anna.code, "name": "Anna",
        "visits": 2, "changed": 0, "begun": 2, "late_starts": 1, "late_share": 0.5,
        "time": {"known": 2, "beaten": 1, "kept": 1, "broken": 0, "share": 0.5, "told": 140, "true": 133},
        "cost": {"known": 2, "beaten": 1, "kept": 1, "broken": 0, "share": 0.5, "told": "100.00", "true": "95.00"},
        "level": {"known": 2, "beaten": 1, "kept": 0, "broken": 1, "share": 0.5},
    }  # fmt: skip
    assert (boris["name"], boris["visits"], boris["changed"], boris["begun"]) == ("Boris", 3, 1, 2)
    assert boris["level"] == nothing | {"known": 1, "kept": 1, "share": 0.0}
    # a visit counts with each of its services
    assert [(row["service"], row["visits"], row["time"]["known"]) for row in told["by_service"]] == [
        ("A", 4, 2),
        ("B", 2, 1),
    ]
    # as it was the day before
    assert report("--today", (TODAY - DAY).isoformat())["visits"] == 0


def test_of_two_receipts_the_newer_says_what_it_cost(cast):
    made = visit(cast, cast.anna, [cast.lashes], times=(0, 0, 90), told=105, paid=[70])
    again = Sale.objects.create(branch=cast.branch, code="again", client=cast.vera, on=TODAY, appointment=made)
    SaleLine.objects.create(sale=again, position=0, service=cast.lashes, full_amount=55, amount=55)
    back = Sale.objects.create(
        branch=cast.branch, code="back", client=cast.vera, on=TODAY, appointment=made, refund_of=again
    )
    SaleLine.objects.create(sale=back, position=0, service=cast.lashes, full_amount=-5, amount=-5)

    assert report()["cost"] == {
        "known": 1, "beaten": 1, "kept": 0, "broken": 0, "share": 1.0, "told": "60.00", "true": "55.00",
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_shows_the_chosen_axis_first_and_asks_as_much_for_many(office, cast, count, django_assert_num_queries):
    for number in range(count):
        visit(cast, cast.anna, [cast.lashes], on=TODAY - number * DAY, times=(0, 0, 98), told=105, paid=[54])
    CrmSettings.objects.create(pk=1, promise_axis="cost")

    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        page = office.get(reverse("office:margin")).content.decode()

    assert page.index("Price") < page.index("what you chose to beat") < page.index(">Time")
    assert "Told BAM\u00a060.00, it was BAM\u00a054.00 on average." in page
    assert "Told 1 hr 45 min, it was 1 hr 38 min on average." in page


def test_the_page_says_what_to_tap_where_nobody_knows_how_long_it_took(office, cast):
    empty = office.get(reverse("office:margin")).content.decode()
    visit(cast, cast.anna, [cast.lashes], times=(None, None, 98), told=105)
    page = office.get(reverse("office:margin")).content.decode()

    assert "Nobody was told a time yet" in empty
    assert "tap “Begin” as you begin" in page
    # as heads of the two tables: nobody began, so no line says who began late
    assert page.count("Began late") == 2
