"""Bringing friends: codes, claims, what both sides get and what a refund takes back (rules.md, Points, Referral)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum

from crm.booking.services.step import lock_client
from crm.people.models import Client
from crm.people.services import note_referrer
from crm.sales.models import Sale
from crm.team.models import User
from crm.team.selectors import branch_day
from loyalty.points.models import EarningRule, LedgerEntry, LoyaltySettings, RefusedBenefit
from loyalty.points.selectors import earning_rules, loyalty_settings
from loyalty.points.services import grant_points, note_refused, take_back_grant
from loyalty.referrals.models import ReferralClaim, ReferralCode
from loyalty.referrals.selectors import (
    bringer_of_code,
    came_before_us,
    code_of,
    doubt_about,
    first_paid_sale,
    is_ring,
    too_late,
)
from loyalty.vouchers.codes import new_code

State = ReferralClaim.State
WAITING = (State.OPEN, State.HELD)
Via = ReferralClaim.Via
Refusal = ReferralClaim.Refusal


class ReferralRefused(Exception):
    """This friend was not brought by her; `reason` is a ReferralClaim.Refusal, `words` say it to the desk."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = Refusal(reason).label

    def __str__(self) -> str:
        return str(self.words)


@transaction.atomic
def ensure_code(*, client: Client, now: datetime) -> str:
    """Her code to hand on, made the first time somebody asks for it."""
    if known := code_of(client):
        return known
    lock_client(client.pk)
    return code_of(client) or ReferralCode.objects.create(client=client, code=new_code(), made_at=now).code


@transaction.atomic
def claim_referral(
    *, friend: Client, bringer: Client, via: str, now: datetime, user: User | None = None
) -> ReferralClaim:
    """Notes who brought this friend. If her first paid visit is done already, both get their points at once.

    A shared phone or e-mail leaves it to the owner. Raises ReferralRefused: oneself, a ring of any length, a
    second claim, who was a client before, or more than 30 days after the first paid visit.
    """
    hold_claims()
    friend = lock_client(friend.pk)
    claim = _write_claim(friend, Client.objects.select_related("branch").get(pk=bringer.pk), via, now, user)
    note_referrer(client=friend, bringer=claim.bringer)
    first, rules = first_paid_sale(friend), loyalty_settings()
    if first is not None and claim.state == State.OPEN and rules.referral_on:
        _pay(claim, first, now, rules)
    return claim


def _write_claim(friend: Client, bringer: Client, via: str, now: datetime, user: User | None) -> ReferralClaim:
    """Raises ReferralRefused where there is nothing to claim; the caller holds the friend's lock."""
    first, today = first_paid_sale(friend), branch_day(friend.branch, now)
    if friend == bringer:
        raise ReferralRefused(Refusal.ONESELF)
    if (
        friend.referred_by_id not in (None, bringer.pk)
        or ReferralClaim.objects.filter(friend=friend).exclude(state=State.WITHDRAWN).exists()
    ):
        raise ReferralRefused(Refusal.SAID_ALREADY)
    if is_ring(friend.pk, bringer.pk):
        raise ReferralRefused(Refusal.RING)
    if came_before_us(friend):
        raise ReferralRefused(Refusal.NOT_NEW)
    if first is not None and too_late(first, today):
        raise ReferralRefused(Refusal.LATE)
    doubt = doubt_about(friend=friend, bringer=bringer, user=user)
    return ReferralClaim.objects.create(
        friend=friend,
        bringer=bringer,
        via=via,
        state=State.HELD if doubt else State.OPEN,
        doubt=doubt,
        claimed_at=now,
        claimed_on=today,
        claimed_by=user,
    )


def claim_by_code(*, friend: Client, typed: str, now: datetime, user: User | None = None) -> ReferralClaim:
    """The same for a code that she says or shows at the desk. Raises ReferralRefused, also for one that is nobody's."""
    bringer = bringer_of_code(typed)
    if bringer is None:
        raise ReferralRefused(Refusal.NOBODY)
    return claim_referral(friend=friend, bringer=bringer, via=Via.DESK, now=now, user=user)


def claim_by_link(*, friend: Client, code: str, now: datetime) -> ReferralClaim | None:
    """Ties her who booked by herself to whose link she followed; nothing where it does not hold.

    She is not told; the owner is.
    """
    bringer = bringer_of_code(code)
    if bringer is None:
        return None
    try:
        return claim_referral(friend=friend, bringer=bringer, via=Via.LINK, now=now)
    except ReferralRefused as refusal:
        note_refused(
            kind=RefusedBenefit.Kind.REFERRAL,
            place=RefusedBenefit.Place.BOOKING,
            reason=refusal.reason,
            words=str(refusal),
            typed=code,
            client=friend,
            now=now,
        )
        return None


@transaction.atomic
def withdraw_claim(*, claim: ReferralClaim, now: datetime, user: User | None = None) -> bool:
    """It was somebody else: as long as nothing was paid the claim can be taken back; False once it is too late."""
    friend = lock_client(claim.friend_id)
    gone = ReferralClaim.objects.filter(pk=claim.pk, state__in=[State.OPEN, State.HELD]).update(
        state=State.WITHDRAWN, decided_at=now, decided_by=user
    )
    if gone:
        note_referrer(client=friend, bringer=None)
    return bool(gone)


@transaction.atomic
def decide_claim(*, claim: ReferralClaim, grants: bool, user: User, now: datetime) -> bool:
    """The owner grants or declines what was held; False if that was decided before.

    Granted, both get their points now if the first paid visit is done, else with it.
    """
    friend = lock_client(claim.friend_id)
    decided = ReferralClaim.objects.filter(pk=claim.pk, state=State.HELD).update(
        state=State.OPEN if grants else State.DECLINED, decided_at=now, decided_by=user
    )
    if not decided:
        return False
    if not grants:
        note_referrer(client=friend, bringer=None)
        return True
    claim = _open_claim(friend) or claim
    first, rules = first_paid_sale(friend), loyalty_settings()
    if first is not None and rules.referral_on:
        _pay(claim, first, now, rules)
    return True


def settle_referral(*, sale: Sale, now: datetime, rules: LoyaltySettings) -> ReferralClaim | None:
    """The friend's first paid visit is completed: both get their points. Called inside the checkout.

    Costs no query for whom nobody has brought and one for who has paid before; the caller holds her lock.
    """
    if sale.client_id is None or sale.paid <= 0 or not rules.referral_on:
        return None
    friend = lock_client(sale.client_id)
    if friend.referred_by_id is None:
        return None
    if Sale.objects.filter(client=friend, refund_of__isnull=True, paid__gt=0).exclude(pk=sale.pk).exists():
        return None
    with transaction.atomic():
        claim = _open_claim(friend) or _recorded(friend, now)
        if claim is None or claim.state != State.OPEN:
            return None
        _pay(claim, sale, now, rules)
        return claim


def settle_claims(*, now: datetime, rules: LoyaltySettings) -> int:
    """Pays what was claimed and has come true through another door than the checkout; gives how many were settled.

    Where the rule was off for more than 30 days after the first paid visit, it stays without points.
    """
    paid = Sale.objects.filter(client=OuterRef("friend"), refund_of__isnull=True, is_imported=False, paid__gt=0)
    waiting = ReferralClaim.objects.filter(Exists(paid), state=State.OPEN).order_by("pk").values_list("pk", flat=True)
    return sum(_settle_one(claim_id=pk, now=now, rules=rules) for pk in list(waiting))


@transaction.atomic
def _settle_one(*, claim_id: int, now: datetime, rules: LoyaltySettings) -> bool:
    friend = lock_client(ReferralClaim.objects.values_list("friend", flat=True).get(pk=claim_id))
    claim, first = _open_claim(friend), first_paid_sale(friend)
    if claim is None or first is None:
        return False
    if too_late(first, branch_day(friend.branch, now)):
        return bool(
            ReferralClaim.objects.filter(pk=claim.pk, state=State.OPEN).update(state=State.LAPSED, settled_at=now)
        )
    if not rules.referral_on:
        return False
    _pay(claim, first, now, rules)
    return True


@transaction.atomic
def undo_referral_of(refund: Sale, *, now: datetime) -> ReferralClaim | None:
    """Once nothing is left of the friend's first paid visit, what it gave is taken back from both.

    What is spent is owed, what expired unspent is let off. That friend brings nothing any more: buying and
    returning again gives nothing. One query for any other refund.
    """
    claim = (
        ReferralClaim.objects.select_for_update(of=("self",))
        .select_related("sale", "friend", "bringer")
        .filter(sale=refund.refund_of_id, state=State.PAID)
        .first()
    )
    if claim is None or claim.sale is None:
        return None
    back = Sale.objects.filter(refund_of=claim.sale).aggregate(paid=Sum("paid"))["paid"] or 0
    if claim.sale.paid + back > 0:
        return None
    _take_back(claim, f"sale {refund.pk}", now)
    return claim


def _take_back(claim: ReferralClaim, source: str, now: datetime) -> None:
    for _side, client in _sides(claim):
        # by what it was for, which also an import keeps
        entry = LedgerEntry.objects.filter(
            kind=LedgerEntry.Kind.REFERRAL, source=f"sale {claim.sale_id}", account__client=client
        ).first()
        if entry is not None:
            take_back_grant(entry=entry, source=source, now=now)
    claim.state = State.RETURNED
    claim.save(update_fields=["state"])


@transaction.atomic
def join_referrals(*, kept: Client, aside: Client, now: datetime, user: User | None = None) -> None:
    """Two cards of one client become one: codes of both go on working, friends of both are hers.

    That the one card brought the other was nothing: what is open of it is withdrawn, what was paid for it taken back
    from both. She is brought once: of two claims what was paid stands, else the earlier; one that is left over, and
    one that would close a ring, is withdrawn if it waits and stays with the card put aside if it is settled.
    The caller holds the claims (`hold_claims`) and both clients, whose accounts are two still.
    """
    both = [kept.pk, aside.pk]
    for claim in ReferralClaim.objects.select_for_update(of=("self",)).filter(friend__in=both, bringer__in=both):
        if claim.state == State.PAID:
            _take_back(claim, f"merge {aside.pk}", now)
        else:
            _withdraw_waiting(ReferralClaim.objects.filter(pk=claim.pk), now, user)
    ReferralCode.objects.filter(client=aside).update(client=kept)
    ReferralClaim.objects.filter(bringer=aside).exclude(friend__in=both).update(bringer=kept)
    _withdraw_waiting(ReferralClaim.objects.filter(friend=kept, state__in=WAITING), now, user, only_rings=True)
    for claim in ReferralClaim.objects.filter(friend=aside).exclude(bringer__in=both).order_by("claimed_at", "pk"):
        if claim.state in WAITING and is_ring(kept.pk, claim.bringer_id):
            _withdraw_waiting(ReferralClaim.objects.filter(pk=claim.pk), now, user)
            claim.refresh_from_db(fields=["state"])
        hers = ReferralClaim.objects.filter(friend=kept).exclude(state=State.WITHDRAWN).first()
        if claim.state != State.WITHDRAWN and hers is not None:
            is_earlier = (claim.claimed_at, claim.pk) < (hers.claimed_at, hers.pk)
            theirs_stands = claim.state not in WAITING or (hers.state in WAITING and is_earlier)
            left_over = hers if hers.state in WAITING and theirs_stands else claim
            if left_over.state not in WAITING:
                continue
            _withdraw_waiting(ReferralClaim.objects.filter(pk=left_over.pk), now, user)
        ReferralClaim.objects.filter(pk=claim.pk).update(friend=kept)


def _withdraw_waiting(
    claims: QuerySet[ReferralClaim], now: datetime, user: User | None, *, only_rings: bool = False
) -> None:
    rings = [claim.pk for claim in claims if not only_rings or is_ring(claim.friend_id, claim.bringer_id)]
    ReferralClaim.objects.filter(pk__in=rings, state__in=WAITING).update(
        state=State.WITHDRAWN, decided_at=now, decided_by=user
    )


def hold_claims() -> None:
    """Claims wait for each other: of two that close a ring at the same moment the second sees the first.

    Before any client's lock: whoever holds this one may wait for a client, and nobody who holds a client waits for it.
    """
    LoyaltySettings.objects.get_or_create(pk=1)
    LoyaltySettings.objects.select_for_update().get(pk=1)


def _open_claim(friend: Client) -> ReferralClaim | None:
    return (
        ReferralClaim.objects.select_for_update(of=("self",))
        .select_related("bringer__branch", "friend__branch", "claimed_by")
        .filter(friend=friend, state=State.OPEN)
        .first()
    )


def _recorded(friend: Client, now: datetime) -> ReferralClaim | None:
    """Her card says who brought her and nobody has claimed it: her first paid visit does.

    It ties nobody anew, so it waits for no other claim.
    """
    if friend.referred_by is None:
        return None
    try:
        return _write_claim(friend, friend.referred_by, Via.RECORDED, now, None)
    except ReferralRefused:
        return None


def _pay(claim: ReferralClaim, sale: Sale, now: datetime, rules: LoyaltySettings) -> None:
    """Gives both their points, by the owner's rules of this moment; what has become doubtful meanwhile is held."""
    if claim.decided_at is None:
        claim.doubt = doubt_about(friend=claim.friend, bringer=claim.bringer, user=claim.claimed_by)
        if claim.doubt:
            claim.state = State.HELD
            claim.save(update_fields=["state", "doubt"])
            return
    claim.state, claim.sale, claim.settled_at = State.PAID, sale, now
    earning = earning_rules(sale.branch, branch_day(sale.branch, now))
    claim.bringer_points, claim.friend_points = (
        earning.points(EarningRule.Kind.REFERRAL, points) for points in (rules.referrer_points, rules.friend_points)
    )
    claim.save(update_fields=["state", "sale", "settled_at", "bringer_points", "friend_points"])
    for side, client in _sides(claim):
        points = claim.bringer_points if side == "bringer" else claim.friend_points
        if points:
            grant_points(
                client=client,
                points=points,
                kind=LedgerEntry.Kind.REFERRAL,
                source=f"sale {sale.pk}",
                key=_key(claim, side),
                now=now,
                rules=rules,
            )


def _sides(claim: ReferralClaim) -> tuple[tuple[str, Client], tuple[str, Client]]:
    # from the friend up to who brought her: locks are taken along the chain, which has no ring
    return ("friend", claim.friend), ("bringer", claim.bringer)


def _key(claim: ReferralClaim, side: str) -> str:
    return f"referral {claim.pk} {side}"
