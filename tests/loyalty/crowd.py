"""Many at once, each on a thread and a connection of its own."""

import threading
from collections.abc import Callable

from django.db import close_old_connections, connection

AT_ONCE = 64


def all_at_once(act: Callable[[int], None], *, many: int = AT_ONCE) -> list[BaseException | None]:
    """Each on a thread and a connection of its own, let go together; what came of each."""
    gate, outcomes = threading.Barrier(many), [None] * many

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            act(number)
        except Exception as refused:
            outcomes[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    close_old_connections()
    return outcomes
