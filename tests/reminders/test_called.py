"""What comes of a call: tried again, her word kept, a dead number; and each taken back (practices.md, P15)."""

from datetime import timedelta

import pytest

from crm.care.models import Call
from crm.care.services import ask_for_call
from reminders.consent.models import ConsentEvent
from reminders.consent.selectors import permission_of
from reminders.journeys.services.called import end_call, undo_call
from tests.factories import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def a_call(cast, client=None, kind="win_back") -> Call:
    return ask_for_call(client=client or cast.dina, branch=cast.branch, kind=kind, key="message 7", due_at=NOW, now=NOW)


def end(cast, call, outcome, now=NOW) -> bool:
    return end_call(call=call, outcome=outcome, now=now, user=cast.receptionist)


def open_keys() -> list[str]:
    return list(Call.objects.filter(done_at__isnull=True).values_list("key", flat=True))


def test_unanswered_call_is_tried_three_times_on_three_days(cast):
    call, due = a_call(cast), []
    while call is not None:
        assert end(cast, call, "no_answer", NOW + DAY * len(due))
        call = Call.objects.filter(done_at__isnull=True).first()
        due += [call.due_at - NOW] if call else []
    assert due == [DAY, 2 * DAY]
    assert Call.objects.count() == 3


def test_call_about_an_appointment_is_not_tried_the_next_day(cast):
    end(cast, a_call(cast, kind="reminder_24h"), "no_answer")
    assert open_keys() == []


def test_undo_of_an_unanswered_call_leaves_one_on_the_list(cast):
    call = a_call(cast)
    end(cast, call, "no_answer")
    assert open_keys() == ["message 7 again 2"]

    call.refresh_from_db()
    assert undo_call(call=call, now=NOW, user=cast.receptionist)

    assert open_keys() == ["message 7"]


@pytest.mark.parametrize(("email", "refused"), [("dina@example.test", False), ("", True)])
def test_who_wants_no_calls_keeps_what_reaches_her_otherwise(cast, email, refused):
    cast.dina.email, cast.dina.phone = email, cast.dina.phone if email else ""
    cast.dina.save()
    call = a_call(cast)
    end(cast, call, "not_wanted")

    permission = permission_of(cast.dina)
    assert (permission.care_call, permission.care_refused) == (False, refused)
    said = ConsentEvent.objects.filter(channel="call").first()
    assert (said.purpose, said.is_given, said.where, said.user) == ("care", False, "desk", cast.receptionist)

    call.refresh_from_db()
    undo_call(call=call, now=NOW, user=cast.receptionist)
    permission = permission_of(cast.dina)
    assert (permission.care_call, permission.care_refused) == (True, False)


def test_wrong_number_is_dead_until_the_call_is_taken_back(cast):
    call = a_call(cast)
    end(cast, call, "wrong_number")
    assert permission_of(cast.dina).sms_dead_at == NOW

    call.refresh_from_db()
    undo_call(call=call, now=NOW, user=cast.receptionist)
    assert permission_of(cast.dina).sms_dead_at is None


def test_what_came_of_a_call_is_said_once(cast):
    call = a_call(cast)
    assert end(cast, call, "no_answer")
    assert not end(cast, call, "wrong_number")
    assert permission_of(cast.dina).sms_dead_at is None
