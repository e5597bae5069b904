"""How a message fared after it was handed over: told by its provider, or asked for (rules.md, Messages, States)."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from crm.people.models import Client
from reminders.consent.models import Channel, ConsentEvent
from reminders.consent.services import mark_dead, stop_channel
from reminders.messages.models import Message
from reminders.messages.services import note_state, whole
from reminders.transports.services import Fate, Report, TransportFailure, named_provider

log = structlog.get_logger(__name__)

State = Message.State
# what nobody could say within this time is never said
ASKED_FOR = timedelta(days=3)


@transaction.atomic
def record_report(*, provider: str, report: Report, now: datetime) -> bool:
    """Delivered, or failed; a dead address is tried no more, and she is written to by the next channel at once.

    False if it changes nothing: a number that is not ours, a report that came before, a step back.
    """
    found = Message.objects.filter(provider=provider, provider_id=report.provider_id, state=State.SENT)
    message = found.select_related("client").first() if report.provider_id else None
    if message is None or report.fate == Fate.SENT:
        return False
    is_dead = report.address_is_dead and message.address == address_of(message.client, message.channel)
    if is_dead:
        # her lock before the message's, as everywhere
        Client.objects.select_for_update().get(pk=message.client_id)
    state = State.DELIVERED if report.fate == Fate.DELIVERED else State.FAILED
    reason = "" if state == State.DELIVERED else report.detail[:300]
    # the condition is in the update itself: of two that tell the same at once, one does
    if not found.filter(pk=message.pk).update(state=state, state_reason=reason, ask_at=None):
        return False
    Message.objects.filter(sent_with=message, state=State.SENT).update(state=state, state_reason=reason)
    note_state(whole(message), state, now, report.detail)
    if is_dead:
        mark_dead(client=message.client, channel=message.channel, now=now)
        if now <= message.not_after:
            _by_another_way(message, now)
    return True


@transaction.atomic
def settle_doubt(*, provider: str, provider_id: str, key: str) -> None:
    """Nobody knew whether a message had gone, and its provider speaks of it, by our own key: it has."""
    pk = key.removeprefix("message-")
    if not provider_id or pk == key or not pk.isdecimal():
        return
    in_doubt = Message.objects.filter(pk=int(pk), state=State.UNKNOWN, provider_id="")
    if in_doubt.update(state=State.SENT, state_reason="", provider=provider, provider_id=provider_id):
        Message.objects.filter(sent_with=int(pk), state=State.UNKNOWN).update(state=State.SENT, state_reason="")


def record_complaint(*, provider: str, provider_id: str, said: str, at: datetime, now: datetime) -> bool:
    """She called it unwanted, or unsubscribed at the provider: no more care and offers there, with what was told.

    False if it changes nothing: not ours, told before, or she has agreed anew since.
    """
    record_report(provider=provider, report=Report(provider_id=provider_id, fate=Fate.DELIVERED), now=now)
    found = Message.objects.filter(provider=provider, provider_id=provider_id).select_related("client")
    message = found.first() if provider_id else None
    if message is None:
        return False
    with transaction.atomic():
        # of two that tell the same at once the second waits, and then finds the evidence
        Client.objects.select_for_update().get(pk=message.client_id)
        since = ConsentEvent.objects.filter(client=message.client, channel=message.channel, at__gte=at)
        if since.filter(Q(is_given=True) | Q(where=ConsentEvent.Where.PROVIDER)).exists():
            return False
        stop_channel(
            client=message.client, channel=message.channel, where=ConsentEvent.Where.PROVIDER, now=now, text_shown=said
        )
    return True


def _by_another_way(message: Message, now: datetime) -> None:
    """It never reached her: it is due again, is checked like any other, and takes the next channel."""
    again = {"state": State.PLANNED, "send_at": now, "sent_at": None, "sent_on": None}
    # what it cost is spent: the month's sum keeps it
    Message.objects.filter(pk=message.pk).update(attempts=0, provider="", provider_id="", cost=0, **again)
    Message.objects.filter(sent_with=message, state=State.FAILED).update(**again)
    note_state(whole(message), State.PLANNED, now, "next channel")


def address_of(client: Client, channel: str) -> str:
    return client.email if channel == Channel.EMAIL else client.phone


def ask_providers(*, now: datetime, limit: int = 200) -> int:
    """Asks about SMS that are due to be asked about; returns how many were answered for good.

    Each is asked again after twice as long, for three days. A provider in trouble is left in peace until the next turn.
    """
    due = Message.objects.filter(ask_at__lte=now, state=State.SENT).order_by("ask_at")
    answered = 0
    for message in due[:limit]:
        again = now + (now - message.sent_at) if message.sent_at else now
        # two may ask at once: one gets the row
        if not due.filter(pk=message.pk, ask_at=message.ask_at).update(ask_at=_until(message, again)):
            continue
        provider = named_provider(message.provider)
        if provider is None:
            continue
        try:
            report = provider.poll_status(message.provider_id, to=message.address)
        except TransportFailure as error:
            log.warning("a provider does not say how an SMS fared", provider=message.provider, reason=error.reason)
            break
        if report is not None and record_report(provider=message.provider, report=report, now=now):
            answered += 1
    return answered


def _until(message: Message, again: datetime) -> datetime | None:
    return again if message.sent_at is not None and again - message.sent_at <= ASKED_FOR else None
