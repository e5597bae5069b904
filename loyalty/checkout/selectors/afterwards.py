"""What a receipt did beside its sums, and what was asked for at the checkout in vain."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Left

from crm.sales.models import Payment, Sale
from loyalty.cards.models import CardUse
from loyalty.checkout.offers import PARTNER, VOUCHER
from loyalty.gifts.models import GiftGiven
from loyalty.gifts.selectors import gift_of_sale
from loyalty.partners.models import PartnerEvent
from loyalty.points.models import RefusedBenefit
from loyalty.referrals.models import ReferralClaim
from loyalty.vouchers.models import CertificateMovement, Voucher, VoucherEvent

# how long the key of a form is, with which the key of what was refused on it begins
FORM_KEY = 32


def refused_benefits(since: datetime, until: datetime) -> QuerySet[RefusedBenefit]:
    """What was asked for and not given in `[since, until)`, the newest first.

    What was refused on a form and then taken on the same one, as something was added, is no refusal.
    """
    form = Left(OuterRef("key"), FORM_KEY)
    taken = Exists(Voucher.objects.filter(code=OuterRef("typed"), redeemed_sale__key=form)) | Exists(
        CardUse.objects.filter(card__number=OuterRef("typed"), sale__key=form)
    )
    rows = RefusedBenefit.objects.filter(at__gte=since, at__lt=until).exclude(taken)
    return rows.select_related("client", "user", "branch").order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class Followed:
    """What a receipt or a refund did beside money and points; the rest is nothing."""

    certificates: list[CertificateMovement] = field(default_factory=list)
    gift: GiftGiven | None = None
    # of a refund: the voucher that is hers again, whether a referral and a partner's use were taken back
    voucher: Voucher | None = None
    referral: bool = False
    partner: bool = False


def what_followed(sale: Sale) -> Followed:
    """Read for a receipt that was read with its lines and payments; asks only for what these speak of."""
    methods = {payment.method for payment in sale.payments.all()}
    discounts = {line.discount_kind for line in sale.lines.all()}
    paid_ahead: list[CertificateMovement] = []
    if Payment.Method.CERTIFICATE in methods:
        moved = CertificateMovement.objects.filter(sale=sale).select_related("certificate")
        paid_ahead = list(moved.order_by("pk"))
    if sale.refund_of_id is None:
        return Followed(certificates=paid_ahead, gift=gift_of_sale(sale.pk))
    back = None
    if VOUCHER in discounts:
        given = VoucherEvent.objects.filter(sale=sale, kind=VoucherEvent.Kind.GIVEN_BACK).select_related("voucher")
        back = next((event.voucher for event in given), None)
    return Followed(
        certificates=paid_ahead,
        voucher=back,
        referral=sale.client_id is not None
        and ReferralClaim.objects.filter(sale=sale.refund_of_id, state=ReferralClaim.State.RETURNED).exists(),
        partner=PARTNER in discounts and PartnerEvent.objects.filter(sale=sale).exists(),
    )
