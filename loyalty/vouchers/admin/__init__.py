"""The office: vouchers, their campaigns, and codes typed in vain."""

from loyalty.vouchers.admin.campaigns import CampaignAdmin
from loyalty.vouchers.admin.rewards import RewardAdmin
from loyalty.vouchers.admin.vouchers import VoucherAdmin
from loyalty.vouchers.admin.wrong_codes import WrongCodeAdmin

__all__ = ["CampaignAdmin", "RewardAdmin", "VoucherAdmin", "WrongCodeAdmin"]
