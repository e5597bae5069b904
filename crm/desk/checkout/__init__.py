"""Checkout of a visit or a walk-in, the receipt, and the refund (practices.md, P8 and P9)."""
