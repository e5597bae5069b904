"""Free times as components/slots.html shows them."""

from collections.abc import Sequence

from crm.booking.services import Slot
from crm.desk.words import short_day


def slot_value(slot: Slot) -> str:
    """`2026-06-12|10:15|7`: day and hour by the branch's clock, and the master."""
    local = slot.starts_local
    return f"{local:%Y-%m-%d}|{local:%H:%M}|{slot.master.pk}"


def slot_choices(slots: Sequence[Slot]) -> list[dict[str, object]]:
    return [
        {
            "value": slot_value(slot),
            "day": short_day(slot.on),
            "hour": f"{slot.starts_local:%H:%M}",
            "who": slot.master.name,
            "best": number == 0,
        }
        for number, slot in enumerate(slots)
    ]
