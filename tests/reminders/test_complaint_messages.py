"""Who complained is told at once, at any hour, and only while it is true (rules.md, When: complaint_*)."""

from datetime import timedelta

import pytest

from crm.care.models import Complaint
from crm.care.services import (
    answer_complaint,
    open_complaint,
    reopen_complaint,
    resolve_complaint,
    write_to_her,
)
from loyalty.amends.services import Solution, offer_solutions
from reminders.journeys.services import dispatch
from reminders.messages.models import Message
from tests.factories import NOW, TODAY, local
from tests.reminders.playing_salon import Transport, turn

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
AT_NIGHT = local(TODAY, 23)


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


def complain(cast, *, source=Complaint.Source.PUBLIC, now=NOW, **fields) -> Complaint:
    return open_complaint(client=cast.vera, branch=cast.branch, text="Burned", now=now, source=source, **fields)


def said():
    return [(row.kind, row.state, row.state_reason) for row in Message.objects.order_by("pk")]


def test_that_it_has_come_goes_at_once_and_at_night_with_its_number(cast, transport):
    complaint = complain(cast, now=AT_NIGHT)
    turn(AT_NIGHT)
    assert said() == [("complaint_received", "sent", "")]
    text = transport.sent[0].text
    # Thursday: the salon opens at nine, and two hours of it are until eleven
    assert complaint.number in text
    assert "Thursday, 11 June, 11:00" in text
    turn(AT_NIGHT + MINUTE)
    assert len(said()) == 1


@pytest.mark.parametrize(
    ("source", "told"), [("public", 1), ("feedback", 1), ("desk", 0), ("reply", 0), ("answer", 0), ("import", 0)]
)
def test_who_stood_at_the_desk_or_came_with_old_records_is_not_told_that_it_has_come(cast, transport, source, told):
    complain(cast, source=source)
    turn(NOW)
    assert [kind for kind, _state, _why in said()] == ["complaint_received"] * told


def test_an_answer_in_writing_goes_and_a_word_among_colleagues_does_not(cast, transport):
    complaint = complain(cast, source="desk", user=cast.owner)
    answer_complaint(complaint=complaint, text="Rang her, a greedy one", now=NOW, user=cast.owner)
    turn(NOW)
    assert said() == []
    write_to_her(complaint=complaint, text="Come tomorrow, we mend it.", now=NOW + MINUTE, user=cast.owner)
    turn(NOW + MINUTE)
    assert said() == [("complaint_answer", "sent", "")]
    text = transport.sent[0].text
    assert "Come tomorrow, we mend it." in text
    assert "greedy" not in text


def test_what_she_may_choose_is_told_to_who_told_it_by_herself(cast, transport):
    solutions = [Solution("points", "a", points=40), Solution("redo", "b", services=[cast.lashes])]
    for source in ("public", "desk"):
        complaint = complain(cast, source=source, user=cast.owner)
        keyed = [
            Solution(each.kind, f"{source} {each.key}", points=each.points, services=each.services)
            for each in solutions
        ]
        offer_solutions(complaint=complaint, solutions=keyed, user=cast.owner, now=NOW + MINUTE)
    turn(NOW + MINUTE)
    # answered within the minute, so that it has come is no news any more
    assert said() == [("complaint_answer", "sent", "")]
    assert "40 points for you" in transport.sent[0].text
    assert "We do it again, free of charge: Lashes" in transport.sent[0].text


def test_solved_closes_with_thanks_and_opened_again_says_nothing(cast, transport):
    complaint = complain(cast, source="desk", user=cast.owner)
    resolve_complaint(complaint=complaint, outcome="solved", resolution="Mended", now=NOW, user=cast.owner)
    turn(NOW)
    assert said() == [("complaint_resolved", "sent", "")]
    assert "Mended" not in transport.sent[0].text
    reopen_complaint(complaint=complaint, now=NOW + MINUTE, user=cast.owner)
    declined = NOW + 2 * MINUTE
    resolve_complaint(complaint=complaint, outcome="declined", resolution="No", now=declined, user=cast.owner)
    turn(declined)
    # a person tells her that
    assert len(said()) == 1
