"""Telling the rooms above that a client's facts have changed, without knowing who is interested."""

from collections.abc import Iterable

from crm.people.models import ClientChange


def note_change(client_ids: Iterable[int]) -> None:
    """Leaves a row for each client; call it in the transaction that changes the fact."""
    ClientChange.objects.bulk_create(
        [ClientChange(client_id=client_id) for client_id in dict.fromkeys(client_ids)], batch_size=5_000
    )
