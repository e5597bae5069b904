"""What a client gets at the partners', and a code for her to show there (practices.md, P28)."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crm.desk.access import desk_page, visible_client
from crm.people.models import Client
from crm.team.selectors import branch_day
from loyalty.partners.models import PartnerCode
from loyalty.partners.selectors import offers_there, open_codes
from loyalty.partners.services import PartnerRefused, take_code


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def client_partners(request: HttpRequest, client_id: int) -> HttpResponse:
    """The partners of her branch, each with the code she has or the button that gives her one."""
    client = visible_client(client_id)
    now = timezone.now()
    if request.method == "POST":
        _give(request, client, now)
        return redirect("desk:client_partners", client_id=client.pk)
    today = branch_day(client.branch, now)
    codes = {code.partner_id: code for code in open_codes(client, today)}
    context = {
        "nav": "clients",
        "client": client,
        "rows": [{"partner": each, "code": codes.get(each.pk)} for each in offers_there(client, today)],
    }
    return render(request, "desk/partners/page.html", context)


def _give(request: HttpRequest, client: Client, now: datetime) -> None:
    """A code of the partner that was tapped; one that is not offered to her gives none."""
    key = request.POST.get("partner", "")
    partner = offers_there(client, branch_day(client.branch, now)).filter(pk=int(key) if key.isdecimal() else 0).first()
    try:
        if partner is None:
            raise PartnerRefused(PartnerCode.Refusal.OFF)
        take_code(client=client, partner=partner, now=now, user=request.user)
    except PartnerRefused as refusal:
        messages.error(request, str(refusal))
