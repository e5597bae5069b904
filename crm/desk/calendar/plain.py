"""The day without a script: masters side by side in a table of blocks, or one list after the other."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.booking.services.slots import Diary
from crm.desk.words import day_words, hour_words, services_words, state_look
from crm.team.models import Master

QUARTER = 15
# shown where nobody works and nothing is booked
USUAL_HOURS = (9 * 60, 18 * 60)


def lists(masters: list[Master], visits: list[Appointment], now: datetime) -> list[dict[str, Any]]:
    """The day as a list for each master."""
    by_master = _by_master(visits)
    return [{"master": master, "visits": [_row(visit, now) for visit in by_master[master.pk]]} for master in masters]


def week_lists(days: list[date], visits: list[Appointment], now: datetime) -> list[dict[str, Any]]:
    """A master's week as a list for each day."""
    return [
        {"words": day_words(on), "on": on, "visits": [_row(visit, now) for visit in visits if visit.on == on]}
        for on in days
    ]


def _by_master(visits: list[Appointment]) -> dict[int, list[Appointment]]:
    found: dict[int, list[Appointment]] = defaultdict(list)
    for visit in visits:
        found[visit.master_id].append(visit)
    return found


def _row(visit: Appointment, now: datetime) -> dict[str, Any]:
    return {"visit": visit, "services": services_words(visit), **state_look(visit, now)}


def grid(diary: Diary, masters: list[Master], visits: list[Appointment], on: date, now: datetime) -> dict[str, Any]:
    """Columns of blocks for components/calendar_day.html, in quarters of an hour by the wall clock."""
    by_master = _by_master(visits)
    spans: dict[int, list[tuple[int, int]]] = {
        master.pk: [(minute_of(begin, on), minute_of(end, on)) for begin, end in diary.working_times(master.pk)]
        for master in masters
    }
    edges = [edge for times in spans.values() for span in times for edge in span]
    edges += [minute_of(instant, on) for visit in visits for instant in (visit.starts_at, visit.ends_at) if instant]
    first = min(edges, default=USUAL_HOURS[0]) // 60 * 60
    last = -(-max(edges, default=USUAL_HOURS[1]) // 60) * 60
    last = max(last, first + 60)
    columns = []
    for master in masters:
        free = [(minute_of(begin, on), minute_of(end, on)) for begin, end in diary.free_times(master.pk)]
        columns.append(
            {
                "name": master.name,
                "blocks": _blocks(master, by_master[master.pk], spans[master.pk], free, on, now, first, last),
            }
        )
    local_now = timezone.localtime(now)
    minute = local_now.hour * 60 + local_now.minute
    return {
        "columns": columns,
        # a finger needs its room on a quarter of an hour too
        "is_fine": any(block["kind"] == "visit" and block["rows"] == 1 for each in columns for block in each["blocks"]),
        "rows": (last - first) // QUARTER,
        "hours": [
            {"row": (start - first) // QUARTER, "label": f"{start // 60}:00"} for start in range(first, last, 60)
        ],
        "now_row": (minute - first) // QUARTER if local_now.date() == on and first <= minute < last else None,
    }


def _blocks(
    master: Master,
    visits: list[Appointment],
    works: list[tuple[int, int]],
    free: list[tuple[int, int]],
    on: date,
    now: datetime,
    first: int,
    last: int,
) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    closed = first
    for begins, ends in [*works, (last, last)]:
        if begins > closed:
            blocks.append(
                {"kind": "shut", "row": (closed - first) // QUARTER, "rows": -(-(begins - closed) // QUARTER)}
            )
        closed = max(closed, ends)
    for visit in visits:
        if visit.starts_at is None or visit.ends_at is None:
            continue
        start, end = minute_of(visit.starts_at, on), minute_of(visit.ends_at, on)
        row = (start - first) // QUARTER
        blocks.append(
            {
                "kind": "visit",
                "row": row,
                "rows": max(1, -(-(min(end, last) - first) // QUARTER) - row),
                "url": reverse("desk:visit", args=[visit.pk]),
                "hour": hour_words(visit.starts_at),
                "name": visit.client.shown_name,
                "what": services_words(visit),
                **state_look(visit, now),
            }
        )
    for begins, ends in free:
        # a visit in a colour's processing time is booked from the visit's page
        for start in range(-(-begins // 60) * 60, ends - 59, 60):
            if on < timezone.localdate(now) or (on == timezone.localdate(now) and start <= minute_of(now, on)):
                continue
            at = f"{start // 60:02}:{start % 60:02}"
            query = urlencode({"master": master.pk, "day": on.isoformat(), "at": at})
            blocks.append(
                {
                    "kind": "free",
                    "row": (start - first) // QUARTER,
                    "rows": 4,
                    "url": f"{reverse('desk:visit_new')}?{query}",
                    "label": _("Book %(hour)s with %(name)s") % {"hour": at, "name": master.name},
                }
            )
    return blocks


def minute_of(instant: datetime, on: date) -> int:
    """Minutes of the wall clock since that day began, within the day."""
    local = timezone.localtime(instant)
    if local.date() < on:
        return 0
    if local.date() > on:
        return 24 * 60
    return local.hour * 60 + local.minute
