"""Vouchers with what happened to them, campaigns of many of them, and codes that were typed in vain."""

from loyalty.vouchers.models.campaigns import Benefit, Campaign
from loyalty.vouchers.models.guesses import WrongCode
from loyalty.vouchers.models.vouchers import Voucher, VoucherEvent

__all__ = ["Benefit", "Campaign", "Voucher", "VoucherEvent", "WrongCode"]
