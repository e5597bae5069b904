"""Paying ahead for an order: the money waits as a gift certificate of hers and pays at the hand-over (practices.md, P35)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from crm.orders.models import Order
from crm.orders.services import note_prepaid
from crm.team.models import User
from loyalty.points.models import LoyaltySettings
from loyalty.vouchers.models import GiftCertificate
from loyalty.vouchers.services import sell_certificate


@transaction.atomic
def prepay_order(
    *,
    order: Order,
    amount: Decimal,
    method: str,
    key: str,
    now: datetime,
    rules: LoyaltySettings,
    user: User | None = None,
) -> GiftCertificate:
    """Takes so much money for an order that is open and has nothing paid ahead.

    The same key again gives the certificate of the first time. Raises OrderRefused (StageTaken, PrepaidAlready) and
    CertificateRefused.
    """
    if done := GiftCertificate.objects.filter(key=key).first():
        return done
    certificate = sell_certificate(
        branch=order.branch,
        amount=amount,
        method=method,
        key=key,
        now=now,
        rules=rules,
        made_out_to=order.product.name[:80],
        client=order.client,
        user=user,
    )
    note_prepaid(order=order, amount=certificate.amount, code=certificate.code, now=now, user=user)
    return certificate
