"""Rewards: points become a voucher, and an unused voucher becomes points again (rules.md, Points, Rewards)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import Branch, User
from crm.team.selectors import branch_day
from loyalty.points.models import LedgerEntry, RefusedBenefit
from loyalty.points.services import (
    KeyReused,
    NotEnoughPoints,
    give_back_spent,
    lock_balance_of,
    note_refused,
    spend_points,
)
from loyalty.points.services.ledger import fact_of
from loyalty.vouchers.models import Reward, Voucher, VoucherEvent
from loyalty.vouchers.selectors import voucher_by_key
from loyalty.vouchers.services.issuing import issue_voucher

Kind = LedgerEntry.Kind


class RewardRefused(Exception):
    words = _("This reward cannot be had.")

    def __str__(self) -> str:
        return str(self.words)


class RewardOff(RewardRefused):
    words = _("This reward is not offered any more.")


class NothingToReturn(RewardRefused):
    words = _("This voucher was used or given back before.")


def redeem_reward(
    *, client: Client, reward: Reward, key: str, now: datetime, by: User | None = None, branch: Branch | None = None
) -> Voucher:
    """Takes the reward's points and gives its voucher, personal and valid from today for the reward's days.

    `by` is who did it at the desk, nobody where she did it herself. The same key again gives the voucher of the
    first time. Raises RewardOff, NotEnoughPoints (noted for the owner), KeyReused.
    """
    try:
        return _redeem(client, reward, f"reward {key}", now, by, branch or client.branch)
    except NotEnoughPoints:
        note_refused(
            kind=RefusedBenefit.Kind.REWARD,
            place=RefusedBenefit.Place.DESK if by else RefusedBenefit.Place.CLIENT_PAGE,
            reason="not_enough_points",
            words=reward.name,
            now=now,
            client=client,
            user=by,
        )
        raise


@transaction.atomic
def _redeem(client: Client, reward: Reward, key: str, now: datetime, by: User | None, branch: Branch) -> Voucher:
    # two taps at once wait for each other here
    lock_balance_of(client, now=now)
    if earlier := voucher_by_key(key):
        if earlier.client_id != client.pk:
            raise KeyReused(f"{key!r} stands for another client's voucher")
        return earlier
    if not reward.is_on:
        raise RewardOff
    spend_points(
        client=client,
        points=reward.price,
        kind=Kind.REWARD,
        source=f"reward {reward.pk}",
        key=key,
        now=now,
        reason=reward.name,
        user=by,
    )
    today = branch_day(branch, now)
    return issue_voucher(
        client=client,
        branch=branch,
        kind=Voucher.Kind.REWARD,
        key=key,
        now=now,
        valid_from=today,
        valid_until=today + timedelta(days=reward.valid_days - 1),
        percent=reward.percent,
        amount=reward.amount,
        services=list(reward.services.all()),
        services_only=reward.services_only,
        user=by,
    )


def return_reward(*, voucher: Voucher, now: datetime, by: User | None = None) -> int:
    """Gives an unused reward back for its points, with the days they still had when they were given for it.

    `by` as above. A booking that it hangs on stays, without it. Gives how many points; raises NothingToReturn (noted
    for the owner, once a voucher).
    """
    try:
        return give_reward_back(voucher=voucher, now=now, by=by)
    except NothingToReturn as refusal:
        note_refused(
            kind=RefusedBenefit.Kind.REWARD,
            place=RefusedBenefit.Place.DESK if by else RefusedBenefit.Place.CLIENT_PAGE,
            reason="nothing_to_return",
            words=str(refusal),
            typed=voucher.code,
            now=now,
            client=voucher.client,
            user=by,
            key=f"nothing to return {voucher.pk}",
        )
        raise


@transaction.atomic
def give_reward_back(*, voucher: Voucher, now: datetime, by: User | None = None) -> int:
    """The same by the clock, of whose refusals nothing is noted."""
    if voucher.client is None or voucher.kind != Voucher.Kind.REWARD:
        raise NothingToReturn
    balance = lock_balance_of(voucher.client, now=now)
    spent = LedgerEntry.objects.filter(key=voucher.key, kind=Kind.REWARD, account=balance.account_id).first()
    if spent is None:
        raise NothingToReturn
    voided = Voucher.objects.filter(pk=voucher.pk, redeemed_at__isnull=True, voided_at__isnull=True).update(
        voided_at=now, reserved_for=None
    )
    if not voided:
        raise NothingToReturn
    VoucherEvent.objects.create(voucher=voucher, kind=VoucherEvent.Kind.RETURNED, at=now, user=by)
    fact = fact_of(
        voucher.client,
        source=f"voucher {voucher.pk}",
        key=f"returned {voucher.pk}",
        now=now,
        reason=spent.reason,
        user=by,
    )
    give_back_spent(balance, spent, -spent.points, fact)
    note_change([voucher.client.pk])
    return -spent.points


def settle_rewards(*, now: datetime) -> int:
    """Gives the points of rewards back that were not used by their last day; gives of how many."""
    # the earliest zone is 14 hours ahead
    latest = (now + timedelta(hours=14)).date()
    over = (
        Voucher.objects.filter(
            kind=Voucher.Kind.REWARD, redeemed_at__isnull=True, voided_at__isnull=True, valid_until__lt=latest
        )
        .select_related("client__branch", "branch")
        .order_by("pk")
    )
    returned = 0
    for voucher in over:
        if voucher.valid_until >= branch_day(voucher.branch, now):
            continue
        try:
            give_reward_back(voucher=voucher, now=now)
        except NothingToReturn:
            # used or given back at this very moment, or brought from elsewhere without its points
            continue
        returned += 1
    return returned
