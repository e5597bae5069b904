"""Visits begin on the owner's grid of the wall clock; at another minute only where a person at the desk says so."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from crm.booking.services.refusals import OffGrid
from crm.booking.services.slots import Slot
from crm.team.models import Branch
from crm.team.selectors import salon_settings, zone
from crm.team.wording import hour_words


def refuse_off_grid(
    *,
    branch: Branch,
    starts_at: datetime,
    now: datetime,
    is_hers: bool,
    nearest: Callable[[], list[Slot]],
    is_agreed: bool,
    before: datetime | None = None,
) -> None:
    """Raises OffGrid for 14:07; `is_hers`: she books by herself, where nothing but the grid is possible.

    At the desk it may be agreed. Nobody is asked about what has begun already, nor about a visit that moves
    from as odd a minute (`before`): that was agreed when it was booked. No query.
    """
    beside = minutes_beside_grid(branch, starts_at)
    if not beside:
        return
    local = hour_words(starts_at.astimezone(zone(branch)))
    if is_hers:
        raise OffGrid(_("No visit begins at %(hour)s. Choose one of the free times.") % {"hour": local}, nearest)
    if is_agreed or starts_at <= now or (before is not None and minutes_beside_grid(branch, before) == beside):
        return
    words = _("Visits do not usually begin at %(hour)s. Choose one of the free times, or say that it is agreed.")
    raise OffGrid(words % {"hour": local}, nearest)


def minutes_beside_grid(branch: Branch, instant: datetime) -> float:
    """How far past the last minute of the grid; 0 is on it."""
    local = instant.astimezone(zone(branch))
    return local.minute % salon_settings().slot_grid + local.second / 60
