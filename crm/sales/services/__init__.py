"""The verbs of sales."""

from crm.sales.services.completion import (
    DiscountTooLarge,
    LineFact,
    NothingSold,
    NotOnTheShelf,
    PaymentFact,
    PaymentsDoNotAddUp,
    SaleAlreadyCompleted,
    SaleRefused,
    complete_sale,
    next_receipt,
)
from crm.sales.services.days import close_day, close_days
from crm.sales.services.refunds import NothingReturned, RefundOfRefund, ReturnFact, TooMuchReturned, refund_sale

__all__ = [
    "DiscountTooLarge",
    "LineFact",
    "NotOnTheShelf",
    "NothingReturned",
    "NothingSold",
    "PaymentFact",
    "PaymentsDoNotAddUp",
    "RefundOfRefund",
    "ReturnFact",
    "SaleAlreadyCompleted",
    "SaleRefused",
    "TooMuchReturned",
    "close_day",
    "close_days",
    "complete_sale",
    "next_receipt",
    "refund_sale",
]
