"""The owner's page of complaints: how fast they were solved, who came back, why they came, what it cost (practices.md, P32)."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.care.models import Complaint, ComplaintCause, ComplaintOption
from crm.care.services import take_ready_causes
from crm.office.access import owner_page
from crm.office.periods import period_of
from crm.reports.selectors.figures import salon_currency
from crm.reports.selectors.redone import redone_by_master
from crm.team.wording import money_words, percent_words
from loyalty.amends.selectors import complaints_with_costs


@require_safe
@owner_page
def complaints_page(request: HttpRequest) -> HttpResponse:
    """Complaints opened over the last 30, 90 or 365 days."""
    period = period_of(request, usual=365)
    on, since, until = period.on, period.since, period.until
    report = complaints_with_costs(on, since, until)
    speeds = {
        "within_24h": _("Solved within 24 hours"),
        "within_72h": _("Within 72 hours"),
        "later": _("Later"),
        "never": _("Not solved"),
    }
    context = {
        "tabs": period.tabs,
        "report": report,
        "unsolved": next(row["complaints"] for row in report["groups"] if row["resolved"] == "never"),
        "groups": [{**row, "label": speeds[row["resolved"]], "percent": _percent(row)} for row in report["groups"]],
        "outcomes": [
            {"label": Complaint.Outcome(key).label, "count": count}
            for key, count in report["outcomes"].items()
            if count
        ],
        "solutions": [
            {"label": ComplaintOption.Kind(row["kind"]).label, "count": row["chosen"], "cost": _money(row["cost"])}
            for row in report["solutions"]
        ],
        "masters": [
            {"name": name, **row, "figure": _money(row["figure_taken_back"])}
            for (_branch, _code, name), row in sorted(redone_by_master(on, since, until).items())
        ],
        "no_causes": not ComplaintCause.objects.exists(),
    }
    return render(request, "office/complaints.html", context)


@require_POST
@owner_page
def causes_ready(request: HttpRequest) -> HttpResponse:
    """The list of causes to begin with, in the owner's language and the others beside it."""
    if take_ready_causes(language=get_language() or "en"):
        messages.success(request, _("The list is there. Change it as you like."))
    return redirect("admin:crm_complaintcause_changelist")


def _percent(row: dict[str, Any]) -> str:
    return "" if row["share"] is None else percent_words(round(row["share"] * 100), get_language() or "en")


def _money(amount: str) -> str:
    return money_words(Decimal(amount), salon_currency(), get_language() or "en")
