"""Whom a page is about: found by what was typed, or offered before anything is."""

from django.db.models import F

from crm.people.models import Client
from crm.people.selectors import find_clients
from crm.team.models import Branch

LATELY = 15


def found_or_lately(branch: Branch, query: str) -> list[Client]:
    """Clients by name or last digits; without a word those who were here lately, the newest first."""
    if query:
        return list(find_clients(query))
    return list(
        Client.objects.filter(branch=branch, pulse__last_visit_on__isnull=False)
        .select_related("pulse", "branch")
        .order_by(F("pulse__last_visit_on").desc(), "pk")[:LATELY]
    )
