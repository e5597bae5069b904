"""Her appointment: confirm it, move it, cancel it, put it into the calendar (practices.md, P17)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.booking.models import Appointment
from crm.booking.selectors import change_ends_at
from crm.booking.services import BookingRefused, SlotTaken, services_of
from crm.team.selectors import branch_day
from loyalty.vouchers.selectors import reserved_for
from reminders.links.doors import Visitor, behind
from reminders.links.forms import AskForm, SlotForm, WhenForm
from reminders.links.selectors.bookable import may_book
from reminders.links.selectors.hers import asks_whether_she_comes, change_asked, is_short_notice
from reminders.links.selectors.keys import appointment_of
from reminders.links.selectors.times import DAYS_A_PAGE, chooser
from reminders.links.services import ask_to_change, cancel_by_link, confirm_by_link, move_by_link
from reminders.links.words import appointment_facts, chooser_context, slots_for, voucher_words
from reminders.messages.calendar_file import calendar_file
from reminders.messages.destinations import appointment_url
from reminders.messages.speech import standing_values
from reminders.messages.tokens import Door

Status = Appointment.Status


def back_to(appointment: Appointment) -> HttpResponseRedirect:
    return redirect("my:appointment", subject=appointment.pk)


def context_of(appointment: Appointment, visitor: Visitor) -> dict:
    is_ahead = appointment.status in (Status.BOOKED, Status.CONFIRMED) and visitor.now < appointment.starts_at
    return {
        "appointment": appointment,
        "facts": appointment_facts(appointment, visitor),
        "vouchers": [voucher_words(voucher, visitor) for voucher in reserved_for(appointment)],
        "is_ahead": is_ahead,
        "can_change": is_ahead and visitor.now < change_ends_at(appointment),
        "may_confirm": is_ahead
        and appointment.status == Status.BOOKED
        and asks_whether_she_comes(appointment, visitor.now),
        "is_short_notice": is_ahead and is_short_notice(appointment, visitor.now),
        "is_asked": is_ahead and change_asked(appointment),
        "can_book": may_book(visitor.client),
        "branch": appointment.branch,
    }


@require_safe
@behind(Door.APPOINTMENT)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    return render(request, "links/appointment.html", context_of(appointment_of(visitor.key), visitor))


@require_POST
@behind(Door.APPOINTMENT)
def confirm(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    appointment = appointment_of(visitor.key)
    try:
        confirm_by_link(appointment=appointment, now=visitor.now)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    return back_to(appointment)


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.APPOINTMENT)
def move(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    appointment = appointment_of(visitor.key)
    context = context_of(appointment, visitor)
    if not context["can_change"]:
        return back_to(appointment)
    ahead = (appointment.on - branch_day(appointment.branch, visitor.now)).days
    when = WhenForm(
        request.GET,
        begin={"master_id": appointment.master_id, "day": appointment.on, "page": ahead // DAYS_A_PAGE},
    )
    services = services_of(appointment)
    found = chooser(
        branch=appointment.branch,
        services=services,
        now=visitor.now,
        moving=appointment,
        **when.chosen,
    )
    form = SlotForm(request.POST or None, branch=appointment.branch)
    if request.method == "POST" and form.is_valid():
        try:
            move_by_link(appointment=appointment, now=visitor.now, **form.chosen)
        except SlotTaken as taken:
            context |= {"refusal": str(taken), "nearest": slots_for(taken.nearest, visitor)}
        except BookingRefused as refusal:
            context["refusal"] = str(refusal)
        else:
            messages.success(request, _("Moved. We look forward to you at the new time."))
            return back_to(appointment)
    elif request.method == "POST":
        context["refusal"] = _("This time cannot be read. Choose one of these.")
    context |= chooser_context(found, visitor)
    return render(request, "links/move.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.APPOINTMENT)
def cancel(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    appointment = appointment_of(visitor.key)
    context = context_of(appointment, visitor)
    if not context["can_change"]:
        return back_to(appointment)
    if request.method == "POST":
        try:
            cancel_by_link(appointment=appointment, now=visitor.now)
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
        return back_to(appointment)
    return render(request, "links/cancel.html", context)


@require_POST
@behind(Door.APPOINTMENT)
def ask(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Too late to change it by herself: the desk calls her."""
    appointment = appointment_of(visitor.key)
    form = AskForm(request.POST)
    try:
        ask_to_change(
            appointment=appointment, words=form.cleaned_data["words"] if form.is_valid() else "", now=visitor.now
        )
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    return back_to(appointment)


@require_safe
@behind(Door.APPOINTMENT)
def calendar(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    appointment = appointment_of(visitor.key)
    facts = appointment_facts(appointment, visitor)
    salon = standing_values(visitor.client, visitor.speech)["salon"]
    content = calendar_file(
        appointment,
        # a calendar is seen by more eyes than hers
        summary=f"{salon}: {facts['service']}",
        description=f"{facts['details']}\n{appointment_url(appointment, today=branch_day(appointment.branch, visitor.now))}",
        salon=salon,
        now=visitor.now,
        is_cancelled=appointment.status == Status.CANCELLED,
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response
