"""Wall-clock times of a branch and the days its clock changes (rules.md, Time)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _


class NoSuchTime(ValueError):
    """A typed local time that the clock skips in spring."""

    words = _("The clock skips this time on that day. Choose an hour earlier or later.")


def typed_instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a time that a person typed; the first one where it exists twice.

    Raises NoSuchTime for a time that does not exist. An offset in `at` (it is then aware)
    says which of two is meant, and wins.
    """
    if at.tzinfo is not None:
        return datetime.combine(on, at).astimezone(UTC)
    local = datetime.combine(on, at.replace(fold=0), tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}")
    return instant


def computed_instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a time that was worked out; one that does not exist moves forward by the gap."""
    # zoneinfo reads a time in the gap with the offset before it: that is the gap forward
    return datetime.combine(on, at.replace(fold=0), tzinfo=zone).astimezone(UTC)
