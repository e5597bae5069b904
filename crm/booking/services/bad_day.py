"""A master is ill or late: everyone affected is found at once, and so is what she can be offered instead (P56)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Alternative, Appointment, AppointmentEvent, BadDay, Stretch
from crm.booking.services.appointments import services_of
from crm.booking.services.course import cancel_appointment
from crm.booking.services.holding import lock_masters
from crm.booking.services.moving import move_appointment
from crm.booking.services.pulse import refreshed_once
from crm.booking.services.refusals import BookingRefused
from crm.booking.services.slots import Slot, free_slots
from crm.booking.services.step import lock_client
from crm.booking.services.undo import send_now, undo_event
from crm.catalogue.models import Service
from crm.team.models import Master, TimeOff, User
from crm.team.selectors import branch_day, zone

EXPECTED = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)
BEGUN = (Appointment.Status.ARRIVED, Appointment.Status.IN_PROGRESS, Appointment.Status.DONE)
OFFERED = 3
# days that are looked through for another time, her own included
DAYS_LOOKED_AT = 10
# she has to get here
ON_HER_WAY = timedelta(minutes=60)
# a visit that is late starts on a full five minutes
EVEN_MINUTES = 5


class NobodyAffected(BookingRefused):
    words = _("Nobody is expected any more today.")


class AlreadySaid(BookingRefused):
    """She is known to be ill all that time; `bad_day` is what was said."""

    words = _("That is known already: everybody affected hears of it.")

    def __init__(self, bad_day: BadDay) -> None:
        super().__init__()
        self.bad_day = bad_day


@dataclass(frozen=True, slots=True)
class Reported:
    """What came of it: the events that tell, and whom only a person can help."""

    bad_day: BadDay
    events: list[AppointmentEvent]
    stuck: list[Appointment] = field(default_factory=list)


def affected_by(*, master: Master, starts_at: datetime, ends_at: datetime) -> list[Appointment]:
    """Visits still expected in which this master has a part between these instants, by their start."""
    return list(
        Appointment.objects.filter(
            status__in=EXPECTED,
            ends_at__gt=starts_at,
            pk__in=master.stretches.filter(holds=True, starts_at__lt=ends_at, ends_at__gt=starts_at).values(
                "appointment"
            ),
        )
        .select_related("client", "branch", "master")
        .order_by("starts_at", "pk")
    )


@transaction.atomic
def report_ill(
    *, master: Master, starts_at: datetime, ends_at: datetime, now: datetime, user: User | None = None
) -> Reported:
    """The master does not come between these instants (UTC): her visits are cancelled by the salon.

    She takes no bookings meanwhile. Each client gets up to three times that are free, no time twice.
    At the desk it can be undone as other cancellations. Raises AlreadySaid, with `.bad_day`, where somebody
    has said it before.
    """
    affected = _locked(master, starts_at, ends_at)
    known = _said_already(master, starts_at, ends_at)
    if known is not None:
        raise AlreadySaid(known)
    off = TimeOff.objects.create(master=master, starts_at=starts_at, ends_at=ends_at)
    bad_day = BadDay.objects.create(
        master=master,
        branch=master.branch,
        kind=BadDay.Kind.ILL,
        starts_at=starts_at,
        ends_at=ends_at,
        at=now,
        user=user,
        time_off=off,
    )
    events: list[AppointmentEvent] = []
    with refreshed_once(now=now):
        for appointment in affected:
            try:
                events.append(
                    cancel_appointment(
                        appointment=appointment,
                        now=now,
                        by=Appointment.By.SALON,
                        via=AppointmentEvent.Via.DESK,
                        user=user,
                        bad_day=bad_day,
                    )
                )
            except BookingRefused:
                # arrived or cancelled this very moment: nothing to tell
                continue
    _offer_instead(events, now=now)
    return Reported(bad_day, events)


@transaction.atomic
def report_late(*, master: Master, minutes: int, now: datetime, user: User | None = None) -> Reported:
    """The master's next visit begins so many minutes later; those after it move as far as they must.

    A gap takes the delay up. A visit that cannot move (another master, a room) stays, and is named
    as `stuck`. Raises NobodyAffected if nobody is expected today.
    """
    branch = master.branch
    midnight = _midnight_after(branch_day(branch, now), master)
    expected = [
        (one, one.starts_at, one.ends_at)
        for one in _locked(master, now, midnight)
        if one.starts_at is not None and one.ends_at is not None and one.starts_at >= now
    ]
    if not expected:
        raise NobodyAffected
    arrives = _even(expected[0][1] + timedelta(minutes=minutes))
    bad_day = BadDay.objects.create(
        master=master,
        branch=branch,
        kind=BadDay.Kind.LATE,
        starts_at=now,
        ends_at=midnight,
        minutes_late=minutes,
        at=now,
        user=user,
        time_off=_not_here_yet(master, now, arrives),
    )
    moves: list[tuple[Appointment, datetime]] = []
    free_from = arrives
    for appointment, planned, ends_at in expected:
        if planned >= free_from:
            break
        moves.append((appointment, free_from))
        held = (
            appointment.stretches.filter(master=master).order_by("-ends_at").values_list("ends_at", flat=True).first()
        )
        free_from = _even(free_from + ((held or ends_at) - planned))
    events: list[AppointmentEvent] = []
    stuck: list[Appointment] = []
    with refreshed_once(now=now):
        # the last one first: each moves into time that is free by then
        for appointment, starts_at in reversed(moves):
            try:
                with transaction.atomic():
                    events.append(
                        move_appointment(
                            appointment=appointment,
                            starts_at=starts_at,
                            now=now,
                            by=Appointment.By.SALON,
                            via=AppointmentEvent.Via.DESK,
                            user=user,
                            outside_hours=True,
                            # as little as possible later, on full five minutes
                            off_grid=True,
                            bad_day=bad_day,
                        )
                    )
            except BookingRefused:
                stuck.append(appointment)
    return Reported(bad_day, events, stuck)


def undo_bad_day(*, bad_day: BadDay, now: datetime, user: User | None = None) -> list[AppointmentEvent]:
    """She comes after all: every visit is put back. Gives the events for which it was too late."""
    if bad_day.time_off is not None:
        bad_day.time_off.delete()
    too_late = []
    # of moved visits the one that moved last goes back first
    for event in bad_day.events.filter(undone_at__isnull=True).order_by("-pk"):
        try:
            undo_event(event=event, now=now, user=user)
        except BookingRefused:
            too_late.append(event)
    return too_late


def tell_now(*, bad_day: BadDay, now: datetime) -> int:
    """Lets all held messages go; gives how many were held."""
    return sum(send_now(event=event, now=now) for event in bad_day.events.filter(undone_at__isnull=True))


def alternatives_for(
    *, appointment: Appointment, services: Sequence[Service], now: datetime, taken: Iterable[Slot] = ()
) -> list[Slot]:
    """Up to three free times for a visit that cannot be, the best first; none that overlaps those `taken`.

    The same day with somebody else, within three hours of hers; then her own master's next day at
    nearly her hour; then whoever is free soonest.
    """
    if not services or appointment.starts_at is None:
        return []
    branch = appointment.branch
    here = zone(branch)
    hers = appointment.starts_at.astimezone(here)
    from_day = max(hers.date(), branch_day(branch, now))
    given = list(taken)
    free = [
        slot
        for slot in free_slots(
            branch=branch,
            services=services,
            from_day=from_day,
            days=DAYS_LOOKED_AT,
            now=now + ON_HER_WAY,
            client=appointment.client,
        )
        if not any(_overlap(slot, other) for other in given)
    ]

    def off_her_hour(slot: Slot) -> int:
        local = slot.starts_local
        return abs(local.hour * 60 + local.minute - hers.hour * 60 - hers.minute)

    def soonest(slot: Slot) -> tuple[date, int, datetime]:
        return slot.on, off_her_hour(slot), slot.starts_at

    same_day = [slot for slot in free if slot.on == hers.date() and off_her_hour(slot) <= 180]
    own = [slot for slot in free if slot.master.pk == appointment.master_id and slot.on != hers.date()]
    chosen: list[Slot] = []
    for wanted in (same_day, own, free, free):
        days = {slot.on for slot in chosen}
        fresh = [slot for slot in wanted if slot.on not in days]
        if fresh and len(chosen) < OFFERED:
            chosen.append(min(fresh, key=soonest))
    return chosen


def offered_instead(*, event: AppointmentEvent, now: datetime) -> list[Slot]:
    """The times offered instead that are still free, the best first; where all are gone, others."""
    appointment = event.appointment
    services = services_of(appointment)
    offered = [(row.master_id, row.starts_at) for row in event.alternatives.order_by("position")]
    if offered and services:
        days = [branch_day(appointment.branch, starts_at) for _master, starts_at in offered]
        free = {
            (slot.master.pk, slot.starts_at): slot
            for slot in free_slots(
                branch=appointment.branch,
                services=services,
                from_day=min(days),
                days=(max(days) - min(days)).days + 1,
                now=now,
                client=appointment.client,
            )
        }
        if left := [free[key] for key in offered if key in free]:
            return left
    return alternatives_for(appointment=appointment, services=services, now=now)


def _offer_instead(events: Sequence[AppointmentEvent], *, now: datetime) -> None:
    taken: list[Slot] = []
    rows: list[Alternative] = []
    for event in events:
        appointment = event.appointment
        offered = alternatives_for(appointment=appointment, services=services_of(appointment), now=now, taken=taken)
        taken += offered
        rows += [
            Alternative(event=event, position=position, master=slot.master, starts_at=slot.starts_at)
            for position, slot in enumerate(offered)
        ]
    Alternative.objects.bulk_create(rows)


def _locked(master: Master, starts_at: datetime, ends_at: datetime) -> list[Appointment]:
    """Those affected, behind their locks: clients first, in one order, then all masters of their visits."""
    known = affected_by(master=master, starts_at=starts_at, ends_at=ends_at)
    for client_id in sorted({one.client_id for one in known}):
        lock_client(client_id)
    together = Stretch.objects.filter(appointment__in=known).values_list("master_id", flat=True)
    lock_masters([master.pk, *together])
    return affected_by(master=master, starts_at=starts_at, ends_at=ends_at)


def _said_already(master: Master, starts_at: datetime, ends_at: datetime) -> BadDay | None:
    """Under the master's lock: two who say it at once say it once. What was taken back has no time off any more."""
    return BadDay.objects.filter(
        master=master,
        kind=BadDay.Kind.ILL,
        time_off__isnull=False,
        starts_at__lte=starts_at,
        ends_at__gte=ends_at,
    ).first()


def _not_here_yet(master: Master, now: datetime, arrives: datetime) -> TimeOff | None:
    """Who has not begun today is not there before she arrives; who is at work is only behind."""
    if Appointment.objects.filter(master=master, on=branch_day(master.branch, now), status__in=BEGUN).exists():
        return None
    return TimeOff.objects.create(master=master, starts_at=now, ends_at=arrives)


def _midnight_after(on: date, master: Master) -> datetime:
    return datetime.combine(on + timedelta(days=1), datetime.min.time(), tzinfo=zone(master.branch))


def _even(at: datetime) -> datetime:
    """Up to the next five minutes."""
    over = (at.minute * 60 + at.second) % (EVEN_MINUTES * 60)
    at = at.replace(microsecond=0)
    return at + timedelta(seconds=EVEN_MINUTES * 60 - over) if over else at


def _overlap(one: Slot, other: Slot) -> bool:
    """Whether both would need the same master at the same time."""
    together = {master.pk for master in one.team} & {master.pk for master in other.team}
    return bool(together) and one.starts_at < other.ends_at and other.starts_at < one.ends_at
