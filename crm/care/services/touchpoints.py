"""The owner's list of touchpoints to begin with, and an audit that was a slip (practices.md, P42)."""

from datetime import datetime

from django.db import transaction

from crm.care.models import Touchpoint, TouchpointAudit
from crm.care.ready import TOUCHPOINTS
from crm.care.services.ready import in_columns


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
