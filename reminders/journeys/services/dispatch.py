"""Sending: claim, check again, render, hand over, record (trust.md, Messages).

No transport is called inside a transaction. What a crash leaves behind says what it was
doing: planned, claimed (nothing went out), handed over (nobody knows), or sent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from time import monotonic

import structlog
from django.db import OperationalError, transaction
from django.utils import translation

from crm.care.models import Call
from crm.care.services import ask_for_call
from crm.team.once import reading_once
from crm.team.selectors import hold_salon_settings, salon_settings
from loyalty.cards.services import record_review_notice
from loyalty.points.services import record_notice
from reminders.consent.models import Channel
from reminders.consent.selectors import message_settings
from reminders.consent.services import mark_dead
from reminders.journeys.facts import Facts
from reminders.journeys.services.checking import Checks, Verdict
from reminders.journeys.services.freed import begin_to_think, call_key
from reminders.journeys.services.presents import give_present
from reminders.letters.services import PROVIDER as PAPER
from reminders.letters.services import lay_letter
from reminders.messages.claiming import claim_due
from reminders.messages.handing import Gone, record_and_hand_over
from reminders.messages.models import Kind, Message
from reminders.messages.rendering import render, words_for_a_call, words_on_paper
from reminders.messages.services import (
    MAX_ATTEMPTS,
    backoff,
    cancel,
    drop,
    fail,
    hand_over,
    hand_over_paid,
    is_mine,
    is_stopped,
    may_try_again,
    park_unknown,
    put_back,
    record_sent,
    step_back,
    wait,
    whole,
)
from reminders.messages.spending import LIMIT, NOTHING, OverLimit, as_kept, is_spent, price_of
from reminders.transports.services import (
    Accepted,
    Outgoing,
    PermanentFailure,
    TemporaryFailure,
    UnknownFate,
    connection_held,
    send,
)

log = structlog.get_logger(__name__)

# what will not become true again while its occasion lasts
FOR_GOOD = {"too_late", "lost", "past_late", "deceased", "complaint", "superseded"}
# a call that stands on the list is due by the end of the next day
CALL_LASTS = timedelta(days=1)
# of what a call may hold
WORDS_FIT = 2000
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# how often a message is checked anew because something changed while it was written
CHECKS = 5
# messages of a batch: the first one of a turn, and the largest; seconds that one should take
FEW, MANY = 20, 200
QUICK = 1.0
# what was soon to be lost is not, unless she was told: that is written down together
NOTICES = (Kind.POINTS_EXPIRING, Kind.CARD_REVIEW)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What goes to the transport, or the words for a colleague who rings."""

    facts: Facts
    known: tuple[int, ...]
    outgoing: Outgoing | None = None
    words: str = ""


def send_due(*, now: datetime, limit: int = FEW) -> int:
    """Claims and sends up to `limit` messages that are due; returns how many were taken."""
    taken = claim_due(now=now, limit=limit)
    if taken:
        with connection_held():
            send_claimed(taken, clock=lambda: now)
    return len(taken)


def send_for(seconds: float, *, clock: Callable[[], datetime]) -> tuple[int, bool]:
    """Claims and sends batch after batch for so long; how many were taken, and whether nothing was left.

    What hardly changes is read once for all of it, so this lasts a few seconds. A batch is as large as what has
    gone quickly so far, so that an appointment message does not wait behind many slow ones.
    """
    taken, limit, began = 0, FEW, monotonic()
    with connection_held(), reading_once():
        while (batch_began := monotonic()) - began < seconds:
            messages = claim_due(now=clock(), limit=limit)
            if not messages:
                return taken, True
            # a slow transport takes its time: each is checked and recorded by the clock as it is then
            send_claimed(messages, clock=clock)
            taken += len(messages)
            took = monotonic() - batch_began
            limit = min(MANY, limit * 2) if took < QUICK / 2 else max(FEW, limit // 2) if took > QUICK else limit
    return taken, False


def send_claimed(messages: Iterable[Message], *, clock: Callable[[], datetime]) -> None:
    """Sends claimed messages one after the other, each by the clock as it is then.

    The settings and the owner's words are read once; the facts are checked for each (`Checks`).
    """
    messages = list(messages)
    checks, desk = Checks(messages), Desk()
    hold_salon_settings(salon_settings())
    try:
        with reading_once(anew=False):
            for message in messages:
                desk.send(message, checks, now=clock())
    finally:
        desk.record()
        hold_salon_settings(None)


class Desk:
    """One sender. What has just been accepted is written down with the handing over of the next, in one commit."""

    def __init__(self) -> None:
        self._gone: Gone | None = None

    def send(self, message: Message, checks: Checks, *, now: datetime) -> None:
        """Sends one claimed message, or decides what becomes of it. One that is poisoned holds up no other."""
        if self._gone is not None and self._gone.message.client_id == message.client_id:
            # her next message is asked about with this one said
            self.record()
        for _check in range(CHECKS):
            if self._sent_or_settled(message, checks, now=now):
                break
        else:
            # whose facts change faster than a letter is written: in a minute
            _later(message, now=now, why="changing")
        if self._gone is not None and self._gone.message is not message:
            # nothing was handed over with which it could have been written down
            self.record()

    def record(self) -> None:
        """Writes down what has gone, if that has not been done yet."""
        gone, self._gone = self._gone, None
        if gone is not None:
            _record(gone.message, gone.accepted, now=gone.now, sent_on=gone.sent_on)

    def _sent_or_settled(self, message: Message, checks: Checks, *, now: datetime) -> bool:
        """One check and what follows from it; False if her facts changed before it could be handed over."""
        try:
            prepared = _prepare(message, checks, now=now)
        except OperationalError as error:  # the database was busy: nothing is wrong with the message
            _later(message, now=now, why=f"{type(error).__name__}: {error}")
            return True
        except Exception as error:
            log.exception("message could not be prepared", message=message.pk)
            fail(message=message, now=now, why=f"{type(error).__name__}: {error}")
            return True
        if prepared is None:
            return True
        sent_on = now.astimezone(prepared.facts.zone).date()
        if prepared.outgoing is None:
            by_hand = _write if message.channel == Channel.LETTER else _call
            by_hand(message, now=now, sent_on=sent_on, words=prepared.words)
            return True
        try:
            is_handed_over = self._hand_over(message, prepared.outgoing, prepared.known, now)
        except OverLimit:
            _wait_for_money(message, prepared.facts, now)
            return True
        if not is_handed_over:
            return _is_settled(message, now)
        accepted = _send(message, prepared.outgoing, now=now)
        if accepted is not None:
            self._gone = Gone(message, accepted, now, sent_on)
        return True

    def _hand_over(self, message: Message, outgoing: Outgoing, known: tuple[int, ...], now: datetime) -> bool:
        gone, is_sms = self._gone, outgoing.channel == Channel.SMS
        cost = price_of(outgoing.text) if is_sms else NOTHING
        is_paid = bool(cost or (is_sms and message_settings().sms_monthly_limit))
        if gone is not None and gone.goes_alone and gone.message.kind not in NOTICES and not is_paid:
            self._gone = None
            return record_and_hand_over(gone=gone, message=message, now=now, known=known)
        self.record()
        if is_paid:
            return hand_over_paid(message=message, now=now, known=known, cost=cost)
        return hand_over(message=message, now=now, known=known)


def _wait_for_money(message: Message, facts: Facts, now: datetime) -> None:
    """It goes at the same hour of the next day if it still may, else within the hour; dropped after its last moment."""
    again = message.send_at.astimezone(facts.zone)
    while again <= now:
        again += DAY
    if again > message.not_after:
        again = min(now + HOUR, message.not_after)
    if again > now:
        wait(message=message, send_at=again, now=now, why=LIMIT)
    else:
        drop(message=message, now=now, why=LIMIT)


@transaction.atomic
def _is_settled(message: Message, now: datetime) -> bool:
    """What could not be handed over: taken from us, or stopped by the owner; else her facts have changed."""
    if not is_mine(message):
        return True
    if not is_stopped():
        return False
    step_back(message=message, now=now, why="stopped")
    return True


def _send(message: Message, outgoing: Outgoing, *, now: datetime) -> Accepted | None:
    """Calls the transport, outside any transaction; what it refused or left in doubt is dealt with, and none comes back."""
    try:
        return send(outgoing)
    except PermanentFailure as error:
        if error.address_is_dead:
            # the next channel is tried at once
            mark_dead(client=message.client, channel=outgoing.channel, now=now)
            put_back(message=message, send_at=now, now=now, why=error.reason)
        else:
            fail(message=message, now=now, why=error.reason)
    except TemporaryFailure as error:
        _later(message, now=now, why=error.reason, retry_after=error.retry_after)
    except UnknownFate as error:
        _doubt(message, now=now, why=error.reason)
    except Exception as error:
        log.exception("the transport broke", message=message.pk)
        _doubt(message, now=now, why=f"{type(error).__name__}: {error}")
    return None


@transaction.atomic
def _record(message: Message, accepted: Accepted, *, now: datetime, sent_on: date) -> None:
    recorded = record_sent(
        message=message,
        now=now,
        sent_on=sent_on,
        provider=accepted.provider,
        provider_id=accepted.provider_id,
        parts=accepted.parts,
        cost=_cost(accepted, message.channel),
    )
    if recorded:
        _note_told(message, now)


def _cost(accepted: Accepted, channel: str) -> Decimal:
    """The owner's price for each part, in the salon's currency; where she named none, what the provider says."""
    if channel != Channel.SMS:
        return NOTHING
    price = message_settings().sms_price
    return price * accepted.parts if price else as_kept(accepted.cost)


def _prepare(message: Message, checks: Checks, *, now: datetime) -> Prepared | None:
    """What goes out, checked again; nothing when it may not. Whether the row is still ours, the hand-over asks."""
    verdict = checks.check_again(whole(message), now=now)
    if verdict.refused:
        _refuse(message, verdict, now)
    if message not in verdict.may_go:
        return None
    message.channel, message.language = verdict.channel, verdict.language
    if verdict.channel == Channel.SMS and is_spent(message, now):
        _wait_for_money(message, verdict.facts, now)
        return None
    for each in verdict.may_go:
        give_present(each, now=now)
    begin_to_think(message, now=now)
    with translation.override(message.language):
        if verdict.channel == Channel.CALL:
            return Prepared(verdict.facts, verdict.known, words=words_for_a_call(message, now=now))
        if verdict.channel == Channel.LETTER:
            return Prepared(verdict.facts, verdict.known, words=words_on_paper(message, now=now))
        outgoing = render(message, now=now)
    message.address, message.subject = outgoing.to, outgoing.subject[:300]
    # an answer keeps the words that the desk wrote; what is put around them is put there at each try
    if message.kind != Kind.ANSWER:
        message.body = outgoing.text
    return Prepared(verdict.facts, verdict.known, outgoing)


@transaction.atomic
def _refuse(message: Message, verdict: Verdict, now: datetime) -> None:
    """What may not go is taken off; if that is the carrier, the next one carries the others."""
    if not is_mine(message):
        return
    refused = dict(verdict.refused)
    if message in refused and verdict.may_go:
        carrier, *others = verdict.may_go
        Message.objects.filter(pk=carrier.pk).update(sent_with=None, send_at=now)
        Message.objects.filter(pk__in=[other.pk for other in others]).update(sent_with=carrier, send_at=now)
    for each, reason in refused.items():
        # what waited for money to the end was not too late for anything else
        why = LIMIT if reason == "too_late" and message.state_reason == LIMIT else reason
        if each != message:
            Message.objects.filter(pk=each.pk).update(sent_with=None)
        (drop if why in FOR_GOOD else cancel)(message=each, now=now, why=why)
    # what is carried is asked for anew
    message.refresh_from_db(fields=["carries"])


@transaction.atomic
def _call(message: Message, *, now: datetime, sent_on: date, words: str) -> None:
    """No machine reaches her: a colleague does. On the list counts as sent."""
    if not is_mine(message):
        return
    message.save(update_fields=["channel", "language"])
    ask_for_call(
        client=message.client,
        branch=message.branch,
        # on the phone the question is asked at once, and the answer written down
        kind=Call.SURVEY if message.kind == Kind.FEEDBACK else message.kind,
        visit_on=message.visit_on,
        what_to_say=words[:WORDS_FIT],
        due_at=max(min(message.not_after, now + CALL_LASTS), now),
        key=call_key(message),
        now=now,
    )
    record_sent(message=message, now=now, sent_on=sent_on, provider="call")
    _note_told(message, now)


@transaction.atomic
def _write(message: Message, *, now: datetime, sent_on: date, words: str) -> None:
    """It goes by post. Among those to print counts as sent, as on the call list does."""
    if not is_mine(message):
        return
    message.save(update_fields=["channel", "language"])
    lay_letter(message=message, text=words, now=now)
    record_sent(message=message, now=now, sent_on=sent_on, provider=PAPER)
    _note_told(message, now)


def _note_told(message: Message, now: datetime) -> None:
    """What nobody was told of is not lost: neither points nor a level (rules.md, Points and Cards)."""
    if message.kind == Kind.POINTS_EXPIRING:
        record_notice(client=message.client, expires_on=date.fromisoformat(message.occasion), now=now)
    elif message.kind == Kind.CARD_REVIEW:
        record_review_notice(client=message.client, review_on=date.fromisoformat(message.occasion), now=now)


def _later(message: Message, *, now: datetime, why: str, retry_after: int | None = None) -> None:
    again = now + backoff(message.attempts, None if retry_after is None else timedelta(seconds=retry_after))
    if message.attempts >= MAX_ATTEMPTS or again > message.not_after:
        fail(message=message, now=now, why=why)
    else:
        put_back(message=message, send_at=again, now=now, why=why)


def _doubt(message: Message, *, now: datetime, why: str) -> None:
    """It was handed over and may have gone."""
    if may_try_again(message):
        _later(message, now=now, why=why)
    else:
        park_unknown(message=message, now=now, why=why)
