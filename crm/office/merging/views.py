"""Two cards of one client: the likely ones, the two side by side, and one card in the end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.office.access import front_desk_page
from crm.office.merging.fields import FIELDS
from crm.office.merging.services import merge_clients, what_hinders, why_not
from crm.office.merging.shown import better_first, card_row, choices, what_moves, why_words
from crm.office.merging.steps import MergeRefused
from crm.people.models import Client
from crm.people.selectors import Double, doubles_of, find_clients, likely_doubles, why_alike
from crm.team.models import User
from crm.team.selectors import branches_of


@require_safe
@front_desk_page
def doubles(request: HttpRequest) -> HttpResponse:
    """Cards of the salon that look like one client, those first for which most speaks."""
    seen = set(branches_of(request.user).values_list("pk", flat=True))
    pairs = [
        pair for pair in likely_doubles() if not why_not(user=request.user, one=pair.one, other=pair.other, seen=seen)
    ]
    context = {
        "rows": [_pair_row(pair) for pair in pairs],
        "is_owner": request.user.role == User.Role.OWNER,
    }
    return render(request, "office/merging/doubles.html", context)


@require_safe
@front_desk_page
def merge_find(request: HttpRequest, client_id: int) -> HttpResponse:
    """Which other card is hers too: the likely ones, or found by name or number (`?q=`)."""
    client = _card(client_id)
    query = request.GET.get("q", "").strip()
    found = [each for each in find_clients(query) if each.pk != client.pk] if query else []
    context = {
        "nav": "clients",
        "client": client,
        "query": query,
        "likely": [_pair_row(pair, beside=client) for pair in doubles_of(client)],
        "found": [
            {"card": card_row(each, client), "url": _url(*better_first(Double(client, each, ())))} for each in found
        ],
    }
    return render(request, "office/merging/find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@front_desk_page
def merge_page(request: HttpRequest, client_id: int, aside_id: int) -> HttpResponse:
    """The two side by side, what differs to choose from, what moves; ticked and confirmed they are one."""
    kept, aside = _card(client_id), _card(aside_id)
    refusal = why_not(user=request.user, one=kept, other=aside)
    unticked = False
    if request.method == "POST" and not refusal:
        unticked = request.POST.get("sure") != "yes"
        if not unticked:
            taken = [name for name in FIELDS if request.POST.get(f"f-{name}") == "aside"]
            try:
                merge_clients(kept=kept, aside=aside, taken=taken, now=timezone.now(), user=request.user)
            except MergeRefused as refused:
                refusal = refused.words
            else:
                messages.success(request, _("One card now. The number %(code)s leads here too.") % {"code": aside.code})
                return redirect("desk:client", client_id=kept.pk)
    refusal = refusal or what_hinders(kept=kept, aside=aside, now=timezone.now(), user=request.user)
    asked, along = choices(kept, aside, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "nav": "clients",
        "kept": card_row(kept, aside),
        "aside": card_row(aside, kept),
        "why": why_words(Double(kept, aside, why_alike(kept, aside))),
        "other_way_url": _url(aside, kept),
        "asked": asked,
        "along": along,
        "moves": what_moves(aside),
        "refusal": refusal,
        "unticked": unticked,
    }
    return render(request, "office/merging/merge.html", context, status=422 if request.method == "POST" else 200)


def _card(client_id: int) -> Client:
    return get_object_or_404(Client.objects.select_related("branch", "pulse", "referred_by"), pk=client_id)


def _url(kept: Client, aside: Client) -> str:
    return reverse("office:merge", args=[kept.pk, aside.pk])


def _pair_row(pair: Double, *, beside: Client | None = None) -> dict[str, Any]:
    """A likely pair as a row that leads to its page; beside one card only the other is named."""
    kept, aside = better_first(pair)
    other = aside if kept == beside else kept
    return {
        "title": str(other) if beside else f"{kept} · {aside}",
        "sub": why_words(pair),
        "card": card_row(other, beside) if beside else None,
        "url": _url(kept, aside),
    }
