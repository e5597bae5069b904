"""Reports of coming again: rebooking and retention (rules.md, Reports)."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, Min, Q, When
from django.db.models.functions import TruncDate

from crm.booking.models import Appointment, Pulse
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.revenue import visits_in
from crm.reports.selectors.standing import On
from crm.sales.models import DayClose
from crm.team.models import Branch
from crm.team.selectors import zone

WINDOWS = (30, 60, 90, 120, 180)


# Each appointment is put into the branch's days once, not once for each visit before it.
REBOOKED = """
WITH later AS MATERIALIZED ({appointments}),
flagged AS MATERIALIZED (
    SELECT visit.id, visit."on", CASE WHEN count(later.client_id) > 0 THEN 1 ELSE 0 END AS rebooked,
           coalesce(max(later.kept), 0) AS kept
    FROM ({visits}) visit
    LEFT JOIN later
      ON later.client_id = visit.client_id AND later."on" > visit."on"
     AND (later.made_on IS NULL OR later.made_on <= visit."on")
     AND (later.cancelled_on IS NULL OR later.cancelled_on > visit."on")
    GROUP BY visit.id, visit."on"
)
SELECT CAST("on" AS text), NULL, count(*), sum(rebooked), sum(kept) FROM flagged GROUP BY "on"
UNION ALL
SELECT NULL, master.code, work.came, work.rebooked, work.kept
FROM (
    SELECT master_id, count(*) AS came, sum(rebooked) AS rebooked, sum(kept) AS kept
    FROM (
        SELECT DISTINCT item.visit_id, item.master_id, flagged.rebooked, flagged.kept
        FROM crm_visititem item JOIN flagged ON flagged.id = item.visit_id WHERE item.master_id IS NOT NULL
    ) visited
    GROUP BY master_id
) work
JOIN crm_master master ON master.id = work.master_id
"""


def rebooking_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report rebooking`: client-days that ended with an appointment for a later day, and those kept.

    A day that was closed shows its frozen figure, other days are counted from the facts. An appointment
    exists from the moment it was booked (unknown: always). Kept: of those, done. A client-day with two
    masters is one of each.
    """
    days: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    masters: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for branch in Branch.objects.order_by("pk"):
        for day, code, *figures in _rebooked(branch, on, since, until):
            _add(days[date.fromisoformat(day)] if day else masters[code], figures)
        for row in DayClose.objects.filter(branch=branch, on__gte=since, on__lt=until, on__lte=on.today):
            if row.client_days:
                days[row.on][:2] = [row.client_days, row.rebooked]
    total = [sum(figures) for figures in zip(*days.values(), strict=True)] or [0, 0, 0]
    return {
        **_rates(total),
        "days": [{"day": day.isoformat(), **_rates(figures)} for day, figures in sorted(days.items())],
        "masters": [{"master": code, **_rates(figures)} for code, figures in sorted(masters.items())],
    }


def _rebooked(branch: Branch, on: On, since: date, until: date) -> list[tuple]:
    """A row for each day of the branch and one for each master: client-days, those rebooked, those kept."""
    here = zone(branch)
    visits = visits_in(since, until, on).filter(branch=branch).order_by().values("id", "client_id", "on")
    appointments = (
        Appointment.objects.filter(on__gt=since)
        # cancelled, and nobody knows when: it may have been before
        .exclude(status=Appointment.Status.CANCELLED, cancelled_at__isnull=True)
        .annotate(
            made_on=TruncDate("booked_at", tzinfo=here),
            cancelled_on=TruncDate("cancelled_at", tzinfo=here),
            kept=Case(When(status=Appointment.Status.DONE, on__lte=on.today, then=1), default=0),
        )
        .order_by()
        .values("client_id", "on", "made_on", "cancelled_on", "kept")
    )
    try:
        (of_visits, known), (of_appointments, asked) = (rows.query.sql_with_params() for rows in (visits, appointments))
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(REBOOKED.format(visits=of_visits, appointments=of_appointments), (*asked, *known))
        return cursor.fetchall()


def _add(figures: list[int], more: list[int]) -> None:
    figures[:] = [figure + other for figure, other in zip(figures, more, strict=True)]


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
    firsts = (
        Pulse.objects.filter(first_visit_on__gte=since, first_visit_on__lt=until, first_visit_on__lte=on.today)
        .annotate(
            again=Min(
                "client__visits__on",
                filter=Q(client__visits__on__gt=F("first_visit_on"), client__visits__on__lte=on.today),
            )
        )
        .order_by()
        .values_list("first_visit_on", "again")
    )
    cohorts: dict[date, list[int | None]] = defaultdict(list)
    for first, again in firsts.iterator():
        if first is None:
            # what the filter rules out
            continue
        cohorts[first.replace(day=1)].append((again - first).days if again else None)
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


def _window(members: list[int | None], month: date, days: int, today: date) -> dict[str, Any]:
    """Of members, each as the days until she came again, none where she has not."""
    came = sum(1 for gap in members if gap is not None and gap <= days)
    last_of_month = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    is_running = today <= last_of_month + timedelta(days=days)
    return {
        "days": days,
        "came_again": came,
        "share": None if is_running else ratio(came, len(members)),
        "running": is_running,
    }
