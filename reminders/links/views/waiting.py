"""A freed time offered to one who waits: looked at by GET, taken or declined by POST (practices.md, P48)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.booking.models import WaitingEntry, WaitingOffer
from crm.booking.services import BookingRefused, ClientBusy, Slot, SlotTaken
from crm.booking.services.waiting import others_for, services_waited, slot_of
from reminders.links.doors import Visitor, behind
from reminders.links.forms import OfferForm, SlotForm
from reminders.links.selectors.keys import offered_time
from reminders.links.services import Taken, answer_offer, take_another_time, wait_no_more
from reminders.links.views.offer import to_appointment
from reminders.links.words import service_names, slots_for
from reminders.messages.booked import about_offer
from reminders.messages.destinations import appointment_url
from reminders.messages.tokens import Door


def context_of(offer: WaitingOffer, visitor: Visitor) -> dict[str, Any]:
    entry = offer.entry
    is_waiting = entry.state == WaitingEntry.State.WAITING
    return {
        "offer": offer,
        "facts": {
            **about_offer(offer, visitor.speech),
            "what": visitor.speech.listed(*service_names(services_waited(entry), visitor.language)),
        },
        "is_waiting": is_waiting,
        # the hour decides and who else was there, not the row: a late yes is as good as long as the time is free
        "is_free": is_waiting and visitor.now < offer.starts_at and slot_of(offer, now=visitor.now) is not None,
        "is_declined": offer.state == WaitingOffer.State.DECLINED,
        "booked_url": appointment_url(entry.appointment, today=visitor.now.date()) if entry.appointment else "",
        "branch": entry.branch,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.WAITING)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    offer = offered_time(visitor.key)
    nearest: list[Slot] | None = None
    form = OfferForm(request.POST)
    other = SlotForm(request.POST, branch=offer.entry.branch)
    if request.method == "POST" and (form.is_valid() or other.is_valid()):
        try:
            if other.is_valid():
                appointment = take_another_time(offer=offer, now=visitor.now, **other.chosen)
            else:
                takes = form.cleaned_data["answer"] == OfferForm.YES
                appointment = answer_offer(offer=offer, takes=takes, now=visitor.now)
        except SlotTaken as refusal:
            nearest = refusal.nearest
            if other.is_valid() or isinstance(refusal, ClientBusy):
                messages.error(request, str(refusal))
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            if appointment is not None:
                return to_appointment(request, Taken(appointment, is_new=True), now=visitor.now)
            return redirect("my:waiting", subject=offer.pk)
        offer = offered_time(visitor.key)
    context = context_of(offer, visitor)
    if nearest is None and context["is_waiting"] and not context["is_free"]:
        nearest = others_for(offer, now=visitor.now)
    return render(request, "links/waiting.html", context | {"nearest": slots_for(nearest or [], visitor)})


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.WAITING)
def no_more(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """She waits no more; asked first."""
    offer = offered_time(visitor.key)
    if request.method == "POST":
        wait_no_more(entry=offer.entry, now=visitor.now)
        messages.success(request, _("You are off the list. Come whenever you like."))
        return redirect("my:waiting", subject=offer.pk)
    return render(request, "links/waiting_no_more.html", context_of(offer, visitor))
