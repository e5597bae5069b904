"""The guest list of an event (practices.md, P20)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from reminders.campaigns.models import Campaign, Event, Guest

State = Guest.State
# how long an event stays on the desk's list after it
STAYS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Room:
    """How an event fills: seats taken and waited for, guests who said no, who came; `free` is none without a limit."""

    coming: int
    waiting: int
    declined: int
    came: int
    free: int | None


def room_of(event: Event) -> Room:
    """Counted from the answers. One query."""
    counts = event.guests.aggregate(
        coming=Sum("seats", filter=Q(state=State.COMING)),
        waiting=Sum("seats", filter=Q(state=State.WAITING)),
        declined=Count("pk", filter=Q(state=State.NOT_COMING)),
        came=Sum("seats", filter=Q(came_at__isnull=False)),
    )
    coming = counts["coming"] or 0
    free = None if event.seats is None else max(0, event.seats - coming)
    return Room(coming, counts["waiting"] or 0, counts["declined"], counts["came"] or 0, free)


def seats_taken(event: Event) -> int:
    return event.guests.filter(state=State.COMING).aggregate(seats=Sum("seats"))["seats"] or 0


def guests_of(event: Event) -> QuerySet[Guest]:
    """Who comes by name, who does not, and who waits, the first first; the page puts them into their groups."""
    return event.guests.select_related("client").order_by("state", "waits_since", "client__name", "pk")


def events_for_desk(branch_id: int, *, now: datetime) -> QuerySet[Event]:
    """Events of this branch and of the whole salon that people were invited to, the next first; soon over ones stay."""
    here = Q(campaign__branch=branch_id) | Q(campaign__branch__isnull=True)
    invited = ~Q(campaign__state=Campaign.State.DRAFT)
    return (
        Event.objects.filter(here, invited, ends_at__gt=now - STAYS)
        .select_related("campaign")
        .annotate(
            coming=Sum("guests__seats", filter=Q(guests__state=State.COMING)),
            waiting=Sum("guests__seats", filter=Q(guests__state=State.WAITING)),
        )
        .order_by("starts_at", "pk")
    )
