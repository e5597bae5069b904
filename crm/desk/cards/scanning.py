"""Reading a card or a voucher at the desk, by the camera or typed: whose it is, and whether it is good (practices.md, P24)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.desk.access import desk_page
from crm.desk.camera import with_camera
from crm.desk.words import money
from crm.team.connection import connection_of
from crm.team.models import Branch
from crm.team.selectors import branch_day, branches_of
from crm.team.wording import date_words
from loyalty.cards.models import Card
from loyalty.cards.selectors import card_shown
from loyalty.vouchers.models import Voucher, WrongCode
from loyalty.vouchers.selectors import certificate_by_code, voucher_by_code, why_not
from loyalty.vouchers.services import Guesser, may_try_code, note_wrong_code
from loyalty.vouchers.words import benefit_words, condition_words, hour_words, in_groups

REFUSED, TOO_MANY = 422, 429


@with_camera
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def scan(request: HttpRequest) -> HttpResponse:
    """A personal card opens her page, one that is lent its own; of a voucher it is said what it gives."""
    if request.method != "POST":
        return render(request, "desk/cards/scan.html", {"nav": "clients"})
    typed, now = request.POST.get("code", "").strip()[:40], timezone.now()
    guesser = Guesser(WrongCode.Door.DESK, connection_of(request), user=request.user)
    if not typed:
        return _page(request, typed, _("Type the number, or hold it before the camera."))
    if not may_try_code(guesser, now=now):
        words = _("Too many wrong codes. Try again in an hour, or ask the owner.")
        return _page(request, typed, words, status=TOO_MANY)
    if voucher := voucher_by_code(typed):
        return _page(request, typed, **_of_voucher(voucher, request.branch, now))
    if certificate := certificate_by_code(typed):
        if certificate.branch_id in branches_of(request.user).values_list("pk", flat=True):
            return redirect("desk:certificate", certificate_id=certificate.pk)
        left = money(certificate.balance, certificate.branch.currency)
        messages.info(request, _("A gift certificate: %(sum)s is left on it.") % {"sum": left})
        return render(request, "desk/cards/scan.html", {"nav": "clients"})
    if card := card_shown(typed):
        if card.closed_at is not None:
            return _page(request, typed, str(Card.Refusal.CLOSED.label), client=card.client)
        if card.is_bearer:
            messages.info(request, _("Whoever shows it has the discount. Read it once more in the checkout."))
            return redirect("desk:card", card_id=card.pk)
        messages.info(request, _("Her %(level)s. Look whether it is she.") % {"level": card.level})
        return redirect("desk:client", client_id=card.client_id)
    note_wrong_code(guesser, now=now)
    return _page(request, typed, str(Voucher.Refusal.UNKNOWN.label))


def _of_voucher(voucher: Voucher, branch: Branch, now: datetime) -> dict[str, Any]:
    """What it gives and under which conditions, or why not any more; those of the visit are asked at the checkout."""
    language, today = get_language() or "en", branch_day(branch, now)
    reason = why_not(
        voucher,
        client_id=voucher.client_id,
        today=today,
        booked_on=today,
        appointment_id=voucher.reserved_for_id,
    )
    until = _("until %(day)s") % {"day": date_words(voucher.valid_until, language)}
    return {
        "refusal": str(Voucher.Refusal(reason).label) if reason else "",
        "status": REFUSED if reason else 200,
        "client": voucher.client,
        "voucher": {
            "code": in_groups(voucher.code),
            "gives": benefit_words(voucher, language),
            "lines": condition_words(voucher.campaign, language) if voucher.campaign else [until, *hour_words(voucher)],
        },
    }


def _page(request: HttpRequest, typed: str, refusal: str = "", *, status: int = REFUSED, **found: Any) -> HttpResponse:
    context = {"nav": "clients", "typed": typed, "refusal": refusal, **found}
    return render(request, "desk/cards/scan.html", context, status=status)
