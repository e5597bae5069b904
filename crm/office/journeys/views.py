"""The days ahead as a page, and the switches that are reached only through it."""

from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.office.effects.expecting import expected_words
from crm.office.journeys.selectors import (
    Chosen,
    by_kind_and_day,
    cost_of,
    cost_of_one,
    counts_of,
    entries_of,
    kept_forecast,
    newest_forecast,
)
from crm.office.journeys.services import AT_ONCE, begin_forecast, work_out
from crm.office.tasks import work_out_forecasts_task
from crm.people.models import Client
from crm.reports.selectors.figures import salon_currency
from crm.team.admin_base import plain_money
from crm.team.models import Language
from crm.team.once import reading_once
from crm.team.selectors import zone
from reminders.consent.models import Channel
from reminders.journeys.models import WITH_CONTROL, ForecastEntry, ForecastRun, Journey
from reminders.journeys.services.switching import (
    SWITCHED,
    ForecastNotSeen,
    last_import,
    note_forecast_seen,
    switch_on,
)
from reminders.messages.models import Kind
from reminders.messages.words import in_words

DAYS = (1, 7, 14, 31)
# a page for people
SHOWN = 100
# days up to which a table of days is readable
WEEKLY = 7
# in the session: up to which import the forecast was looked at
SEEN = "forecast_seen"


def asked_days(request: HttpRequest) -> int:
    asked = request.POST.get("days") or request.GET.get("days")
    return int(asked) if asked in map(str, DAYS) else 7


@reading_once()
def forecast_view(request: HttpRequest, model_admin: Any = None) -> HttpResponse:
    """Who would get what, when and why; the only page with a switch. htmx asks how far a look has got."""
    days, chosen = asked_days(request), Chosen.of(request.GET)
    is_large = Client.objects.order_by("pk")[AT_ONCE : AT_ONCE + 1].exists()
    run = kept_forecast(days)
    if not is_large and (run is None or not chosen):
        # of a small salon every look is a new one; leafing through it reads what that has found
        now = timezone.now()
        work_out(run=begin_forecast(days=days, now=now), now=now)
        run = kept_forecast(days)
    newest = newest_forecast(days) if is_large else run
    busy = newest if newest is not None and newest.is_busy else None
    if request.headers.get("HX-Request"):
        answer = TemplateResponse(request, "admin/journeys/_standing.html", {"busy": busy, "days": days})
        if busy is None:
            # worked out: the page around the fragment shows it
            answer["HX-Refresh"] = "true"
        return answer
    if run is not None:
        request.session[SEEN] = run.after_import
    context = {
        **admin.site.each_context(request),
        "opts": Journey._meta,
        "title": _("What would be sent"),
        "days": days,
        "choices": DAYS,
        "chosen": chosen,
        "is_large": is_large,
        "run": run,
        "busy": busy,
        "has_failed": newest is not None and newest.state == ForecastRun.State.FAILED,
        "is_before_import": run is not None and run.after_import != last_import(),
    }
    return TemplateResponse(
        request, "admin/journeys/forecast.html", context | (found_of(run, chosen, days) if run else {})
    )


def found_of(run: ForecastRun, chosen: Chosen, days: int) -> dict[str, Any]:
    """What a look has found, as far as it is chosen. A fixed number of queries, and one page of names."""
    on = {journey.kind: journey for journey in Journey.objects.filter(kind__in=SWITCHED)}
    off = {kind for kind, journey in on.items() if not journey.is_on}
    counts, currency = counts_of(run), salon_currency()
    by_kind = {kind: sum(count for (one, _on), count in counts.items() if one == kind) for kind in Kind.values}
    some = entries_of(run, chosen)
    page = Paginator(some, SHOWN).get_page(chosen.page)
    return {
        "total": page.paginator.count,
        "table": by_kind_and_day(counts, off) if days <= WEEKLY else None,
        "cost": priced(cost_of(some, now=run.starts_at)),
        "by_day": by_day(list(page), off, run.starts_at),
        "page": page,
        "is_unknown": any(by_kind[kind] and kind not in run.brings for kind in WITH_CONTROL),
        "kinds": [
            {
                "kind": kind,
                "words": kind.label,
                "count": by_kind[kind],
                "journey": on.get(kind),
                "brings": expected_words(run.brings.get(kind), by_kind[kind], currency),
            }
            for kind in SWITCHED
        ],
    }


def work_out_view(request: HttpRequest, model_admin: Any = None) -> HttpResponse:
    """A new look at the days ahead, worked out by a worker; the page may be left."""
    days = asked_days(request)
    with transaction.atomic():
        begin_forecast(days=days, now=timezone.now())
        work_out_forecasts_task.delay_on_commit()
    return HttpResponseRedirect(f"{reverse('admin:reminders_journey_forecast')}?days={days}")


def switch_on_view(request: HttpRequest, model_admin: Any = None) -> HttpResponse:
    kinds = [kind for kind in request.POST.getlist("kind") if kind in SWITCHED]
    now = timezone.now()
    if request.session.get(SEEN) == last_import():
        note_forecast_seen(kinds=kinds, now=now)
    try:
        switched = [switch_on(kind=kind, user=request.user, now=now) for kind in kinds]
    except ForecastNotSeen:
        messages.error(request, _("Look at the forecast first: it shows who would get what."))
        return HttpResponseRedirect(reverse("admin:reminders_journey_forecast"))
    for journey in switched:
        messages.success(request, _("“%(kind)s” is on.") % {"kind": journey.get_kind_display()})
    return HttpResponseRedirect(reverse("admin:reminders_journey_changelist"))


def priced(cost: Decimal) -> str:
    """Nothing where the owner has given no price of an SMS."""
    return plain_money(cost) if cost else ""


def by_day(found: list[ForecastEntry], off: set[str], now: datetime) -> list[tuple[date, list[dict[str, Any]]]]:
    """The rows of the page, grouped by the branch's days."""
    labels, ways, languages = dict(Kind.choices), dict(Channel.choices), dict(Language.choices)
    rows = [
        {
            "at": entry.send_at.astimezone(zone(entry.client.branch)),
            "on": entry.on,
            "client": entry.client,
            "kinds": " + ".join(str(labels.get(kind, kind)) for kind in entry.kind.split("+")),
            "purpose": entry.purpose,
            "channel": ways.get(entry.channel, entry.channel),
            "language": languages.get(entry.language, entry.language),
            "why": in_words(entry.reason),
            "cost": priced(
                cost_of_one(entry.kind, entry.language, now=now) if entry.channel == Channel.SMS else Decimal(0)
            ),
            "is_off": all(kind in off for kind in entry.kind.split("+")),
        }
        for entry in found
    ]
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: row["on"])]
