"""The owner's pages of campaigns: what, to whom, which words, when; a look at all of it; then how far it has got."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.office.campaigns.forms import WhatForm, WhenForm, WhoForm, WordsForm, direction_of
from crm.office.campaigns.looks import calendar_of, cost_of, progress_of, reached_of, words_rows
from crm.office.effects.expecting import brought_until, expected_words
from crm.reports.selectors.figures import salon_currency
from crm.reports.selectors.standing import On
from crm.team.admin_base import owner_only
from crm.team.models import Branch, Language
from crm.team.selectors import desk_branch
from reminders.campaigns.holidays import HOLIDAYS
from reminders.campaigns.models import Campaign, Event
from reminders.campaigns.selectors.audience import Audience, languages_of, reach_of, salon_day
from reminders.campaigns.selectors.campaigns import campaigns_newest_first
from reminders.campaigns.selectors.guests import room_of
from reminders.campaigns.services.drafts import (
    CampaignRefused,
    begin_again,
    begin_campaign,
    change_campaign,
    choose_audience,
    set_event,
    set_when,
    throw_away,
    write_words,
)
from reminders.consent.models import Channel
from reminders.journeys.services.releasing import call_off, release, stop
from reminders.journeys.services.trying import NotTried, try_on_oneself
from reminders.messages.defaults import Words
from reminders.messages.preview import Preview, preview
from reminders.messages.texts import PLACEHOLDERS

REFUSED = 422
SHOWN = 100
State = Campaign.State


def shown(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/campaigns/{template}.html", context, status=status)


def to_page(campaign: Campaign) -> HttpResponse:
    return HttpResponseRedirect(reverse("campaign", args=[campaign.pk]))


@require_safe
@owner_only
def campaigns(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first, and the holidays ahead."""
    now = timezone.now()
    found = list(campaigns_newest_first()[:SHOWN])
    context = {
        "title": _("Campaigns"),
        "campaigns": found,
        "kinds": Campaign.Kind.choices,
        "holidays": calendar_of(now=now),
    }
    return shown(request, "list", context)


@require_http_methods(["GET", "HEAD", "POST"])
@owner_only
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """The first step: what it is."""
    if kind not in Campaign.Kind.values:
        raise Http404
    now = timezone.now()
    named = {name: request.GET[name] for name in ("holiday", "title") if name in request.GET}
    form = WhatForm(request.POST if request.method == "POST" else None, kind=kind, today=salon_day(now), initial=named)
    if request.method == "POST" and form.is_valid():
        campaign = begin_campaign(
            kind=kind,
            title=form.cleaned_data["title"],
            branch=form.cleaned_data["branch"],
            user=request.user,
            now=now,
            holiday=form.cleaned_data.get("holiday", ""),
        )
        keep_what(campaign, form)
        return HttpResponseRedirect(reverse("campaign_who", args=[campaign.pk]))
    return asked(request, None, form, _("What is it?"), kind=kind)


def keep_what(campaign: Campaign, form: WhatForm) -> None:
    kept = form.cleaned_data
    change_campaign(
        campaign=campaign,
        title=kept["title"],
        branch=kept["branch"],
        coupon=kept["coupon"],
        holiday=kept.get("holiday", ""),
    )
    if "starts_at" in kept:
        set_event(
            campaign=campaign,
            starts_at=kept["starts_at"],
            ends_at=kept["ends_at"],
            place=kept["place"],
            seats=kept["seats"],
        )


def asked(
    request: HttpRequest, campaign: Campaign | None, form: forms.Form, title: str, *, kind: str, **more: Any
) -> HttpResponse:
    back = reverse("campaign", args=[campaign.pk]) if campaign else reverse("campaigns")
    context = {"title": title, "campaign": campaign, "form": form, "kind": dict(Campaign.Kind.choices)[kind]}
    status = REFUSED if request.method == "POST" else 200
    return shown(request, "step", {**context, "back": back, **more}, status=status)


def step(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of a draft; what has been released leads to its own page, with the reason."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @owner_only
    def opened(request: HttpRequest, campaign_id: int, **about: Any) -> HttpResponse:
        campaign = get_object_or_404(Campaign.objects.select_related("branch", "coupon"), pk=campaign_id)
        try:
            if campaign.state != State.DRAFT:
                return to_page(campaign)
            return view(request, campaign, **about)
        except CampaignRefused as refusal:
            messages.error(request, str(refusal))
            return to_page(campaign)

    return opened


@step
def what(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Title, branch, offer; the holiday, or when and where."""
    posted = request.POST if request.method == "POST" else None
    form = WhatForm(posted, kind=campaign.kind, campaign=campaign, today=salon_day(timezone.now()))
    if form.is_valid():
        keep_what(campaign, form)
        return to_page(campaign)
    return asked(request, campaign, form, _("What is it?"), kind=campaign.kind)


@step
def who(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The filters, with the count as they are ticked; asked for the count alone nothing is kept."""
    form = WhoForm(request.POST if request.method == "POST" else None, initial=campaign.rules)
    if request.method == "POST" and form.is_valid():
        if "count" in request.POST or request.headers.get("HX-Request"):
            campaign.rules = form.audience.as_rules()
            context = {"reach": reach_of(campaign, now=timezone.now())}
            if request.headers.get("HX-Request"):
                return TemplateResponse(request, "admin/campaigns/_reach.html", context)
            return shown(request, "who", {"title": _("To whom?"), "campaign": campaign, "form": form, **context})
        choose_audience(campaign=campaign, audience=form.audience)
        return to_page(campaign)
    context = {"title": _("To whom?"), "campaign": campaign, "form": form}
    return shown(request, "who", {**context, "reach": reach_of(campaign, now=timezone.now())})


@step
def words(request: HttpRequest, campaign: Campaign, language: str) -> HttpResponse:
    """The words in one language; a look at them before they are kept."""
    if language not in Language.values:
        raise Http404
    known = campaign.texts.filter(language=language).first()
    initial = {name: getattr(known, name) for name in ("subject", "body", "button", "sms")} if known else {}
    posted = request.POST if request.method == "POST" else None
    form = WordsForm(posted, kind=campaign.kind, language=language, initial=initial)
    seen = None
    if request.method == "POST" and form.is_valid():
        if "look" not in request.POST and "try" not in request.POST:
            write_words(campaign=campaign, language=language, words=form.cleaned_data)
            return to_page(campaign)
        seen = look_at(campaign, language, Words(**form.cleaned_data), request)
        if "try" in request.POST:
            send_to_oneself(request, seen, language)
    elif request.method != "POST" and known is not None:
        seen = look_at(campaign, language, Words(**initial), request)
    context = {
        "title": _("Which words?"),
        "campaign": campaign,
        "form": form,
        "language": language,
        "direction": direction_of(language),
        "languages": Language.choices,
        "is_own": language == settings.DEFAULT_LANGUAGE,
        "placeholders": sorted(f"{{{name}}}" for name in PLACEHOLDERS[campaign.kind].all),
        "seen": seen,
    }
    return shown(request, "words", context, status=REFUSED if form.errors else 200)


def send_to_oneself(request: HttpRequest, seen: Preview | None, language: str) -> None:
    """The words as they stand in the form, kept or not, to the login's own address."""
    channel = request.POST["try"]
    if channel not in (Channel.EMAIL, Channel.SMS):
        raise Http404
    if seen is None:
        messages.error(request, _("There are no words yet."))
        return
    try:
        try_on_oneself(preview=seen, channel=channel, language=language, user=request.user)
    except NotTried as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is on its way to your own address, marked as a test."))


def look_at(campaign: Campaign, language: str, said: Words, request: HttpRequest) -> Preview | None:
    branch = campaign.branch or desk_branch(request.user) or Branch.objects.first()
    if branch is None or not said.subject:
        return None
    return preview(
        kind=campaign.kind,
        language=language,
        branch=branch,
        now=timezone.now(),
        words=said,
        with_voucher=campaign.coupon is not None,
    )


@step
def when(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Day, hour, portions, the share left out."""
    initial = {
        "goes_on": campaign.goes_on or proposed_day(campaign),
        "hour": campaign.hour,
        "portion": campaign.portion,
        "control_percent": campaign.control_percent,
        "fixed_costs": campaign.fixed_costs.quantize(Decimal("0.01")),
    }
    form = WhenForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        set_when(campaign=campaign, **form.cleaned_data)
        return to_page(campaign)
    return asked(request, campaign, form, _("When?"), kind=campaign.kind)


def proposed_day(campaign: Campaign) -> Any:
    """Of a holiday its next day."""
    if campaign.kind != Campaign.Kind.HOLIDAY:
        return None
    days = {row.key: row.on for row in calendar_of(now=timezone.now())}
    return days.get(campaign.holiday)


@require_safe
@owner_only
def campaign_page(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """A draft as a whole, before it goes; after that how far it has got."""
    campaign = get_object_or_404(
        Campaign.objects.select_related("branch", "coupon", "event", "released_by"), pk=campaign_id
    )
    now = timezone.now()
    event = getattr(campaign, "event", None)
    context = {
        "title": campaign.title,
        "campaign": campaign,
        "event": event,
        "room": room_of(event) if event else None,
        "holiday": HOLIDAYS[campaign.holiday].name if campaign.holiday in HOLIDAYS else campaign.holiday,
    }
    if campaign.state == State.DRAFT:
        reach = reach_of(campaign, now=now)
        context |= {
            "reach": reach,
            "rules": Audience.of(campaign.rules).as_rules(),
            "words": words_rows(campaign, languages_of(campaign, now=now)),
            "cost": cost_of(campaign, reach),
            "brings": expected_words(
                brought_until(campaign.kind, On.of(None, now)),
                reached_of(campaign, reach),
                salon_currency(),
                fixed=campaign.fixed_costs,
            ),
        }
        return shown(request, "draft", context)
    return shown(request, "followed", context | {"progress": progress_of(campaign)})


@require_http_methods(["GET", "HEAD", "POST"])
@owner_only
def call_off_page(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Asks first, as nobody can call back what the guests were told."""
    campaign = get_object_or_404(Campaign.objects.select_related("event"), pk=campaign_id, kind=Campaign.Kind.EVENT)
    event = get_object_or_404(Event, campaign=campaign)
    if event.cancelled_at is not None:
        return to_page(campaign)
    if request.method == "POST":
        told = call_off(event=event, now=timezone.now())
        messages.success(request, _("Called off. Guests who are told: %(count)d.") % {"count": told})
        return to_page(campaign)
    context = {
        **admin.site.each_context(request),
        "title": _("Call the event off?"),
        "description": _("Its guests, and who waits for a seat, are told at once. There is no undo."),
        "submit_words": _("Call the event off and tell the guests"),
        "back": reverse("campaign", args=[campaign.pk]),
    }
    return TemplateResponse(request, "admin/ask.html", context)


@require_POST
@owner_only
def act(request: HttpRequest, campaign_id: int, verb: str) -> HttpResponse:
    """Release, stop, begin again, throw away."""
    campaign = get_object_or_404(Campaign, pk=campaign_id)
    now = timezone.now()
    try:
        if verb == "release":
            release(campaign=campaign, user=request.user, now=now)
            messages.success(request, _("It is released. It goes on its day, and you can stop it at any time."))
        elif verb == "stop":
            held = stop(campaign=campaign, now=now)
            messages.success(request, _("Stopped. Held back: %(count)d.") % {"count": held})
        elif verb == "again":
            return HttpResponseRedirect(
                reverse("campaign_what", args=[begin_again(campaign=campaign, user=request.user, now=now).pk])
            )
        elif verb == "throw-away":
            throw_away(campaign=campaign)
            return HttpResponseRedirect(reverse("campaigns"))
        else:
            raise Http404
    except CampaignRefused as refusal:
        messages.error(request, str(refusal))
    return to_page(campaign)
