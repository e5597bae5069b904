"""The owner's page of promises with a margin: what clients were told, and what it was (practices.md, P6)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.office.access import owner_page
from crm.office.periods import period_of
from crm.reports.selectors.figures import salon_currency
from crm.reports.selectors.margin import margin_report
from crm.team.fields import round_money
from crm.team.models import PromiseAxis
from crm.team.selectors import salon_settings
from crm.team.wording import length_words, money_words, percent_words
from loyalty.gifts.selectors import got_at_visit


@require_safe
@owner_page
def margin(request: HttpRequest) -> HttpResponse:
    """How often what was told was beaten over the last 30, 90 or 365 days, on the owner's axis first."""
    period, currency = period_of(request, usual=90), salon_currency()
    report = margin_report(period.on, period.since, period.until, more=got_at_visit())
    axis = report["axis"]
    context = {
        "tabs": period.tabs,
        "report": report,
        "axes": [_axis(each, report, currency) for each in sorted(PromiseAxis.values, key=lambda each: each != axis)],
        "chosen": axis,
        "late": _percent(report["late_share"]),
        "late_after": salon_settings().wait_flag_minutes,
        "margin": percent_words(salon_settings().margin_percent, get_language() or "en"),
        "groups": [
            {"title": _("By master"), "rows": [_row(row, axis, currency) for row in report["by_master"]]},
            {"title": _("By service"), "rows": [_row(row, axis, currency) for row in report["by_service"]]},
        ],
    }
    return render(request, "office/margin.html", context)


def _axis(axis: str, row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """One axis: its name, counts, share, and what was told and was on the mean."""
    title = {
        PromiseAxis.TIME: _("Time"),
        PromiseAxis.COST: _("Price"),
        PromiseAxis.LEVEL: _("Service"),
    }[PromiseAxis(axis)]
    return {"axis": axis, "title": title, **_shown(axis, row, currency)}


def _row(row: Mapping[str, Any], axis: str, currency: str) -> dict[str, Any]:
    return {
        "name": row["name"],
        "visits": row["visits"],
        "late": row["late_starts"],
        "begun": row["begun"],
        **_shown(axis, row, currency),
    }


def _shown(axis: str, row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    counts = row[axis]
    known = counts["known"]
    shown = {**counts, "percent": _percent(counts["share"]), "told": "", "true": ""}
    if known and axis != PromiseAxis.LEVEL:
        told, true = (Decimal(counts[name]) / known for name in ("told", "true"))
        shown |= {"told": _amount(axis, told, currency), "true": _amount(axis, true, currency)}
    return shown


def _amount(axis: str, mean: Decimal, currency: str) -> str:
    language = get_language() or "en"
    if axis == PromiseAxis.TIME:
        return length_words(round(mean), language)
    return money_words(round_money(mean, currency), currency, language)


def _percent(share: float | None) -> str:
    return "" if share is None else percent_words(round(share * 100), get_language() or "en")
