"""Time that became free, written down for the waiting list (practices.md, P48). The row is the queue."""

from collections.abc import Sequence
from datetime import datetime

from crm.booking.models import AppointmentEvent, FreedTime, Stretch
from crm.team.models import Branch


def free_time(
    *,
    branch: Branch,
    event: AppointmentEvent,
    before: Sequence[Stretch],
    now: datetime,
    after: Sequence[Stretch] = (),
) -> list[FreedTime]:
    """What `before` held and `after` does not, one row for each master; what is over by then is worth nothing.

    A row lasts from the first to the last free minute, processing in between included: who looks
    for a slot sees what else is there. It is offered once the event can no longer be undone.
    """
    ready_at = event.held_until or now
    rows = []
    for master_id in dict.fromkeys(stretch.master_id for stretch in before):
        freed = [
            piece
            for stretch in before
            if stretch.master_id == master_id
            for piece in _less(stretch, [each for each in after if each.master_id == master_id])
        ]
        if freed and (ends_at := max(end for _start, end in freed)) > ready_at:
            rows.append(
                FreedTime(
                    branch=branch,
                    master_id=master_id,
                    event=event,
                    starts_at=min(start for start, _end in freed),
                    ends_at=ends_at,
                    ready_at=ready_at,
                )
            )
    return FreedTime.objects.bulk_create(rows)


def keep_time_after_all(*, event: AppointmentEvent) -> None:
    """The event was undone: what it freed is offered to nobody."""
    FreedTime.objects.filter(event=event, settled_at__isnull=True).delete()


def free_at_once(*, event: AppointmentEvent, now: datetime) -> None:
    """The event can no longer be undone: what it freed is offered now."""
    FreedTime.objects.filter(event=event, settled_at__isnull=True).update(ready_at=now)


def _less(stretch: Stretch, taken: Sequence[Stretch]) -> list[tuple[datetime, datetime]]:
    free = [(stretch.starts_at, stretch.ends_at)]
    for each in taken:
        free = [
            piece
            for start, end in free
            for piece in ((start, min(end, each.starts_at)), (max(start, each.ends_at), end))
            if piece[1] > piece[0]
        ]
    return free
