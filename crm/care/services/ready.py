"""Taking ready-made words over: from then on they are the owner's own (practices.md, P4, P5, P33)."""

from collections.abc import Sequence

from django.db import transaction

from crm.care.models import HandbookEntry, HelpKind, Standard, StandardStep
from crm.care.ready import HANDBOOK, HELPS, SETS
from crm.catalogue.models import Service
from crm.team.models import Branch, Language


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
