"""The owner's page of what fell out, by master, service and product (practices.md, P13)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.office.access import owner_page
from crm.office.periods import period_of
from crm.reports.selectors.fallouts import fallouts_report
from crm.team.wording import percent_words


@require_safe
@owner_page
def fallouts(request: HttpRequest) -> HttpResponse:
    """Of the visits of the last 30, 90 or 365 days."""
    period = period_of(request, usual=90)
    report = fallouts_report(period.on, period.since, period.until)
    context = {
        "tabs": period.tabs,
        "report": shown(report),
        "groups": [
            {"title": _("By master"), "rows": [shown(row) for row in report["masters"]]},
            {"title": _("By service"), "rows": [shown(row) for row in report["services"]]},
            {"title": _("By product sold on the day"), "rows": [shown(row) for row in report["products"]]},
        ],
    }
    return render(request, "office/fallouts.html", context)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its share as people write it."""
    share = row["share"]
    return {**row, "percent": "" if share is None else percent_words(round(share * 100), get_language() or "en")}
