"""Where something is written down: the branch with its zone and currency, for the cells of an export."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from crm.team.fields import digits
from crm.team.models import Branch


class Place:
    """How values of a branch are written."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.zone = ZoneInfo(branch.time_zone)

    def money(self, amount: Decimal | None) -> str:
        """With the currency's digits, or as many as the amount has."""
        return "" if amount is None else f"{amount:.{max(digits(self.branch.currency), -_exponent(amount))}f}"

    def moment(self, at: datetime | None) -> str:
        """The local time; with its offset where the clock shows that time twice and this is the second."""
        if at is None:
            return ""
        local = at.astimezone(self.zone)
        written = local if local.fold else local.replace(tzinfo=None)
        return written.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")


def _exponent(amount: Decimal) -> int:
    """The power of ten of the last digit that says something."""
    return min(0, int(amount.normalize().as_tuple().exponent))
