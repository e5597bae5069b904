"""How the team itself feels, month by month (practices.md, P55)."""

from datetime import date

from django.db.models import QuerySet

from crm.care.models import TeamScore
from crm.team.models import User


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def score_of(user: User, today: date) -> TeamScore | None:
    """What she said of this month."""
    return TeamScore.objects.filter(user=user, month=first_of_month(today)).first()


def team_scores(*, since: date) -> QuerySet[TeamScore]:
    """What the team of all branches said from the month of `since` on, the newest first. For the owner only."""
    return (
        TeamScore.objects.filter(month__gte=first_of_month(since))
        .select_related("user")
        .order_by("-month", "user__first_name", "user__username")
    )
