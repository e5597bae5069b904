"""The month's 0 to 10 of the team (practices.md, P55)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.care.models import TeamScore
from crm.care.selectors.team import first_of_month
from crm.team.models import Branch, User
from crm.team.selectors import branch_day


class NoSuchScore(Exception):
    """Outside of 0 to 10."""

    words = _("Choose a number from 0 to 10.")

    def __str__(self) -> str:
        return str(self.words)


@transaction.atomic
def score_month(*, user: User, branch: Branch, score: int | None, now: datetime, words: str | None = None) -> TeamScore:
    """What she says of this month of the branch; said again it is said anew. None: she would rather not.

    Without `words` those that she wrote stay. Raises NoSuchScore.
    """
    if score is not None and not 0 <= score <= 10:
        raise NoSuchScore
    said: dict[str, object] = {"branch": branch, "score": score, "answered_at": now}
    if words is not None:
        said["words"] = words.strip()
    row, _created = TeamScore.objects.update_or_create(
        user=user, month=first_of_month(branch_day(branch, now)), defaults=said
    )
    return row
