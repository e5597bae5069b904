"""What was felt at the touchpoints in a time (practices.md, P42)."""

from datetime import date

from django.db.models import Count, Max, Q, Sum

from crm.care.models import Touchpoint


def touchpoints_felt(*, since: date, until: date) -> list[Touchpoint]:
    """Those looked after, in the owner's order, each with what audits of `[since, until)` say: `audited` (how many),
    `felt` (sum of their scores, none without any), `last_on`. One query."""
    counted = Q(audits__on__gte=since, audits__on__lt=until, audits__left_out_at=None)
    return list(
        Touchpoint.objects.filter(is_active=True)
        .annotate(
            audited=Count("audits", filter=counted),
            felt=Sum("audits__score", filter=counted),
            last_on=Max("audits__on", filter=counted),
        )
        .order_by("position", "pk")
    )
