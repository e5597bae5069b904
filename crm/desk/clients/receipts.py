"""A client's receipts, the newest first: a page of their own, which her card fetches when it is scrolled to."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.desk.access import desk_page, visible_client
from crm.desk.words import day_of_year, money
from crm.people.models import Client
from crm.sales.models import Sale
from crm.sales.selectors import sales_of
from crm.team.selectors import branches_of

A_PAGE = 10
# nobody has more; an address with a larger number shows the last
LAST_PAGE = 10_000


@require_safe
@desk_page
def client_receipts(request: HttpRequest, client_id: int) -> HttpResponse:
    """Those of the branches that this person may see, ten a page."""
    client = visible_client(client_id)
    page = asked_page(request.GET.get("page", ""))
    # one more than is shown tells whether there are more
    found = newest(client, branches_of(request.user), since=page * A_PAGE, count=A_PAGE + 1)
    address = reverse("desk:client_receipts", args=[client.pk])
    context = {
        "nav": "clients",
        "client": client,
        "rows": rows(found[:A_PAGE]),
        "more_url": f"{address}?page={page + 1}" if len(found) > A_PAGE else "",
    }
    return render(request, "desk/clients/_receipts.html" if request.htmx else "desk/clients/receipts.html", context)


def newest(client: Client, branches: Any, *, since: int = 0, count: int) -> list[Sale]:
    """Sales and refunds of these branches, the newest first. One query."""
    return list(sales_of(client).filter(branch__in=branches).select_related("branch")[since : since + count])


def rows(sales: Sequence[Sale]) -> list[dict[str, str]]:
    """Each as a row of a list: its day, number, sum and address."""
    today = timezone.localdate()
    return [
        {
            "title": day_of_year(sale.on, today),
            "sub": (_("Refund %(code)s") if sale.refund_of_id else _("Receipt %(code)s")) % {"code": sale.code},
            "trail": money(sale.total, sale.branch.currency),
            "url": reverse("desk:receipt", args=[sale.pk]),
        }
        for sale in sales
    ]


def asked_page(text: str) -> int:
    """The number in an address, from 0; what is none is the first."""
    return min(int(text), LAST_PAGE) if text.isascii() and text.isdecimal() else 0
