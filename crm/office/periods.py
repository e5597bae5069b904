"""How far back an owner's report looks: 30, 90 or 365 days up to today, chosen by tabs."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from crm.reports.selectors.standing import On

PERIODS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Period:
    """The days [since, until) with today as the last one, and the tabs that lead to the other periods."""

    on: On
    since: date
    until: date
    tabs: list[dict[str, Any]]


def period_of(request: HttpRequest, *, usual: int) -> Period:
    """What `?days=` asks for; the usual one where it asks for none of the three."""
    on = On.of(None, timezone.now())
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else usual
    tabs = [
        {
            "label": ngettext("%(count)d day", "%(count)d days", period) % {"count": period},
            "url": f"?days={period}",
            "current": period == days,
        }
        for period in PERIODS
    ]
    return Period(on, on.today - timedelta(days=days - 1), on.today + timedelta(days=1), tabs)
