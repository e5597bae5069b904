"""An answer was tried (practices.md, P4)."""

from datetime import datetime

from crm.booking.models import Appointment
from crm.care.models import HandbookEntry, HandbookUse
from crm.team.models import User


def note_use(
    *, entry: HandbookEntry, worked: bool, now: datetime, user: User, appointment: Appointment | None = None
) -> HandbookUse:
    """It worked, or it did not. Said again of the same visit it is said anew."""
    if appointment is None:
        return HandbookUse.objects.create(entry=entry, worked=worked, user=user, at=now)
    use, _created = HandbookUse.objects.update_or_create(
        entry=entry, appointment=appointment, user=user, defaults={"worked": worked, "at": now}
    )
    return use


def forget_use(*, use: HandbookUse) -> None:
    """It was a slip."""
    use.delete()
