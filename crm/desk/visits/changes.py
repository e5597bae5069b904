"""Moving, cancelling, not coming, and taking it back."""

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.booking.local_time import NoSuchTime, typed_instant
from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import (
    BookingRefused,
    Slot,
    SlotTaken,
    able_masters,
    cancel_appointment,
    mark_no_show,
    move_appointment,
    services_of,
    slots_to_move,
)
from crm.booking.services.beside import free_for_her
from crm.booking.services.series import send_now_together, undo_together
from crm.catalogue.models import Service
from crm.desk.access import desk_page, visible_appointment, visible_event, way_back
from crm.desk.booking.slots import a_few_each_day, slot_choices
from crm.desk.visits.forms import CancelForm, MoveForm, ask_words, word_for
from crm.desk.words import hour_words, short_day
from crm.team.selectors import zone
from reminders.journeys.services.doorbell import ring

DAYS_SHOWN = 7
Via = AppointmentEvent.Via


@require_http_methods(["GET", "POST"])
@desk_page
def move(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Another time or another master; free times are one tap."""
    appointment = visible_appointment(request, appointment_id)
    services = services_of(appointment)
    masters = able_masters(branch=appointment.branch, services=services)
    starts = timezone.localtime(appointment.starts_at)
    initial = {"day": starts.date(), "at": starts.time(), "master": appointment.master_id}
    form = MoveForm(_picked(request) or None, masters=masters, initial=initial)
    nearest = None
    word = ""
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            event = move_appointment(
                appointment=appointment,
                starts_at=typed_instant(wanted["day"], wanted["at"], zone(appointment.branch)),
                master=next(master for master in masters if master.pk == wanted["master"]),
                now=timezone.now(),
                by=Appointment.By.SALON,
                via=Via.DESK,
                user=request.user,
                outside_hours=wanted["outside_hours"],
                beside_another=wanted["beside_another"],
                off_grid=wanted["off_grid"],
            )
        except NoSuchTime as refusal:
            form.add_error("at", str(refusal.words))
        except SlotTaken as refusal:
            nearest = refusal.nearest
            word = word_for(refusal)
            form.add_error(None, refusal.desk_words)
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("Moved: %(day)s, %(hour)s.") % {
                "day": short_day(timezone.localtime(appointment.starts_at).date()),
                "hour": hour_words(appointment.starts_at),
            }
            return _said(request, appointment, event, words)
    if nearest is None:
        now = timezone.now()
        nearest = _free(appointment, services, from_day=max(starts.date(), timezone.localdate(now)), now=now)
    ask_words(form, word)
    context = {
        "nav": "calendar",
        "visit": appointment,
        "form": form,
        "word": word,
        "slots": slot_choices(nearest),
    }
    return render(request, "desk/visits/move.html", context, status=422 if form.errors else 200)


def _free(appointment: Appointment, services: list[Service], *, from_day: date, now: datetime) -> list[Slot]:
    """A week of her master's free times, a few of each day, but for the one she has."""
    if not services:
        return []
    slots = slots_to_move(appointment=appointment, from_day=from_day, days=DAYS_SHOWN, now=now)
    elsewhere = [slot for slot in slots if slot.starts_at != appointment.starts_at]
    return a_few_each_day(free_for_her(elsewhere, client_id=appointment.client_id, leaving_out=appointment.pk))


def _picked(request: HttpRequest) -> dict[str, str]:
    """The form as sent; a tapped free time fills day, hour and master."""
    if request.method != "POST":
        return {}
    data = request.POST.dict()
    parts = data.get("slot", "").split("|")
    if len(parts) == 3:
        data["day"], data["at"], data["master"] = parts
    return data


@require_http_methods(["GET", "POST"])
@desk_page
def cancel(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """She will not come: by whom and why. It can be undone while its message waits."""
    appointment = visible_appointment(request, appointment_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            event = cancel_appointment(
                appointment=appointment,
                now=timezone.now(),
                by=form.cleaned_data["by"],
                via=Via.DESK,
                user=request.user,
                reason=form.cleaned_data["reason"],
            )
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _said(request, appointment, event, _("Cancelled. Her time is free again."))
    context = {"nav": "calendar", "visit": appointment, "form": form}
    return render(request, "desk/visits/cancel.html", context, status=422 if form.errors else 200)


@require_POST
@desk_page
def no_show(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """She did not come."""
    appointment = visible_appointment(request, appointment_id)
    try:
        event = mark_no_show(appointment=appointment, now=timezone.now(), user=request.user)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:visit", appointment_id=appointment.pk)
    return _said(request, appointment, event, _("Noted: she did not come."))


@require_POST
@desk_page
def undo(request: HttpRequest, event_id: int) -> HttpResponse:
    """As it was before."""
    event = visible_event(request, event_id)
    try:
        undo_together(event=event, now=timezone.now(), user=request.user)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        ring()
        messages.success(request, _("As it was before."))
    return redirect(way_back(request, reverse("desk:visit", args=[event.appointment_id])))


@require_POST
@desk_page
def send_message_now(request: HttpRequest, event_id: int) -> HttpResponse:
    """The held message goes at once; undo is over then."""
    event = visible_event(request, event_id)
    if send_now_together(event=event, now=timezone.now()):
        ring()
        messages.success(request, _("The message is on its way."))
    return redirect("desk:visit", appointment_id=event.appointment_id)


def _said(request: HttpRequest, appointment: Appointment, event: AppointmentEvent, words: str) -> HttpResponse:
    ring()
    undo_url = reverse("desk:undo", args=[event.pk]) if event.held_until else ""
    messages.success(request, words, extra_tags=undo_url)
    return redirect("desk:visit", appointment_id=appointment.pk)
