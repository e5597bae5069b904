"""Touchpoints: the report worked by hand, the owner's page, and audits in the office (rules.md, Reports; practices.md, P42)."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from crm.care.models import Feedback, FeltAt, Touchpoint, TouchpointAudit
from crm.care.services import leave_out_audit, put_feedback
from tests.factories import NOW, TODAY, make_cast, make_user

DAY = timedelta(days=1)
SINCE, UNTIL = TODAY - 30 * DAY, TODAY + 5 * DAY
PAGE = "office:touchpoints"
# who asks (session, user), the salon's rules and branch, and one for all touchpoints
QUERIES_OF_THE_PAGE = 6


@pytest.fixture
def cast(db):
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


@pytest.fixture
def office(client, cast):
    client.force_login(cast.owner)
    return client


def point(text, *, wanted, passing, scores=(), **kept):
    """A touchpoint with audits of the last days, one a day."""
    made = Touchpoint.objects.create(
        text_en=text, wanted=wanted, passing=passing, position=Touchpoint.objects.count(), **kept
    )
    for days_ago, score in enumerate(scores):
        audit(made, score, days_ago)
    return made


def audit(touchpoint, score, days_ago):
    on = TODAY - days_ago * DAY
    return TouchpointAudit.objects.create(touchpoint=touchpoint, on=on, score=score, added_at=NOW)


def report(*more):
    out = StringIO()
    period = ("--from", SINCE.isoformat(), "--to", UNTIL.isoformat())
    call_command("report", "touchpoints", *period, *more, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_heaviest_gap_comes_first_and_what_nobody_looked_at_is_unknown(cast):
    door = point("Door", wanted=9, passing=300)
    point("Waiting", wanted=8, passing=None, scores=[5])
    point("Greeting", wanted=9, passing=260, scores=[10])
    point("Call", wanted=9, passing=120, scores=[4, 6])
    point("Advertisement", wanted=8, passing=900, scores=[7, 6, 6])
    point("Leaflets", wanted=8, passing=900, scores=[1], is_active=False)
    # before the period, after today, and a slip
    audit(door, 2, 31)
    audit(door, 2, -1)
    leave_out_audit(audit=audit(door, 2, 3), now=NOW)

    keys = ("touchpoint", "wanted", "received", "audits", "last_audit", "gap", "passing", "weighted")
    assert [tuple(row[key] for key in keys) for row in report()] == [
        # 19 of 24: 5 short in 3 audits, times 900
        ("Advertisement", 8, 6.3333, 3, TODAY.isoformat(), 1.6667, 900, 1500.0),
        # 10 of 18: 8 short in 2, times 120; the wider gap, and fewer pass
        ("Call", 9, 5.0, 2, TODAY.isoformat(), 4.0, 120, 480.0),
        # better than wanted
        ("Greeting", 9, 10.0, 1, TODAY.isoformat(), -1.0, 260, -260.0),
        # nobody has counted who waits
        ("Waiting", 8, 5.0, 1, TODAY.isoformat(), 3.0, None, None),
        ("Door", 9, None, 0, None, None, 300, None),
    ]
    # as it was the day before: the advertisement had 6 and 6, the call 6, of the others nothing was known
    before = report("--today", (TODAY - DAY).isoformat())
    assert [(row["touchpoint"], row["weighted"]) for row in before] == [
        ("Advertisement", 1800.0),
        ("Call", 360.0),
        ("Door", None),
        ("Waiting", None),
        ("Greeting", None),
    ]


def say(cast, client, score, days_ago=0, **fields):
    """Her score of a visit so many days ago."""
    on = TODAY - days_ago * DAY
    return Feedback.objects.create(
        client=client, branch=cast.branch, visit_on=on, score=score, answered_at=NOW, **fields
    )


def test_what_clients_said_counts_where_the_reception_put_it(client, cast):
    call, door = point("Call", wanted=9, passing=120, scores=[4, 6]), point("Door", wanted=9, passing=300)
    late = say(cast, cast.vera, 2, displeased="Nobody answered the telephone")
    say(cast, cast.dina, 1)
    put_feedback(feedback=say(cast, cast.leila, 0, days_ago=31), touchpoint=call, now=NOW, user=cast.owner)
    client.force_login(cast.receptionist)
    page = reverse("desk:feedback")
    assert "Nobody answered the telephone" in client.get(page).content.decode()

    client.post(page, {"feedback": late.pk, "point": door.pk})
    client.post(page, {"feedback": late.pk, "point": call.pk})

    # 4, 6 and 2 of three times nine: 15 short, times 120; the score of a month ago is over
    keys = ("touchpoint", "received", "audits", "feedback", "gap", "weighted")
    assert [tuple(row[key] for key in keys) for row in report()] == [
        ("Call", 4.0, 2, 1, 5.0, 600.0),
        ("Door", None, 0, 0, None, None),
    ]
    assert "Nobody answered the telephone" not in client.get(page).content.decode()
    assert f"Put there by \u2068{cast.receptionist}\u2069" in client.get(f"{page}?placed=1").content.decode()
    client.post(page, {"feedback": late.pk, "point": ""})
    assert report()[0]["received"] == 5.0


def test_scores_are_not_for_masters_nor_for_another_branch(client, cast):
    call = point("Call", wanted=9, passing=120)
    said = say(cast, cast.vera, 2)
    elsewhere = make_user("receptionist", branch=cast.elsewhere)
    page, sent = reverse("desk:feedback"), {"feedback": said.pk, "point": call.pk}

    client.force_login(cast.user_of(cast.anna))
    assert (client.get(page).status_code, client.post(page, sent).status_code) == (403, 403)
    client.force_login(elsewhere)
    assert cast.vera.name not in client.get(page).content.decode()
    assert client.post(page, sent).status_code == 404
    assert not FeltAt.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_says_where_to_begin_and_asks_as_much_for_many(office, count, django_assert_num_queries):
    for number in range(count):
        point(f"Call {number}", wanted=9, passing=120 - number, scores=[4, 6])
        point(f"Door {number}", wanted=9, passing=300)

    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        page = office.get(reverse(PAGE)).content.decode()

    assert "Begin with \u2068Call 0\u2069: 4 short of what you want, and 120 clients pass there in a month." in page
    assert page.index("Unknown: nobody has looked there in this time") < page.index("Door 0")


def test_the_page_begins_nowhere_while_nothing_is_known(office):
    assert "No touchpoint is written down yet" in office.get(reverse(PAGE)).content.decode()

    office.post(reverse("admin:crm_touchpoint_ready"))

    page = office.get(reverse(PAGE)).content.decode()
    assert "The advertisement" in page
    assert "Begin with" not in page


def test_an_audit_is_written_once_and_a_slip_is_left_out(office, cast):
    greeting = point("Greeting", wanted=9, passing=260)
    add = reverse("admin:crm_touchpointaudit_add")
    written = {"touchpoint": greeting.pk, "on": TODAY.isoformat(), "score": "7", "visitor": "Mysteria", "words": "Late"}

    office.post(add, written | {"on": (TODAY + DAY).isoformat()})
    office.post(add, written | {"score": "11"})
    assert not TouchpointAudit.objects.exists()

    office.post(add, written)
    kept = TouchpointAudit.objects.get()
    assert (kept.touchpoint, kept.score, kept.words, kept.added_at, kept.user) == (
        greeting, 7, "Late", NOW, cast.owner,
    )  # fmt: skip

    changed = office.post(reverse("admin:crm_touchpointaudit_change", args=[kept.pk]), written | {"score": "10"})
    office.post(reverse("admin:crm_touchpointaudit_changelist"), {"action": "leave_out", "_selected_action": [kept.pk]})
    kept.refresh_from_db()
    assert (changed.status_code, kept.score, kept.left_out_at) == (403, 7, NOW)
    assert report()[0]["received"] is None
