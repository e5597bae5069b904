"""Nobody sits with two masters at one hour unawares: her own other visits are asked as the masters' are."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.booking.services.refusals import ClientBusy
from crm.booking.services.slots import Slot
from crm.booking.services.step import ahead_of, note_ahead
from crm.team.once import put_in, read_once
from crm.team.selectors import zone
from crm.team.wording import hour_words, isolated

# among so many free times next to it those are sought at which she is free too
LOOKED_AT = 24
NEAREST = 3
# from when to when; none where an hour is unknown
Span = tuple[datetime | None, datetime | None]


def free_for_her(slots: Sequence[Slot], *, client_id: int, leaving_out: int | None = None) -> list[Slot]:
    """Those of these slots at which she has no other open visit, in whatever branch; at most one query.

    `leaving_out` is a visit of hers (its key) that would move there.
    """
    if not slots:
        return []
    hers = standing_of(client_id).filter(
        starts_at__lt=max(slot.ends_at for slot in slots), ends_at__gt=min(slot.starts_at for slot in slots)
    )
    if leaving_out is not None:
        hers = hers.exclude(pk=leaving_out)
    visits = list(hers.values_list("starts_at", "ends_at"))
    return [slot for slot in slots if is_beside(slot, visits)]


@read_once
def her_visits(client_id: int) -> list[Span]:
    """From when to when her open visits take, in whatever branch; one query, none where `know_visits` has asked."""
    return list(standing_of(client_id).values_list("starts_at", "ends_at"))


def know_visits(client_ids: Collection[int]) -> None:
    """Reads what `her_visits` answers for these clients, in one query."""
    found: dict[int, list[Span]] = {client_id: [] for client_id in client_ids}
    standing = Appointment.objects.filter(client__in=found, status__in=Appointment.OPEN, starts_at__isnull=False)
    for client_id, starts_at, ends_at in standing.values_list("client_id", "starts_at", "ends_at"):
        found[client_id].append((starts_at, ends_at))
    for client_id, visits in found.items():
        put_in(her_visits, client_id, answer=visits)


def is_beside(slot: Slot, visits: Sequence[Span]) -> bool:
    """Whether the slot leaves all of these free."""
    return not any(begins < slot.ends_at and slot.starts_at < ends for begins, ends in visits if begins and ends)


def standing_of(client_id: int | OuterRef) -> QuerySet[Appointment]:
    """Her open visits that have an hour."""
    return Appointment.objects.filter(client=client_id, status__in=Appointment.OPEN, starts_at__isnull=False)


def refuse_two_at_once(
    *,
    client_id: int,
    starts_at: datetime,
    ends_at: datetime,
    is_hers: bool,
    nearest: Callable[[], list[Slot]],
    moving: Appointment | None = None,
) -> None:
    """Raises ClientBusy if she has another open visit then, in whatever branch; `is_hers`: she reads it herself.

    What already overlapped the visit that is `moving` was agreed when it was booked. Call it behind her lock.
    One query; none where the running step knows that she has nothing ahead.
    """
    if ahead_of(client_id) == []:
        return
    # all of them: a checkout needs to know them anyway
    standing = list(standing_of(client_id).select_related("master", "branch").order_by("starts_at", "pk"))
    note_ahead(client_id, [(each.starts_at, each.pk) for each in standing if each.starts_at])
    other = next(
        (each for each in standing if _meet(each, starts_at, ends_at) and not (moving and _is_agreed(each, moving))),
        None,
    )
    if other is None or other.starts_at is None:
        return
    words = (
        _("You already have %(hour)s with %(name)s then.")
        if is_hers
        else _("She already has %(hour)s with %(name)s then.")
    )
    told = {"hour": hour_words(other.starts_at.astimezone(zone(other.branch))), "name": isolated(other.master.name)}

    def elsewhere() -> list[Slot]:
        return free_for_her(nearest(), client_id=client_id, leaving_out=moving.pk if moving else None)[:NEAREST]

    raise ClientBusy(words % told, elsewhere)


def _meet(one: Appointment, starts_at: datetime, ends_at: datetime) -> bool:
    return bool(one.starts_at and one.ends_at and one.starts_at < ends_at and one.ends_at > starts_at)


def _is_agreed(other: Appointment, moving: Appointment) -> bool:
    """Itself, and what it overlapped already."""
    if other.pk == moving.pk:
        return True
    return bool(moving.starts_at and moving.ends_at and _meet(other, moving.starts_at, moving.ends_at))
