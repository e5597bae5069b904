"""What search reads: each client's words, and the table of all words."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction

from crm.people.models import Client, ClientToken, NameToken
from crm.people.searching import is_name, search_digits_of, search_text_of, skeleton

CHUNK = 2_000


def write_search(client: Client) -> None:
    """Fills the client's own columns; call it before saving her by any other way than the verbs here."""
    client.search_text = search_text_of(name=client.name, called=client.called, code=client.code)
    client.search_digits = search_digits_of(client.phone)


def write_tokens(client_ids: Iterable[int]) -> int:
    """Makes the words of these saved clients what their `search_text` says; gives how many clients differed."""
    return sum(_write_chunk(ids) for ids in _chunks(client_ids))


def rebuild_search() -> tuple[list[int], list[int]]:
    """Writes what search reads anew from the names where it differs: whose columns did, and whose words.

    Words that nobody has any more are removed.
    """
    stale, wordless = [], []
    for ids in _chunks(Client.objects.order_by("pk").values_list("pk", flat=True).iterator()):
        clients = [client for client in Client.objects.filter(pk__in=ids) if _is_stale(client)]
        Client.objects.bulk_update(clients, ["search_text", "search_digits"])
        stale += [client.pk for client in clients]
        wordless += sorted(_differing(ids))
        write_tokens(ids)
    NameToken.objects.exclude(pk__in=ClientToken.objects.values("token")).delete()
    return stale, wordless


def _is_stale(client: Client) -> bool:
    before = client.search_text, client.search_digits
    write_search(client)
    return before != (client.search_text, client.search_digits)


def _chunks(client_ids: Iterable[int]) -> Iterator[list[int]]:
    ids = iter(client_ids)
    while chunk := list(islice(ids, CHUNK)):
        yield chunk


def _differing(client_ids: list[int]) -> dict[int, tuple[set[str], dict[str, int]]]:
    """Clients whose words are not those of their names: the words wanted, and those kept with their rows."""
    kept: dict[int, dict[str, int]] = {pk: {} for pk in client_ids}
    for pk, client, text in ClientToken.objects.filter(client_id__in=client_ids).values_list(
        "pk", "client_id", "token__text"
    ):
        kept[client][text] = pk
    return {
        pk: (wanted, kept[pk])
        for pk, text in Client.objects.filter(pk__in=client_ids).values_list("pk", "search_text")
        if (wanted := set(text.split())) != kept[pk].keys()
    }


@transaction.atomic
def _write_chunk(client_ids: list[int]) -> int:
    differing = _differing(client_ids)
    missing = [(client, word) for client, (wanted, kept) in differing.items() for word in sorted(wanted - kept.keys())]
    surplus = [pk for wanted, kept in differing.values() for word, pk in kept.items() if word not in wanted]
    tokens = _tokens({word for _client, word in missing})
    ClientToken.objects.bulk_create(
        [ClientToken(client_id=client, token_id=tokens[word]) for client, word in missing], ignore_conflicts=True
    )
    if surplus:
        ClientToken.objects.filter(pk__in=surplus).delete()
    return len(differing)


def _tokens(words: set[str]) -> dict[str, int]:
    """The rows of these words, written where they are new."""
    known = dict(NameToken.objects.filter(text__in=words).values_list("text", "pk"))
    # in one order, so that two who write the same words wait for each other instead of blocking
    if fresh := sorted(words - known.keys()):
        NameToken.objects.bulk_create(
            [
                NameToken(text=word, skeleton=skeleton(word) if is_name(word) else "", is_name=is_name(word))
                for word in fresh
            ],
            ignore_conflicts=True,
        )
        known |= dict(NameToken.objects.filter(text__in=fresh).values_list("text", "pk"))
    return known
