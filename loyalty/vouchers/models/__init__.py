"""Vouchers with what happened to them, campaigns of many, rewards that give some, and codes typed in vain."""

from loyalty.vouchers.models.campaigns import Benefit, Campaign
from loyalty.vouchers.models.guesses import WrongCode
from loyalty.vouchers.models.rewards import Reward, RewardWords
from loyalty.vouchers.models.vouchers import Voucher, VoucherEvent

__all__ = ["Benefit", "Campaign", "Reward", "RewardWords", "Voucher", "VoucherEvent", "WrongCode"]
