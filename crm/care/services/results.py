"""The result card of a visit day (practices.md, P8)."""

from datetime import date, datetime

from django.db import transaction

from crm.care.models import ResultCard
from crm.people.models import Client, Note
from crm.people.services import add_note
from crm.team.models import Branch, User


@transaction.atomic
def write_result(
    *, client: Client, branch: Branch, visit_on: date, formula: str, advice: str, now: datetime, user: User
) -> ResultCard:
    """Writes the card of a branch day, or writes it anew. A formula not known yet is remembered as a note too."""
    card, _created = ResultCard.objects.update_or_create(
        client=client,
        visit_on=visit_on,
        defaults={
            "branch": branch,
            "formula": formula.strip(),
            "advice": advice.strip(),
            "written_by": user,
            "written_at": now,
        },
    )
    known = Note.objects.filter(client=client, kind=Note.Kind.FORMULA, text=card.formula)
    if card.formula and not known.exists():
        add_note(client=client, text=card.formula, now=now, branch=branch, author=user, kind=Note.Kind.FORMULA)
    return card
