"""What she gets at the salon's partners', and a code of hers to show there (practices.md, P28)."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.team.selectors import branch_day
from loyalty.partners.selectors import offers_there, open_codes
from loyalty.partners.services import PartnerRefused, take_code
from reminders.links.doors import Visitor, behind
from reminders.messages.tokens import Door

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.HOME)
def partners(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Each partner of her branch with the code she has, or the button that gives her one."""
    today, refusal = branch_day(visitor.client.branch, visitor.now), None
    if request.method == "POST":
        refusal = _take(request, visitor, today)
        if refusal is None:
            return redirect("my:partners")
    codes = {code.partner_id: code for code in open_codes(visitor.client, today)}
    context = {
        "rows": [{"partner": each, "code": codes.get(each.pk)} for each in offers_there(visitor.client, today)],
        "refusal": str(refusal) if refusal else "",
        "branch": visitor.client.branch,
    }
    return render(request, "links/partners.html", context, status=REFUSED if refusal else 200)


def _take(request: HttpRequest, visitor: Visitor, today: date) -> PartnerRefused | None:
    """A code of the partner that was tapped; why not, where there is none to have."""
    key = request.POST.get("partner", "")
    offered = offers_there(visitor.client, today).filter(pk=int(key) if key.isascii() and key.isdecimal() else 0)
    for partner in offered:
        try:
            take_code(client=visitor.client, partner=partner, now=visitor.now)
        except PartnerRefused as refusal:
            return refusal
    return None
