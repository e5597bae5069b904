"""The calendar's days as plain values for the widget (static/js/calendar.js). Times are the branch's wall clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.desk.calendar.parts import Part, parts_of
from crm.desk.calendar.pauses import pause_words, pauses_of, tidy_minutes
from crm.desk.calendar.plain import USUAL_HOURS, minute_of
from crm.desk.calendar.reading import Shown
from crm.desk.calendar.shades import iso, local_times, minute, shades
from crm.desk.calendar.span import first_weekday
from crm.desk.words import day_words, hour_words, listed, services_words, state_look
from crm.team.models import Master, User
from crm.team.selectors import salon_settings

Status = Appointment.Status
Block = dict[str, Any]
MOVABLE = (Status.BOOKED, Status.CONFIRMED)


def feed(days: Shown, user: User) -> dict[str, Any]:
    """What static/js/calendar.js draws for whoever looks."""
    span = days.span
    first, last = _hours_shown(days)
    today = timezone.localtime(days.now).date()
    blocks = list(visit_blocks(days))
    return {
        "day": span.on.isoformat(),
        "first_on": span.first.isoformat(),
        "week": span.days > 1,
        "today": today.isoformat(),
        "scroll_to": _an_hour_before(days, first),
        # the widget counts from Sunday
        "first_weekday": (first_weekday(days.branch) + 1) % 7,
        "from": f"{first // 60:02}:00",
        "to": f"{last // 60:02}:00",
        "grid": salon_settings().slot_grid,
        # a finger needs its room on the shortest visit too
        "shortest": min((block["extendedProps"]["length"] for block in blocks), default=60),
        # the browser's own clock may stand in another zone
        "offset": timezone.localtime(days.now).isoformat()[-6:],
        "days": {
            on.isoformat(): {"weekday": str(WEEKDAYS_ABBR[on.weekday()]), "long": day_words(on)} for on in span.each
        },
        "own": next((str(master.pk) for master in days.masters if master.user_id == user.pk), ""),
        "masters": [_column(days, master) for master in days.masters],
        "events": [*blocks, *buffers(days), *shades(days)],
        "stamp": days.stamp,
    }


def _column(days: Shown, master: Master) -> Block:
    return {
        "id": str(master.pk),
        "title": master.name,
        "hours": _hours(days, master),
        "url": f"{reverse('desk:calendar_master', args=[master.pk])}?day={days.span.on.isoformat()}",
    }


def _hours(days: Shown, master: Master) -> str:
    if not master.is_active:
        return _("no longer works here")
    if works := days.diary.working_times(master.pk):
        if all(days.is_off(master, begins, ends) for begins, ends in works):
            return _("Time off")
        return f"{hour_words(works[0][0])}–{hour_words(works[-1][1])}"
    return "" if days.has_worked(master, days.span.on) else _("not here")


def _hours_shown(days: Shown) -> tuple[int, int]:
    """Whole hours from the first beginning to the last end on any of the days, in minutes."""
    edges = [
        minute(instant, begins.date())
        for master in days.masters
        for begins, ends in local_times(days.diary.working_times(master.pk))
        for instant in (begins, ends)
    ]
    for visit in days.visits:
        if visit.starts_at and visit.ends_at:
            edges += [minute_of(visit.starts_at, visit.on), minute_of(visit.ends_at, visit.on)]
    first = min(edges, default=USUAL_HOURS[0]) // 60 * 60
    last = -(-max(edges, default=USUAL_HOURS[1]) // 60) * 60
    return min(first, 23 * 60), max(last, first + 60)


def _an_hour_before(days: Shown, first: int) -> str:
    """Where a screen that is too short begins: before now, or before the first hour."""
    now = timezone.localtime(days.now)
    if days.span.first <= now.date() <= days.span.last:
        return f"{max(now.hour - 1, first // 60):02}:00"
    return f"{first // 60:02}:00"


def visit_blocks(days: Shown) -> Iterator[Block]:
    """Each visit in the column of its master; where several do it, each part in hers."""
    wanted = {master.pk for master in days.masters}
    for visit in days.visits:
        if visit.status == Status.CANCELLED:
            continue
        look = state_look(visit, days.now)
        parts = parts_of(visit)
        for number, part in enumerate(parts):
            if part.master_id not in wanted:
                continue
            yield {
                "id": f"{visit.pk}.{number}" if number else str(visit.pk),
                "resourceIds": [str(part.master_id)],
                "title": visit.client.shown_name,
                "startEditable": visit.status in MOVABLE,
                "durationEditable": visit.status in Appointment.OPEN and len(parts) == 1,
                "classNames": [f"is-{visit.status.replace('_', '-')}"],
                **_times(visit, part),
                "extendedProps": {
                    "visit": visit.pk,
                    "url": reverse("desk:calendar_visit", args=[visit.pk]),
                    "what": services_words(visit),
                    "where": listed(hold.room.name for hold in visit.rooms),
                    "icon": look["state_icon"],
                    "state": look["state_word"],
                    "into": part.begins,
                    "length": part.ends - part.begins,
                    # drawn lighter, and said to who cannot see it
                    "pauses": [[begins - part.begins, ends - part.begins] for begins, ends in pauses_of(visit, part)],
                    "held": listed(pause_words(visit, part)),
                    "sequence": visit.sequence,
                },
            }


def buffers(days: Shown) -> Iterator[Block]:
    """After a visit, until her place is in order: nobody is booked there, and nothing is done with her."""
    wanted = {master.pk for master in days.masters}
    for visit in days.visits:
        if visit.status not in Appointment.OPEN or visit.starts_at is None:
            continue
        for part in parts_of(visit):
            minutes = tidy_minutes(visit, part) if part.master_id in wanted else 0
            if minutes:
                ends = visit.starts_at + timedelta(minutes=part.ends)
                yield {
                    "display": "background",
                    "resourceIds": [str(part.master_id)],
                    "start": _wall(ends),
                    "end": _wall(ends + timedelta(minutes=minutes)),
                    "title": "",
                    "classNames": ["cal-buffer"],
                }


def _times(visit: Appointment, part: Part) -> Block:
    """An appointment whose hour nobody knows stands above the hours."""
    if visit.starts_at is None:
        return {"allDay": True, "start": visit.on.isoformat(), "end": visit.on.isoformat()}
    start = visit.starts_at + timedelta(minutes=part.begins)
    return {"start": _wall(start), "end": _wall(visit.starts_at + timedelta(minutes=part.ends))}


def _wall(instant: datetime) -> str:
    return iso(timezone.localtime(instant))
