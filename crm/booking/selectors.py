"""Reads of appointments for the desk."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce

from crm.booking.models import Accommodation, Appointment, AppointmentEvent, AppointmentService
from crm.catalogue.models import Service, ServiceRoom, ServiceStretch
from crm.people.models import Client
from crm.team.fields import MoneyField
from crm.team.models import Branch, CrmSettings, Master, TimeOff
from crm.team.once import put_in, read_once
from crm.team.selectors import salon_settings

Status = Appointment.Status
MISSES_COUNT_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Misses:
    """What she missed in the last 365 days, and whether it is often enough to be pointed out (never to refuse)."""

    no_shows: int
    late_cancellations: int
    is_flagged: bool


def with_lines(appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Each with client and master, and with `work`: its lines and their services; one query more."""
    return appointments.select_related("client", "master").prefetch_related(
        Prefetch(
            "lines",
            queryset=AppointmentService.objects.select_related("service", "master").order_by("position"),
            to_attr="work",
        )
    )


def day_of(*, branch: Branch, on: date, master: Master | None = None) -> QuerySet[Appointment]:
    """A branch day's appointments by hour, with `work` (lines and services) at hand; two queries."""
    day = Appointment.objects.filter(branch=branch, on=on)
    if master is not None:
        day = day.filter(master=master)
    return with_lines(day).order_by("starts_at", "pk")


def waiting_in(branch: Branch, on: date) -> QuerySet[Appointment]:
    """Who has arrived and not begun, who came first in front."""
    return (
        Appointment.objects.filter(branch=branch, on=on, status=Status.ARRIVED)
        .select_related("client", "master")
        .order_by("arrived_at", "pk")
    )


def waits_since(appointment: Appointment) -> datetime | None:
    """From when she waits (UTC): from her arrival, or from the hour agreed where she came early."""
    if appointment.arrived_at is None or appointment.starts_at is None:
        return appointment.arrived_at
    return max(appointment.arrived_at, appointment.starts_at)


def not_closed(branch: Branch, today: date) -> QuerySet[Appointment]:
    """Earlier days' appointments that nobody has closed; the desk asks (rules.md, Visits)."""
    return (
        Appointment.objects.filter(branch=branch, on__lt=today, status__in=Appointment.OPEN)
        .select_related("client", "master")
        .order_by("starts_at")
    )


def history_of(client: Client, *, branches: QuerySet[Branch], until: datetime, limit: int) -> list[Appointment]:
    """Her latest appointments in these branches, the newest first; two queries."""
    past = Appointment.objects.filter(client=client, branch__in=branches).exclude(starts_at__gt=until)
    return list(with_lines(past).order_by("-on", "-starts_at", "-pk")[:limit])


def upcoming_of(client: Client, *, branches: QuerySet[Branch], now: datetime) -> list[Appointment]:
    """What is still ahead of her in these branches, the nearest first; two queries."""
    ahead = Appointment.objects.filter(
        client=client, branch__in=branches, status__in=Appointment.OPEN, starts_at__gt=now
    )
    return list(with_lines(ahead).order_by("starts_at"))


def events_of(appointment: Appointment) -> QuerySet[AppointmentEvent]:
    """What happened to it, the newest first."""
    return appointment.events.select_related("user", "bad_day").order_by("-at", "-pk")


def feed_appointments(*, master: Master, since: datetime, until: datetime) -> QuerySet[Appointment]:
    """What a master does or has a part in between these instants, unless it was called off; three queries."""
    return (
        Appointment.objects.filter(starts_at__gte=since, starts_at__lt=until)
        .filter(Q(master=master) | Q(pk__in=master.stretches.values("appointment")))
        .exclude(status__in=(Status.CANCELLED, Status.NO_SHOW))
        .select_related("client", "branch")
        .prefetch_related(
            Prefetch("lines", queryset=AppointmentService.objects.select_related("service").order_by("position")),
            "stretches",
        )
        .order_by("starts_at", "pk")
    )


def time_off_between(*, master: Master, since: datetime, until: datetime) -> QuerySet[TimeOff]:
    """Her time off that touches this period."""
    return master.time_off.filter(starts_at__lt=until, ends_at__gt=since).order_by("starts_at")


def accommodations_of(client: Client, services: Sequence[Service]) -> dict[int, Accommodation]:
    """What was agreed with her about these services, by service (its key); one query, or none (`know_accommodations`)."""
    wanted = {service.pk for service in services}
    return {each.service_id: each for each in _agreed_with(client.pk) if each.service_id in wanted}


def know_accommodations(client_ids: Collection[int]) -> None:
    """Reads for these clients what `accommodations_of` answers, in one query."""
    agreed: dict[int, list[Accommodation]] = {client_id: [] for client_id in client_ids}
    for each in Accommodation.objects.filter(client__in=agreed):
        agreed[each.client_id].append(each)
    for client_id, hers in agreed.items():
        put_in(_agreed_with, client_id, answer=hers)


@read_once
def _agreed_with(client_id: int) -> list[Accommodation]:
    return list(Accommodation.objects.filter(client=client_id))


@dataclass(frozen=True, slots=True)
class Agreed:
    """Her own minutes and price of a service; None as for everybody."""

    minutes: int | None
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Needs:
    """What a booking of services asks for: their stretches and what was agreed with her, by service (its key), and rooms."""

    parts: dict[int, list[tuple[str, int]]]
    agreed: dict[int, Agreed]
    # of each service, in order: the rooms in use of which it takes one, None where it needs none
    rooms: list[frozenset[int] | None]

    @property
    def own_minutes(self) -> dict[int, int]:
        return {key: each.minutes for key, each in self.agreed.items() if each.minutes}


# what a row of one kind has no word for, typed for the databases that ask
_NO_NUMBER, _NO_PRICE = Cast(Value(None), models.BigIntegerField()), Cast(Value(None), MoneyField())


def needs_of(client: Client, services: Sequence[Service]) -> Needs:
    """Stretches, rooms and agreements of these services for this client; one query."""

    def number(name: str) -> Cast:
        return Cast(name, models.BigIntegerField())

    stretches = ServiceStretch.objects.filter(service__in=services).values_list(
        "service_id", "kind", number("minutes"), number("position"), _NO_PRICE
    )
    rooms = ServiceRoom.objects.filter(service__in=services).values_list(
        "service_id",
        Value("room"),
        number("room_id"),
        Case(When(room__is_active=True, then=Value(1)), default=Value(0), output_field=models.BigIntegerField()),
        _NO_PRICE,
    )
    own = Accommodation.objects.filter(client=client, service__in=services).values_list(
        "service_id", Value("agreed"), number("minutes"), _NO_NUMBER, "price"
    )
    parts: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    possible: dict[int, set[int]] = defaultdict(set)
    agreed: dict[int, Agreed] = {}
    for service_id, kind, count, place, price in stretches.union(rooms, own, all=True):
        if kind == "room":
            possible[service_id] |= {count} if place else set()
        elif kind == "agreed":
            agreed[service_id] = Agreed(count, price)
        else:
            parts[service_id].append((place, kind, count))
    return Needs(
        parts={key: [(kind, minutes) for _place, kind, minutes in sorted(each)] for key, each in parts.items()},
        agreed=agreed,
        rooms=[frozenset(possible[each.pk]) if each.pk in possible else None for each in services],
    )


def misses_of(*, client: Client, now: datetime) -> Misses:
    """Her no-shows and late cancellations of the last 365 days; one query."""
    rules = salon_settings()
    return misses_from(Client.objects.annotate(**missed(now, rules)).get(pk=client.pk), rules)


def missed(now: datetime, rules: CrmSettings) -> dict[str, Coalesce]:
    """Columns for a query of clients, read by `misses_from`.

    Late is less than the owner's hours (24) before the start (rules.md, Visits). What the salon cancelled is no miss.
    """
    late = cancelled_late(rules)
    return {"no_shows": _counted(Q(status=Status.NO_SHOW), now), "late_cancellations": _counted(late, now)}


def cancelled_late(rules: CrmSettings) -> Q:
    """Of appointments: cancelled within the owner's hours before the start, and not by the salon."""
    hours = timedelta(hours=rules.late_cancel_hours)
    return Q(status=Status.CANCELLED, cancelled_at__gt=F("starts_at") - hours) & ~Q(cancelled_by=Appointment.By.SALON)


def _counted(which: Q, now: datetime) -> Coalesce:
    found = Appointment.objects.filter(which, client=OuterRef("pk"), starts_at__gt=now - MISSES_COUNT_FOR)
    return Coalesce(Subquery(found.order_by().values("client").annotate(count=Count("pk")).values("count")), 0)


def misses_from(client: Any, rules: CrmSettings) -> Misses:
    """What she missed, of a client read with the columns of `missed`."""
    return Misses(
        no_shows=client.no_shows,
        late_cancellations=client.late_cancellations,
        is_flagged=client.no_shows + client.late_cancellations >= rules.misses_flagged,
    )


def change_ends_at(appointment: Appointment) -> datetime:
    """Until when (UTC, not included) she may move or cancel it by herself. It has to have an hour.

    Where the salon itself has moved it because a master is late, until it begins.
    """
    if appointment.starts_at is None:
        raise ValueError("An appointment without an hour is over.")
    if appointment.events.filter(bad_day__isnull=False, undone_at__isnull=True).exists():
        return appointment.starts_at
    return appointment.starts_at - timedelta(hours=salon_settings().client_change_hours)


def following_in_series(appointment: Appointment) -> list[Appointment]:
    """This appointment and those of its series after it that are booked or confirmed, in order; one query."""
    movable = Q(status__in=[Status.BOOKED, Status.CONFIRMED])
    return list(
        Appointment.objects.filter(
            movable, series=appointment.series_id, series__isnull=False, starts_at__gte=appointment.starts_at
        )
        .select_related("branch", "client", "master", "series")
        .order_by("starts_at", "pk")
    )


def series_places(appointments: Iterable[Appointment]) -> dict[int, tuple[int, int]]:
    """Of each appointment (by key) that is one of a series: which one, and of how many; at most one query."""
    series_ids = {each.series_id for each in appointments if each.series_id is not None}
    if not series_ids:
        return {}
    members: dict[int, list[int]] = defaultdict(list)
    for series_id, pk in (
        Appointment.objects.filter(series__in=series_ids)
        .order_by("on", "starts_at", "pk")
        .values_list("series_id", "pk")
    ):
        members[series_id or 0].append(pk)
    return {pk: (place, len(keys)) for keys in members.values() for place, pk in enumerate(keys, start=1)}


def events_together(event: AppointmentEvent) -> list[AppointmentEvent]:
    """What was done to a series in the same step and not undone, by date; an event outside a series alone."""
    series_id = Appointment.objects.values_list("series_id", flat=True).get(pk=event.appointment_id)
    if series_id is None or event.bad_day_id is not None:
        return [event]
    found = list(
        AppointmentEvent.objects.filter(
            appointment__series=series_id, kind=event.kind, at=event.at, undone_at__isnull=True, bad_day__isnull=True
        )
        .select_related("appointment__branch", "appointment__client", "appointment__master")
        .order_by("appointment__starts_at", "pk")
    )
    return found if event in found else [event]


def stands_as(event: AppointmentEvent) -> bool:
    """Whether an appointment still is what this booking, move or cancellation made of it."""
    appointment = event.appointment
    if event.kind == AppointmentEvent.Kind.CANCELLED:
        return appointment.status == Status.CANCELLED
    is_booked = appointment.status in (Status.BOOKED, Status.CONFIRMED)
    return is_booked and appointment.starts_at == (event.starts_after or appointment.starts_at)


def visits_ahead(*, master: int | OuterRef, now: datetime) -> QuerySet[Appointment]:
    """Open appointments after this instant in which she (by key) does any part, by hour."""
    parts = AppointmentService.objects.filter(appointment=OuterRef("pk"), master=_outer(master))
    ahead = Appointment.objects.filter(status__in=Appointment.OPEN, starts_at__gt=now)
    return ahead.filter(Q(master=master) | Exists(parts)).order_by("starts_at", "pk")


def _outer(key: int | OuterRef) -> int | OuterRef:
    """The same key, seen from one query deeper."""
    return OuterRef(key) if isinstance(key, OuterRef) else key
