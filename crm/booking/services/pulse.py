"""The one function that keeps pulses up to date (rules.md, Visits and Rhythm)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import (
    Aggregate,
    Case,
    Count,
    F,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import RowNumber
from django.db.models.lookups import Exact

from crm.booking.models import Appointment, AppointmentEvent, Pulse, Visit, VisitItem
from crm.booking.rhythm import GAPS, Break, RhythmRules, bounds, rhythm_of
from crm.booking.services.step import running_step, step
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import CrmSettings
from crm.team.selectors import salon_settings

CHUNK = 2_000
# a client behind her lock, with her open appointments: when each starts and which it is
Known = tuple[Client, list[tuple[datetime, int]]]
# a due client is one whose silence has reached max(1, rhythm - 5) (rules.md, Messages, due_soon)
DUE_BEFORE_DAYS = 5


def rhythm_rules(settings: CrmSettings) -> RhythmRules:
    """The owner's figures for rhythm."""
    return RhythmRules(settings.rhythm_default, settings.rhythm_min, settings.rhythm_max)


@contextmanager
def refreshed_once(*, now: datetime) -> Iterator[None]:
    """Where several verbs make one step (a checkout), their refreshes are done once, at its end; so are its events."""
    is_inner = running_step() is not None
    with step() as own:
        yield
    if is_inner:
        return
    if own.events:
        AppointmentEvent.objects.bulk_create(own.events)
    if own.pulses:
        known = {key: (own.locked[key], ahead) for key, ahead in own.ahead.items() if key in own.locked}
        refresh_pulses(client_ids=own.pulses, now=now, known=known)


def refresh_pulses(*, client_ids: Iterable[int], now: datetime, known: Mapping[int, Known] | None = None) -> None:
    """Rebuilds the pulses of these clients from visits and appointments, in sets, and notes the change.

    `known` is what the caller has of some of them behind their locks.
    """
    running = running_step()
    if running is not None:
        for key in client_ids:
            running.pulses[key] = None
            # whoever asks has changed something
            running.ahead.pop(key, None)
        return
    ids = iter(dict.fromkeys(client_ids))
    while chunk := list(islice(ids, CHUNK)):
        with transaction.atomic():
            Pulse.objects.bulk_create(
                pulses_from_facts(chunk, now, known=known),
                update_conflicts=True,
                unique_fields=["client"],
                update_fields=[field.attname for field in Pulse._meta.concrete_fields if not field.primary_key],
            )
            note_change(chunk)


def pulses_from_facts(client_ids: list[int], now: datetime, *, known: Mapping[int, Known] | None = None) -> list[Pulse]:
    """What the pulses of these clients have to be; writes nothing (`rebuild` compares with it)."""
    rules = rhythm_rules(salon_settings())
    told = _told_of_visits(client_ids)
    upcoming: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    people: dict[int, tuple[str, date | None, date | None]] = {}
    for client_id, status, break_from, break_until, starts_at, pk in _with_open_appointments(client_ids, known or {}):
        people[client_id] = status, break_from, break_until
        if starts_at is not None:
            upcoming[client_id].append((starts_at, pk))
    pulses = []
    for client_id, (status, break_from, break_until) in people.items():
        past = told.get(client_id)
        days = past.counting_days if past else []
        pulse = Pulse(client_id=client_id)
        if past:
            pulse.visit_days = past.days
            pulse.first_visit_on, pulse.last_visit_on = past.first, past.last
            pulse.has_paid = past.paid > 0
            # who never had any service counts by all her visit days
            pulse.counting_days = past.counting if past.with_service else past.days
        rhythm = rhythm_of(days, past.returns if past else [], rules)
        if rhythm is not None:
            away = Break(break_from, break_until) if status == Client.Status.BREAK and break_until else None
            edge = bounds(days[-1], rhythm, away)
            pulse.last_counting_on = days[-1]
            pulse.third_last_counting_on = days[-3] if len(days) >= 3 else None
            pulse.rhythm = rhythm
            pulse.rhythm_until, pulse.due_until = edge.on_rhythm, edge.due
            pulse.late_until, pulse.lapsed_until = edge.late, edge.lapsed
            pulse.due_on = days[-1] + timedelta(days=max(1, rhythm - DUE_BEFORE_DAYS))
        ahead = upcoming.get(client_id, [])
        if ahead:
            pulse.open_until = ahead[-1][0] + timedelta(days=7)
            following = [entry for entry in ahead if entry[0] >= now]
            if following:
                pulse.next_starts_at, pulse.next_appointment_id = following[0]
        pulses.append(pulse)
    return pulses


def _with_open_appointments(client_ids: list[int], known: Mapping[int, Known]) -> Iterator[tuple]:
    """Each client's standing with her open appointments, the earliest first; a row without any where she has none.

    One query, none where all of them are known.
    """
    for key, (client, ahead) in known.items():
        standing = client.status, client.break_from, client.break_until
        yield from ((key, *standing, starts_at, pk) for starts_at, pk in ahead)
        if not ahead:
            yield key, *standing, None, None
    unknown = [key for key in client_ids if key not in known]
    if unknown:
        yield from _read_open_appointments(unknown)


def _read_open_appointments(client_ids: list[int]) -> Iterable[tuple]:
    return (
        Client.objects.filter(pk__in=client_ids)
        .annotate(
            ahead=FilteredRelation(
                "appointments",
                condition=Q(appointments__status__in=Appointment.OPEN, appointments__starts_at__isnull=False),
            )
        )
        .order_by("pk", "ahead__starts_at")
        .values_list("pk", "status", "break_from", "break_until", "ahead__starts_at", "ahead__pk")
    )


@dataclass(slots=True)
class Past:
    """A client's visit days: how many, and the last seven counting ones, ascending, with the last one's usual return."""

    days: int
    counting: int
    paid: int
    with_service: int
    first: date
    last: date
    counting_days: list[date] = field(default_factory=list)
    returns: list[int] = field(default_factory=list)


def _told_of_visits(client_ids: list[int]) -> dict[int, Past]:
    """What visits say of each of these clients who has any; one query, at most fourteen rows of each."""

    def of_all(aggregate: Aggregate) -> Window:
        return Window(aggregate, partition_by=[F("client_id")])

    rows = (
        Visit.objects.filter(client_id__in=client_ids)
        .annotate(
            days=of_all(Count("pk")),
            counting=of_all(Count("pk", filter=Q(counts=True))),
            paid=of_all(Count("pk", filter=Q(is_paid=True))),
            with_service=of_all(Count("pk", filter=Q(has_service=True))),
            first=of_all(Min("on")),
            last=of_all(Max("on")),
            # the last days that count and the last that do not: which of them are asked for depends on the client
            rank=Window(RowNumber(), partition_by=[F("client_id"), F("counts")], order_by=F("on").desc()),
            usual=Case(When(Exact(F("rank"), 1), then=Subquery(_usual_return()))),
        )
        .filter(rank__lte=GAPS + 1)
        .order_by("client_id", "on")
    )
    told: dict[int, Past] = {}
    for client_id, on, counts, usual, *totals in rows.values_list(
        "client_id", "on", "counts", "usual", "days", "counting", "paid", "with_service", "first", "last"
    ):
        past = told.setdefault(client_id, Past(*totals))
        # who never had any service counts by all her visit days (rules.md, Visits)
        if counts or not past.with_service:
            past.counting_days = [*past.counting_days, on][-GAPS - 1 :]
            past.returns = [usual] if usual is not None else []
    return told


def _usual_return() -> QuerySet:
    """The smallest usual return among a visit's services; of one-off ones it is not asked, as they start no rhythm."""
    items = VisitItem.objects.filter(
        visit=OuterRef("pk"), service__usual_return_days__isnull=False, service__is_one_off=False
    )
    return items.order_by("service__usual_return_days").values("service__usual_return_days")[:1]


def service_rules_changed(*, service: Service, now: datetime) -> None:
    """Which of the past visits count, and the rhythm of who had this service, by its new rules."""
    visits = Visit.objects.filter(pk__in=VisitItem.objects.filter(service=service).values("visit"))
    counting = VisitItem.objects.filter(service__is_one_off=False).values("visit")
    visits.filter(pk__in=counting).update(counts=True)
    visits.exclude(pk__in=counting).update(counts=False)
    refresh_pulses(client_ids=visits.values_list("client_id", flat=True).distinct(), now=now)
