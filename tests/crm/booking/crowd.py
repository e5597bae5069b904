"""Many who press at the same moment, each on a thread and a connection of its own that serve all rounds."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection

from crm.booking.services import SlotTaken

# of those who were refused so many look at the other times that they are offered
LOOK_AT_OTHERS = 4
Deed = Callable[[], None]


class Crowd:
    def __init__(self, people: ThreadPoolExecutor, many: int) -> None:
        self._people, self._many = people, many

    def all_at_once(self, deeds: Sequence[Deed]) -> Counter:
        """Lets everybody go together; counts how it ended for them."""
        assert len(deeds) == self._many
        gate = threading.Barrier(self._many)
        ends: list[str] = []
        refusals: list[SlotTaken] = []

        def run(deed: Deed) -> None:
            connection.ensure_connection()
            gate.wait(timeout=60)
            try:
                deed()
                ends.append("done")
            except SlotTaken as refusal:
                refusals.append(refusal)
            except Exception as error:
                ends.append(f"{type(error).__name__}: {error}")

        list(self._people.map(run, deeds, timeout=120))
        asked = refusals[:LOOK_AT_OTHERS]
        ends += ["taken" if refusal.nearest else "taken without other slots" for refusal in asked]
        return Counter(ends) + Counter({"taken": len(refusals) - len(asked)})

    def _leave(self) -> None:
        gate = threading.Barrier(self._many)

        def close(_number: int) -> None:
            gate.wait(timeout=60)
            connection.close()

        list(self._people.map(close, range(self._many), timeout=120))


@contextmanager
def crowd(many: int) -> Iterator[Crowd]:
    with ThreadPoolExecutor(max_workers=many) as people:
        everybody = Crowd(people, many)
        try:
            yield everybody
        finally:
            everybody._leave()
