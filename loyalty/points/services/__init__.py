"""The verbs of points."""

from loyalty.points.services.ledger import (
    KeyReused,
    NotEnoughPoints,
    account_of,
    expire_points,
    grant_points,
    locked_balance,
    record_notice,
    spend_points,
)
from loyalty.points.services.pending import promise_rebooking, promise_rebookings, rebooking_key, settle_pending
from loyalty.points.services.rebuild import Correction, rebuild_points
from loyalty.points.services.refusals import note_refused
from loyalty.points.services.spending import settle_refund, settle_sale
from loyalty.points.services.undoing import NothingToTakeBack, take_back_gesture, take_back_grant

__all__ = [
    "Correction",
    "KeyReused",
    "NotEnoughPoints",
    "NothingToTakeBack",
    "account_of",
    "expire_points",
    "grant_points",
    "locked_balance",
    "note_refused",
    "promise_rebooking",
    "promise_rebookings",
    "rebooking_key",
    "rebuild_points",
    "record_notice",
    "settle_pending",
    "settle_refund",
    "settle_sale",
    "spend_points",
    "take_back_gesture",
    "take_back_grant",
]
