"""What comes of a call besides a remark: consent, a dead number, a try on another day (practices.md, P15)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from crm.care.models import Call
from crm.care.services import ask_for_call, finish_call, reopen_call, withdraw_calls
from crm.people.models import Client
from crm.team.models import User
from reminders.consent.models import Channel, ConsentEvent, Purpose
from reminders.consent.selectors import permission_of
from reminders.consent.services import mark_wrong_number, refuse_care, revive, take_back_consents, withdraw
from reminders.journeys.occasions import APPOINTMENT
from reminders.journeys.selectors.contacts import client_zone
from reminders.journeys.services.freed import CALL_ABOUT
from reminders.messages.models import Message
from reminders.messages.services import note_state

AGAIN_AFTER = timedelta(days=1)
# who did not answer so often does not want to
TRIES = 3
AGAIN = " again "
DESK = ConsentEvent.Where.DESK
Outcome = Call.Outcome
State = Message.State


@transaction.atomic
def end_call(*, call: Call, outcome: str, now: datetime, user: User, remark: str = "") -> bool:
    """The call was made, and what she said is heeded; False if somebody had already said what came of it.

    Not reached: it is tried again the next day, three times in all. Wants no calls: kept as her own word, and whom
    nothing else reaches hears of nothing but appointments. Wrong number: it is dead until a new one is written down,
    and what was to be said goes by another way, if there is one and it is still of use.
    """
    if not finish_call(call=call, outcome=outcome, now=now, user=user, remark=remark):
        return False
    if outcome == Outcome.NO_ANSWER and (key := _key_of_next(call)):
        ask_for_call(
            client=call.client,
            branch=call.branch,
            kind=call.kind,
            key=key,
            due_at=now + AGAIN_AFTER,
            now=now,
            what_to_say=call.what_to_say,
            assignee=call.assignee,
            visit_on=call.visit_on,
        )
    elif outcome == Outcome.NOT_WANTED:
        withdraw(client=call.client, purpose=Purpose.CARE, channel=Channel.CALL, where=DESK, now=now, user=user)
        if not _reached_otherwise(call.client):
            refuse_care(client=call.client, refused=True, where=DESK, now=now, user=user)
    elif outcome == Outcome.WRONG_NUMBER:
        mark_wrong_number(client=call.client, now=now)
        _go_another_way(call, now)
    return True


@transaction.atomic
def undo_call(*, call: Call, now: datetime, user: User) -> bool:
    """It has to be made after all, and what followed from it is taken back; False if it is open."""
    outcome, ended_at = call.outcome, call.done_at
    if not reopen_call(call=call):
        return False
    if outcome == Outcome.NO_ANSWER and (key := _key_of_next(call)):
        withdraw_calls(keys=[key])
    elif outcome == Outcome.NOT_WANTED and ended_at is not None:
        take_back_consents(client=call.client, at=ended_at, now=now, user=user)
    elif outcome == Outcome.WRONG_NUMBER:
        revive(client=call.client, changed=["phone"])
        _is_called_after_all(call, now)
    return True


def _key_of_next(call: Call) -> str:
    """The key of the next try; empty where there is none: an appointment does not wait for it."""
    first, _again, number = call.key.partition(AGAIN)
    tried = int(number or 1)
    return "" if call.kind in APPOINTMENT or tried >= TRIES else f"{first}{AGAIN}{tried + 1}"


def _go_another_way(call: Call, now: datetime) -> None:
    """The message that the call stood for is planned once more: e-mail, a letter, or nothing if none is left."""
    whole = _in_its_place(call).filter(state=State.SENT, provider=Channel.CALL)
    carrier = whole.filter(sent_with__isnull=True, not_after__gte=now).first()
    if carrier is None:
        return
    messages = list(whole)
    whole.update(
        state=State.PLANNED,
        state_reason=Outcome.WRONG_NUMBER,
        send_at=now,
        attempts=0,
        sent_at=None,
        sent_on=None,
        provider="",
        channel="",
    )
    note_state(messages, State.PLANNED, now, Outcome.WRONG_NUMBER)


def _is_called_after_all(call: Call, now: datetime) -> None:
    """What has not gone by another way meanwhile stands on the call list again."""
    waiting = _in_its_place(call).filter(state__in=[State.PLANNED, State.CANCELLED, State.DROPPED])
    messages = list(waiting)
    waiting.update(
        state=State.SENT,
        state_reason="",
        sent_at=call.created_at,
        sent_on=call.created_at.astimezone(client_zone(call.client, call.client.branch)).date(),
        provider=Channel.CALL,
        channel=Channel.CALL,
    )
    note_state(messages, State.SENT, now, Channel.CALL)


def _in_its_place(call: Call) -> QuerySet[Message]:
    """The message that this call took the place of, and those that went with it."""
    number = call.key.partition(AGAIN)[0].removeprefix(CALL_ABOUT)
    key = int(number) if number.isascii() and number.isdecimal() else 0
    return Message.objects.filter(Q(pk=key) | Q(sent_with=key), client=call.client)


def _reached_otherwise(client: Client) -> bool:
    """Whether care may still go by mail or SMS, so that no call stands in for it."""
    permission = permission_of(client)
    by_mail = client.email and permission.care_email and not permission.email_dead_at
    by_sms = client.phone and permission.care_sms and not permission.sms_dead_at
    return bool(by_mail or by_sms)
