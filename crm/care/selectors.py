"""Reads of complaints, calls and scores."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from crm.care.models import Call, Complaint, Feedback
from crm.team.models import Branch, User

SOLVED_WITHIN = timedelta(hours=72)
SOLVED_WITHIN_URGENT = timedelta(hours=24)
MERELY_SATISFIED = (7, 8)


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


def calls_to_make(branch: Branch, *, user: User | None = None) -> QuerySet[Call]:
    """Open calls of the branch, the soonest due first; for a `user` hers and those of nobody in particular."""
    calls = Call.objects.filter(branch=branch, done_at__isnull=True)
    if user is not None:
        calls = calls.filter(Q(assignee=user) | Q(assignee__isnull=True))
    return calls.select_related("client", "assignee").order_by("due_at", "pk")


def last_scores(client_ids: Collection[int]) -> dict[int, int]:
    """The last score each of these clients gave; 7 and 8 are merely satisfied. One query."""
    latest = Feedback.objects.filter(client=OuterRef("client")).order_by("-answered_at", "-pk").values("pk")[:1]
    return dict(Feedback.objects.filter(client__in=client_ids, pk=Subquery(latest)).values_list("client_id", "score"))
