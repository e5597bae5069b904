"""The stock take on a phone: counted in any order, left and resumed, differences seen before they are saved (P34)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from crm.catalogue.models import StockTake
from crm.catalogue.selectors import Counted, categories_of, counted_of, open_take
from crm.catalogue.services import (
    StockRefused,
    call_off_take,
    count_product,
    save_take,
    start_take,
    uncount_product,
)
from crm.desk.access import desk_page
from crm.desk.checkout.forms import read_count
from crm.team.selectors import branches_of

MOST = 99_999


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def stock_take(request: HttpRequest) -> HttpResponse:
    """The count that is going on, or the choice of a shelf to begin with."""
    going_on = open_take(request.branch)
    if request.method == "POST" and going_on is None:
        going_on = start_take(
            branch=request.branch,
            category=request.POST.get("category", "")[:100],
            now=timezone.now(),
            user=request.user,
        )
    if going_on is not None:
        return redirect("desk:take", take_id=going_on.pk)
    context = {"nav": "orders", "categories": categories_of(request.branch)}
    return render(request, "desk/shop/take_new.html", context)


def visible_take(request: HttpRequest, take_id: int) -> StockTake:
    return get_object_or_404(
        StockTake.objects.select_related("branch", "started_by"), pk=take_id, branch__in=branches_of(request.user)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def take_page(request: HttpRequest, take_id: int) -> HttpResponse:
    """The list to count by; each number is kept as it is typed."""
    take = visible_take(request, take_id)
    wrong: dict[int, str] = {}
    if request.method == "POST":
        try:
            wrong = _keep(request, take)
        except StockRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("desk:take", take_id=take.pk)
        if not wrong and request.POST.get("step") == "look":
            return redirect("desk:take_look", take_id=take.pk)
    rows = counted_of(take)
    context: dict[str, Any] = {
        "nav": "orders",
        "take": take,
        "rows": [_row(counted, wrong) for counted in rows],
        "done": sum(counted.line is not None for counted in rows),
        "total": len(rows),
    }
    if request.method != "POST" or not request.htmx:
        return render(request, "desk/shop/take.html", context, status=422 if wrong else 200)
    row = next((each for each in context["rows"] if f"count-{each['product'].pk}" in request.POST), None)
    if row is None or not (wrong or "was_wrong" in request.POST):
        return render(request, "desk/shop/_take_progress.html", context)
    # htmx leaves out what comes with an error, so the row with its words stands in a plain answer
    answer = render(request, "desk/shop/_take_answer.html", context | {"row": row})
    return retarget(reswap(answer, "outerHTML"), f"#row-{row['product'].pk}")


def _row(counted: Counted, wrong: dict[int, str]) -> dict[str, Any]:
    line = counted.line
    return {
        "product": counted.product,
        "value": wrong.get(counted.product.pk, "" if line is None else str(line.counted)),
        "is_wrong": counted.product.pk in wrong,
        "line": line,
    }


def _keep(request: HttpRequest, take: StockTake) -> dict[int, str]:
    """Keeps what was typed and differs from what is kept; what is no number comes back as it was typed."""
    wrong = {}
    now = timezone.now()
    for counted in counted_of(take):
        name = f"count-{counted.product.pk}"
        if name not in request.POST:
            continue
        typed, kept = request.POST[name].strip()[:12], counted.line
        number = read_count(typed) if typed else None
        if typed and (number is None or number > MOST):
            wrong[counted.product.pk] = typed
        elif number is None and kept is not None:
            uncount_product(take=take, product=counted.product)
        elif number is not None and (kept is None or kept.counted != number):
            count_product(take=take, product=counted.product, counted=number, now=now, user=request.user)
    return wrong


@require_safe
@desk_page
def take_look(request: HttpRequest, take_id: int) -> HttpResponse:
    """What differs from the book, before anything is moved; or what a count that is over has found."""
    take = visible_take(request, take_id)
    rows = counted_of(take)
    context = {
        "nav": "orders",
        "take": take,
        "differing": [each for each in rows if each.line is not None and each.line.counted != each.line.book],
        "agreeing": sum(each.line is not None and each.line.counted == each.line.book for each in rows),
        "missing": [each.product for each in rows if each.line is None],
    }
    return render(request, "desk/shop/take_look.html", context)


@require_POST
@desk_page
def take_end(request: HttpRequest, take_id: int) -> HttpResponse:
    """Saved, or called off."""
    take = visible_take(request, take_id)
    try:
        if request.POST.get("how") == "off":
            call_off_take(take=take, now=timezone.now(), user=request.user)
            messages.success(request, _("Called off. Nothing was moved."))
        else:
            moved = len(save_take(take=take, now=timezone.now(), user=request.user))
            words = ngettext("Saved: %(count)d put right.", "Saved: %(count)d put right.", moved)
            messages.success(request, words % {"count": moved} if moved else _("Saved: everything agrees."))
    except StockRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:shelves")
