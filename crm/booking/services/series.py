"""Appointments agreed in one go: every so many weeks, so many times; each of them lives its own life.

The wall clock is kept: a series at 10:00 stays at 10:00 where the clock changes in between (rules.md, Time).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.booking.local_time import computed_instant
from crm.booking.models import Appointment, AppointmentEvent, Series, Stretch
from crm.booking.selectors import events_together, following_in_series
from crm.booking.services.appointments import book_appointment
from crm.booking.services.beside import LOOKED_AT, free_for_her, refuse_two_at_once
from crm.booking.services.course import cancel_appointment
from crm.booking.services.grid import minutes_beside_grid
from crm.booking.services.moving import move_appointment
from crm.booking.services.refusals import (
    BookingRefused,
    ClientBusy,
    InThePast,
    OffGrid,
    OutsideHours,
    RoomTaken,
    SlotTaken,
)
from crm.booking.services.slots import Slot, free_slots, nearest_slots
from crm.booking.services.step import lock_client
from crm.booking.services.undo import send_now, undo_event
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master, User
from crm.team.selectors import salon_settings, zone
from crm.team.wording import hour_words

FEWEST, MOST = 2, 52


class TooFew(BookingRefused):
    words = _("A series has at least two dates.")


class NothingFollows(BookingRefused):
    words = _("None of these dates can be changed any more.")


@dataclass(frozen=True, slots=True)
class SeriesDate:
    """One date of a series: the free slot, or why there is none and what is free nearby. Instants are UTC."""

    number: int
    starts_at: datetime
    on: date
    slot: Slot | None
    why: str = ""
    nearest: list[Slot] = field(default_factory=list)
    # nothing is in the way but another visit of hers: the desk may agree that she has both
    is_hers: bool = False


class SeriesConflicts(SlotTaken):
    """Some of the dates are not free.

    Of each such appointment (by key) `conflicts` says why, and what is free nearby; `wanted` says where it was to go.
    """

    words = _("Some dates are not free. Choose another time for each, or leave it as it is.")

    def __init__(self, conflicts: Mapping[int, BookingRefused], wanted: Mapping[int, datetime]) -> None:
        super().__init__()
        self.conflicts = dict(conflicts)
        self.wanted = dict(wanted)


def plan_series(
    *,
    client: Client,
    branch: Branch,
    services: Sequence[Service],
    master: Master,
    starts_at: datetime,
    every_weeks: int,
    times: int,
    now: datetime,
    beside_another: bool = False,
) -> list[SeriesDate]:
    """Each date of a series at the same hour of the wall clock: free, or in conflict with free times nearby.

    Raises OffGrid for an hour beside the grid. Another visit of hers is a conflict unless it is agreed that she has both
    (`beside_another`). Books nothing and holds nothing.
    """
    refuse_odd_hour(branch=branch, starts_at=starts_at)
    starts = series_starts(branch=branch, starts_at=starts_at, every_weeks=every_weeks, times=times)
    here = zone(branch)
    days = [each.astimezone(here).date() for each in starts]
    slots = free_slots(
        branch=branch,
        services=services,
        master=master,
        client=client,
        from_day=days[0],
        days=(days[-1] - days[0]).days + 1,
        now=now,
    )
    wanted = set(starts)
    free = {slot.starts_at: slot for slot in reversed(slots) if slot.starts_at in wanted}
    possible = list(free.values()) if beside_another else free_for_her(list(free.values()), client_id=client.pk)
    about: dict[str, Any] = {"branch": branch, "services": services, "master": master, "client": client, "now": now}
    dates = []
    for number, (at, on) in enumerate(zip(starts, days, strict=True), start=1):
        slot = free.get(at)
        if slot in possible:
            dates.append(SeriesDate(number, at, on, slot))
        elif slot is not None:
            dates.append(_beside_hers(number, slot, about))
        else:
            dates.append(SeriesDate(number, at, on, None, _why_not(master, at, now), nearest_slots(**about, around=at)))
    return dates


def _beside_hers(number: int, slot: Slot, about: Mapping[str, Any]) -> SeriesDate:
    """A date that is free but for another visit of hers."""
    try:
        refuse_two_at_once(
            client_id=about["client"].pk,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            is_hers=False,
            nearest=lambda: nearest_slots(**about, around=slot.starts_at, count=LOOKED_AT),
        )
    except ClientBusy as refusal:
        return SeriesDate(number, slot.starts_at, slot.on, None, str(refusal), refusal.nearest, is_hers=True)
    # cancelled this very moment
    return SeriesDate(number, slot.starts_at, slot.on, slot)


def series_starts(*, branch: Branch, starts_at: datetime, every_weeks: int, times: int) -> list[datetime]:
    """The instants of a series; an hour that the clock skips on a date moves forward by the gap."""
    local = starts_at.astimezone(zone(branch))
    step = timedelta(weeks=every_weeks)
    return [computed_instant(local.date() + step * number, local.time(), zone(branch)) for number in range(times)]


def refuse_odd_hour(*, branch: Branch, starts_at: datetime, before: datetime | None = None) -> None:
    """A series keeps to the grid, but for one that was at as odd a minute `before`. Raises OffGrid with the hours beside it."""
    beside = minutes_beside_grid(branch, starts_at)
    if not beside or (before is not None and minutes_beside_grid(branch, before) == beside):
        return
    earlier = starts_at - timedelta(minutes=beside)
    later = earlier + timedelta(minutes=salon_settings().slot_grid)
    hours = {name: hour_words(at.astimezone(zone(branch))) for name, at in (("earlier", earlier), ("later", later))}
    raise OffGrid(gettext("A series begins at %(earlier)s or at %(later)s, not in between.") % hours)


def why_not(refusal: BookingRefused) -> str:
    """Why one of many dates is not free, in a few words."""
    if isinstance(refusal, OutsideHours):
        return str(_("The master does not work then."))
    if isinstance(refusal, RoomTaken):
        return str(_("No room is free then."))
    if isinstance(refusal, ClientBusy | OffGrid):
        return str(refusal)
    return str(_("The time is taken.")) if isinstance(refusal, SlotTaken) else str(refusal.words)


def _why_not(master: Master, at: datetime, now: datetime) -> str:
    if at < now:
        return str(InThePast.words)
    taken = Stretch.objects.filter(master=master, holds=True, starts_at__lte=at, ends_at__gt=at).exists()
    return str(_("The time is taken.")) if taken else str(_("It does not fit in then."))


@transaction.atomic
def book_series(
    *,
    client: Client,
    branch: Branch,
    services: Sequence[Service],
    dates: Sequence[tuple[datetime, Master]],
    every_weeks: int,
    now: datetime,
    by: str,
    via: str,
    user: User | None = None,
    wish: str = "",
    beside_another: bool = False,
) -> Series:
    """Books all of these dates (instant and master) or none; one message tells of them, and each has its reminders.

    Raises TooFew, SlotTaken for a date that somebody has taken meanwhile, or ClientBusy unless `beside_another`.
    """
    if not FEWEST <= len(dates) <= MOST:
        raise TooFew
    lock_client(client.pk)
    series = Series.objects.create(
        client=client, branch=branch, every_weeks=every_weeks, times=len(dates), created_at=now, user=user
    )
    for starts_at, master in sorted(dates, key=lambda each: each[0]):
        slot = _slot_at(client, branch, services, starts_at, master, now)
        book_appointment(
            client=client,
            master=slot.master,
            masters=slot.masters or None,
            services=services,
            starts_at=slot.starts_at,
            branch=branch,
            now=now,
            by=by,
            via=via,
            user=user,
            wish=wish,
            series=series,
            beside_another=beside_another,
        )
    return series


def _slot_at(
    client: Client, branch: Branch, services: Sequence[Service], starts_at: datetime, master: Master, now: datetime
) -> Slot:
    on = starts_at.astimezone(zone(branch)).date()
    slots = free_slots(branch=branch, services=services, client=client, from_day=on, days=1, now=now, master=master)
    for slot in slots:
        if (slot.starts_at, slot.master) == (starts_at, master):
            return slot
    raise SlotTaken(
        nearest_slots(branch=branch, services=services, master=master, client=client, around=starts_at, now=now)
    )


@transaction.atomic
def cancel_following(
    *, appointment: Appointment, now: datetime, by: str, via: str, user: User | None = None, reason: str = ""
) -> list[AppointmentEvent]:
    """Cancels this date of a series and all that follow; one message tells of them, one undo brings them back.

    Raises NothingFollows where none of them can be cancelled any more.
    """
    lock_client(appointment.client_id)
    events = [
        cancel_appointment(appointment=each, now=now, by=by, via=via, user=user, reason=reason)
        for each in following_in_series(appointment)
    ]
    if not events:
        raise NothingFollows
    return events


@transaction.atomic
def move_following(
    *,
    appointment: Appointment,
    starts_at: datetime,
    now: datetime,
    by: str,
    via: str,
    user: User | None = None,
    master: Master | None = None,
    instead: Mapping[int, tuple[datetime, Master] | None] | None = None,
    reason: str = "",
    beside_another: bool = False,
) -> list[AppointmentEvent]:
    """Moves this date of a series to `starts_at`, and all that follow by as much of the wall clock; all or none.

    `instead` says of single dates (by key of the appointment) where they go, or None where one stays as it is.
    Raises SeriesConflicts with every date that is not free, OffGrid, NothingFollows, and what move_appointment raises.
    """
    lock_client(appointment.client_id)
    current = following_in_series(appointment)
    if not current or current[0].pk != appointment.pk:
        raise NothingFollows
    refuse_odd_hour(branch=current[0].branch, starts_at=starts_at, before=current[0].starts_at)
    wishes = instead or {}
    moves = [each for each in _moves(current, starts_at, master) if wishes.get(each[0].pk, each) is not None]
    # towards later the last goes first: a weekly series may move onto its own next dates
    moves.sort(key=lambda move: move[0].starts_at or now, reverse=starts_at > (current[0].starts_at or starts_at))
    events: list[AppointmentEvent] = []
    conflicts: dict[int, BookingRefused] = {}
    wanted: dict[int, datetime] = {}
    for each, at, target in moves:
        at, target = wishes.get(each.pk) or (at, target)
        if (at, target) == (each.starts_at, each.master):
            continue
        try:
            with transaction.atomic():
                events.append(
                    move_appointment(
                        appointment=each,
                        starts_at=at,
                        master=target,
                        now=now,
                        by=by,
                        via=via,
                        user=user,
                        reason=reason,
                        beside_another=beside_another,
                    )
                )
        except (SlotTaken, InThePast) as refusal:
            conflicts[each.pk] = refusal
            wanted[each.pk] = at
    if conflicts:
        raise SeriesConflicts(conflicts, wanted)
    if not events:
        raise NothingFollows
    return sorted(events, key=lambda event: event.starts_after or now)


def _moves(
    appointments: Sequence[Appointment], starts_at: datetime, master: Master | None
) -> list[tuple[Appointment, datetime, Master]]:
    """Where each would go: the first to `starts_at`, the others by as many days and minutes of the wall clock."""
    first = appointments[0]
    here = zone(first.branch)
    if first.starts_at is None:
        return []
    shift = _wall_clock(starts_at, here) - _wall_clock(first.starts_at, here)
    moves = []
    for each in appointments:
        if each.starts_at is None:
            continue
        local = _wall_clock(each.starts_at, here) + shift
        moves.append((each, computed_instant(local.date(), local.time(), here), master or each.master))
    return moves


def _wall_clock(instant: datetime, here: object) -> datetime:
    return instant.astimezone(here).replace(tzinfo=None)  # type: ignore[arg-type]


@transaction.atomic
def undo_together(*, event: AppointmentEvent, now: datetime, user: User | None = None) -> int:
    """Takes back what was done to a series in one step, as one; an event that stands alone by itself.

    Gives how many. Raises what undo_event raises: then nothing is taken back.
    """
    # the last step first, as each may stand where another one was
    events = sorted(events_together(event), key=lambda each: -each.pk)
    for each in events:
        undo_event(event=each, now=now, user=user)
    return len(events)


@transaction.atomic
def send_now_together(*, event: AppointmentEvent, now: datetime) -> bool:
    """Lets the held message of that step go; none of it can be undone any more. False if it was not held."""
    # each of them: any() would stop at the first
    sent = [send_now(event=each, now=now) for each in events_together(event)]
    return any(sent)
