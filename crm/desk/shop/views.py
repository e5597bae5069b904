"""The shelves: what is there, what moved it, and what was broken (practices.md, P34)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.catalogue.models import Product, StockMove
from crm.catalogue.selectors import categories_of, low_filter, moves_of, open_take, shelf
from crm.catalogue.services import StockRefused, begin_counting, correct_stock
from crm.desk.access import desk_page
from crm.desk.checkout.forms import read_count
from crm.desk.orders.views import tabs
from crm.desk.words import money
from crm.orders.selectors import coming_for, on_the_way
from crm.team.selectors import branches_of

MOVES = 60
INVALID = 422


@require_safe
@desk_page
def shelves(request: HttpRequest) -> HttpResponse:
    """Everything that is sold here; `?shelf=` one of them, `?low=1` what is too few."""
    category, low = request.GET.get("shelf", "")[:100], request.GET.get("low") == "1"
    products = shelf(request.branch, category=category)
    if low:
        products = products.filter(low_filter())
    rows = list(products)
    for product in rows:
        product.is_low = product.stock is not None and product.minimum is not None and product.stock < product.minimum
    context = {
        "nav": "orders",
        "products": rows,
        "categories": categories_of(request.branch),
        "category": category,
        "low": low,
        "take": open_take(request.branch),
        "tabs": tabs("shelves"),
    }
    return render(request, "desk/shop/shelves.html", context)


def visible_product(request: HttpRequest, product_id: int) -> Product:
    """A product of a branch that this person may see; 404 else."""
    return get_object_or_404(
        Product.objects.select_related("branch"), pk=product_id, branch__in=branches_of(request.user)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def product_page(request: HttpRequest, product_id: int) -> HttpResponse:
    """One product: how many are there, every move of it, and a move by hand with its reason."""
    product = visible_product(request, product_id)
    error = ""
    if request.method == "POST":
        error = _moved_by_hand(request, product)
        if not error:
            messages.success(request, _("Written down."))
            return redirect("desk:product", product_id=product.pk)
    currency = product.branch.currency
    context: dict[str, Any] = {
        "nav": "orders",
        "product": product,
        "price": money(product.price, currency) if product.price is not None else "",
        "moves": moves_of(product)[:MOVES],
        "waiting": coming_for(product.branch, [product.pk]),
        "under_way": on_the_way(product.branch).get(product.pk, 0),
        "how": request.POST.get("how", StockMove.Kind.WRITTEN_OFF),
        "count": request.POST.get("count", ""),
        "reason": request.POST.get("reason", "")[:200],
        "error": error,
        "choices": [
            {"value": StockMove.Kind.WRITTEN_OFF, "label": _("Write off"), "icon": "trash"},
            {"value": "found", "label": _("Found more"), "icon": "plus"},
            {"value": StockMove.Kind.CORRECTION, "label": _("Fewer than in the book"), "icon": "minus"},
        ],
        "help_url": f"{reverse('desk:elsewhere')}?product={product.pk}",
    }
    return render(request, "desk/shop/product.html", context, status=INVALID if error else 200)


def _moved_by_hand(request: HttpRequest, product: Product) -> str:
    """Does what was typed; what stands against it, in words."""
    count, now = read_count(request.POST.get("count", "")), timezone.now()
    how = request.POST.get("how", "")
    if count is None or count > 9_999 or (count == 0 and how != "begin"):
        return _("How many?")
    if how == "begin":
        begin_counting(product=product, counted=count, now=now, user=request.user)
        return ""
    kind = StockMove.Kind.WRITTEN_OFF if how == StockMove.Kind.WRITTEN_OFF else StockMove.Kind.CORRECTION
    try:
        correct_stock(
            product=product,
            quantity=count if how == "found" else -count,
            kind=kind,
            reason=request.POST.get("reason", ""),
            now=now,
            user=request.user,
        )
    except StockRefused as refusal:
        return str(refusal)
    return ""
