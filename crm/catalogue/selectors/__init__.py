"""Reads of what is offered and of the shelves."""

from crm.catalogue.selectors.rooms import rooms_of
from crm.catalogue.selectors.stock import (
    Counted,
    below_minimum,
    categories_of,
    counted_of,
    low_filter,
    moves_of,
    open_take,
    recommended_for,
    shelf,
)

__all__ = [
    "Counted",
    "below_minimum",
    "categories_of",
    "counted_of",
    "low_filter",
    "moves_of",
    "open_take",
    "recommended_for",
    "rooms_of",
    "shelf",
]
