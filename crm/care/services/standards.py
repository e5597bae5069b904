"""Publishing a standard, running a visit on it, and reading its lesson (practices.md, P5 and P55)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.care.models import LessonRead, Standard, StandardStep, StandardVersion, VisitStep
from crm.care.selectors import steps_for, visits_without_steps
from crm.team.models import Language, User
from crm.team.selectors import branch_day

State, Reason = VisitStep.State, VisitStep.Reason
STEP_WORDS = tuple(f"text_{code}" for code in Language.values)
# a visit that is found later than this has been told otherwise: by an import, or on another day
LATE = timedelta(days=2)
LESSON_WORDS = tuple(f"lesson_{code}" for code in Language.values)


class StandardRefused(Exception):
    """A verb about a standard could not be done."""

    words = _("This step has changed meanwhile. Look at it again.")

    def __str__(self) -> str:
        return str(self.words)


class NothingToPublish(StandardRefused):
    words = _("Write the first step before you publish.")


class NothingNew(StandardRefused):
    words = _("Nothing has changed since it was published.")


class NotThatReason(StandardRefused):
    words = _("Choose why: she did not want it, or it was impossible today.")


class SayWhyImpossible(StandardRefused):
    words = _("Say in a few words what made it impossible today.")


class VisitOver(StandardRefused):
    words = _("This visit was not today, so its list is closed.")


@transaction.atomic
def publish_standard(*, standard: Standard, now: datetime, user: User | None) -> StandardVersion:
    """The draft as it is becomes the next version; visits that begin from now on run on it.

    Raises NothingToPublish without a step, NothingNew if the version that holds says the same.
    """
    current = Standard.objects.select_for_update(of=("self",)).select_related("current").get(pk=standard.pk)
    draft = list(StandardStep.objects.filter(standard=current, version=None).order_by("position", "pk"))
    if not draft:
        raise NothingToPublish
    if current.current is not None and _says(current, draft) == _says(
        current.current, current.current.steps.order_by("position")
    ):
        raise NothingNew
    version = StandardVersion.objects.create(
        standard=current,
        number=current.versions.count() + 1,
        published_at=now,
        published_by=user,
        picture=current.picture.name,
        **{field: getattr(current, field) for field in LESSON_WORDS},
    )
    StandardStep.objects.bulk_create(
        StandardStep(
            standard=current, version=version, key=step.key, position=position, is_required=step.is_required,
            **{field: getattr(step, field) for field in STEP_WORDS},
        )
        for position, step in enumerate(draft)
    )  # fmt: skip
    Standard.objects.filter(pk=current.pk).update(current=version)
    standard.current = version
    return version


def _says(taught: Any, steps: Iterable[StandardStep]) -> tuple:
    """All that a version says, to compare two."""
    return (
        taught.picture.name or "",
        *(getattr(taught, field) for field in LESSON_WORDS),
        *((step.key, step.is_required, *(getattr(step, field) for field in STEP_WORDS)) for step in steps),
    )


@transaction.atomic
def lay_out_steps(*, appointment: Appointment, at: datetime) -> None:
    """The visit runs on what was published at `at`, from now on. Laid out already, it stays as it is."""
    _hold(appointment)
    if VisitStep.objects.filter(appointment=appointment).exists():
        return
    VisitStep.objects.bulk_create(VisitStep(appointment=appointment, step=step) for step in steps_for(appointment, at))


def _hold(appointment: Appointment) -> None:
    """Of two first taps one lays out; between them may lie a new version, and the visit has one."""
    Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)


@transaction.atomic
def tick_step(*, appointment: Appointment, step_id: int, now: datetime, user: User) -> VisitStep:
    """It was done. Raises StandardRefused if the visit does not run on it, VisitOver on another day."""
    return _mark(appointment, step_id, now, state=State.DONE, at=now, user=user, reason="", why="")


@transaction.atomic
def skip_step(*, appointment: Appointment, step_id: int, reason: str, why: str, now: datetime, user: User) -> VisitStep:
    """It was left out, for a reason of the closed list.

    Raises NotThatReason for any other, SayWhyImpossible for “impossible” without words.
    """
    why = why.strip()
    if reason not in Reason.values:
        raise NotThatReason
    if reason == Reason.IMPOSSIBLE and not why:
        raise SayWhyImpossible
    return _mark(appointment, step_id, now, state=State.SKIPPED, at=now, user=user, reason=reason, why=why[:200])


@transaction.atomic
def open_step(*, appointment: Appointment, step_id: int, now: datetime) -> VisitStep:
    """It was a slip: nothing is said of it any more."""
    return _mark(appointment, step_id, now, state=State.OPEN, at=None, user=None, reason="", why="")


def _mark(appointment: Appointment, step_id: int, now: datetime, **said: Any) -> VisitStep:
    if appointment.on != branch_day(appointment.branch, now):
        raise VisitOver
    lay_out_steps(appointment=appointment, at=now)
    if not VisitStep.objects.filter(appointment=appointment, step=step_id).update(**said):
        raise StandardRefused
    return VisitStep.objects.select_related("step").get(appointment=appointment, step=step_id)


@transaction.atomic
def note_asked(*, appointment: Appointment, now: datetime) -> None:
    """Whoever finishes has been asked about the required steps that are open; nobody asks again."""
    lay_out_steps(appointment=appointment, at=now)
    VisitStep.objects.filter(appointment=appointment, state=State.OPEN, asked_at=None).update(asked_at=now)


def lay_out_late(*, now: datetime) -> int:
    """Visits that went past their list (straight to the checkout) get it too, as of when they began. Gives how many."""
    late = visits_without_steps(since=now - LATE)
    for appointment in late:
        lay_out_steps(appointment=appointment, at=appointment.started_at or appointment.finished_at or now)
    return len(late)


def read_lesson(*, version: StandardVersion, user: User, now: datetime) -> None:
    """She has read it; read twice it stays at the first time."""
    LessonRead.objects.get_or_create(version=version, user=user, defaults={"at": now})
