"""The day by master, side by side or as a list. Dragging comes later; every step is on the visit's page."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.booking.models import Appointment
from crm.booking.selectors import day_of
from crm.booking.services.slots import Diary
from crm.desk.access import desk_page
from crm.desk.days import asked_day
from crm.desk.today.views import address
from crm.desk.words import day_words, hour_words, services_words, state_look
from crm.team.models import Branch, Master
from crm.team.selectors import masters_of

Status = Appointment.Status
QUARTER = 15
# shown where nobody works and nothing is booked
USUAL_HOURS = (9 * 60, 18 * 60)


@require_safe
@desk_page
def calendar(request: HttpRequest) -> HttpResponse:
    """All masters of the branch on one day; `?view=list` is the same without a grid."""
    now = timezone.now()
    this_day = timezone.localdate(now)
    on = asked_day(request.GET.get("day", ""), this_day)
    masters = list(masters_of(request.branch))
    by_master: dict[int, list[Appointment]] = defaultdict(list)
    for visit in day_of(branch=request.branch, on=on):
        if visit.starts_at is not None:
            by_master[visit.master_id].append(visit)
    # who has left the salon still has her visits of that day
    known = {master.pk for master in masters}
    masters += [visits[0].master for key, visits in by_master.items() if key not in known]
    as_list = request.GET.get("view") == "list"
    query = {} if on == this_day else {"day": on.isoformat()}
    context: dict[str, Any] = {
        "nav": "calendar",
        "on": on,
        "day_words": day_words(on),
        "is_today": on == this_day,
        "day_before": address(on - timedelta(days=1), this_day, request),
        "day_after": address(on + timedelta(days=1), this_day, request),
        "as_list": as_list,
        "tabs": [
            {"label": _("Side by side"), "url": "?" + urlencode(query), "current": not as_list},
            {"label": _("List"), "url": "?" + urlencode(query | {"view": "list"}), "current": as_list},
        ],
    }
    if as_list:
        context["lists"] = [
            {"master": master, "visits": [_row(visit, now) for visit in by_master[master.pk]]} for master in masters
        ]
    else:
        context |= grid(request.branch, masters, by_master, on, now)
    return render(request, "desk/calendar/page.html", context)


def _row(visit: Appointment, now: datetime) -> dict[str, Any]:
    return {"visit": visit, "services": services_words(visit), **state_look(visit, now)}


def grid(
    branch: Branch, masters: list[Master], by_master: dict[int, list[Appointment]], on: date, now: datetime
) -> dict[str, Any]:
    """Columns of blocks for components/calendar_day.html, in quarters of an hour by the wall clock."""
    diary = Diary(branch=branch, masters=masters, from_day=on, days=1)
    spans: dict[int, list[tuple[int, int]]] = {
        master.pk: [(_minute(begin, on), _minute(end, on)) for begin, end in diary.working_times(master.pk)]
        for master in masters
    }
    edges = [edge for times in spans.values() for span in times for edge in span]
    for visits in by_master.values():
        edges += [_minute(instant, on) for visit in visits for instant in (visit.starts_at, visit.ends_at) if instant]
    first = min(edges, default=USUAL_HOURS[0]) // 60 * 60
    last = -(-max(edges, default=USUAL_HOURS[1]) // 60) * 60
    last = max(last, first + 60)
    columns = []
    for master in masters:
        free = [(_minute(begin, on), _minute(end, on)) for begin, end in diary.free_times(master.pk)]
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
        start, end = _minute(visit.starts_at, on), _minute(visit.ends_at, on)
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
            if on < timezone.localdate(now) or (on == timezone.localdate(now) and start <= _minute(now, on)):
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


def _minute(instant: datetime, on: date) -> int:
    """Minutes of the wall clock since that day began, within the day."""
    local = timezone.localtime(instant)
    if local.date() < on:
        return 0
    if local.date() > on:
        return 24 * 60
    return local.hour * 60 + local.minute
