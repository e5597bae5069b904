"""Complaints: open, answered, closed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.booking.models import Appointment
from crm.care.models import Complaint, Step
from crm.care.selectors import came_back, open_complaints, resolved_complaints, with_due, with_handling, with_return
from crm.care.services import (
    ComplaintRefused,
    answer_complaint,
    hand_complaint,
    open_complaint,
    reopen_complaint,
    resolve_complaint,
)
from crm.desk.access import desk_page, visible_client, visible_complaint
from crm.desk.clients.finding import ask_who
from crm.desk.complaints.forms import AnswerForm, ComplaintForm, HandForm, ResolveForm
from crm.desk.complaints.hers import by_page
from crm.desk.complaints.listing import with_deadlines
from crm.desk.complaints.shown import offer_form, solutions_context, steps_context
from crm.desk.promises.views import tell
from crm.team.selectors import branch_day, branches_of

LATELY = 30


@require_safe
@desk_page
def complaints(request: HttpRequest) -> HttpResponse:
    """Open ones by urgency and age; `?closed=1` the closed."""
    closed = request.GET.get("closed") == "1"
    branches, now = [request.branch], timezone.now()
    if closed:
        found = list(with_return(resolved_complaints(branches, user=request.user))[:LATELY])
    else:
        found = with_deadlines(with_handling(open_complaints(branches, user=request.user)), now=now)
    tabs = [
        {"label": _("Open"), "url": "?", "current": not closed},
        {"label": _("Closed"), "url": "?closed=1", "current": closed},
    ]
    context = {"nav": "today", "complaints": found, "closed": closed, "tabs": tabs}
    return render(request, "desk/complaints/list.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def complaint_new(request: HttpRequest) -> HttpResponse:
    """A complaint heard at the desk. While it is open, nothing is advertised to her."""
    wanted = request.POST.get("client") or request.GET.get("client") or ""
    if not wanted.isdecimal():
        return ask_who(request, heading=_("Who complains?"), nav="today")
    client = visible_client(int(wanted))
    visit = request.POST.get("visit") or request.GET.get("visit") or ""
    form = ComplaintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        appointment = (
            Appointment.objects.filter(pk=int(visit), client=client, branch__in=branches_of(request.user)).first()
            if visit.isdecimal()
            else None
        )
        complaint = open_complaint(
            client=client,
            branch=appointment.branch if appointment else request.branch,
            now=timezone.now(),
            user=request.user,
            appointment=appointment,
            **form.cleaned_data,
        )
        messages.success(request, _("Written down. Nothing is advertised to her until it is solved."))
        return redirect("desk:complaint", complaint_id=complaint.pk)
    context = {"nav": "today", "client": client, "visit": visit, "form": form}
    return render(request, "desk/complaints/new.html", context, status=422 if form.errors else 200)


@require_safe
@desk_page
def complaint_page(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """What happened, the five steps, what she may choose, how it ended."""
    return show(request, visible_complaint(request, complaint_id))


def show(
    request: HttpRequest,
    complaint: Complaint,
    *,
    answer: AnswerForm | None = None,
    resolve: ResolveForm | None = None,
    offer: Any = None,
    steps: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one complaint; forms that were refused come with what was typed."""
    promised = list(with_due(complaint.promises.all()).select_related("holder").order_by("given_at", "pk"))
    tell(promised, request.user)
    is_open = complaint.resolved_at is None
    [complaint] = with_deadlines([complaint], now=timezone.now())
    context = {
        "nav": "today",
        "complaint": complaint,
        "promises": promised,
        "events": complaint.events.select_related("user").order_by("at", "pk"),
        "answer": answer or AnswerForm(),
        "resolve": resolve or ResolveForm(user=request.user, complaint=complaint),
        "hand": HandForm(complaint=complaint) if is_open else None,
        "back_on": came_back(complaint, branch_day(complaint.branch, timezone.now())),
        **by_page(complaint),
    }
    if offer is None and is_open:
        offer = offer_form(complaint)
    context |= solutions_context(complaint, request.user) | {"offer": offer}
    # whose word is waited for sees what for at once
    context |= steps or steps_context(complaint, stays=Step.CHOICE if context["must_decide"] else None)
    return render(request, "desk/complaints/page.html", context, status=status)


@require_POST
@desk_page
def complaint_answer(request: HttpRequest, complaint_id: int) -> HttpResponse:
    complaint = visible_complaint(request, complaint_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_complaint(complaint=complaint, text=form.cleaned_data["text"], now=timezone.now(), user=request.user)
        except ComplaintRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("desk:complaint", complaint_id=complaint.pk)
    return show(request, complaint, answer=form, status=422)


@require_POST
@desk_page
def complaint_hand(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """A colleague looks after it from now on."""
    complaint = visible_complaint(request, complaint_id)
    form = HandForm(request.POST, complaint=complaint)
    if form.is_valid():
        try:
            hand_complaint(complaint=complaint, to=form.cleaned_data["to"], now=timezone.now(), user=request.user)
        except ComplaintRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Handed over."))
            return redirect("desk:complaints")
    return redirect("desk:complaint", complaint_id=complaint.pk)


@require_POST
@desk_page
def complaint_resolve(request: HttpRequest, complaint_id: int) -> HttpResponse:
    complaint = visible_complaint(request, complaint_id)
    form = ResolveForm(request.POST, user=request.user, complaint=complaint)
    if form.is_valid():
        try:
            resolve_complaint(complaint=complaint, now=timezone.now(), user=request.user, **form.cleaned_data)
        except ComplaintRefused as refusal:
            form.add_error("resolution", str(refusal))
        else:
            messages.success(request, _("Closed. In some days somebody rings her and asks whether all is well."))
            return redirect("desk:complaint", complaint_id=complaint.pk)
    return show(request, complaint, resolve=form, status=422)


@require_POST
@desk_page
def complaint_reopen(request: HttpRequest, complaint_id: int) -> HttpResponse:
    complaint = visible_complaint(request, complaint_id)
    try:
        reopen_complaint(complaint=complaint, now=timezone.now(), user=request.user)
    except ComplaintRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Open again."))
    return redirect("desk:complaint", complaint_id=complaint.pk)
