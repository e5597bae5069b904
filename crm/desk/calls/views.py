"""Calls to make."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.care.models import Call
from crm.care.selectors import calls_to_make
from crm.care.services import FollowUp, SurveyOver, take_survey
from crm.desk.access import desk_page, is_front_desk, visible_call, way_back
from crm.desk.calls.forms import SurveyForm
from crm.desk.calls.reaching import with_reach
from crm.desk.words import with_words
from reminders.journeys.services.called import end_call, undo_call

SHOWN = 100


@require_safe
@desk_page
def calls(request: HttpRequest) -> HttpResponse:
    """Hers and nobody's for a master; all of the branch for the reception and the owner."""
    user = None if is_front_desk(request.user) else request.user
    found = with_reach(with_words(calls_to_make(request.branch, user=user)[:SHOWN]), now=timezone.now())
    return render(request, "desk/calls/list.html", {"nav": "calls", "calls": found})


@require_POST
@desk_page
def call_done(request: HttpRequest, call_id: int) -> HttpResponse:
    """The call was made, and what came of it."""
    call = visible_call(request, call_id)
    back = way_back(request, reverse("desk:calls"))
    outcome = request.POST.get("outcome", "")
    if outcome not in Call.Outcome.values:
        messages.error(request, _("Say what came of it."))
        return redirect(back)
    remark = request.POST.get("remark", "")[:300]
    if end_call(call=call, outcome=outcome, now=timezone.now(), user=request.user, remark=remark):
        messages.success(request, _("Noted."), extra_tags=reverse("desk:call_undo", args=[call.pk]))
    if outcome == Call.Outcome.BOOKED:
        return redirect(f"{reverse('desk:visit_new')}?client={call.client_id}")
    return redirect(back)


# what her answer leads to, and what is still to be said
AFTER = {
    FollowUp.COMPLAINT: _("Kept, and a complaint is open: it is answered within two working hours."),
    FollowUp.CALL: _("Kept. Somebody rings her within a day to ask what was missing."),
    FollowUp.BRIEFING: _("Kept. Her next briefing says that she was merely satisfied."),
    FollowUp.RECOMMEND: _("Kept. Tell her that a friend of hers is welcome too."),
}


@require_http_methods(["GET", "POST"])
@desk_page
def call_survey(request: HttpRequest, call_id: int) -> HttpResponse:
    """0 to 10 and two questions, asked by voice; by the reception or the owner, never by who served her."""
    if not is_front_desk(request.user):
        raise PermissionDenied
    call = visible_call(request, call_id)
    if call.kind != Call.SURVEY or call.visit_on is None:
        raise Http404
    form = SurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            after = take_survey(call=call, now=timezone.now(), user=request.user, **form.cleaned_data)
        except SurveyOver as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, AFTER[after])
        return redirect("desk:calls")
    context = {
        "nav": "calls",
        "call": call,
        "form": form,
        "score": request.POST.get("score", ""),
        "score_error": " ".join(form.errors.get("score", [])),
    }
    return render(request, "desk/calls/survey.html", context, status=422 if form.errors else 200)


@require_POST
@desk_page
def call_undo(request: HttpRequest, call_id: int) -> HttpResponse:
    """It has to be made after all."""
    undo_call(call=visible_call(request, call_id), now=timezone.now(), user=request.user)
    return redirect("desk:calls")
