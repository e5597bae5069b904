"""Refunding a checkout: what came with it goes back, what it gave is taken back (rules.md, Money)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crm.sales.models import Sale
from crm.sales.services import ReturnFact, refund_sale
from crm.team.models import User
from loyalty.checkout.services.completing import wait_in_line
from loyalty.gifts.services import settle_gift_refund
from loyalty.partners.services import undo_partner_use
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services import settle_refund
from loyalty.referrals.services import undo_referral_of
from loyalty.vouchers.services import give_back_voucher, put_back_on_certificates


@transaction.atomic
def refund_checkout(
    *, sale: Sale, returns: Sequence[ReturnFact], key: str, now: datetime, user: User | None, method: str = ""
) -> Sale:
    """Returns lines of a receipt: money and points go back, what was earned goes, a voucher is hers again.

    The same key again gives the refund of the first time. Raises SaleRefused (NothingReturned, TooMuchReturned).
    """
    wait_in_line(sale.branch, sale.client)
    if done := Sale.objects.filter(key=key).first():
        return done
    refund = refund_sale(sale=sale, returns=returns, now=now, user=user, method=method, key=key)
    settle_refund(refund=refund, now=now, rules=loyalty_settings())
    undo_referral_of(refund, now=now)
    undo_partner_use(refund, now=now)
    give_back_voucher(refund=refund, now=now, user=user)
    put_back_on_certificates(refund=refund, now=now, user=user)
    settle_gift_refund(refund=refund, now=now)
    return refund
