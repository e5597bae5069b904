"""A master's calendar for Google, Apple and Outlook: what stands in it, and who may read it (trust.md, S12)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client as Browser
from icalendar import Calendar

from crm.booking.models import CalendarFeed, Stretch
from crm.booking.services import cancel_appointment, move_appointment
from crm.booking.services.feeds import feed_token, open_feed, revoke_feed
from crm.team.services import dismiss
from tests.factories import NOW, TODAY, local, make_appointment, make_time_off

pytestmark = pytest.mark.django_db

TOMORROW = date(2026, 6, 11)
# the feed, visits, their services, their stretches, time off, the salon's name, and that it was read
QUERIES = 7


@pytest.fixture
def cast(cast):
    with time_machine.travel(NOW, tick=False):
        yield cast


def address(feed: CalendarFeed) -> str:
    return f"/calendar/{feed_token(feed)}.ics"


def read(feed: CalendarFeed) -> dict[str, tuple[str, datetime, datetime]]:
    """Event by UID: summary, start and end."""
    answer = Browser().get(address(feed))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = Calendar.from_ical(answer.content)
    return {
        str(event["uid"]).partition("@")[0]: (str(event["summary"]), event["dtstart"].dt, event["dtend"].dt)
        for event in calendar.walk("VEVENT")
    }


def test_feed_has_visits_and_time_off_by_the_branchs_clock_and_nothing_of_others(cast):
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TOMORROW, 9), services=[cast.lashes])
    make_appointment(client=cast.dina, master=cast.boris, starts_at=local(TOMORROW, 9))
    off = make_time_off(cast.anna, local(TOMORROW, 15), local(TOMORROW, 16), "Dentist")
    feed = open_feed(master=cast.anna, now=NOW)

    found = read(feed)

    sarajevo = ZoneInfo("Europe/Sarajevo")
    assert found == {
        f"appointment-{visit.pk}": (
            "Vera Example: Lashes",
            datetime(2026, 6, 11, 9, 0, tzinfo=sarajevo),
            datetime(2026, 6, 11, 10, 30, tzinfo=sarajevo),
        ),
        f"time-off-{off.pk}": (
            "Dentist",
            datetime(2026, 6, 11, 15, 0, tzinfo=sarajevo),
            datetime(2026, 6, 11, 16, 0, tzinfo=sarajevo),
        ),
    }


def test_feed_names_its_zone_and_tells_when_to_look_again(cast):
    make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TOMORROW, 9))
    calendar = Calendar.from_ical(Browser().get(address(open_feed(master=cast.anna, now=NOW))).content)

    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Sarajevo"]
    assert calendar["refresh-interval"].dt == timedelta(minutes=15)
    assert str(calendar["x-published-ttl"]) == "PT15M"


def test_feed_gives_away_neither_phone_nor_mail_nor_wish(cast):
    make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TOMORROW, 9), wish="no perfume")
    text = Browser().get(address(open_feed(master=cast.anna, now=NOW))).content.decode()

    assert [mark for mark in ("+387", "vera@", "perfume") if mark in text] == []


def test_moved_visit_keeps_its_uid_and_counts_up_and_a_cancelled_one_is_gone(cast):
    moved = make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TOMORROW, 9), services=[cast.removal])
    gone = make_appointment(client=cast.dina, master=cast.anna, starts_at=local(TOMORROW, 12), services=[cast.removal])
    feed = open_feed(master=cast.anna, now=NOW)
    move_appointment(appointment=moved, starts_at=local(TOMORROW, 10), now=NOW, by="salon", via="desk")
    cancel_appointment(appointment=gone, now=NOW, by="client", via="link")

    (event,) = Calendar.from_ical(Browser().get(address(feed)).content).walk("VEVENT")

    assert (str(event["uid"]).partition("@")[0], event["sequence"]) == (f"appointment-{moved.pk}", 1)
    assert event["dtstart"].dt.astimezone(UTC) == local(TOMORROW, 10)


def test_of_a_visit_done_by_two_each_calendar_holds_only_its_part(cast):
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TOMORROW, 9), services=[cast.colour])
    Stretch.objects.filter(appointment=visit).update(ends_at=local(TOMORROW, 10))
    Stretch.objects.create(
        appointment=visit, master=cast.boris, starts_at=local(TOMORROW, 10), ends_at=local(TOMORROW, 10, 45)
    )

    hers, his = (read(open_feed(master=master, now=NOW)) for master in (cast.anna, cast.boris))

    assert [times[1:] for times in hers.values()] == [(local(TOMORROW, 9), local(TOMORROW, 10))]
    assert [times[1:] for times in his.values()] == [(local(TOMORROW, 10), local(TOMORROW, 10, 45))]


def test_address_that_was_changed_revoked_replaced_or_is_a_dismissed_masters_is_dead(cast):
    first = open_feed(master=cast.anna, now=NOW)
    second = open_feed(master=cast.anna, now=NOW)
    ended = open_feed(master=cast.boris, now=NOW)
    revoke_feed(master=cast.boris, now=NOW)
    _nonce, _dot, signature = feed_token(second).partition(".")
    forged = f"/calendar/{ended.nonce.hex}.{signature}.ics"

    assert [Browser().get(each).status_code for each in (address(first), address(ended), forged)] == [404] * 3
    assert Browser().get(address(second)).status_code == 200

    dismiss(user=cast.user_of(cast.anna), now=NOW)
    assert Browser().get(address(second)).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_feed_asks_the_same_of_one_visit_and_of_thirty(cast, number, django_assert_num_queries):
    for day in range(number):
        make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TODAY + timedelta(days=day + 1), 9))
    feed = open_feed(master=cast.anna, now=NOW)

    with django_assert_num_queries(QUERIES):
        Browser().get(address(feed))


def test_master_makes_and_ends_her_own_address_and_nobody_elses(cast):
    anna, reception = Browser(), Browser()
    anna.force_login(cast.user_of(cast.anna))
    reception.force_login(cast.receptionist)

    assert anna.get("/feed/")["Location"] == f"/masters/{cast.anna.pk}/feed/"
    anna.post(f"/masters/{cast.anna.pk}/feed/open/")
    page = anna.get(f"/masters/{cast.anna.pk}/feed/").content.decode()
    feed = CalendarFeed.objects.get(revoked_at=None)
    assert address(feed) in page
    assert "webcal://" in page
    assert anna.post(f"/masters/{cast.boris.pk}/feed/open/").status_code == 404
    assert reception.post(f"/masters/{cast.boris.pk}/feed/open/").status_code == 302

    anna.post(f"/masters/{cast.anna.pk}/feed/revoke/")
    assert Browser().get(address(feed)).status_code == 404
