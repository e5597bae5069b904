"""Closing a day: its figures are frozen (rules.md, Booking and Reports)."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Q, Sum

from crm.booking.local_time import computed_instant
from crm.booking.models import Appointment, Visit
from crm.sales.models import DayClose, Sale
from crm.team.models import Branch
from crm.team.selectors import branch_day, zone

# a clock that was off for longer leaves the days before to the reports, which count from the facts
LOOK_BACK_DAYS = 31


def close_days(*, now: datetime) -> list[DayClose]:
    """Closes every branch day that is over and not closed yet; days on which nothing happened too."""
    closed = []
    for branch in Branch.objects.filter(is_active=True).order_by("pk"):
        today = branch_day(branch, now)
        last = DayClose.objects.filter(branch=branch).aggregate(last=Max("on"))["last"]
        # a branch that never closed a day begins with yesterday
        first = max(last + timedelta(days=1), today - timedelta(days=LOOK_BACK_DAYS)) if last else today - timedelta(1)
        while first < today:
            closed.append(close_day(branch=branch, on=first, now=now))
            first += timedelta(days=1)
    return closed


def close_day(*, branch: Branch, on: date, now: datetime) -> DayClose:
    """Freezes the figures of a branch day as they stood at its end; closed once, it stays as it is."""
    end = computed_instant(on + timedelta(days=1), time(), zone(branch))
    came = Visit.objects.filter(branch=branch, on=on)
    rebooked = Appointment.objects.filter(
        Q(booked_at__isnull=True) | Q(booked_at__lt=end),
        Q(cancelled_at__isnull=True) | Q(cancelled_at__gte=end),
        client__in=came.values("client"),
        on__gt=on,
    ).exclude(status=Appointment.Status.CANCELLED, cancelled_at__isnull=True)
    closed, _created = DayClose.objects.get_or_create(
        branch=branch,
        on=on,
        defaults={
            "closed_at": now,
            "client_days": came.count(),
            "rebooked": rebooked.aggregate(clients=Count("client", distinct=True))["clients"],
            "revenue": Sale.objects.filter(branch=branch, on=on).aggregate(paid=Sum("paid"))["paid"] or 0,
        },
    )
    return closed
