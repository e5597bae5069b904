"""Steps taken on the calendar itself. Each answers JSON: what was done with a toast, or why not with a sheet."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.booking.local_time import NoSuchTime, computed_instant, typed_instant
from crm.booking.models import Appointment, AppointmentEvent, AppointmentService
from crm.booking.services import (
    BookingRefused,
    CannotDoService,
    Slot,
    SlotTaken,
    cancel_appointment,
    move_appointment,
    slots_to_move,
    undo_event,
)
from crm.booking.services.beside import NEAREST, free_for_her
from crm.booking.services.moving import longest_end
from crm.booking.services.time_off import VisitsThen, end_time_off, take_time_off
from crm.desk.access import desk_page, visible_appointment, visible_event
from crm.desk.booking.slots import slot_choices
from crm.desk.calendar.access import may_change_time_off, visible_master, visible_time_off
from crm.desk.calendar.forms import DragForm, OffForm
from crm.desk.calendar.views import is_now, master_context
from crm.desk.visits.forms import CancelForm, word_for
from crm.desk.words import day_words, hour_words
from crm.team.models import Master
from crm.team.selectors import masters_of, zone
from crm.team.wording import isolated
from reminders.journeys.services.doorbell import ring

Via = AppointmentEvent.Via
DAYS_LOOKED_AT = 4


@require_POST
@desk_page
def move(request: HttpRequest, appointment_id: int) -> JsonResponse:
    """Another time, another master or another length: by drag, or by a free time that was tapped."""
    appointment = visible_appointment(request, appointment_id)
    masters = list(masters_of(appointment.branch))
    form = DragForm(picked(request), masters=masters)
    if not form.is_valid():
        return refused(request, _("Choose a day, an hour and a master."), appointment)
    wanted = form.cleaned_data
    try:
        event = move_appointment(
            appointment=appointment,
            starts_at=typed_instant(wanted["day"], wanted["at"], zone(appointment.branch)),
            now=timezone.now(),
            by=Appointment.By.SALON,
            via=Via.DESK,
            user=request.user,
            outside_hours=wanted["outside_hours"],
            beside_another=wanted["beside_another"],
            off_grid=wanted["off_grid"],
            sequence=wanted["sequence"],
            **_whose(appointment, masters, wanted),
            **({"minutes": wanted["minutes"]} if wanted["minutes"] else {}),
        )
    except NoSuchTime as refusal:
        return refused(request, str(refusal.words), appointment)
    except SlotTaken as refusal:
        word = wanted | {agreed: True} if (agreed := word_for(refusal)) else None
        return refused(
            request,
            refusal.desk_words,
            appointment,
            nearest=refusal.nearest,
            word=word,
            minutes=wanted["minutes"],
            longest=_longest(appointment, wanted),
        )
    except CannotDoService as refusal:
        slots = _of_those_who_can(appointment, wanted)
        return refused(request, str(refusal), appointment, nearest=slots, whole=True)
    except BookingRefused as refusal:
        return refused(request, str(refusal), appointment)
    words = _("%(name)s: %(day)s, %(hour)s.") % {
        "name": isolated(appointment.client.shown_name),
        "day": day_words(appointment.on),
        "hour": f"{hour_words(appointment.starts_at)}–{hour_words(appointment.ends_at)}",
    }
    return said(request, words, event)


def _longest(appointment: Appointment, wanted: dict[str, Any]) -> dict[str, Any] | None:
    """Where only its end was drawn: the longest that is free, for the form that takes it."""
    if not wanted["minutes"] or wanted["minutes"] <= appointment.minutes:
        return None
    ends_at = longest_end(appointment=appointment, minutes=wanted["minutes"], now=timezone.now())
    if ends_at is None:
        return None
    return wanted | {"minutes": (ends_at - appointment.starts_at) // timedelta(minutes=1), "ends": hour_words(ends_at)}


def _of_those_who_can(appointment: Appointment, wanted: dict[str, Any]) -> list[Slot]:
    """Free times nearest to where it was let go, of one who does all of it."""
    around = typed_instant(wanted["day"], wanted["at"], zone(appointment.branch))
    now = timezone.now()
    slots = slots_to_move(
        appointment=appointment,
        from_day=max(wanted["day"], timezone.localdate(now)),
        days=DAYS_LOOKED_AT,
        now=now,
        anyone=True,
    )
    alone = [
        slot
        for slot in free_for_her(slots, client_id=appointment.client_id, leaving_out=appointment.pk)
        if len(slot.team) == 1
    ]
    return sorted(alone, key=lambda slot: (abs(slot.starts_at - around), slot.starts_at))[:NEAREST]


def picked(request: HttpRequest) -> dict[str, str]:
    """The form as sent; a tapped free time fills day, hour and master."""
    data = request.POST.dict()
    parts = data.get("slot", "").split("|")
    if len(parts) == 3:
        data["day"], data["at"], data["master"] = parts
    return data


def _whose(appointment: Appointment, masters: list[Master], wanted: dict[str, Any]) -> dict[str, Any]:
    """A part that was dragged to another column, the whole for whoever is free, or what its own master was to do."""
    target = next(master for master in masters if master.pk == wanted["master"])
    lines = AppointmentService.objects.filter(appointment=appointment).select_related("master").order_by("position")
    hands = [line.master or appointment.master for line in lines]
    if hands and wanted["instead_of"]:
        hands = [target if master.pk == wanted["instead_of"] else master for master in hands]
        return {"master": hands[0], "masters": hands}
    if hands and wanted["whole"]:
        return {"master": target, "masters": [target] * len(hands)}
    return {"master": target}


@require_POST
@desk_page
def cancel(request: HttpRequest, appointment_id: int) -> JsonResponse:
    """She will not come: by whom and why."""
    appointment = visible_appointment(request, appointment_id)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return sheet(request, "desk/calendar/_cancel.html", {"visit": appointment, "form": form})
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
        return refused(request, str(refusal), appointment)
    return said(request, _("Cancelled. Her time is free again."), event)


@require_POST
@desk_page
def undo(request: HttpRequest, event_id: int) -> JsonResponse:
    """As it was before."""
    event = visible_event(request, event_id)
    try:
        undo_event(event=event, now=timezone.now(), user=request.user)
    except BookingRefused as refusal:
        return refused(request, str(refusal), event.appointment)
    return said(request, _("As it was before."))


@require_POST
@desk_page
def add_off(request: HttpRequest, master_id: int) -> JsonResponse:
    """A break, a day or a holiday; visits in its way are named first."""
    master = visible_master(request, master_id)
    if not may_change_time_off(request.user, master):
        raise PermissionDenied
    form = OffForm(request.POST)
    if not form.is_valid():
        return _off_refused(request, master, form)
    asked = form.cleaned_data
    here = zone(master.branch)
    try:
        starts_at, ends_at = _off_times(asked, here)
        take_time_off(
            master=master,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=asked["reason"],
            despite_visits=asked["despite_visits"],
        )
    except NoSuchTime as refusal:
        form.add_error(None, str(refusal.words))
        return _off_refused(request, master, form)
    except VisitsThen as refusal:
        form.add_error(None, str(refusal))
        return _off_refused(request, master, form, visits=refusal.appointments)
    except BookingRefused as refusal:
        form.add_error(None, str(refusal))
        return _off_refused(request, master, form)
    return said(request, _("Nobody is booked with %(name)s then.") % {"name": isolated(master.name)})


def _off_times(asked: dict[str, Any], here: Any) -> tuple[datetime, datetime]:
    """Typed hours, or whole days."""
    last: date = asked["to_day"] or asked["day"]
    starts_at = typed_instant(asked["day"], asked["starts"] or time(0), here)
    if asked["ends"] is None:
        return starts_at, computed_instant(last + timedelta(days=1), time(0), here)
    return starts_at, typed_instant(last, asked["ends"], here)


def _off_refused(request: HttpRequest, master: Master, form: OffForm, *, visits: Any = ()) -> JsonResponse:
    on = getattr(form, "cleaned_data", {}).get("day") or timezone.localdate()
    context = master_context(request, master, on) | {"form": form, "visits": visits, "open": True}
    return sheet(request, "desk/calendar/_master.html", context)


@require_POST
@desk_page
def remove_off(request: HttpRequest, time_off_id: int) -> JsonResponse:
    off = visible_time_off(request, time_off_id)
    if not may_change_time_off(request.user, off.master):
        raise PermissionDenied
    end_time_off(time_off=off)
    return said(request, _("%(name)s can be booked then again.") % {"name": isolated(off.master.name)})


def said(request: HttpRequest, words: str, event: AppointmentEvent | None = None) -> JsonResponse:
    """It is done: a toast, with Undo where it can be taken back."""
    ring()
    undo_url = reverse("desk:calendar_undo", args=[event.pk]) if event is not None and event.held_until else ""
    messages.success(request, words, extra_tags=undo_url)
    return JsonResponse({"said": words, "toasts": render_to_string("components/toasts.html", request=request)})


def refused(
    request: HttpRequest,
    why: str,
    appointment: Appointment,
    *,
    nearest: list[Slot] | None = None,
    word: dict[str, Any] | None = None,
    minutes: int | None = None,
    longest: dict[str, Any] | None = None,
    whole: bool = False,
) -> JsonResponse:
    """It is as it was: why, and the nearest free times.

    `word` is what was asked for, if the desk's word would do; `minutes` the new length, if it got one, and `longest`
    how much of that is free where it stands. `whole`: at those times one master does all of it.
    """
    # the time she has is free for her, and no other time
    elsewhere = [slot for slot in nearest or [] if not is_now(appointment, slot)]
    context = {"why": why, "visit": appointment, "slots": slot_choices(elsewhere), "word": word}
    context |= {"minutes": minutes, "longest": longest, "whole": whole}
    return sheet(request, "desk/calendar/_refused.html", context, why=why)


def sheet(request: HttpRequest, template: str, context: dict[str, Any], *, why: str = "") -> JsonResponse:
    return JsonResponse({"why": why, "sheet": render_to_string(template, context, request=request)}, status=409)
