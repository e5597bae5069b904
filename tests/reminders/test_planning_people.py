"""Where a machine falls silent a person calls: after a break without a date, and after a complaint."""

import pytest

from crm.care.models import Call
from crm.care.services import open_complaint, resolve_complaint
from crm.people.services import set_client_status
from reminders.journeys.services import dispatch
from reminders.journeys.services.asking import ask_people
from tests.factories import TODAY, make_branch, make_client
from tests.reminders.playing_salon import Transport, switch_everything_on, turn
from tests.reminders.salon_day import ELEVEN, allow, days, known, make_due

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def calls():
    """Those that the journeys ask for; the closing call of a complaint has tests of its own."""
    return [(call.client, call.kind) for call in Call.objects.exclude(kind=Call.CLOSING).order_by("pk")]


def test_break_without_a_date_is_asked_about_once_when_it_is_over():
    client = make_client(branch=make_branch())
    set_client_status(client=client, status="break", today=TODAY)

    for day in (89, 90, 91, 95):
        ask_people(now=ELEVEN + days(day))
        assert calls() == ([] if day < 90 else [(client, "break")])


def test_break_with_a_date_needs_no_person():
    client = make_client(branch=make_branch())
    set_client_status(client=client, status="break", today=TODAY, break_until=TODAY + days(5))

    ask_people(now=ELEVEN + days(6))

    assert calls() == []


def test_who_refused_care_and_who_has_no_phone_is_not_called():
    branch = make_branch()
    for client in (make_client(branch=branch), make_client(branch=branch, phone="")):
        set_client_status(client=client, status="break", today=TODAY)
        allow(client, care_refused=bool(client.phone))

    ask_people(now=ELEVEN + days(90))

    assert calls() == []


@pytest.fixture
def complainer(monkeypatch):
    """An invitation fell due while her complaint was open; it was resolved two days later."""
    monkeypatch.setattr(dispatch, "send", Transport())
    switch_everything_on(ELEVEN - days(100))
    client = make_due(make_branch(), phone="+38761100779")
    complaint = open_complaint(client=client, branch=client.branch, text="Too dark", now=ELEVEN - days(1))
    known(client, now=ELEVEN - days(1))
    turn(ELEVEN - days(1))
    turn(ELEVEN)
    resolve_complaint(complaint=complaint, outcome="solved", resolution="Done again", now=ELEVEN + days(2))
    return client


def test_who_heard_nothing_during_a_complaint_is_called_once_after_its_pause(complainer):
    for day in (3, 15, 16, 17, 20):
        ask_people(now=ELEVEN + days(day))
        assert calls() == ([] if day < 16 else [(complainer, "after_complaint")])


def test_complaint_during_which_nothing_fell_due_needs_no_call():
    client = make_client(branch=make_branch())
    complaint = open_complaint(client=client, branch=client.branch, text="Too dark", now=ELEVEN)
    resolve_complaint(complaint=complaint, outcome="solved", resolution="Done again", now=ELEVEN)

    ask_people(now=ELEVEN + days(14))

    assert calls() == []
