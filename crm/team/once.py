"""What hardly changes is read once for a batch: the owner's settings, her words, who works when."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_kept: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("read_once", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Within it each `read_once` is asked once for the same arguments: for a batch of moments, never for longer."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def read_once(read: Callable[P, R]) -> Callable[P, R]:
    """A read whose answer is shared within `reading_once`, and so is never changed by who asked. Plain arguments only."""

    @wraps(read)
    def reading(*args: P.args, **options: P.kwargs) -> R:
        kept = _kept.get()
        if kept is None:
            return read(*args, **options)
        key = (read, args, tuple(sorted(options.items())))
        if key not in kept:
            kept[key] = read(*args, **options)
        return kept[key]

    return reading
