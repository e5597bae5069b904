"""What comes of a call: tried again, her word kept, a dead number; and each taken back (practices.md, P15)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.care.models import Call
from crm.care.services import ask_for_call
from reminders.consent.models import ConsentEvent
from reminders.consent.selectors import permission_of
from reminders.consent.services import mark_dead
from reminders.journeys.facts import Contact, Facts, Rules
from reminders.journeys.reading import Reading
from reminders.journeys.selectors.contacts import contact_of
from reminders.journeys.services.called import end_call, undo_call
from reminders.journeys.terms import terms
from reminders.messages.models import Kind, Message
from tests.factories import NOW
from tests.reminders.cast import make_told

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


def dead(client) -> tuple:
    permission = permission_of(client)
    return permission.sms_dead_at, permission.call_dead_at


def test_wrong_number_is_dead_until_the_call_is_taken_back(cast):
    call = a_call(cast)
    end(cast, call, "wrong_number")
    assert dead(cast.dina) == (NOW, NOW)
    assert not contact_of(cast.dina, permission_of(cast.dina)).phone

    call.refresh_from_db()
    undo_call(call=call, now=NOW, user=cast.receptionist)
    assert dead(cast.dina) == (None, None)
    assert contact_of(cast.dina, permission_of(cast.dina)).phone


def test_number_that_takes_no_sms_is_still_rung(cast):
    mark_dead(client=cast.dina, channel="sms", now=NOW)
    contact = contact_of(cast.dina, permission_of(cast.dina))
    assert (contact.sms, contact.phone) == (False, True)


def test_what_was_to_be_said_on_a_wrong_number_goes_another_way_and_comes_back(cast):
    message = make_told(cast, cast.vera, Kind.WIN_BACK)
    Message.objects.filter(pk=message.pk).update(
        state="sent", provider="call", channel="call", sent_at=NOW, sent_on=NOW.date(), not_after=NOW + DAY
    )
    call = ask_for_call(
        client=cast.vera, branch=cast.branch, kind="win_back", key=f"message {message.pk}", due_at=NOW, now=NOW
    )
    end(cast, call, "wrong_number")

    message.refresh_from_db()
    assert (message.state, message.send_at, message.sent_on, message.provider) == ("planned", NOW, None, "")

    call.refresh_from_db()
    undo_call(call=call, now=NOW, user=cast.receptionist)
    message.refresh_from_db()
    assert (message.state, message.provider, message.sent_at) == ("sent", "call", NOW)


def test_what_is_too_late_goes_no_other_way(cast):
    message = make_told(cast, cast.vera, Kind.WIN_BACK)
    Message.objects.filter(pk=message.pk).update(
        state="sent", provider="call", sent_at=NOW, not_after=NOW - timedelta(minutes=1)
    )
    call = ask_for_call(
        client=cast.vera, branch=cast.branch, kind="win_back", key=f"message {message.pk}", due_at=NOW, now=NOW
    )
    end(cast, call, "wrong_number")

    message.refresh_from_db()
    assert message.state == "sent"


PHONE, POST = {"phone": True}, {"letter": True}


@pytest.mark.parametrize(
    ("kind", "figures", "contact", "way"),
    [
        # the owner's choice for whom no machine reaches
        (Kind.WIN_BACK, {"otherwise": "call"}, PHONE | POST, "call"),
        (Kind.WIN_BACK, {"otherwise": "letter"}, PHONE | POST, "letter"),
        (Kind.WIN_BACK, {"otherwise": "letter"}, PHONE, "call"),
        (Kind.WIN_BACK, {"otherwise": "nothing"}, PHONE | POST, None),
        (Kind.FEEDBACK, {"otherwise": "letter"}, PHONE | POST, "call"),
        (Kind.THANKS, {"otherwise": "nothing"}, PHONE | POST, None),
        (Kind.THANKS, {"otherwise": "nothing"}, POST | {"email": True}, "email"),
        # a journey by letter, for those with an address
        (Kind.THANKS, {"way": "letter"}, POST | {"email": True}, "letter"),
        (Kind.THANKS, {"way": "letter"}, {"email": True}, "email"),
        (Kind.FEEDBACK, {"way": "letter"}, POST | {"email": True}, "email"),
        (Kind.THANKS, {"way": "letter"}, POST | {"email": True, "care_refused": True}, None),
    ],
)
def test_owner_chooses_what_becomes_of_whom_no_machine_reaches(kind, figures, contact, way):
    here = ZoneInfo("Europe/Sarajevo")
    facts = Facts(1, "VERA", 1, branch_zone=here, zone=here, language="en", contact=Contact(**contact))
    rules = Rules(terms={kind: terms(kind, **{"way": "hers"} | figures)})
    assert Reading(facts, rules).channel(kind, NOW) == way


def test_what_came_of_a_call_is_said_once(cast):
    call = a_call(cast)
    assert end(cast, call, "no_answer")
    assert not end(cast, call, "wrong_number")
    assert permission_of(cast.dina).sms_dead_at is None
