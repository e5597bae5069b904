"""Which minutes of an appointment hold its master (rules.md, Booking). Pure; minutes count from the start."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from crm.catalogue.models import Service, ServiceStretch


@dataclass(frozen=True, slots=True)
class Plan:
    """`minutes` the client is there; `held` the half-open stretches in which the master is not free."""

    minutes: int
    held: tuple[tuple[int, int], ...]
    # planned minutes of each service, in order
    by_service: tuple[int, ...]

    @property
    def end_of_hold(self) -> int:
        return self.held[-1][1]


def plan_of(services: Sequence[Service]) -> Plan:
    """The plan of these services one after the other; one query.

    Processing leaves the master free. One buffer follows the whole: the longest of them,
    since the place is put in order once, after the client has gone.
    """
    if not services:
        raise ValueError("An appointment has at least one service.")
    parts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for service_id, kind, minutes in (
        ServiceStretch.objects.filter(service__in=services)
        .order_by("service", "position")
        .values_list("service_id", "kind", "minutes")
    ):
        parts[service_id].append((kind, minutes))
    return lay_out(
        [parts.get(service.pk) or [(ServiceStretch.Kind.WORK, service.minutes)] for service in services],
        buffer=max(service.buffer_minutes for service in services),
    )


def plan_as_agreed(services: Sequence[Service], minutes: int) -> Plan:
    """The plan of an appointment that was agreed for so many minutes.

    Where that is not what its services take (it was imported, or has none written down),
    the master is held throughout.
    """
    if services:
        plan = plan_of(services)
        if plan.minutes == minutes:
            return plan
    buffer = max((service.buffer_minutes for service in services), default=0)
    return lay_out([[(ServiceStretch.Kind.WORK, max(minutes, 1))]], buffer=buffer)


def lay_out(services: Sequence[Sequence[tuple[str, int]]], *, buffer: int = 0) -> Plan:
    """Lays kinds and minutes end to end; stretches of work that touch become one."""
    at = 0
    held: list[tuple[int, int]] = []
    lengths = []
    for parts in services:
        began = at
        for kind, minutes in parts:
            if kind == ServiceStretch.Kind.WORK:
                _hold(held, at, at + minutes)
            at += minutes
        lengths.append(at - began)
    if buffer:
        _hold(held, at, at + buffer)
    if not held:
        # a service that is all processing still takes the master to begin it
        held.append((0, at))
    return Plan(minutes=at, held=tuple(held), by_service=tuple(lengths))


def _hold(held: list[tuple[int, int]], start: int, end: int) -> None:
    if held and held[-1][1] == start:
        held[-1] = (held[-1][0], end)
    else:
        held.append((start, end))


def told_minutes(minutes: int, margin_percent: int) -> int:
    """The planned minutes plus the margin, up to the next 5 (rules.md, Booking): 60 and 15 % give 70."""
    return -(-minutes * (100 + margin_percent) // 500) * 5
