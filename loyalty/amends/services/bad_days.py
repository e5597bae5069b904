"""What makes up for a visit that the salon could not keep (practices.md, P56), by the owner's rule."""

from datetime import datetime, timedelta

from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import branch_day
from loyalty.points.selectors import loyalty_settings
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services import issue_voucher


def make_up_for(*, client: Client, branch: Branch, key: str, now: datetime) -> Voucher | None:
    """A percentage off her next visit, as the owner set it; nothing where she set none.

    The same key gives the voucher of the first time. Valid from today, a branch day, for the owner's days.
    """
    rules = loyalty_settings()
    if not rules.bad_day_percent:
        return None
    today = branch_day(branch, now)
    return issue_voucher(
        client=client,
        branch=branch,
        kind=Voucher.Kind.AMENDS,
        percent=rules.bad_day_percent,
        valid_from=today,
        valid_until=today + timedelta(days=rules.bad_day_days - 1),
        key=key,
        now=now,
    )
