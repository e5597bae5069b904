"""Promises: to keep, given, over (practices.md, P7)."""

from collections.abc import Callable, Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.booking.models import Appointment
from crm.care.models import Complaint, Promise
from crm.care.selectors import ended_promises, open_promises, with_due
from crm.care.services import (
    PromiseRefused,
    accept_promise,
    break_promise,
    give_promise,
    hand_promise,
    keep_promise,
    reopen_promise,
)
from crm.desk.access import desk_page, is_front_desk, visible_client, visible_promise, way_back
from crm.desk.clients.finding import ask_who
from crm.desk.promises.forms import HandForm, PromiseForm
from crm.team.models import User
from crm.team.selectors import branches_of

LATELY = 30
SHOWN = 100


@require_safe
@desk_page
def promises(request: HttpRequest) -> HttpResponse:
    """Hers for a master, all of the branch for the reception and the owner; `?over=1` those that are over."""
    over = request.GET.get("over") == "1"
    user = None if is_front_desk(request.user) else request.user
    listed = ended_promises if over else open_promises
    rows = list(listed(request.branch, user=user)[: LATELY if over else SHOWN])
    tell(rows, request.user)
    tabs = [
        {"label": _("To keep"), "url": "?", "current": not over},
        {"label": _("Over"), "url": "?over=1", "current": over},
    ]
    return render(request, "desk/promises/list.html", {"nav": "today", "promises": rows, "over": over, "tabs": tabs})


def tell(rows: Iterable[Promise], user: User) -> None:
    """What a row of a list says: whether it is late, and whether this person has to say yes first."""
    now = timezone.now()
    for promise in rows:
        promise.is_late = promise.closed_at is None and promise.due_at is not None and promise.due_at <= now
        promise.asks_me = promise.state == Promise.State.HANDED and promise.holder_id == user.pk


@require_http_methods(["GET", "POST"])
@desk_page
def promise_new(request: HttpRequest) -> HttpResponse:
    """Something was promised to a client: on a visit, on a complaint, or just so."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = asked.get("client", "")
    if not wanted.isdecimal():
        return ask_who(request, heading=_("Promised to whom?"), nav="today")
    client = visible_client(int(wanted))
    seen = {"client": client, "branch__in": branches_of(request.user)}
    visit = complaint = None
    # the visit or the complaint on which it is given
    if (number := asked.get("visit", "")).isdecimal():
        visit = get_object_or_404(Appointment.objects.select_related("branch"), pk=int(number), **seen)
    if (number := asked.get("complaint", "")).isdecimal():
        complaint = get_object_or_404(Complaint.objects.select_related("branch"), pk=int(number), **seen)
    branch = visit.branch if visit else complaint.branch if complaint else request.branch
    form = PromiseForm(request.POST or None, branch=branch, user=request.user)
    if request.method == "POST" and form.is_valid():
        give_promise(
            client=client,
            branch=branch,
            now=timezone.now(),
            user=request.user,
            appointment=visit,
            complaint=complaint,
            **form.cleaned_data,
        )
        messages.success(request, _("Written down. It is shown until it is kept."))
        return redirect(way_back(request, reverse("desk:promises")))
    context = {
        "nav": "today",
        "client": client,
        "visit": visit,
        "complaint": complaint,
        "form": form,
        "next": way_back(request, ""),
    }
    return render(request, "desk/promises/new.html", context, status=422 if form.errors else 200)


@require_safe
@desk_page
def promise_page(request: HttpRequest, promise_id: int) -> HttpResponse:
    """What was promised, in whose hands it has been, and what can be done with it."""
    return _show(request, visible_promise(request, promise_id))


def _show(
    request: HttpRequest, promise: Promise, *, hand: HandForm | None = None, kept: str = "", error: str = ""
) -> HttpResponse:
    promise.due_at = with_due(Promise.objects.filter(pk=promise.pk)).get().due_at
    tell([promise], request.user)
    context = {
        "nav": "today",
        "promise": promise,
        "events": promise.events.select_related("user", "to").order_by("at", "pk"),
        "hand": hand or HandForm(branch=promise.branch, holder=promise.holder),
        "kept": kept,
        "error": error,
    }
    return render(request, "desk/promises/page.html", context, status=422 if error or (hand and hand.errors) else 200)


@require_POST
@desk_page
def promise_accept(request: HttpRequest, promise_id: int) -> HttpResponse:
    """She sees to it."""
    return _do(request, promise_id, accept_promise, gettext_lazy("It is in your hands."))


@require_POST
@desk_page
def promise_hand(request: HttpRequest, promise_id: int) -> HttpResponse:
    """To a colleague, or back to who gave it."""
    promise = visible_promise(request, promise_id)
    form = HandForm(request.POST, branch=promise.branch, holder=promise.holder)
    if form.is_valid():
        try:
            hand_promise(promise=promise, now=timezone.now(), user=request.user, **form.cleaned_data)
        except PromiseRefused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Handed on."))
            return redirect("desk:promises")
    return _show(request, promise, hand=form)


@require_POST
@desk_page
def promise_end(request: HttpRequest, promise_id: int) -> HttpResponse:
    """Kept, or why it cannot be."""
    promise = visible_promise(request, promise_id)
    text = request.POST.get("text", "")[:300]
    verb = break_promise if request.POST.get("how") == Promise.State.BROKEN else keep_promise
    try:
        verb(promise=promise, now=timezone.now(), user=request.user, text=text)
    except PromiseRefused as refusal:
        return _show(request, promise, kept=text, error=str(refusal))
    said = _("Written down as not kept.") if verb is break_promise else _("Kept. She will notice.")
    messages.success(request, said, extra_tags=reverse("desk:promise_reopen", args=[promise.pk]))
    return redirect("desk:promises")


@require_POST
@desk_page
def promise_reopen(request: HttpRequest, promise_id: int) -> HttpResponse:
    """It is not over after all."""
    return _do(request, promise_id, reopen_promise, gettext_lazy("Open again."))


def _do(request: HttpRequest, promise_id: int, verb: Callable[..., None], said: str) -> HttpResponse:
    promise = visible_promise(request, promise_id)
    try:
        verb(promise=promise, now=timezone.now(), user=request.user)
    except PromiseRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("desk:promise", promise_id=promise.pk)
