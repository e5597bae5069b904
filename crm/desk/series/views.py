"""Series at the desk: plan with each conflict shown, book in one go, move or cancel one and all that follow."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from crm.booking.local_time import NoSuchTime, typed_instant
from crm.booking.models import Appointment, AppointmentEvent, Series
from crm.booking.selectors import following_in_series, with_lines
from crm.booking.services import BookingRefused, ClientBusy, OffGrid, Slot, SlotTaken, able_masters, services_of
from crm.booking.services.series import (
    SeriesConflicts,
    SeriesDate,
    book_series,
    cancel_following,
    move_following,
    plan_series,
    why_not,
)
from crm.desk.access import desk_page, visible_appointment, visible_client
from crm.desk.booking.slots import picked_slot, slot_value
from crm.desk.days import asked_day
from crm.desk.series.forms import SeriesForm
from crm.desk.visits.forms import CancelForm, MoveForm, ask_words
from crm.desk.words import day_words, hour_words, month_day, short_day, state_look
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day, branches_of, masters_of, zone
from reminders.journeys.services.doorbell import ring

Via = AppointmentEvent.Via
LEFT = "left"


@require_http_methods(["GET", "POST"])
@desk_page
def series_new(request: HttpRequest) -> HttpResponse:
    """First the dates, each free or with what is free nearby; then all that are wanted in one go."""
    given = request.POST.get("client") or request.GET.get("client") or ""
    if not given.isdecimal():
        return redirect(f"{reverse('desk:visit_new')}?{request.GET.urlencode()}")
    client = visible_client(int(given))
    masters = list(masters_of(request.branch))
    form = SeriesForm(request.POST or None, branch=request.branch, masters=masters, initial=_initial(request, masters))
    dates: list[SeriesDate] = []
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        wanted = form.cleaned_data
        master = next(each for each in masters if each.pk == wanted["master"])
        about: dict[str, Any] = {"client": client, "branch": request.branch, "services": form.services()}
        try:
            dates = plan_series(
                **about,
                master=master,
                starts_at=typed_instant(wanted["day"], wanted["at"], zone(request.branch)),
                every_weeks=wanted["every_weeks"],
                times=wanted["times"],
                now=now,
                beside_another=wanted["beside_another"],
            )
            if "book" in request.POST and _all_said(request, form, dates):
                series = book_series(
                    **about,
                    dates=_chosen(request, masters, [str(each.number) for each in dates]),
                    every_weeks=wanted["every_weeks"],
                    now=now,
                    by=Appointment.By.CLIENT,
                    via=Via.DESK,
                    user=request.user,
                    wish=wanted["wish"],
                    beside_another=wanted["beside_another"],
                )
                ring()
                words = ngettext("%(count)d visit is booked.", "%(count)d visits are booked.", series.times)
                messages.success(request, words % {"count": series.times})
                return redirect("desk:series", series_id=series.pk)
        except (NoSuchTime, OffGrid) as refusal:
            form.add_error("at", str(refusal.words))
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
    ask_words(form, "beside_another" if any(each.is_hers for each in dates) else "")
    context = {
        "nav": "calendar",
        "client": client,
        "form": form,
        "dates": [_date_row(request, each) for each in dates],
        "conflicts": sum(each.slot is None for each in dates),
    }
    return render(request, "desk/series/new.html", context, status=422 if form.errors else 200)


def _initial(request: HttpRequest, masters: list[Master]) -> dict[str, Any]:
    """What the address says: the visit it begins with."""
    given = request.GET
    own = next((each.pk for each in masters if each.user_id == request.user.pk), None)
    initial: dict[str, Any] = {
        name: given[name] for name in ("service", "also", "master") if given.get(name, "").isdecimal()
    }
    initial.setdefault("master", own or (masters[0].pk if masters else None))
    return initial | {"day": asked_day(given.get("day", ""), timezone.localdate()), "at": given.get("at", "")}


def _date_row(request: HttpRequest, planned: SeriesDate) -> dict[str, Any]:
    """One date: free, to be ticked off; or what is free nearby, and to leave it out."""
    said = request.POST.get(f"date-{planned.number}", "")
    return {
        "name": f"date-{planned.number}",
        "number": planned.number,
        "day": day_words(planned.on),
        "hour": hour_words(planned.starts_at),
        "why": planned.why,
        "free": slot_value(planned.slot) if planned.slot else "",
        # shown anew, what was ticked off stays so
        "is_wanted": bool(said) or "book" not in request.POST,
        "times": _times(planned.nearest, _("Leave out"), said),
    }


def _times(slots: list[Slot], leave: str, said: str) -> list[dict[str, object]]:
    """Free times nearby for components/slots.html, and not to take any; `said` is what was chosen before."""
    times = [
        {
            "value": slot_value(slot),
            "day": short_day(slot.on),
            "hour": f"{slot.starts_local:%H:%M}",
            "who": slot.master.name,
        }
        for slot in slots
    ]
    return [each | {"chosen": each["value"] == said} for each in (*times, {"value": LEFT, "who": leave})]


def _all_said(request: HttpRequest, form: SeriesForm, dates: list[SeriesDate]) -> bool:
    """Whether each date in conflict has its answer: nothing is left out unsaid."""
    if all(each.slot or request.POST.get(f"date-{each.number}") for each in dates):
        return True
    form.add_error(None, _("Choose another time for each date that is not free, or leave it out."))
    return False


def _chosen(request: HttpRequest, masters: list[Master], keys: list[str]) -> list[tuple[datetime, Master]]:
    """The times that were chosen for these dates; what was left out, or cannot be read, is none."""
    picked = [picked_slot(request.POST.get(f"date-{key}", ""), masters) for key in keys]
    return [_instant(request.branch, on, at, master) for on, at, master in filter(None, picked)]


def _instant(branch: Branch, on: date, at: Any, master: Master) -> tuple[datetime, Master]:
    return typed_instant(on, at, zone(branch)), master


@require_safe
@desk_page
def series_page(request: HttpRequest, series_id: int) -> HttpResponse:
    """All dates of a series and how each stands."""
    series = get_object_or_404(
        Series.objects.select_related("client", "branch"), pk=series_id, branch__in=branches_of(request.user)
    )
    now = timezone.now()
    visits = list(with_lines(Appointment.objects.filter(series=series)).order_by("on", "starts_at", "pk"))
    ahead = [
        visit for visit in visits if visit.status in Appointment.OPEN and visit.starts_at and visit.starts_at > now
    ]
    context = {
        "nav": "calendar",
        "series": series,
        "client": series.client,
        "rows": [{"visit": visit, **state_look(visit, now)} for visit in visits],
        "next": ahead[0] if ahead else None,
    }
    return render(request, "desk/series/page.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def series_cancel(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """This date and all that follow; one undo brings them back."""
    appointment = visible_appointment(request, appointment_id)
    if appointment.series_id is None:
        return redirect("desk:cancel", appointment_id=appointment.pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            events = cancel_following(
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
            words = ngettext("%(count)d visit is cancelled.", "%(count)d visits are cancelled.", len(events))
            return _said(request, events, words % {"count": len(events)})
    context = {"nav": "calendar", "visit": appointment, "form": form, "following": following_in_series(appointment)}
    return render(request, "desk/series/cancel.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk_page
def series_move(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """This date to another time, and all that follow by as much; what is not free is shown and asked about."""
    appointment = visible_appointment(request, appointment_id)
    if appointment.series_id is None or appointment.starts_at is None:
        return redirect("desk:move", appointment_id=appointment.pk)
    masters = able_masters(branch=appointment.branch, services=services_of(appointment))
    starts = timezone.localtime(appointment.starts_at)
    initial = {"day": starts.date(), "at": starts.time(), "master": appointment.master_id}
    form = MoveForm(request.POST or None, masters=masters, initial=initial)
    # within working hours and on the grid, all of them
    del form.fields["outside_hours"], form.fields["off_grid"]
    following = following_in_series(appointment)
    conflicts: list[dict[str, Any]] = []
    word = ""
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            events = move_following(
                appointment=appointment,
                starts_at=typed_instant(wanted["day"], wanted["at"], zone(appointment.branch)),
                master=next(each for each in masters if each.pk == wanted["master"]),
                instead=_instead(request, following, masters),
                now=timezone.now(),
                by=Appointment.By.SALON,
                via=Via.DESK,
                user=request.user,
                beside_another=wanted["beside_another"],
            )
        except (NoSuchTime, OffGrid) as refusal:
            form.add_error("at", str(refusal.words))
        except SeriesConflicts as refusal:
            form.add_error(None, str(refusal))
            word = "beside_another" if any(isinstance(each, ClientBusy) for each in refusal.conflicts.values()) else ""
            conflicts = [
                _conflict_row(each, refusal.conflicts[each.pk], refusal.wanted[each.pk])
                for each in following
                if each.pk in refusal.conflicts
            ]
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = ngettext("%(count)d visit is moved.", "%(count)d visits are moved.", len(events))
            return _said(request, events, words % {"count": len(events)})
    ask_words(form, word)
    context = {
        "nav": "calendar",
        "visit": appointment,
        "form": form,
        "word": word,
        "following": following,
        "conflicts": conflicts,
        # what was decided about single dates stays decided
        "decided": [(name, value) for name, value in request.POST.items() if name.startswith("date-") and value],
    }
    return render(request, "desk/series/move.html", context, status=422 if form.errors else 200)


def _instead(
    request: HttpRequest, following: list[Appointment], masters: list[Master]
) -> dict[int, tuple[datetime, Master] | None]:
    """What was chosen for single dates."""
    chosen: dict[int, tuple[datetime, Master] | None] = {}
    for each in following:
        value = request.POST.get(f"date-{each.pk}", "")
        picked = picked_slot(value, masters)
        if value == LEFT:
            chosen[each.pk] = None
        elif picked is not None:
            chosen[each.pk] = _instant(each.branch, *picked)
    return chosen


def _conflict_row(appointment: Appointment, refusal: BookingRefused, wanted: datetime) -> dict[str, Any]:
    """A date that cannot move: where it is, where it was to go, and why that is not free."""
    slots = refusal.nearest if isinstance(refusal, SlotTaken) else []
    return {
        "name": f"date-{appointment.pk}",
        "day": _("%(before)s → %(day)s")
        % {"before": month_day(appointment.on), "day": day_words(branch_day(appointment.branch, wanted))},
        "hour": hour_words(wanted),
        "why": why_not(refusal),
        "times": _times(slots, _("Leave it as it is"), ""),
    }


def _said(request: HttpRequest, events: list[AppointmentEvent], words: str) -> HttpResponse:
    ring()
    undo_url = reverse("desk:undo", args=[events[0].pk]) if events[0].held_until else ""
    messages.success(request, words, extra_tags=undo_url)
    return redirect("desk:visit", appointment_id=events[0].appointment_id)
