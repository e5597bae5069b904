"""Reads of orders, of what is too few, and of help where something was not to be had."""

from crm.orders.selectors.helping import helps_of, known_places, open_wishes
from crm.orders.selectors.orders import (
    coming_for,
    last_step,
    late_orders,
    open_orders,
    orders_of,
    over_orders,
    paid_ahead_for,
    ready_for,
)
from crm.orders.selectors.supplying import Wanted, on_the_way, open_supplies, to_order

__all__ = [
    "Wanted",
    "coming_for",
    "helps_of",
    "known_places",
    "last_step",
    "late_orders",
    "on_the_way",
    "open_orders",
    "open_supplies",
    "open_wishes",
    "orders_of",
    "over_orders",
    "paid_ahead_for",
    "ready_for",
    "to_order",
]
