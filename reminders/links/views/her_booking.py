"""Booking behind her own link: she is known, so nobody asks for a name or a code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from crm.booking.models import AppointmentEvent
from crm.booking.services import BookingRefused
from crm.team.connection import connection_of
from reminders.links.doors import Visitor, behind
from reminders.links.forms import SlotForm
from reminders.links.selectors.bookable import may_book, open_branches
from reminders.links.services.booking import book_by_herself
from reminders.links.services.coupons import hang_coupon, read_coupon
from reminders.links.views.booking import (
    Way,
    choice_of,
    details_of,
    refused_with,
    services_page,
    times_page,
    typed_coupon,
    wanted_of,
)
from reminders.links.views.offer import to_appointment
from reminders.messages.tokens import Door, slot_code

HERS = Way(space="my:book_", frame="links/_shell.html")


def closed_to_her(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """She books by telephone."""
    return render(request, "links/please_call.html", {"branch": visitor.client.branch})


@require_safe
@behind(Door.HOME)
def start(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    if not may_book(visitor.client):
        return closed_to_her(request, visitor)
    return services_page(request, visitor, HERS)


@require_safe
@behind(Door.HOME)
def times(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    if not may_book(visitor.client):
        return closed_to_her(request, visitor)
    return times_page(request, visitor, HERS)


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.HOME)
def details(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Once more what, when and what holds; then it is booked."""
    if not may_book(visitor.client):
        return closed_to_her(request, visitor)
    choice = choice_of(HERS, request.GET, list(open_branches()))
    if choice is None or not choice.services:
        return redirect("my:book_start")
    # another time tapped where this one was taken: shown first, not booked
    other = request.POST.get("other", "")
    slot = other or request.POST.get("slot") or request.GET.get("slot", "")
    wanted = wanted_of(choice, SlotForm({"slot": slot}, branch=choice.branch))
    if wanted is None:
        return redirect(choice.to("times"))
    coupon = read_coupon(typed=typed_coupon(request), wanted=wanted, reader=visitor, connection=connection_of(request))
    refusal = None
    if request.method == "POST" and not other and "look" not in request.POST and not coupon.refusal:
        try:
            taken = book_by_herself(
                client=visitor.client, wanted=wanted, now=visitor.now, via=AppointmentEvent.Via.LINK
            )
        except BookingRefused as refused:
            refusal = refused
        else:
            taken = hang_coupon(taken=taken, typed=coupon.typed, now=visitor.now)
            return to_appointment(request, taken, now=visitor.now)
    context = {
        **details_of(choice, wanted, visitor, coupon),
        **refused_with(refusal, choice, visitor, wanted),
        "action": choice.to("details"),
        "slot": slot_code(wanted.starts_at, wanted.master.pk),
        "is_proved": True,
    }
    return render(request, "book/details.html", context)
