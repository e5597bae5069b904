"""Deadlines of complaints: who is told when, once each, on the desk and by letter (rules.md, Feedback and complaints)."""

from datetime import datetime, timedelta

import pytest

from crm.care.models import Complaint, ComplaintAlert
from crm.care.selectors import with_handling
from crm.care.services import (
    answer_complaint,
    chase_complaints,
    open_complaint,
    reopen_complaint,
    resolve_complaint,
)
from crm.team.models import User
from reminders.messages.colleagues import tell_of_complaints
from tests.factories import NOW, TODAY, local

pytestmark = pytest.mark.django_db

# the cast works 9 to 18 from Monday to Saturday; NOW is Wednesday 11:00
TOMORROW = TODAY + timedelta(days=1)
SATURDAY, MONDAY = TODAY + timedelta(days=3), TODAY + timedelta(days=5)


def told() -> list[tuple[str, int, str]]:
    rows = ComplaintAlert.objects.order_by("pk").select_related("user")
    return [(row.about, row.level, row.user.first_name) for row in rows]


def heard_by_link(cast, now: datetime = NOW, **fields) -> Complaint:
    fields.setdefault("owner", cast.user_of(cast.anna))
    return open_complaint(
        client=cast.vera, branch=cast.branch, text="It burned", now=now, source=Complaint.Source.FEEDBACK, **fields
    )


def test_heard_at_the_desk_it_is_answered_and_by_a_link_it_has_two_business_hours(cast):
    here = open_complaint(client=cast.vera, branch=cast.branch, text="Late", now=NOW, user=cast.receptionist)
    there = heard_by_link(cast, local(TODAY, 17, 30), is_urgent=True)
    assert (here.answered_at, here.solve_due_at) == (NOW, NOW + timedelta(hours=72))
    # half an hour today, an hour and a half tomorrow; urgent: a day
    assert (there.answered_at, there.answer_due_at, there.solve_due_at) == (
        None,
        local(TOMORROW, 10, 30),
        local(TOMORROW, 17, 30),
    )


def test_who_looks_after_it_is_reminded_then_the_reception_then_the_owner_once_each(cast):
    complaint = heard_by_link(cast)
    steps = [
        # three quarters of two hours after 11:00; the deadline; two business hours after it
        (local(TODAY, 12, 29), []),
        (local(TODAY, 12, 30), [("answer", 0, "Anna")]),
        (local(TODAY, 12, 31), []),
        (local(TODAY, 13), [("answer", 1, "Anna"), ("answer", 1, "Rada")]),
        (local(TODAY, 15), [("answer", 2, "Olga")]),
        # 72 hours end on Saturday at 11:00; 18 hours before; a day after
        (local(SATURDAY - timedelta(days=1), 17), [("solution", 0, "Anna")]),
        (local(SATURDAY, 11), [("solution", 1, "Anna"), ("solution", 1, "Rada")]),
        (local(SATURDAY + timedelta(days=1), 11), [("solution", 2, "Olga")]),
        (local(MONDAY, 11), []),
    ]
    seen: list = []
    for now, more in steps:
        chase_complaints(now=now)
        # asked twice at one moment, told once
        chase_complaints(now=now)
        assert told() == seen + more, now
        seen += more
    complaint.refresh_from_db()
    assert (complaint.next_look_at, with_handling(Complaint.objects.all()).get().passed_to) == (None, 2)
    kinds = list(complaint.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["opened", "reminded", "escalated", "escalated", "reminded", "escalated", "escalated"]


def test_after_a_night_without_a_clock_only_the_furthest_is_told(cast):
    heard_by_link(cast)
    chase_complaints(now=local(TODAY, 16))
    assert told() == [("answer", 2, "Olga")]


def test_who_has_answered_is_not_reminded_of_answering_and_who_has_solved_of_nothing(cast):
    complaint = heard_by_link(cast)
    answer_complaint(complaint=complaint, text="We ring you at noon", now=NOW, user=cast.receptionist)
    chase_complaints(now=local(TODAY, 13))
    assert told() == []
    resolve_complaint(complaint=complaint, outcome="solved", resolution="Redone", now=NOW, user=cast.owner)
    chase_complaints(now=local(MONDAY, 12))
    assert told() == []
    # opened again, the clocks run anew: 72 hours from Monday noon
    reopen_complaint(complaint=complaint, now=local(MONDAY, 12), user=cast.receptionist)
    chase_complaints(now=local(MONDAY + timedelta(days=3), 12))
    assert told() == [("solution", 1, "Anna"), ("solution", 1, "Rada")]


def test_the_letter_goes_once_to_who_has_an_address_and_says_nothing_of_her_words(cast, mailoutbox):
    cast.receptionist.email = "reception@example.test"
    cast.receptionist.save(update_fields=["email"])
    complaint = heard_by_link(cast, owner=None)

    assert [tell_of_complaints(now=local(TODAY, hour)) for hour in (13, 13)] == [1, 0]

    [letter] = mailoutbox
    assert (letter.to, letter.subject) == (["reception@example.test"], f"A complaint is overdue: {complaint.number}")
    assert "Vera Example has not been answered" in letter.body
    assert f"/complaints/{complaint.pk}/" in letter.body
    assert "burned" not in letter.body
    assert ComplaintAlert.objects.get().mail == ComplaintAlert.Mail.SENT


def test_a_colleague_without_an_address_sees_it_at_the_desk_only(cast, mailoutbox):
    User.objects.update(email="")
    heard_by_link(cast)
    tell_of_complaints(now=local(TODAY, 12, 30))
    assert (ComplaintAlert.objects.get().mail, mailoutbox) == (ComplaintAlert.Mail.NONE, [])
