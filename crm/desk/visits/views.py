"""The visit: briefing, arrival, beginning, what was asked and heard, and the way to the checkout."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.selectors import day_of, events_of, misses_of, series_places
from crm.booking.services import (
    BookingRefused,
    arrive,
    confirm_appointment,
    finish_visit,
    start_visit,
    undo_ends_at,
)
from crm.care.selectors import promises_to
from crm.care.services import lay_out_steps
from crm.desk.access import desk_page, visible_appointment, way_back
from crm.desk.briefing import briefings
from crm.desk.gifts.views import extras_context
from crm.desk.promises.views import tell
from crm.desk.standards.listing import steps_of
from crm.desk.visits.forms import HeardForm
from crm.desk.words import length_words, misses_words, services_words, state_look
from crm.people.models import HealthNote
from crm.people.selectors import may_read_health
from crm.people.services import add_note, read_health_notes, tick_asked
from crm.sales.selectors import sale_of_appointment
from crm.team.wording import isolated

Status = Appointment.Status
MOVABLE = (Status.BOOKED, Status.CONFIRMED)


@require_safe
@desk_page
def visit_page(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Everything a master needs for this visit, on one page."""
    return show_visit(request, visible_appointment(request, appointment_id), HeardForm())


def show_visit(request: HttpRequest, appointment: Appointment, form: HeardForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    branch, client = appointment.branch, appointment.client
    treats = may_read_health(request.user, branch)
    told = briefings([client.pk], branch=branch, today=today, now=now, may_read_health=treats)[client.pk]
    health: list[HealthNote] = []
    if told.has_health_note:
        found = read_health_notes(clients=[client], branch=branch, user=request.user, where="visit", now=now)
        health = found.get(client.pk, [])
    visit = day_of(branch=branch, on=appointment.on).get(pk=appointment.pk)
    events = list(events_of(appointment)[:10])
    # read only where the briefing knows of one
    promised = list(promises_to(client, [branch])) if told.client.promised else []
    tell(promised, request.user)
    context: dict[str, Any] = {
        "nav": "today",
        "visit": visit,
        "client": client,
        "branch": branch,
        "briefing": told,
        "facts": [fact for fact in told.facts if fact["icon"] not in ("health", "ask", "promise")],
        "promises": promised,
        "health": health,
        "missed": misses_words(misses_of(client=client, now=now)),
        "services": services_words(visit),
        "planned": length_words(visit.minutes),
        "told": length_words(visit.told_minutes) if visit.told_minutes else "",
        "look": state_look(visit, now),
        "is_today": visit.on == today,
        "can_arrive": visit.status in MOVABLE and visit.on == today,
        "can_start": visit.status in (*MOVABLE, Status.ARRIVED) and visit.on == today,
        "can_pay": visit.status in Appointment.OPEN and visit.on <= today,
        "can_finish": visit.status in Appointment.OPEN and visit.on < today,
        "can_report": visit.status == Appointment.Status.DONE and visit.master.user_id == request.user.pk,
        "can_move": visit.status in MOVABLE,
        "can_confirm": visit.status == Status.BOOKED and visit.on >= today,
        "can_cancel": visit.status in (*MOVABLE, Status.ARRIVED),
        "can_miss": visit.status in MOVABLE and visit.starts_at is not None and visit.starts_at <= now,
        "sale": sale_of_appointment(appointment) if visit.status == Status.DONE else None,
        "events": events,
        "held": held_event(events, now),
        "place": series_places([visit]).get(visit.pk),
        "form": form,
        "extras": extras_context(request, appointment),
        "steps": steps_of(visit, now),
    }
    return render(request, "desk/visits/page.html", context, status=status)


def held_event(events: list[AppointmentEvent], now: Any) -> AppointmentEvent | None:
    """The last step, if it can still be taken back."""
    last = next((event for event in events if event.kind != AppointmentEvent.Kind.UNDONE), None)
    if last is None:
        return None
    ends_at = undo_ends_at(last)
    return last if ends_at is not None and now < ends_at else None


@require_POST
@desk_page
def arrived(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """One tap: she is here."""
    return _step(
        request,
        appointment_id,
        lambda appointment: arrive(appointment=appointment, now=timezone.now(), user=request.user),
        _("%(name)s is here."),
        otherwise=reverse("desk:today"),
    )


@require_POST
@desk_page
def started(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """She begins; from now on the visit runs on the standard that holds."""

    def begin(appointment: Appointment) -> AppointmentEvent:
        now = timezone.now()
        with transaction.atomic():
            event = start_visit(appointment=appointment, now=now, user=request.user)
            lay_out_steps(appointment=appointment, at=now)
        return event

    return _step(request, appointment_id, begin, _("Begun with %(name)s."))


@require_POST
@desk_page
def confirmed(request: HttpRequest, appointment_id: int) -> HttpResponse:
    return _step(
        request,
        appointment_id,
        lambda appointment: confirm_appointment(
            appointment=appointment, now=timezone.now(), via=AppointmentEvent.Via.DESK, user=request.user
        ),
        _("%(name)s is confirmed."),
    )


@require_POST
@desk_page
def finished(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Done without a receipt: an earlier day that nobody closed, or nothing to pay."""
    return _step(
        request,
        appointment_id,
        lambda appointment: finish_visit(
            appointment=appointment, now=timezone.now(), via=AppointmentEvent.Via.DESK, user=request.user
        ),
        _("%(name)s was here: noted."),
    )


def _step(
    request: HttpRequest,
    appointment_id: int,
    verb: Callable[[Appointment], AppointmentEvent | None],
    words: str,
    otherwise: str = "",
) -> HttpResponse:
    """One service call, said in a toast that can take it back."""
    appointment = visible_appointment(request, appointment_id)
    back = way_back(request, otherwise or reverse("desk:visit", args=[appointment.pk]))
    try:
        event = verb(appointment)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        undo = f"{reverse('desk:undo', args=[event.pk])}?{urlencode({'next': back})}" if can_undo(event) else ""
        messages.success(request, words % {"name": isolated(appointment.client.shown_name)}, extra_tags=undo)
    return redirect(back)


def can_undo(event: AppointmentEvent | None) -> bool:
    return event is not None and undo_ends_at(event) is not None


@require_POST
@desk_page
def heard(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """What was asked is ticked, what was heard is kept: one form."""
    appointment = visible_appointment(request, appointment_id)
    form = HeardForm(request.POST)
    if not form.is_valid():
        return show_visit(request, appointment, form, status=422)
    now = timezone.now()
    asked = [int(key) for key in request.POST.getlist("asked") if key.isdecimal()]
    ticked = tick_asked(client=appointment.client, note_ids=asked, today=timezone.localdate(now))
    if text := form.cleaned_data["text"]:
        add_note(
            client=appointment.client,
            text=text,
            now=now,
            branch=appointment.branch,
            author=request.user,
            ask_again_on=form.cleaned_data["ask_again_on"],
        )
    if text or ticked:
        messages.success(request, _("Remembered."))
    return redirect("desk:visit", appointment_id=appointment.pk)
