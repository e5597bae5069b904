"""Clients: found as one types, each on one page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.desk.access import desk_page, is_front_desk, visible_client
from crm.desk.clients.card import client_card, found_row
from crm.desk.clients.finding import found_or_lately, found_with_tag
from crm.desk.clients.forms import ClientForm, StatusForm
from crm.desk.clients.sharing import tell_shared_number
from crm.desk.notes.forms import NoteForm
from crm.people.models import Client, Tag
from crm.people.selectors import person_of
from crm.people.services import set_client_status, update_client
from crm.reports.selectors.states import standings
from reminders.consent.services import revive


@require_safe
@desk_page
def clients(request: HttpRequest) -> HttpResponse:
    """Search by name, in any script, or by the last digits; without a word those who were here lately.

    `?tag=` those who have that tag.
    """
    query = request.GET.get("q", "").strip()
    now = timezone.now()
    tags = list(Tag.objects.order_by("name"))
    tag = next((each for each in tags if str(each.pk) == request.GET.get("tag")), None)
    found = found_with_tag(tag, query) if tag else found_or_lately(request.branch, query)
    stand = standings(found, today=timezone.localdate(now), now=now)
    context = {
        "nav": "clients",
        "query": query,
        "tags": tags,
        "tag": tag,
        "kept": "tag" if tag else "",
        "rows": [found_row(client, now, stand[client.pk]) for client in found],
        "may_merge": is_front_desk(request.user),
    }
    return render(request, "desk/clients/_found.html" if request.htmx else "desk/clients/search.html", context)


@require_safe
@desk_page
def client_page(request: HttpRequest, client_id: int) -> HttpResponse:
    """The card. `?shown=1` is the mode that she may see over the shoulder."""
    return show_client(request, client_id, NoteForm())


def show_client(request: HttpRequest, client_id: int, form: NoteForm, *, status: int = 200) -> HttpResponse:
    shown = request.GET.get("shown") == "1"
    try:
        card = client_card(
            client_id, branch=request.branch, user=request.user, now=timezone.now(), over_the_shoulder=shown
        )
    except Http404:
        # an address that was kept from before two cards became one
        person = person_of(client_id)
        if person is None or person.pk == client_id:
            raise
        return redirect("desk:client", client_id=person.pk)
    context = {
        "nav": "clients",
        "card": card,
        "client": card.client,
        "shown": shown,
        "form": form,
        "may_merge": not shown and is_front_desk(request.user),
    }
    return render(request, "desk/clients/card.html", context, status=status)


@require_http_methods(["GET", "POST"])
@desk_page
def client_edit(request: HttpRequest, client_id: int) -> HttpResponse:
    """Contacts and manners."""
    client = visible_client(client_id)
    form = ClientForm(request.POST or None, instance=client)
    if request.method == "POST" and form.is_valid():
        try:
            kept = update_client(client=Client(pk=client.pk), **form.cleaned_data)
            revive(client=client, changed=form.changed_data)
        except ValidationError as refusal:
            for name, words in refusal.message_dict.items():
                form.add_error(name if name in form.fields else None, words)
        else:
            messages.success(request, _("Kept."))
            if "phone" in form.changed_data:
                tell_shared_number(request, kept)
            return redirect("desk:client", client_id=client.pk)
    context = {"nav": "clients", "client": client, "form": form}
    return render(request, "desk/clients/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk_page
def client_status(request: HttpRequest, client_id: int) -> HttpResponse:
    """Active, on a break, moved away, blocked, deceased."""
    client = visible_client(client_id)
    form = StatusForm(request.POST or None, initial={"status": client.status, "break_until": client.break_until})
    if request.method == "POST" and form.is_valid():
        try:
            set_client_status(
                client=client,
                status=form.cleaned_data["status"],
                break_until=form.cleaned_data["break_until"],
                today=timezone.localdate(),
            )
        except ValidationError as refusal:
            for name, words in refusal.message_dict.items():
                form.add_error(name if name in form.fields else None, words)
        else:
            messages.success(request, _("Kept."))
            return redirect("desk:client", client_id=client.pk)
    context = {"nav": "clients", "client": client, "form": form}
    return render(request, "desk/clients/status.html", context, status=422 if form.errors else 200)
