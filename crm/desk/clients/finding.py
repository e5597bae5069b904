"""Whom a page is about: found by what was typed, or offered before anything is."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.people.models import Client
from crm.people.selectors import find_clients
from crm.team.models import Branch

LATELY = 15


def found_or_lately(branch: Branch, query: str) -> list[Client]:
    """Clients by name or last digits; without a word those who were here lately, the newest first."""
    if query:
        return list(find_clients(query))
    return list(
        Client.objects.filter(branch=branch, pulse__last_visit_on__isnull=False)
        .select_related("pulse", "branch")
        .order_by(F("pulse__last_visit_on").desc(), "pk")[:LATELY]
    )


def ask_who(request: HttpRequest, *, heading: str, nav: str) -> HttpResponse:
    """The page that asks whom something is about, before the page that needs to know (`?client=`)."""
    query = request.GET.get("q", "").strip()
    context = {
        "nav": nav,
        "heading": heading,
        "query": query,
        "found": found_or_lately(request.branch, query),
        "search_url": request.path,
        "no_new": True,
    }
    return render(request, "desk/booking/_found.html" if request.htmx else "desk/booking/who.html", context)
