"""What a client took home."""

from datetime import date

from crm.care.models import ResultCard
from crm.people.models import Client, Note


def result_of(client: Client, visit_on: date) -> ResultCard | None:
    """The result card of that visit day."""
    return ResultCard.objects.filter(client=client, visit_on=visit_on).first()


def last_formula(client: Client) -> str:
    """What was last written down of her style: curl, length, recipe."""
    notes = Note.objects.filter(client=client, kind=Note.Kind.FORMULA).order_by("-written_on", "-pk")
    return notes.values_list("text", flat=True).first() or ""
