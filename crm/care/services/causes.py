"""The owner's list of causes, to begin with."""

from django.db import transaction

from crm.care.defaults import CAUSES
from crm.care.models import CauseWords, ComplaintCause
from crm.team.models import Language


@transaction.atomic
def take_ready_causes(*, language: str) -> list[ComplaintCause]:
    """Puts the ready-made causes down in this language, with the others beside it; nothing where there are some."""
    if ComplaintCause.objects.exists():
        return []
    made = []
    for place, words in enumerate(CAUSES):
        cause = ComplaintCause.objects.create(name=words.get(language, words["en"]), position=place)
        CauseWords.objects.bulk_create(
            CauseWords(cause=cause, language=each, name=words[each]) for each in Language.values if each != language
        )
        made.append(cause)
    return made
