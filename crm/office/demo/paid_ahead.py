"""A gift certificate of the demo that is half spent, and a benefit that was asked for in vain."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from crm.catalogue.models import Product
from crm.office.demo.tongues import tell
from crm.sales.models import Payment, Sale
from crm.sales.services import LineFact, PaymentFact, complete_sale
from crm.team.models import Branch, User
from loyalty.points.models import LoyaltySettings, RefusedBenefit
from loyalty.points.services import note_refused
from loyalty.vouchers.models import GiftCertificate, Voucher
from loyalty.vouchers.services import Share, sell_certificate, spend_certificates

AMOUNT = Decimal(60)
FOR_WHOM = ("Mila (made up)", "Мила (вымышленная)", "Mila (izmišljena)", "ميلا (اسم مستعار)")


def pay_ahead(
    branch: Branch, *, rules: LoyaltySettings, today: date, now: datetime, language: str, cashier: User
) -> None:
    """Bought a fortnight ago, a part of it spent five days ago; and yesterday somebody brought a used code."""
    if GiftCertificate.objects.filter(branch=branch).exists():
        return
    product = Product.objects.filter(branch=branch, price__gt=0, price__lt=AMOUNT).order_by("pk").first()
    latest = Sale.objects.filter(branch=branch, client__isnull=False, on__lt=today).select_related("client")
    guest = latest.order_by("-on", "-pk").first()
    if product is None or product.price is None or guest is None:
        return
    certificate = sell_certificate(
        branch=branch,
        amount=AMOUNT,
        method=Payment.Method.CARD,
        key=f"demo {branch.pk}",
        now=now - timedelta(days=14),
        rules=rules,
        made_out_to=tell(FOR_WHOM, language),
        user=cashier,
    )
    at = now - timedelta(days=5)
    sale = complete_sale(
        branch=branch,
        client=guest.client,
        lines=[LineFact(full_amount=product.price, product=product)],
        payments=[PaymentFact(Payment.Method.CERTIFICATE, product.price)],
        now=at,
        user=cashier,
    )
    spend_certificates(shares=[Share(certificate, product.price)], sale=sale, now=at, user=cashier)
    used = Voucher.objects.filter(branch=branch, redeemed_at__isnull=False).order_by("pk").first()
    note_refused(
        kind=RefusedBenefit.Kind.VOUCHER,
        place=RefusedBenefit.Place.CHECKOUT,
        reason=Voucher.Refusal.USED,
        words=str(Voucher.Refusal.USED.label),
        typed=used.code if used is not None else "",
        client=guest.client,
        branch=branch,
        user=cashier,
        now=now - timedelta(days=1),
        key=f"demo {branch.pk}",
    )
