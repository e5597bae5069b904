"""The pulses of all clients as they would have been on a day, from facts up to that day (rules.md, Reports).

One pass over the visits in SQL, one row a client in Python: nothing is kept, nothing is written.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q

from crm.booking.local_time import computed_instant
from crm.booking.models import Appointment
from crm.booking.rhythm import ENOUGH_GAPS, GAPS, Break, RhythmRules, bounds, rhythm_of
from crm.booking.services.pulse import rhythm_rules
from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import salon_settings, zone

CHUNK = 5_000

# The days come in no order and all of them: sorting the few of one client here costs less than it does there.
# Days without a service are asked for beside, as they count only for her who never had one.
VISIT_DAYS = {
    "postgresql": """
        SELECT client_id, count(*), count(*) FILTER (WHERE counts), bool_or(is_paid), min("on"), max("on"),
               bool_or(has_service), array_agg("on") FILTER (WHERE counts), array_agg("on") FILTER (WHERE NOT has_service)
        FROM crm_visit WHERE "on" <= %s GROUP BY client_id
    """,
    "sqlite": """
        SELECT client_id, count(*), sum(counts), max(is_paid), min("on"), max("on"), max(has_service),
               group_concat(CASE WHEN counts THEN "on" END), group_concat(CASE WHEN NOT has_service THEN "on" END)
        FROM crm_visit WHERE "on" <= %s GROUP BY client_id
    """,
}

# Of the last counting day of those who have too few for a rhythm of their own. No day of a client who
# never had a service counts, and none of hers has a usual return either.
USUAL_RETURNS = """
    SELECT last.client_id, min(service.usual_return_days)
    FROM (
        SELECT client_id, max("on") AS "on" FROM crm_visit WHERE counts AND "on" <= %s
        GROUP BY client_id HAVING count(*) <= %s
    ) last
    JOIN crm_visit visit ON visit.client_id = last.client_id AND visit."on" = last."on"
    JOIN crm_visititem item ON item.visit_id = visit.id
    JOIN crm_service service ON service.id = item.service_id
    WHERE service.usual_return_days IS NOT NULL AND NOT service.is_one_off
    GROUP BY last.client_id
"""


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


def pulses_on(today: date, *, only: Container[int] | None = None) -> Iterator[PulseOn]:
    """Pulses of the clients who had come by then, or of those whose keys are in `only`.

    `open_until` is that of open appointments.

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
    returns, open_until = _usual_returns(today), _open_until(today)
    with connection.cursor() as cursor:
        cursor.execute(VISIT_DAYS[connection.vendor], [_day(today)])
        # said, since a cursor left to itself may fetch one row at a time
        while batch := cursor.fetchmany(CHUNK):
            wanted = batch if only is None else [row for row in batch if row[0] in only]
            yield from _pulses(wanted, rules, breaks, returns, open_until)


def _pulses(
    batch: Sequence[tuple],
    rules: RhythmRules,
    breaks: dict[int, Break],
    returns: dict[int, int],
    open_until: dict[int, datetime],
) -> list[PulseOn]:
    pulses, days_of = [], {}
    for client, visits, counting, has_paid, first, last, has_service, counted, without in batch:
        # who never had any service counts by all her visit days
        days = _days(counted if has_service else without)
        days_of[client] = days
        pulses.append(
            PulseOn(
                client,
                visits,
                counting if has_service else visits,
                bool(has_paid),
                _date(first),
                _date(last),
                open_until=open_until.get(client),
            )
        )
    for pulse in pulses:
        days = days_of[pulse.client_id]
        back = returns.get(pulse.client_id)
        rhythm = rhythm_of(days, () if back is None else (back,), rules)
        if rhythm is None:
            continue
        edge = bounds(days[-1], rhythm, breaks.get(pulse.client_id))
        pulse.last_counting_on = days[-1]
        pulse.third_last_counting_on = days[-3] if len(days) >= 3 else None
        pulse.rhythm = rhythm
        pulse.rhythm_until, pulse.due_until = edge.on_rhythm, edge.due
        pulse.late_until, pulse.lapsed_until = edge.late, edge.lapsed
    return pulses


def _usual_returns(today: date) -> dict[int, int]:
    """The smallest usual return among the services of a client's last counting day; one-off ones have none."""
    with connection.cursor() as cursor:
        cursor.execute(USUAL_RETURNS, [_day(today), ENOUGH_GAPS])
        return dict(cursor.fetchall())


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
    if isinstance(value, str):
        return [date.fromisoformat(day) for day in sorted(value.split(","))[-(GAPS + 1) :]]
    return sorted(value)[-(GAPS + 1) :]
