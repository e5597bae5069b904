"""Finding a client by three letters, in any script, with slips, or by the last digits of her phone (look.md)."""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection
from django.db.models import F, Q, QuerySet
from rapidfuzz import fuzz

from crm.people.models import Client
from crm.people.searching import fold, skeleton, words_of

SHOWN = 20
SHORTEST = 2
SHORTEST_DIGITS = 3
# how alike a word has to be, from 0 to 1
ALIKE = 0.4
# SQLite compares in Python: the latest of those who begin alike, no more
COMPARED = 3_000


def find_clients(query: str, *, limit: int = SHOWN) -> list[Client]:
    """Clients of the whole salon, the best first, each with `pulse` and `branch` at hand.

    First those with a word that begins so, then those with the same consonants, then the merely
    similar; among equals who came last. One to three queries.
    """
    words = words_of(query)
    letters = "".join(words)
    if letters.isdigit():
        return _by_digits(letters, limit) if len(letters) >= SHORTEST_DIGITS else []
    if len(letters) < SHORTEST:
        return []
    found = list(_latest(_beginning(words))[:limit])
    if len(found) < limit:
        bones = [skeleton(fold(word)) for word in words]
        if all(bones):
            alike = _all(Q(search_text__contains=f" ~{bone}") for bone in bones)
            found += _latest(Client.objects.filter(alike).exclude(pk__in=[client.pk for client in found]))[
                : limit - len(found)
            ]
    if len(found) < limit:
        found += _similar(" ".join(map(fold, words)), {client.pk for client in found}, limit - len(found))
    return found


def _beginning(words: list[str]) -> QuerySet[Client]:
    # a code is kept as it was written, a name as it sounds
    return Client.objects.filter(
        _all(Q(search_text__contains=f" {fold(word)}") | Q(search_text__contains=f" {word}") for word in words)
    )


def _all(conditions: object) -> Q:
    whole = Q()
    for condition in conditions:  # type: ignore[attr-defined]
        whole &= condition
    return whole


def _by_digits(digits: str, limit: int) -> list[Client]:
    """The end of a number first, then any part; a leading 0 of home is not in the international form."""
    digits = digits.lstrip("0") or digits
    by_code = Q(search_text__contains=f" {digits}")
    ending = list(_latest(Client.objects.filter(Q(search_digits__endswith=digits) | by_code))[:limit])
    if len(ending) < limit:
        ending += _latest(
            Client.objects.filter(search_digits__contains=digits).exclude(pk__in=[client.pk for client in ending])
        )[: limit - len(ending)]
    return ending


def _similar(folded: str, seen: set[int], limit: int) -> list[Client]:
    others = Client.objects.exclude(pk__in=seen).exclude(search_text="")
    if connection.vendor == "postgresql":
        return list(
            _with_pulse(others)
            .annotate(likeness=TrigramWordSimilarity(folded, "search_text"))
            .filter(likeness__gte=ALIKE)
            .order_by("-likeness", F("pulse__last_visit_on").desc(nulls_last=True), "pk")[:limit]
        )
    begin_alike = _latest(others.filter(search_text__contains=f" {folded[0]}"))[:COMPARED]
    ranked = []
    for position, client in enumerate(begin_alike):
        likeness = max(
            (_likeness(folded, word) for word in client.search_text.split() if not word.startswith("~")), default=0
        )
        if likeness >= ALIKE + 0.2:
            ranked.append((-likeness, position, client))
    ranked.sort(key=lambda entry: entry[:2])
    return [client for _likeness_, _position, client in ranked[:limit]]


def _likeness(typed: str, word: str) -> float:
    """Of the typed letters and as many of the word, give or take one."""
    return max(fuzz.ratio(typed, word[: len(typed) + more]) for more in (-1, 0, 1)) / 100


def _with_pulse(clients: QuerySet[Client]) -> QuerySet[Client]:
    return clients.select_related("pulse", "branch")


def _latest(clients: QuerySet[Client]) -> QuerySet[Client]:
    return _with_pulse(clients).order_by(F("pulse__last_visit_on").desc(nulls_last=True), "pk")
