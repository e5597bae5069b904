"""The one function that keeps pulses up to date (rules.md, Visits and Rhythm)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Count, F, FilteredRelation, Max, Min, Q, Window
from django.db.models.functions import RowNumber

from crm.booking.models import Appointment, Pulse, Visit, VisitItem
from crm.booking.rhythm import GAPS, Break, RhythmRules, bounds, rhythm_of
from crm.booking.services.step import running_step, step
from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import CrmSettings
from crm.team.selectors import salon_settings

CHUNK = 2_000
# a due client is one whose silence has reached max(1, rhythm - 5) (rules.md, Messages, due_soon)
DUE_BEFORE_DAYS = 5


def rhythm_rules(settings: CrmSettings) -> RhythmRules:
    """The owner's figures for rhythm."""
    return RhythmRules(settings.rhythm_default, settings.rhythm_min, settings.rhythm_max)


@contextmanager
def refreshed_once(*, now: datetime) -> Iterator[None]:
    """Where several verbs make one step (a checkout), their refreshes are done once, at its end."""
    is_inner = running_step() is not None
    with step() as own:
        yield
    if own.pulses and not is_inner:
        refresh_pulses(client_ids=own.pulses, now=now)


def refresh_pulses(*, client_ids: Iterable[int], now: datetime) -> None:
    """Rebuilds the pulses of these clients from visits and appointments, in sets, and notes the change."""
    running = running_step()
    if running is not None:
        running.pulses.update(dict.fromkeys(client_ids))
        return
    ids = iter(dict.fromkeys(client_ids))
    while chunk := list(islice(ids, CHUNK)):
        with transaction.atomic():
            Pulse.objects.bulk_create(
                pulses_from_facts(chunk, now),
                update_conflicts=True,
                unique_fields=["client"],
                update_fields=[field.attname for field in Pulse._meta.concrete_fields if not field.primary_key],
            )
            note_change(chunk)


def pulses_from_facts(client_ids: list[int], now: datetime) -> list[Pulse]:
    """What the pulses of these clients have to be; writes nothing (`rebuild` compares with it)."""
    rules = rhythm_rules(salon_settings())
    totals = {
        row["client_id"]: row
        for row in Visit.objects.filter(client_id__in=client_ids)
        .values("client_id")
        .annotate(
            days=Count("pk"),
            counting=Count("pk", filter=Q(counts=True)),
            first=Min("on"),
            last=Max("on"),
            paid=Count("pk", filter=Q(is_paid=True)),
            with_service=Count("pk", filter=Q(has_service=True)),
        )
        .order_by()
    }
    counting = _counting_days(client_ids, [pk for pk, total in totals.items() if total["with_service"]])
    returns = _usual_returns({client: days[-1] for client, days in counting.items()})
    upcoming: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    people: dict[int, tuple[str, date | None, date | None]] = {}
    for client_id, status, break_from, break_until, starts_at, pk in _with_open_appointments(client_ids):
        people[client_id] = status, break_from, break_until
        if starts_at is not None:
            upcoming[client_id].append((starts_at, pk))
    pulses = []
    for client_id, (status, break_from, break_until) in people.items():
        total = totals.get(client_id)
        days = counting.get(client_id, [])
        pulse = Pulse(client_id=client_id)
        if total:
            pulse.visit_days = total["days"]
            pulse.first_visit_on, pulse.last_visit_on = total["first"], total["last"]
            pulse.has_paid = total["paid"] > 0
            # who never had any service counts by all her visit days
            pulse.counting_days = total["counting"] if total["with_service"] else total["days"]
        rhythm = rhythm_of(days, returns.get(client_id, []), rules)
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


def _with_open_appointments(client_ids: list[int]) -> Iterable[tuple]:
    """Each client's standing with her open appointments, the earliest first; a row without any where she has none."""
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


def _counting_days(client_ids: list[int], with_service: list[int]) -> dict[int, list]:
    """The last seven counting days of each, ascending; `with_service` ever had a service (rules.md, Visits)."""
    days: dict[int, list] = defaultdict(list)
    for client_id, on in (
        Visit.objects.filter(client_id__in=client_ids)
        .filter(Q(counts=True) | ~Q(client_id__in=with_service))
        .annotate(rank=Window(RowNumber(), partition_by=[F("client_id")], order_by=F("on").desc()))
        .filter(rank__lte=GAPS + 1)
        .order_by("client_id", "on")
        .values_list("client_id", "on")
    ):
        days[client_id].append(on)
    return days


def _usual_returns(last_days: dict[int, object]) -> dict[int, list[int]]:
    """Usual returns among the services of each client's last counting day that have one."""
    returns: dict[int, list[int]] = defaultdict(list)
    wanted = set(last_days.items())
    for client_id, on, days in (
        VisitItem.objects.filter(
            visit__client_id__in=last_days,
            visit__on__in=set(last_days.values()),
            service__usual_return_days__isnull=False,
            # one-off services start no rhythm, so their usual return is not asked either
            service__is_one_off=False,
        )
        .order_by()
        .values_list("visit__client_id", "visit__on", "service__usual_return_days")
    ):
        if days is not None and (client_id, on) in wanted:
            returns[client_id].append(days)
    return returns
