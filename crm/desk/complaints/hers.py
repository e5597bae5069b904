"""What a client sees of her complaint, from the desk: her photographs and words, an answer in writing, and who she is."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from crm.care.models import Complaint, ComplaintPicture, ComplaintReport
from crm.care.selectors import dialogue_of
from crm.care.services import ComplaintRefused, tie_complaint, write_to_her
from crm.desk.access import desk_page, visible_client, visible_complaint
from crm.desk.clients.finding import found_or_lately
from crm.people.pictures import shown
from reminders.journeys.services.doorbell import ring


class LetterForm(forms.Form):
    """An answer that she reads on her page."""

    text = forms.CharField(
        label=gettext_lazy("Write to her"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("She gets it at once and reads it on the page of her complaint."),
    )


def by_page(complaint: Complaint) -> dict[str, Any]:
    """For the page of a complaint: what she told by the page for complaints, if she did, and how many photographs."""
    report = ComplaintReport.objects.filter(complaint=complaint).first()
    return {"report": report, "picture_count": complaint.pictures.count()}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def complaint_hers(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """Both sides of it as she sees them, and an answer in writing."""
    complaint = visible_complaint(request, complaint_id)
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            write_to_her(complaint=complaint, text=form.cleaned_data["text"], now=timezone.now(), user=request.user)
        except ComplaintRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            ring()
            messages.success(request, _("On its way to her."))
            return redirect("desk:complaint_hers", complaint_id=complaint.pk)
    context = {
        "nav": "today",
        "complaint": complaint,
        "form": form,
        "said": dialogue_of(complaint).select_related("user"),
        "pictures": list(complaint.pictures.order_by("pk")),
        **by_page(complaint),
    }
    return render(request, "desk/complaints/hers.html", context, status=422 if form.errors else 200)


@require_safe
@desk_page
def complaint_photograph(request: HttpRequest, complaint_id: int, picture_id: int) -> HttpResponse:
    """A photograph of it, for who may see the complaint."""
    found = ComplaintPicture.objects.filter(pk=picture_id, complaint=visible_complaint(request, complaint_id)).first()
    if found is None:
        raise Http404
    try:
        return shown(found.image)
    except FileNotFoundError as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def complaint_who(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """Who it is that came by the page: somebody we know, or whom it was taken for."""
    complaint = visible_complaint(request, complaint_id)
    report = ComplaintReport.objects.filter(complaint=complaint).first()
    if report is None or report.is_sure or report.tied_at is not None:
        return redirect("desk:complaint", complaint_id=complaint.pk)
    wanted = request.POST.get("client") or request.GET.get("client") or ""
    chosen = visible_client(int(wanted)) if wanted.isascii() and wanted.isdecimal() else None
    error = ""
    if request.method == "POST" and chosen is not None:
        try:
            tie_complaint(
                complaint=complaint,
                client=chosen,
                now=timezone.now(),
                user=request.user,
                is_hers_now=bool(request.POST.get("hers_now")),
            )
        except ComplaintRefused as refusal:
            error = str(refusal)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
        else:
            messages.success(request, _("It is on her card now."))
            return redirect("desk:complaint", complaint_id=complaint.pk)
    query = request.GET.get("q", "").strip()
    her_address = (chosen.phone if report.phone else chosen.email) if chosen else ""
    context = {
        "nav": "today",
        "complaint": complaint,
        "report": report,
        "chosen": chosen,
        "typed": report.phone or report.email,
        "her_address": her_address if her_address != (report.phone or report.email) else "",
        "error": error,
        "query": query,
        "found": [] if chosen else found_or_lately(request.branch, query),
        "search_url": request.path,
        "no_new": True,
    }
    if request.htmx:
        return render(request, "desk/booking/_found.html", context)
    return render(request, "desk/complaints/who.html", context, status=422 if error else 200)
