"""The time of a master: locks, the check before a booking, and the database's word after it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from crm.booking.models import Appointment, Stretch
from crm.booking.services.refusals import OutsideHours, SlotTaken
from crm.booking.services.slots import Diary, nearest_slots
from crm.booking.stretches import Plan
from crm.catalogue.models import Service
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day

NO_OVERLAP = "stretch_no_overlap"


def lock_master(master_id: int) -> None:
    """Who books this master waits here for whoever was first; many stretches at once cannot deadlock."""
    Master.objects.select_for_update(no_key=True).get(pk=master_id)


def stretches_of(appointment: Appointment, master: Master, starts_at: datetime, plan: Plan) -> list[Stretch]:
    return [
        Stretch(
            appointment=appointment,
            master=master,
            starts_at=starts_at + timedelta(minutes=begins),
            ends_at=starts_at + timedelta(minutes=ends),
            holds=True,
        )
        for begins, ends in plan.held
    ]


def is_taken(stretches: Sequence[Stretch], *, leaving_out: int | None = None) -> bool:
    """Whether another open appointment holds any of this time; call it under the master's lock."""
    held = list(
        Stretch.objects.filter(
            master=stretches[0].master,
            holds=True,
            starts_at__lt=stretches[-1].ends_at,
            ends_at__gt=stretches[0].starts_at,
        )
        .exclude(appointment=leaving_out)
        .values_list("starts_at", "ends_at")
    )
    return any(
        starts_at < stretch.ends_at and ends_at > stretch.starts_at
        for starts_at, ends_at in held
        for stretch in stretches
    )


def is_within_hours(
    *, branch: Branch, master: Master, starts_at: datetime, plan: Plan, leaving_out: int | None = None
) -> bool:
    """Whether the whole plan lies in working hours, outside breaks and time off (the grid is not asked)."""
    diary = Diary(
        branch=branch, masters=[master], from_day=branch_day(branch, starts_at), days=1, leaving_out=leaving_out
    )
    return diary.works(master.pk, starts_at, plan)


def hold(
    *,
    appointment: Appointment,
    master: Master,
    services: Sequence[Service],
    starts_at: datetime,
    plan: Plan,
    outside_hours: bool,
    now: datetime,
) -> None:
    """Writes the stretches that hold this time, in place of those the appointment had.

    Raises SlotTaken or OutsideHours, with the nearest free slots. Call it in a transaction, under the
    master's lock. On PostgreSQL the exclusion constraint has the last word, whoever else writes;
    on SQLite there is one writer at a time.
    """

    def nearest() -> list:
        return nearest_slots(
            branch=appointment.branch,
            services=services,
            master=master,
            around=starts_at,
            now=now,
            leaving_out=appointment.pk,
            plan=plan,
        )

    stretches = stretches_of(appointment, master, starts_at, plan)
    if is_taken(stretches, leaving_out=appointment.pk):
        raise SlotTaken(nearest())
    if not outside_hours and not is_within_hours(
        branch=appointment.branch, master=master, starts_at=starts_at, plan=plan, leaving_out=appointment.pk
    ):
        raise OutsideHours(nearest())
    try:
        with transaction.atomic():
            Stretch.objects.filter(appointment=appointment).delete()
            Stretch.objects.bulk_create(stretches)
    except IntegrityError as error:
        if NO_OVERLAP not in str(error):
            raise
        raise SlotTaken(nearest()) from error


def let_go(appointment: Appointment) -> None:
    """What is over holds no time."""
    Stretch.objects.filter(appointment=appointment).update(holds=False)
