"""What the desk says once it is known who brought somebody, or that it does not hold."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.people.models import Client
from crm.team.wording import isolated
from loyalty.points.models import RefusedBenefit
from loyalty.points.services import note_refused
from loyalty.referrals.models import ReferralClaim
from loyalty.referrals.services import ReferralRefused, claim_by_code, claim_referral


def tie_typed(request: HttpRequest, friend: Client, typed: str) -> bool:
    """By the code of the one who brought her, typed beside a new client; nothing typed is no claim."""
    return bool(typed.strip()) and tie(request, friend, typed=typed)


def tie(request: HttpRequest, friend: Client, *, typed: str = "", bringer: Client | None = None) -> bool:
    """Claims, and says what came of it; a refusal is noted for the owner."""
    now = timezone.now()
    try:
        if bringer is None:
            claim = claim_by_code(friend=friend, typed=typed, now=now, user=request.user)
        else:
            claim = claim_referral(
                friend=friend, bringer=bringer, via=ReferralClaim.Via.DESK, now=now, user=request.user
            )
    except ReferralRefused as refusal:
        _note(request, friend, refusal, typed, now)
        messages.error(request, str(refusal))
        return False
    say = messages.warning if claim.state == ReferralClaim.State.HELD else messages.success
    say(request, claimed_words(claim))
    return True


def claimed_words(claim: ReferralClaim) -> str:
    """What becomes of it now."""
    name = isolated(claim.bringer.shown_name)
    match claim.state:
        case ReferralClaim.State.PAID:
            return _("%(name)s brought her: both have their points.") % {"name": name}
        case ReferralClaim.State.HELD:
            return _("%(name)s brought her. The owner looks at it first: %(why)s.") % {
                "name": name,
                "why": claim.get_doubt_display(),
            }
    return _("%(name)s brought her: both get their points with her first paid visit.") % {"name": name}


def _note(request: HttpRequest, friend: Client, refusal: ReferralRefused, typed: str, now: datetime) -> None:
    note_refused(
        kind=RefusedBenefit.Kind.REFERRAL,
        place=RefusedBenefit.Place.DESK,
        reason=refusal.reason,
        words=str(refusal),
        typed=typed,
        client=friend,
        user=request.user,
        now=now,
    )
