"""A step that takes several verbs (a checkout): what each would do for itself is done once."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime

from crm.booking.models import AppointmentEvent
from crm.people.models import Client


@dataclass(slots=True)
class Step:
    """Clients locked by this step, what waits for its end, and what it knows of their visits."""

    locked: dict[int, Client] = field(default_factory=dict)
    pulses: dict[int, None] = field(default_factory=dict)
    # (client's key, branch day): whether it is a visit day of hers by now
    came: dict[tuple[int, date], bool] = field(default_factory=dict)
    # by client's key: when her open appointments start and which they are, the earliest first
    ahead: dict[int, list[tuple[datetime, int]]] = field(default_factory=dict)
    events: list[AppointmentEvent] = field(default_factory=list)


_running: ContextVar[Step | None] = ContextVar("booking_step", default=None)


def running_step() -> Step | None:
    """The step this verb is a part of, if any."""
    return _running.get()


@contextmanager
def step() -> Iterator[Step]:
    """Opens a step, inside one transaction; one inside another is a part of that."""
    outer = _running.get()
    if outer is not None:
        yield outer
        return
    own = Step()
    token = _running.set(own)
    try:
        yield own
    finally:
        _running.reset(token)


def came_on(client_id: int, on: date) -> bool | None:
    """Whether the running step knows that day for a visit day of hers, or for none; None where it does not know."""
    running = _running.get()
    return running.came.get((client_id, on)) if running is not None else None


def note_came(client_id: int, on: date, came: bool) -> None:
    """Behind the client's lock, so that it holds until the step ends."""
    running = _running.get()
    if running is not None:
        running.came[client_id, on] = came


def ahead_of(client_id: int) -> list[tuple[datetime, int]] | None:
    """Her open appointments, where the running step knows them."""
    running = _running.get()
    return running.ahead.get(client_id) if running is not None else None


def note_ahead(client_id: int, ahead: list[tuple[datetime, int]]) -> None:
    """Her open appointments as the verb that speaks leaves them; whoever changes one after it forgets them."""
    running = _running.get()
    if running is not None:
        running.ahead[client_id] = sorted(ahead)


def note_locked(client: Client) -> None:
    """Her row is held already, read with its branch: the running step need not take it again."""
    running = _running.get()
    if running is not None:
        running.locked[client.pk] = client


def lock_client(client_id: int) -> Client:
    """First of the locks: client, then master, then appointment. A step takes it once."""
    running = _running.get()
    if running is not None and client_id in running.locked:
        return running.locked[client_id]
    client = Client.objects.select_for_update(of=("self",)).select_related("branch").get(pk=client_id)
    if running is not None:
        running.locked[client_id] = client
    return client
