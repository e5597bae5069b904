"""The verbs of vouchers."""

from loyalty.points.services import note_refused
from loyalty.vouchers.services.campaigns import (
    AlreadyIssued,
    CampaignRefused,
    TooManyCodes,
    give_from_campaign,
    issue_codes,
    revoke_unused,
)
from loyalty.vouchers.services.guessing import Guesser, may_try_code, note_wrong_code
from loyalty.vouchers.services.issuing import issue_voucher, prolong_voucher, void_voucher
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
    "AlreadyIssued",
    "CampaignRefused",
    "Guesser",
    "NothingToReturn",
    "RewardOff",
    "RewardRefused",
    "TooManyCodes",
    "VoucherRefused",
    "give_back_voucher",
    "give_from_campaign",
    "issue_codes",
    "issue_voucher",
    "may_try_code",
    "note_refused",
    "note_wrong_code",
    "prolong_voucher",
    "redeem_reward",
    "redeem_voucher",
    "release_voucher",
    "reserve_voucher",
    "return_reward",
    "revoke_unused",
    "settle_reservations",
    "settle_rewards",
    "void_voucher",
]
