"""Reads of complaints: what is open, until when, who may see it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce

from crm.booking.models import Appointment, VisitItem
from crm.care.models import Complaint, ComplaintOption
from crm.team.models import Branch, CrmSettings, User
from crm.team.selectors import salon_settings

State = ComplaintOption.State


# those that came with the old records have none: they have waited longest
NEXT_DEADLINE = Coalesce(Case(When(answered_at=None, then="answer_due_at"), default="solve_due_at"), "opened_at")


def time_to_solve(complaint: Complaint, rules: CrmSettings) -> timedelta:
    """24 h if urgent, else 72 h, elapsed (rules.md, Feedback and complaints); the owner's figures."""
    return timedelta(hours=rules.complaint_urgent_hours if complaint.is_urgent else rules.complaint_solve_hours)


def deadline_of(complaint: Complaint) -> datetime:
    """Until when it has to be solved; of one that came with the old records, as if it had been opened here."""
    return complaint.solve_due_at or complaint.opened_at + time_to_solve(complaint, salon_settings())


def seen_by(user: User, branches: Collection[Branch] | QuerySet[Branch]) -> QuerySet[Complaint]:
    """Those that this person may see: of her branches; of these a master those she looks after and of her clients."""
    complaints = Complaint.objects.filter(branch__in=branches)
    if user.role != User.Role.MASTER:
        return complaints
    served = VisitItem.objects.filter(visit__client=OuterRef("client"), master__user=user)
    booked = Appointment.objects.filter(client=OuterRef("client"), master__user=user)
    return complaints.filter(Q(owner=user) | Exists(served) | Exists(booked))


def open_complaints(
    branches: Collection[Branch] | QuerySet[Branch], *, user: User | None = None
) -> QuerySet[Complaint]:
    """Those not resolved yet, whose next deadline (the first answer, then the solution) comes first, before others; with client,
    branch and who looks after.

    `user`: of these only what she may see.
    """
    complaints = Complaint.objects.filter(branch__in=branches) if user is None else seen_by(user, branches)
    return (
        complaints.filter(resolved_at__isnull=True)
        .select_related("client", "branch", "owner")
        .order_by(NEXT_DEADLINE, "opened_at", "pk")
    )


def resolved_complaints(
    branches: Collection[Branch] | QuerySet[Branch], *, user: User | None = None
) -> QuerySet[Complaint]:
    """The closed ones, the latest first."""
    complaints = Complaint.objects.filter(branch__in=branches) if user is None else seen_by(user, branches)
    return (
        complaints.filter(resolved_at__isnull=False)
        .select_related("client", "branch", "owner")
        .order_by("-resolved_at", "-pk")
    )
