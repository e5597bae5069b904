"""The verbs of points."""

from loyalty.points.services.ledger import (
    KeyReused,
    NotEnoughPoints,
    account_of,
    expire_points,
    grant_points,
    record_notice,
    spend_points,
)
from loyalty.points.services.pending import promise_rebooking, promise_rebookings, settle_pending
from loyalty.points.services.rebuild import Correction, rebuild_points
from loyalty.points.services.spending import earn_on_sale, pay_with_points, settle_refund

__all__ = [
    "Correction",
    "KeyReused",
    "NotEnoughPoints",
    "account_of",
    "earn_on_sale",
    "expire_points",
    "grant_points",
    "pay_with_points",
    "promise_rebooking",
    "promise_rebookings",
    "rebuild_points",
    "record_notice",
    "settle_pending",
    "settle_refund",
    "spend_points",
]
