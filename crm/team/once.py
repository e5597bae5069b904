"""What hardly changes is read once for a batch: the owner's settings, her words, who works when.

What is asked of each client may be read for all clients of a batch in one go, and is put in before it is asked for.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

Kept = ContextVar[dict[tuple[Any, ...], Any] | None]
_kept: Kept = ContextVar("read_once", default=None)
_kept_for_a_turn: Kept = ContextVar("read_for_a_turn", default=None)


@contextmanager
def reading_once(*, anew: bool = True) -> Iterator[None]:
    """Within it each `read_once` is asked once for the same arguments: for a batch of moments, never for longer.

    `anew`: nothing that was read before it counts; else what was read around it counts too. What is read for a turn
    counts within the outermost one.
    """
    token = _kept.set({} if anew or (around := _kept.get()) is None else around)
    turn = _kept_for_a_turn.set({} if (lasting := _kept_for_a_turn.get()) is None else lasting)
    try:
        yield
    finally:
        _kept_for_a_turn.reset(turn)
        _kept.reset(token)


def read_once(read: Callable[P, R]) -> Callable[P, R]:
    """A read whose answer is shared within `reading_once`, and so is never changed by who asked. Plain arguments only."""
    return _shared(read, _kept)


def read_for_a_turn(read: Callable[P, R]) -> Callable[P, R]:
    """The same for what is dear to read and the same for hours: shared by all batches within the outermost `reading_once`."""
    return _shared(read, _kept_for_a_turn)


def _shared(read: Callable[P, R], where: Kept) -> Callable[P, R]:
    @wraps(read)
    def reading(*args: P.args, **options: P.kwargs) -> R:
        kept = where.get()
        if kept is None:
            return read(*args, **options)
        key = _key(reading, args, options)
        if key not in kept:
            kept[key] = read(*args, **options)
        return kept[key]

    return reading


def put_in(read: Callable[..., R], *args: Any, answer: R, **options: Any) -> None:
    """Says what a `read_once` would answer, as it was read in one go with others; for nothing where nothing is kept."""
    kept = _kept.get()
    if kept is not None:
        kept[_key(read, args, options)] = answer


def _key(read: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
    return read, args, tuple(sorted(options.items()))
