"""Reads of services."""

from collections import defaultdict
from collections.abc import Sequence

from crm.catalogue.models import Service, ServiceRoom


def rooms_of(services: Sequence[Service]) -> list[frozenset[int] | None]:
    """The rooms in use (by key) of which each service takes one, None for those that need none; one query.

    A service whose rooms are all out of use has an empty set: it cannot be done anywhere.
    """
    rooms: dict[int, set[int]] = defaultdict(set)
    for service_id, room_id, is_active in ServiceRoom.objects.filter(service__in=services).values_list(
        "service_id", "room_id", "room__is_active"
    ):
        rooms[service_id] |= {room_id} if is_active else set()
    return [frozenset(rooms[service.pk]) if service.pk in rooms else None for service in services]
