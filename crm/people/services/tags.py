"""Tags of a client: the salon's own words for kinds of clients."""

from collections.abc import Collection

from django.db import transaction

from crm.people.models import Client, Tag
from crm.people.services.changes import note_change


@transaction.atomic
def set_tags(*, client: Client, tags: Collection[Tag]) -> None:
    """These are hers from now on, and no others."""
    held = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    held.tags.set(tags)
    note_change([held.pk])


@transaction.atomic
def tag_called(*, name: str) -> Tag:
    """The tag of that name, however it is capitalised; a new one where there is none."""
    name = " ".join(name.split())
    return Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)
