"""What is done with an order: on to the next stage, later than promised, called off, taken back, paid ahead."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.desk.access import desk_page
from crm.desk.checkout.forms import MONEY_METHODS, read_money
from crm.desk.checkout.views import method_choices
from crm.desk.checkout.words import plain
from crm.desk.orders.forms import LateForm
from crm.desk.orders.views import INVALID, refused, show, visible_order
from crm.desk.words import money
from crm.orders.models import Order, OrderEvent
from crm.orders.services import OrderRefused, ReasonNotSaid, advance, call_off, promise_anew, tell_now, undo_step
from crm.sales.models import Payment
from crm.team.selectors import branches_of
from loyalty.checkout.services import prepay_order
from loyalty.points.selectors import loyalty_settings
from loyalty.vouchers.services import CertificateRefused
from reminders.journeys.services.doorbell import ring


@require_POST
@desk_page
def order_stage(request: HttpRequest, order_id: int) -> HttpResponse:
    """It has come to this stage."""
    order = visible_order(request, order_id)
    try:
        event = advance(order=order, stage=request.POST.get("stage", ""), now=timezone.now(), user=request.user)
    except OrderRefused as refusal:
        return refused(request, order, refusal)
    return _done(request, event, _("Written down. She is told in a moment."))


@require_POST
@desk_page
def order_late(request: HttpRequest, order_id: int) -> HttpResponse:
    """The day slips; she hears the new one and why."""
    order = visible_order(request, order_id)
    form = LateForm(request.POST, client=order.client)
    if not form.is_valid():
        return show(request, order, late=form, status=INVALID)
    try:
        event = promise_anew(order=order, now=timezone.now(), user=request.user, **form.cleaned_data)
    except OrderRefused as refusal:
        form.add_error("reason" if isinstance(refusal, ReasonNotSaid) else "promised_on", str(refusal))
        return show(request, order, late=form, status=INVALID)
    return _done(request, event, _("Written down. She is told in a moment, with the reason."))


@require_POST
@desk_page
def order_off(request: HttpRequest, order_id: int) -> HttpResponse:
    """She or we do not want it any more."""
    order = visible_order(request, order_id)
    try:
        event = call_off(order=order, reason=request.POST.get("reason", ""), now=timezone.now(), user=request.user)
    except OrderRefused as refusal:
        return refused(request, order, refusal)
    return _done(request, event, _("Called off. She is told in a moment."))


def _done(request: HttpRequest, event: OrderEvent, words: str) -> HttpResponse:
    ring()
    undo_url = reverse("desk:order_undo", args=[event.pk]) if event.held_until else ""
    messages.success(request, words, extra_tags=undo_url)
    return redirect("desk:order", order_id=event.order_id)


def visible_step(request: HttpRequest, order_step_id: int) -> OrderEvent:
    """A step of an order that this person may see; 404 else."""
    return get_object_or_404(
        OrderEvent.objects.select_related("order"), pk=order_step_id, order__branch__in=branches_of(request.user)
    )


@require_POST
@desk_page
def order_undo(request: HttpRequest, order_step_id: int) -> HttpResponse:
    """As it was before; she hears nothing of it."""
    event = visible_step(request, order_step_id)
    try:
        undo_step(event=event, now=timezone.now(), user=request.user)
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    else:
        ring()
        messages.success(request, _("As it was before."))
    return redirect("desk:order", order_id=event.order_id)


@require_POST
@desk_page
def order_tell(request: HttpRequest, order_step_id: int) -> HttpResponse:
    """The held message goes at once; undo is over then."""
    event = visible_step(request, order_step_id)
    if tell_now(event=event, now=timezone.now()):
        ring()
        messages.success(request, _("The message is on its way."))
    return redirect("desk:order", order_id=event.order_id)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def order_prepay(request: HttpRequest, order_id: int) -> HttpResponse:
    """Something is paid ahead: the till keeps it like a gift certificate of hers, and it pays at the hand-over."""
    order = visible_order(request, order_id)
    currency = order.branch.currency
    typed = request.POST.get("amount", plain(order.total, currency))[:20]
    method = request.POST.get("method", Payment.Method.CASH)
    error = ""
    if request.method == "POST":
        amount = read_money(typed, currency)
        if amount is None or not 0 < amount <= order.total:
            error = _("Type a sum up to %(total)s.") % {"total": money(order.total, currency)}
        else:
            try:
                prepay_order(
                    order=order,
                    amount=amount,
                    method=method if method in MONEY_METHODS else Payment.Method.CASH,
                    key=request.POST.get("key", "")[:64] or uuid.uuid4().hex,
                    now=timezone.now(),
                    rules=loyalty_settings(),
                    user=request.user,
                )
            except (OrderRefused, CertificateRefused) as refusal:
                error = str(refusal)
            else:
                messages.success(request, _("Paid ahead. It comes off when she takes it."))
                return redirect("desk:order", order_id=order.pk)
    context = {
        "nav": "orders",
        "order": order,
        "is_open": order.stage in Order.OPEN and not order.prepaid,
        "total": money(order.total, currency),
        "amount": typed,
        "method": method,
        "methods": method_choices(),
        "key": request.POST.get("key", "")[:64] or uuid.uuid4().hex,
        "error": error,
    }
    return render(request, "desk/orders/prepay.html", context, status=INVALID if error else 200)
