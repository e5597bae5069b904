"""The pulses of all clients as they would have been on a day, from facts up to that day (rules.md, Reports).

One pass over the visits in SQL, one row a client in Python: nothing is kept, nothing is written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db import connection
from django.db.models import Q

from crm.booking.local_time import computed_instant
from crm.booking.models import Appointment, VisitItem
from crm.booking.rhythm import GAPS, Break, RhythmRules, bounds, rhythm_of
from crm.booking.services.pulse import rhythm_rules
from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import salon_settings, zone

CHUNK = 5_000

# Days come newest first, at most the seven that a rhythm looks at (GAPS + 1), and the third of them.
VISIT_DAYS = {
    "postgresql": """
        SELECT client_id, count(*), count(*) FILTER (WHERE counts), bool_or(has_service), bool_or(is_paid), min("on"),
               (array_agg("on" ORDER BY "on" DESC) FILTER (WHERE counts))[1:%(days)s],
               (array_agg("on" ORDER BY "on" DESC))[1:%(days)s]
        FROM crm_visit WHERE "on" <= %(today)s GROUP BY client_id
    """,
    "sqlite": """
        SELECT client_id, count(*), sum(counts), max(has_service), max(is_paid), min("on"),
               group_concat(CASE WHEN counts THEN "on" END), group_concat("on")
        FROM (SELECT * FROM crm_visit WHERE "on" <= %(today)s ORDER BY client_id, "on" DESC)
        GROUP BY client_id
    """,
}


@dataclass(slots=True)
class PulseOn:
    """What a pulse says of one client on a day, without the weight of a row: there may be a million."""

    client_id: int
    visit_days: int
    counting_days: int
    has_paid: bool
    first_visit_on: date | None = None
    last_visit_on: date | None = None
    last_counting_on: date | None = None
    third_last_counting_on: date | None = None
    rhythm: int | None = None
    rhythm_until: date | None = None
    due_until: date | None = None
    late_until: date | None = None
    lapsed_until: date | None = None
    open_until: datetime | None = None


def end_of_day(branch: Branch, today: date) -> datetime:
    """The last instant of a branch day."""
    return computed_instant(today + timedelta(days=1), time(), zone(branch)) - timedelta(microseconds=1)


def pulses_on(today: date) -> Iterator[PulseOn]:
    """Pulses of the clients who had come by then; `open_until` is that of open appointments.

    Appointments count by the status they have now, breaks as they are written now.
    """
    rules = rhythm_rules(salon_settings())
    breaks = {
        pk: Break(first, until)
        for pk, first, until in Client.objects.filter(
            status=Client.Status.BREAK, break_until__isnull=False
        ).values_list("pk", "break_from", "break_until")
        if until is not None
    }
    open_until = _open_until(today)
    with connection.cursor() as cursor:
        cursor.execute(VISIT_DAYS[connection.vendor], {"today": _day(today), "days": GAPS + 1})
        # said, since a cursor left to itself may fetch one row at a time
        while batch := cursor.fetchmany(CHUNK):
            yield from _pulses(batch, rules, breaks, open_until)


def _pulses(
    batch: Sequence[tuple], rules: RhythmRules, breaks: dict[int, Break], open_until: dict[int, datetime]
) -> list[PulseOn]:
    pulses, days_of = [], {}
    for client, visits, counting, has_service, has_paid, first, counted, every in batch:
        # who never had any service counts by all her visit days
        days = _days(counted if has_service else every)
        days_of[client] = days
        pulses.append(
            PulseOn(
                client_id=client,
                visit_days=visits,
                first_visit_on=_date(first),
                last_visit_on=_days(every)[-1],
                counting_days=counting if has_service else visits,
                has_paid=bool(has_paid),
                open_until=open_until.get(client),
            )
        )
    returns = _usual_returns({client: days[-1] for client, days in days_of.items() if 0 < len(days) <= 3})
    for pulse in pulses:
        days = days_of[pulse.client_id]
        rhythm = rhythm_of(days, returns.get(pulse.client_id, ()), rules)
        if rhythm is None:
            continue
        edge = bounds(days[-1], rhythm, breaks.get(pulse.client_id))
        pulse.last_counting_on = days[-1]
        pulse.third_last_counting_on = days[-3] if len(days) >= 3 else None
        pulse.rhythm = rhythm
        pulse.rhythm_until, pulse.due_until = edge.on_rhythm, edge.due
        pulse.late_until, pulse.lapsed_until = edge.late, edge.lapsed
    return pulses


def _usual_returns(last_days: dict[int, date]) -> dict[int, list[int]]:
    """Usual returns among the services of these clients' last counting days; one-off ones have none."""
    found: dict[int, list[int]] = {}
    remaining: Iterable[int] = iter(last_days)
    while clients := list(islice(remaining, CHUNK)):
        for client, on, days in (
            VisitItem.objects.filter(
                visit__client_id__in=clients,
                visit__on__in={last_days[client] for client in clients},
                service__usual_return_days__isnull=False,
                service__is_one_off=False,
            )
            .order_by()
            .values_list("visit__client_id", "visit__on", "service__usual_return_days")
        ):
            if last_days[client] == on and days is not None:
                found.setdefault(client, []).append(days)
    return found


def _open_until(today: date) -> dict[int, datetime]:
    """Who had an open appointment at the end of that day, and until when it counted."""
    found: dict[int, datetime] = {}
    for branch in Branch.objects.all():
        now = end_of_day(branch, today)
        for client, starts_at in Appointment.objects.filter(
            Q(booked_at__isnull=True) | Q(booked_at__lte=now),
            client__branch=branch,
            status__in=Appointment.OPEN,
            starts_at__gte=now - timedelta(days=7),
        ).values_list("client_id", "starts_at"):
            if starts_at is not None:
                until = starts_at + timedelta(days=7)
                found[client] = max(found.get(client, until), until)
    return found


def _day(value: date) -> date | str:
    return value if connection.vendor == "postgresql" else value.isoformat()


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _days(value: Sequence[date] | str | None) -> list[date]:
    """The newest days of a client, oldest first."""
    if not value:
        return []
    newest = value.split(",") if isinstance(value, str) else value
    # sorted, since group_concat does not promise the order in which it was fed
    return sorted(_date(day) for day in newest)[-(GAPS + 1) :]
