"""Reads of referrals: whose code it is, whom a client brought, what is doubtful, what looks wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.fields import MoneyField
from crm.team.models import User
from loyalty.points.models import LoyaltySettings
from loyalty.referrals.models import ReferralClaim, ReferralCode
from loyalty.vouchers.codes import read_code

State = ReferralClaim.State
Doubt = ReferralClaim.Doubt
# so long after her first paid visit a friend may still say who brought her (rules.md, Points, Referral)
LATE_DAYS = 30
# so many friends in the owner's look back are worth a look
MANY = 5


def code_of(client: Client) -> str:
    """Her own code, if she has one yet; `ensure_code` makes it."""
    return ReferralCode.objects.filter(client=client).order_by("pk").values_list("code", flat=True).first() or ""


def bringer_of_code(typed: str) -> Client | None:
    """Whose code was typed or followed; None for one that is nobody's, or of somebody who is not served any more."""
    code = read_code(typed)
    if code is None:
        return None
    found = ReferralCode.objects.filter(code=code).select_related("client__branch").first()
    if found is None or found.client.status in (Client.Status.BLOCKED, Client.Status.DECEASED):
        return None
    return found.client


def claim_of(friend: Client) -> ReferralClaim | None:
    """Who brought this client, as it was claimed; None where nobody said so."""
    return (
        ReferralClaim.objects.filter(friend=friend)
        .exclude(state=State.WITHDRAWN)
        .select_related("bringer", "sale")
        .first()
    )


def brought_by(bringer: Client) -> QuerySet[ReferralClaim]:
    """The friends a client brought, the newest first."""
    return (
        ReferralClaim.objects.filter(bringer=bringer)
        .exclude(state=State.WITHDRAWN)
        .select_related("friend")
        .order_by("-claimed_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Friends:
    """What bringing friends has come to, for her own page and her card at the desk."""

    brought: int
    waiting: int
    points: int


def friends_of(bringer: Client) -> Friends:
    """How many friends came of hers, how many are still awaited, and the points she has for them. One query."""
    found = ReferralClaim.objects.filter(bringer=bringer).aggregate(
        brought=Count("pk", filter=Q(state=State.PAID)),
        waiting=Count("pk", filter=Q(state__in=[State.OPEN, State.HELD])),
        points=Sum("bringer_points", filter=Q(state=State.PAID)),
    )
    return Friends(found["brought"], found["waiting"], found["points"] or 0)


def friends_now() -> dict[str, Any]:
    """What a query of clients is annotated with: how many friends came of hers, and how her own claim stands."""
    brought = ReferralClaim.objects.filter(bringer=OuterRef("pk"), state=State.PAID).order_by().values("bringer")
    own = ReferralClaim.objects.filter(friend=OuterRef("pk")).exclude(state=State.WITHDRAWN)
    return {
        "friends_brought": Subquery(brought.annotate(count=Count("pk")).values("count")),
        "claim_state": Subquery(own.values("state")[:1]),
    }


def held_claims() -> QuerySet[ReferralClaim]:
    """What waits for the owner, the longest first."""
    return (
        ReferralClaim.objects.filter(state=State.HELD)
        .select_related("friend", "bringer", "claimed_by", "sale")
        .order_by("claimed_at", "pk")
    )


def is_ring(friend: int, bringer: int) -> bool:
    """Whether the one who brought her was, through others, brought by her."""
    seen = {bringer}
    above = _brought_by(bringer)
    while above is not None and above != friend and above not in seen:
        seen.add(above)
        above = _brought_by(above)
    return above == friend


def _brought_by(client: int) -> int | None:
    return Client.objects.filter(pk=client).values_list("referred_by", flat=True).first()


def first_paid_sale(friend: Client) -> Sale | None:
    """The first receipt she paid money for, written here and not returned as a whole."""
    returned = Sale.objects.filter(refund_of=OuterRef("pk")).order_by().values("refund_of").annotate(sum=Sum("paid"))
    nothing = Decimal(0)
    return (
        Sale.objects.filter(client=friend, refund_of__isnull=True, is_imported=False, paid__gt=0)
        .annotate(back=Coalesce(Subquery(returned.values("sum")), nothing, output_field=MoneyField()))
        .filter(back__gt=-F("paid"))
        .order_by("on", "sold_at", "pk")
        .first()
    )


def came_before_us(friend: Client) -> bool:
    """Whether she was a client before this book was kept: who was brought over with her visits is no new friend."""
    return (
        Sale.objects.filter(client=friend, is_imported=True).exists()
        or Appointment.objects.filter(client=friend, is_imported=True, status=Appointment.Status.DONE).exists()
    )


def too_late(sale: Sale, today: date) -> bool:
    """Whether the day up to which a friend may be claimed is over; the thirtieth still counts."""
    return today > sale.on + timedelta(days=LATE_DAYS)


def doubt_about(*, friend: Client, bringer: Client, user: User | None = None) -> str:
    """Why the owner should look first (a ReferralClaim.Doubt), or an empty string."""
    if _same_person(friend, bringer):
        return Doubt.SHARED
    if user is not None and bringer.email and _mailbox(bringer.email) == _mailbox(user.email):
        return Doubt.OWN
    reached = Q()
    if friend.phone:
        reached |= Q(phone=friend.phone)
    if friend.email:
        reached |= Q(email__iexact=friend.email)
    if reached and Client.objects.filter(reached, visits__isnull=False).exclude(pk=friend.pk).exists():
        return Doubt.KNOWN
    return ""


def _same_person(one: Client, other: Client) -> bool:
    """The same number, however it was written, or the same mailbox."""
    numbers = {each.search_digits for each in (one, other)}
    return (bool(one.phone) and len(numbers) == 1) or (bool(one.email) and _mailbox(one.email) == _mailbox(other.email))


def _mailbox(address: str) -> str:
    """Where a letter to this address ends up: what stands behind a plus leads to the same."""
    name, _at, host = address.casefold().partition("@")
    return f"{name.partition('+')[0]}@{host}"


@dataclass(frozen=True, slots=True)
class ReferralSuspicion:
    """Something the owner may want to look at: since `on`, about a client, `count` times."""

    kind: str
    client: Client
    count: int
    on: date


def referral_suspicions(since: date, rules: LoyaltySettings) -> list[ReferralSuspicion]:
    """What looks wrong among the referrals claimed since a day, the owner's eyes only.

    held: shared or known contacts; taken_back: a first visit bought and returned; many: one client with many
    friends; cheap: friends whose first visit cost less than the points that it gave.
    """
    claims = ReferralClaim.objects.filter(claimed_on__gte=since).select_related("bringer", "friend", "sale")
    found = [
        ReferralSuspicion(kind, claim.bringer, 1, claim.claimed_on)
        for kind, rows in (
            ("held", claims.filter(Q(state=State.HELD) | Q(doubt__gt="", decided_at__isnull=False))),
            ("taken_back", claims.filter(state=State.RETURNED)),
        )
        for claim in rows.order_by("claimed_on", "pk")
    ]
    paid = list(claims.filter(state=State.PAID).order_by("claimed_on", "pk"))
    found += [
        ReferralSuspicion("cheap", claim.bringer, 1, claim.claimed_on)
        for claim in paid
        if claim.sale and claim.sale.paid < (claim.bringer_points + claim.friend_points) * rules.point_value
    ]
    return [*found, *_many(paid)]


def _many(paid: Sequence[ReferralClaim]) -> list[ReferralSuspicion]:
    by_bringer: dict[int, list[ReferralClaim]] = {}
    for claim in paid:
        by_bringer.setdefault(claim.bringer_id, []).append(claim)
    return [
        ReferralSuspicion("many", claims[0].bringer, len(claims), claims[0].claimed_on)
        for claims in by_bringer.values()
        if len(claims) >= MANY
    ]
