"""What of a visit holds her master and what does not: processing inside it, the buffer after it (rules.md, Booking)."""

from datetime import timedelta

from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.desk.calendar.parts import Part
from crm.desk.words import hour_words

MINUTE = timedelta(minutes=1)
Minutes = tuple[int, int]


def pauses_of(visit: Appointment, part: Part) -> list[Minutes]:
    """When the master of this part is free inside it, in minutes from the visit's start; it comes with `held`."""
    pauses: list[Minutes] = []
    at = part.begins
    for begins, ends in _held(visit, part):
        if part.begins <= at < min(begins, part.ends):
            pauses.append((at, min(begins, part.ends)))
        at = max(at, ends)
    return pauses


def tidy_minutes(visit: Appointment, part: Part) -> int:
    """How long after this part its master puts her place in order."""
    return max((ends - part.ends for begins, ends in _held(visit, part) if begins <= part.ends < ends), default=0)


def pause_words(visit: Appointment, part: Part) -> list[str]:
    """`10:45–11:15: it works by itself`, `until 12:00: the place is put in order`, for who cannot see it drawn."""
    if visit.starts_at is None:
        return []
    words = []
    for begins, ends in pauses_of(visit, part):
        hours = [hour_words(visit.starts_at + each * MINUTE) for each in (begins, ends)]
        words.append(_("%(hours)s: processing, the master is free") % {"hours": "–".join(hours)})
    if minutes := tidy_minutes(visit, part):
        until = hour_words(visit.starts_at + (part.ends + minutes) * MINUTE)
        words.append(_("until %(hour)s: the place is put in order") % {"hour": until})
    return words


def _held(visit: Appointment, part: Part) -> list[Minutes]:
    """What holds this part's master; nothing for a visit without an hour, or one that came from an old system."""
    starts_at = visit.starts_at
    if starts_at is None:
        return []
    return sorted(
        ((row.starts_at - starts_at) // MINUTE, (row.ends_at - starts_at) // MINUTE)
        for row in visit.held  # type: ignore[attr-defined]
        if row.master_id == part.master_id
    )
