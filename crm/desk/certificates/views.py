"""Selling a gift certificate and showing one: what is left of it, where it went, and the page that is handed over."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.desk.access import desk_page, is_front_desk
from crm.desk.checkout.forms import MONEY_METHODS, read_money
from crm.desk.checkout.views import method_choices
from crm.desk.words import money
from crm.orders.selectors import paid_ahead_for
from crm.people.models import Client
from crm.sales.models import Payment
from crm.team.qr import qr_svg
from crm.team.selectors import branch_day, branches_of
from crm.team.wording import short_date_words
from loyalty.points.selectors import loyalty_settings
from loyalty.vouchers.models import GiftCertificate
from loyalty.vouchers.selectors import why_not_certificate
from loyalty.vouchers.services import CertificateRefused, return_certificate, sell_certificate
from loyalty.vouchers.words import in_groups

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def certificate_new(request: HttpRequest) -> HttpResponse:
    """One thought a page: for how much, for whom, how it is paid. Who buys it may be known (`?client=`)."""
    branch = request.branch
    wanted = request.POST.get("client") or request.GET.get("client") or ""
    client = Client.objects.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) <= 18 else None
    typed = request.POST.get("amount", "")[:20]
    context: dict[str, Any] = {
        "nav": "today",
        "client": client,
        "amount": typed,
        "made_out_to": request.POST.get("made_out_to", "")[:80],
        "method": request.POST.get("method", Payment.Method.CASH),
        "methods": method_choices(),
        "key": request.POST.get("key", "")[:64] or uuid.uuid4().hex,
        "currency": branch.currency,
        "error": "",
    }
    if request.method != "POST":
        return render(request, "desk/certificates/new.html", context)
    amount = read_money(typed, branch.currency)
    if amount is None:
        context["error"] = _("For how much? Type a sum.") if not typed.strip() else _("This is no sum of money.")
        return render(request, "desk/certificates/new.html", context, status=INVALID)
    try:
        certificate = sell_certificate(
            branch=branch,
            amount=amount,
            method=context["method"] if context["method"] in MONEY_METHODS else Payment.Method.CASH,
            key=context["key"],
            now=timezone.now(),
            rules=loyalty_settings(),
            made_out_to=context["made_out_to"],
            client=client,
            user=request.user,
        )
    except CertificateRefused as refused:
        context["error"] = str(refused)
        return render(request, "desk/certificates/new.html", context, status=INVALID)
    messages.success(request, _("Sold. Print it, or let her photograph the code."))
    return redirect("desk:certificate", certificate_id=certificate.pk)


def visible_certificate(request: HttpRequest, certificate_id: int) -> GiftCertificate:
    """A certificate of a branch that this person may see; 404 else."""
    return get_object_or_404(
        GiftCertificate.objects.select_related("branch", "bought_by"),
        pk=certificate_id,
        branch__in=branches_of(request.user),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def certificate_return(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Gives back what was paid for it, while nothing of it is spent; owner and reception only, as with receipts."""
    if not is_front_desk(request.user):
        raise PermissionDenied
    certificate = visible_certificate(request, certificate_id)
    context = {
        "nav": "today",
        "certificate": certificate,
        "code": in_groups(certificate.code),
        "amount": money(certificate.amount, certificate.branch.currency),
        "how": certificate.get_method_display(),
        "error": "",
    }
    if request.method == "POST":
        try:
            return_certificate(certificate=certificate, now=timezone.now(), user=request.user)
        except CertificateRefused as refused:
            context["error"] = str(refused)
            return render(request, "desk/certificates/return.html", context, status=INVALID)
        messages.success(request, _("Returned. Its code pays nothing any more."))
        return redirect("desk:certificate", certificate_id=certificate.pk)
    return render(request, "desk/certificates/return.html", context)


@require_safe
@desk_page
def certificate_page(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """What is left of it and where it went; printed it is what is handed over."""
    certificate = visible_certificate(request, certificate_id)
    currency, language = certificate.branch.currency, get_language() or "en"
    today = branch_day(certificate.branch, timezone.now())
    reason = why_not_certificate(certificate, branch=certificate.branch, today=today)
    context = {
        "nav": "today",
        "certificate": certificate,
        "code": in_groups(certificate.code),
        "qr": "" if reason else qr_svg(certificate.code),
        "amount": money(certificate.amount, currency),
        # the whole price is on it: nothing was spent, returned or lost
        "may_return": is_front_desk(request.user) and certificate.balance == certificate.amount,
        "left": money(certificate.balance, currency),
        "refusal": GiftCertificate.Refusal(reason).label if reason else "",
        # years ahead: the day with its year
        "until": _("Valid until %(day)s.") % {"day": short_date_words(certificate.expires_on, language, with_year=True)}
        if certificate.expires_on
        else "",
        # of money paid ahead nobody is named: it says what for
        "paid_for": paid_ahead_for([certificate.code]).get(certificate.code, ""),
        "movements": [
            {"one": each, "amount": money(each.amount, currency)}
            for each in certificate.movements.select_related("sale", "user").order_by("pk")
        ],
    }
    return render(request, "desk/certificates/page.html", context)
