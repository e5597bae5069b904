"""`/partner/…/`: a partner confirms the codes that our clients show there (practices.md, P28).

Behind a PIN that the owner hands over. A device that knew it stays in for half a day, or until the PIN is a new one.
"""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.team.connection import connection_of
from crm.team.selectors import branch_day
from loyalty.partners.models import Partner, PartnerCode
from loyalty.partners.selectors import confirmed_on, partner_at, pin_fits
from loyalty.partners.services import PartnerRefused, confirm_code
from loyalty.points.models import RefusedBenefit
from loyalty.vouchers.models import WrongCode
from loyalty.vouchers.services import Guesser, may_try_code, note_refused, note_wrong_code
from reminders.links.doors import unseen

COOKIE = "partner_device"
SALT = "reminders.links.partner"
# a working day
DEVICE_SECONDS = 12 * 60 * 60
REFUSED, TOO_MANY = 422, 429


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The PIN, then one code after the other. An address that is nobody's asks for a PIN like any other."""
    now = timezone.now()
    partner = partner_at(slug, now)
    knows = partner if partner is not None and _is_let_in(request, partner) else None
    if request.method != "POST":
        return _show(request, knows, now)
    if "leave" in request.POST:
        return _leave(slug)
    guesser = Guesser(door=WrongCode.Door.PARTNER, connection=connection_of(request))
    if not may_try_code(guesser, now=now):
        return _show(request, knows, now, refusal=_("Too many wrong ones. Wait an hour, please."), status=TOO_MANY)
    if knows is not None:
        return _confirm(request, knows, guesser, now)
    return _let_in(request, slug, partner, guesser, now)


def _let_in(request: HttpRequest, slug: str, partner: Partner | None, guesser: Guesser, now: datetime) -> HttpResponse:
    """Whether the PIN fits; the answer is the same where there is no such partner."""
    if not pin_fits(partner, request.POST.get("pin", "")) or partner is None:
        note_wrong_code(guesser, now=now)
        return _show(request, None, now, refusal=_("This PIN does not fit."), status=REFUSED)
    response = redirect("partner:page", slug=slug)
    response.set_cookie(
        COOKIE,
        signing.dumps(_mark(partner), salt=SALT),
        max_age=DEVICE_SECONDS,
        path=reverse("partner:page", args=[slug]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return _unkept(response)


def _confirm(request: HttpRequest, partner: Partner, guesser: Guesser, now: datetime) -> HttpResponse:
    typed = request.POST.get("code", "")
    try:
        confirm_code(partner=partner, typed=typed, now=now)
    except PartnerRefused as refusal:
        if refusal.reason == PartnerCode.Refusal.UNKNOWN:
            note_wrong_code(guesser, now=now)
        note_refused(
            kind=RefusedBenefit.Kind.PARTNER,
            place=RefusedBenefit.Place.PARTNER_PAGE,
            reason=refusal.reason,
            words=partner.name,
            typed=typed,
            branch=partner.branch,
            now=now,
        )
        return _show(request, partner, now, refusal=str(refusal), typed=typed, status=REFUSED)
    messages.success(request, _("Confirmed. She gets: %(what)s") % {"what": partner.gives_there})
    return _unkept(redirect("partner:page", slug=partner.slug))


def _show(
    request: HttpRequest,
    partner: Partner | None,
    now: datetime,
    *,
    refusal: str = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "partner": partner,
        "refusal": refusal,
        "typed": typed,
        "today": confirmed_on(partner, branch_day(partner.branch, now)) if partner else 0,
    }
    return _unkept(render(request, "partner/page.html", context, status=status))


def _leave(slug: str) -> HttpResponse:
    response = redirect("partner:page", slug=slug)
    response.delete_cookie(COOKIE, path=reverse("partner:page", args=[slug]))
    return _unkept(response)


def _is_let_in(request: HttpRequest, partner: Partner) -> bool:
    """Whether this device knew the PIN lately; a new PIN shuts out those that knew the old one."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DEVICE_SECONDS)
    except signing.BadSignature:
        return False
    return bool(kept == _mark(partner))


def _mark(partner: Partner) -> list[str]:
    """What a device keeps: whose it is, and by which PIN; neither the PIN nor its hash."""
    return [str(partner.pk), salted_hmac(SALT, partner.pin, algorithm="sha256").hexdigest()[:32]]


def _unkept(response: HttpResponse) -> HttpResponse:
    return unseen(response, translation.get_language() or settings.DEFAULT_LANGUAGE)
