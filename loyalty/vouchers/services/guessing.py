"""Guessing codes is slowed (rules.md, Vouchers): so many wrong ones an hour, then a wait."""

from django.core.cache import cache

WRONG_ONES = 20
WINDOW_SECONDS = 3600


def may_try_code(who: str) -> bool:
    """Whether this person (a login, an address) may try a code now."""
    return (cache.get(_key(who)) or 0) < WRONG_ONES


def note_wrong_code(who: str) -> None:
    """Counts a code that does not exist."""
    if not cache.add(_key(who), 1, WINDOW_SECONDS):
        cache.incr(_key(who))


def _key(who: str) -> str:
    return f"wrong-vouchers:{who}"
