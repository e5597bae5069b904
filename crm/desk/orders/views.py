"""Orders: open, over, a new one, and one stage by stage (practices.md, P35)."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.catalogue.models import Product
from crm.desk.access import desk_page, visible_client
from crm.desk.clients.finding import ask_who
from crm.desk.orders.forms import LateForm, OrderForm
from crm.desk.words import money
from crm.orders.models import Order
from crm.orders.selectors import last_step, open_orders, open_wishes, orders_of, over_orders
from crm.orders.services import OrderRefused, accept_order, undo_ends_at
from crm.team.models import Branch
from crm.team.selectors import branch_day, branches_of
from loyalty.vouchers.selectors import certificate_by_code
from reminders.journeys.services.doorbell import ring

LATELY = 50
SHOWN = 200
INVALID = 422


def visible_order(request: HttpRequest, order_id: int) -> Order:
    """An order of a branch that this person may see; 404 else."""
    return get_object_or_404(
        Order.objects.select_related("client__branch", "product", "branch", "sale", "accepted_by"),
        pk=order_id,
        branch__in=branches_of(request.user),
    )


@require_safe
@desk_page
def orders(request: HttpRequest) -> HttpResponse:
    """What is to come and what lies here; `?over=1` what is over, `?client=` of one person."""
    over = request.GET.get("over") == "1"
    wanted = request.GET.get("client", "")
    today = branch_day(request.branch, timezone.now())
    client = visible_client(int(wanted)) if wanted.isdecimal() and len(wanted) <= 18 else None
    if client is not None:
        rows = list(orders_of(client).filter(branch__in=branches_of(request.user))[:SHOWN])
    else:
        rows = list(over_orders(request.branch)[:LATELY] if over else open_orders(request.branch)[:SHOWN])
    for order in rows:
        order.is_late = order.stage in Order.COMING and order.promised_on < today
    context = {
        "nav": "orders",
        "client": client,
        "late": [order for order in rows if order.is_late],
        "here": [order for order in rows if order.stage == Order.Stage.ARRIVED],
        "coming": [order for order in rows if order.stage in Order.COMING and not order.is_late],
        "ended": [order for order in rows if order.stage not in Order.OPEN],
        "wishes": [] if over or client else list(open_wishes(request.branch)[:SHOWN]),
        "over": over,
        "tabs": tabs("over" if over else "orders"),
    }
    return render(request, "desk/orders/list.html", context)


def tabs(current: str) -> list[dict[str, object]]:
    """Orders, the shelves, what to order: the pages of the shop."""
    pages = [
        ("orders", _("Orders"), reverse("desk:orders")),
        ("over", _("Over"), f"{reverse('desk:orders')}?over=1"),
        ("shelves", _("Shelves"), reverse("desk:shelves")),
        ("supply", _("To order"), reverse("desk:supply")),
    ]
    return [{"label": label, "url": url, "current": name == current} for name, label, url in pages]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def order_new(request: HttpRequest) -> HttpResponse:
    """An order is taken; she is told at once."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = asked.get("client", "")
    if not wanted.isdecimal():
        return ask_who(request, heading=_("An order for whom?"), nav="orders")
    client, branch, now = visible_client(int(wanted)), request.branch, timezone.now()
    product = asked.get("product", "")
    initial = {"product": int(product)} if product.isdecimal() and len(product) <= 18 else None
    form = OrderForm(request.POST or None, branch=branch, today=branch_day(branch, now), initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        order = accept_order(
            client=client,
            product=told["product"] or new_product(branch, told["name"], told["price"]),
            branch=branch,
            quantity=told["quantity"],
            price=told["price"],
            promised_on=told["promised_on"],
            note=told["note"],
            now=now,
            user=request.user,
            key=request.POST.get("key", "")[:64] or None,
        )
        ring()
        messages.success(request, _("Taken. She is told at once."))
        return redirect("desk:order", order_id=order.pk)
    context = {
        "nav": "orders",
        "client": client,
        "form": form,
        "key": request.POST.get("key", "")[:64] or uuid.uuid4().hex,
    }
    return render(request, "desk/orders/new.html", context, status=INVALID if form.errors else 200)


def new_product(branch: Branch, name: str, price: Any) -> Product:
    """Something the shop did not have until now: it is not counted, and can be sold."""
    known = Product.objects.filter(branch=branch, name__iexact=name.strip()).first()
    return known or Product.objects.create(
        branch=branch, code=f"order-{uuid.uuid4().hex[:12]}", name=name.strip(), price=price
    )


@require_safe
@desk_page
def order_page(request: HttpRequest, order_id: int) -> HttpResponse:
    """Where it stands, what can be done with it, and what happened."""
    return show(request, visible_order(request, order_id))


def show(
    request: HttpRequest, order: Order, *, late: LateForm | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    now, currency = timezone.now(), order.branch.currency
    today = branch_day(order.branch, now)
    last = last_step(order)
    ends_at = undo_ends_at(last) if last is not None else None
    at = Order.WAY.index(Order.Stage(order.stage)) if order.stage in Order.WAY else -1
    context = {
        "nav": "orders",
        "order": order,
        "price": money(order.price, currency),
        "total": money(order.total, currency),
        "prepaid": money(order.prepaid, currency) if order.prepaid else "",
        "certificate": certificate_by_code(order.prepaid_code) if order.prepaid_code else None,
        "is_open": order.stage in Order.OPEN,
        "is_coming": order.stage in Order.COMING,
        "is_here": order.stage == Order.Stage.ARRIVED,
        "is_late": order.stage in Order.COMING and order.promised_on < today,
        "way": [
            {"label": stage.label, "is_done": place <= at, "is_now": place == at}
            for place, stage in enumerate(Order.WAY)
        ],
        "next": [
            {"value": stage, "label": stage.label}
            for stage in (Order.Stage.ORDERED, Order.Stage.ON_THE_WAY, Order.Stage.ARRIVED)
            if order.stage in Order.COMING and Order.WAY.index(stage) > at
        ],
        "held": last if ends_at is not None and ends_at > now else None,
        "events": order.events.select_related("user").order_by("at", "pk"),
        "late": late or LateForm(client=order.client),
        "error": error,
    }
    return render(request, "desk/orders/page.html", context, status=status)


def refused(request: HttpRequest, order: Order, refusal: OrderRefused) -> HttpResponse:
    """The page once more, with what stands against it."""
    return show(request, order, error=str(refusal), status=INVALID)
