"""Finding a client by three letters, in any script, with slips, or by the last digits of her phone (look.md).

Words are looked up among the distinct words of all names, never among the clients: the work grows with
those who are alike, not with those who exist.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.people.models import Client, ClientToken, NameToken
from crm.people.searching import fold, likeness, pieces, skeleton, words_of

SHOWN = 20
SHORTEST = 2
SHORTEST_DIGITS = 3
# of those who are merely alike so many are compared, who came last
COMPARED = 100
# of codes that begin so many are looked at
CODES = 200

# tokens by key, and how much each is like a word that was typed
Degrees = dict[int, float]


def find_clients(query: str, *, limit: int = SHOWN) -> list[Client]:
    """Clients of the whole salon, the best first, each with `pulse` and `branch` at hand.

    First those of whom each word begins so, then the others by how alike their words are
    (`searching.likeness`); among equals who came last. Two to eight queries.
    """
    words = words_of(query)
    letters = "".join(words)
    if letters.isdigit():
        return _by_digits(letters, limit) if len(letters) >= SHORTEST_DIGITS else []
    if len(letters) < SHORTEST:
        return []
    alike = _tokens_alike(words)
    begin = _of_degree(alike, 1.0)
    found = _latest(_having(begin), limit) if all(begin) else []
    if len(found) < limit and alike != begin and all(alike):
        found += _others(words, alike, [client.pk for client in found], limit - len(found))
    return found


def beginning(clients: QuerySet[Client], words: Iterable[str]) -> QuerySet[Client]:
    """Those of these clients who have, for each of these words, one in name or code that begins so."""
    for word in words:
        # a code is kept as it was written, a name as it sounds
        begins = Q(token__text__startswith=fold(word)) | Q(token__text__startswith=word)
        clients = clients.filter(Exists(ClientToken.objects.filter(begins, client=OuterRef("pk"))))
    return clients


def _by_digits(digits: str, limit: int) -> list[Client]:
    """The end of a number first, then a code, then any part; a leading 0 of home is not in the international form."""
    digits = digits.lstrip("0") or digits
    found: list[Client] = []
    for clients in (
        Client.objects.filter(search_digits__endswith=digits),
        beginning(Client.objects.all(), [digits]),
        Client.objects.filter(search_digits__contains=digits),
    ):
        if len(found) < limit:
            found += _latest(clients.exclude(pk__in=[client.pk for client in found]), limit - len(found))
    return found


def _tokens_alike(words: Sequence[str]) -> list[Degrees]:
    """For each word the tokens that are like it. Two queries for all of them."""
    candidates, codes = Q(), Q()
    for word in words:
        heard = fold(word)
        bone = skeleton(heard)
        candidates |= Q(text__startswith=heard[:1]) | Q(text__startswith=word)
        candidates |= Q(skeleton__startswith=bone) if bone else Q()
        for piece in pieces(heard):
            candidates |= Q(text__contains=piece)
        codes |= Q(text__startswith=word) | Q(text__startswith=heard)
    tokens = [
        *NameToken.objects.filter(candidates, is_name=True).values_list("pk", "text"),
        *NameToken.objects.filter(codes, is_name=False).order_by("text").values_list("pk", "text")[:CODES],
    ]
    return [{pk: degree for pk, text in tokens if (degree := likeness(word, text))} for word in words]


def _of_degree(alike: Iterable[Degrees], least: float) -> list[Degrees]:
    return [{pk: degree for pk, degree in tokens.items() if degree >= least} for tokens in alike]


def _others(words: Sequence[str], alike: Sequence[Degrees], seen: list[int], limit: int) -> list[Client]:
    """Those whose words are merely like these, by how alike they are."""
    found = _latest(_having(alike).exclude(pk__in=seen), COMPARED)
    if len(found) == COMPARED:
        # there are more: the likest may have been here long ago
        best = [_of_degree([tokens], max(tokens.values()))[0] for tokens in alike]
        likest = _latest(_having(best).exclude(pk__in=seen), limit)
        known = {client.pk for client in likest}
        found = likest + [client for client in found if client.pk not in known]
    # the sort is stable: among equals who came last stays first
    return sorted(found, key=lambda client: -_degree(words, client))[:limit]


def _having(tokens: Iterable[Degrees]) -> QuerySet[Client]:
    """Clients who have one of the tokens of each of these groups."""
    clients = Client.objects.all()
    for group in tokens:
        clients = clients.filter(Exists(ClientToken.objects.filter(token__in=list(group), client=OuterRef("pk"))))
    return clients


def _degree(words: Sequence[str], client: Client) -> float:
    """How alike she is: for each word the likest of hers."""
    hers = client.search_text.split()
    return sum(max(likeness(word, own) for own in hers) for word in words)


def _latest(clients: QuerySet[Client], limit: int) -> list[Client]:
    """Who came last first, who never came at the end."""
    clients = clients.select_related("pulse", "branch")
    # A common name may be that of thousands: read along the days of the last visits, the first few are enough.
    came = list(clients.filter(pulse__last_visit_on__isnull=False).order_by("-pulse__last_visit_on", "pk")[:limit])
    if len(came) == limit:
        return came
    never = clients.filter(pulse__last_visit_on__isnull=True).order_by("pk")
    return came + list(never[: limit - len(came)])
