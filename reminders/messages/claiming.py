"""Taking what is due off the queue: what goes first, and how much of a channel in a minute (rules.md, Messages)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, Value, When

from reminders.consent.models import Channel, MessageSettings, Purpose
from reminders.consent.selectors import message_settings
from reminders.messages.models import Message, Pace
from reminders.messages.services import STOPPED_BY_OWNER, claim

# of a channel's minute this part is kept free for appointment messages: one in so many
KEPT_FREE = 5

State = Message.State


@transaction.atomic
def claim_due(*, now: datetime, limit: int = 20) -> list[Message]:
    """Takes up to `limit` messages that are due, appointment messages first; nobody else gets them.

    Nothing comes back only when nothing is left to take: what another one is just taking is passed over.
    While sending is stopped by the owner or on hold (a restored backup) nothing is taken, and no more of
    a channel than the owner lets go in a minute.
    """
    rules = message_settings()
    if rules.held_at is not None or STOPPED_BY_OWNER.exists():
        return []
    room = _room(rules, now)
    due = Message.objects.filter(state=State.PLANNED, sent_with__isnull=True, send_at__lte=now)
    for channel, places in room.items():
        if places.all <= 0:
            due = due.exclude(channel=channel)
        elif places.offers <= 0:
            due = due.exclude(~Q(purpose=Purpose.SERVICE), channel=channel)
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    rows = due.annotate(
        urgency=Case(
            When(purpose=Purpose.SERVICE, then=Value(0)),
            When(purpose=Purpose.CARE, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    ).order_by("urgency", "send_at", "pk")
    ids = [
        pk
        for pk, channel, purpose in rows.values_list("pk", "channel", "purpose")[:limit]
        if channel not in room or room[channel].takes(purpose)
    ]
    for channel, places in room.items():
        Pace.objects.filter(pk=channel).update(minute_at=places.minute_at, taken=places.taken)
    return claim(ids, now=now) if ids else []


@dataclass(slots=True)
class _Places:
    """What is left of a channel's minute; care and offers leave a part of it to appointment messages."""

    minute_at: datetime
    most: int
    taken: int

    @property
    def all(self) -> int:
        return self.most - self.taken

    @property
    def offers(self) -> int:
        return self.most - max(1, self.most // KEPT_FREE) - self.taken if self.most > 1 else self.all

    def takes(self, purpose: str) -> bool:
        left = self.all if purpose == Purpose.SERVICE else self.offers
        self.taken += left > 0
        return left > 0


def _room(rules: MessageSettings, now: datetime) -> dict[str, _Places]:
    """The channels with a pace of their own; their counts stay locked until the claim is done."""
    most = {Channel.EMAIL: rules.email_per_minute, Channel.SMS: rules.sms_per_minute}
    minute, room = now.replace(second=0, microsecond=0), {}
    for channel, per_minute in most.items():
        if not per_minute:
            continue
        Pace.objects.bulk_create([Pace(channel=channel, minute_at=minute)], ignore_conflicts=True)
        pace = Pace.objects.select_for_update().get(pk=channel)
        room[str(channel)] = _Places(minute, per_minute, pace.taken if pace.minute_at == minute else 0)
    return room
