"""Feedback by voice: the same consequences as her own tap (practices.md, P14)."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from crm.care.models import Call, Complaint, Feedback
from crm.care.selectors import calls_to_make
from crm.care.services import SurveyOver, ask_for_call, take_survey
from crm.desk.words import call_words
from tests.factories import NOW, TODAY, make_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(cast):
    make_visit(cast.vera, TODAY, services=[cast.lashes], master=cast.anna)
    return ask_for_call(
        client=cast.vera,
        branch=cast.branch,
        kind=Call.SURVEY,
        key="message 1",
        due_at=NOW,
        now=NOW,
        visit_on=TODAY,
        what_to_say="How was it, honestly?",
    )


def tell(call, cast, score, **words):
    said = {"pleased": "", "displeased": "", "may_quote": False} | words
    return take_survey(call=call, score=score, now=NOW, user=cast.receptionist, **said)


@pytest.mark.parametrize(
    ("score", "after", "complaints", "calls"),
    [
        (4, "complaint", 1, 0),
        (5, "call", 0, 1),
        (6, "call", 0, 1),
        (7, "briefing", 0, 0),
        (8, "briefing", 0, 0),
        (9, "recommend", 0, 0),
    ],
)
def test_what_she_says_has_the_consequences_of_her_tap(cast, call, score, after, complaints, calls):
    assert tell(call, cast, score, pleased="The tea") == after

    given = Feedback.objects.get()
    assert (given.score, given.visit_on, given.pleased, given.written_by) == (
        score,
        TODAY,
        "The tea",
        cast.receptionist,
    )
    assert Complaint.objects.count() == complaints
    call.refresh_from_db()
    assert (call.outcome, call.done_by) == (Call.Outcome.REACHED, cast.receptionist)
    # she is rung again only where the score asks for it
    assert [open_call.kind for open_call in calls_to_make(cast.branch)] == ["feedback"] * calls


def test_second_who_writes_it_down_changes_nothing(cast, call):
    tell(call, cast, 9)

    with pytest.raises(SurveyOver):
        tell(call, cast, 2)

    assert Feedback.objects.get().score == 9
    assert not Complaint.objects.exists()


def test_another_call_asks_nothing(cast):
    other = ask_for_call(client=cast.vera, branch=cast.branch, kind="win_back", key="k", due_at=NOW, now=NOW)

    with pytest.raises(SurveyOver):
        tell(other, cast, 9)


def test_who_serves_is_not_asked_to_ring(cast, call):
    assert list(calls_to_make(cast.branch)) == [call]
    assert list(calls_to_make(cast.branch, user=cast.user_of(cast.anna))) == []
    assert call_words(call.kind) == "ask her how it was"


def test_reception_reads_the_questions_and_writes_the_answer_down(cast, call):
    desk = Browser()
    desk.force_login(cast.receptionist)
    address = reverse("desk:call_survey", args=[call.pk])

    listed = desk.get(reverse("desk:calls")).content.decode()
    asked = desk.get(address).content.decode()
    refused = desk.post(address, {"score": "11", "pleased": "The tea"})
    kept = desk.post(address, {"score": "9", "pleased": "The tea", "may_quote": "on"}, follow=True)

    assert f'href="{address}"' in listed
    assert "How was it, honestly?" in asked
    assert (refused.status_code, "The tea" in refused.content.decode()) == (422, True)
    assert "Tell her that a friend of hers is welcome too." in kept.content.decode()
    assert Feedback.objects.get().quote_agreed_at is not None


def test_master_may_not_write_down_what_was_said_of_her(cast, call):
    desk = Browser()
    desk.force_login(cast.user_of(cast.anna))

    assert desk.get(reverse("desk:call_survey", args=[call.pk])).status_code == 403
