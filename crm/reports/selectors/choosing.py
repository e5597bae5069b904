"""Clients chosen by how they stand, in SQL: the same rules as of states.py, for any number of them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import DurationField, Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from crm.booking.models import Appointment, Visit
from crm.care.models import Feedback

YEAR = timedelta(days=365)
ARRIVED = (Appointment.Status.ARRIVED, Appointment.Status.IN_PROGRESS)


def of_states(states: Iterable[str], *, today: date, now: datetime) -> Q:
    """Clients in one of these states of the rhythm (rules.md, Rhythm)."""
    counted = Q(pulse__last_counting_on__isnull=False)
    booked = counted & Q(pulse__open_until__gte=now)
    idle = counted & (Q(pulse__open_until__isnull=True) | Q(pulse__open_until__lt=now))
    on_rhythm = Q(pulse__rhythm_until__gte=today)
    due, late = Q(pulse__due_until__gte=today), Q(pulse__late_until__gte=today)
    lapsed = Q(pulse__lapsed_until__gte=today)
    conditions = {
        "booked": booked,
        "on_rhythm": idle & on_rhythm,
        "due": idle & due & ~on_rhythm,
        "late": idle & late & ~due,
        "lapsed": idle & lapsed & ~late,
        "lost": idle & ~lapsed,
    }
    return _any(conditions[state] for state in states)


def of_stages(stages: Iterable[str], *, today: date, now: datetime) -> Q:
    """Clients at one of the five stages (rules.md, The five stages)."""
    came = Q(pulse__visit_days__gt=0)
    arrived = Q(Exists(Appointment.objects.filter(client=OuterRef("pk"), status__in=ARRIVED, on__lte=today)))
    paid = came & Q(pulse__has_paid=True)
    span = ExpressionWrapper(
        F("pulse__last_counting_on") - F("pulse__third_last_counting_on"), output_field=DurationField()
    )
    rhythms = ExpressionWrapper(
        Cast("pulse__rhythm", IntegerField()) * Value(timedelta(days=4), output_field=DurationField()),
        output_field=DurationField(),
    )
    regular = (
        paid
        & Q(pulse__third_last_counting_on__isnull=False, pulse__rhythm__isnull=False)
        & (Q(LessThanOrEqual(span, Value(YEAR, output_field=DurationField()))) | Q(LessThanOrEqual(span, rhythms)))
        & (Q(pulse__open_until__gte=now) | Q(pulse__late_until__gte=today))
    )
    brought = Visit.objects.filter(client__referred_by=OuterRef("pk"), is_paid=True, on__gt=today - YEAR, on__lte=today)
    scores = Feedback.objects.filter(client=OuterRef("pk"), answered_at__lte=now).order_by("-answered_at")
    happy = Q(GreaterThanOrEqual(Subquery(scores.values("score")[:1]), 9))
    advocate = regular & (Q(Exists(brought)) | (happy & Q(pulse__visit_days__gte=5)))
    never = Q(pulse__isnull=True) | Q(pulse__visit_days=0)
    conditions = {
        "potential": never & ~arrived,
        "visitor": (never & arrived) | (came & Q(pulse__has_paid=False)),
        "buyer": paid & ~regular,
        "regular": regular & ~advocate,
        "advocate": advocate,
    }
    return _any(conditions[stage] for stage in stages)


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found
