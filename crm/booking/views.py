"""The feed of a master's calendar, for Google, Apple and Outlook."""

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Event

from crm.booking.ical import appointment_event, busy_event, calendar_of
from crm.booking.models import Appointment
from crm.booking.selectors import feed_appointments, time_off_between
from crm.booking.services.feeds import feed_behind, note_read
from crm.team.models import Language, Master
from crm.team.selectors import salon_settings, zone

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
REFRESHED = timedelta(minutes=15)


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Her visits and time off, from two months back to a year ahead; names and services, nothing more.

    The address is the key, so an unknown one and a revoked one get the same answer.
    """
    feed = feed_behind(token)
    if feed is None:
        raise Http404
    now = timezone.now()
    master = feed.master
    language = master.user.language if master.user else Language.ENGLISH
    with translation.override(language):
        content = calendar_of(
            feed_events(master, now, origin=request.build_absolute_uri("/").rstrip("/")),
            method="PUBLISH",
            name=f"{salon_settings().salon_name}: {master.name}",
            refreshed=REFRESHED,
        )
    note_read(feed=feed, now=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response


def feed_events(master: Master, now: datetime, *, origin: str) -> list[Event]:
    """What stands in a master's calendar; of a visit done by several only her part."""
    here = zone(master.branch)
    visits = [
        appointment_event(
            visit,
            # other programs read this: how she is called and what is done, not how to reach her
            summary=": ".join(filter(None, (visit.client.shown_name, services_of(visit)))),
            description=origin + reverse("desk:visit", args=[visit.pk]),
            now=now,
            between=part_of(visit, master),
        )
        for visit in feed_appointments(master=master, since=now - BACK, until=now + AHEAD)
    ]
    off = [
        busy_event(
            uid=f"time-off-{each.pk}",
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            here=here,
            summary=each.reason or _("Time off"),
            now=now,
        )
        for each in time_off_between(master=master, since=now - BACK, until=now + AHEAD)
    ]
    return visits + off


def services_of(visit: Appointment) -> str:
    return ", ".join(line.service.name for line in visit.lines.all())


def part_of(visit: Appointment, master: Master) -> tuple[datetime, datetime] | None:
    """From the first to the last minute of hers where others have a part in the visit too."""
    stretches = list(visit.stretches.all())
    hers = [each for each in stretches if each.master_id == master.pk]
    if not hers or len(hers) == len(stretches):
        return None
    return min(each.starts_at for each in hers), max(each.ends_at for each in hers)
