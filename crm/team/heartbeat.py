"""Signs of life of the worker and the clock, kept in the shared cache."""

from datetime import datetime, timedelta

from django.core.cache import cache

# the clock ticks each minute; three missed ticks are no accident
ALIVE = timedelta(minutes=3)


def note_beat(name: str, *, now: datetime) -> None:
    """This part was alive at that instant."""
    cache.set(f"heartbeat:{name}", now.isoformat(), timeout=None)


def last_beat(name: str) -> datetime | None:
    """When this part was last heard of; none if never."""
    value = cache.get(f"heartbeat:{name}")
    return datetime.fromisoformat(value) if value else None


def is_alive(name: str, *, now: datetime) -> bool:
    """Whether it was heard of in the last three minutes."""
    beat = last_beat(name)
    return beat is not None and now - beat < ALIVE
