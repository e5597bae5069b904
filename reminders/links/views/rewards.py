"""What her points buy, and the vouchers that come of it. Looking takes nothing; a press does, once."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.team.selectors import branch_day
from loyalty.points.selectors import balance_of
from loyalty.points.services import KeyReused, NotEnoughPoints
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.selectors import OfferedReward, rewards_on_offer, vouchers_of
from loyalty.vouchers.services import NothingToReturn, RewardOff, redeem_reward, return_reward
from reminders.links.doors import Visitor, behind
from reminders.links.forms import KeyForm
from reminders.links.purse import points_words, reward_rows, voucher_rows
from reminders.links.selectors.bookable import may_book
from reminders.messages.tokens import Door

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.HOME, "reward_id")
def reward(request: HttpRequest, visitor: Visitor, reward_id: int) -> HttpResponse:
    """One reward of the catalogue; taken, it leads to its voucher."""
    balance = balance_of(visitor.client)
    offered = offered_to(visitor, reward_id, balance)
    found = offered.reward
    form = KeyForm(request.POST if request.method == "POST" else None, initial={"key": uuid4()})
    refusal = ""
    if request.method == "POST" and form.is_valid():
        key = f"my {visitor.client.pk} {form.cleaned_data['key']}"
        try:
            voucher = redeem_reward(client=visitor.client, reward=found, key=key, now=visitor.now)
        except NotEnoughPoints:
            refusal = _("There are not enough points for it yet.")
        except (RewardOff, KeyReused):
            raise Http404
        else:
            return redirect("my:voucher", voucher.pk)
    (row,) = reward_rows([offered], balance, visitor)
    context = {
        "row": row,
        "left": points_words(max(0, balance - found.price), visitor.language),
        "days": found.valid_days,
        "form": form,
        "refusal": refusal,
        "branch": visitor.client.branch,
    }
    return render(request, "links/reward.html", context, status=REFUSED if refusal else 200)


def offered_to(visitor: Visitor, reward_id: int, balance: int) -> OfferedReward:
    """One that her branch offers at present; Http404 for any other."""
    for offered in rewards_on_offer(visitor.client.branch, balance=balance):
        if offered.reward.pk == reward_id:
            return offered
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.HOME, "voucher_id")
def voucher(request: HttpRequest, visitor: Visitor, voucher_id: int) -> HttpResponse:
    """One voucher of hers with its code; a reward that is not used yet can be given back for its points."""
    found = vouchers_of(visitor.client).select_related("branch").filter(pk=voucher_id).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            points = return_reward(voucher=found, now=visitor.now)
        except NothingToReturn:
            messages.warning(request, _("It was used or given back before."))
        else:
            messages.success(request, _("Back again: %(points)s.") % {"points": points_words(points, visitor.language)})
        return redirect("my:home")
    return render(request, "links/voucher.html", voucher_context(found, visitor))


def voucher_context(found: Voucher, visitor: Visitor) -> dict[str, Any]:
    today = branch_day(visitor.client.branch, visitor.now)
    is_open = found.redeemed_at is None and found.voided_at is None and found.valid_until >= today
    (row,) = voucher_rows([found], visitor)
    return {
        "row": row,
        "is_open": is_open,
        "is_reward": found.kind == Voucher.Kind.REWARD,
        "yours": visitor.speech.say("purse_reward"),
        "how": visitor.speech.say("purse_show"),
        "can_book": may_book(visitor.client),
        "branch": visitor.client.branch,
    }
