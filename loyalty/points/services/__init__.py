"""The verbs of points."""

from loyalty.points.services.adjusting import adjust_points
from loyalty.points.services.closing import CloseRefused, close_period
from loyalty.points.services.expiring import expire_points, record_notice
from loyalty.points.services.gestures import (
    DecidedBefore,
    GestureRefused,
    GesturesOff,
    NothingGiven,
    NotYourDecision,
    OwnCard,
    decline_gesture,
    give_gesture,
    grant_gesture,
)
from loyalty.points.services.ledger import (
    KeyReused,
    NotEnoughPoints,
    PeriodClosed,
    account_of,
    grant_points,
    lock_balance_of,
    lock_with_client,
    locked_balance,
    spend_points,
)
from loyalty.points.services.merging import join_accounts
from loyalty.points.services.occasions import grant_birthdays, grant_feedback
from loyalty.points.services.pending import promise_rebooking, promise_rebookings, rebooking_key, settle_pending
from loyalty.points.services.rebuild import Correction, rebuild_points
from loyalty.points.services.refusals import note_refused
from loyalty.points.services.spending import give_back_spent, settle_refund, settle_sale
from loyalty.points.services.undoing import NothingToTakeBack, may_void, take_back_grant, void_entry

__all__ = [
    "CloseRefused",
    "Correction",
    "DecidedBefore",
    "GestureRefused",
    "GesturesOff",
    "KeyReused",
    "NotEnoughPoints",
    "NotYourDecision",
    "NothingGiven",
    "NothingToTakeBack",
    "OwnCard",
    "PeriodClosed",
    "account_of",
    "adjust_points",
    "close_period",
    "decline_gesture",
    "expire_points",
    "give_back_spent",
    "give_gesture",
    "grant_birthdays",
    "grant_feedback",
    "grant_gesture",
    "grant_points",
    "join_accounts",
    "lock_balance_of",
    "lock_with_client",
    "locked_balance",
    "may_void",
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
    "take_back_grant",
    "void_entry",
]
