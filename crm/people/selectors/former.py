"""Which card speaks for a client today: one that was put aside leads to the one that stayed."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models.functions import Coalesce

from crm.people.models import Client


def person_of(client_id: int) -> Client | None:
    """The client whom this key means today, with her branch; None where there is nobody. One query."""
    found = Client.everyone.select_related("branch", "merged_into__branch").filter(pk=client_id).first()
    return found and (found.merged_into or found)


def people_by_code(codes: Collection[str]) -> dict[str, Client]:
    """By the code on her card, an old one too, the client of today with her branch."""
    found = Client.everyone.filter(code__in=codes).select_related("branch", "merged_into__branch")
    return {client.code: client.merged_into or client for client in found}


def keys_by_code(codes: Collection[str]) -> dict[str, int]:
    """The same, only her key."""
    rows = Client.everyone.filter(code__in=codes).values_list("code", Coalesce("merged_into_id", "pk"))
    return dict(rows)


def codes_put_aside(codes: Collection[str]) -> set[str]:
    """Of these codes those of cards that were put aside."""
    return set(Client.everyone.filter(code__in=codes, merged_into__isnull=False).values_list("code", flat=True))


def former_codes() -> dict[str, list[str]]:
    """By the code of each card that stayed those of the cards that were put aside for it. One query."""
    found: dict[str, list[str]] = defaultdict(list)
    for stays, aside in Client.everyone.filter(merged_into__isnull=False).values_list("merged_into__code", "code"):
        found[stays].append(aside)
    return found
