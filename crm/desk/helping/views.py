"""Helped out: one tap on what, and a word (practices.md, P33)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.booking.models import Appointment
from crm.booking.selectors import day_of
from crm.care.models import HelpGiven
from crm.care.selectors import help_kinds, may_take_back
from crm.care.services import help_out, take_back_help
from crm.desk.access import desk_page, visible_appointment, visible_client, way_back
from crm.people.models import Client
from crm.team.selectors import branches_of
from crm.team.wording import isolated

# of who is here, or was here today, so many are offered
OFFERED = 12
Status = Appointment.Status


@require_http_methods(["GET", "POST"])
@desk_page
def help_new(request: HttpRequest) -> HttpResponse:
    """What she was helped out with; who, where she is known (`?client=`, `?visit=`)."""
    asked = request.POST if request.method == "POST" else request.GET
    client, visit = _who(request, asked)
    kinds = help_kinds()
    back = way_back(request, "")
    if request.method == "POST":
        kind = next((each for each in kinds if str(each.pk) == request.POST.get("kind")), None)
        if kind is not None:
            given = help_out(
                branch=visit.branch if visit else request.branch,
                kind=kind,
                client=client,
                appointment=visit,
                words=request.POST.get("words", ""),
                now=timezone.now(),
                user=request.user,
            )
            undo = f"{reverse('desk:help_undo', args=[given.pk])}?{urlencode({'next': back or reverse('desk:today')})}"
            messages.success(request, _said(given), extra_tags=undo)
            return redirect(back or reverse("desk:today"))
        messages.error(request, _("Tap what it was."))
    context = {
        "nav": "today",
        "kinds": kinds,
        "client": client,
        "visit": visit,
        "here": [] if client else _here(request),
        "words": request.POST.get("words", ""),
        "next": back,
    }
    return render(request, "desk/helping/new.html", context, status=422 if request.method == "POST" else 200)


def _who(request: HttpRequest, asked: Any) -> tuple[Client | None, Appointment | None]:
    number = asked.get("visit", "")
    if number.isdecimal() and len(number) < 19:
        visit = visible_appointment(request, int(number))
        return visit.client, visit
    number = asked.get("client", "")
    return (visible_client(int(number)) if number.isdecimal() and len(number) < 19 else None), None


def _here(request: HttpRequest) -> list[Client]:
    """Clients of today, those who are here now first."""
    now = timezone.now()
    came = [Status.IN_PROGRESS, Status.ARRIVED, Status.DONE, Status.CONFIRMED, Status.BOOKED]
    visits = [each for each in day_of(branch=request.branch, on=timezone.localdate(now)) if each.status in came]
    visits.sort(key=lambda each: came.index(Status(each.status)))
    return list({each.client_id: each.client for each in visits}.values())[:OFFERED]


def _said(given: HelpGiven) -> str:
    if given.client is None:
        return _("Helped out: %(what)s.") % {"what": isolated(given.kind.text)}
    return _("Helped out %(name)s: %(what)s.") % {
        "name": isolated(given.client.shown_name),
        "what": isolated(given.kind.text),
    }


@require_POST
@desk_page
def help_undo(request: HttpRequest, help_id: int) -> HttpResponse:
    """It was a slip."""
    given = get_object_or_404(HelpGiven, pk=help_id, branch__in=branches_of(request.user))
    if may_take_back(given, request.user, timezone.now()):
        take_back_help(given=given)
        messages.success(request, _("As it was before."))
    else:
        messages.error(request, _("Who wrote it down takes it back soon after; later the reception or the owner."))
    return redirect(way_back(request, reverse("desk:today")))
