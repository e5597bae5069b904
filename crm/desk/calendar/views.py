"""The desk's calendar: the day by master, the week of one, and the sheets that open over them (practices.md, P46)."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.booking.models import Appointment
from crm.booking.selectors import series_places
from crm.booking.services import Slot, able_masters, services_of, slots_to_move
from crm.booking.services.beside import free_for_her
from crm.desk.access import desk_page, visible_appointment
from crm.desk.booking.slots import slot_choices
from crm.desk.calendar.access import may_change_time_off, visible_master
from crm.desk.calendar.feed import MOVABLE, feed
from crm.desk.calendar.forms import TimesForm, off_form
from crm.desk.calendar.parts import parts_of
from crm.desk.calendar.pauses import pause_words
from crm.desk.calendar.plain import grid, lists, week_lists
from crm.desk.calendar.reading import shown
from crm.desk.calendar.selectors import calendar_of, calendar_stamp, gone_with_visits
from crm.desk.calendar.span import Span, asked_span, week_of
from crm.desk.days import asked_day
from crm.desk.visits.forms import CancelForm
from crm.desk.words import day_words, listed, services_words, short_day, state_look
from crm.team.models import Master, TimeOff
from crm.team.selectors import masters_of, zone


@require_safe
@desk_page
def calendar(request: HttpRequest) -> HttpResponse:
    """Everybody's day, `?view=week` one master's week, `?view=list` the day as plain lists."""
    now = timezone.now()
    today = timezone.localdate(now)
    masters = _asked_masters(request, now)
    span = asked_span(request, masters, today)
    days = shown(branch=request.branch, span=span, masters=masters, now=now)
    as_list = request.GET.get("view") == "list"
    context: dict[str, Any] = {
        "nav": "calendar",
        "span": span,
        "on": span.on,
        "span_words": span.words(today),
        "is_today": span.first <= today <= span.last,
        "same_days": _address(span, span.on, as_list=False),
        "today_url": _address(span, today, as_list=as_list),
        "before": _address(span, span.before, as_list=as_list),
        "after": _address(span, span.after, as_list=as_list),
        "strip": _strip(request, span, today, as_list=as_list),
        "tabs": _tabs(span, masters, as_list=as_list),
        "chips": [_master_chip(span, master) for master in masters] if span.master else [],
        "has_masters": bool(days.masters),
        "as_list": as_list,
    }
    if as_list:
        context["lists"] = lists(days.masters, days.visits, now)
    elif span.master:
        context |= {"feed": feed(days, request.user), "week": week_lists(span.each, days.visits, now)}
    else:
        context |= {"feed": feed(days, request.user), **grid(days.diary, days.masters, days.visits, span.on, now)}
    return render(request, "desk/calendar/page.html", context)


def _asked_masters(request: HttpRequest, now: datetime) -> list[Master]:
    """Who works here; for a week also who does no more and still has visits ahead."""
    masters = list(masters_of(request.branch))
    return masters + gone_with_visits(branch=request.branch, now=now) if request.GET.get("view") == "week" else masters


@require_safe
@desk_page
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The same days again, for a page that has been told that something changed."""
    now = timezone.now()
    masters = _asked_masters(request, now)
    span = asked_span(request, masters, timezone.localdate(now))
    days = shown(branch=request.branch, span=span, masters=masters, now=now)
    return JsonResponse(feed(days, request.user))


@require_safe
@desk_page
def stamp(request: HttpRequest) -> HttpResponse:
    """Has anything changed? Asked every few seconds by each calendar that is looked at."""
    return JsonResponse({"stamp": calendar_stamp(branch=request.branch, now=timezone.now())})


@require_safe
@desk_page
def visit_sheet(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """One visit, and what can be done with it without dragging."""
    now = timezone.now()
    found = visible_appointment(request, appointment_id)
    visit = calendar_of(branch=found.branch, first_on=found.on, last_on=found.on).get(pk=found.pk)
    parts = parts_of(visit)
    names = Master.objects.in_bulk([part.master_id for part in parts])
    context = {
        "visit": visit,
        "services": services_words(visit),
        "who": listed(names[part.master_id].name for part in parts),
        "rooms": listed(hold.room.name for hold in visit.rooms),
        "held": [words for part in parts for words in pause_words(visit, part)],
        "place": series_places([visit]).get(visit.pk),
        "look": state_look(visit, now),
        "can_move": visit.status in MOVABLE and visit.starts_at is not None,
        "can_cancel": visit.status in (*MOVABLE, visit.Status.ARRIVED),
    }
    return render(request, "desk/calendar/_visit.html", context)


@require_safe
@desk_page
def times(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Where a visit may move to: every free time of a day, of its master or of another."""
    now = timezone.now()
    appointment = visible_appointment(request, appointment_id)
    today = timezone.localdate(now)
    services = services_of(appointment)
    masters = able_masters(branch=appointment.branch, services=services)
    asked = {"day": max(appointment.on, today), "master": appointment.master_id}
    form = TimesForm(request.GET if "day" in request.GET else None, masters=masters, initial=asked)
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
    slots = slots_to_move(
        appointment=appointment,
        master=next((master for master in masters if master.pk == asked["master"]), None),
        anyone=not asked["master"],
        from_day=max(asked["day"], today),
        days=1,
        now=now,
    )
    slots = free_for_her(slots, client_id=appointment.client_id, leaving_out=appointment.pk)
    if not asked["master"]:
        # one pair of hands: a visit handed from one to another is booked, not tapped
        slots = [slot for slot in slots if len(set(slot.masters)) == 1]
    context = {
        "visit": appointment,
        "form": form,
        "anyone": not asked["master"],
        "day": asked["day"],
        "day_words": day_words(asked["day"]),
        "slots": [
            # the day stands above, and the master too where one was chosen
            choice | {"day": "", "best": False} | ({"who": ""} if asked["master"] else {})
            for choice in slot_choices([slot for slot in slots if not is_now(appointment, slot)])
        ],
    }
    return render(request, "desk/calendar/_times.html", context)


def is_now(appointment: Appointment, slot: Slot) -> bool:
    """Whether the free time is the very one that the visit has."""
    return (slot.starts_at, slot.master.pk) == (appointment.starts_at, appointment.master_id)


@require_safe
@desk_page
def cancel_sheet(request: HttpRequest, appointment_id: int) -> HttpResponse:
    appointment = visible_appointment(request, appointment_id)
    return render(request, "desk/calendar/_cancel.html", {"visit": appointment, "form": CancelForm()})


@require_safe
@desk_page
def master_sheet(request: HttpRequest, master_id: int) -> HttpResponse:
    """A master's day: book with her, see her week, take time off or give it back."""
    master = visible_master(request, master_id)
    on = asked_day(request.GET.get("day", ""), timezone.localdate())
    return render(request, "desk/calendar/_master.html", master_context(request, master, on))


def master_context(request: HttpRequest, master: Master, on: date) -> dict[str, Any]:
    here = zone(master.branch)
    off = TimeOff.objects.filter(master=master, ends_at__gt=timezone.now()).order_by("starts_at")
    day = {"day": on.isoformat()}
    return {
        "master": master,
        "on": on,
        "day_words": day_words(on),
        "off": [{"row": row, "words": off_words(row, here)} for row in off[:20]],
        "may_change": may_change_time_off(request.user, master),
        "form": off_form(on),
        "book_url": f"{reverse('desk:visit_new')}?{urlencode({'master': master.pk, **day})}",
        "week_url": f"{reverse('desk:calendar')}?{urlencode({'view': 'week', 'master': master.pk, **day})}",
    }


def off_words(row: TimeOff, here: Any) -> str:
    """`Fri 12 June, 12:00–13:00`, or from day to day."""
    starts, ends = row.starts_at.astimezone(here), row.ends_at.astimezone(here)
    if starts.date() == ends.date():
        return f"{short_day(starts.date())}, {starts:%H:%M}–{ends:%H:%M}"
    return f"{short_day(starts.date())}, {starts:%H:%M} – {short_day(ends.date())}, {ends:%H:%M}"


def _query(span: Span, on: date, *, as_list: bool) -> dict[str, object]:
    query: dict[str, object] = {"day": on.isoformat()}
    if as_list:
        query["view"] = "list"
    elif span.master:
        query |= {"view": "week", "master": span.master.pk}
    return query


def _address(span: Span, on: date, *, as_list: bool) -> str:
    return "?" + urlencode(_query(span, on, as_list=as_list))


def _strip(request: HttpRequest, span: Span, today: date, *, as_list: bool) -> list[dict[str, Any]]:
    """The week around the day, each one tap away; a week needs none."""
    if span.days > 1:
        return []
    first = week_of(span.on, request.branch)
    return [
        {
            "url": _address(span, on, as_list=as_list),
            "weekday": str(WEEKDAYS_ABBR[on.weekday()]),
            "number": on.day,
            "words": day_words(on),
            "current": on == span.on,
            "today": on == today,
        }
        for on in (first + timedelta(days=number) for number in range(7))
    ]


def _tabs(span: Span, masters: list[Master], *, as_list: bool) -> list[dict[str, object]]:
    day = {"day": span.on.isoformat()}
    tabs: list[dict[str, object]] = [
        {"label": _("Day"), "url": "?" + urlencode(day), "current": not as_list and span.days == 1},
        {"label": _("Week"), "url": "?" + urlencode(day | {"view": "week"}), "current": span.days > 1},
        {"label": _("List"), "url": "?" + urlencode(day | {"view": "list"}), "current": as_list},
    ]
    return tabs if masters else []


def _master_chip(span: Span, master: Master) -> dict[str, object]:
    query = {"view": "week", "day": span.on.isoformat(), "master": master.pk}
    return {"label": master.name, "url": "?" + urlencode(query), "current": master == span.master}
