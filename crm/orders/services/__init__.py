"""The verbs of orders, deliveries and of help where something is not to be had."""

from crm.orders.services.deliveries import SupplyRefused, book_in, order_from_supplier
from crm.orders.services.helping import FewPlaces, HelpRefused, PlaceFact, give_up_wish, help_elsewhere
from crm.orders.services.orders import (
    NotReadyYet,
    OrderRefused,
    PrepaidAlready,
    PromiseInThePast,
    ReasonNotSaid,
    StageTaken,
    UndoIsOver,
    accept_order,
    advance,
    call_off,
    hand_over,
    note_prepaid,
    promise_anew,
    tell_now,
    undo_ends_at,
    undo_step,
)

__all__ = [
    "FewPlaces",
    "HelpRefused",
    "NotReadyYet",
    "OrderRefused",
    "PlaceFact",
    "PrepaidAlready",
    "PromiseInThePast",
    "ReasonNotSaid",
    "StageTaken",
    "SupplyRefused",
    "UndoIsOver",
    "accept_order",
    "advance",
    "book_in",
    "call_off",
    "give_up_wish",
    "hand_over",
    "help_elsewhere",
    "note_prepaid",
    "order_from_supplier",
    "promise_anew",
    "tell_now",
    "undo_ends_at",
    "undo_step",
]
