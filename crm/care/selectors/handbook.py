"""Finding an answer in the handbook: with slips, in any script, what has worked first (practices.md, P4)."""

import re
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from crm.care.models import HandbookEntry
from crm.people.searching import fold, likeness, words_of
from crm.team.models import Language

# Arabic writes it together with its word, and nobody types it
ARTICLE = re.compile(r"\bال")
# a word of what she says is what one looks for, a word of the answer is found by the way
IN_HEADING, IN_ANSWER = 1.0, 0.4


def handbook(query: str = "") -> list[HandbookEntry]:
    """Entries that are shown, each with `worked` and `failed`: the likest first, among equals what worked most often.

    Each word that is typed is like one of the entry, in whichever language that is written; what is not half as like
    as the likest is left out. One query.
    """
    entries = list(_counted(HandbookEntry.objects.filter(is_active=True)))
    entries.sort(key=lambda entry: (-_worth(entry), entry.pk))
    typed = words_of(query)
    if not typed:
        return entries
    found = [(degree, entry) for entry in entries if (degree := like(typed, entry))]
    enough = max((degree for degree, _entry in found), default=0) / 2
    # the sort is stable: among equals stays first what has worked
    return [entry for degree, entry in sorted(found, key=lambda pair: -pair[0]) if degree > enough]


def counted_entry(pk: int) -> HandbookEntry | None:
    """One entry with its counts, if it is shown."""
    return _counted(HandbookEntry.objects.filter(is_active=True, pk=pk)).first()


def like(typed: Iterable[str], entry: HandbookEntry) -> float:
    """How much an entry is like what was typed; 0 if one of the words is like none of its own."""
    heading = _folded([entry.also, *(getattr(entry, f"text_{code}") for code in Language.values)])
    answer = _folded(getattr(entry, f"answer_{code}") for code in Language.values)
    sum_of = 0.0
    for word in typed:
        best = max(IN_HEADING * _best(word, heading), IN_ANSWER * _best(word, answer))
        if not best:
            return 0.0
        sum_of += best
    return sum_of


def _folded(texts: Iterable[str]) -> set[str]:
    return {fold(word) for text in texts for word in words_of(f"{text} {ARTICLE.sub('', text)}")}


def _best(word: str, words: set[str]) -> float:
    return max((likeness(word, own) for own in words), default=0.0)


def _counted(entries: QuerySet[HandbookEntry]) -> QuerySet[HandbookEntry]:
    return entries.annotate(
        worked=Count("uses", filter=Q(uses__worked=True)), failed=Count("uses", filter=Q(uses__worked=False))
    )


def _worth(entry: HandbookEntry) -> float:
    """The share that worked; one try more on either side, so that a single luck is no certainty."""
    return (entry.worked + 1) / (entry.worked + entry.failed + 2)  # type: ignore[attr-defined]
