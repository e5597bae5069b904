"""The verbs of vouchers."""

from loyalty.vouchers.services.guessing import may_try_code, note_wrong_code
from loyalty.vouchers.services.issuing import issue_voucher, prolong_voucher, void_voucher
from loyalty.vouchers.services.using import (
    VoucherRefused,
    give_back_voucher,
    redeem_voucher,
    release_voucher,
    reserve_voucher,
    settle_reservations,
)

__all__ = [
    "VoucherRefused",
    "give_back_voucher",
    "issue_voucher",
    "may_try_code",
    "note_wrong_code",
    "prolong_voucher",
    "redeem_voucher",
    "release_voucher",
    "reserve_voucher",
    "settle_reservations",
    "void_voucher",
]
