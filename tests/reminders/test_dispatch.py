"""Sending: everything is checked again at the moment of sending, and what a transport answers has consequences."""

from datetime import timedelta

import pytest

from crm.booking.services import cancel_appointment
from crm.care.models import Call
from crm.care.services import open_complaint, resolve_complaint
from crm.people.services import set_client_status
from loyalty.vouchers.models import Voucher
from reminders.consent.models import ContactPermission
from reminders.consent.services import hold_sending, release_sending, withdraw
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.journeys.services.switching import switch_off
from reminders.messages.models import Kind, Message
from reminders.messages.services import MAX_ATTEMPTS, retry_by_hand
from reminders.transports.services import PermanentFailure, TemporaryFailure, UnknownFate
from tests.factories import (
    TODAY,
    local,
    make_appointment,
    make_branch,
    make_master,
    make_service,
    make_visit,
)
from tests.reminders.playing_salon import Transport, switch_everything_on, turn
from tests.reminders.salon_day import ELEVEN, NOON, allow, days, known, make_due, make_lapsed, make_regular, states_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MINUTE = timedelta(minutes=1)
# the journeys have been on for long when the day of these tests begins
LONG_AGO = ELEVEN - days(200)
BEFORE = ELEVEN - timedelta(hours=2)


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def branch():
    switch_everything_on(LONG_AGO)
    return make_branch("Harbour")


@pytest.fixture
def due(branch, transport):
    """A client to whom an invitation is planned at eleven, and not sent yet."""
    client = make_due(branch)
    known(client, now=BEFORE)
    plan_due(now=BEFORE)
    plan_due(now=ELEVEN)
    assert states_of(client) == {Kind.DUE_SOON: ("planned", "")}
    return client


def send(now):
    while dispatch.send_due(now=now):
        pass


def complain(client, now):
    return open_complaint(client=client, branch=client.branch, text="Too dark", now=now)


def book(client, starts_at, **fields):
    appointment = make_appointment(
        client=client, master=make_master(branch=client.branch), starts_at=starts_at, **fields
    )
    known(client, now=ELEVEN)
    return appointment


# What changed between planning and sending ------------------------------------


def test_invitation_goes_when_nothing_has_changed(due, transport):
    send(ELEVEN + MINUTE)

    message = Message.objects.get()
    assert (message.state, message.channel, message.address, message.sent_on) == ("sent", "email", due.email, TODAY)
    assert message.sent_at == ELEVEN + MINUTE
    assert [letter.to for letter in transport.sent] == [due.email]
    assert [event.state for event in message.events.order_by("pk")] == ["planned", "sent"]


def no_consent(client):
    withdraw(client=client, purpose="marketing", channel="email", where="link", now=ELEVEN)


def unhappy(client):
    complain(client, ELEVEN)


def booked(client):
    book(client, ELEVEN + days(3))


def away(client):
    set_client_status(client=client, status="break", today=TODAY, break_until=TODAY + days(5))


def moved(client):
    set_client_status(client=client, status="moved", today=TODAY)


def dead(client):
    set_client_status(client=client, status="deceased", today=TODAY)


def off(client):
    switch_off(kind=Kind.DUE_SOON, user=None, now=ELEVEN)


def visited(client):
    make_visit(client, TODAY, services=[make_service(branch=client.branch)])
    known(client, now=ELEVEN)


@pytest.mark.parametrize(
    ("happens", "state"),
    [
        (no_consent, ("cancelled", "no_channel")),
        (unhappy, ("dropped", "complaint")),
        (booked, ("cancelled", "open_appointment")),
        (away, ("cancelled", "break")),
        (moved, ("cancelled", "moved")),
        (dead, ("dropped", "deceased")),
        (off, ("cancelled", "switched_off")),
        (visited, ("cancelled", "no_longer_true")),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_changed_meanwhile_is_not_sent(due, transport, happens, state):
    happens(due)

    send(ELEVEN + MINUTE)

    assert states_of(due)[Kind.DUE_SOON] == state
    assert transport.sent == []


def test_another_offer_of_the_same_week_holds_the_invitation_back(due, transport):
    Message.objects.create(
        client=due, branch=due.branch, kind=Kind.NEWS, purpose="marketing", occasion="autumn", state="sent",
        send_at=ELEVEN - days(6), not_after=ELEVEN, planned_at=ELEVEN - days(6), sent_at=ELEVEN - days(6),
        sent_on=TODAY - days(6),
    )  # fmt: skip

    send(ELEVEN + MINUTE)
    assert states_of(due)[Kind.DUE_SOON] == ("cancelled", "cap")

    # seven days after it the next one may go, at its hour
    turn(ELEVEN + MINUTE)
    turn(ELEVEN + days(1))
    assert states_of(due)[Kind.DUE_SOON] == ("sent", "")


def test_evening_holds_back_until_the_next_day(due, transport):
    send(local(TODAY, 20))
    assert states_of(due)[Kind.DUE_SOON] == ("cancelled", "quiet_hours")

    turn(local(TODAY, 20, 1))
    turn(local(TODAY + days(1), 10, 59))
    assert transport.sent == []

    turn(local(TODAY + days(1), 11))
    assert [letter.to for letter in transport.sent] == [due.email]


def test_last_minute_of_the_day_is_not_quiet_yet(due, transport):
    # as after some tries of a busy transport
    Message.objects.update(send_at=local(TODAY, 19, 30))

    send(local(TODAY, 19, 59))

    assert states_of(due)[Kind.DUE_SOON] == ("sent", "")


def test_too_late_is_dropped(due, transport):
    send(ELEVEN + days(10) + timedelta(minutes=3))

    assert states_of(due)[Kind.DUE_SOON] == ("dropped", "too_late")


def test_what_becomes_true_again_is_planned_anew_and_goes_once(due, transport):
    appointment = book(due, ELEVEN + days(3))
    turn(ELEVEN + MINUTE)
    assert states_of(due)[Kind.DUE_SOON] == ("cancelled", "open_appointment")

    cancel_appointment(appointment=appointment, now=ELEVEN + timedelta(hours=3), by="client", via="link")
    turn(ELEVEN + timedelta(hours=3))
    turn(ELEVEN + days(1))
    turn(ELEVEN + days(2))

    assert states_of(due)[Kind.DUE_SOON] == ("sent", "")
    assert Message.objects.get(kind=Kind.DUE_SOON).sent_at == ELEVEN + days(1)
    states = Message.objects.get(kind=Kind.DUE_SOON).events.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["planned", "cancelled", "planned", "sent"]


def test_journey_switched_on_again_sends_what_was_held(due, transport):
    switch_off(kind=Kind.DUE_SOON, user=None, now=ELEVEN)
    turn(ELEVEN + MINUTE)

    switch_everything_on(ELEVEN + timedelta(hours=1))
    turn(ELEVEN + timedelta(hours=1))
    turn(ELEVEN + days(1))

    assert states_of(due)[Kind.DUE_SOON] == ("sent", "")


def test_break_that_ends_plans_marketing_on_its_last_day(due, transport):
    away(due)
    turn(ELEVEN + MINUTE)

    turn(ELEVEN + days(5))

    assert states_of(due)[Kind.DUE_SOON] == ("sent", "")


# Care that goes together ------------------------------------------------------


@pytest.fixture
def cared_for(branch, transport):
    """Her tenth visit was yesterday: thanks and the lashes question at eleven, feedback at noon, as one letter."""
    lashes = make_service(branch=branch, ask_after_days=1)
    client = make_regular(branch, TODAY - days(31), times=9, service=lashes)
    make_visit(client, TODAY - days(1), services=[lashes], master=make_master(branch=branch))
    allow(client, marketing_email=False)
    known(client, now=BEFORE)
    plan_due(now=BEFORE)
    plan_due(now=NOON)
    assert set(states_of(client).values()) == {("planned", "")}
    return client


def test_care_of_one_day_is_one_letter(cared_for, transport):
    send(NOON)

    assert states_of(cared_for) == dict.fromkeys((Kind.LASHES, Kind.THANKS, Kind.FEEDBACK), ("sent", ""))
    assert len(transport.sent) == 1


def test_carrier_that_may_not_go_leaves_the_others_in_one_letter(cared_for, transport):
    # an open appointment: the lashes question is not asked, feedback and thanks are
    book(cared_for, NOON + days(2), booked_at=NOON)

    send(NOON)

    assert states_of(cared_for) == {
        Kind.LASHES: ("cancelled", "open_appointment"),
        Kind.THANKS: ("sent", ""),
        Kind.FEEDBACK: ("sent", ""),
    }
    assert len(transport.sent) == 1


def test_carried_one_that_may_not_go_is_taken_off(cared_for, transport):
    switch_off(kind=Kind.FEEDBACK, user=None, now=NOON)

    send(NOON)

    assert states_of(cared_for) == {
        Kind.LASHES: ("sent", ""),
        Kind.THANKS: ("sent", ""),
        Kind.FEEDBACK: ("cancelled", "switched_off"),
    }


def test_all_care_of_one_letter_shares_its_fate(cared_for, transport):
    transport.refuse = lambda outgoing: UnknownFate("no answer")

    send(NOON)

    assert set(states_of(cared_for).values()) == {("unknown", "no answer")}


def test_letter_tried_again_by_hand_goes_whole(cared_for, transport):
    transport.refuse = lambda outgoing: UnknownFate("no answer")
    send(NOON)
    transport.refuse = None

    retry_by_hand(message=Message.objects.get(sent_with=None), now=NOON + MINUTE)
    send(NOON + MINUTE)

    assert set(states_of(cared_for).values()) == {("sent", "")}
    assert len(transport.sent) == 1


# What the transport answers ---------------------------------------------------


def test_dead_address_is_marked_and_the_next_channel_tried_at_once(due, transport):
    due.phone = "+38761100777"
    due.save()
    allow(due, marketing_email=True, marketing_sms=True)
    transport.refuse = lambda outgoing: (
        PermanentFailure("550 no such user", address_is_dead=True) if outgoing.channel == "email" else None
    )

    send(ELEVEN)

    assert ContactPermission.objects.get(client=due).email_dead_at == ELEVEN
    assert [(letter.channel, letter.to) for letter in transport.sent] == [("sms", "+38761100777")]
    assert states_of(due)[Kind.DUE_SOON] == ("sent", "")


def test_dead_address_without_another_way_waits_for_a_new_one(due, transport):
    transport.refuse = lambda outgoing: PermanentFailure("550 no such user", address_is_dead=True)

    send(ELEVEN)

    assert states_of(due)[Kind.DUE_SOON] == ("cancelled", "no_channel")


def test_letter_that_is_refused_itself_leaves_the_address_alive(due, transport):
    transport.refuse = lambda outgoing: PermanentFailure("554 5.7.1 looks like spam", address_is_dead=False)

    send(ELEVEN)

    assert ContactPermission.objects.get(client=due).email_dead_at is None
    assert states_of(due)[Kind.DUE_SOON] == ("failed", "554 5.7.1 looks like spam")


def test_busy_transport_is_asked_later_and_later(due, transport):
    transport.refuse = lambda outgoing: TemporaryFailure("421 try later")
    waits, now = [], ELEVEN
    for _attempt in range(4):
        send(now)
        send_at = Message.objects.get().send_at
        waits.append(round((send_at - now).total_seconds() / 60))
        now = send_at

    assert waits == [1, 2, 4, 8]


def test_busy_transport_names_its_own_wait(due, transport):
    transport.refuse = lambda outgoing: TemporaryFailure("slow down", retry_after=600)

    send(ELEVEN)

    assert Message.objects.get().send_at == ELEVEN + timedelta(minutes=10)


def test_transport_that_stays_busy_is_given_up_and_can_be_tried_by_hand(due, transport):
    transport.refuse = lambda outgoing: TemporaryFailure("421 try later")
    Message.objects.update(attempts=MAX_ATTEMPTS - 1)
    send(ELEVEN)
    assert states_of(due)[Kind.DUE_SOON] == ("failed", "421 try later")

    transport.refuse = None
    retry_by_hand(message=Message.objects.get(), now=ELEVEN + MINUTE)
    send(ELEVEN + MINUTE)

    assert states_of(due)[Kind.DUE_SOON] == ("sent", "")


def test_marketing_of_unknown_fate_waits_for_a_person(due, transport):
    transport.refuse = lambda outgoing: UnknownFate("no answer after the body")

    send(ELEVEN)
    turn(ELEVEN + timedelta(hours=2))
    turn(ELEVEN + days(1))

    assert states_of(due)[Kind.DUE_SOON] == ("unknown", "no answer after the body")


def test_unknown_fate_is_tried_again_where_the_provider_knows_the_key(due, transport, monkeypatch):
    monkeypatch.setattr("reminders.messages.services.takes_key", lambda channel: True)
    transport.refuse = lambda outgoing: UnknownFate("no answer")

    send(ELEVEN)

    assert (Message.objects.get().state, Message.objects.get().send_at) == ("planned", ELEVEN + MINUTE)


def test_service_message_of_unknown_fate_is_tried_again(branch, transport):
    client = make_regular(branch, TODAY - days(5), times=1)
    book(client, ELEVEN + timedelta(hours=24))
    plan_due(now=ELEVEN)
    transport.refuse = lambda outgoing: UnknownFate("no answer")
    send(ELEVEN)
    assert states_of(client)[Kind.REMINDER_24H] == ("planned", "no answer")

    transport.refuse = None
    send(ELEVEN + MINUTE)

    assert states_of(client)[Kind.REMINDER_24H] == ("sent", "")


def test_poisoned_message_holds_up_no_other(branch, transport):
    clients = [make_due(branch) for _ in range(3)]
    known(*clients, now=BEFORE)
    plan_due(now=BEFORE)
    plan_due(now=ELEVEN)

    def poison(outgoing):
        if outgoing.to == clients[0].email:
            raise RuntimeError("a provider's library broke")

    transport.refuse = poison
    send(ELEVEN)

    assert states_of(clients[0])[Kind.DUE_SOON] == ("unknown", "RuntimeError: a provider's library broke")
    # who is first of those due at one moment is nobody's promise
    assert sorted(letter.to for letter in transport.sent) == [clients[1].email, clients[2].email]


def test_message_that_cannot_be_written_holds_up_no_other(branch, transport, monkeypatch):
    clients = [make_due(branch) for _ in range(2)]
    known(*clients, now=BEFORE)
    plan_due(now=BEFORE)
    plan_due(now=ELEVEN)
    whole = dispatch.render

    def broken(message, *, now):
        if message.client_id == clients[0].pk:
            raise KeyError("no such placeholder")
        return whole(message, now=now)

    monkeypatch.setattr(dispatch, "render", broken)
    send(ELEVEN)

    assert states_of(clients[0])[Kind.DUE_SOON] == ("failed", "KeyError: 'no such placeholder'")
    assert states_of(clients[1])[Kind.DUE_SOON] == ("sent", "")


# Calls, presents, notices ------------------------------------------------------


def test_client_without_a_channel_is_called_about_being_missed(branch, transport):
    client = make_lapsed(branch, email="", phone="+38761100778")
    allow(client, marketing_email=False)
    known(client, now=BEFORE)
    turn(BEFORE)

    turn(ELEVEN)
    turn(ELEVEN + MINUTE)

    call = Call.objects.get()
    assert (call.client, call.kind, call.due_at) == (client, Kind.WIN_BACK, ELEVEN + days(1))
    assert Voucher.objects.get().code in call.what_to_say
    assert (states_of(client)[Kind.WIN_BACK], transport.sent) == (("sent", ""), [])


def test_client_without_a_channel_is_asked_how_it_was_by_voice(branch, transport):
    client = make_regular(branch, TODAY - days(1), times=1, email="", phone="+38761100779")
    allow(client, care_sms=False)
    known(client, now=BEFORE)
    turn(BEFORE)

    turn(NOON)

    call = Call.objects.get(kind=Call.SURVEY)
    assert (call.client, call.visit_on) == (client, TODAY - days(1))
    assert "0 to 10" in call.what_to_say


def test_win_back_brings_one_voucher_and_the_second_prolongs_it_once(branch, transport):
    client = make_lapsed(branch)
    known(client, now=BEFORE)
    turn(BEFORE)
    turn(ELEVEN)
    voucher = Voucher.objects.get()
    assert (voucher.client, voucher.percent, voucher.book_until, voucher.valid_until) == (
        client, 50, TODAY + days(30), TODAY + days(60),
    )  # fmt: skip

    # the first try of the second one finds the transport busy
    transport.refuse = lambda outgoing: TemporaryFailure("421 try later")
    turn(ELEVEN + days(45))
    transport.refuse = None
    turn(ELEVEN + days(45) + 2 * MINUTE)

    voucher.refresh_from_db()
    assert states_of(client)[Kind.SECOND_WIN_BACK] == ("sent", "")
    assert (Voucher.objects.count(), voucher.book_until, voucher.valid_until) == (
        1, TODAY + days(60), TODAY + days(90),
    )  # fmt: skip
    assert [letter.to for letter in transport.sent] == [client.email, client.email]


def test_win_back_that_was_retried_has_one_voucher(branch, transport):
    client = make_lapsed(branch)
    known(client, now=BEFORE)
    turn(BEFORE)
    transport.refuse = lambda outgoing: TemporaryFailure("421 try later")
    turn(ELEVEN)
    transport.refuse = None

    turn(ELEVEN + MINUTE)

    assert (states_of(client)[Kind.WIN_BACK], Voucher.objects.count()) == (("sent", ""), 1)


@pytest.mark.parametrize(("ago", "vouchers"), [(364, 1), (365, 2)])
def test_later_lapse_within_a_year_is_told_without_a_voucher(branch, transport, ago, vouchers):
    client = make_lapsed(branch)
    Voucher.objects.create(
        code="0000000000", key="earlier", branch=branch, client=client, kind=Voucher.Kind.WIN_BACK,
        benefit=Voucher.Benefit.PERCENT, percent=50, valid_from=TODAY - days(ago), valid_until=TODAY - days(ago - 60),
        issued_at=ELEVEN - days(ago), issued_on=TODAY - days(ago),
    )  # fmt: skip
    known(client, now=BEFORE)
    turn(BEFORE)

    turn(ELEVEN)

    assert states_of(client)[Kind.WIN_BACK] == ("sent", "")
    assert Voucher.objects.count() == vouchers


def test_resolved_complaint_is_thanked_for_through_its_pause(branch, transport):
    client = make_regular(branch, TODAY - days(5), times=2)
    complaint = complain(client, ELEVEN - days(2))
    resolve_complaint(complaint=complaint, outcome="solved", resolution="Coloured again", now=ELEVEN - days(1))
    known(client, now=BEFORE)
    turn(BEFORE)

    turn(ELEVEN)

    assert states_of(client)[Kind.THANKS] == ("sent", "")
    assert "ten times" not in transport.sent[0].text


# On hold ----------------------------------------------------------------------


def test_nothing_goes_while_sending_is_on_hold_and_what_is_over_by_then_never(due, transport):
    hold_sending(now=ELEVEN)
    send(ELEVEN)
    turn(ELEVEN + days(1))
    assert (transport.sent, states_of(due)[Kind.DUE_SOON]) == ([], ("planned", ""))

    release_sending()
    send(ELEVEN + days(11))

    assert (transport.sent, states_of(due)[Kind.DUE_SOON]) == ([], ("dropped", "too_late"))


def test_what_was_on_hold_goes_once_it_is_released(due, transport):
    hold_sending(now=ELEVEN)
    send(ELEVEN)

    release_sending()
    send(ELEVEN + timedelta(hours=1))

    assert states_of(due)[Kind.DUE_SOON] == ("sent", "")
