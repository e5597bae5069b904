"""The calendar's days as plain values for the widget (static/js/calendar.js). Times are the branch's wall clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from crm.booking.local_time import computed_instant
from crm.booking.models import Appointment
from crm.booking.services.slots import Diary
from crm.desk.calendar.plain import USUAL_HOURS, minute_of
from crm.desk.calendar.selectors import calendar_of, calendar_stamp
from crm.desk.calendar.span import Span, first_weekday
from crm.desk.words import day_words, hour_words, services_words, state_look
from crm.team.models import Branch, Master, TimeOff, User
from crm.team.selectors import closed_days, salon_settings, zone

Status = Appointment.Status
Block = dict[str, Any]
MOVABLE = (Status.BOOKED, Status.CONFIRMED)
WHOLE_DAY = (0, 24 * 60)


@dataclass(frozen=True, slots=True)
class Part:
    """What one master does of a visit, in minutes from the visit's start."""

    master_id: int
    begins: int
    ends: int


@dataclass
class Shown:
    """Everything of these days that is drawn, read once: for the widget, and for the page without a script."""

    branch: Branch
    span: Span
    now: datetime
    masters: list[Master]
    visits: list[Appointment]
    diary: Diary
    off: list[TimeOff]
    closed: dict[date, str]


def shown(*, branch: Branch, span: Span, masters: list[Master], now: datetime) -> Shown:
    """Reads the days. Who has left the salon still has her visits of that time; cancelled visits are left out."""
    visits = list(calendar_of(branch=branch, first_on=span.first, last_on=span.last, master=span.master))
    who = [span.master] if span.master else masters + _gone(masters, visits)
    here = zone(branch)
    window = (
        computed_instant(span.first, time(0), here),
        computed_instant(span.last + timedelta(days=1), time(0), here),
    )
    off = TimeOff.objects.filter(master__in=who, starts_at__lt=window[1], ends_at__gt=window[0])
    return Shown(
        branch=branch,
        span=span,
        now=now,
        masters=who,
        visits=visits,
        diary=Diary(branch=branch, masters=who, from_day=span.first, days=span.days),
        off=list(off.order_by("starts_at")),
        closed=closed_days(branch=branch, days=span.each),
    )


def _gone(masters: list[Master], visits: list[Appointment]) -> list[Master]:
    known = {master.pk for master in masters}
    found: dict[int, Master] = {}
    parts: set[int] = set()
    for visit in visits:
        found[visit.master_id] = visit.master
        parts |= {line.master_id for line in visit.work if line.master_id}
    if missing := parts - known - found.keys():
        found |= Master.objects.in_bulk(missing)
    return sorted((found[key] for key in found.keys() - known), key=lambda master: master.name)


def feed(days: Shown, user: User) -> dict[str, Any]:
    """What static/js/calendar.js draws for whoever looks."""
    span = days.span
    first, last = _hours_shown(days)
    today = timezone.localtime(days.now).date()
    return {
        "day": span.on.isoformat(),
        "first_on": span.first.isoformat(),
        "week": span.days > 1,
        "today": today.isoformat(),
        "is_now": span.first <= today <= span.last,
        # the widget counts from Sunday
        "first_weekday": (first_weekday(days.branch) + 1) % 7,
        "from": f"{first // 60:02}:00",
        "to": f"{last // 60:02}:00",
        "grid": salon_settings().slot_grid,
        # the browser's own clock may stand in another zone
        "offset": f"{timezone.localtime(days.now):%z}"[:3] + ":" + f"{timezone.localtime(days.now):%z}"[3:],
        "days": {
            on.isoformat(): {"weekday": str(WEEKDAYS_ABBR[on.weekday()]), "long": day_words(on)} for on in span.each
        },
        "own": next((str(master.pk) for master in days.masters if master.user_id == user.pk), ""),
        "masters": [_column(days, master) for master in days.masters],
        "events": [*visit_blocks(days), *shades(days)],
        "stamp": calendar_stamp(branch=days.branch, now=days.now),
    }


def _column(days: Shown, master: Master) -> Block:
    works = days.diary.working_times(master.pk)
    return {
        "id": str(master.pk),
        "title": master.name,
        "hours": f"{hour_words(works[0][0])}–{hour_words(works[-1][1])}" if works else _("not here"),
        "url": f"{reverse('desk:calendar_master', args=[master.pk])}?day={days.span.on.isoformat()}",
    }


def _hours_shown(days: Shown) -> tuple[int, int]:
    """Whole hours from the first beginning to the last end on any of the days, in minutes."""
    edges = [
        _minute(instant, begins.date())
        for master in days.masters
        for begins, ends in _local(days.diary.working_times(master.pk))
        for instant in (begins, ends)
    ]
    for visit in days.visits:
        if visit.starts_at and visit.ends_at:
            edges += [minute_of(visit.starts_at, visit.on), minute_of(visit.ends_at, visit.on)]
    first = min(edges, default=USUAL_HOURS[0]) // 60 * 60
    last = -(-max(edges, default=USUAL_HOURS[1]) // 60) * 60
    return min(first, 23 * 60), max(last, first + 60)


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
                    "where": ", ".join(hold.room.name for hold in visit.rooms),
                    "icon": look["state_icon"],
                    "state": look["state_word"],
                    "into": part.begins,
                    "sequence": visit.sequence,
                },
            }


def _times(visit: Appointment, part: Part) -> Block:
    """An appointment whose hour nobody knows stands above the hours."""
    if visit.starts_at is None:
        return {"allDay": True, "start": visit.on.isoformat(), "end": visit.on.isoformat()}
    start = visit.starts_at + timedelta(minutes=part.begins)
    return {"start": _wall(start), "end": _wall(visit.starts_at + timedelta(minutes=part.ends))}


def parts_of(visit: Appointment) -> list[Part]:
    """What each master does, one after the other; the appointment comes with `work`."""
    minutes = visit.minutes
    if visit.starts_at and visit.ends_at:
        minutes = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
    masters = [line.master_id or visit.master_id for line in visit.work]
    if len(set(masters)) <= 1:
        return [Part(masters[0] if masters else visit.master_id, 0, minutes)]
    parts: list[Part] = []
    at = 0
    for master_id, line in zip(masters, visit.work, strict=True):
        if parts and parts[-1].master_id == master_id:
            parts[-1] = Part(master_id, parts[-1].begins, at + line.minutes)
        else:
            parts.append(Part(master_id, at, at + line.minutes))
        at += line.minutes
    # an end that was stretched by hand belongs to the last
    parts[-1] = Part(parts[-1].master_id, parts[-1].begins, max(minutes, parts[-1].begins + 5))
    return parts


def shades(days: Shown) -> Iterator[Block]:
    """Where nobody is booked: outside working hours, breaks, time off, closed days."""
    for master in days.masters:
        works = list(_local(days.diary.working_times(master.pk)))
        for on in days.span.each:
            hours = [(_minute(begins, on), _minute(ends, on)) for begins, ends in works if begins.date() == on]
            if not hours:
                kind, label = ("closed", days.closed[on] or _("Closed")) if on in days.closed else ("shut", "")
                yield _shade(master, on, *WHOLE_DAY, kind=kind, label=label)
                continue
            edges = [(0, 0), *hours, (24 * 60, 24 * 60)]
            for number, ((_a, ends), (begins, _b)) in enumerate(zip(edges, edges[1:], strict=False)):
                inside = 0 < number < len(hours)
                if begins > ends:
                    kind, label = ("break", _("Break")) if inside else ("shut", "")
                    yield _shade(master, on, ends, begins, kind=kind, label=label)
    for off in days.off:
        for on in days.span.each:
            begins, ends = minute_of(off.starts_at, on), minute_of(off.ends_at, on)
            if ends > begins:
                label = off.reason or _("Time off")
                yield _shade(off.master_id, on, begins, ends, kind="off", label=label)


def _shade(master: Master | int, on: date, begins: int, ends: int, *, kind: str, label: str) -> Block:
    midnight = datetime.combine(on, time(0))
    return {
        "display": "background",
        "resourceIds": [str(getattr(master, "pk", master))],
        "start": _iso(midnight + timedelta(minutes=begins)),
        "end": _iso(midnight + timedelta(minutes=ends)),
        "title": label,
        "classNames": [f"cal-{kind}"],
        "extendedProps": {"off": kind == "off"},
    }


def _local(times: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    for begins, ends in times:
        yield timezone.localtime(begins), timezone.localtime(ends)


def _minute(local: datetime, on: date) -> int:
    return 24 * 60 if local.date() > on else local.hour * 60 + local.minute


def _wall(instant: datetime) -> str:
    return _iso(timezone.localtime(instant))


def _iso(local: datetime) -> str:
    return f"{local:%Y-%m-%dT%H:%M:%S}"
