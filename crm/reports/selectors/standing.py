"""Reports of how clients stand: rhythm and stages (rules.md, Rhythm, The five stages, Reports)."""

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from crm.booking.models import Appointment, Visit
from crm.care.models import Complaint, Feedback
from crm.people.models import Client
from crm.reports.selectors.figures import by_code
from crm.reports.selectors.past import PulseOn, end_of_day, pulses_on
from crm.reports.selectors.states import Manners, pause_of, stage_of, state_of
from crm.team.models import Branch
from crm.team.selectors import branch_day, salon_settings

STAGES = ("potential", "visitor", "buyer", "regular", "advocate")
CHUNK = 5_000
# all of a pulse but its client, in the order in which PulseOn takes them
PULSE_COLUMNS = tuple(field.name for field in fields(PulseOn))[1:]


@dataclass(frozen=True, slots=True)
class On:
    """The day a report is asked for. `live`: it is today, so what is kept up to date is true."""

    today: date
    now: datetime
    live: bool

    @classmethod
    def of(cls, today: date | None, now: datetime) -> "On":
        """A day that is over ends before `now`; without a day it is today in the first branch."""
        branch = Branch.objects.order_by("pk").first()
        current = branch_day(branch, now) if branch else now.date()
        if today is None or today == current:
            return cls(current, now, live=True)
        return cls(today, end_of_day(branch, today) if branch else now, live=False)


class ClientOn(NamedTuple):
    """One client on that day; the pulse is none where she had not come."""

    client: Manners
    pulse: PulseOn | None
    state: str | None
    pause: str | None


def clients_on(on: On, *, only: Container[int] | None = None) -> Iterator[ClientOn]:
    """Every named client by code, or those whose keys are in `only`; in a fixed number of queries."""
    complaining = _paused_by_complaint(on.today)
    past = {} if on.live else {pulse.client_id: pulse for pulse in pulses_on(on.today, only=only)}
    columns = (*Manners._fields, *(f"pulse__{column}" for column in PULSE_COLUMNS)) if on.live else Manners._fields
    own = len(Manners._fields)
    # plain values: a million rows as objects would be the slower part of it
    for row in Client.objects.order_by(by_code()).values_list(*columns).iterator(chunk_size=CHUNK):
        key = row[0]
        if only is not None and key not in only:
            continue
        client = Manners._make(row[:own])
        if not on.live:
            pulse = past.get(key)
        else:
            # no pulse has no number of visit days
            pulse = None if row[own] is None else PulseOn(key, *row[own:])
        yield ClientOn(
            client, pulse, state_of(pulse, on.today, on.now), _pause(client, on.today, has_complaint=key in complaining)
        )


def _pause(client: Manners, today: date, *, has_complaint: bool) -> str | None:
    pause = pause_of(client, today, has_complaint=has_complaint)
    if pause == "break" and client.break_from is not None and today < client.break_from:
        return "complaint" if has_complaint else None
    return pause


def _paused_by_complaint(today: date) -> set[int]:
    """Those with a complaint open on that day, or resolved less than the owner's days before it."""
    quiet_since = today - timedelta(days=salon_settings().complaint_pause_days)
    return set(
        Complaint.objects.filter(Q(resolved_on__isnull=True) | Q(resolved_on__gt=quiet_since), opened_on__lte=today)
        .order_by()
        .values_list("client_id", flat=True)
    )


def rhythm_report(on: On) -> Iterator[dict[str, Any]]:
    """`report rhythm`: one row for each named client, by code (contracts.md)."""
    for entry in clients_on(on):
        pulse = entry.pulse
        last = pulse.last_counting_on if pulse else None
        yield {
            "client": entry.client.code,
            "visit_days": pulse.counting_days if pulse else 0,
            "last_visit": last.isoformat() if last else None,
            "rhythm": pulse.rhythm if pulse else None,
            "silence": (on.today - last).days if last else None,
            "state": entry.state,
            "paused": entry.pause,
        }


def stages_on(on: On, *, only: Container[int] | None = None) -> Iterator[tuple[ClientOn, str]]:
    """Every named client with her stage, by code, or those whose keys are in `only`."""
    today = on.today
    brought = set(
        Visit.objects.filter(
            client__referred_by__isnull=False, is_paid=True, on__gt=today - timedelta(days=365), on__lte=today
        )
        .order_by()
        .values_list("client__referred_by", flat=True)
        .distinct()
    )
    scores = dict(
        Feedback.objects.filter(answered_at__lte=on.now).order_by("answered_at").values_list("client_id", "score")
    )
    arrived = set(
        Appointment.objects.filter(
            status__in=(Appointment.Status.ARRIVED, Appointment.Status.IN_PROGRESS), on__lte=today
        ).values_list("client_id", flat=True)
    )
    for entry in clients_on(on, only=only):
        stage = stage_of(
            entry.pulse,
            entry.state,
            brought_paying=entry.client.pk in brought,
            last_score=scores.get(entry.client.pk),
        )
        # who has arrived has come, even before the visit is done
        yield entry, "visitor" if stage == "potential" and entry.client.pk in arrived else stage


def stages_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report stages`: the funnel now, at the end of each month of the period, and each client's stage."""
    clients = [{"client": entry.client.code, "stage": stage} for entry, stage in stages_on(on)]
    counts = Counter(row["stage"] for row in clients)
    return {
        "stages": {stage: counts[stage] for stage in STAGES},
        "months": [{"month": f"{end:%Y-%m}", **_funnel(end, on)} for end in _month_ends(since, min(until, on.today))],
        "clients": clients,
    }


def _funnel(end: date, on: On) -> dict[str, int]:
    past = On.of(end, on.now)
    counts = Counter(stage for _entry, stage in stages_on(past))
    return {stage: counts[stage] for stage in STAGES}


def _month_ends(since: date, until: date) -> list[date]:
    """Last days of the months that end in `[since, until)`."""
    ends = []
    first = since.replace(day=1)
    while first < until:
        following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        if since <= following - timedelta(days=1) < until:
            ends.append(following - timedelta(days=1))
        first = following
    return ends
