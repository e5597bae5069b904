"""Reads of the checkout."""

from loyalty.checkout.selectors.afterwards import Followed, refused_benefits, what_followed
from loyalty.checkout.selectors.receipts import (
    MOST_CERTIFICATES,
    Has,
    LoyaltyCard,
    Quote,
    Refused,
    has_of,
    loyalty_of,
    quote,
    with_benefits,
)

__all__ = [
    "MOST_CERTIFICATES",
    "Followed",
    "Has",
    "LoyaltyCard",
    "Quote",
    "Refused",
    "has_of",
    "loyalty_of",
    "quote",
    "refused_benefits",
    "what_followed",
    "with_benefits",
]
