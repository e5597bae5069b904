"""Solutions of a complaint at the desk: offered, agreed to, chosen, given in the same act."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.care.models import ComplaintOption
from crm.care.services import ComplaintRefused
from crm.desk.access import desk_page, is_front_desk, visible_complaint
from crm.desk.checkout.forms import MONEY_METHODS
from crm.desk.complaints.shown import offer_form
from crm.desk.complaints.views import show
from crm.sales.services import SaleRefused
from loyalty.amends.services import (
    agree_to_option,
    choose_solution,
    hand_money_back,
    offer_solutions,
    refuse_option,
    withdraw_option,
)
from loyalty.gifts.services import GiftRefused

Kind, State = ComplaintOption.Kind, ComplaintOption.State


@require_POST
@desk_page
def complaint_offer(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """Puts what was filled in before her, at least two in all."""
    complaint = visible_complaint(request, complaint_id)
    form = offer_form(complaint, request.POST)
    if form.is_valid():
        try:
            offered = offer_solutions(
                complaint=complaint, solutions=form.solutions(), user=request.user, now=timezone.now()
            )
        except ComplaintRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            waits = any(option.state == State.WAITING for option in offered)
            messages.success(
                request,
                _("Kept. What goes beyond your limit waits for a second person.") if waits else _("Let her choose."),
            )
            return redirect("desk:complaint", complaint_id=complaint.pk)
    return show(request, complaint, offer=form, status=422)


@require_POST
@desk_page
def option_choose(request: HttpRequest, complaint_id: int, option_id: int) -> HttpResponse:
    """She chose this one: it is hers now."""
    option = _option(request, complaint_id, option_id)
    if option.kind == Kind.REFUND and not is_front_desk(request.user):
        # who has no till hands no money out: the reception does
        return _done(
            request,
            option,
            lambda: choose_solution(option=option, now=timezone.now()),
            _("The reception hands it out."),
        )
    given = _("It is hers.") if option.kind != Kind.REDO else _("Now find a time with her.")
    return _done(
        request,
        option,
        lambda: choose_solution(option=option, now=timezone.now(), user=request.user, method=_method(request)),
        given,
    )


@require_POST
@desk_page
def option_money(request: HttpRequest, complaint_id: int, option_id: int) -> HttpResponse:
    """What she chose by herself is handed out at the till."""
    if not is_front_desk(request.user):
        raise PermissionDenied
    option = _option(request, complaint_id, option_id)
    return _done(
        request,
        option,
        lambda: hand_money_back(option=option, now=timezone.now(), user=request.user, method=_method(request)),
        _("Handed back, and the receipt is written."),
    )


@require_POST
@desk_page
def option_decide(request: HttpRequest, complaint_id: int, option_id: int, decision: str) -> HttpResponse:
    """A second person agrees, or does not."""
    option = _option(request, complaint_id, option_id)
    now = timezone.now()
    if decision == "agree":
        return _done(
            request,
            option,
            lambda: agree_to_option(option=option, user=request.user, now=now),
            _("It may be offered now."),
        )
    return _done(
        request,
        option,
        lambda: refuse_option(option=option, user=request.user, now=now, why=request.POST.get("why", "")[:200]),
        _("It is not offered."),
    )


@require_POST
@desk_page
def option_withdraw(request: HttpRequest, complaint_id: int, option_id: int) -> HttpResponse:
    option = _option(request, complaint_id, option_id)
    return _done(
        request,
        option,
        lambda: withdraw_option(option=option, user=request.user, now=timezone.now()),
        _("Taken off the list."),
    )


def _option(request: HttpRequest, complaint_id: int, option_id: int) -> ComplaintOption:
    complaint = visible_complaint(request, complaint_id)
    return get_object_or_404(
        ComplaintOption.objects.select_related("complaint__client", "complaint__branch"),
        pk=option_id,
        complaint=complaint,
    )


def _method(request: HttpRequest) -> str:
    method = request.POST.get("method", "")
    return method if method in MONEY_METHODS else ""


def _done(request: HttpRequest, option: ComplaintOption, act: Callable[[], Any], words: str) -> HttpResponse:
    try:
        act()
    except (ComplaintRefused, SaleRefused, GiftRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("desk:complaint", complaint_id=option.complaint_id)
