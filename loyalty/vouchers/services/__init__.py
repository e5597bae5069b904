"""The verbs of vouchers."""

from loyalty.points.services import note_refused
from loyalty.vouchers.services.campaigns import (
    MOST_CODES,
    AlreadyIssued,
    CampaignRefused,
    TooManyCodes,
    give_from_campaign,
    issue_codes,
    revoke_unused,
)
from loyalty.vouchers.services.certificates import (
    CertificateRefused,
    CertificateTooLow,
    Share,
    expire_certificates,
    lock_certificates,
    lock_certificates_of,
    put_back_on_certificates,
    rebuild_certificates,
    return_certificate,
    sell_certificate,
    spend_certificates,
)
from loyalty.vouchers.services.guessing import Guesser, may_try_code, note_wrong_code
from loyalty.vouchers.services.issuing import issue_voucher, prolong_voucher, void_voucher
from loyalty.vouchers.services.merging import join_vouchers
from loyalty.vouchers.services.rewards import (
    NothingToReturn,
    RewardOff,
    RewardRefused,
    redeem_reward,
    return_reward,
    settle_rewards,
)
from loyalty.vouchers.services.using import (
    VoucherRefused,
    give_back_voucher,
    redeem_voucher,
    release_voucher,
    reserve_voucher,
    settle_reservations,
)

__all__ = [
    "MOST_CODES",
    "AlreadyIssued",
    "CampaignRefused",
    "CertificateRefused",
    "CertificateTooLow",
    "Guesser",
    "NothingToReturn",
    "RewardOff",
    "RewardRefused",
    "Share",
    "TooManyCodes",
    "VoucherRefused",
    "expire_certificates",
    "give_back_voucher",
    "give_from_campaign",
    "issue_codes",
    "issue_voucher",
    "join_vouchers",
    "lock_certificates",
    "lock_certificates_of",
    "may_try_code",
    "note_refused",
    "note_wrong_code",
    "prolong_voucher",
    "put_back_on_certificates",
    "rebuild_certificates",
    "redeem_reward",
    "redeem_voucher",
    "release_voucher",
    "reserve_voucher",
    "return_certificate",
    "return_reward",
    "revoke_unused",
    "sell_certificate",
    "settle_reservations",
    "settle_rewards",
    "spend_certificates",
    "void_voucher",
]
