"""Closing the books up to a day: what is dated there is never written any more, whoever asks."""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from crm.team.models import Branch, User
from crm.team.selectors import branch_day
from loyalty.points.models import LedgerEntry, OwedEntry, PeriodClose
from loyalty.points.selectors import closed_through


class CloseRefused(Exception):
    """The books cannot be closed up to this day; `words` say why."""

    def __init__(self, words: object) -> None:
        super().__init__(words)
        self.words = words

    def __str__(self) -> str:
        return str(self.words)


@transaction.atomic
def close_period(*, last_on: date, user: User, now: datetime) -> PeriodClose:
    """Closes the ledger of points up to this day, included; the day has to be over in every branch.

    Corrections are entries of a later day. Raises CloseRefused.
    """
    if user.role != User.Role.OWNER:
        raise CloseRefused(_("The owner closes the books."))
    _wait_for_writers()
    today = min((branch_day(branch, now) for branch in Branch.objects.all()), default=now.date())
    if last_on >= today:
        raise CloseRefused(_("This day is not over yet. Close up to a day that is past."))
    before = closed_through()
    if before is not None and last_on <= before:
        raise CloseRefused(_("The books are closed up to there already."))
    return PeriodClose.objects.create(last_on=last_on, closed_at=now, closed_by=user)


def _wait_for_writers() -> None:
    """Entries that are being written at this moment come before the close, or are refused after it.

    On SQLite one writes at a time anyhow.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (LedgerEntry, OwedEntry):
                cursor.execute(f'LOCK TABLE "{model._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
