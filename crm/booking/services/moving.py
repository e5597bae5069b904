"""Moving an appointment to another time, other masters or another length, and laying it as it was."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from crm.booking.models import Appointment, AppointmentEvent, AppointmentService, BadDay, Stretch, WaitingOffer
from crm.booking.services.appointments import (
    HER_DOORS,
    MOVABLE,
    held_until,
    record_event,
    refuse_the_past,
)
from crm.booking.services.beside import LOOKED_AT, NEAREST, refuse_two_at_once
from crm.booking.services.diary import Diary, RoomDiary
from crm.booking.services.freeing import free_time
from crm.booking.services.grid import refuse_off_grid
from crm.booking.services.hands import refuse_unable
from crm.booking.services.holding import Wish, hold, lines_of, lock_masters, wish_of
from crm.booking.services.pulse import refresh_pulses
from crm.booking.services.refusals import WrongMoment
from crm.booking.services.slots import Slot, free_slots, nearest_slots
from crm.booking.services.step import lock_client
from crm.booking.stretches import plan_as_held, told_minutes
from crm.catalogue.selectors import rooms_of
from crm.team.models import Master, User
from crm.team.selectors import branch_day, salon_settings

Status = Appointment.Status


@transaction.atomic
def move_appointment(
    *,
    appointment: Appointment,
    starts_at: datetime,
    now: datetime,
    by: str,
    via: str,
    user: User | None = None,
    master: Master | None = None,
    reason: str = "",
    outside_hours: bool = False,
    masters: Sequence[Master | None] | None = None,
    minutes: int | None = None,
    accepting: WaitingOffer | None = None,
    bad_day: BadDay | None = None,
    sequence: int | None = None,
    beside_another: bool = False,
    off_grid: bool = False,
) -> AppointmentEvent:
    """Moves an appointment that is booked or confirmed to another time, to other masters, to another length.

    `master` takes over what the appointment's own master was to do; `masters` says it for each service (None:
    `master`, or the one it has). `minutes` is the new length of the whole: its end moves, work is added or cut off
    there. Who only gets another end keeps what she said and may be here already; else it waits to be confirmed anew.
    `sequence` is the appointment's as the page knew it (None: it asks nothing): of two who move it at once, one does.
    Gives the event: at the desk it can be undone for the owner's minutes, and its message waits as long. Raises
    SlotTaken, RoomTaken, OutsideHours, ClientBusy, OffGrid (see book_appointment), InThePast, CannotDoService, or WrongMoment if it is no longer open or as known.
    """
    lock_client(appointment.client_id)
    before = Appointment.objects.select_related("branch", "master").get(pk=appointment.pk)
    if before.starts_at is None:
        raise WrongMoment
    was = wish_of(before)
    target = master or before.master
    hands = _hands_after(was, before.master, target, masters)
    lock_masters([*(each.pk for each in hands), *(each.pk for each in was.masters)])
    held_before = list(Stretch.objects.filter(appointment=before, holds=True))
    stays = starts_at == before.starts_at and hands == list(was.masters)
    if not stays:
        refuse_the_past(branch=before.branch, starts_at=starts_at, via=via, now=now)
    changed = [number for number, each in enumerate(hands) if each != was.masters[number]]
    if changed and was.services:
        refuse_unable(
            branch=before.branch,
            services=[was.services[number] for number in changed],
            hands=[hands[number] for number in changed],
        )
    wanted = replace(
        was, starts_at=starts_at, masters=hands, plan=was.plan if minutes is None else was.plan.lasting(minutes)
    )

    def nearest(count: int = NEAREST) -> list[Slot]:
        return nearest_slots(
            branch=before.branch,
            services=wanted.services,
            master=hands[0],
            masters=hands,
            around=starts_at,
            now=now,
            leaving_out=before.pk,
            plan=wanted.plan,
            accepting=accepting,
            count=count,
        )

    if not beside_another:
        refuse_two_at_once(
            client_id=before.client_id,
            starts_at=starts_at,
            ends_at=wanted.ends_at,
            is_hers=via in HER_DOORS,
            nearest=lambda: nearest(LOOKED_AT),
            moving=before,
        )
    laid_before = laid(before, was)
    own = target if target in hands else hands[0]
    changes: dict[str, object] = {
        "master": own,
        "on": branch_day(before.branch, starts_at),
        "starts_at": starts_at,
        "ends_at": wanted.ends_at,
        "sequence": F("sequence") + 1,
    }
    if not stays:
        changes["status"] = Status.BOOKED
    if wanted.plan.minutes != before.minutes:
        changes["minutes"] = wanted.plan.minutes
        # who is here was told before she came: what takes longer now does not change that (practices.md, P6)
        if before.status in MOVABLE:
            changes["told_minutes"] = told_minutes(wanted.plan.minutes, salon_settings().margin_percent)
    current = Appointment.objects.filter(
        pk=before.pk, status__in=Appointment.OPEN if stays else MOVABLE, starts_at=before.starts_at
    )
    if sequence is not None:
        current = current.filter(sequence=sequence)
    if not current.update(**changes):
        raise WrongMoment
    write_lines(before, wanted, master=own)
    held_after = hold(appointment=before, wish=wanted, outside_hours=outside_hours, now=now, accepting=accepting)
    refuse_off_grid(
        branch=before.branch,
        starts_at=starts_at,
        now=now,
        is_hers=via in HER_DOORS,
        nearest=nearest,
        is_agreed=off_grid,
        before=before.starts_at,
    )
    event = record_event(
        before,
        AppointmentEvent.Kind.MOVED,
        now=now,
        via=via,
        user=user,
        starts_after=starts_at,
        reason=reason,
        held_until=held_until(via=via, now=now, bad_day=bad_day, starts_at=before.starts_at),
        bad_day=bad_day,
        laid_before=laid_before,
    )
    free_time(branch=before.branch, event=event, before=held_before, after=held_after, now=now)
    refresh_pulses(client_ids=[before.client_id], now=now)
    appointment.refresh_from_db()
    return event


def longest_end(*, appointment: Appointment, minutes: int, now: datetime) -> datetime | None:
    """How far its end can be drawn at most, up to so many minutes: on the grid, in hours, master, room and she free.

    None where not even one step of the grid is free. At most eight queries.
    """
    if appointment.starts_at is None:
        return None
    stands = wish_of(appointment)
    grid = salon_settings().slot_grid
    on = branch_day(appointment.branch, appointment.starts_at)
    diary = Diary(
        branch=appointment.branch,
        masters=list(dict.fromkeys(stands.masters)),
        from_day=on,
        days=1,
        now=now,
        leaving_out=appointment.pk,
    )
    rooms = rooms_of(stands.services)
    wanted = {room_id for possible in rooms for room_id in possible or ()}
    room_diary = RoomDiary(rooms=wanted, window=diary.window, now=now, leaving_out=appointment.pk)
    for length in range(minutes - (minutes - stands.plan.minutes) % grid, stands.plan.minutes, -grid):
        longer = replace(stands, plan=stands.plan.lasting(length))
        has_room = not wanted or room_diary.choose(longer.plan, rooms, stands.starts_at) is not None
        if has_room and diary.works(stands.starts_at, longer.held()) and not _sits_elsewhere(appointment, longer):
            return longer.ends_at
    return None


def _sits_elsewhere(appointment: Appointment, wanted: Wish) -> bool:
    """Whether another visit of hers begins in what would be added."""
    others = Appointment.objects.filter(client=appointment.client_id, status__in=Appointment.OPEN)
    begins_in = others.filter(starts_at__gte=appointment.ends_at, starts_at__lt=wanted.ends_at)
    return begins_in.exclude(pk=appointment.pk).exists()


def _hands_after(was: Wish, own: Master, target: Master, masters: Sequence[Master | None] | None) -> list[Master]:
    """Who does each service from now on."""
    if masters is not None:
        return [each or target for each in masters]
    return [target if each == own else each for each in was.masters]


def write_lines(appointment: Appointment, wish: Wish, *, master: Master) -> None:
    """Minutes and masters of its services as they become; `master` is the appointment's own from now on."""
    changed = []
    for line, minutes, hand in zip(lines_of(appointment), wish.plan.by_service, wish.masters, strict=False):
        other = None if hand == master else hand.pk
        if (line.minutes, line.master_id) != (minutes, other):
            line.minutes, line.master_id = minutes, other
            changed.append(line)
    AppointmentService.objects.bulk_update(changed, ["minutes", "master"])


def laid(appointment: Appointment, wish: Wish) -> dict[str, object]:
    """How its parts lie, so that a move can be undone to the minute: masters by key, minutes from its start."""
    return {
        "minutes": wish.plan.minutes,
        "told_minutes": appointment.told_minutes,
        "by_service": list(wish.plan.by_service),
        "masters": [master.pk for master in wish.masters],
        "held": [[master_id, begins, ends] for master_id, parts in wish.held().items() for begins, ends in parts],
    }


def slots_to_move(
    *,
    appointment: Appointment,
    from_day: date,
    days: int,
    now: datetime,
    master: Master | None = None,
    anyone: bool = False,
    accepting: WaitingOffer | None = None,
) -> list[Slot]:
    """Where this appointment could be moved to as it was agreed, its own time among them (see free_slots).

    With those who do it now; with `master` instead of the appointment's own; or with `anyone`.
    """
    stands = wish_of(appointment)
    return free_slots(
        branch=appointment.branch,
        services=stands.services,
        masters=None if anyone else _hands_after(stands, appointment.master, master or appointment.master, None),
        from_day=from_day,
        days=days,
        now=now,
        leaving_out=appointment.pk,
        plan=stands.plan,
        accepting=accepting,
    )


def lay_as_before(*, appointment: Appointment, event: AppointmentEvent, now: datetime) -> dict[str, object]:
    """Takes the time again that this cancellation, no-show or move gave away; what changes in the appointment.

    Raises SlotTaken (with `.nearest`) when somebody else has it meanwhile. Call it behind the client's lock.
    """
    if event.starts_before is None or event.status_before not in Appointment.OPEN:
        return {}
    stands = wish_of(appointment)
    master = event.master_before or appointment.master
    wanted = _wish_before(event, event.starts_before, stands, master) if event.kind == event.Kind.MOVED else stands
    lock_masters([*(each.pk for each in wanted.masters), *(each.pk for each in stands.masters)])
    changes: dict[str, object] = {"sequence": F("sequence") + 1}
    if event.kind == event.Kind.MOVED:
        changes |= {
            "master": master,
            "on": branch_day(appointment.branch, wanted.starts_at),
            "starts_at": wanted.starts_at,
            "ends_at": wanted.ends_at,
            "minutes": wanted.plan.minutes,
            "told_minutes": (event.laid_before or {}).get("told_minutes", appointment.told_minutes),
        }
        write_lines(appointment, wanted, master=master)
    # it was agreed before, whatever the hours
    hold(appointment=appointment, wish=wanted, outside_hours=True, now=now)
    return changes


def _wish_before(event: AppointmentEvent, starts_at: datetime, stands: Wish, master: Master) -> Wish:
    before = event.laid_before
    if before is None:
        # moved before this was written down: then one master did all of it, for as long as now
        return replace(stands, starts_at=starts_at, masters=[master] * len(stands.masters))
    masters = Master.objects.in_bulk(before["masters"])
    plan = plan_as_held(
        minutes=before["minutes"],
        by_service=before["by_service"],
        hands=before["masters"],
        held=[(master_id, begins, ends) for master_id, begins, ends in before["held"]],
        buffers=stands.plan.buffers,
    )
    return replace(stands, starts_at=starts_at, plan=plan, masters=[masters[key] for key in before["masters"]])
