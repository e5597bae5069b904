"""With what the salon helps out, and whom it did (practices.md, P33)."""

from datetime import date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from crm.care.models import HelpGiven, HelpKind
from crm.people.models import Client
from crm.team.models import Branch, User

# for so long the briefing speaks of it
REMEMBERED = timedelta(days=90)
# for so long a slip is taken back by who made it
TAKEN_BACK_WITHIN = timedelta(minutes=30)


def help_kinds() -> list[HelpKind]:
    """The owner's list, in its order."""
    return list(HelpKind.objects.filter(is_active=True).order_by("position", "pk"))


def helps_of(client: Client, branches: QuerySet[Branch]) -> QuerySet[HelpGiven]:
    """With what she was helped out, the newest first."""
    return HelpGiven.objects.filter(client=client, branch__in=branches).select_related("kind").order_by("-at", "-pk")


def last_help(today: date, branch: Branch) -> Subquery:
    """For a query of clients: the key of the last help given to each in this branch, while it is remembered."""
    lately = HelpGiven.objects.filter(client=OuterRef("pk"), branch=branch, on__gt=today - REMEMBERED, on__lte=today)
    return Subquery(lately.order_by("-at").values("pk")[:1])


def may_take_back(given: HelpGiven, user: User, now: datetime) -> bool:
    """Who wrote it down, soon after; the reception and the owner at any time."""
    if user.role in (User.Role.OWNER, User.Role.RECEPTIONIST):
        return True
    return given.user_id == user.pk and now - given.at <= TAKEN_BACK_WITHIN
