"""The owner's map of filled and empty hours (practices.md, P57)."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.reports.selectors.chairs import ENOUGH_WEEKS, WEEKS, Chairs, Filled, chairs_of
from crm.team.admin_base import owner_only
from crm.team.models import Branch
from crm.team.selectors import branch_day, salon_settings
from crm.team.wording import percent_words, weekday_words

# any Monday, to name the days of a week from
MONDAY = date(2018, 1, 1)
# of what is below full: from how much of it on each shade begins
SHADES = (0.0, 0.3, 0.65)


@require_safe
@owner_only
def chairs_page(request: HttpRequest) -> HttpResponse:
    """Of one branch, by weekday and hour, over the last twelve weeks."""
    branches = list(Branch.objects.filter(is_active=True).order_by("pk"))
    asked = request.GET.get("branch", "")
    branch = next((each for each in branches if str(each.pk) == asked), branches[0] if branches else None)
    chairs = chairs_of(branch, today=branch_day(branch, timezone.now())) if branch else Chairs()
    context = {
        **admin.site.each_context(request),
        "title": _("Full and empty hours"),
        "branch": branch,
        "branches": branches if len(branches) > 1 else [],
        "weeks": WEEKS,
        "enough": ENOUGH_WEEKS,
        "is_known": chairs.is_known,
        "full_from": percent_words(salon_settings().full_from_percent, get_language() or "en"),
        **table(chairs),
    }
    return TemplateResponse(request, "admin/effects/chairs.html", context)


def table(chairs: Chairs) -> dict[str, Any]:
    """One row an hour, one column a weekday; only those in which somebody works."""
    hours = sorted({hour for _weekday, hour in chairs.hours})
    weekdays = sorted({weekday for weekday, _hour in chairs.hours})
    language = get_language() or "en"
    return {
        "weekdays": [weekday_words(MONDAY + timedelta(days=each), language) for each in weekdays],
        "hours": [
            {"hour": f"{hour:02}:00", "cells": [cell(chairs.hours.get((each, hour)), language) for each in weekdays]}
            for hour in hours
        ],
    }


def cell(filled: Filled | None, language: str) -> dict[str, Any] | None:
    """None where nobody works."""
    if filled is None:
        return None
    words = [_("empty"), _("quiet"), _("busy"), _("full")]
    part = filled.percent / filled.full_from
    shade = len(words) if filled.is_full else sum(part >= least for least in SHADES)
    return {"shade": shade, "words": words[shade - 1], "percent": percent_words(filled.percent, language)}
