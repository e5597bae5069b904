"""Calendars written by hand are read back by a library as they were meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, vText

from crm.booking import ical
from crm.booking.ical import busy_event, calendar_of, folded, text

AT = datetime(2026, 6, 10, 12, 30, tzinfo=UTC)
WORDS = [
    "Lunch",
    "Fish, chips; and a \\ and \\; too",
    "two\nlines\r\nand\rmore\n",
    "Весна " * 30,
    "قص شعر " * 30,
    "x" * 74 + "\\" + "y" * 73 + "," * 80,
    "🌸" * 60,
    "END:VEVENT\r\nBEGIN:VALARM",
]


def read(words: str, zone: str = "Europe/Sarajevo") -> Calendar:
    event = busy_event(
        uid="off-1", starts_at=AT, ends_at=AT + timedelta(hours=1), here=ZoneInfo(zone), summary=words, now=AT
    )
    raw = calendar_of([event, event], method="PUBLISH", name=words, refreshed=timedelta(minutes=90))
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    raw.decode()
    return Calendar.from_ical(raw)


@pytest.mark.parametrize("words", WORDS)
def test_words_come_back_whole(words):
    calendar = read(words)

    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == [lines, lines]
    # the library knows neither as text, and leaves it as it was written
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == text(words)
    assert calendar.walk("VALARM") == []


def test_words_are_escaped_as_the_library_does_it():
    assert [text(words) for words in WORDS] == [vText(words).to_ical().decode() for words in WORDS]


def test_without_escaping_a_name_would_end_the_event(monkeypatch):
    monkeypatch.setattr(ical, "text", str)

    with pytest.raises(ValueError, match="no components"):
        read(WORDS[-1])


@pytest.mark.parametrize(
    ("zone", "zones", "starts"),
    [
        ("Europe/Sarajevo", ["Europe/Sarajevo"], "2026-06-10T14:30:00+02:00"),
        ("Asia/Kathmandu", ["Asia/Kathmandu"], "2026-06-10T18:15:00+05:45"),
        ("UTC", [], "2026-06-10T12:30:00+00:00"),
    ],
)
def test_times_are_by_the_clock_of_the_place(zone, zones, starts):
    calendar = read("Lunch", zone)

    assert [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")] == zones
    first, _second = calendar.walk("VEVENT")
    assert (first["DTSTART"].dt.isoformat(), first["DTEND"].dt - first["DTSTART"].dt) == (starts, timedelta(hours=1))
    assert first["DTSTAMP"].dt == AT
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(minutes=90)


def test_lines_are_cut_at_75_octets():
    assert folded(["x" * 75, "y" * 76, "z" * 150]) == b"".join(
        [b"x" * 75, b"\r\n", b"y" * 75, b"\r\n y\r\n", b"z" * 75, b"\r\n ", b"z" * 74, b"\r\n z\r\n"]
    )
