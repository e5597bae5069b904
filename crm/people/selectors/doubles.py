"""Two cards that look like one person (practices.md, P1). Families share a telephone: the names decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from operator import attrgetter
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower, Right, Upper

from crm.people.models import Client
from crm.people.searching import names_near

# so many digits from the right tell whether two numbers are one, with or without the country
NUMBER = 8
PHONE, EMAIL, BIRTHDAY = "phone", "email", "birthday"


@dataclass(frozen=True, slots=True)
class Double:
    """Two cards, the older one first, and why they look like one: phone, email, birthday."""

    one: Client
    other: Client
    why: tuple[str, ...]


def likely_doubles(*, limit: int = 100) -> list[Double]:
    """Pairs of the whole salon by how much speaks for them, at most `limit`. Four queries, however many clients."""
    cards = _compared()
    # a number too short to tell anybody by is none
    tails = [row for row in _shared(cards, "tail", limit) if len(row["tail"]) == NUMBER]
    mails = _shared(cards.exclude(email=""), "mail", limit)
    births = _shared(cards.exclude(name="").exclude(birth_month=None), "heard", limit, "birth_month", "birth_day")
    alike = Q(tail__in=[row["tail"] for row in tails]) | Q(mail__in=[row["mail"] for row in mails])
    for row in births:
        alike |= Q(**row)
    return _pairs(cards.filter(alike))[:limit] if tails or mails or births else []


def doubles_of(client: Client) -> list[Double]:
    """The pairs in which she is one. One query."""
    alike, tail = Q(pk=client.pk), client.search_digits[-NUMBER:]
    if len(tail) == NUMBER:
        alike |= Q(search_digits__endswith=tail)
    if client.email:
        alike |= Q(mail=client.email.upper())
    if client.name and client.birth_month:
        alike |= Q(heard=client.name.lower(), birth_month=client.birth_month, birth_day=client.birth_day)
    return [pair for pair in _pairs(_compared().filter(alike)) if client in (pair.one, pair.other)]


def why_alike(one: Client, other: Client) -> tuple[str, ...]:
    """What speaks for it that these two are one person; nothing where the names speak against it."""
    if one.name and other.name and not names_near(one.name, other.name):
        return ()
    same = {
        PHONE: _same_tail(one.search_digits, other.search_digits),
        EMAIL: bool(one.email) and one.email.upper() == other.email.upper(),
        BIRTHDAY: bool(one.name and other.name and one.birth_month)
        and (one.birth_month, one.birth_day) == (other.birth_month, other.birth_day)
        # two years that are both known and differ are two people
        and (not (one.birth_year and other.birth_year) or one.birth_year == other.birth_year),
    }
    # of two whose numbers and addresses differ only the same name is left
    if same[BIRTHDAY] and not (same[PHONE] or same[EMAIL]) and one.name.lower() != other.name.lower():
        return ()
    return tuple(reason for reason, holds in same.items() if holds)


def _same_tail(one: str, other: str) -> bool:
    return len(one) >= NUMBER and len(other) >= NUMBER and one[-NUMBER:] == other[-NUMBER:]


def _compared() -> QuerySet[Client, Any]:
    return (
        Client.objects.exclude(status=Client.Status.DECEASED)
        .select_related("branch", "pulse")
        .alias(mail=Upper("email"), heard=Lower("name"), tail=Right("search_digits", NUMBER))
    )


def _shared(cards: QuerySet[Client, Any], name: str, limit: int, *beside: str) -> list[dict[str, Any]]:
    """What at least two of these cards have in common."""
    by = {"tail": Right("search_digits", NUMBER), "mail": Upper("email"), "heard": Lower("name")}[name]
    shared = cards.order_by().annotate(**{f"shared_{name}": by}).values(f"shared_{name}", *beside)
    rows = shared.annotate(cards=Count("pk")).filter(cards__gt=1).order_by(f"shared_{name}", *beside)[:limit]
    return [{name: row[f"shared_{name}"], **{each: row[each] for each in beside}} for row in rows]


def _pairs(cards: Iterable[Client]) -> list[Double]:
    groups: dict[tuple[Any, ...], list[Client]] = {}
    for card in sorted(cards, key=attrgetter("pk")):
        for group in (
            (PHONE, card.search_digits[-NUMBER:]) if len(card.search_digits) >= NUMBER else None,
            (EMAIL, card.email.upper()) if card.email else None,
            (BIRTHDAY, card.name.lower(), card.birth_month, card.birth_day) if card.name and card.birth_month else None,
        ):
            if group:
                groups.setdefault(group, []).append(card)
    found = {
        (one.pk, other.pk): Double(one, other, why)
        for together in groups.values()
        for one, other in combinations(together, 2)
        if (why := why_alike(one, other))
    }
    return sorted(found.values(), key=lambda pair: (-len(pair.why), pair.one.pk, pair.other.pk))
