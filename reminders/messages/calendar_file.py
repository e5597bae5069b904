"""The calendar file of an appointment (RFC 5545), and the invitation that goes with a letter (RFC 5546)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import vCalAddress

from crm.booking.ical import appointment_event, busy_event, calendar_of
from crm.booking.models import Appointment


def calendar_file(
    appointment: Appointment,
    *,
    summary: str,
    description: str,
    salon: str,
    now: datetime,
    method: str = "PUBLISH",
    attendee: str = "",
    is_cancelled: bool = False,
) -> bytes:
    """One appointment by the branch's clock, as long as she was told. `method` is PUBLISH for a download, REQUEST or CANCEL in a letter."""
    event = appointment_event(
        appointment,
        summary=summary,
        description=description,
        now=now,
        is_cancelled=is_cancelled or method == "CANCEL",
        between=told_between(appointment),
    )
    event.add("organizer", person(settings.DEFAULT_FROM_EMAIL, salon))
    if attendee:
        event.add("attendee", person(attendee, "", partstat="ACCEPTED", rsvp="FALSE"))
    return calendar_of([event], method=method)


def event_calendar(
    *,
    uid: str,
    starts_at: datetime,
    ends_at: datetime,
    here: ZoneInfo,
    summary: str,
    description: str,
    place: str,
    now: datetime,
) -> bytes:
    """An event to which many are invited, by the clock of where it is."""
    event = busy_event(uid=uid, starts_at=starts_at, ends_at=ends_at, here=here, summary=summary, now=now)
    event.add("description", description)
    if place:
        event.add("location", place)
    return calendar_of([event], method="PUBLISH")


def told_between(appointment: Appointment) -> tuple[datetime, datetime] | None:
    """From its start for as long as she was told, which is longer than what is planned; none where nothing was told."""
    if appointment.starts_at is None or not appointment.told_minutes:
        return None
    return appointment.starts_at, appointment.starts_at + timedelta(minutes=appointment.told_minutes)


def person(address: str, name: str, **parameters: str) -> vCalAddress:
    """An address of a calendar; what could begin another line is taken out."""
    found: Any = vCalAddress("mailto:" + "".join(address.split()))
    if name:
        found.params["cn"] = " ".join(name.replace('"', "").split())
    for key, value in parameters.items():
        found.params[key] = value
    return found
