"""The owner's pages of an import: upload, preview, progress, result (practices.md, P51)."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.office.access import owner_page
from crm.office.tasks import run_imports_task
from crm.office.uploads.forms import UploadForm
from crm.office.uploads.services import WrongMoment, begin_import, confirm_import, discard_import
from crm.office.uploads.storing import UploadRefused, progress_of, store
from crm.team.models import Branch, ImportRun
from reminders.messages.models import Kind

LATELY = 10


@require_http_methods(["GET", "POST"])
@owner_page
def imports(request: HttpRequest) -> HttpResponse:
    """The form, and what was taken in lately."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            folder = store(asked["files"])
        except UploadRefused as why:
            form.add_error("files", str(why))
        else:
            with transaction.atomic():
                run = begin_import(
                    folder=folder,
                    user=request.user,
                    branch_name=asked["branch"].name if asked["branch"] else "",
                    time_zone="" if asked["branch"] else asked["time_zone"],
                    currency="" if asked["branch"] else asked["currency"],
                    now=timezone.now(),
                )
                run_imports_task.delay_on_commit()
            return redirect("office:import_run", run_id=run.pk)
    runs = list(ImportRun.objects.select_related("started_by").order_by("-created_at")[:LATELY])
    # refused with no branch named: what a new one needs may be what was missing
    is_refused = bool(runs) and runs[0].state == ImportRun.State.REFUSED and not runs[0].branch_name
    needs_new = is_refused or not Branch.objects.filter(is_active=True).exists()
    context = {"form": form, "runs": runs, "is_new_branch_open": needs_new}
    return render(request, "office/imports.html", context, status=422 if form.errors else 200)


@require_safe
@owner_page
def import_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """Where an upload stands: progress, preview or result. htmx asks for the fragment while it is worked on."""
    run = get_object_or_404(ImportRun.objects.select_related("started_by"), pk=run_id)
    context: dict[str, Any] = {"run": run, "outcome": run.outcome}
    if run.outcome:
        # runs of before know nothing of it
        context["journeys_off"] = [Kind(kind).label for kind in run.outcome.get("journeys_off", ())]
    if run.is_busy:
        context["standing"] = progress_of(run.folder)
    template = "office/_import.html" if request.headers.get("HX-Request") else "office/import.html"
    return render(request, template, context)


@require_POST
@owner_page
def import_confirm(request: HttpRequest, run_id: int) -> HttpResponse:
    """Takes in what was looked through."""
    run = get_object_or_404(ImportRun, pk=run_id)
    try:
        with transaction.atomic():
            confirm_import(run=run)
            run_imports_task.delay_on_commit()
    except WrongMoment:
        messages.warning(request, _("This upload is past that step."))
    return redirect("office:import_run", run_id=run.pk)


@require_POST
@owner_page
def import_discard(request: HttpRequest, run_id: int) -> HttpResponse:
    """Removes the files; nothing was written."""
    run = get_object_or_404(ImportRun, pk=run_id)
    try:
        discard_import(run=run, now=timezone.now())
    except WrongMoment:
        messages.warning(request, _("This upload is past that step."))
        return redirect("office:import_run", run_id=run.pk)
    messages.success(request, _("The files are removed; nothing was written."))
    return redirect("office:import")
