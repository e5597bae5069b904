"""The receipt after a checkout, and the refund of one."""

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from crm.desk.access import desk_page, is_front_desk
from crm.desk.checkout.forms import MONEY_METHODS, read_count
from crm.desk.checkout.till import next_booked
from crm.desk.checkout.views import method_choices
from crm.desk.checkout.words import followed_words
from crm.desk.told import line_of_receipt
from crm.desk.words import money
from crm.sales.models import Payment, RebookingDecline, Sale, SaleLine
from crm.sales.selectors import Returnable, receipt, returnable
from crm.sales.services import ReturnFact, SaleRefused
from crm.team.selectors import branches_of, zone
from crm.team.wording import isolated
from loyalty.checkout.selectors import what_followed
from loyalty.checkout.services import refund_checkout
from loyalty.points.selectors import entries_of_sale, loyalty_settings, points_summary


def visible_sale(request: HttpRequest, sale_id: int) -> Sale:
    """The sale, if it is of a branch that this person may see."""
    sale = receipt(sale_id, branches_of(request.user))
    if sale is None:
        raise Http404
    return sale


def _many(line: SaleLine) -> str:
    """“× 2”; of one nothing is said."""
    many = abs(line.quantity)
    return "" if many == 1 else f"× {many.normalize():f}"


@desk_page
@require_GET
def receipt_page(request: HttpRequest, sale_id: int) -> HttpResponse:
    """What was paid, what it earned, and when she comes again."""
    sale = visible_sale(request, sale_id)
    currency = sale.branch.currency
    returned = list(sale.refunds.order_by("pk"))
    can_refund = sale.refund_of_id is None and is_front_desk(request.user)
    context: dict[str, Any] = {
        "nav": "today",
        "sale": sale,
        "lines": [
            {
                "label": str(line.service or line.product),
                "sub": " · ".join(filter(None, [_many(line), line.discount_label, lowered_line(line, currency)])),
                "value": money(line.amount, currency),
            }
            for line in sale.lines.all()
        ],
        "total": money(sale.total, currency),
        "payments": [
            {
                "label": capfirst(payment.get_method_display()),
                "value": _paid_with(payment, currency),
            }
            for payment in sale.payments.all()
        ],
        "followed": followed_words(what_followed(sale), currency),
        "entries": entries_of_sale(sale) if sale.client else [],
        "points": points_summary(sale.client, loyalty_settings()) if sale.client else None,
        "upcoming": next_booked(sale.client, after=sale.on) if sale.client else None,
        "decline": RebookingDecline.objects.filter(sale=sale).first(),
        "margin": line_of_receipt(sale),
        "refunds": returned,
        "can_refund": can_refund and sum((each.total for each in returned), sale.total) != 0,
        "sold_at": sale.sold_at and sale.sold_at.astimezone(zone(sale.branch)),
    }
    return render(request, "desk/checkout/receipt.html", context)


def lowered_line(line: SaleLine, currency: str) -> str:
    """“usually 60.00: a friend of the house”, where less was asked by hand."""
    if line.usual_amount is None:
        return ""
    said = {"sum": money(line.usual_amount, currency), "why": isolated(line.lowered_why)}
    return _("usually %(sum)s: %(why)s") % said


def _paid_with(payment: Payment, currency: str) -> str:
    """A sum; points with what they were worth."""
    worth = money(payment.amount, currency)
    if not payment.points:
        return worth
    points = ngettext("%(points)s point", "%(points)s points", payment.points) % {"points": payment.points}
    return _("%(points)s = %(worth)s") % {"points": points, "worth": worth}


@desk_page
@require_http_methods(["GET", "POST"])
def refund_page(request: HttpRequest, sale_id: int) -> HttpResponse:
    """Gives back lines of a receipt; owner and reception only."""
    if not is_front_desk(request.user):
        raise PermissionDenied
    sale = visible_sale(request, sale_id)
    if sale.refund_of_id is not None:
        raise Http404
    parts = [part for part in returnable(sale) if part.quantity > 0]
    error = ""
    wrong = {part.line.pk for part in parts if _quantity(request, part) is None}
    if request.method == "POST" and not wrong:
        method = request.POST.get("method", "")
        try:
            refund = refund_checkout(
                sale=sale,
                returns=[
                    ReturnFact(part.line, _quantity(request, part) or Decimal(0), to_shelf=_to_shelf(request, part))
                    for part in parts
                ],
                key=request.POST.get("key", "")[:64] or uuid.uuid4().hex,
                now=timezone.now(),
                user=request.user,
                method=method if method in MONEY_METHODS else "",
            )
        except SaleRefused as refused:
            error = str(refused)
        else:
            messages.success(request, _("Returned. Receipt %(code)s is written.") % {"code": refund.code})
            return redirect("desk:receipt", sale_id=refund.pk)
    currency = sale.branch.currency
    context = {
        "nav": "today",
        "sale": sale,
        "error": error,
        "key": request.POST.get("key") or uuid.uuid4().hex,
        "method": request.POST.get("method", ""),
        "methods": method_choices(),
        "parts": [
            {
                # templates join texts to texts only
                "pk": str(part.line.pk),
                "label": str(part.line.service or part.line.product),
                "most": int(part.quantity),
                "value": request.POST.get(f"quantity-{part.line.pk}", ""),
                "amount": money(part.amount, currency),
                "is_wrong": part.line.pk in wrong,
                "is_counted": part.line.product is not None and part.line.product.stock is not None,
                "to_shelf": _to_shelf(request, part),
            }
            for part in parts
        ],
    }
    return render(request, "desk/checkout/refund.html", context, status=422 if error or wrong else 200)


def _to_shelf(request: HttpRequest, part: Returnable) -> bool:
    """Whether it can be sold again; taken for granted until somebody says otherwise."""
    return request.POST.get(f"shelf-{part.line.pk}", "yes") == "yes"


def _quantity(request: HttpRequest, part: Returnable) -> Decimal | None:
    """How many of a line come back: what is typed, nothing is none; a line of one is ticked. None: it is no count."""
    typed = request.POST.get(f"quantity-{part.line.pk}", "").strip()
    count = read_count(typed or "0")
    return Decimal(count) if count is not None and count <= part.quantity else None
