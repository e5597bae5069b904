"""The codes of a campaign: many at once, one for a client, and those never used taken back (practices.md, P26)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import User
from crm.team.selectors import branch_day
from loyalty.vouchers.codes import new_code
from loyalty.vouchers.models import Campaign, Voucher, VoucherEvent
from loyalty.vouchers.selectors import own_key
from loyalty.vouchers.services.issuing import TRIES

MOST_CODES = 10_000


class CampaignRefused(Exception):
    """`words` say it to the owner."""

    words = _("This campaign is over.")

    def __str__(self) -> str:
        return str(self.words)


class TooManyCodes(CampaignRefused):
    words = _("A campaign has ten thousand codes at most. Begin another one.")


class AlreadyIssued(CampaignRefused):
    words = _("Codes were made meanwhile. Look at how many there are, and say once more how many you want.")


def issue_codes(*, campaign: Campaign, count: int, expected: int, now: datetime, user: User | None = None) -> int:
    """Makes so many bearer codes of it, in one insert; gives how many.

    `expected` is how many there were when it was asked for, so that a form sent twice makes them once. Raises
    AlreadyIssued, TooManyCodes, and CampaignRefused once its last day is over.
    """
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _issue(campaign, count, expected, now, user)
        except IntegrityError:
            # one of 2^45 codes was there already: other ones
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _issue(campaign: Campaign, count: int, expected: int, now: datetime, user: User | None) -> int:
    campaign = _locked(campaign, now)
    there = campaign.vouchers.filter(client__isnull=True).count()
    if there != expected:
        raise AlreadyIssued
    if count < 1 or there + count > MOST_CODES:
        raise TooManyCodes
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(new_code())
    vouchers = Voucher.objects.bulk_create(
        _voucher(campaign, code, f"campaign {campaign.pk} {number}", now, user)
        for number, code in enumerate(codes, start=there + 1)
    )
    services = list(campaign.services.values_list("pk", flat=True))
    links = Voucher.services.through
    links.objects.bulk_create(
        links(voucher_id=voucher.pk, service_id=service) for voucher in vouchers for service in services
    )
    VoucherEvent.objects.bulk_create(
        VoucherEvent(voucher=voucher, kind=VoucherEvent.Kind.ISSUED, at=now, user=user) for voucher in vouchers
    )
    return len(vouchers)


@transaction.atomic
def give_from_campaign(*, campaign: Campaign, client: Client, now: datetime, user: User | None = None) -> Voucher:
    """One of it in a client's own name; asked for again, the one she has. Raises CampaignRefused."""
    campaign = _locked(campaign, now)
    key = own_key(campaign.pk, client.pk)
    if earlier := Voucher.objects.filter(key=key).first():
        return earlier
    voucher = _voucher(campaign, new_code(), key, now, user)
    voucher.client = client
    voucher.save()
    voucher.services.set(campaign.services.all())
    VoucherEvent.objects.create(voucher=voucher, kind=VoucherEvent.Kind.ISSUED, at=now, user=user)
    note_change([client.pk])
    return voucher


@transaction.atomic
def revoke_unused(*, campaign: Campaign, now: datetime, user: User | None = None) -> int:
    """Withdraws the codes that nobody has used; gives how many. What hangs on a booking was promised, and stays."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    open_ones = campaign.vouchers.filter(redeemed_at__isnull=True, voided_at__isnull=True, reserved_for__isnull=True)
    ids = list(open_ones.select_for_update().values_list("pk", flat=True))
    Voucher.objects.filter(pk__in=ids, redeemed_at__isnull=True).update(voided_at=now)
    VoucherEvent.objects.bulk_create(
        VoucherEvent(voucher_id=pk, kind=VoucherEvent.Kind.VOIDED, at=now, user=user) for pk in ids
    )
    return len(ids)


def _locked(campaign: Campaign, now: datetime) -> Campaign:
    """The campaign as it is now, held until the transaction ends."""
    locked = Campaign.objects.select_for_update(of=("self",)).select_related("branch").get(pk=campaign.pk)
    if branch_day(locked.branch, now) > locked.valid_until:
        raise CampaignRefused
    return locked


def _voucher(campaign: Campaign, code: str, key: str, now: datetime, user: User | None) -> Voucher:
    return Voucher(
        code=code,
        key=key,
        branch=campaign.branch,
        kind=Voucher.Kind.OFFER,
        benefit=campaign.benefit,
        percent=campaign.percent,
        amount=campaign.amount,
        services_only=campaign.services_only or campaign.benefit == Voucher.Benefit.FREE_SERVICE,
        campaign=campaign,
        valid_from=campaign.valid_from,
        valid_until=campaign.valid_until,
        issued_at=now,
        issued_on=branch_day(campaign.branch, now),
        issued_by=user,
    )
