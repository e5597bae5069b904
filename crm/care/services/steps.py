"""The five steps of who listens, saved one by one (practices.md, P31)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.care.models import Complaint, ComplaintStep, Step
from crm.care.services.complaints import ComplaintRefused, note_answered
from crm.team.models import User


class StepTaken(ComplaintRefused):
    """Somebody saved this step meanwhile; `current` has her words. Nothing was written over."""

    words = _("A colleague wrote here meanwhile. Her words stand above yours: put them together and save.")

    def __init__(self, current: ComplaintStep) -> None:
        super().__init__()
        self.current = current


def save_step(
    *, complaint: Complaint, step: int, text: str, is_done: bool, version: int, now: datetime, user: User
) -> ComplaintStep:
    """Saves what was heard in a step. `version` is the one that was on the screen; 0: there was none yet.

    The first step that is done answers her. Raises StepTaken where somebody else was quicker with other words,
    ComplaintRefused once it is resolved. Of two sendings of one page the later may go on with the words of the first.
    """
    text = text.strip()
    with transaction.atomic():
        if not Complaint.objects.select_for_update().filter(pk=complaint.pk, resolved_at__isnull=True).exists():
            raise ComplaintRefused
        if not _write(complaint, step, text, is_done, version, now, user):
            current = ComplaintStep.objects.select_related("saved_by").get(complaint=complaint, step=step)
            # the same words, written by a form sent twice or by two of one mind: nothing is lost
            is_same = current.text == text
            if not is_same and not (current.saved_by_id == user.pk and text.startswith(current.text)):
                raise StepTaken(current)
            if not is_same or (is_done and current.done_at is None):
                _write(complaint, step, text, is_done, current.version, now, user)
        if is_done:
            note_answered(complaint, now)
    return ComplaintStep.objects.select_related("saved_by").get(complaint=complaint, step=step)


def _write(complaint: Complaint, step: int, text: str, is_done: bool, version: int, now: datetime, user: User) -> bool:
    """Whether it could be written: only over the words that she has seen."""
    said = {"text": text, "saved_at": now, "saved_by": user} | ({"done_at": now} if is_done else {})
    if version:
        seen = ComplaintStep.objects.filter(complaint=complaint, step=step, version=version)
        return bool(seen.update(version=F("version") + 1, **said))
    try:
        with transaction.atomic():
            ComplaintStep.objects.create(complaint=complaint, step=step, **said)
    except IntegrityError:
        return False
    return True


def finish_step(*, complaint: Complaint, step: Step, now: datetime, user: User | None) -> None:
    """A step is done by what happened: a solution chosen, the complaint closed. Words that are there stay."""
    row, _is_new = ComplaintStep.objects.get_or_create(
        complaint=complaint, step=step, defaults={"saved_at": now, "saved_by": user, "done_at": now}
    )
    if row.done_at is None:
        ComplaintStep.objects.filter(pk=row.pk, done_at__isnull=True).update(
            done_at=now, saved_at=now, saved_by=user, version=F("version") + 1
        )
