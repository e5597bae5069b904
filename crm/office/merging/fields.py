"""Which of two values stays where two cards differ, unless somebody says otherwise: the fuller one, then that of the card
that has lived later; she is reached by what was typed last."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.people.models import Client

# what is chosen as one: a birthday is not put together from two
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "called": ("called",),
    "phone": ("phone",),
    "email": ("email",),
    "messenger": ("messenger",),
    "postal_address": ("postal_address",),
    "birthday": ("birth_year", "birth_month", "birth_day"),
    "branch": ("branch_id",),
    "language": ("language",),
    "time_zone": ("time_zone",),
    "preferred_channel": ("preferred_channel",),
    "address_form": ("address_form",),
    "gender": ("gender",),
    "holidays": ("holidays",),
    "drink": ("drink",),
    "status": ("status", "break_from", "break_until", "break_is_open"),
    "referred_by": ("referred_by_id",),
    "source": ("source",),
    "since": ("since",),
}
# these speak for themselves, whichever card is the newer one
WEIGHT = {Client.Status.DECEASED: 2, Client.Status.BLOCKED: 1}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two cards differ; `takes` says that the value of the card put aside is proposed."""

    name: str
    takes: bool
    # one of the two says nothing: there is nothing to choose
    is_filled_up: bool


def value_of(client: Client, name: str) -> tuple[Any, ...]:
    return tuple(getattr(client, each) for each in FIELDS[name])


def is_empty(client: Client, name: str) -> bool:
    return not any(value_of(client, name))


def differences(kept: Client, aside: Client) -> list[Difference]:
    """What both say differently, and what only one of them says."""
    found = []
    for name in FIELDS:
        if value_of(kept, name) == value_of(aside, name) or is_empty(aside, name):
            continue
        # who brought whom between the two is nothing
        if name == "referred_by" and aside.referred_by_id == kept.pk:
            continue
        fills = is_empty(kept, name) or (name == "referred_by" and kept.referred_by_id == aside.pk)
        found.append(Difference(name, fills or _is_better(name, aside, kept), fills))
    return found


def newer(one: Client, other: Client) -> bool:
    """Whether the first one is the card that has lived later: of her last visits hers is the later one."""
    return _lived(one) > _lived(other)


def _lived(client: Client) -> date:
    pulse = getattr(client, "pulse", None)
    return (pulse.last_visit_on if pulse is not None else None) or date.min


def _is_better(name: str, aside: Client, kept: Client) -> bool:
    if name == "since":
        return bool(aside.since and kept.since and aside.since < kept.since)
    if name == "branch":
        return False
    if name == "status":
        weights = [WEIGHT.get(Client.Status(client.status), 0) for client in (aside, kept)]
        return weights[0] > weights[1] if weights[0] != weights[1] else newer(aside, kept)
    if name in ("name", "holidays", "postal_address", "birthday"):
        fuller = [sum(len(str(part)) for part in value_of(client, name) if part) for client in (aside, kept)]
        return fuller[0] > fuller[1] if fuller[0] != fuller[1] else newer(aside, kept)
    if name in ("phone", "email"):
        # she is reached by what was typed last
        return aside.pk > kept.pk
    return newer(aside, kept)
