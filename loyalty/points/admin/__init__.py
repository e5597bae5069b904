"""The office: the ledger of points, its rules, what waits for the owner, closed books and what was refused."""

from loyalty.points.admin.closing import PeriodCloseAdmin
from loyalty.points.admin.hands import GestureRequestAdmin, RefusedBenefitAdmin
from loyalty.points.admin.ledger import LedgerEntryAdmin, PendingGrantAdmin, PointsAccountAdmin
from loyalty.points.admin.rules import EarningRuleAdmin, LoyaltySettingsAdmin

__all__ = [
    "EarningRuleAdmin",
    "GestureRequestAdmin",
    "LedgerEntryAdmin",
    "LoyaltySettingsAdmin",
    "PendingGrantAdmin",
    "PeriodCloseAdmin",
    "PointsAccountAdmin",
    "RefusedBenefitAdmin",
]
