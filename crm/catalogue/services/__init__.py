"""The verbs of the shelves."""

from crm.catalogue.services.counting import (
    TakeIsOver,
    call_off_take,
    count_product,
    save_take,
    start_take,
    uncount_product,
)
from crm.catalogue.services.stock import (
    Moved,
    OutOfStock,
    ReasonMissing,
    Shortage,
    StockCorrection,
    StockRefused,
    begin_counting,
    correct_stock,
    left_words,
    move_stock,
    open_stock,
    rebuild_stock,
    shortages,
    stop_counting,
)

__all__ = [
    "Moved",
    "OutOfStock",
    "ReasonMissing",
    "Shortage",
    "StockCorrection",
    "StockRefused",
    "TakeIsOver",
    "begin_counting",
    "call_off_take",
    "correct_stock",
    "count_product",
    "left_words",
    "move_stock",
    "open_stock",
    "rebuild_stock",
    "save_take",
    "shortages",
    "start_take",
    "stop_counting",
    "uncount_product",
]
