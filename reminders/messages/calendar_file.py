"""The calendar file of an appointment (RFC 5545), and the invitation that goes with a letter (RFC 5546)."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, Timezone, vCalAddress

from crm.booking.models import Appointment
from crm.team.selectors import zone


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
    """One appointment by the branch's clock. `method` is PUBLISH for a download, REQUEST or CANCEL in a letter.

    The UID stays the same and SEQUENCE counts up, so that a calendar replaces what it knows.
    """
    here = zone(appointment.branch)
    event = Event()
    event.add("uid", f"appointment-{appointment.pk}@{domain()}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", local(appointment.starts_at, here))
    event.add("dtend", local(appointment.ends_at, here))
    event.add("summary", summary)
    event.add("description", description)
    if appointment.branch.address:
        event.add("location", appointment.branch.address)
    event.add("status", "CANCELLED" if is_cancelled or method == "CANCEL" else "CONFIRMED")
    event.add("organizer", person(settings.DEFAULT_FROM_EMAIL, salon))
    if attendee:
        event.add("attendee", person(attendee, "", partstat="ACCEPTED", rsvp="FALSE"))
    calendar = Calendar()
    calendar.add("prodid", "-//Regulars//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    for name in calendar.get_missing_tzids():
        calendar.subcomponents.insert(0, time_zone(name))
    return bytes(calendar.to_ical())


@lru_cache
def time_zone(name: str) -> Timezone:
    """The zone's rules as a calendar wants them: forty milliseconds' work, the same for every letter."""
    return Timezone.from_tzid(name)


def local(at: datetime | None, here: ZoneInfo) -> datetime:
    if at is None:
        raise ValueError("an appointment whose hour is unknown stands in no calendar")
    return at.astimezone(here)


def person(address: str, name: str, **parameters: str) -> vCalAddress:
    """An address of a calendar; what could begin another line is taken out."""
    found: Any = vCalAddress("mailto:" + "".join(address.split()))
    if name:
        found.params["cn"] = " ".join(name.replace('"', "").split())
    for key, value in parameters.items():
        found.params[key] = value
    return found


def domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
