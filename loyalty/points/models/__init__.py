"""Points: accounts, the append-only ledger, what is promised and asked for, and the programme's rules."""

from loyalty.points.models.closing import PeriodClose
from loyalty.points.models.earning import EarningRule
from loyalty.points.models.gestures import ASKED, GestureRequest
from loyalty.points.models.ledger import (
    AMENDS,
    RETURNED,
    UNDONE,
    LedgerEntry,
    LedgerNote,
    LotAllocation,
    OwedEntry,
    PointsAccount,
    PointsBalance,
    PointsLot,
)
from loyalty.points.models.promises import PendingGrant
from loyalty.points.models.refusals import REASONS, RefusedBenefit, reason_words
from loyalty.points.models.settings import LoyaltySettings
from loyalty.points.models.spending import SpendingCount, SpendingShare

__all__ = [
    "AMENDS",
    "ASKED",
    "REASONS",
    "RETURNED",
    "UNDONE",
    "EarningRule",
    "GestureRequest",
    "LedgerEntry",
    "LedgerNote",
    "LotAllocation",
    "LoyaltySettings",
    "OwedEntry",
    "PendingGrant",
    "PeriodClose",
    "PointsAccount",
    "PointsBalance",
    "PointsLot",
    "RefusedBenefit",
    "SpendingCount",
    "SpendingShare",
    "reason_words",
]
