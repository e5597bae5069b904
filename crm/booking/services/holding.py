"""Taking time for an appointment: masters' stretches and rooms. All under locks: masters by key, then rooms by key."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.booking.models import Appointment, AppointmentService, RoomHold, Stretch, WaitingOffer
from crm.booking.services.diary import Diary, RoomDiary, kept_times
from crm.booking.services.refusals import KeptTime, OutsideHours, RoomTaken, SlotTaken
from crm.booking.services.slots import Slot, nearest_slots, skills_in
from crm.booking.stretches import Minutes, Plan, plan_as_held
from crm.catalogue.models import Room, Service
from crm.catalogue.selectors import rooms_of
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day, zone
from crm.team.wording import hour_words, isolated

NO_OVERLAP = "stretch_no_overlap"
NO_SHARED_ROOM = "room_hold_no_overlap"
MINUTE = timedelta(minutes=1)
# of each service the rooms of which it takes one, None where it needs none
Possible = Sequence[frozenset[int] | None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What an appointment wants to hold: its plan from an instant (UTC) on, with one master for each service."""

    starts_at: datetime
    plan: Plan
    services: Sequence[Service]
    masters: Sequence[Master]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.plan.minutes)

    def held(self) -> dict[int, tuple[Minutes, ...]]:
        """By master (her key), in minutes from the start."""
        return self.plan.held_by([master.pk for master in self.masters])

    def stretches(self, appointment: Appointment) -> list[Stretch]:
        return [
            Stretch(
                appointment=appointment,
                master_id=master_id,
                starts_at=self.starts_at + timedelta(minutes=begins),
                ends_at=self.starts_at + timedelta(minutes=ends),
            )
            for master_id, parts in self.held().items()
            for begins, ends in parts
        ]


def wish_of(appointment: Appointment) -> Wish:
    """What it holds as it was agreed, whatever its services take by now; two queries. It has to have an hour."""
    starts_at = appointment.starts_at
    if starts_at is None:
        raise ValueError("An appointment without an hour holds no time.")
    lines = lines_of(appointment)
    masters = [line.master or appointment.master for line in lines] or [appointment.master]
    plan = plan_as_held(
        minutes=appointment.minutes,
        by_service=[line.minutes for line in lines] or [appointment.minutes],
        hands=[master.pk for master in masters],
        held=[
            (master_id, (begins - starts_at) // MINUTE, (ends - starts_at) // MINUTE)
            for master_id, begins, ends in Stretch.objects.filter(appointment=appointment).values_list(
                "master_id", "starts_at", "ends_at"
            )
        ],
        buffers=[line.service.buffer_minutes for line in lines] or [0],
    )
    return Wish(starts_at=starts_at, plan=plan, services=[line.service for line in lines], masters=masters)


def lines_of(appointment: Appointment) -> list[AppointmentService]:
    """Its services in order, each with its master where that is somebody else than the appointment's; one query."""
    lines = AppointmentService.objects.filter(appointment=appointment)
    return list(lines.select_related("service", "master").order_by("position"))


def lock_masters(master_ids: Iterable[int], *, able_of: Sequence[Service] = ()) -> list[Master]:
    """Who books one of them waits here for whoever was first; by key, so that no two wait for each other.

    Gives them, with what each does of these services (`does`).
    """
    masters = Master.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(master_ids)).order_by("pk")
    return list(masters.annotate(**skills_in(able_of)))


def lock_rooms(room_ids: Iterable[int]) -> None:
    """After the masters: who wants one of these rooms waits for whoever was first."""
    list(Room.objects.select_for_update(no_key=True).filter(pk__in=set(room_ids)).order_by("pk"))


def is_taken(
    stretches: Sequence[Stretch],
    *,
    now: datetime,
    leaving_out: int | None = None,
    accepting: WaitingOffer | None = None,
) -> bool:
    """Whether another open appointment holds any of this time, or it is kept for somebody who waits.

    Call it under the masters' locks.
    """
    around = _around(stretches)
    held = Stretch.objects.filter(around, holds=True).exclude(appointment=leaving_out)
    kept = kept_times(now=now, accepting=accepting).filter(around)
    return held.values_list("pk").union(kept.values_list("pk"), all=True).exists()


def _around(stretches: Sequence[Stretch]) -> Q:
    around = Q()
    for stretch in stretches:
        around |= Q(master=stretch.master_id, starts_at__lt=stretch.ends_at, ends_at__gt=stretch.starts_at)
    return around


def _refuse_taken(
    stretches: Sequence[Stretch],
    *,
    now: datetime,
    leaving_out: int,
    accepting: WaitingOffer | None,
    nearest: Callable[[], list[Slot]],
) -> None:
    """Raises KeptTime where nothing but an offer to the waiting list is in the way, else SlotTaken."""
    around = _around(stretches)
    kept = kept_times(now=now, accepting=accepting).filter(around).select_related("entry__client", "entry__branch")
    offer = kept.order_by("until").first()
    if offer is None or Stretch.objects.filter(around, holds=True).exclude(appointment=leaving_out).exists():
        raise SlotTaken(nearest)
    words = _("This time is kept for %(name)s until %(hour)s: it was offered to her from the waiting list.") % {
        "name": isolated(offer.entry.client.shown_name),
        "hour": hour_words(offer.until.astimezone(zone(offer.entry.branch))),
    }
    raise KeptTime(words, nearest)


def is_within_hours(
    *,
    branch: Branch,
    wish: Wish,
    leaving_out: int | None = None,
    now: datetime | None = None,
    accepting: WaitingOffer | None = None,
) -> bool:
    """Whether the whole plan lies in working hours, outside breaks, time off and what others hold (the grid is not asked).

    With `now` also outside what is kept for who waits.
    """
    diary = Diary(
        branch=branch,
        masters=list(dict.fromkeys(wish.masters)),
        from_day=branch_day(branch, wish.starts_at),
        days=1,
        leaving_out=leaving_out,
        now=now,
        accepting=accepting,
    )
    return diary.works(wish.starts_at, wish.held())


def hold(
    *,
    appointment: Appointment,
    wish: Wish,
    outside_hours: bool,
    now: datetime,
    accepting: WaitingOffer | None = None,
    is_new: bool = False,
    rooms: Possible | None = None,
) -> list[Stretch]:
    """Writes the stretches and rooms that hold this time, in place of those the appointment had; gives the stretches.

    One that `is_new` had none. `rooms` are those of each service, where they are known.
    Raises SlotTaken, RoomTaken or OutsideHours, with the nearest free slots. Call it in a transaction, under the
    masters' locks. On PostgreSQL the exclusion constraints have the last word, whoever else writes;
    on SQLite there is one writer at a time.
    """

    def nearest() -> list[Slot]:
        return nearest_slots(
            branch=appointment.branch,
            services=wish.services,
            master=wish.masters[0],
            masters=wish.masters,
            around=wish.starts_at,
            now=now,
            # asked after the rollback, when the key of a new one may be somebody else's
            leaving_out=None if is_new else appointment.pk,
            plan=wish.plan,
            accepting=accepting,
        )

    stretches = wish.stretches(appointment)
    # one look at her day tells that all is well; only where it is not is it asked what is in the way
    if outside_hours or not is_within_hours(
        branch=appointment.branch, wish=wish, leaving_out=appointment.pk, now=now, accepting=accepting
    ):
        if is_taken(stretches, now=now, leaving_out=appointment.pk, accepting=accepting):
            _refuse_taken(stretches, now=now, leaving_out=appointment.pk, accepting=accepting, nearest=nearest)
        if not outside_hours and not is_within_hours(branch=appointment.branch, wish=wish, leaving_out=appointment.pk):
            raise OutsideHours(nearest)
    taken_rooms = free_rooms(appointment=appointment, wish=wish, now=now, accepting=accepting, possible=rooms)
    if taken_rooms is None:
        raise RoomTaken(nearest)
    try:
        with transaction.atomic():
            if not is_new:
                Stretch.objects.filter(appointment=appointment).delete()
                RoomHold.objects.filter(appointment=appointment).delete()
            Stretch.objects.bulk_create(stretches)
            RoomHold.objects.bulk_create(taken_rooms)
    except IntegrityError as error:
        if NO_SHARED_ROOM in str(error):
            raise RoomTaken(nearest) from error
        if NO_OVERLAP in str(error):
            raise SlotTaken(nearest) from error
        raise
    return stretches


def free_rooms(
    *,
    appointment: Appointment,
    wish: Wish,
    now: datetime,
    accepting: WaitingOffer | None = None,
    possible: Possible | None = None,
) -> list[RoomHold] | None:
    """Rooms that are free for the whole stay, those it has rather than others; None if there is no free one.

    Locks every room that would do, so that the answer holds until the transaction ends.
    """
    has_now = RoomHold.objects.filter(appointment=appointment).values_list("room_id", flat=True)
    stays = choose_rooms(
        services=wish.services,
        plan=wish.plan,
        starts_at=wish.starts_at,
        now=now,
        leaving_out=appointment.pk,
        accepting=accepting,
        rather=has_now,
        possible=possible,
    )
    if stays is None:
        return None
    return [
        RoomHold(appointment=appointment, room_id=room_id, starts_at=begins, ends_at=ends)
        for room_id, begins, ends in stays
    ]


def choose_rooms(
    *,
    services: Sequence[Service],
    plan: Plan,
    starts_at: datetime,
    now: datetime,
    leaving_out: int | None = None,
    accepting: WaitingOffer | None = None,
    rather: Iterable[int] = (),
    possible: Possible | None = None,
) -> list[tuple[int, datetime, datetime]] | None:
    """A free room (its key) for every stay, from when to when; None if there is none. Locks all that would do."""
    if possible is None:
        possible = rooms_of(services)
    stays = plan.stays(possible) if possible else []
    if not stays:
        return []
    wanted = {room_id for candidates, _begins, _ends in stays for room_id in candidates}
    lock_rooms(wanted)
    ends_at = starts_at + timedelta(minutes=max(ends for _candidates, _begins, ends in stays))
    diary = RoomDiary(rooms=wanted, window=(starts_at, ends_at), now=now, leaving_out=leaving_out, accepting=accepting)
    chosen = diary.choose(plan, possible, starts_at, rather=rather)
    if chosen is None:
        return None
    return [
        (room_id, starts_at + timedelta(minutes=begins), starts_at + timedelta(minutes=ends))
        for room_id, (begins, ends) in chosen
    ]


def let_go(appointment: Appointment, *, rooms: bool = True) -> None:
    """What is over holds neither time nor room; without `rooms` it is known to have none."""
    Stretch.objects.filter(appointment=appointment).update(holds=False)
    if rooms:
        RoomHold.objects.filter(appointment=appointment).update(holds=False)
