"""Who is told that a deadline nears or has passed, once each (rules.md, Feedback and complaints)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from crm.care.models import Complaint, ComplaintAlert, ComplaintEvent
from crm.care.selectors import business_deadline, time_to_solve
from crm.care.services.complaints import REMIND_AFTER, record
from crm.team.models import User
from crm.team.selectors import salon_settings

About, Level, Kind = ComplaintAlert.About, ComplaintAlert.Level, ComplaintEvent.Kind
# a day after the solution was due the owner hears of it
OWNER_AFTER = timedelta(hours=24)
# taken up in one turn of the clock
AT_ONCE = 200


class Due(NamedTuple):
    """When who is told about which deadline."""

    at: datetime
    about: str
    level: int
    due_at: datetime


def schedule_of(complaint: Complaint) -> list[Due]:
    """Before, at and after each deadline that still stands, in order of time."""
    since, answer, solve = complaint.clock_from, complaint.answer_due_at, complaint.solve_due_at
    if since is None or answer is None or solve is None:
        return []
    rules = salon_settings()
    found = []
    if complaint.answered_at is None:
        hours = timedelta(hours=rules.complaint_answer_hours)
        branch = complaint.branch
        found = [
            Due(
                business_deadline(branch=branch, since=since, needed=hours * REMIND_AFTER),
                About.ANSWER,
                Level.SOON,
                answer,
            ),
            Due(answer, About.ANSWER, Level.RECEPTION, answer),
            Due(business_deadline(branch=branch, since=answer, needed=hours), About.ANSWER, Level.OWNER, answer),
        ]
    found += [
        Due(solve - time_to_solve(complaint, rules) / 4, About.SOLUTION, Level.SOON, solve),
        Due(solve, About.SOLUTION, Level.RECEPTION, solve),
        Due(solve + OWNER_AFTER, About.SOLUTION, Level.OWNER, solve),
    ]
    return sorted(found)


def chase_complaints(*, now: datetime) -> int:
    """Tells whoever has to be told by now; returns how many were. Each complaint in a transaction of its own."""
    waiting = Complaint.objects.filter(next_look_at__lte=now).order_by("next_look_at", "pk")
    return sum(_chase(key, now) for key in list(waiting.values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _chase(complaint_id: int, now: datetime) -> int:
    found = Complaint.objects.select_for_update(of=("self",), skip_locked=True).select_related("branch", "owner")
    complaint = found.filter(pk=complaint_id, next_look_at__lte=now, resolved_at__isnull=True).first()
    if complaint is None:
        return 0
    schedule = schedule_of(complaint)
    told = 0
    for about in About.values:
        # after a night without a clock only the furthest is told
        due = [each for each in schedule if each.about == about and each.at <= now]
        if due:
            told += _tell(complaint, due[-1], now)
    later = [each.at for each in schedule if each.at > now]
    Complaint.objects.filter(pk=complaint.pk).update(next_look_at=min(later) if later else None)
    return told


def _tell(complaint: Complaint, due: Due, now: datetime) -> int:
    """Rows for who has not been told yet, and one event; nothing where they were."""
    known = ComplaintAlert.objects.filter(complaint=complaint, about=due.about, due_at=due.due_at, level__gte=due.level)
    if known.exists():
        return 0
    rows = [
        ComplaintAlert(
            complaint=complaint,
            about=due.about,
            level=due.level,
            due_at=due.due_at,
            at=now,
            user=user,
            mail=ComplaintAlert.Mail.WAITING if user.email else ComplaintAlert.Mail.NONE,
        )
        for user in _who(complaint, due.level)
    ]
    ComplaintAlert.objects.bulk_create(rows, ignore_conflicts=True)
    with override(settings.LANGUAGE_CODE):
        words = gettext("first answer") if due.about == About.ANSWER else gettext("solution")
    record(complaint, Kind.REMINDED if due.level == Level.SOON else Kind.ESCALATED, now=now, user=None, text=words)
    return len(rows)


def _who(complaint: Complaint, level: int) -> Iterable[User]:
    """First who looks after it, then the reception of the branch with her, then the owners; nobody there: the next."""
    owners = list(User.objects.filter(role=User.Role.OWNER, is_active=True))
    if level == Level.OWNER:
        return owners
    reception = list(User.objects.filter(role=User.Role.RECEPTIONIST, branch=complaint.branch, is_active=True))
    hers = [complaint.owner] if complaint.owner is not None and complaint.owner.is_active else []
    if level == Level.SOON:
        return hers or reception or owners
    return list(dict.fromkeys([*hers, *(reception or owners)]))
