"""Calls to make."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.care.models import Call
from crm.care.selectors import calls_to_make
from crm.care.services import finish_call, reopen_call
from crm.desk.access import desk_page, is_front_desk, visible_call, way_back
from crm.desk.words import with_words

SHOWN = 100


@require_safe
@desk_page
def calls(request: HttpRequest) -> HttpResponse:
    """Hers and nobody's for a master; all of the branch for the reception and the owner."""
    user = None if is_front_desk(request.user) else request.user
    found = with_words(calls_to_make(request.branch, user=user)[:SHOWN])
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
    if finish_call(call=call, outcome=outcome, now=timezone.now(), user=request.user, remark=remark):
        messages.success(request, _("Noted."), extra_tags=reverse("desk:call_undo", args=[call.pk]))
    if outcome == Call.Outcome.BOOKED:
        return redirect(f"{reverse('desk:visit_new')}?client={call.client_id}")
    return redirect(back)


@require_POST
@desk_page
def call_undo(request: HttpRequest, call_id: int) -> HttpResponse:
    """It has to be made after all."""
    reopen_call(call=visible_call(request, call_id))
    return redirect("desk:calls")
