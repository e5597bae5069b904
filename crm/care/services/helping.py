"""Helped out: one tap on what, and a word (practices.md, P33)."""

from datetime import datetime

from crm.booking.models import Appointment
from crm.care.models import HelpGiven, HelpKind
from crm.people.models import Client
from crm.team.models import Branch, User
from crm.team.selectors import branch_day


def help_out(
    *,
    branch: Branch,
    kind: HelpKind,
    now: datetime,
    user: User,
    client: Client | None = None,
    appointment: Appointment | None = None,
    words: str = "",
) -> HelpGiven:
    """A moment of care; `client` where she is known."""
    return HelpGiven.objects.create(
        branch=branch,
        kind=kind,
        client=client,
        appointment=appointment,
        words=words.strip()[:200],
        user=user,
        at=now,
        on=branch_day(branch, now),
    )


def take_back_help(*, given: HelpGiven) -> None:
    """It was a slip: as if it had not been written down."""
    given.delete()
