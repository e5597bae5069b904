"""Whom a page is about: found by what was typed, or offered before anything is."""

from urllib.parse import urlencode

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.people.models import Client, Tag
from crm.people.selectors import find_clients
from crm.team.models import Branch

LATELY = 15
# of those with a tag so many are shown
TAGGED = 200


def found_or_lately(branch: Branch, query: str) -> list[Client]:
    """Clients by name or last digits; without a word those who were here lately, the newest first."""
    if query:
        return list(find_clients(query))
    return list(
        Client.objects.filter(branch=branch, pulse__last_visit_on__isnull=False)
        .select_related("pulse", "branch")
        .order_by(F("pulse__last_visit_on").desc(), "pk")[:LATELY]
    )


def found_with_tag(tag: Tag, query: str) -> list[Client]:
    """Of the whole salon those who have this tag, by name; of those found by a word only these."""
    tagged = Client.objects.filter(tags=tag)
    if query:
        found = find_clients(query, limit=TAGGED)
        hers = set(tagged.filter(pk__in=[client.pk for client in found]).values_list("pk", flat=True))
        return [client for client in found if client.pk in hers]
    return list(tagged.select_related("pulse", "branch").order_by("name", "pk")[:TAGGED])


def ask_who(request: HttpRequest, *, heading: str, nav: str) -> HttpResponse:
    """The page that asks whom something is about, before the page that needs to know (`?client=`).

    What it is about (`?product=`) is kept while she is looked for.
    """
    query, product = request.GET.get("q", "").strip(), request.GET.get("product", "")
    context = {
        "nav": nav,
        "heading": heading,
        "query": query,
        "found": found_or_lately(request.branch, query),
        "search_url": request.path,
        "carried": urlencode({"product": product}) if product else "",
        "kept": "product" if product else "",
        "kept_value": product,
        "no_new": True,
    }
    return render(request, "desk/booking/_found.html" if request.htmx else "desk/booking/who.html", context)
