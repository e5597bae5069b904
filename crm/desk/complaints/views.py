"""Complaints: open, answered, closed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.booking.models import Appointment
from crm.care.models import Complaint
from crm.care.selectors import deadline_of, open_complaints, resolved_complaints, with_due
from crm.care.services import (
    ComplaintRefused,
    answer_complaint,
    open_complaint,
    reopen_complaint,
    resolve_complaint,
)
from crm.desk.access import desk_page, visible_client, visible_complaint
from crm.desk.clients.finding import ask_who
from crm.desk.complaints.forms import AnswerForm, ComplaintForm, ResolveForm
from crm.desk.complaints.hers import by_page
from crm.desk.promises.views import tell
from crm.team.selectors import branches_of

LATELY = 30


@require_safe
@desk_page
def complaints(request: HttpRequest) -> HttpResponse:
    """Open ones by urgency and age; `?closed=1` the closed."""
    closed = request.GET.get("closed") == "1"
    branches = [request.branch]
    rows = resolved_complaints(branches)[:LATELY] if closed else open_complaints(branches)
    now = timezone.now()
    found = list(rows)
    for complaint in found:
        complaint.deadline = deadline_of(complaint)
        complaint.is_late = not closed and complaint.deadline < now
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
    """What happened, what was answered, how it ended."""
    complaint = visible_complaint(request, complaint_id)
    return _show(request, complaint, AnswerForm(), ResolveForm(user=request.user))


def _show(
    request: HttpRequest, complaint: Complaint, answer: AnswerForm, resolve: ResolveForm, *, status: int = 200
) -> HttpResponse:
    promised = list(with_due(complaint.promises.all()).select_related("holder").order_by("given_at", "pk"))
    tell(promised, request.user)
    context = {
        "nav": "today",
        "complaint": complaint,
        "promises": promised,
        "deadline": deadline_of(complaint),
        "is_late": complaint.resolved_at is None and deadline_of(complaint) < timezone.now(),
        "events": complaint.events.select_related("user").order_by("at", "pk"),
        "answer": answer,
        "resolve": resolve,
        **by_page(complaint),
    }
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
    return _show(request, complaint, form, ResolveForm(user=request.user), status=422)


@require_POST
@desk_page
def complaint_resolve(request: HttpRequest, complaint_id: int) -> HttpResponse:
    complaint = visible_complaint(request, complaint_id)
    form = ResolveForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            resolve_complaint(complaint=complaint, now=timezone.now(), user=request.user, **form.cleaned_data)
        except ComplaintRefused as refusal:
            form.add_error("resolution", str(refusal))
        else:
            messages.success(request, _("Closed."))
            return redirect("desk:complaint", complaint_id=complaint.pk)
    return _show(request, complaint, AnswerForm(), form, status=422)


@require_POST
@desk_page
def complaint_reopen(request: HttpRequest, complaint_id: int) -> HttpResponse:
    complaint = get_object_or_404(Complaint, pk=complaint_id, branch__in=branches_of(request.user))
    try:
        reopen_complaint(complaint=complaint, now=timezone.now(), user=request.user)
    except ComplaintRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Open again."))
    return redirect("desk:complaint", complaint_id=complaint.pk)
