"""Whose number or address this is. Families share them; the name then says who."""

from collections.abc import Sequence

from django.db.models import Value
from django.db.models.functions import Upper

from crm.people.models import Client
from crm.people.searching import names_agree


def whose_contact(*, phone: str = "", email: str = "") -> list[Client]:
    """Everybody living who is reached by this number (E.164) or e-mail, the first written down in front."""
    if not phone and not email:
        return []
    # in capitals on both sides, as the index has them
    by_email = Client.objects.alias(large=Upper("email")).filter(large=Upper(Value(email)))
    reached = Client.objects.filter(phone=phone) if phone else by_email
    return list(reached.exclude(status=Client.Status.DECEASED).select_related("branch").order_by("pk"))


def the_one_called(clients: Sequence[Client], name: str) -> Client | None:
    """Of these the only one of that name: as it sounds, else by its consonants; none where it is nobody or several."""
    for roughly in (False, True):
        found = [
            client
            for client in clients
            if names_agree(name, client.name, roughly=roughly) or names_agree(name, client.called, roughly=roughly)
        ]
        if found:
            return found[0] if len(found) == 1 else None
    return None
