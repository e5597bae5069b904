"""Complaints, calls and what a client's taps lead to (rules.md, Feedback and complaints)."""

from datetime import timedelta

import pytest

from crm.care.models import AfterAnswer, Call, Complaint, Feedback
from crm.care.selectors import calls_to_make, deadline_of, last_scores, open_complaints, resolved_complaints
from crm.care.services import (
    ComplaintRefused,
    FollowUp,
    OwnerDecides,
    SayWhatWasDone,
    answer_complaint,
    finish_call,
    follow_up_of,
    open_complaint,
    record_after_answer,
    record_feedback,
    reopen_call,
    reopen_complaint,
    resolve_complaint,
)
from crm.people.models import HealthNote
from crm.reports.selectors.states import standing_of
from tests.factories import NOW, TODAY, make_complaint, make_visit

pytestmark = pytest.mark.django_db

Outcome = Complaint.Outcome


@pytest.fixture
def cast(cast):
    make_visit(cast.vera, TODAY, services=[cast.lashes], master=cast.anna)
    return cast


def score(cast, number, **words):
    return record_feedback(client=cast.vera, branch=cast.branch, visit_on=TODAY, score=number, now=NOW, **words)


@pytest.mark.parametrize(
    ("number", "after"),
    [
        (0, FollowUp.COMPLAINT),
        (4, FollowUp.COMPLAINT),
        (5, FollowUp.CALL),
        (6, FollowUp.CALL),
        (7, FollowUp.BRIEFING),
        (8, FollowUp.BRIEFING),
        (9, FollowUp.RECOMMEND),
        (10, FollowUp.RECOMMEND),
    ],
)
def test_a_score_leads_to(number, after):
    assert follow_up_of(number) == after


@pytest.mark.parametrize("words", ["I want a refund!", "Это просто ужас", "Užasno, nikad više", "أريد تقديم شكوى"])
def test_words_that_complain_weigh_more_than_the_score(words):
    assert follow_up_of(9, words) == FollowUp.COMPLAINT


@pytest.mark.parametrize("words", ["Parking was far", "everything", "Хорошо", ""])
def test_other_words_do_not(words):
    assert follow_up_of(9, words) == FollowUp.RECOMMEND


def test_a_low_score_opens_one_complaint_with_her_words_for_her_master(cast):
    score(cast, 3)
    score(cast, 3, displeased="It burned")
    complaint = Complaint.objects.get()
    assert (complaint.source, complaint.owner) == (Complaint.Source.FEEDBACK, cast.user_of(cast.anna))
    assert "3 of 10" in complaint.text
    assert list(complaint.events.order_by("pk").values_list("kind", flat=True)) == ["opened", "added"]
    assert Feedback.objects.get().displeased == "It burned"
    assert standing_of(cast.vera, now=NOW).pause == "complaint"


def test_a_middling_score_asks_for_one_call_within_a_day(cast):
    score(cast, 6)
    score(cast, 5)
    call = Call.objects.get()
    assert (call.due_at, call.assignee) == (NOW + timedelta(hours=24), cast.user_of(cast.anna))
    assert last_scores([cast.vera.pk, cast.dina.pk]) == {cast.vera.pk: 5}


def test_the_last_score_is_the_one_given_last(cast):
    score(cast, 7)
    record_feedback(
        client=cast.vera,
        branch=cast.branch,
        visit_on=TODAY - timedelta(days=30),
        score=9,
        now=NOW - timedelta(days=29),
    )
    assert last_scores([cast.vera.pk]) == {cast.vera.pk: 7}


def test_an_alarming_answer_warns_the_master_keeps_a_health_note_and_stops_selling(cast):
    given = {"client": cast.vera, "branch": cast.branch, "visit_on": TODAY, "now": NOW, "service": cast.lashes}
    record_after_answer(answer=AfterAnswer.Answer.GOOD, **given)
    assert not Complaint.objects.exists()
    for _ in range(2):
        record_after_answer(answer=AfterAnswer.Answer.ALARM, **given)
    call, complaint, note = Call.objects.get(), Complaint.objects.get(), HealthNote.objects.get()
    assert (call.kind, call.due_at, call.assignee) == ("alarm", NOW + timedelta(hours=2), cast.user_of(cast.anna))
    assert (complaint.is_urgent, complaint.source) == (True, Complaint.Source.ANSWER)
    assert "itching" in note.text
    assert "itching" not in complaint.text
    # an alarm is not taken back by a later tap
    assert record_after_answer(answer=AfterAnswer.Answer.GOOD, **given).answer == AfterAnswer.Answer.ALARM


def test_a_complaint_is_answered_resolved_and_opened_again(cast):
    complaint = open_complaint(
        client=cast.vera, branch=cast.branch, text="Too short", now=NOW, user=cast.receptionist, is_urgent=True
    )
    assert (deadline_of(complaint), list(open_complaints([cast.branch]))) == (NOW + timedelta(hours=24), [complaint])
    answer_complaint(complaint=complaint, text="We are sorry", now=NOW, user=cast.receptionist)
    with pytest.raises(SayWhatWasDone):
        resolve_complaint(complaint=complaint, outcome=Outcome.SOLVED, resolution=" ", now=NOW, user=cast.owner)
    resolve_complaint(complaint=complaint, outcome=Outcome.SOLVED, resolution="Redone", now=NOW, user=cast.owner)
    assert (complaint.resolved_on, list(resolved_complaints([cast.branch]))) == (TODAY, [complaint])
    assert standing_of(cast.vera, now=NOW + timedelta(days=13)).pause == "complaint"
    assert standing_of(cast.vera, now=NOW + timedelta(days=14)).pause is None
    with pytest.raises(ComplaintRefused):
        resolve_complaint(complaint=complaint, outcome=Outcome.SOLVED, resolution="again", now=NOW, user=cast.owner)
    with pytest.raises(ComplaintRefused):
        answer_complaint(complaint=complaint, text="late", now=NOW, user=cast.owner)
    reopen_complaint(complaint=complaint, now=NOW, user=cast.receptionist)
    assert (complaint.resolved_at, complaint.outcome) == (None, "")
    with pytest.raises(ComplaintRefused):
        reopen_complaint(complaint=complaint, now=NOW)
    kinds = list(complaint.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["opened", "answered", "resolved", "reopened"]


def test_whose_deadline_is_next_stands_first(cast):
    """A first answer is due after 2 business hours, a solution after 72 h (24 h if urgent); at the desk it was answered."""
    desk = {"client": cast.vera, "branch": cast.branch, "user": cast.receptionist}
    old = open_complaint(**desk, text="Too short", now=NOW)
    urgent = open_complaint(**desk, text="It itches", now=NOW + timedelta(minutes=5), is_urgent=True)
    by_page = open_complaint(
        client=cast.vera, branch=cast.branch, text="It took long", now=NOW + timedelta(minutes=10), source="public"
    )

    assert list(open_complaints([cast.branch])) == [by_page, urgent, old]


def test_only_the_owner_declines(cast):
    complaint = make_complaint(cast.vera)
    with pytest.raises(OwnerDecides):
        resolve_complaint(
            complaint=complaint, outcome=Outcome.DECLINED, resolution="no", now=NOW, user=cast.receptionist
        )
    resolve_complaint(complaint=complaint, outcome=Outcome.DECLINED, resolution="no", now=NOW, user=cast.owner)
    assert complaint.outcome == Outcome.DECLINED


def test_calls_are_mine_and_nobodys_and_are_done_once(cast):
    score(cast, 6)
    call = Call.objects.get()
    anna, boris = cast.user_of(cast.anna), cast.user_of(cast.boris)
    assert (list(calls_to_make(cast.branch, user=anna)), list(calls_to_make(cast.branch, user=boris))) == ([call], [])
    assert list(calls_to_make(cast.branch)) == [call]
    assert finish_call(call=call, outcome=Call.Outcome.REACHED, now=NOW, user=anna, remark=" fine ")
    assert not finish_call(call=call, outcome=Call.Outcome.NO_ANSWER, now=NOW, user=boris)
    call.refresh_from_db()
    assert (call.outcome, call.remark, call.done_by) == ("reached", "fine", anna)
    assert reopen_call(call=call)
    assert not reopen_call(call=call)
    assert list(calls_to_make(cast.branch, user=anna)) == [call]
