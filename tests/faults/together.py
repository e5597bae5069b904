"""Several who do something at the same moment, each on a thread and a connection of its own."""

import threading
from collections.abc import Callable
from contextlib import suppress

from django.db import connection

# seconds for which one waits for another who may never come: a lock may hold him
MEETS_WITHIN = 0.7


def at_once(*deeds: Callable[[], None]) -> list[str]:
    """Each in a thread with a connection of its own, begun together; what went wrong."""
    ready, wrong = threading.Barrier(len(deeds)), []

    def run(deed):
        try:
            connection.ensure_connection()
            ready.wait(timeout=60)
            deed()
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return wrong


def meeting(many: int = 2) -> Callable[[], None]:
    """A place where each waits a moment for the others, so that all have read before anybody writes, if they can."""
    place = threading.Barrier(many)

    def meet() -> None:
        with suppress(threading.BrokenBarrierError):
            place.wait(timeout=MEETS_WITHIN)

    return meet
