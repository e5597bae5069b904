"""Who comes to an event: on a list, as a file, on paper; ticked at the door."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.desk.access import desk_page
from reminders.campaigns.models import Event, Guest
from reminders.campaigns.selectors.guests import events_for_desk, guests_of, room_of
from reminders.campaigns.services.answering import note_came

# a cell that begins so would be taken for a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def visible_event(request: HttpRequest, party_id: int) -> Event:
    """An event of this branch or of the whole salon; 404 else."""
    return get_object_or_404(events_for_desk(request.branch.pk, now=timezone.now()), pk=party_id)


@require_safe
@desk_page
def events(request: HttpRequest) -> HttpResponse:
    """The next first, and those just over."""
    found = events_for_desk(request.branch.pk, now=timezone.now())
    return render(request, "desk/events/list.html", {"nav": "", "events": found})


@require_safe
@desk_page
def event_page(request: HttpRequest, party_id: int) -> HttpResponse:
    """The guest list, ticked at the door; its own style makes it a list on paper."""
    event = visible_event(request, party_id)
    guests = list(guests_of(event))
    context = {
        "nav": "",
        "event": event,
        "room": room_of(event),
        "coming": [guest for guest in guests if guest.state == Guest.State.COMING],
        "waiting": [guest for guest in guests if guest.state == Guest.State.WAITING],
    }
    return render(request, "desk/events/event.html", context)


@require_POST
@desk_page
def came(request: HttpRequest, party_id: int, guest_id: int) -> HttpResponse:
    """Ticked, or the tick taken back."""
    event = visible_event(request, party_id)
    guest = get_object_or_404(event.guests, pk=guest_id)
    note_came(guest=guest, came=request.POST.get("came") == "1", now=timezone.now())
    return redirect("desk:event", party_id=event.pk)


@require_safe
@desk_page
def guests_file(request: HttpRequest, party_id: int) -> HttpResponse:
    """The guest list for a spreadsheet."""
    event = visible_event(request, party_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="guests.csv"'
    response.write("\ufeff")
    file = csv.writer(response)
    file.writerow([_("Name"), _("Answer"), _("Seats"), _("Came")])
    for guest in guests_of(event):
        name = guest.client.shown_name
        shown = f"'{name}" if name.startswith(FORMULA) else name
        file.writerow([shown, guest.get_state_display(), guest.seats, _("yes") if guest.came_at else ""])
    return response
