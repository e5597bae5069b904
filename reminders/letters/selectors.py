"""Reads of letters on paper."""

from django.db.models import QuerySet

from crm.team.models import Branch
from reminders.letters.models import PaperLetter


def letters_to_print(branch: Branch) -> QuerySet[PaperLetter]:
    """Those of the branch that nobody has posted or left out, letters before cards, the soonest due first."""
    return (
        PaperLetter.objects.filter(branch=branch, done_at__isnull=True)
        .select_related("client", "written_by")
        .order_by("-form", "due_at", "pk")
    )
