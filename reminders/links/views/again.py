"""A time for what is done again, free, chosen by her on the page of her complaint (practices.md, P31)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import BookingRefused, SlotTaken
from crm.care.models import ComplaintOption
from crm.care.services import RedoRefused, book_redo
from crm.people.models import Client
from reminders.journeys.services.doorbell import ring
from reminders.links.doors import Visitor, behind
from reminders.links.forms import SlotForm, WhenForm
from reminders.links.made_good import is_booked, open_redo
from reminders.links.selectors.keys import complaint_of
from reminders.links.selectors.times import chooser
from reminders.links.services import Taken
from reminders.links.views.offer import to_appointment
from reminders.links.words import chooser_context, service_names, slots_for
from reminders.messages.tokens import Door

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.COMPLAINT)
def times(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Free times of a fortnight; one tap books."""
    complaint = complaint_of(visitor.key)
    redo = open_redo(complaint)
    chosen = (
        complaint.options.filter(state=ComplaintOption.State.CHOSEN, kind=ComplaintOption.Kind.REDO)
        .order_by("-chosen_at")
        .first()
    )
    if redo is None or chosen is None or is_booked(redo):
        return redirect("my:complaint", subject=complaint.pk)
    services = list(chosen.services.all())
    context: dict[str, Any] = {
        "complaint": complaint,
        "branch": redo.branch,
        "what": visitor.speech.listed(*service_names(services, visitor.language)),
    }
    status = 200
    if request.method == "POST":
        form = SlotForm(request.POST, branch=redo.branch)
        status = REFUSED
        if not form.is_valid():
            context["refusal"] = _("This time cannot be read. Choose one of these.")
        else:
            try:
                appointment = book_redo(
                    redo=redo,
                    services=services,
                    now=visitor.now,
                    by=Appointment.By.CLIENT,
                    via=AppointmentEvent.Via.LINK,
                    **form.chosen,
                )
            except SlotTaken as refusal:
                context |= {"refusal": str(refusal), "nearest": slots_for(refusal.nearest, visitor)}
            except (BookingRefused, RedoRefused) as refusal:
                context["refusal"] = str(refusal)
            else:
                ring()
                return to_appointment(request, Taken(appointment, is_new=True), now=visitor.now)
    client = Client.objects.get(pk=complaint.client_id)
    found = chooser(
        branch=redo.branch, services=services, now=visitor.now, client=client, **WhenForm(request.GET).chosen
    )
    context |= chooser_context(found, visitor)
    return render(request, "links/again.html", context, status=status)
