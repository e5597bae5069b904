"""Which minutes of an appointment hold whom (rules.md, Booking). Pure but for one query; minutes count from the start."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from crm.catalogue.models import Service, ServiceStretch
from crm.team.once import read_once

# half-open, in minutes from the start of the visit
Minutes = tuple[int, int]
Hand = TypeVar("Hand", bound=Hashable)
SHORTEST = 5
# by service (its key): kind and minutes of each stretch, in order; a service without any is work throughout
Parts = Mapping[int, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """`minutes` the client is there; of each service, in order, its minutes, its working stretches, its buffer."""

    minutes: int
    by_service: tuple[int, ...]
    work: tuple[tuple[Minutes, ...], ...]
    buffers: tuple[int, ...]

    @property
    def held(self) -> tuple[Minutes, ...]:
        """What holds a master who does all of it."""
        return self.held_by([0] * len(self.work))[0]

    def held_by(self, hands: Sequence[Hand]) -> dict[Hand, tuple[Minutes, ...]]:
        """What holds each of those who do these services, one hand per service.

        Processing leaves the master free. After her last part follows one buffer, the longest of
        her services': her place is put in order once. Stretches that touch are one.
        """
        spans = self.spans()
        held: dict[Hand, list[Minutes]] = {}
        for hand in dict.fromkeys(hands):
            own = [number for number, other in enumerate(hands) if other == hand]
            parts: list[Minutes] = []
            for begin, end in (stretch for number in own for stretch in self.work[number]):
                _hold(parts, begin, end)
            last = spans[own[-1]][1]
            if buffer := max(self.buffers[number] for number in own):
                _hold(parts, last, last + buffer)
            # a service that is all processing still takes the master to begin it
            held[hand] = parts or [spans[number] for number in own if spans[number][1] > spans[number][0]]
        return {hand: tuple(parts) for hand, parts in held.items()}

    def spans(self) -> list[Minutes]:
        """From when to when each service lasts."""
        at = 0
        spans = []
        for minutes in self.by_service:
            spans.append((at, at + minutes))
            at += minutes
        return spans

    def stays(self, rooms: Sequence[frozenset[int] | None]) -> list[tuple[frozenset[int], int, int]]:
        """Where she sits: the rooms of which one is needed, from her first minute there to the end of the buffer.

        `rooms` has those of each service, None for one that needs none. She changes the room
        only where no room serves for both services. Processing counts: she sits there.
        """
        stays: list[tuple[frozenset[int], int, int]] = []
        open_stay: tuple[frozenset[int], int, int, int] | None = None
        for (begin, end), buffer, possible in zip(self.spans(), self.buffers, rooms, strict=True):
            if open_stay is not None and possible is not None and (both := open_stay[0] & possible):
                open_stay = (both, open_stay[1], end, max(open_stay[3], buffer))
                continue
            if open_stay is not None:
                stays.append((open_stay[0], open_stay[1], open_stay[2] + open_stay[3]))
            open_stay = None if possible is None else (possible, begin, end, buffer)
        if open_stay is not None:
            stays.append((open_stay[0], open_stay[1], open_stay[2] + open_stay[3]))
        return stays

    def lasting(self, minutes: int) -> "Plan":
        """The same with another end: work is added after it, or what lies beyond the new end is left out."""
        if minutes < SHORTEST:
            raise ValueError(f"A visit lasts at least {SHORTEST} minutes.")
        if minutes == self.minutes:
            return self
        if minutes > self.minutes:
            last = list(self.work[-1])
            _hold(last, self.minutes, minutes)
            lengths = (*self.by_service[:-1], self.by_service[-1] + minutes - self.minutes)
            return replace(self, minutes=minutes, by_service=lengths, work=(*self.work[:-1], tuple(last)))
        return Plan(
            minutes=minutes,
            by_service=tuple(max(0, min(end, minutes) - begin) for begin, end in self.spans()),
            work=tuple(
                tuple((begin, min(end, minutes)) for begin, end in parts if begin < minutes) for parts in self.work
            ),
            buffers=self.buffers,
        )


def plan_of(
    services: Sequence[Service], *, own_minutes: Mapping[int, int] | None = None, parts: Parts | None = None
) -> Plan:
    """The plan of these services one after the other; one query, none where their `parts` are known.

    `own_minutes` are a client's own, by service (its key): work is stretched or shortened in
    proportion, while processing takes what it takes.
    """
    if not services:
        raise ValueError("An appointment has at least one service.")
    if parts is None:
        parts = _parts_of(tuple(service.pk for service in services))
    own = own_minutes or {}
    laid = []
    for service in services:
        usual = parts.get(service.pk) or [(ServiceStretch.Kind.WORK, service.minutes)]
        laid.append(in_her_minutes(usual, own[service.pk]) if service.pk in own else usual)
    return lay_out(laid, buffers=[service.buffer_minutes for service in services])


@read_once
def _parts_of(services: tuple[int, ...]) -> Parts:
    parts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for service_id, kind, minutes in (
        ServiceStretch.objects.filter(service__in=services)
        .order_by("service", "position")
        .values_list("service_id", "kind", "minutes")
    ):
        parts[service_id].append((kind, minutes))
    return parts


def lay_out(services: Sequence[Sequence[tuple[str, int]]], *, buffers: Sequence[int] = ()) -> Plan:
    """Lays kinds and minutes end to end; stretches of work that touch become one."""
    at = 0
    work = []
    lengths = []
    for parts in services:
        began = at
        own: list[Minutes] = []
        for kind, minutes in parts:
            if kind == ServiceStretch.Kind.WORK:
                _hold(own, at, at + minutes)
            at += minutes
        work.append(tuple(own))
        lengths.append(at - began)
    return Plan(minutes=at, by_service=tuple(lengths), work=tuple(work), buffers=tuple(buffers) or (0,) * len(lengths))


def plan_as_held(
    *,
    minutes: int,
    by_service: Sequence[int],
    hands: Sequence[Hand],
    held: Iterable[tuple[Hand, int, int]],
    buffers: Sequence[int],
) -> Plan:
    """The plan of an appointment as it was agreed: of each service its minutes, its hand and its buffer.

    `held` is what its rows hold: hand, from, to. Who holds nothing (it was imported) is there throughout.
    """
    # what an old system says of services and of the whole may differ: the whole counts
    lengths = [0] * len(by_service)
    left = minutes
    for number, length in enumerate(by_service):
        lengths[number] = left if number == len(by_service) - 1 else min(length, left)
        left -= lengths[number]
    rows = sorted(held, key=lambda row: row[1:])
    known = {hand for hand, _begin, _end in rows}
    at = 0
    work: list[tuple[Minutes, ...]] = []
    for hand, length in zip(hands, lengths, strict=True):
        span = (at, at + length)
        own = [span] if hand not in known and length else [(begin, end) for other, begin, end in rows if other == hand]
        cut = [(max(begin, span[0]), min(end, span[1])) for begin, end in own]
        work.append(tuple((begin, end) for begin, end in cut if end > begin))
        at += length
    return Plan(minutes=minutes, by_service=tuple(lengths), work=tuple(work), buffers=tuple(buffers))


def in_her_minutes(parts: Sequence[tuple[str, int]], minutes: int) -> list[tuple[str, int]]:
    """These stretches in so many minutes: the work in proportion, processing as it is.

    Where too little is left for the work the master is held throughout.
    """
    work = [length for kind, length in parts if kind == ServiceStretch.Kind.WORK]
    left = minutes - sum(length for kind, length in parts if kind != ServiceStretch.Kind.WORK)
    if not work or left < SHORTEST * len(work):
        return [(ServiceStretch.Kind.WORK, minutes)]
    scaled: list[tuple[str, int]] = []
    done = given = 0
    for kind, length in parts:
        if kind != ServiceStretch.Kind.WORK:
            scaled.append((kind, length))
            continue
        # rounded at each end, so that the whole comes out to the minute
        done += length
        upto = (done * left * 2 + sum(work)) // (sum(work) * 2)
        scaled.append((kind, upto - given))
        given = upto
    return scaled


def _hold(held: list[Minutes], start: int, end: int) -> None:
    if held and held[-1][1] == start:
        held[-1] = (held[-1][0], end)
    else:
        held.append((start, end))


def told_minutes(minutes: int, margin_percent: int) -> int:
    """The planned minutes plus the margin, up to the next 5 (rules.md, Booking): 60 and 15 % give 70."""
    return -(-minutes * (100 + margin_percent) // 500) * 5
