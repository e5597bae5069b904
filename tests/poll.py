"""The one way in which a test waits."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PAUSE = 0.05


def until(condition: Callable[[], T | None], *, seconds: float, what: str) -> T:
    """Ask `condition` until it gives something true, and give that.

    Fails after `seconds` with `what` was waited for and the state last seen.
    """
    deadline = time.monotonic() + seconds
    while not (seen := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}; last seen: {seen!r}")
        time.sleep(PAUSE)
    return seen
