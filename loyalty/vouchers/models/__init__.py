"""Vouchers with what happened to them, campaigns and rewards that give some, gift certificates, codes typed in vain."""

from loyalty.vouchers.models.campaigns import Benefit, Campaign
from loyalty.vouchers.models.certificates import CertificateMovement, GiftCertificate
from loyalty.vouchers.models.guesses import WrongCode
from loyalty.vouchers.models.rewards import Reward, RewardWords
from loyalty.vouchers.models.vouchers import Voucher, VoucherEvent

__all__ = [
    "Benefit",
    "Campaign",
    "CertificateMovement",
    "GiftCertificate",
    "Reward",
    "RewardWords",
    "Voucher",
    "VoucherEvent",
    "WrongCode",
]
