"""What to order, the list as a file for each supplier, and booking in what comes (practices.md, P34)."""

import csv
import uuid
from collections import defaultdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.catalogue.models import Product
from crm.catalogue.selectors import shelf
from crm.desk.access import desk_page
from crm.desk.checkout.forms import read_count
from crm.desk.orders.views import tabs
from crm.orders.models import Order, SupplierOrder
from crm.orders.selectors import Wanted, coming_for, open_supplies, to_order
from crm.orders.services import SupplyRefused, book_in, order_from_supplier
from crm.team.selectors import branches_of
from reminders.journeys.services.doorbell import ring
from reminders.letters.services import print_list

INVALID = 422
MOST = 9_999
# a cell that begins so would be a formula in a spreadsheet
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def supply(request: HttpRequest) -> HttpResponse:
    """What is too few or waited for, by supplier, with a number proposed for each."""
    branch, error = request.branch, ""
    if request.method == "POST":
        supplier = request.POST.get("supplier", "")[:120]
        try:
            made = order_from_supplier(
                branch=branch,
                supplier=supplier,
                quantities=numbers(request.POST),
                now=timezone.now(),
                user=request.user,
                key=request.POST.get("key", "")[:64] or None,
            )
        except SupplyRefused as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("The list is made. Send it, and book in what comes."))
            return redirect("desk:supply_order", supply_id=made.pk)
    by_supplier: dict[str, list[Wanted]] = defaultdict(list)
    for wanted in to_order(branch):
        by_supplier[wanted.product.supplier].append(wanted)
    context = {
        "nav": "orders",
        "groups": [
            {"supplier": supplier, "rows": rows, "key": uuid.uuid4().hex} for supplier, rows in by_supplier.items()
        ],
        "open": list(open_supplies(branch)),
        "error": error,
        "tabs": tabs("supply"),
    }
    return render(request, "desk/shop/supply.html", context, status=INVALID if error else 200)


def numbers(post: QueryDict) -> dict[int, int]:
    """How many of each product was typed (`number-12`); what is no number is none."""
    typed = ((name.removeprefix("number-"), value) for name, value in post.items() if name.startswith("number-"))
    counted = ((read_count(name), read_count(value)) for name, value in typed)
    return {pk: number for pk, number in counted if pk is not None and number is not None and number <= MOST}


def visible_supply(request: HttpRequest, supply_id: int) -> SupplierOrder:
    return get_object_or_404(
        SupplierOrder.objects.select_related("branch", "ordered_by"),
        pk=supply_id,
        branch__in=branches_of(request.user),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def supply_order(request: HttpRequest, supply_id: int) -> HttpResponse:
    """One list to a supplier: as a file, and booked in when it comes."""
    made, error = visible_supply(request, supply_id), ""
    lines = list(made.lines.select_related("product").order_by("product__name"))
    waiting = coming_for(made.branch, [line.product_id for line in lines])
    if request.method == "POST":
        error = _book_in(request, waiting, made)
        if not error:
            return redirect("desk:shelves")
    context = {"nav": "orders", "supply": made, "lines": lines, "waiting": waiting, "error": error}
    return render(request, "desk/shop/supply_order.html", context, status=INVALID if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def delivery(request: HttpRequest) -> HttpResponse:
    """Something came that is on no list."""
    branch, error = request.branch, ""
    products = list(shelf(branch))
    waiting = coming_for(branch, [product.pk for product in products])
    if request.method == "POST":
        error = _book_in(request, waiting, None)
        if not error:
            return redirect("desk:shelves")
    context = {
        "nav": "orders",
        "products": products,
        "typed": numbers(request.POST),
        "waiting": waiting,
        "key": request.POST.get("key", "")[:64] or uuid.uuid4().hex,
        "error": error,
    }
    return render(request, "desk/shop/delivery.html", context, status=INVALID if error else 200)


def _book_in(request: HttpRequest, waiting: list[Order], made: SupplierOrder | None) -> str:
    """Books in what was typed; what stands against it, in words."""
    ticked = set(request.POST.getlist("arrived"))
    branch = request.branch if made is None else made.branch
    try:
        book_in(
            branch=branch,
            quantities=numbers(request.POST),
            order=made,
            arrived_orders=[order for order in waiting if str(order.pk) in ticked],
            now=timezone.now(),
            user=request.user,
            key=request.POST.get("key", "")[:24] or None,
        )
    except SupplyRefused as refusal:
        return str(refusal)
    ring()
    messages.success(request, _("Booked in. Who waited for it hears of it."))
    return ""


@require_safe
@desk_page
def supply_file(request: HttpRequest, supply_id: int, form: str) -> HttpResponse:
    """The list for the supplier: a table (`csv`) or a sheet of paper (`pdf`)."""
    made = visible_supply(request, supply_id)
    lines = [(line.product, line.quantity) for line in made.lines.select_related("product").order_by("product__name")]
    name = f"order-{made.pk}"
    if form == "pdf":
        pdf = print_list(
            branch=made.branch,
            receiver=made.supplier,
            heading=_("Our order %(number)s") % {"number": made.pk},
            lines=[_("%(number)s × %(name)s (%(code)s)") % _named(product, number) for product, number in lines],
            now=made.ordered_at,
        )
        return HttpResponse(
            pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
        )
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    file = csv.writer(response)
    file.writerow([_("Code"), _("Name"), _("Brand"), _("How many")])
    for product, number in lines:
        file.writerow([*(_cell(text) for text in (product.code, product.name, product.brand)), number])
    return response


def _named(product: Product, number: int) -> dict[str, object]:
    return {"number": number, "name": product.name, "code": product.code}


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
