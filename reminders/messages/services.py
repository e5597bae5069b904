"""The life of a message row: planned, claimed, handed over, recorded (trust.md, Messages).

The rows are the queue. A row is claimed by a conditional update, so that one claimer
wins; whoever finds that a sender died puts its rows back by what can be known of them.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q, prefetch_related_objects

from crm.booking.models import Appointment, AppointmentService
from crm.people.models import Client, ClientChange
from crm.people.services.changes import note_change
from crm.team.models import Branch, CrmSettings, User
from reminders.consent.models import MessageSettings, Purpose
from reminders.messages.models import Message, MessageEvent
from reminders.messages.spending import NOTHING, OverLimit, as_kept, give_back, settle, take
from reminders.transports.services import is_asked, takes_key

# how long a claimed row is left alone before its sender is taken for dead
LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 8
ANSWER_LASTS = timedelta(days=1)
BACKOFF_CAP = timedelta(hours=1)
# a provider that does not tell how an SMS fared is asked for the first time
FIRST_QUESTION = timedelta(minutes=2)
# of what was given up, this many are put back in one go
AT_A_TIME = 500

State = Message.State
# asked anew each time: nothing goes out while either is there
STOPPED_BY_OWNER = CrmSettings.objects.filter(messages_paused_at__isnull=False)
HELD = MessageSettings.objects.filter(held_at__isnull=False)
# what goes along with a claimed row, fetched for the whole batch
PARTS = Prefetch("carries", Message.objects.select_related("client", "branch", "appointment"))
LINES = Prefetch("lines", AppointmentService.objects.select_related("service").order_by("position"))


def note_state(messages: Iterable[Message], state: str, now: datetime, detail: str = "") -> None:
    """Writes down what happened to these messages, and that their clients have to be looked at."""
    messages = list(messages)
    MessageEvent.objects.bulk_create(
        [MessageEvent(message=message, state=state, at=now, detail=detail[:300]) for message in messages]
    )
    note_change([message.client_id for message in messages])


@transaction.atomic
def say_back(
    *,
    client: Client,
    branch: Branch,
    kind: str,
    occasion: str,
    channel: str,
    now: datetime,
    appointment: Appointment | None = None,
    subject: str = "",
    body: str = "",
    in_reply_to: str = "",
    user: User | None = None,
    send_at: datetime | None = None,
) -> Message | None:
    """Puts an answer to what she wrote into the queue, due at once; none if this one (`occasion`) is there already.

    `send_at`: due only then, for what the desk wrote unasked.
    """
    due = send_at or now
    message, is_new = Message.objects.get_or_create(
        client=client,
        kind=kind,
        occasion=occasion,
        defaults={
            "branch": branch,
            "purpose": Purpose.SERVICE,
            "channel": channel,
            "language": client.language or settings.DEFAULT_LANGUAGE,
            "appointment": appointment,
            "send_at": due,
            "planned_at": now,
            # a day later it would puzzle her
            "not_after": due + ANSWER_LASTS,
            "subject": subject[:300],
            "body": body,
            "in_reply_to": in_reply_to[:200],
            "written_by": user,
        },
    )
    if not is_new:
        return None
    note_state([message], State.PLANNED, now)
    return message


def is_stopped() -> bool:
    """Whether nothing goes out now, as it is this moment: by the owner, or since a backup was restored."""
    return STOPPED_BY_OWNER.exists() or HELD.exists()


def claim(ids: list[int], *, now: datetime) -> list[Message]:
    """Takes those of these rows that are still planned."""
    token = uuid.uuid4()
    # the condition is in the update itself: of two claimers one changes the row, the other none
    Message.objects.filter(pk__in=ids, state=State.PLANNED).update(
        state=State.SENDING, claim=token, claimed_at=now, handed_at=None, attempts=F("attempts") + 1
    )
    mine = list(
        Message.objects.filter(claim=token, state=State.SENDING)
        .select_related("client", "branch", "event", "appointment__branch", "appointment__master")
        .prefetch_related(PARTS)
    )
    prefetch_related_objects([message.appointment for message in mine if message.appointment is not None], LINES)
    place = {pk: number for number, pk in enumerate(ids)}
    return sorted(mine, key=lambda message: place[message.pk])


def whole(message: Message) -> list[Message]:
    """The message and those that go with it, the carrier first."""
    return [message, *sorted(message.carries.all(), key=lambda carried: carried.pk)]


def is_mine(message: Message) -> bool:
    """Whether the claim still stands; locks the row for the rest of the transaction."""
    return Message.objects.select_for_update().filter(pk=message.pk, state=State.SENDING, claim=message.claim).exists()


def changes_of(client_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """By client the changes that nobody has taken up yet; asked for before their facts are read."""
    found: dict[int, tuple[int, ...]] = dict.fromkeys(client_ids, ())
    for pk, client_id in ClientChange.objects.filter(client_id__in=found).order_by("pk").values_list("pk", "client_id"):
        found[client_id] += (pk,)
    return found


def hand_over(*, message: Message, now: datetime, known: Iterable[int] | None = None, cost: Decimal = NOTHING) -> bool:
    """The last step before the transport is called: from here on the fate may be unknown.

    `known` are the changes of her facts that the check has seen. False if there is another one by now, if the
    row is no longer ours, or if the owner has stopped everything: all of it is asked by the one statement that
    hands over.
    `cost` is what it will cost, as far as one knows.
    """
    message.handed_at = now
    ours = Message.objects.filter(pk=message.pk, state=State.SENDING, claim=message.claim, handed_at__isnull=True)
    ours = ours.exclude(Exists(STOPPED_BY_OWNER)).exclude(Exists(HELD))
    if known is not None:
        ours = ours.exclude(Exists(ClientChange.objects.filter(client=OuterRef("client")).exclude(pk__in=known)))
    written = {name: getattr(message, name) for name in ("channel", "language", "address", "subject", "body")}
    done = bool(ours.update(handed_at=now, cost=cost, **written))
    message.cost = cost if done else NOTHING
    return done


@transaction.atomic
def hand_over_paid(*, message: Message, now: datetime, known: Iterable[int], cost: Decimal) -> bool:
    """The same for what costs money: it is taken from the month's limit with it. Raises OverLimit, and nothing is done."""
    if not hand_over(message=message, now=now, known=known, cost=cost):
        return False
    try:
        take(message, cost, now)
    except OverLimit:
        message.cost = NOTHING
        raise
    return True


@transaction.atomic(savepoint=False)
def record_sent(
    *,
    message: Message,
    now: datetime,
    sent_on: date,
    provider: str,
    provider_id: str = "",
    parts: int = 0,
    cost: Decimal | None = None,
) -> bool:
    """It was accepted. False if the row had been taken from us meanwhile (the sweeper decided)."""
    # a provider may not say what it cost
    paid = as_kept(cost)
    done = Message.objects.filter(pk=message.pk, state=State.SENDING, claim=message.claim).update(
        state=State.SENT,
        state_reason="",
        sent_at=now,
        sent_on=sent_on,
        provider=provider,
        provider_id=provider_id,
        parts=parts,
        cost=paid,
        ask_at=now + FIRST_QUESTION if provider_id and is_asked(provider) else None,
        claim=None,
    )
    if not done:
        return False
    settle(message, paid, now)
    together = whole(message)
    if together[1:]:
        Message.objects.filter(sent_with=message, state=State.PLANNED).update(
            state=State.SENT,
            state_reason="",
            sent_at=now,
            sent_on=sent_on,
            provider=provider,
            channel=message.channel,
            language=message.language,
            address=message.address,
        )
    note_state(together, State.SENT, now, provider)
    return True


@transaction.atomic
def put_back(*, message: Message, send_at: datetime, now: datetime, why: str) -> None:
    """It goes later: a condition fails for now, or the transport was busy."""
    if _release(message, state=State.PLANNED, why=why, send_at=send_at):
        Message.objects.filter(sent_with=message).update(send_at=send_at)
        note_state([message], State.PLANNED, now, why)


@transaction.atomic
def wait(*, message: Message, send_at: datetime, now: datetime, why: str) -> None:
    """It may not go for now, through no fault of its own: no attempt is counted."""
    if _release(message, state=State.PLANNED, why=why, send_at=send_at, attempts=0):
        Message.objects.filter(sent_with=message).update(send_at=send_at)
        note_state([message], State.PLANNED, now, why)


@transaction.atomic
def step_back(*, message: Message, now: datetime, why: str) -> None:
    """It was claimed and may not go now, through no fault of its own: it stands as it stood before the claim."""
    if _release(message, state=State.PLANNED, why=why, attempts=F("attempts") - 1):
        note_state([message], State.PLANNED, now, why)


@transaction.atomic
def drop(*, message: Message, now: datetime, why: str) -> None:
    """It is never sent, and why is kept."""
    if _release(message, state=State.DROPPED, why=why):
        note_state([message], State.DROPPED, now, why)


@transaction.atomic
def cancel(*, message: Message, now: datetime, why: str) -> None:
    """What it was about is no longer so; it may be planned anew if it becomes so again."""
    if _release(message, state=State.CANCELLED, why=why):
        note_state([message], State.CANCELLED, now, why)


@transaction.atomic
def fail(*, message: Message, now: datetime, why: str) -> None:
    """Given up: the desk sees it and may try again."""
    if _release(message, state=State.FAILED, why=why):
        Message.objects.filter(sent_with=message, state=State.PLANNED).update(
            state=State.FAILED, state_reason=why[:300]
        )
        note_state(whole(message), State.FAILED, now, why)


@transaction.atomic
def park_unknown(*, message: Message, now: datetime, why: str) -> None:
    """Nobody knows whether she got it: a person decides, no machine sends it again."""
    if _release(message, state=State.UNKNOWN, why=why, sent_at=message.handed_at or now):
        Message.objects.filter(sent_with=message, state=State.PLANNED).update(
            state=State.UNKNOWN, state_reason=why[:300], sent_at=message.handed_at or now
        )
        note_state(whole(message), State.UNKNOWN, now, why)


@transaction.atomic
def retry_by_hand(*, message: Message, now: datetime) -> None:
    """A person sends a failed or unknown message again; it is checked again like any other."""
    # what it may have cost stays in the month's sum
    again = Message.objects.filter(pk=message.pk, state__in=[State.FAILED, State.UNKNOWN]).update(
        state=State.PLANNED, state_reason="", send_at=now, attempts=0, sent_at=None, sent_on=None, cost=0
    )
    if again:
        Message.objects.filter(sent_with=message, state__in=[State.FAILED, State.UNKNOWN]).update(
            state=State.PLANNED, state_reason="", send_at=now, sent_at=None, sent_on=None
        )
        note_state(whole(message), State.PLANNED, now, "by hand")


def retry_alike(*, state: str, channel: str, reason: str, now: datetime) -> int:
    """A person sends everything again that was given up for the same reason; returns how many messages."""
    if state not in (State.FAILED, State.UNKNOWN):
        return 0
    alike = Message.objects.filter(state=state, channel=channel, state_reason=reason, sent_with__isnull=True)
    again = 0
    # in portions, each of which is done for good
    for _portion in range(0, alike.count(), AT_A_TIME):
        with transaction.atomic():
            messages = list(alike.select_for_update().order_by("pk").prefetch_related("carries")[:AT_A_TIME])
            for message in messages:
                retry_by_hand(message=message, now=now)
        again += len(messages)
    return again


def backoff(attempts: int, retry_after: timedelta | None = None) -> timedelta:
    """How long to wait before the next attempt: a minute doubled each time, an hour at most."""
    waits = min(timedelta(minutes=2 ** max(0, attempts - 1)), BACKOFF_CAP)
    return max(waits, min(retry_after or timedelta(0), BACKOFF_CAP))


def may_try_again(message: Message) -> bool:
    """Whether a message of unknown fate is tried again; else a person decides.

    A service message is, and whatever goes by a provider that takes the same key twice as one message.
    """
    return message.purpose == Purpose.SERVICE or takes_key(message.channel)


def sweep(*, now: datetime) -> int:
    """Finds rows whose sender died and decides by what is known; returns how many.

    Not yet handed over: nothing went out, so it is planned again. Handed over: nobody knows;
    it is tried again if it may be, else parked for a person. What has ended its sender
    too often is given up.
    """
    ago = now - LEASE
    silent = Q(handed_at__isnull=True) | Q(handed_at__lt=ago)
    dead = list(Message.objects.filter(silent, state=State.SENDING, claimed_at__lt=ago).order_by("pk")[:200])
    for message in dead:
        if message.handed_at is not None and not may_try_again(message):
            park_unknown(message=message, now=now, why="sender died while sending")
        elif message.attempts >= MAX_ATTEMPTS:
            fail(message=message, now=now, why="sender died")
        else:
            put_back(message=message, send_at=now, now=now, why="sender died")
    return len(dead)


def _release(message: Message, *, state: str, why: str, **changes: object) -> bool:
    """Ends our claim; nothing happens if the row is no longer ours."""
    ours = Q(state=State.SENDING, claim=message.claim) if message.claim else Q(state=State.PLANNED)
    # of unknown fate: it may have been paid for
    is_given_back = bool(message.cost) and state != State.UNKNOWN
    if is_given_back:
        changes["cost"] = 0
    released = bool(
        Message.objects.filter(ours, pk=message.pk).update(
            state=state, state_reason=why[:300], claim=None, claimed_at=None, **changes
        )
    )
    if released and is_given_back:
        give_back(message, message.handed_at or message.send_at)
    return released
