"""The week in figures for the owner's first page: each beside the week before and the same week a year ago.

Weeks begin on Monday. A week that is still running is compared with the same weekdays of the others.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Q, Sum

from crm.booking.models import Appointment, Pulse, Visit
from crm.booking.selectors import cancelled_late
from crm.care.models import Call, Complaint, Feedback
from crm.people.models import Client
from crm.reports.selectors.returning import rebooking_report
from crm.reports.selectors.standing import On
from crm.sales.models import Sale
from crm.team.selectors import salon_settings

WEEK = timedelta(days=7)
# 52 whole weeks, so that Saturdays meet Saturdays
YEAR = timedelta(days=364)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Days:
    """Half-open: `since` is the first day, `until` the day after the last."""

    since: date
    until: date

    def back(self, by: timedelta) -> "Days":
        return Days(self.since - by, self.until - by)


def week_so_far(today: date) -> Days:
    """Monday up to today, today included."""
    return Days(today - timedelta(days=today.weekday()), today + timedelta(days=1))


def turnover(days: Days) -> Decimal:
    """Money paid less refunds, without tax; points and vouchers are no money."""
    return Sale.objects.filter(on__gte=days.since, on__lt=days.until).aggregate(paid=Sum("paid"))["paid"] or ZERO


def turnover_by_day(since: date, count: int = 7) -> list[Decimal]:
    """One sum a day from `since` on; days without a sale are nought."""
    rows = (
        Sale.objects.filter(on__gte=since, on__lt=since + timedelta(days=count))
        .values("on")
        .annotate(paid=Sum("paid"))
        .order_by("on")
    )
    by_day = {row["on"]: row["paid"] for row in rows}
    return [by_day.get(since + timedelta(days=number), ZERO) for number in range(count)]


def visit_days(days: Days) -> int:
    """Client-days: one client on one day is one, whatever she had."""
    return Visit.objects.filter(on__gte=days.since, on__lt=days.until).count()


def first_visits(days: Days) -> int:
    """Clients whose first visit day ever lies in these days."""
    return Pulse.objects.filter(first_visit_on__gte=days.since, first_visit_on__lt=days.until).count()


def rebooking_rate(on: On, days: Days) -> float | None:
    """Share of client-days that ended with an appointment for a later day; none without visits."""
    return rebooking_report(on, days.since, days.until)["rate"]


def misses(days: Days) -> dict[str, int]:
    """Visits of these days to which nobody came (`no_shows`), and those she cancelled too late (`late`)."""
    return Appointment.objects.filter(on__gte=days.since, on__lt=days.until).aggregate(
        no_shows=Count("pk", filter=Q(status=Appointment.Status.NO_SHOW)),
        late=Count("pk", filter=cancelled_late(salon_settings())),
    )


def lapsed_count(on: On) -> int:
    """Clients past the end of late and not lost, nobody's pause hindering (rules.md, Rhythm)."""
    resting = Complaint.objects.filter(resolved_at__isnull=True).values("client")
    return (
        Pulse.objects.filter(late_until__lt=on.today, lapsed_until__gte=on.today, client__status=Client.Status.ACTIVE)
        .exclude(open_until__gte=on.now)
        .exclude(client__in=resting)
        .count()
    )


def lapsed_in(days: Days) -> int:
    """Who became lapsed in these days: the end of late lies on the day before."""
    day = timedelta(days=1)
    return Pulse.objects.filter(late_until__gte=days.since - day, late_until__lt=days.until - day).count()


def complaints(days: Days) -> dict[str, int]:
    """Open now, urgent among them, and opened in these days."""
    return Complaint.objects.aggregate(
        open=Count("pk", filter=Q(resolved_at__isnull=True)),
        urgent=Count("pk", filter=Q(resolved_at__isnull=True, is_urgent=True)),
        opened=Count("pk", filter=Q(opened_on__gte=days.since, opened_on__lt=days.until)),
    )


def scores(days: Days) -> dict[str, Any]:
    """How many answered in these days, and their mean from 0 to 10."""
    return Feedback.objects.filter(visit_on__gte=days.since, visit_on__lt=days.until).aggregate(
        count=Count("pk"), mean=Avg("score")
    )


def open_calls() -> int:
    return Call.objects.filter(done_at__isnull=True).count()


def booked_ahead(on: On, days: int = 7) -> int:
    """Appointments of the next days, today's that are still to come included."""
    return Appointment.objects.filter(
        status__in=[Appointment.Status.BOOKED, Appointment.Status.CONFIRMED],
        on__gte=on.today,
        on__lt=on.today + timedelta(days=days),
        starts_at__gte=on.now,
    ).count()
