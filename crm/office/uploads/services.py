"""The life of an upload: looked through, confirmed or discarded, taken in."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.db import OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crm.office.importing import ImportRefused, import_folder
from crm.office.uploads.storing import folder_of, note_progress, remove
from crm.team.models import ImportRun, User

log = structlog.get_logger(__name__)
State = ImportRun.State
# a worker that is at it for longer has died
LEASE = timedelta(hours=2)
# of a file that is wrong throughout the first rows tell enough
MOST_REMARKS = 1_000
AT_WORK = {State.WAITING: State.CHECKING, State.CONFIRMED: State.IMPORTING}


class WrongMoment(Exception):
    """The upload is past that step: it was discarded, confirmed or taken in already."""


def begin_import(
    *, folder: str, user: User, branch_name: str, time_zone: str, currency: str, now: datetime
) -> ImportRun:
    """Puts stored files in line to be looked through."""
    return ImportRun.objects.create(
        folder=folder,
        started_by=user,
        created_at=now,
        branch_name=branch_name,
        time_zone=time_zone,
        currency=currency,
    )


def confirm_import(*, run: ImportRun) -> None:
    """The owner has seen what would come and says yes. Raises WrongMoment."""
    if not ImportRun.objects.filter(pk=run.pk, state=State.CHECKED).update(state=State.CONFIRMED, claimed_at=None):
        raise WrongMoment


def discard_import(*, run: ImportRun, now: datetime) -> None:
    """The owner wants none of it; the files are removed. Raises WrongMoment."""
    discarded = ImportRun.objects.filter(pk=run.pk, state__in=(State.CHECKED, State.WAITING)).update(
        state=State.DISCARDED, folder="", finished_at=now
    )
    if not discarded:
        raise WrongMoment
    remove(run.folder)


def run_imports(*, now: datetime) -> int:
    """Works on every upload in line, one after the other; gives how many. Safe to be called twice at once."""
    # whoever died at it has written nothing: an import is one transaction, and its second run adds nothing
    for waiting, at_work in AT_WORK.items():
        ImportRun.objects.filter(state=at_work, claimed_at__lt=now - LEASE).update(state=waiting, claimed_at=None)
    worked = 0
    for run in ImportRun.objects.filter(state__in=AT_WORK).select_related("started_by").order_by("created_at"):
        at_work = AT_WORK[State(run.state)]
        # the condition is in the update itself: of two workers one gets the run
        if ImportRun.objects.filter(pk=run.pk, state=run.state).update(state=at_work, claimed_at=now):
            _work(run, is_check=at_work == State.CHECKING, now=now)
            worked += 1
    return worked


def _work(run: ImportRun, *, is_check: bool, now: datetime) -> None:
    with translation.override(run.started_by.language):
        try:
            with transaction.atomic():
                outcome = import_folder(
                    folder=folder_of(run.folder),
                    now=now,
                    branch_name=run.branch_name,
                    new_branch=_("Salon"),
                    time_zone=run.time_zone,
                    currency=run.currency,
                    dry_run=is_check,
                    progress=partial(note_progress, run.folder),
                )
        except ImportRefused as why:
            _close(run, state=State.REFUSED, refusal=str(why)[:1000], finished_at=now)
            return
        except OperationalError:
            # the database was busy or away: the next turn tries again
            waiting = State.WAITING if is_check else State.CONFIRMED
            ImportRun.objects.filter(pk=run.pk).update(state=waiting, claimed_at=None)
            return
        except Exception:
            log.exception("import stopped", run=run.pk)
            words = _(
                "These files hold something that Regulars does not understand, and we cannot say what. Please show them to whoever looks after your Regulars."
            )
            _close(run, state=State.REFUSED, refusal=words, finished_at=now)
            return
    document = _shortened(outcome.as_json())
    if is_check:
        ImportRun.objects.filter(pk=run.pk).update(state=State.CHECKED, outcome=document)
    else:
        _close(run, state=State.DONE, outcome=document, finished_at=now)


def _close(run: ImportRun, **values: Any) -> None:
    ImportRun.objects.filter(pk=run.pk).update(folder="", **values)
    remove(run.folder)


def _shortened(document: dict[str, Any]) -> dict[str, Any]:
    document["rejected_count"] = len(document["rejected"])
    document["left_out_count"] = len(document["left_out"])
    document["rejected"] = document["rejected"][:MOST_REMARKS]
    document["left_out"] = document["left_out"][:MOST_REMARKS]
    return document
