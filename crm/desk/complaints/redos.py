"""What went wrong is done again: reported by its master first, and booked from real free times."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.booking.local_time import typed_instant
from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import BookingRefused, free_slots, services_of
from crm.booking.services.beside import free_for_her
from crm.care.models import ComplaintOption, Redo
from crm.care.selectors import seen_by
from crm.care.services import NotYourVisit, RedoRefused, book_redo, report_redo
from crm.catalogue.models import Service
from crm.desk.access import desk_page, is_front_desk, visible_appointment
from crm.desk.booking.slots import a_few_each_day, picked_slot, slot_choices
from crm.desk.complaints.forms import ReportForm
from crm.desk.complaints.shown import services_at
from crm.desk.words import hour_words, listed, short_day
from crm.team.selectors import branches_of, masters_of, zone
from reminders.journeys.services.doorbell import ring

DAYS_SHOWN = 7


@require_http_methods(["GET", "POST"])
@desk_page
def redo_report(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """A master says herself that her visit went wrong: before the client does, it costs her nothing."""
    appointment = visible_appointment(request, appointment_id)
    if appointment.master.user_id != request.user.pk or appointment.status != Appointment.Status.DONE:
        raise PermissionDenied
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            redo = report_redo(
                appointment=appointment, note=form.cleaned_data["note"], now=timezone.now(), user=request.user
            )
        except NotYourVisit as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Good that you say so. Now find a time with her."))
            return redirect("desk:redo", redo_id=redo.pk)
    context = {"nav": "today", "visit": appointment, "form": form}
    return render(request, "desk/complaints/report.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk_page
def redo_page(request: HttpRequest, redo_id: int) -> HttpResponse:
    """Free times of her master and of the others, one tap books; once booked, when it is."""
    redo = _visible_redo(request, redo_id)
    services = _services(redo)
    booked = redo.appointment if redo.appointment and redo.appointment.status not in ("cancelled", "no_show") else None
    if request.method == "POST" and booked is None:
        picked = picked_slot(request.POST.get("slot", ""), masters_of(redo.branch))
        if picked is not None:
            on, at, master = picked
            try:
                appointment = book_redo(
                    redo=redo,
                    services=services,
                    master=master,
                    starts_at=typed_instant(on, at, zone(redo.branch)),
                    now=timezone.now(),
                    by=Appointment.By.CLIENT,
                    via=AppointmentEvent.Via.DESK,
                    user=request.user,
                )
            except (BookingRefused, RedoRefused) as refusal:
                messages.error(request, str(refusal))
            else:
                ring()
                words = {"day": short_day(on), "hour": hour_words(appointment.starts_at)}
                messages.success(request, _("Booked, and free: %(day)s, %(hour)s.") % words)
                if redo.complaint_id:
                    return redirect("desk:complaint", complaint_id=redo.complaint_id)
        return redirect("desk:redo", redo_id=redo.pk)
    context = {
        "nav": "today",
        "redo": redo,
        "client": redo.client,
        "booked": booked,
        "what": listed(str(service) for service in services),
        "slots": [] if booked else _free(request, redo, services),
        "later": _later(request),
    }
    return render(request, "desk/complaints/redo.html", context)


def _visible_redo(request: HttpRequest, redo_id: int) -> Redo:
    redo = get_object_or_404(
        Redo.objects.select_related("client", "branch", "master", "complaint", "appointment__master", "went_wrong"),
        pk=redo_id,
        branch__in=branches_of(request.user),
    )
    is_hers = redo.master is not None and redo.master.user_id == request.user.pk
    if is_front_desk(request.user) or is_hers:
        return redo
    get_object_or_404(seen_by(request.user, branches_of(request.user)), pk=redo.complaint_id)
    return redo


def _services(redo: Redo) -> list[Service]:
    """What she chose to have done again; else all of the visit that went wrong."""
    if redo.complaint is not None:
        chosen = ComplaintOption.objects.filter(
            complaint=redo.complaint, kind=ComplaintOption.Kind.REDO, state=ComplaintOption.State.CHOSEN
        ).order_by("-chosen_at")
        if (option := chosen.first()) is not None and (services := list(option.services.all())):
            return services
    if redo.went_wrong is not None:
        return services_of(redo.went_wrong)
    return services_at(redo.complaint) if redo.complaint is not None else []


def _free(request: HttpRequest, redo: Redo, services: list[Service]) -> list[dict[str, object]]:
    """A week of free times, a few of each day: of who did it where she has any, else of the others."""
    if not services:
        return []
    now = timezone.now()
    first = timezone.localdate(now) + timedelta(days=_weeks(request) * DAYS_SHOWN)
    slots = free_slots(
        branch=redo.branch, services=services, from_day=first, days=DAYS_SHOWN, now=now, client=redo.client
    )
    free = free_for_her(slots, client_id=redo.client_id)
    hers = [slot for slot in free if slot.master.pk == redo.master_id]
    her_days = {slot.on for slot in hers}
    others = [slot for slot in free if slot.on not in her_days]
    return slot_choices(a_few_each_day(sorted([*hers, *others], key=lambda slot: slot.starts_at)))


def _weeks(request: HttpRequest) -> int:
    typed = request.GET.get("week", "")
    return min(int(typed), 8) if typed.isdecimal() else 0


def _later(request: HttpRequest) -> int:
    return _weeks(request) + 1
