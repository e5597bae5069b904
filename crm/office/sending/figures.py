"""What waits, what went and what was given up, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from reminders.consent.models import Purpose
from reminders.messages.models import Message

State = Message.State
HOUR = timedelta(hours=1)
# classes on the page; the list of messages has all of them
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """`due` by now (`appointments` of these are about one), `in_hand` just now, `gone` in the last hour."""

    due: int
    appointments: int
    waits_since: datetime | None
    in_hand: int
    gone: int


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Messages that were given up for one reason, or of which nobody knows whether they arrived."""

    state: str
    channel: str
    reason: str
    count: int
    first: int
    newest: datetime


def standing(now: datetime) -> Standing:
    due = Q(state=State.PLANNED, send_at__lte=now)
    waiting = Message.objects.filter(due, sent_with__isnull=True).aggregate(
        due=Count("pk"), appointments=Count("pk", filter=Q(purpose=Purpose.SERVICE)), since=Min("send_at")
    )
    return Standing(
        due=waiting["due"],
        appointments=waiting["appointments"],
        waits_since=waiting["since"],
        in_hand=Message.objects.filter(state=State.SENDING).count(),
        gone=Message.objects.filter(sent_at__gt=now - HOUR, is_imported=False).count(),
    )


def given_up() -> list[GivenUp]:
    """By state, channel and reason, the most first."""
    rows = (
        Message.objects.filter(state__in=[State.FAILED, State.UNKNOWN], sent_with__isnull=True)
        .values("state", "channel", "state_reason")
        .annotate(count=Count("pk"), first=Min("pk"), newest=Max("send_at"))
        .order_by("-count", "-newest")
    )
    return [
        GivenUp(row["state"], row["channel"], row["state_reason"], row["count"], row["first"], row["newest"])
        for row in rows[:SHOWN]
    ]
