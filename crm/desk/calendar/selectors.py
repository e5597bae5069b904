"""What the calendar reads: the visits of some days, and whether anything has changed."""

import hashlib
from datetime import date, datetime, timedelta

from django.db.models import CharField, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from crm.booking.models import Appointment, AppointmentEvent, AppointmentService, RoomHold, Stretch
from crm.booking.selectors import visits_ahead, with_lines
from crm.booking.services.diary import kept_times
from crm.team.models import Branch, Closure, Master, SpecialHours, TimeOff, WorkingHours
from crm.team.selectors import branch_day

# a page that has not asked for so long has been loaded anew
STAMPED_FOR = timedelta(days=1)


def calendar_of(
    *, branch: Branch, first_on: date, last_on: date, master: Master | None = None
) -> QuerySet[Appointment]:
    """Appointments of these branch days, both included, by hour; with `work`, `rooms` and `held` (stretches) at hand, four queries.

    With a master: those in which she does any part.
    """
    found = Appointment.objects.filter(branch=branch, on__range=(first_on, last_on))
    if master is not None:
        parts = AppointmentService.objects.filter(appointment=OuterRef("pk"), master=master)
        found = found.filter(Q(master=master) | Exists(parts))
    rooms = Prefetch("room_holds", queryset=RoomHold.objects.select_related("room"), to_attr="rooms")
    held = Prefetch("stretches", queryset=Stretch.objects.order_by("starts_at"), to_attr="held")
    return with_lines(found).prefetch_related(rooms, held).order_by("starts_at", "pk")


def gone_with_visits(*, branch: Branch, now: datetime) -> list[Master]:
    """Who works in the branch no more and still has visits ahead, by name; one query."""
    gone = Master.objects.filter(branch=branch, is_active=False)
    return list(gone.filter(Exists(visits_ahead(master=OuterRef("pk"), now=now))).order_by("name", "pk"))


def calendar_stamp(*, branch: Branch, now: datetime) -> str:
    """Another one as soon as anything on the branch's calendar has changed: what a desk that looks on asks for.

    Appointments by the newest of their events, time off, hours, closed days and kept times by what they say; two queries.
    """
    newest = AppointmentEvent.objects.filter(at__gt=now - STAMPED_FOR, appointment__branch=branch)
    last = newest.aggregate(last=Max("pk"))["last"] or 0
    hours = hashlib.blake2b(repr(sorted(_hours_in(branch, now))).encode(), digest_size=8).hexdigest()
    return f"{last}-{hours}"


def _hours_in(branch: Branch, now: datetime) -> QuerySet:
    def rows(kind: str, found: QuerySet, starts: str, ends: str) -> QuerySet:
        words = (Coalesce(Cast(name, CharField()), Value("")) for name in (starts, ends))
        return found.order_by().values_list(Value(kind, CharField()), "pk", *words)

    masters = {"master__branch": branch}
    today = branch_day(branch, now)
    return rows("week", WorkingHours.objects.filter(**masters), "starts", "ends").union(
        rows("date", SpecialHours.objects.filter(**masters, on__gte=today), "starts", "ends"),
        rows("off", TimeOff.objects.filter(**masters, ends_at__gt=now - STAMPED_FOR), "starts_at", "ends_at"),
        rows("kept", kept_times(now=now).filter(**masters), "starts_at", "until"),
        rows("closed", Closure.objects.filter(branch=branch, last_on__gte=today), "first_on", "last_on"),
        all=True,
    )
