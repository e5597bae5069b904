"""Opening and closing complaints (rules.md, Feedback and complaints). The five steps between are in `steps`."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.care.models import Call, Complaint, ComplaintCause, ComplaintEvent
from crm.care.selectors import business_deadline, time_to_solve
from crm.care.services.calls import ask_for_call, withdraw_calls
from crm.people.models import Client
from crm.people.services import note_change
from crm.team.models import Branch, User
from crm.team.selectors import branch_day, salon_settings

Kind, Outcome = ComplaintEvent.Kind, Complaint.Outcome
# at the desk somebody listens as she speaks: that is the first answer
HEARD_BY_A_PERSON = (Complaint.Source.DESK,)
# of the time to the first answer, after so much of it somebody is reminded
REMIND_AFTER = 0.75
# after these she is rung up: is all well now?
CALLED_AFTER = (Outcome.SOLVED, Outcome.YIELDED)


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
    """A client is not content: care and marketing to her rest from now on, and two deadlines run.

    `owner` looks after it. Heard at the desk, it is answered at once: a person listened.
    """
    complaint = Complaint(
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
        answered_at=now if source in HEARD_BY_A_PERSON and user is not None else None,
    )
    for field, value in _clock(complaint, now).items():
        setattr(complaint, field, value)
    complaint.save()
    record(complaint, Kind.OPENED, now=now, user=user, text=text)
    note_change([client.pk])
    return complaint


@transaction.atomic
def answer_complaint(*, complaint: Complaint, text: str, now: datetime, user: User) -> ComplaintEvent:
    """She was answered, with these words. Raises ComplaintRefused once it is resolved."""
    if not Complaint.objects.filter(pk=complaint.pk, resolved_at__isnull=True).exists():
        raise ComplaintRefused
    note_answered(complaint, now)
    return record(complaint, Kind.ANSWERED, now=now, user=user, text=text)


def note_answered(complaint: Complaint, now: datetime) -> None:
    """Somebody spoke with her; the first time counts."""
    Complaint.objects.filter(pk=complaint.pk, answered_at__isnull=True).update(answered_at=now)


@transaction.atomic
def add_her_words(*, complaint: Complaint, text: str, now: datetime, user: User | None = None) -> ComplaintEvent:
    """She added something to an open complaint; `user` is who wrote it down. Raises ComplaintRefused once it is over."""
    if not Complaint.objects.filter(pk=complaint.pk, resolved_at__isnull=True).exists():
        raise ComplaintRefused
    note_change([complaint.client_id])
    return record(complaint, Kind.ADDED, now=now, user=user, text=text)


@transaction.atomic
def hand_complaint(*, complaint: Complaint, to: User, now: datetime, user: User) -> None:
    """Somebody else looks after it from now on. Raises ComplaintRefused if it is over or has just changed hands."""
    was = complaint.owner_id
    if was == to.pk:
        return
    if not Complaint.objects.filter(pk=complaint.pk, resolved_at__isnull=True, owner=was).update(owner=to):
        raise ComplaintRefused
    complaint.owner = to
    record(complaint, Kind.HANDED, now=now, user=user, text=str(to))


@transaction.atomic
def resolve_complaint(
    *,
    complaint: Complaint,
    outcome: str,
    resolution: str,
    now: datetime,
    user: User | None = None,
    cause: ComplaintCause | None = None,
) -> Complaint:
    """Closes a complaint; marketing rests for the owner's 14 days more, and some days later somebody rings her.

    Raises OwnerDecides if somebody else declines it, SayWhatWasDone without words,
    ComplaintRefused if it is closed already.
    """
    if outcome == Outcome.DECLINED and (user is None or user.role != User.Role.OWNER):
        raise OwnerDecides
    if not resolution.strip() and outcome != Outcome.WITHDRAWN:
        raise SayWhatWasDone
    _change(
        complaint,
        was_open=True,
        resolved_at=now,
        resolved_on=branch_day(complaint.branch, now),
        outcome=outcome,
        resolution=resolution.strip(),
        next_look_at=None,
        **({"cause": cause} if cause is not None else {}),
    )
    record(complaint, Kind.RESOLVED, now=now, user=user, text=resolution)
    if outcome in CALLED_AFTER:
        _ask_to_ring(complaint, now)
    return complaint


@transaction.atomic
def reopen_complaint(*, complaint: Complaint, now: datetime, user: User | None = None, text: str = "") -> Complaint:
    """It was not over after all: the pause goes on, and both deadlines run anew. Raises ComplaintRefused if it is open."""
    if complaint.resolved_at is None:
        raise ComplaintRefused
    closing = _closing_call(complaint)
    _change(
        complaint,
        was_open=False,
        resolved_at=None,
        resolved_on=None,
        outcome="",
        resolution="",
        # who opens it again for her has just spoken with her
        answered_at=now if user is not None else None,
        **_clock(complaint, now),
    )
    withdraw_calls(keys=[closing])
    record(complaint, Kind.REOPENED, now=now, user=user, text=text)
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


def _clock(complaint: Complaint, now: datetime) -> dict[str, datetime]:
    """Both deadlines from this moment on, and when somebody is reminded of them first."""
    rules = salon_settings()
    answer = timedelta(hours=rules.complaint_answer_hours)
    return {
        "clock_from": now,
        "answer_due_at": business_deadline(branch=complaint.branch, since=now, needed=answer),
        "solve_due_at": now + time_to_solve(complaint, rules),
        "next_look_at": business_deadline(branch=complaint.branch, since=now, needed=answer * REMIND_AFTER),
    }


def _closing_call(complaint: Complaint) -> str:
    return f"closed complaint {complaint.pk} {complaint.resolved_at:%Y-%m-%dT%H:%M:%S}"


def _ask_to_ring(complaint: Complaint, now: datetime) -> None:
    """Three days later somebody asks whether all is well, in the salon's language."""
    client = complaint.client
    if not client.phone or client.status != Client.Status.ACTIVE:
        return
    with override(settings.LANGUAGE_CODE):
        ask_for_call(
            client=client,
            branch=complaint.branch,
            kind=Call.CLOSING,
            key=_closing_call(complaint),
            due_at=now + timedelta(days=salon_settings().complaint_call_days),
            now=now,
            what_to_say=gettext(
                "Her complaint was closed: “%(done)s” Ask whether all is well now, thank her once more, and sell nothing."
            )
            % {"done": complaint.resolution[:500]},
            assignee=complaint.owner,
        )


def _change(complaint: Complaint, *, was_open: bool, **changes: Any) -> None:
    if not Complaint.objects.filter(pk=complaint.pk, resolved_at__isnull=was_open).update(**changes):
        raise ComplaintRefused
    complaint.refresh_from_db()
    note_change([complaint.client_id])


def record(complaint: Complaint, kind: str, *, now: datetime, user: User | None, text: str) -> ComplaintEvent:
    """Writes down what happened with it."""
    return ComplaintEvent.objects.create(complaint=complaint, kind=kind, at=now, user=user, text=text.strip())
