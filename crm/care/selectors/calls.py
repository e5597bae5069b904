"""Whom to ring."""

from django.db.models import Q, QuerySet

from crm.care.models import Call
from crm.team.models import Branch, User


def calls_to_make(branch: Branch, *, user: User | None = None) -> QuerySet[Call]:
    """Open calls of the branch, the soonest due first; for a `user` hers and those of nobody in particular."""
    calls = Call.objects.filter(branch=branch, done_at__isnull=True)
    if user is not None:
        # how it was is asked by somebody else than those who serve: never to the master's face
        calls = calls.exclude(kind=Call.SURVEY).filter(Q(assignee=user) | Q(assignee__isnull=True))
    return calls.select_related("client", "assignee").order_by("due_at", "pk")
