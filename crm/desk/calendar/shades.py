"""Where nobody is booked: outside working hours, breaks, time off, closed days, and what is kept for who waits.

Blocks that lie under the visits.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.booking.models import WaitingOffer
from crm.desk.calendar.plain import minute_of
from crm.desk.calendar.reading import Shown
from crm.desk.words import hour_words
from crm.team.models import TimeOff
from crm.team.wording import isolated

WHOLE_DAY = (0, 24 * 60)


def shades(days: Shown) -> Iterator[dict[str, Any]]:
    """Each master's days in turn, then the time off and the kept times of all."""
    for master in days.masters:
        works = list(local_times(days.diary.working_times(master.pk)))
        for on in days.span.each:
            hours = [(minute(begins, on), minute(ends, on)) for begins, ends in works if begins.date() == on]
            if hours:
                yield from _around(master.pk, on, hours)
            elif on in days.closed:
                yield _shade(master.pk, on, WHOLE_DAY, kind="closed", label=days.closed[on] or _("Closed"))
            elif not days.has_worked(master, on):
                yield _shade(master.pk, on, WHOLE_DAY, kind="shut")
    for off in days.off:
        yield from _between(days, off, kind="off", label=off.reason or _("Time off"))
    for offer in days.kept:
        words = {"name": isolated(offer.entry.client.shown_name), "hour": hour_words(offer.until)}
        yield from _between(days, offer, kind="kept", label=_("Kept for %(name)s until %(hour)s") % words)


def _between(days: Shown, taken: TimeOff | WaitingOffer, *, kind: str, label: str) -> Iterator[dict[str, Any]]:
    for on in days.span.each:
        minutes = minute_of(taken.starts_at, on), minute_of(taken.ends_at, on)
        if minutes[0] < minutes[1]:
            yield _shade(taken.master_id, on, minutes, kind=kind, label=label)


def _around(master_id: int, on: date, hours: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    """Before the first, after the last, and the breaks between."""
    yield _shade(master_id, on, (0, hours[0][0]), kind="shut")
    for (_begins, ends), (begins, _ends) in zip(hours, hours[1:], strict=False):
        yield _shade(master_id, on, (ends, begins), kind="break", label=_("Break"))
    yield _shade(master_id, on, (hours[-1][1], WHOLE_DAY[1]), kind="shut")


def _shade(master_id: int, on: date, minutes: tuple[int, int], *, kind: str, label: str = "") -> dict[str, Any]:
    midnight = datetime.combine(on, time(0))
    begins, ends = (midnight + timedelta(minutes=each) for each in minutes)
    return {
        "display": "background",
        "resourceIds": [str(master_id)],
        "start": iso(begins),
        "end": iso(ends),
        "title": label,
        "classNames": [f"cal-{kind}"],
    }


def local_times(times: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """The same by the branch's clock."""
    for begins, ends in times:
        yield timezone.localtime(begins), timezone.localtime(ends)


def minute(local: datetime, on: date) -> int:
    """Minutes since that day began; its end where it is past it."""
    return 24 * 60 if local.date() > on else local.hour * 60 + local.minute


def iso(local: datetime) -> str:
    """A wall clock's time, without a zone: the widget shows it as it is."""
    return f"{local:%Y-%m-%dT%H:%M:%S}"
