"""Who brought a client and whom she brought; what of it waits for the owner (practices.md, P27)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.desk.access import desk_page, is_front_desk, visible_client
from crm.desk.friends.tying import tie
from crm.people.models import Client
from crm.people.selectors import find_clients
from crm.team.models import User
from loyalty.points.selectors import loyalty_settings
from loyalty.referrals.models import ReferralClaim
from loyalty.referrals.selectors import brought_by, claim_of, code_of, friends_of, held_claims
from loyalty.referrals.services import decide_claim, ensure_code, withdraw_claim

State = ReferralClaim.State
# the last of those she brought
SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def client_friends(request: HttpRequest, client_id: int) -> HttpResponse:
    """Her code, whom she brought, and who brought her; while nobody is named yet, who it was is asked."""
    client = visible_client(client_id)
    if request.method == "POST":
        _act(request, client)
        return redirect("desk:client_friends", client_id=client.pk)
    claim, query = claim_of(client), request.GET.get("q", "").strip()
    named = claim is not None or client.referred_by_id is not None
    context: dict[str, Any] = {
        "nav": "clients",
        "client": client,
        "code": code_of(client),
        "rules": loyalty_settings(),
        "friends": friends_of(client),
        "rows": [_row(each, each.friend) for each in brought_by(client)[:SHOWN]],
        "claim": _row(claim, claim.bringer) if claim else None,
        "may_withdraw": claim is not None and claim.state in (State.OPEN, State.HELD),
        "asks": not named,
        "query": query,
        "found": [each for each in find_clients(query) if each.pk != client.pk] if query and not named else [],
    }
    return render(request, "desk/friends/_found.html" if request.htmx else "desk/friends/page.html", context)


def _act(request: HttpRequest, client: Client) -> None:
    """One of: her code is made, who brought her is named or was a slip."""
    sent = request.POST
    if sent.get("make_code"):
        ensure_code(client=client, now=timezone.now())
    elif sent.get("withdraw"):
        claim = claim_of(client)
        if claim is not None and withdraw_claim(claim=claim, now=timezone.now(), user=request.user):
            messages.success(request, _("Taken back. Who was it?"))
    elif (key := sent.get("bringer", "")).isdecimal():
        tie(request, client, bringer=visible_client(int(key)))
    else:
        tie(request, client, typed=sent.get("code", ""))


def _row(claim: ReferralClaim, other: Client) -> dict[str, Any]:
    return {
        "claim": claim,
        "client": other,
        "words": claim.get_state_display(),
    }


@require_safe
@desk_page
def referrals(request: HttpRequest) -> HttpResponse:
    """What is held, for the front desk to see and the owner to decide."""
    if not is_front_desk(request.user):
        raise PermissionDenied
    context = {
        "nav": "clients",
        "rows": held_claims(),
        "decides": request.user.role == User.Role.OWNER,
        "grant": pgettext_lazy("referral", "Grant"),
        "decline": pgettext_lazy("referral", "Decline"),
    }
    return render(request, "desk/friends/held.html", context)


@require_POST
@desk_page
def referral_decide(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The owner's yes or no; nobody else's."""
    if request.user.role != User.Role.OWNER:
        raise PermissionDenied
    claim = get_object_or_404(ReferralClaim, pk=claim_id)
    grants = request.POST.get("answer") == "grant"
    if not decide_claim(claim=claim, grants=grants, user=request.user, now=timezone.now()):
        messages.error(request, _("This was decided before."))
    elif grants:
        messages.success(request, _("Granted."))
    else:
        messages.success(request, _("Declined."))
    return redirect("desk:referrals")
