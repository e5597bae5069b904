"""Free times as components/slots.html shows them."""

from collections.abc import Iterable, Sequence
from datetime import date, time

from crm.booking.services import Slot
from crm.desk.words import listed, short_day
from crm.team.models import Master


def slot_value(slot: Slot) -> str:
    """`2026-06-12|10:15|7`: day and hour by the branch's clock, and the master; `7,9` where two do it in sequence."""
    hands = slot.masters if len(slot.team) > 1 else slot.team
    return f"{slot.on:%Y-%m-%d}|{slot_hour(slot)}|{','.join(str(each.pk) for each in hands)}"


def slot_hour(slot: Slot) -> str:
    """`10:15`; with its offset, `02:30+01:00`, in the hour that comes twice when the clock goes back."""
    local = slot.starts_local
    comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.isoformat(timespec="minutes").partition("T")[2] if comes_twice else f"{local:%H:%M}"


def picked_slot(value: str, masters: Iterable[Master]) -> tuple[date, time, Master] | None:
    """Day, hour by the branch's clock and the first master of what slot_value wrote; none where it cannot be read."""
    day, _bar, rest = value.partition("|")
    hour, _bar, key = rest.partition("|")
    try:
        on, at = date.fromisoformat(day), time.fromisoformat(hour)
    except ValueError:
        return None
    master = next((each for each in masters if str(each.pk) == key.partition(",")[0]), None)
    return None if master is None else (on, at, master)


def slot_choices(slots: Sequence[Slot]) -> list[dict[str, object]]:
    return [
        {
            "value": slot_value(slot),
            "day": short_day(slot.on),
            "hour": slot_hour(slot),
            "who": listed(each.name for each in slot.team),
            "best": number == 0,
        }
        for number, slot in enumerate(slots)
    ]


def a_few_each_day(slots: Sequence[Slot], *, per_day: int = 3) -> list[Slot]:
    """Of each day's free times the first, the last and what lies evenly between: the week at one look."""
    by_day: dict[date, list[Slot]] = {}
    for slot in slots:
        by_day.setdefault(slot.on, []).append(slot)
    chosen: list[Slot] = []
    for free in by_day.values():
        if len(free) <= per_day:
            chosen += free
        else:
            chosen += [free[n * (len(free) - 1) // (per_day - 1)] for n in range(per_day)]
    return chosen
