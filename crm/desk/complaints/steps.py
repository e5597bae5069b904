"""The five steps of a complaint on one page: each saved as it is done, left and resumed, by a colleague too."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from crm.care.models import Step
from crm.care.services import ComplaintRefused, StepTaken, save_step
from crm.desk.access import desk_page, visible_complaint
from crm.desk.complaints.forms import StepForm
from crm.desk.complaints.shown import solutions_context, steps_context
from crm.desk.complaints.views import show

NOTHING_TO_READ = 204


@require_POST
@desk_page
def complaint_step(request: HttpRequest, complaint_id: int, step: int) -> HttpResponse:
    """Saves a step; with `done` it is finished. htmx gets the steps anew, others the page.

    `?draft`: the words so far. Sent by a page that is being left they are answered with nothing: nobody reads it.
    """
    if step not in Step.values:
        raise Http404
    complaint = visible_complaint(request, complaint_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        return redirect("desk:complaint", complaint_id=complaint.pk)
    said, is_done = form.cleaned_data, "done" in request.POST
    is_draft = "draft" in request.GET
    is_left = is_draft and not request.htmx
    taken, row = None, None
    try:
        row = save_step(
            complaint=complaint,
            step=step,
            text=said["text"],
            is_done=is_done,
            version=said["version"],
            now=timezone.now(),
            user=request.user,
        )
    except StepTaken as refusal:
        taken = refusal
    except ComplaintRefused as refusal:
        if is_left:
            return HttpResponse(status=NOTHING_TO_READ)
        messages.error(request, str(refusal))
        return redirect("desk:complaint", complaint_id=complaint.pk)
    if is_left:
        return HttpResponse(status=NOTHING_TO_READ)
    steps = steps_context(
        complaint, clash=taken.current if taken else None, typed=said["text"], stays=None if is_done else step
    )
    if is_draft and taken is None:
        # while she speaks: the words are kept, and the page stays as it is under the fingers
        return render(request, "desk/complaints/_kept.html", {"row": row, "step": step})
    if request.htmx:
        # htmx leaves out what comes with an error, so the words stand in a plain answer
        context = steps | solutions_context(complaint, request.user)
        return retarget(reswap(render(request, "desk/complaints/_steps.html", context), "outerHTML"), "#steps")
    if taken is not None:
        return show(request, complaint, steps=steps, status=409)
    return redirect(f"{reverse('desk:complaint', args=[complaint.pk])}#steps")
