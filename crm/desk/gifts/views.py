"""A surprise for this visit, out of the month's budget (practices.md, P11), and taking back what was given."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.booking.models import Appointment
from crm.desk.access import desk_page, is_front_desk, visible_appointment, way_back
from crm.desk.words import money
from crm.team.selectors import branch_day, branches_of
from crm.team.wording import isolated
from loyalty.gifts.models import Gift, GiftGiven
from loyalty.gifts.selectors import extras_for
from loyalty.gifts.services import GiftRefused, give_extra, take_back_gift
from loyalty.points.selectors import loyalty_settings


def extras_context(request: HttpRequest, appointment: Appointment) -> dict[str, Any] | None:
    """What the visit's page shows of surprises; nothing where the owner gives none."""
    rules, now = loyalty_settings(), timezone.now()
    if not rules.extras_budget:
        return None
    found = extras_for(appointment, today=branch_day(appointment.branch, now), rules=rules)
    currency = appointment.branch.currency
    return {
        "choices": [{"pk": each.pk, "name": each.name, "cost": money(each.cost, currency)} for each in found.choices],
        "left": money(found.left, currency),
        "given": [{"one": each, "can_take_back": may_take_back(request, each)} for each in found.given],
    }


def may_take_back(request: HttpRequest, given: GiftGiven) -> bool:
    """Who gave it on the day itself, and the front desk."""
    today = branch_day(given.branch, timezone.now())
    return is_front_desk(request.user) or (given.user_id == request.user.pk and given.on == today)


@require_POST
@desk_page
def extra_give(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """One tap: she gets it."""
    appointment = visible_appointment(request, appointment_id)
    wanted = request.POST.get("gift", "")
    gift = Gift.objects.filter(pk=wanted, branch=appointment.branch).first() if wanted.isdecimal() else None
    back = reverse("desk:visit", args=[appointment.pk])
    if gift is None:
        messages.error(request, _("This extra is no longer given."))
        return redirect(back)
    try:
        given = give_extra(
            appointment=appointment, gift=gift, now=timezone.now(), user=request.user, rules=loyalty_settings()
        )
    except GiftRefused as refusal:
        messages.error(request, str(refusal))
    else:
        undo = f"{reverse('desk:gift_take_back', args=[given.pk])}?{urlencode({'next': back})}"
        words = _("%(gift)s: a surprise for %(name)s.") % {
            "gift": isolated(gift.name),
            "name": isolated(appointment.client.shown_name),
        }
        messages.success(request, words, extra_tags=undo)
    return redirect(back)


@require_POST
@desk_page
def gift_take_back(request: HttpRequest, given_id: int) -> HttpResponse:
    """It was not given after all."""
    given = get_object_or_404(
        GiftGiven.objects.select_related("branch", "appointment"), pk=given_id, branch__in=branches_of(request.user)
    )
    otherwise = reverse("desk:visit", args=[given.appointment_id]) if given.appointment_id else reverse("desk:today")
    if not may_take_back(request, given):
        messages.error(request, _("Who gave it takes it back on the same day; after that the reception or the owner."))
    elif take_back_gift(given=given, now=timezone.now()):
        messages.success(request, _("Taken back."))
    else:
        messages.info(request, _("It was taken back before."))
    return redirect(way_back(request, otherwise))
