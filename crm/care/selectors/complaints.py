"""Reads of complaints."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet

from crm.care.models import Complaint
from crm.team.models import Branch

SOLVED_WITHIN = timedelta(hours=72)
SOLVED_WITHIN_URGENT = timedelta(hours=24)


def deadline_of(complaint: Complaint) -> datetime:
    """Until when it has to be solved: 24 h if urgent, else 72 h (rules.md, Feedback and complaints)."""
    return complaint.opened_at + (SOLVED_WITHIN_URGENT if complaint.is_urgent else SOLVED_WITHIN)


def open_complaints(branches: Collection[Branch] | QuerySet[Branch]) -> QuerySet[Complaint]:
    """Those not resolved yet, the urgent first, then the oldest; with client, branch and who looks after."""
    return (
        Complaint.objects.filter(branch__in=branches, resolved_at__isnull=True)
        .select_related("client", "branch", "owner")
        .order_by("-is_urgent", "opened_at", "pk")
    )


def resolved_complaints(branches: Collection[Branch] | QuerySet[Branch]) -> QuerySet[Complaint]:
    """The closed ones, the latest first."""
    return (
        Complaint.objects.filter(branch__in=branches, resolved_at__isnull=False)
        .select_related("client", "branch", "owner")
        .order_by("-resolved_at", "-pk")
    )
