"""The verbs of the checkout, and what they refuse."""

from crm.orders.services import OrderRefused
from crm.sales.services import NothingSold, NotOnTheShelf, SaleAlreadyCompleted, SaleRefused
from loyalty.checkout.services.completing import (
    BreakWithoutEnd,
    Decline,
    NextVisit,
    SumChanged,
    complete_checkout,
)
from loyalty.checkout.services.prepaying import prepay_order
from loyalty.checkout.services.refunding import refund_checkout
from loyalty.gifts.services import GiftRefused
from loyalty.partners.services import PartnerRefused
from loyalty.points.services import NotEnoughPoints
from loyalty.vouchers.services import CertificateRefused, VoucherRefused

__all__ = [
    "BreakWithoutEnd",
    "CertificateRefused",
    "Decline",
    "GiftRefused",
    "NextVisit",
    "NotEnoughPoints",
    "NotOnTheShelf",
    "NothingSold",
    "OrderRefused",
    "PartnerRefused",
    "SaleAlreadyCompleted",
    "SaleRefused",
    "SumChanged",
    "VoucherRefused",
    "complete_checkout",
    "prepay_order",
    "refund_checkout",
]
