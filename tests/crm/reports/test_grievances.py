"""`report complaints` and what complaints say of masters, by hand (rules.md, Reports; practices.md, P32 and P43)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.care.models import ComplaintCause, ComplaintOption
from crm.care.services import agree_redo, open_complaint, report_redo, resolve_complaint, take_ready_causes
from crm.reports.selectors.grievances import complaints_report
from crm.reports.selectors.motivation import motivation_report
from crm.reports.selectors.standing import On
from crm.sales.models import Sale, SaleLine
from tests.factories import NOW, TODAY, local, make_appointment, make_complaint, make_visit

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ON = On(TODAY + 200 * DAY, NOW + 200 * DAY, live=False)
PERIOD = (ON, TODAY - 10 * DAY, TODAY + 10 * DAY)


def test_the_report_says_answers_causes_outcomes_and_what_was_chosen(cast):
    late = ComplaintCause.objects.create(name="Too late")
    # answered at once, solved in 20 hours, back after 30 days
    first = open_complaint(client=cast.vera, branch=cast.branch, text="Late", now=NOW, user=cast.receptionist)
    option = {"complaint": first, "key": "k", "offered_at": NOW, "state": "chosen", "chosen_at": NOW}
    ComplaintOption.objects.create(kind="discount", percent=20, cost=Decimal("12.50"), **option)
    resolve_complaint(
        complaint=first, outcome="solved", resolution="20 %", cause=late, now=NOW + timedelta(hours=20), user=cast.owner
    )
    make_visit(cast.vera, TODAY + 30 * DAY, services=[cast.lashes], master=cast.anna)
    # by a link, never answered nor solved; she was not seen again
    open_complaint(client=cast.dina, branch=cast.branch, text="Burned", now=NOW, source="feedback")
    # from the old records: no answer was due; solved after five days
    make_complaint(
        cast.leila, resolved_at=NOW + 5 * DAY, resolved_on=TODAY + 5 * DAY, outcome="yielded", category="price"
    )

    report = complaints_report(*PERIOD)

    speeds = {row["resolved"]: (row["complaints"], row["came_back"], row["share"]) for row in report["groups"]}
    assert speeds == {"within_24h": (1, 1, 1.0), "within_72h": (0, 0, None), "later": (1, 0, 0.0), "never": (1, 0, 0.0)}
    assert [row["published"] for row in report["groups"]] == ["95 %", "54-70 %", "54-70 %", "9 %"]
    # one unsolved: 9 to 15 others
    assert report["told"] == [9, 15]
    assert report["first_answer"] == {"in_time": 1, "late": 1, "running": 0}
    assert report["outcomes"] == {"solved": 1, "yielded": 1, "declined": 0, "withdrawn": 0}
    assert report["solutions"] == [{"kind": "discount", "chosen": 1, "cost": "12.50"}]
    assert report["causes"] == [
        {"category": None, "complaints": 1},
        {"category": "Too late", "complaints": 1},
        {"category": "price", "complaints": 1},
    ]


def sold(cast, client, days):
    """A visit of Anna's so many days ago: lashes at 60, brought down to 50."""
    on = TODAY - days * DAY
    visit = make_appointment(
        client=client, master=cast.anna, starts_at=local(on, 10), services=[cast.lashes], status="done"
    )
    sale = Sale.objects.create(branch=cast.branch, code=f"R{days}", client=client, on=on, appointment=visit, total=50)
    SaleLine.objects.create(
        sale=sale, position=0, service=cast.lashes, master=cast.anna, full_amount=60, discount_amount=10, amount=50
    )
    return visit


def test_a_redo_takes_her_figure_back_once_unless_she_said_so_first(cast):
    anna = cast.user_of(cast.anna)
    one, other = sold(cast, cast.vera, 2), sold(cast, cast.dina, 1)
    heard = open_complaint(client=cast.vera, branch=cast.branch, text="Short", now=NOW, user=anna, appointment=one)
    for _twice in range(2):
        agree_redo(complaint=heard, services=[cast.lashes], now=NOW, user=anna)
    report_redo(appointment=other, note="Corners", now=NOW, user=anna)
    resolve_complaint(complaint=heard, outcome="solved", resolution="Again", now=NOW, user=anna)

    [row] = motivation_report(*PERIOD)

    # two done again, of which the second cost her nothing: 60 of 120
    assert (row["name"], row["complaints_solved"], row["redos"], row["figure_taken_back"]) == ("Anna", 1, 2, "60.00")
    assert (row["visits"], row["standards_kept"]) == (0, None)


def test_the_ready_made_causes_come_once_and_in_four_languages(db):
    made = take_ready_causes(language="bs")
    assert (len(made), made[2].name) == (8, "Predugo čekanje")
    assert sorted(made[2].words.values_list("language", flat=True)) == ["ar", "en", "ru"]
    assert take_ready_causes(language="en") == []
