"""What fell out, by master, service and product, counted by hand (practices.md, P13)."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from crm.booking.models import VisitItem
from crm.care.services import record_after_answer
from crm.reports.selectors.fallouts import fallouts_between, fallouts_report
from crm.reports.selectors.standing import On
from tests.factories import NOW, TODAY, make_client, make_product, make_visit

pytestmark = pytest.mark.django_db

ON = On(TODAY, NOW, live=True)
SINCE, UNTIL = TODAY - timedelta(days=30), TODAY + timedelta(days=1)


@pytest.fixture
def glue(cast):
    return make_product(branch=cast.branch, name="Glue", code="GLUE")


def answered(cast, answer, *, master, ago=5, product=None, client=None, beside=None):
    """A visit with lashes by this master (and a removal by another), and what she answered five days later."""
    client = client or make_client(branch=cast.branch)
    on = TODAY - timedelta(days=ago)
    visit = make_visit(client, on, services=[cast.lashes], master=master)
    if beside is not None:
        VisitItem.objects.create(visit=visit, source="test", service=cast.removal, master=beside)
    if product is not None:
        VisitItem.objects.create(visit=visit, source="test", product=product)
    record_after_answer(
        client=client, branch=cast.branch, visit_on=on, answer=answer, service=cast.lashes, now=NOW - timedelta(hours=1)
    )


def test_answers_count_for_who_did_it_and_for_what_was_sold(cast, glue, django_assert_num_queries):
    answered(cast, "mend", master=cast.anna, product=glue, beside=cast.boris)
    answered(cast, "good", master=cast.anna)
    answered(cast, "good", master=cast.anna, product=glue)
    answered(cast, "alarm", master=cast.boris)
    # before the period
    answered(cast, "mend", master=cast.boris, ago=31)

    with django_assert_num_queries(2):
        found = fallouts_report(ON, SINCE, UNTIL)

    anna = {"master": cast.anna.code, "name": "Anna", "answers": 3, "fell_out": 1, "alarming": 0, "share": 0.3333}
    boris = {"master": cast.boris.code, "name": "Boris", "answers": 1, "fell_out": 0, "alarming": 1, "share": 0.0}
    whole = {"answers": 4, "fell_out": 1, "alarming": 1, "share": 0.25}
    assert found == {
        **whole,
        "masters": [anna, boris],
        "services": [{"service": cast.lashes.code, "name": "Lashes", **whole}],
        "products": [{"product": "GLUE", "name": "Glue", "answers": 2, "fell_out": 1, "alarming": 0, "share": 0.5}],
    }
    assert fallouts_between(SINCE, UNTIL) == {"answers": 4, "fell_out": 1}


def test_day_that_is_over_knows_no_later_answers(cast):
    answered(cast, "mend", master=cast.anna)

    past = On(TODAY - timedelta(days=1), NOW - timedelta(days=1), live=False)

    assert fallouts_report(past, SINCE, UNTIL)["answers"] == 0


def test_command_gives_the_same_as_one_document(cast):
    answered(cast, "mend", master=cast.anna)
    out = StringIO()

    with time_machine.travel(NOW, tick=False):
        call_command("report", "fallouts", since=SINCE, until=UNTIL, json=True, stdout=out)

    assert json.loads(out.getvalue()) == fallouts_report(ON, SINCE, UNTIL)


@time_machine.travel(NOW, tick=False)
def test_owner_reads_it_on_a_page_and_on_the_first_one(cast, client):
    answered(cast, "mend", master=cast.anna)
    answered(cast, "good", master=cast.boris)
    client.force_login(cast.owner)

    page = client.get(reverse("office:fallouts"), {"days": "30"}).content.decode()
    figures = {str(figure.title): figure for figure in client.get(reverse("admin:index")).context["figures"]}

    assert "2 answers: something fell out in 1 (50%), 0 alarming." in page
    assert page.index("Anna") < page.index("Boris")
    shown = figures["Something fell out"]
    assert (shown.value, str(shown.note)) == ("50%", "2 answers in 30 days; – the 30 before")
    assert shown.url == reverse("office:fallouts")


def test_page_without_answers_says_what_to_do_first(cast, client):
    client.force_login(cast.owner)

    assert "Nobody has answered yet" in client.get(reverse("office:fallouts")).content.decode()
