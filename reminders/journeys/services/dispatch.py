"""Sending: claim, check again, render, hand over, record (trust.md, Messages).

No transport is called inside a transaction. What a crash leaves behind says what it was
doing: planned, claimed (nothing went out), handed over (nobody knows), or sent.
"""

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.utils import translation

from crm.care.services import note_call
from loyalty.points.services import record_notice
from reminders.consent.models import Channel, Purpose
from reminders.consent.selectors import message_settings
from reminders.consent.services import mark_dead
from reminders.journeys.facts import Facts
from reminders.journeys.services.checking import Verdict, check_again
from reminders.journeys.services.presents import give_present
from reminders.messages.models import Kind, Message
from reminders.messages.rendering import render, words_for_a_call
from reminders.messages.services import (
    MAX_ATTEMPTS,
    backoff,
    cancel,
    claim_due,
    drop,
    fail,
    hand_over,
    is_mine,
    park_unknown,
    put_back,
    record_sent,
    whole,
)
from reminders.transports.services import (
    Outgoing,
    PermanentFailure,
    TemporaryFailure,
    UnknownFate,
    send,
)

log = structlog.get_logger(__name__)

# what will not become true again while its occasion lasts
FOR_GOOD = {"too_late", "lost", "past_late", "deceased", "complaint", "superseded"}
# a call that stands on the list is due by the end of the next day
CALL_LASTS = timedelta(days=1)


def send_due(*, now: datetime, limit: int = 20) -> int:
    """Claims and sends up to `limit` messages that are due; returns how many were taken. None while on hold."""
    if message_settings().held_at is not None:
        return 0
    taken = claim_due(now=now, limit=limit)
    for message in taken:
        send_one(message, now=now)
    return len(taken)


def send_one(message: Message, *, now: datetime) -> None:
    """Sends one claimed message, or decides what becomes of it."""
    try:
        outgoing, facts = _prepare(message, now=now)
    except Exception as error:  # one poisoned message must not hold up the others
        log.exception("message could not be prepared", message=message.pk)
        fail(message=message, now=now, why=f"{type(error).__name__}: {error}")
        return
    if facts is None:
        return
    sent_on = now.astimezone(facts.zone).date()
    if outgoing is None:
        _call(message, now=now, sent_on=sent_on, facts=facts)
        return
    if not hand_over(message=message, now=now):
        return
    try:
        accepted = send(outgoing)
    except PermanentFailure as error:
        # that address is dead; the next channel is tried at once
        mark_dead(client=message.client, channel=outgoing.channel, now=now)
        put_back(message=message, send_at=now, now=now, why=str(error))
    except TemporaryFailure as error:
        _later(message, now=now, why=str(error), retry_after=error.retry_after)
    except UnknownFate as error:
        if message.purpose == Purpose.SERVICE:
            _later(message, now=now, why=str(error), retry_after=None)
        else:
            park_unknown(message=message, now=now, why=str(error))
    else:
        with transaction.atomic():
            recorded = record_sent(
                message=message,
                now=now,
                sent_on=sent_on,
                provider=accepted.provider,
                provider_id=accepted.provider_id,
                parts=accepted.parts,
                cost=accepted.cost,
            )
            if recorded:
                _note_told(message, now)


@transaction.atomic
def _prepare(message: Message, *, now: datetime) -> tuple[Outgoing | None, Facts | None]:
    """What goes out, checked again; no facts when nothing does, nothing outgoing when it is a call."""
    if not is_mine(message):
        return None, None
    verdict = check_again(whole(message), now=now)
    _refuse(message, verdict, now)
    if message not in verdict.may_go:
        return None, None
    message.channel, message.language = verdict.channel, verdict.facts.language
    for each in verdict.may_go:
        give_present(each, now=now)
    if verdict.channel == Channel.CALL:
        message.save(update_fields=["channel", "language"])
        return None, verdict.facts
    with translation.override(message.language):
        outgoing = render(message, now=now)
    message.address, message.subject, message.body = outgoing.to, outgoing.subject[:300], outgoing.text
    message.save(update_fields=["channel", "language", "address", "subject", "body"])
    return outgoing, verdict.facts


def _refuse(message: Message, verdict: Verdict, now: datetime) -> None:
    """What may not go is taken off; if that is the carrier, the next one carries the others."""
    refused = dict(verdict.refused)
    if message in refused:
        for other in verdict.may_go:
            Message.objects.filter(pk=other.pk).update(sent_with=None, send_at=now)
    for each, why in refused.items():
        if each != message:
            Message.objects.filter(pk=each.pk).update(sent_with=None)
            each.claim = None
        (drop if why in FOR_GOOD else cancel)(message=each, now=now, why=why)


def _call(message: Message, *, now: datetime, sent_on: date, facts: Facts) -> None:
    """No machine reaches her: a colleague does. On the list counts as sent."""
    with transaction.atomic():
        if not is_mine(message):
            return
        with translation.override(message.language):
            words = words_for_a_call(message, now=now)
        note_call(
            client=message.client,
            branch=message.branch,
            kind=message.kind,
            what_to_say=words,
            due_at=max(min(message.not_after, now + CALL_LASTS), now),
            key=f"message {message.pk}",
            now=now,
        )
        record_sent(message=message, now=now, sent_on=sent_on, provider="call")
        _note_told(message, now)


def _note_told(message: Message, now: datetime) -> None:
    """Points that nobody was told of do not expire (rules.md, Points, Validity)."""
    if message.kind == Kind.POINTS_EXPIRING:
        record_notice(client=message.client, expires_on=date.fromisoformat(message.occasion), now=now)


def _later(message: Message, *, now: datetime, why: str, retry_after: timedelta | None) -> None:
    again = now + backoff(message.attempts, retry_after)
    if message.attempts >= MAX_ATTEMPTS or again > message.not_after:
        fail(message=message, now=now, why=why)
    else:
        put_back(message=message, send_at=again, now=now, why=why)
