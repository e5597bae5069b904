"""Reports of coming again: rebooking and retention (rules.md, Reports)."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from crm.booking.models import Appointment, Visit, VisitItem
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.revenue import visits_in
from crm.reports.selectors.standing import On
from crm.sales.models import DayClose
from crm.team.models import Branch
from crm.team.selectors import zone

WINDOWS = (30, 60, 90, 120, 180)


def rebooking_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report rebooking`: client-days that ended with an appointment for a later day, and those kept.

    A day that was closed shows its frozen figure, other days are counted from the facts. An appointment
    exists from the moment it was booked (unknown: always). Kept: of those, done.
    """
    days: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    masters: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for branch in Branch.objects.order_by("pk"):
        visits = _with_rebooking(branch, on, since, until)
        frozen = {
            row.on: row for row in DayClose.objects.filter(branch=branch, on__gte=since, on__lt=until, on__lte=on.today)
        }
        flags: dict[int, tuple[bool, bool]] = {}
        for pk, day, rebooked, kept in visits.values_list("pk", "on", "rebooked", "kept").iterator():
            _add(days[day], 1, rebooked, kept)
            if rebooked:
                flags[pk] = (rebooked, kept)
        for day, closed in frozen.items():
            if closed.client_days:
                days[day][:2] = [closed.client_days, closed.rebooked]
        # a client-day with two masters is one of each
        for pk, code in (
            VisitItem.objects.filter(visit__in=visits_in(since, until, on).filter(branch=branch), master__isnull=False)
            .order_by()
            .values_list("visit_id", "master__code")
            .distinct()
            .iterator()
        ):
            _add(masters[code], 1, *flags.get(pk, (False, False)))
    total = [sum(figures) for figures in zip(*days.values(), strict=True)] or [0, 0, 0]
    return {
        **_rates(total),
        "days": [{"day": day.isoformat(), **_rates(figures)} for day, figures in sorted(days.items())],
        "masters": [{"master": code, **_rates(figures)} for code, figures in sorted(masters.items())],
    }


def _with_rebooking(branch: Branch, on: On, since: date, until: date) -> QuerySet[Any]:
    """Client-days of the branch, each with whether it ended with a later appointment, and whether one was kept."""
    here = zone(branch)
    later = (
        Appointment.objects.filter(client=OuterRef("client"), on__gt=OuterRef("on"))
        .annotate(cancelled_on=TruncDate("cancelled_at", tzinfo=here), made_on=TruncDate("booked_at", tzinfo=here))
        .filter(Q(booked_at__isnull=True) | Q(made_on__lte=OuterRef("on")))
        .filter(Q(cancelled_at__isnull=True) | Q(cancelled_on__gt=OuterRef("on")))
        # cancelled, and nobody knows when: it may have been before
        .exclude(status=Appointment.Status.CANCELLED, cancelled_at__isnull=True)
        .order_by()
    )
    return (
        Visit.objects.filter(branch=branch, on__gte=since, on__lt=until, on__lte=on.today)
        .annotate(rebooked=Exists(later), kept=Exists(later.filter(status=Appointment.Status.DONE, on__lte=on.today)))
        .order_by()
    )


def _add(figures: list[int], came: int, rebooked: int, kept: int) -> None:
    figures[0] += came
    figures[1] += rebooked
    figures[2] += kept


def _rates(figures: list[int]) -> dict[str, Any]:
    came, rebooked, kept = figures
    return {
        "client_days": came,
        "rebooked": rebooked,
        "rate": ratio(rebooked, came),
        "kept": kept,
        "kept_share": ratio(kept, rebooked),
    }


def retention_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report retention`: of those who first came in a month, how many came again within so many days.

    A window that is not over for the whole month is running: it has no share yet, only who came so far.
    """
    again = (
        Visit.objects.filter(client=OuterRef("client"), on__gt=OuterRef("on"), on__lte=on.today)
        .order_by()
        .values("client")
        .annotate(next=Min("on"))
        .values("next")
    )
    firsts = (
        Visit.objects.filter(on=F("client__pulse__first_visit_on"), on__gte=since, on__lt=until, on__lte=on.today)
        .annotate(again=Subquery(again))
        .order_by()
        .values_list("on", "again")
    )
    cohorts: dict[date, list[tuple[date, date | None]]] = defaultdict(list)
    for first, following in firsts.iterator():
        cohorts[first.replace(day=1)].append((first, following))
    return {
        "cohorts": [
            {
                "month": f"{month:%Y-%m}",
                "clients": len(members),
                "windows": [_window(members, month, days, on.today) for days in WINDOWS],
            }
            for month, members in sorted(cohorts.items())
        ]
    }


def _window(members: list[tuple[date, date | None]], month: date, days: int, today: date) -> dict[str, Any]:
    came = sum(1 for first, again in members if again is not None and (again - first).days <= days)
    last_of_month = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    is_running = today <= last_of_month + timedelta(days=days)
    return {
        "days": days,
        "came_again": came,
        "share": None if is_running else ratio(came, len(members)),
        "running": is_running,
    }
