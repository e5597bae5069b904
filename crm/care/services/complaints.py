"""Opening and closing complaints (rules.md, Feedback and complaints). The five steps between come later."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.care.models import Complaint, ComplaintEvent
from crm.people.models import Client
from crm.people.services import note_change
from crm.team.models import Branch, User
from crm.team.selectors import branch_day

Kind = ComplaintEvent.Kind


class ComplaintRefused(Exception):
    """A verb about a complaint could not be done."""

    words = _("The complaint has changed meanwhile. Look at it again.")

    def __str__(self) -> str:
        return str(self.words)


class OwnerDecides(ComplaintRefused):
    words = _("Only the owner declines a complaint, and says why.")


class SayWhatWasDone(ComplaintRefused):
    words = _("Write in a few words what was done.")


@transaction.atomic
def open_complaint(
    *,
    client: Client,
    branch: Branch,
    text: str,
    now: datetime,
    source: str = Complaint.Source.DESK,
    user: User | None = None,
    appointment: Appointment | None = None,
    category: str = "",
    is_urgent: bool = False,
    owner: User | None = None,
) -> Complaint:
    """A client is not content: care and marketing to her rest from now on. `owner` looks after it."""
    complaint = Complaint.objects.create(
        branch=branch,
        client=client,
        appointment=appointment,
        opened_at=now,
        opened_on=branch_day(branch, now),
        source=source,
        category=category.strip(),
        text=text.strip(),
        is_urgent=is_urgent,
        owner=owner or user,
    )
    _record(complaint, Kind.OPENED, now=now, user=user, text=text)
    note_change([client.pk])
    return complaint


@transaction.atomic
def answer_complaint(*, complaint: Complaint, text: str, now: datetime, user: User) -> ComplaintEvent:
    """She was answered, with these words. Raises ComplaintRefused once it is resolved."""
    if not Complaint.objects.filter(pk=complaint.pk, resolved_at__isnull=True).exists():
        raise ComplaintRefused
    return _record(complaint, Kind.ANSWERED, now=now, user=user, text=text)


@transaction.atomic
def resolve_complaint(
    *, complaint: Complaint, outcome: str, resolution: str, now: datetime, user: User | None = None
) -> Complaint:
    """Closes a complaint; marketing rests for the owner's 14 days more.

    Raises OwnerDecides if somebody else declines it, SayWhatWasDone without words,
    ComplaintRefused if it is closed already.
    """
    if outcome == Complaint.Outcome.DECLINED and (user is None or user.role != User.Role.OWNER):
        raise OwnerDecides
    if not resolution.strip() and outcome != Complaint.Outcome.WITHDRAWN:
        raise SayWhatWasDone
    _change(
        complaint,
        was_open=True,
        resolved_at=now,
        resolved_on=branch_day(complaint.branch, now),
        outcome=outcome,
        resolution=resolution.strip(),
    )
    _record(complaint, Kind.RESOLVED, now=now, user=user, text=resolution)
    return complaint


@transaction.atomic
def reopen_complaint(*, complaint: Complaint, now: datetime, user: User | None = None, text: str = "") -> Complaint:
    """It was not over after all: the pause goes on. Raises ComplaintRefused if it is open."""
    _change(complaint, was_open=False, resolved_at=None, resolved_on=None, outcome="", resolution="")
    _record(complaint, Kind.REOPENED, now=now, user=user, text=text)
    return complaint


@transaction.atomic
def take_back_complaint(*, complaint: Complaint) -> None:
    """Words that were taken for a complaint are none: it is as if it had never been opened, and nothing rests.

    Raises ComplaintRefused if it is a person's, or if somebody has begun with it.
    """
    current = Complaint.objects.select_for_update().get(pk=complaint.pk)
    is_heard_only = current.source == Complaint.Source.REPLY and current.resolved_at is None
    if not is_heard_only or current.events.exclude(kind=Kind.OPENED).exists():
        raise ComplaintRefused
    try:
        current.delete()
    except ProtectedError:
        # it was made up for already
        raise ComplaintRefused
    note_change([current.client_id])


def _change(complaint: Complaint, *, was_open: bool, **changes: Any) -> None:
    if not Complaint.objects.filter(pk=complaint.pk, resolved_at__isnull=was_open).update(**changes):
        raise ComplaintRefused
    complaint.refresh_from_db()
    note_change([complaint.client_id])


def _record(complaint: Complaint, kind: str, *, now: datetime, user: User | None, text: str) -> ComplaintEvent:
    return ComplaintEvent.objects.create(complaint=complaint, kind=kind, at=now, user=user, text=text.strip())
