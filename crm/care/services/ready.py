"""Taking ready-made words over: from then on they are the owner's own (practices.md, P4, P5, P33)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.care.models import HandbookEntry, HelpKind, LessonRead, Standard, StandardStep, VisitStep
from crm.care.ready import HANDBOOK, HELPS, SETS
from crm.care.services.standards import StandardRefused, publish_standard
from crm.catalogue.models import Service
from crm.team.models import Branch, Language, User


def in_columns(field: str, words: Sequence[str]) -> dict[str, str]:
    """Four texts as the columns of their languages."""
    return {f"{field}_{code}": text for code, text in zip(Language.values, words, strict=True)}


@transaction.atomic
def take_ready_standard(*, name: str, branch: Branch, service: Service | None) -> Standard:
    """The steps of a ready-made set as a draft, added below what is there; a lesson that is there stays."""
    ready = SETS[name]
    standard, is_new = Standard.objects.get_or_create(
        branch=branch, service=service, defaults=in_columns("lesson", ready.lesson)
    )
    drafts = StandardStep.objects.filter(standard=standard, version=None)
    known = set(drafts.values_list("text_en", flat=True))
    below = drafts.count()
    if not is_new and not standard.lesson:
        Standard.objects.filter(pk=standard.pk).update(**in_columns("lesson", ready.lesson))
    StandardStep.objects.bulk_create(
        StandardStep(
            standard=standard,
            position=below + place,
            is_required=step.is_required,
            **in_columns("text", step.words),
        )
        for place, step in enumerate(ready.steps)
        if step.words[0] not in known
    )
    return standard


class InUse(StandardRefused):
    words = _("It is in use already. In the office it can be changed, or kept no more.")


@transaction.atomic
def begin_standard(
    *, name: str, branch: Branch, service: Service | None, now: datetime, user: User | None
) -> Standard | None:
    """A ready-made set, published as it is: visits run on it from now on. None where there is a standard already."""
    Branch.objects.select_for_update().get(pk=branch.pk)
    if Standard.objects.filter(branch=branch, service=service).exists():
        return None
    standard = take_ready_standard(name=name, branch=branch, service=service)
    publish_standard(standard=standard, now=now, user=user)
    return standard


def standards_to_take_back() -> set[int]:
    """The keys of those published once that nobody has used or read. Three queries."""
    once = set(Standard.objects.filter(current__number=1).values_list("pk", flat=True))
    used = VisitStep.objects.filter(step__standard__in=once).values_list("step__standard", flat=True)
    read = LessonRead.objects.filter(version__standard__in=once).values_list("version__standard", flat=True)
    return once - set(used) - set(read)


@transaction.atomic
def take_back_standard(*, standard: Standard) -> None:
    """As if it had not been taken. Raises InUse once a visit ran on it, somebody read it or it was changed."""
    Standard.objects.select_for_update(of=("self",)).get(pk=standard.pk)
    if standard.pk not in standards_to_take_back():
        raise InUse
    standard.delete()


@transaction.atomic
def take_ready_handbook() -> int:
    """Entries that are not there yet; gives how many."""
    known = set(HandbookEntry.objects.values_list("text_en", flat=True))
    new = [
        HandbookEntry(
            kind=each.kind, also=each.also, **in_columns("text", each.says), **in_columns("answer", each.answer)
        )
        for each in HANDBOOK
        if each.says[0] not in known
    ]
    return len(HandbookEntry.objects.bulk_create(new))


@transaction.atomic
def take_ready_helps() -> int:
    """Small helps that are not there yet, below the others; gives how many."""
    known = set(HelpKind.objects.values_list("text_en", flat=True))
    below = HelpKind.objects.count()
    new = [
        HelpKind(position=below + place, **in_columns("text", words))
        for place, words in enumerate(HELPS)
        if words[0] not in known
    ]
    return len(HelpKind.objects.bulk_create(new))
