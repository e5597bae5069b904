"""What the salon offers, and what stands on its shelves."""

from crm.catalogue.models.offered import (
    FollowRule,
    Product,
    Recommendation,
    Room,
    Service,
    ServiceRoom,
    ServiceStretch,
    ServiceWords,
    Skill,
)
from crm.catalogue.models.stock import StockMove, StockTake, StockTakeLine

__all__ = [
    "FollowRule",
    "Product",
    "Recommendation",
    "Room",
    "Service",
    "ServiceRoom",
    "ServiceStretch",
    "ServiceWords",
    "Skill",
    "StockMove",
    "StockTake",
    "StockTakeLine",
]
