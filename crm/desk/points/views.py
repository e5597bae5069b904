"""Points of a client at the desk: rewards in two taps, points by hand, and what waits for the owner's word (P23)."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm.desk.access import desk_page, visible_client
from crm.desk.points.forms import GestureForm
from crm.desk.words import day_of_year, language, money
from crm.people.models import Client
from crm.team.models import User
from crm.team.selectors import branch_day
from crm.team.wording import isolated, number_words
from loyalty.points.models import GestureRequest
from loyalty.points.selectors import ledger_of, left_by_hand, loyalty_settings, open_requests, points_summary
from loyalty.points.services import (
    GestureRefused,
    KeyReused,
    NotEnoughPoints,
    decline_gesture,
    give_gesture,
    grant_gesture,
)
from loyalty.vouchers.models import Reward, Voucher
from loyalty.vouchers.selectors import reward_name, rewards_on_offer, unused_rewards
from loyalty.vouchers.services import RewardRefused, redeem_reward, return_reward

# of her history
SHOWN = 30


@require_safe
@desk_page
def client_points(request: HttpRequest, client_id: int) -> HttpResponse:
    """What she has and what it is worth, what it buys, and how it came."""
    return _page(request, visible_client(client_id), GestureForm(initial={"key": uuid4()}))


def _page(request: HttpRequest, client: Client, form: GestureForm, *, status: int = 200) -> HttpResponse:
    rules, today = loyalty_settings(), branch_day(request.branch, timezone.now())
    summary = points_summary(client, rules)
    is_owner = request.user.role == User.Role.OWNER
    context = {
        "nav": "clients",
        "client": client,
        "points": summary,
        "balance": number_words(summary.balance, language()),
        "worth": money(summary.worth, client.branch.currency),
        "rewards": [
            {
                "reward": each.reward,
                "name": reward_name(each.reward, language()),
                "lacks": _lacks(each.missing) if each.missing else "",
                "valid": _valid(each.reward.valid_days),
            }
            for each in rewards_on_offer(request.branch, balance=summary.balance)
        ],
        "taken": [
            {"taken": each, "until": _("until %(day)s") % {"day": day_of_year(each.voucher.valid_until, today)}}
            for each in unused_rewards(client)
        ],
        "key": uuid4(),
        "form": form,
        "may_give": rules.gesture_on or is_owner,
        "left": None if is_owner else left_by_hand(request.user, today, rules),
        "waiting": open_requests().count() if is_owner else 0,
        "history": [
            {
                "when": day_of_year(entry.on, today),
                "what": entry.words,
                "why": entry.reason,
                "by": str(entry.user) if entry.user else "",
                "points": signed(entry.points),
            }
            for entry in ledger_of(client)[:SHOWN]
        ],
    }
    return render(request, "desk/points/client.html", context, status=status)


def signed(points: int) -> str:
    """“+50”, “−20” with a real minus."""
    return f"{'+' if points > 0 else '−'}{number_words(abs(points), language())}"


def _lacks(points: int) -> str:
    return ngettext("%(points)s point is missing", "%(points)s points are missing", points) % {"points": points}


def _valid(days: int) -> str:
    return ngettext("valid %(days)s day", "valid %(days)s days", days) % {"days": days}


@require_POST
@desk_page
def points_give(request: HttpRequest, client_id: int) -> HttpResponse:
    """Points by hand: at once, or where they are many by the owner's word."""
    client = visible_client(client_id)
    form = GestureForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            given = give_gesture(
                client=client,
                points=asked["points"],
                reason=asked["reason"],
                user=request.user,
                now=timezone.now(),
                rules=loyalty_settings(),
                key=str(asked["key"]),
            )
        except GestureRefused as refusal:
            form.add_error(None, str(refusal))
        except KeyReused:
            form.add_error(None, _("This form was sent before with other figures. Open the page again."))
        else:
            if isinstance(given, GestureRequest):
                messages.info(request, _("That is more than you may give in a day. The owner is asked."))
            else:
                messages.success(request, _points_words(given.points))
            return redirect("desk:client_points", client_id=client.pk)
    return _page(request, client, form, status=422)


def _points_words(points: int) -> str:
    return ngettext("%(points)s point is hers.", "%(points)s points are hers.", points) % {"points": points}


@require_POST
@desk_page
def reward_redeem(request: HttpRequest, client_id: int, reward_id: int) -> HttpResponse:
    """The second of two taps: her points become a voucher."""
    client = visible_client(client_id)
    reward = get_object_or_404(Reward.objects.prefetch_related("services"), pk=reward_id)
    try:
        voucher = redeem_reward(
            client=client,
            reward=reward,
            key=request.POST.get("key", "")[:40] or uuid4().hex,
            now=timezone.now(),
            by=request.user,
            branch=request.branch,
        )
    except (NotEnoughPoints, RewardRefused) as refusal:
        messages.error(request, str(refusal))
    except KeyReused:
        messages.error(request, _("This form was sent before for something else. Look what she has now."))
    else:
        messages.success(
            request, _("It is hers: %(code)s. At her checkout it comes off by itself.") % {"code": voucher.code}
        )
    return redirect("desk:client_points", client_id=client.pk)


@require_POST
@desk_page
def reward_back(request: HttpRequest, client_id: int, voucher_id: int) -> HttpResponse:
    """An unused reward becomes points again."""
    client = visible_client(client_id)
    voucher = get_object_or_404(
        Voucher.objects.select_related("client__branch"), pk=voucher_id, client=client, kind=Voucher.Kind.REWARD
    )
    try:
        points = return_reward(voucher=voucher, now=timezone.now(), by=request.user)
    except RewardRefused as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(points)s point is back.", "%(points)s points are back.", points)
        messages.success(request, words % {"points": points})
    return redirect("desk:client_points", client_id=client.pk)


def _owner(request: HttpRequest) -> None:
    if request.user.role != User.Role.OWNER:
        raise PermissionDenied


@require_safe
@desk_page
def gestures(request: HttpRequest) -> HttpResponse:
    """What waits for the owner's word."""
    _owner(request)
    today = branch_day(request.branch, timezone.now())
    rules = loyalty_settings()
    rows: list[dict[str, Any]] = [
        {
            "request": each,
            "client": each.account.client,
            "worth": money(each.points * rules.point_value, request.branch.currency),
            "when": day_of_year(timezone.localtime(each.asked_at).date(), today),
            "is_own": each.asked_by_id == request.user.pk,
        }
        for each in open_requests()
    ]
    return render(request, "desk/points/requests.html", {"nav": "clients", "rows": rows})


@require_POST
@desk_page
def gesture_decide(request: HttpRequest, request_id: int, decision: str) -> HttpResponse:
    """Granted or declined, by an owner who is not the one who asked."""
    _owner(request)
    asked = get_object_or_404(GestureRequest.objects.select_related("account__client__branch"), pk=request_id)
    name = isolated(asked.account.client.shown_name)
    try:
        if decision == "grant":
            entry = grant_gesture(request=asked, user=request.user, now=timezone.now(), rules=loyalty_settings())
            messages.success(request, _("%(name)s has %(points)s more.") % {"name": name, "points": entry.points})
        else:
            decline_gesture(request=asked, user=request.user, now=timezone.now())
            messages.success(request, _("Declined. Nothing was given."))
    except GestureRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:gestures")
