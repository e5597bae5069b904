"""Ticking the steps of a visit, and the question before it is finished (practices.md, P5)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.booking.models import Appointment
from crm.care.models import VisitStep
from crm.care.services import SayWhyImpossible, StandardRefused, note_asked, open_step, skip_step, tick_step
from crm.desk.access import desk_page, visible_appointment, way_back
from crm.desk.standards.listing import ASKED, steps_of

Reason = VisitStep.Reason


@require_POST
@desk_page
def step_mark(request: HttpRequest, appointment_id: int, step_id: int) -> HttpResponse:
    """One tap: done; again: not done after all; or why it was left out. Answers with the list alone to htmx."""
    appointment = visible_appointment(request, appointment_id)
    wanted, why = request.POST.get("do", ""), request.POST.get("why", "")
    now = timezone.now()
    refused: dict[str, Any] = {}
    try:
        if wanted in Reason.values:
            skip_step(appointment=appointment, step_id=step_id, reason=wanted, why=why, now=now, user=request.user)
        elif wanted == VisitStep.State.OPEN:
            open_step(appointment=appointment, step_id=step_id, now=now)
        else:
            tick_step(appointment=appointment, step_id=step_id, now=now, user=request.user)
    except SayWhyImpossible as refusal:
        refused = {"asks_why": step_id, "error": str(refusal)}
    except StandardRefused as refusal:
        messages.error(request, str(refusal))
    if request.htmx:
        context = {"visit": appointment, "steps": steps_of(appointment, timezone.now()), "answers": True, **refused}
        return render(request, "desk/standards/_answer.html", context)
    if refused:
        messages.error(request, refused["error"])
    return redirect(way_back(request, reverse("desk:visit", args=[appointment.pk])) + "#steps")


@require_http_methods(["GET", "POST"])
@desk_page
def steps_ask(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Before the checkout, once: what is open of the required steps. It is never in the way: one tap goes on."""
    appointment = visible_appointment(request, appointment_id)
    if request.method == "POST":
        return _go_on(request, appointment)
    steps = steps_of(appointment, timezone.now())
    if steps is None or not steps.can_tick or not steps.open_required:
        return redirect(reverse("desk:checkout", args=[appointment.pk]) + f"?{ASKED}=1")
    return render(request, "desk/standards/ask.html", {"nav": "today", "visit": appointment, "steps": steps})


def _go_on(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    steps = steps_of(appointment, timezone.now())
    note_asked(appointment=appointment, now=timezone.now())
    if steps is not None and not steps.open_required:
        messages.success(request, _("All of it done. She will notice."))
    return redirect("desk:checkout", appointment_id=appointment.pk)
