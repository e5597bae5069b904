"""Appointments as calendars of elsewhere read them (RFC 5545).

Written by hand, as a letter has one: the icalendar package takes ten times as long over the same dozen lines. What a
zone's rules are it still says, and the tests read all of this back with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Timezone

from crm.booking.models import Appointment
from crm.team.selectors import zone

# octets of a line, with the blank before one that goes on
LONGEST = 75
END = "\r\n"


@dataclass(frozen=True, slots=True)
class Event:
    """The lines of one event, not folded yet; its times are by the clock of this zone."""

    here: ZoneInfo
    lines: list[str]


def appointment_event(
    appointment: Appointment,
    *,
    summary: str,
    description: str,
    now: datetime,
    is_cancelled: bool = False,
    between: tuple[datetime, datetime] | None = None,
) -> Event:
    """One appointment by its branch's clock; `between` where only a part of it is meant (UTC instants).

    The UID stays the same and SEQUENCE counts up, so that a calendar replaces what it knows.
    """
    starts_at, ends_at = between or (appointment.starts_at, appointment.ends_at)
    event = busy_event(
        uid=f"appointment-{appointment.pk}",
        starts_at=starts_at,
        ends_at=ends_at,
        here=zone(appointment.branch),
        summary=summary,
        now=now,
    )
    event.lines.extend([f"SEQUENCE:{appointment.sequence}", f"DESCRIPTION:{text(description)}"])
    if appointment.branch.address:
        event.lines.append(f"LOCATION:{text(appointment.branch.address)}")
    event.lines.append(f"STATUS:{'CANCELLED' if is_cancelled else 'CONFIRMED'}")
    return event


def busy_event(
    *, uid: str, starts_at: datetime | None, ends_at: datetime | None, here: ZoneInfo, summary: str, now: datetime
) -> Event:
    """Time in which nobody is served."""
    lines = [
        f"UID:{text(f'{uid}@{domain()}')}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%S}Z",
        f"DTSTART{local(starts_at, here)}",
        f"DTEND{local(ends_at, here)}",
        f"SUMMARY:{text(summary)}",
    ]
    return Event(here, lines)


def calendar_of(events: Iterable[Event], *, method: str, name: str = "", refreshed: timedelta | None = None) -> bytes:
    """The whole file, with the rules of every zone it names. `name` and `refreshed` are for those who subscribe."""
    events = list(events)
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Regulars//EN", f"METHOD:{method}"]
    if name:
        # the second is what Google and Apple read
        head += [f"NAME:{text(name)}", f"X-WR-CALNAME:{text(name)}"]
    if refreshed is not None:
        minutes = f"PT{int(refreshed.total_seconds()) // 60}M"
        head += [f"REFRESH-INTERVAL;VALUE=DURATION:{minutes}", f"X-PUBLISHED-TTL:{minutes}"]
    zones = b"".join(time_zone(name) for name in sorted({event.here.key for event in events} - {"UTC"}))
    lines = [line for event in events for line in ("BEGIN:VEVENT", *event.lines, "END:VEVENT")]
    return folded(head) + zones + folded([*lines, "END:VCALENDAR"])


@lru_cache
def time_zone(name: str) -> bytes:
    """The zone's rules as a calendar wants them: forty milliseconds' work, the same for every letter."""
    return bytes(Timezone.from_tzid(name).to_ical())


def local(at: datetime | None, here: ZoneInfo) -> str:
    """What stands behind the name of a line that tells an instant."""
    if at is None:
        raise ValueError("an appointment whose hour is unknown stands in no calendar")
    if here.key == "UTC":
        return f":{at.astimezone(UTC):%Y%m%dT%H%M%S}Z"
    return f";TZID={here.key}:{at.astimezone(here):%Y%m%dT%H%M%S}"


def text(words: str) -> str:
    """Words as a value: nothing in them ends it, or its line."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def folded(lines: Iterable[str]) -> bytes:
    """The lines as they go out, long ones on several; neither a letter nor an escape is cut in two."""
    return b"".join(_folded(line.encode()) + END.encode() for line in lines)


def _folded(line: bytes) -> bytes:
    pieces, room = [], LONGEST
    while len(line) > room:
        end = room
        # 10xxxxxx goes on with the letter before it
        while line[end] & 0b1100_0000 == 0b1000_0000:
            end -= 1
        if line[end - 1 : end] == b"\\":
            end -= 1
        pieces.append(line[:end])
        line, room = line[end:], LONGEST - 1
    return b"\r\n ".join([*pieces, line])


def domain() -> str:
    """What makes a UID the salon's own."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
