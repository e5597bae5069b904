"""What was felt at the touchpoints in a time, and what clients said that belongs to one (practices.md, P42)."""

from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from crm.care.models import Feedback, FeltAt, Touchpoint
from crm.team.models import Branch


def touchpoints_felt(*, since: date, until: date) -> list[Touchpoint]:
    """Those looked after, in the owner's order, each with what audits of `[since, until)` say: `audited` (how many),
    `felt` (sum of their scores, none without any), `last_on`; and `said`, `said_sum` of the feedback on visits of
    that time that somebody put there. One query."""
    counted = Q(audits__on__gte=since, audits__on__lt=until, audits__left_out_at=None)
    said = (
        FeltAt.objects.filter(touchpoint=OuterRef("pk"), feedback__visit_on__gte=since, feedback__visit_on__lt=until)
        .order_by()
        .values("touchpoint")
    )
    return list(
        Touchpoint.objects.filter(is_active=True)
        .annotate(
            audited=Count("audits", filter=counted),
            felt=Sum("audits__score", filter=counted),
            last_on=Max("audits__on", filter=counted),
            said=_number(said.annotate(number=Count("pk")).values("number")),
            said_sum=_number(said.annotate(number=Sum("feedback__score")).values("number")),
        )
        .order_by("position", "pk")
    )


def _number(query: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(query, output_field=IntegerField()), 0)


def feedback_by_point(branch: Branch, *, since: date, placed: bool) -> QuerySet[Feedback]:
    """What clients of a branch said of visits since that day, the newest first: put at a point already, or not yet."""
    return (
        Feedback.objects.filter(branch=branch, visit_on__gte=since, felt_at__isnull=not placed)
        .select_related("client", "felt_at__touchpoint", "felt_at__user")
        .order_by("-answered_at", "-pk")
    )


def touchpoints_to_choose() -> QuerySet[Touchpoint]:
    """Those looked after, in the owner's order."""
    return Touchpoint.objects.filter(is_active=True).order_by("position", "pk")
