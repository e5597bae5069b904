"""The calendar file of an appointment (RFC 5545), and the invitation that goes with a letter (RFC 5546)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from crm.booking.ical import appointment_event, busy_event, calendar_of, text
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
    event.lines.append(f'ORGANIZER;CN="{quoted(salon)}":{mailto(settings.DEFAULT_FROM_EMAIL)}')
    if attendee:
        event.lines.append(f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:{mailto(attendee)}")
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
    event.lines.append(f"DESCRIPTION:{text(description)}")
    if place:
        event.lines.append(f"LOCATION:{text(place)}")
    return calendar_of([event], method="PUBLISH")


def told_between(appointment: Appointment) -> tuple[datetime, datetime] | None:
    """From its start for as long as she was told, which is longer than what is planned; none where nothing was told."""
    if appointment.starts_at is None or not appointment.told_minutes:
        return None
    return appointment.starts_at, appointment.starts_at + timedelta(minutes=appointment.told_minutes)


def mailto(address: str) -> str:
    """An address of a calendar; nothing in it begins another line."""
    return "mailto:" + "".join(address.split())


def quoted(name: str) -> str:
    """A name between quotation marks: nothing in it ends them, or the line (RFC 6868)."""
    return " ".join(name.replace('"', "").replace("^", "^^").split())
