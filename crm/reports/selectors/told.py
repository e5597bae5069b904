"""What a client was told and what it was, visit by visit (rules.md, Booking; practices.md, P6).

Told is the planned time with its margin and the planned price, as they were when she booked or agreed to a change.
Less than told is a promise beaten. The service level is the salon's own standard: more than it asks is beaten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from crm.booking.models import Appointment, AppointmentService
from crm.care.models import HelpGiven, VisitStep
from crm.sales.models import SaleLine
from crm.team.models import PromiseAxis

MINUTE = timedelta(minutes=1)
# work of less than a quarter of the plan, or more than four times it: Begin or Done was tapped at another time
UNLIKELY = 4
COLUMNS = (
    *("pk", "minutes", "told_minutes", "price", "starts_at", "arrived_at", "started_at", "finished_at"),
    *("is_changed", "paid", "has_standard", "is_short", "has_more"),
)


class Outcome(StrEnum):
    BEATEN = "beaten"
    KEPT = "kept"
    BROKEN = "broken"


class Figures(NamedTuple):
    """Told and true: minutes, or money."""

    told: int | Decimal
    true: int | Decimal

    @property
    def outcome(self) -> Outcome:
        if self.true == self.told:
            return Outcome.KEPT
        return Outcome.BEATEN if self.true < self.told else Outcome.BROKEN


@dataclass(frozen=True, slots=True)
class Measured:
    """One visit. What nobody knows is none; `late_by` is in whole minutes, 0 where it began on time."""

    is_changed: bool
    late_by: int | None
    time: Figures | None
    cost: Figures | None
    level: Outcome | None

    def outcome(self, axis: str) -> Outcome | None:
        """How it went by time, cost or service level."""
        match axis:
            case PromiseAxis.TIME:
                return self.time.outcome if self.time else None
            case PromiseAxis.COST:
                return self.cost.outcome if self.cost else None
        return self.level


def told_visits() -> QuerySet[Appointment]:
    """Visits that are done and of which somebody was told how long they take."""
    return Appointment.objects.filter(status=Appointment.Status.DONE, told_minutes__isnull=False)


def with_what_was(visits: QuerySet[Appointment], *, more: Exists | Q) -> QuerySet[Any]:
    """Visits with all that COLUMNS name, in one query.

    `more` says of a visit whether she got something beyond what she was told, of which this room knows nothing.
    The receipt is the newest that sold a service; a receipt of other services than agreed is another visit than told.
    """
    own = OuterRef("pk")
    booked = AppointmentService.objects.filter(appointment=own)
    sold = SaleLine.objects.filter(sale__appointment=own, sale__refund_of=None, service__isnull=False)
    agreed = AppointmentService.objects.filter(appointment=OuterRef("sale__appointment"), service=OuterRef("service"))
    done = SaleLine.objects.filter(
        sale__appointment=OuterRef("appointment"), sale__refund_of=None, service=OuterRef("service")
    )
    steps = VisitStep.objects.filter(appointment=own)
    left_out = Q(step__is_required=True) & ~Q(state=VisitStep.State.DONE) & ~Q(reason=VisitStep.Reason.DECLINED)
    return visits.annotate(
        paid=Subquery(sold.order_by().values("sale").annotate(paid=Sum("amount")).order_by("-sale").values("paid")[:1]),
        is_changed=Exists(sold) & (Exists(sold.filter(~Exists(agreed))) | Exists(booked.filter(~Exists(done)))),
        has_standard=Exists(steps),
        is_short=Exists(steps.filter(left_out)),
        has_more=Exists(steps.filter(step__is_required=False, state=VisitStep.State.DONE))
        | Exists(HelpGiven.objects.filter(appointment=own))
        | more,
    )


def measure(row: Mapping[str, Any]) -> Measured:
    """A row of COLUMNS, judged."""
    instants = row["starts_at"], row["arrived_at"], row["started_at"], row["finished_at"]
    took = minutes_taken(*instants, planned=row["minutes"])
    is_priced = bool(row["price"]) and row["paid"] is not None
    return Measured(
        is_changed=row["is_changed"],
        late_by=minutes_late(*instants[:3]),
        time=None if took is None or row["is_changed"] else Figures(row["told_minutes"], took),
        cost=Figures(row["price"], row["paid"]) if is_priced and not row["is_changed"] else None,
        level=_level(row),
    )


def _level(row: Mapping[str, Any]) -> Outcome | None:
    """By the standard on which the visit ran; without one nobody knows what was owed."""
    if not row["has_standard"]:
        return None
    if row["is_short"]:
        return Outcome.BROKEN
    return Outcome.BEATEN if row["has_more"] else Outcome.KEPT


def counts_from(starts_at: datetime, arrived_at: datetime | None, started_at: datetime) -> datetime:
    """From when her time counts: the hour agreed, her own arrival where she was checked in after it, or an early start.

    Who was not checked in has, by the books, arrived when it began: that says nothing, and the hour agreed counts.
    """
    is_checked_in = arrived_at is not None and arrived_at < started_at
    return min(started_at, max(starts_at, arrived_at) if is_checked_in and arrived_at else starts_at)


def minutes_late(starts_at: datetime | None, arrived_at: datetime | None, started_at: datetime | None) -> int | None:
    """Whole minutes that she waited beyond the hour agreed; none where nobody tapped Begin."""
    if starts_at is None or started_at is None:
        return None
    return (started_at - counts_from(starts_at, arrived_at, started_at)) // MINUTE


def minutes_taken(
    starts_at: datetime | None,
    arrived_at: datetime | None,
    started_at: datetime | None,
    finished_at: datetime | None,
    *,
    planned: int,
) -> int | None:
    """Minutes of her time, a late start included; a minute that has begun counts. None where it is not known."""
    if starts_at is None or started_at is None or finished_at is None:
        return None
    worked = finished_at - started_at
    if worked * UNLIKELY < planned * MINUTE or worked > planned * MINUTE * UNLIKELY:
        return None
    return -((counts_from(starts_at, arrived_at, started_at) - finished_at) // MINUTE)
