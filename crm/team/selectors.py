"""Reads of branches, masters and the salon's settings."""

from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from crm.team.models import Branch, CrmSettings, Master, User

_settings: ContextVar[CrmSettings | None] = ContextVar("crm_settings", default=None)


def salon_settings() -> CrmSettings:
    """The salon's one row of rules; the defaults where nobody has saved any."""
    return _settings.get() or CrmSettings.objects.filter(pk=1).first() or CrmSettings(pk=1)


def hold_salon_settings(row: CrmSettings | None) -> None:
    """Keep the row for the rest of this request, so that it is read once; None lets it go."""
    _settings.set(row)


def zone(branch: Branch) -> ZoneInfo:
    """The branch's zone, which decides every day (rules.md, Time)."""
    return ZoneInfo(branch.time_zone)


def branch_day(branch: Branch, now: datetime) -> date:
    """The branch's date at an instant."""
    return now.astimezone(zone(branch)).date()


def branches_of(user: User) -> QuerySet[Branch]:
    """The branches whose appointments this person may see: all for the owner, else her own."""
    branches = Branch.objects.filter(is_active=True)
    if user.role == User.Role.OWNER:
        return branches
    return branches.filter(pk=user.branch_id) if user.branch_id else branches.none()


def desk_branch(user: User) -> Branch | None:
    """The branch in which this person works today: her own, or the first open one for an owner above them."""
    return user.branch or branches_of(user).order_by("pk").first()


def masters_of(branch: Branch) -> QuerySet[Master]:
    """Those who work in the branch now, by name."""
    return Master.objects.filter(branch=branch, is_active=True).order_by("name", "pk")
