"""Notes: two taps and the text."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.desk.access import desk_page, visible_client
from crm.desk.clients.finding import ask_who
from crm.desk.clients.views import show_client
from crm.desk.notes.forms import HEALTH, NoteForm
from crm.people.models import HealthNote, Note
from crm.people.selectors import may_read_health
from crm.people.services import (
    add_health_note,
    add_note,
    pin_note,
    remove_note,
    restore_note,
    retire_health_note,
    tick_asked,
    untick_asked,
    update_note,
)


@require_safe
@desk_page
def note_new(request: HttpRequest) -> HttpResponse:
    """About whom? Then straight to the note on her card."""
    wanted = request.GET.get("client", "")
    if wanted.isdecimal():
        return redirect(reverse("desk:client", args=[int(wanted)]) + "#note")
    return ask_who(request, heading=_("A note about whom?"), nav="clients")


@require_POST
@desk_page
def note_add(request: HttpRequest, client_id: int) -> HttpResponse:
    """Keeps a note; a health note where the kind says so, which needs somebody who treats her."""
    client = visible_client(client_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show_client(request, client_id, form, status=422)
    told = {
        "client": client,
        "text": form.cleaned_data["text"],
        "now": timezone.now(),
        "branch": request.branch,
        "author": request.user,
    }
    if form.cleaned_data["kind"] == HEALTH:
        add_health_note(**told)
    else:
        add_note(kind=form.cleaned_data["kind"], ask_again_on=form.cleaned_data["ask_again_on"], **told)
    messages.success(request, _("Remembered."))
    return redirect("desk:client", client_id=client.pk)


@require_http_methods(["GET", "POST"])
@desk_page
def note_edit(request: HttpRequest, note_id: int) -> HttpResponse:
    """Words, kind, and when to ask again."""
    note = get_object_or_404(Note.objects.select_related("client"), pk=note_id)
    form = NoteForm(
        request.POST or None, initial={"text": note.text, "kind": note.kind, "ask_again_on": note.ask_again_on}
    )
    form.fields["kind"].choices = Note.Kind.choices
    if request.method == "POST" and form.is_valid():
        update_note(
            note=note,
            text=form.cleaned_data["text"],
            kind=form.cleaned_data["kind"],
            ask_again_on=form.cleaned_data["ask_again_on"],
        )
        messages.success(request, _("Kept."))
        return redirect("desk:client", client_id=note.client_id)
    context = {"nav": "clients", "client": note.client, "note": note, "form": form}
    return render(request, "desk/notes/page.html", context, status=422 if form.errors else 200)


@require_POST
@desk_page
def note_pin(request: HttpRequest, note_id: int) -> HttpResponse:
    """On top of the card, or not."""
    note = get_object_or_404(Note, pk=note_id)
    pin_note(note=note, is_pinned=not note.is_pinned)
    return redirect("desk:client", client_id=note.client_id)


@require_POST
@desk_page
def note_asked(request: HttpRequest, note_id: int) -> HttpResponse:
    """She was asked about it today."""
    note = get_object_or_404(Note.objects.select_related("client"), pk=note_id)
    tick_asked(client=note.client, note_ids=[note.pk], today=timezone.localdate())
    messages.success(request, _("Asked: noted."), extra_tags=reverse("desk:note_unasked", args=[note.pk]))
    return redirect("desk:client", client_id=note.client_id)


@require_POST
@desk_page
def note_unasked(request: HttpRequest, note_id: int) -> HttpResponse:
    note = get_object_or_404(Note, pk=note_id)
    untick_asked(note=note)
    return redirect("desk:client", client_id=note.client_id)


@require_POST
@desk_page
def note_remove(request: HttpRequest, note_id: int) -> HttpResponse:
    """Off the card, with a way back."""
    note = get_object_or_404(Note, pk=note_id)
    client_id = note.client_id
    key = remove_note(note=note)
    messages.success(request, _("The note is gone."), extra_tags=reverse("desk:note_restore", args=[client_id, key]))
    return redirect("desk:client", client_id=client_id)


@require_POST
@desk_page
def note_restore(request: HttpRequest, client_id: int, note_id: int) -> HttpResponse:
    """The note is back as it was."""
    client = visible_client(client_id)
    if restore_note(client=client, key=note_id):
        messages.success(request, _("The note is back."))
    return redirect("desk:client", client_id=client.pk)


@require_POST
@desk_page
def health_retire(request: HttpRequest, note_id: int) -> HttpResponse:
    """A health note that is no longer true; only who treats her says so."""
    note = get_object_or_404(HealthNote, pk=note_id, branch=request.branch)
    if not may_read_health(request.user, request.branch):
        raise PermissionDenied
    retire_health_note(note=note)
    messages.success(request, _("No longer true: noted."))
    return redirect("desk:client", client_id=note.client_id)
