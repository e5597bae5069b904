"""Out of stock, still helped: other places that have it, and a word when it is back (practices.md, P36)."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.desk.access import client_url, desk_page, visible_client, way_back
from crm.desk.clients.finding import ask_who
from crm.desk.orders.forms import MOST_PLACES, HelpForm
from crm.orders.models import Place, StockHelp
from crm.orders.selectors import known_places
from crm.orders.services import HelpRefused, give_up_wish, help_elsewhere
from crm.team.selectors import branches_of
from reminders.journeys.services.doorbell import ring


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Where else she gets it; she has it in writing before she is out of the door."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = asked.get("client", "")
    if not wanted.isdecimal():
        return ask_who(request, heading=_("Help whom?"), nav="orders")
    client, branch = visible_client(int(wanted)), request.branch
    product = asked.get("product", "")
    initial = {"product": int(product)} if product.isdecimal() and len(product) <= 18 else None
    form = HelpForm(request.POST or None, branch=branch, initial=initial)
    rows = HelpForm.typed_places(request.POST)
    known = list(known_places(branch))
    error = ""
    if request.method == "POST" and form.is_valid():
        _fill_addresses(rows, known)
        places = form.places(rows)
        if not any(row.get("error") for row in rows):
            try:
                given = help_elsewhere(
                    client=client,
                    branch=branch,
                    places=places,
                    now=timezone.now(),
                    user=request.user,
                    key=request.POST.get("key", "")[:64] or None,
                    **form.cleaned_data,
                )
            except HelpRefused as refusal:
                error = str(refusal)
            else:
                ring()
                messages.success(request, _said(given, places=len(places)))
                return redirect(way_back(request, client_url(client.pk)))
    is_wrong = bool(form.errors or error or any(row.get("error") for row in rows))
    rows += [
        {"name": "", "address": "", "price": ""} for _each in range(max(3, min(len(rows) + 1, MOST_PLACES)) - len(rows))
    ]
    context = {
        "nav": "orders",
        "client": client,
        "form": form,
        "places": rows,
        "known": known,
        "key": request.POST.get("key", "")[:64] or uuid.uuid4().hex,
        "next": way_back(request, ""),
        "error": error,
    }
    return render(request, "desk/orders/help.html", context, status=422 if is_wrong else 200)


def _fill_addresses(rows: list[dict[str, str]], known: list[Place]) -> None:
    """A place of the owner's list brings its address along."""
    addresses = {place.name.casefold(): place.address for place in known}
    for row in rows:
        if not row["address"].strip():
            row["address"] = addresses.get(row["name"].strip().casefold(), "")


def _said(given: StockHelp, *, places: int) -> str:
    if places and given.wants_word:
        return _("Sent to her, and she hears when it is back.")
    return _("Sent to her.") if places else _("She hears when it is back.")


@require_POST
@desk_page
def wish_end(request: HttpRequest, wish_id: int) -> HttpResponse:
    """She does not wait for it any more."""
    given = get_object_or_404(StockHelp, pk=wish_id, branch__in=branches_of(request.user))
    if give_up_wish(given=given, now=timezone.now()):
        messages.success(request, _("She is not told any more."))
    return redirect(way_back(request, reverse("desk:orders")))
