"""The owner's list of touchpoints to begin with, an audit that was a slip, and where feedback belongs (practices.md, P42)."""

from datetime import datetime

from django.db import transaction

from crm.care.models import Feedback, FeltAt, Touchpoint, TouchpointAudit
from crm.care.ready import TOUCHPOINTS
from crm.care.services.ready import in_columns
from crm.team.models import User


@transaction.atomic
def take_ready_touchpoints() -> int:
    """Touchpoints that are not there yet, below the others; gives how many."""
    known = set(Touchpoint.objects.values_list("text_en", flat=True))
    below = Touchpoint.objects.count()
    new = [
        Touchpoint(position=below + place, **in_columns("text", words))
        for place, words in enumerate(TOUCHPOINTS)
        if words[0] not in known
    ]
    return len(Touchpoint.objects.bulk_create(new))


def leave_out_audit(*, audit: TouchpointAudit, now: datetime) -> bool:
    """Counts no more; what was written stays to be seen. False if it was left out before."""
    return bool(TouchpointAudit.objects.filter(pk=audit.pk, left_out_at=None).update(left_out_at=now))


@transaction.atomic
def put_feedback(*, feedback: Feedback, touchpoint: Touchpoint | None, now: datetime, user: User) -> bool:
    """Her score counts for this point from now on, and for no other; without one, for none. False if it was so before."""
    Feedback.objects.select_for_update().get(pk=feedback.pk)
    before = FeltAt.objects.filter(feedback=feedback)
    if touchpoint is None:
        return bool(before.delete()[0])
    if before.filter(touchpoint=touchpoint).exists():
        return False
    FeltAt.objects.update_or_create(feedback=feedback, defaults={"touchpoint": touchpoint, "at": now, "user": user})
    return True
