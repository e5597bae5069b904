"""Promises from hand to hand, until they are kept (practices.md, P7)."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.booking.local_time import computed_instant
from crm.booking.models import Appointment
from crm.care.models import Complaint, Promise, PromiseEvent
from crm.care.selectors import with_due
from crm.people.models import Client
from crm.team.models import Branch, User
from crm.team.selectors import branch_day, zone

State, Kind = Promise.State, PromiseEvent.Kind
OPEN = (State.HANDED, State.ACCEPTED)


class PromiseRefused(Exception):
    """A verb about a promise could not be done."""

    words = _("The promise has changed meanwhile. Look at it again.")

    def __str__(self) -> str:
        return str(self.words)


class NotYours(PromiseRefused):
    words = _("It is in somebody else's hands. Ask her, or the reception.")


class SayWhy(PromiseRefused):
    words = _("Say in a few words why. The next one needs to know.")


@transaction.atomic
def give_promise(
    *,
    client: Client,
    branch: Branch,
    text: str,
    holder: User,
    now: datetime,
    user: User,
    appointment: Appointment | None = None,
    complaint: Complaint | None = None,
    due_on: date | None = None,
) -> Promise:
    """Something was promised: `holder` sees to it before her next visit, or by `due_on`. One's own is accepted at once."""
    promise = Promise.objects.create(
        branch=branch,
        client=client,
        appointment=appointment,
        complaint=complaint,
        text=text.strip(),
        given_by=user,
        given_at=now,
        given_on=branch_day(branch, now),
        holder=holder,
        state=State.ACCEPTED if holder == user else State.HANDED,
        due_before=computed_instant(due_on + timedelta(days=1), time(0), zone(branch)) if due_on else None,
    )
    _record(promise, Kind.GIVEN, now=now, user=user, to=holder)
    return promise


@transaction.atomic
def accept_promise(*, promise: Promise, now: datetime, user: User) -> None:
    """She sees to it. Raises NotYours for somebody else, PromiseRefused once it is accepted or over."""
    if promise.holder_id != user.pk:
        raise NotYours
    _change(promise, of=(State.HANDED,), state=State.ACCEPTED)
    _record(promise, Kind.ACCEPTED, now=now, user=user)


@transaction.atomic
def hand_promise(*, promise: Promise, to: User, now: datetime, user: User, text: str = "") -> None:
    """Into other hands, who have to accept it.

    Back to who gave it, it says why (SayWhy), and is hers again without being asked. Raises PromiseRefused once it is
    over, or if it is in those hands already.
    """
    text = text.strip()
    back = to.pk == promise.given_by_id
    if back and user != to and not text:
        raise SayWhy
    if promise.holder_id == to.pk:
        raise PromiseRefused
    _change(promise, of=OPEN, holder=to, state=State.ACCEPTED if back or to == user else State.HANDED)
    _record(promise, Kind.HANDED_BACK if back else Kind.HANDED, now=now, user=user, to=to, text=text)


@transaction.atomic
def keep_promise(*, promise: Promise, now: datetime, user: User, text: str = "") -> None:
    """It was kept; until when it had to be is written down with it. Raises PromiseRefused once it is over."""
    _end(promise, State.KEPT, now=now, user=user, text=text)


@transaction.atomic
def break_promise(*, promise: Promise, now: datetime, user: User, text: str) -> None:
    """It cannot be kept, and why. Raises SayWhy without words, PromiseRefused once it is over."""
    if not text.strip():
        raise SayWhy
    _end(promise, State.BROKEN, now=now, user=user, text=text)


@transaction.atomic
def reopen_promise(*, promise: Promise, now: datetime, user: User) -> None:
    """It was not over after all. Raises PromiseRefused if it is open."""
    _change(
        promise,
        of=(State.KEPT, State.BROKEN),
        state=State.ACCEPTED,
        closed_at=None,
        closed_on=None,
        was_due_at=None,
        answer="",
    )
    _record(promise, Kind.REOPENED, now=now, user=user)


def _end(promise: Promise, state: str, *, now: datetime, user: User, text: str) -> None:
    due_at = with_due(Promise.objects.filter(pk=promise.pk)).get().due_at
    _change(
        promise,
        of=OPEN,
        state=state,
        closed_at=now,
        closed_on=branch_day(promise.branch, now),
        was_due_at=due_at,
        answer=text.strip(),
    )
    _record(promise, Kind.KEPT if state == State.KEPT else Kind.BROKEN, now=now, user=user, text=text)


def _change(promise: Promise, *, of: Collection[str], **changes: Any) -> None:
    """By condition: of two who act at once the second hears that it has changed."""
    found = Promise.objects.filter(pk=promise.pk, state__in=of, holder=promise.holder_id)
    if not found.update(**changes):
        raise PromiseRefused
    promise.refresh_from_db()


def _record(
    promise: Promise, kind: str, *, now: datetime, user: User, to: User | None = None, text: str = ""
) -> PromiseEvent:
    return PromiseEvent.objects.create(promise=promise, kind=kind, at=now, user=user, to=to, text=text.strip())
