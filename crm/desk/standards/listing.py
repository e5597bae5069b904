"""The list of a visit as its page shows it: one thumb's work (practices.md, P5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from crm.booking.models import Appointment
from crm.care.models import VisitStep
from crm.care.selectors import checklist_of
from crm.team.selectors import branch_day

Status = Appointment.Status
State = VisitStep.State


@dataclass(frozen=True, slots=True)
class Steps:
    """The rows in order, how far they are, whether they can be ticked now, and whether the visit has begun."""

    rows: list[VisitStep]
    can_tick: bool
    is_first: bool
    is_begun: bool

    @property
    def done(self) -> int:
        return sum(row.state == State.DONE for row in self.rows)

    @property
    def open_required(self) -> int:
        return sum(row.state == State.OPEN and row.step.is_required for row in self.rows)


# the way back from the question: it is not asked again, whatever it found
ASKED = "asked"


def asks_first(request: HttpRequest, appointment: Any) -> bool:
    """Whether the checkout waits for the question about open steps: on the day itself, once. Needs `asks_steps`."""
    if not appointment.asks_steps or ASKED in request.GET:
        return False
    return appointment.on == branch_day(appointment.branch, timezone.now())


def steps_of(appointment: Appointment, now: datetime) -> Steps | None:
    """None where the salon has no standard for this visit, and where she did not come."""
    if appointment.status in (Status.CANCELLED, Status.NO_SHOW):
        return None
    rows = checklist_of(appointment, now)
    if not rows:
        return None
    is_today = appointment.on == branch_day(appointment.branch, now)
    # while she is here the list comes before what was heard
    is_here = is_today and appointment.status in (Status.ARRIVED, Status.IN_PROGRESS)
    is_begun = appointment.status in (Status.IN_PROGRESS, Status.DONE)
    return Steps(rows=rows, can_tick=is_today, is_first=is_here, is_begun=is_begun)
