"""What somebody who complained by the page may read, and where everybody may write about the salon."""

from django.db.models import Q, QuerySet

from crm.care.models import Complaint, ComplaintEvent, ReviewPlace
from crm.team.models import Branch

Kind = ComplaintEvent.Kind


def dialogue_of(complaint: Complaint) -> QuerySet[ComplaintEvent]:
    """What she said and what was written to her, in order; what colleagues wrote for each other is not in it."""
    hers = Q(kind=Kind.ADDED) | Q(kind=Kind.REOPENED, user__isnull=True)
    return complaint.events.filter(hers | Q(answer__isnull=False)).exclude(text="").order_by("at", "pk")


def review_places(branch: Branch) -> QuerySet[ReviewPlace]:
    """Where one may write about this branch in public: the same for everybody, whatever her score."""
    return ReviewPlace.objects.filter(branch=branch, is_active=True).order_by("position", "pk")
