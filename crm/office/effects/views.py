"""What offers brought, each with a verdict in one sentence, its number and interval, its cost, and the list behind."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.office.effects.words import bar_of, kind_words, sentence, signed
from crm.people.models import Client
from crm.reports.selectors.figures import salon_currency
from crm.reports.selectors.standing import On
from crm.team.admin_base import owner_only, shown_money
from crm.team.fields import round_money
from crm.team.models import Branch
from crm.team.selectors import zone
from crm.team.wording import number_words, short_date_words
from reminders.campaigns.models import Campaign
from reminders.effect.comparing import ENOUGH
from reminders.effect.selectors.effects import Effect, Verdict, effect_of, effects, local_start
from reminders.effect.selectors.observing import Observed, Series
from reminders.effect.selectors.unsent import NAMES, Stretch, Unsent, unsent
from reminders.journeys.models import WITH_CONTROL

PERIODS = (90, 180, 365)
# on the page of one offer, the latest first
SHOWN = 200
EVER = datetime(2000, 1, 1, tzinfo=UTC)
TONES = {Verdict.GAINING: "good", Verdict.LOSING: "bad", Verdict.RUNNING: "", Verdict.UNCLEAR: "careful"}


@require_safe
@owner_only
def effects_page(request: HttpRequest) -> HttpResponse:
    """Every offer of the last 90, 180 or 365 days, and what is not sent."""
    days, on, since, until = asked(request)
    currency = salon_currency()
    found = effects(since=since, until=until, now=on.now) if Branch.objects.exists() else []
    context = {
        **admin.site.each_context(request),
        "title": _("What offers bring"),
        "tabs": tabs(days),
        "enough": ENOUGH,
        "offers": [card(each, currency) | {"url": url_of(each, days)} for each in found],
        "unsent": [
            unsent_row(each, currency)
            for each in unsent(on, on.today - timedelta(days=days - 1), on.today + timedelta(days=1))
        ],
    }
    return TemplateResponse(request, "admin/effects/list.html", context)


@require_safe
@owner_only
def effect_page(request: HttpRequest, kind: str) -> HttpResponse:
    """One journey in the last 90, 180 or 365 days: verdict, numbers, cost, and who they were."""
    if kind not in WITH_CONTROL or not Branch.objects.exists():
        raise Http404
    days, on, since, until = asked(request)
    effect, observed = effect_of(Series(kind), since=since, until=until, now=on.now)
    return one_offer(request, effect, observed, on, tabs(days))


@require_safe
@owner_only
def campaign_effect_page(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """One campaign, whenever it was; it has to have been released."""
    campaign = get_object_or_404(Campaign.objects.exclude(state=Campaign.State.DRAFT), pk=campaign_id)
    on = On.of(None, timezone.now())
    series = Series(campaign.kind, campaign.key)
    effect, observed = effect_of(series, since=EVER, until=on.now, now=on.now)
    return one_offer(request, effect, observed, on, [])


def one_offer(
    request: HttpRequest, effect: Effect, observed: list[Observed], on: On, choices: list[dict[str, Any]]
) -> HttpResponse:
    currency = salon_currency()
    latest = sorted(observed, key=lambda each: each.at, reverse=True)[:SHOWN]
    names = Client.everyone.in_bulk([each.client for each in latest])
    context = {
        **admin.site.each_context(request),
        "title": capfirst(effect.title or kind_words(effect.series.kind)),
        "tabs": choices,
        "offer": card(effect, currency),
        "rows": [client_row(each, names[each.client], on.now, currency) for each in latest],
        "left_out": max(0, len(observed) - SHOWN),
        "back": reverse("effects"),
    }
    return TemplateResponse(request, "admin/effects/page.html", context)


def asked(request: HttpRequest) -> tuple[int, On, datetime, datetime]:
    """How many days; today; the first instant, and the one after the last."""
    days = int(request.GET["days"]) if request.GET.get("days") in map(str, PERIODS) else PERIODS[0]
    on = On.of(None, timezone.now())
    branch = Branch.objects.order_by("pk").first()
    here = zone(branch) if branch else ZoneInfo(settings.TIME_ZONE)
    return (
        days,
        on,
        local_start(on.today - timedelta(days=days - 1), here),
        local_start(on.today + timedelta(days=1), here),
    )


def tabs(days: int) -> list[dict[str, Any]]:
    return [
        {
            "url": f"?days={period}",
            "is_current": period == days,
            "words": ngettext("%(count)d day", "%(count)d days", period) % {"count": period},
        }
        for period in PERIODS
    ]


def url_of(effect: Effect, days: int) -> str:
    """Its own page; none for a campaign that is no longer there."""
    if effect.campaign is not None:
        return reverse("effect_campaign", args=[effect.campaign])
    return "" if effect.series.occasion else f"{reverse('effect', args=[effect.series.kind])}?days={days}"


def card(effect: Effect, currency: str) -> dict[str, Any]:
    """An offer in words and numbers as people write them."""
    return {
        "name": capfirst(effect.title or kind_words(effect.series.kind)),
        "kind": kind_words(effect.series.kind) if effect.title else "",
        "verdict": effect.verdict.label,
        "tone": TONES.get(effect.verdict, ""),
        "sentence": sentence(effect, currency),
        "bar": bar_of(effect, currency),
        "sent": effect.sent,
        "held_back": effect.held_back,
        "running": effect.running,
        "arms": [
            arm(_("visits"), effect.visits_sent, effect.visits_held_back, effect.visits.mean, figure),
            arm(
                _("money left"),
                effect.margin_sent,
                effect.margin_held_back,
                effect.margin.mean,
                lambda value: shown_money(round_money(Decimal(repr(value)), currency), currency),
            ),
        ],
        "costs": [
            (words, shown_money(round_money(cost, currency), currency))
            for words, cost in (
                (_("discounts"), effect.discounts),
                (_("gifts"), effect.gifts),
                (_("messages"), effect.messages),
                (_("as a whole"), effect.fixed),
                (_("full prices displaced"), effect.displaced_price),
            )
            if cost
        ],
        "displaced": effect.displaced,
        "is_compared": bool(effect.sent and effect.held_back),
    }


def arm(words: str, sent: float, held_back: float, difference: float, write: Any) -> dict[str, str]:
    has = {"words": words, "sent": write(sent), "held_back": write(held_back)}
    return has | {"difference": signed(write(abs(difference)), difference)}


def figure(value: float) -> str:
    """A number of visits per client."""
    return number_words(Decimal(repr(round(value, 2))), get_language() or "en")


def unsent_row(each: Unsent, currency: str) -> dict[str, Any]:
    def stretch(one: Stretch) -> dict[str, Any]:
        return {"visits": one.visits, "revenue": shown_money(one.revenue, currency)}

    return {
        "name": capfirst(str(NAMES[each.rule])),
        "since": short_date_words(each.since, get_language() or "en", with_year=True),
        "cost": shown_money(each.cost, currency),
        "days": each.days,
        "before": stretch(each.before),
        "after": stretch(each.after),
    }


def client_row(each: Observed, client: Client, now: datetime, currency: str) -> dict[str, Any]:
    return {
        "name": client.shown_name,
        "url": reverse("admin:crm_client_change", args=[client.pk]),
        "at": each.at,
        "is_held_back": each.is_held_back,
        "is_over": each.is_over(now),
        "visits": each.visits,
        "margin": shown_money(each.margin, currency),
    }
