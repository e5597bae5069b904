"""Calls that somebody should make (practices.md, P15)."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from crm.care.models import Call
from crm.people.models import Client
from crm.team.models import Branch, User


def ask_for_call(
    *,
    client: Client,
    branch: Branch,
    kind: str,
    key: str,
    due_at: datetime,
    now: datetime,
    what_to_say: str = "",
    assignee: User | None = None,
    visit_on: date | None = None,
) -> Call:
    """Puts a call on the branch's list; asked again with the same key it is the same call."""
    call, _created = Call.objects.get_or_create(
        key=key,
        defaults={
            "client": client,
            "branch": branch,
            "kind": kind,
            "due_at": due_at,
            "created_at": now,
            "what_to_say": what_to_say,
            "assignee": assignee,
            "visit_on": visit_on,
        },
    )
    return call


def withdraw_calls(*, keys: Collection[str]) -> int:
    """What these calls were about is over: those that nobody has made leave the list. Returns how many."""
    withdrawn, _by_model = Call.objects.filter(key__in=keys, done_at__isnull=True).delete()
    return withdrawn


@transaction.atomic
def finish_call(*, call: Call, outcome: str, now: datetime, user: User, remark: str = "") -> bool:
    """The call was made, with what came of it; False if somebody had already said so."""
    return bool(
        Call.objects.filter(pk=call.pk, done_at__isnull=True).update(
            done_at=now, done_by=user, outcome=outcome, remark=remark.strip()
        )
    )


@transaction.atomic
def reopen_call(*, call: Call) -> bool:
    """It has to be made after all; False if it is open."""
    return bool(
        Call.objects.filter(pk=call.pk, done_at__isnull=False).update(done_at=None, done_by=None, outcome="", remark="")
    )
