"""What comes of a call besides a remark: consent, a dead number, a try on another day (practices.md, P15)."""

from datetime import datetime, timedelta

from django.db import transaction

from crm.care.models import Call
from crm.care.services import ask_for_call, finish_call, reopen_call, withdraw_calls
from crm.people.models import Client
from crm.team.models import User
from reminders.consent.models import Channel, ConsentEvent, Purpose
from reminders.consent.selectors import permission_of
from reminders.consent.services import grant, mark_dead, refuse_care, revive, withdraw
from reminders.journeys.occasions import APPOINTMENT

AGAIN_AFTER = timedelta(days=1)
# who did not answer so often does not want to
TRIES = 3
AGAIN = " again "
DESK = ConsentEvent.Where.DESK
Outcome = Call.Outcome


@transaction.atomic
def end_call(*, call: Call, outcome: str, now: datetime, user: User, remark: str = "") -> bool:
    """The call was made, and what she said is heeded; False if somebody had already said what came of it.

    Not reached: it is tried again the next day, three times in all. Wants no calls: kept as her own word, and whom
    nothing else reaches hears of nothing but appointments. Wrong number: it is dead until a new one is written down.
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
        mark_dead(client=call.client, channel=Channel.SMS, now=now)
    return True


@transaction.atomic
def undo_call(*, call: Call, now: datetime, user: User) -> bool:
    """It has to be made after all, and what followed from it is taken back; False if it is open."""
    outcome = call.outcome
    if not reopen_call(call=call):
        return False
    if outcome == Outcome.NO_ANSWER and (key := _key_of_next(call)):
        withdraw_calls(keys=[key])
    elif outcome == Outcome.NOT_WANTED:
        # agreeing to one channel takes back the refusal of all
        grant(client=call.client, purpose=Purpose.CARE, channel=Channel.CALL, where=DESK, now=now, user=user)
    elif outcome == Outcome.WRONG_NUMBER:
        revive(client=call.client, changed=["phone"])
    return True


def _key_of_next(call: Call) -> str:
    """The key of the next try; empty where there is none: an appointment does not wait for it."""
    first, _again, number = call.key.partition(AGAIN)
    tried = int(number or 1)
    return "" if call.kind in APPOINTMENT or tried >= TRIES else f"{first}{AGAIN}{tried + 1}"


def _reached_otherwise(client: Client) -> bool:
    """Whether care may still go by mail or SMS, so that no call stands in for it."""
    permission = permission_of(client)
    by_mail = client.email and permission.care_email and not permission.email_dead_at
    by_sms = client.phone and permission.care_sms and not permission.sms_dead_at
    return bool(by_mail or by_sms)
