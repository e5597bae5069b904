"""Days on which the clock changes, by zone (trust.md, B3). Instants are worked out by hand from the zones' offsets."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from crm.booking.local_time import NoSuchTime, computed_instant, typed_instant
from crm.booking.models import Appointment
from crm.booking.services import book_appointment, free_slots, refresh_pulses
from crm.team.models import User
from reminders.journeys.services import dispatch
from reminders.messages.models import Kind, Message
from tests.factories import make_branch, make_client, make_master, make_service, make_user
from tests.reminders.playing_salon import Transport, switch_everything_on, turn

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

HOUR = timedelta(hours=1)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@dataclass(frozen=True)
class Change:
    """`skipped` is a time that the gap leaves out and where it lands; `twice` one that comes twice, and both instants."""

    zone: str
    skipped_on: date
    skipped: time
    lands: datetime
    twice_on: date
    twice: time
    both: tuple[datetime, datetime]


CHANGES = [
    Change(
        "Europe/Berlin", date(2026, 3, 29), time(2, 30), utc(3, 29, 1, 30),
        date(2026, 10, 25), time(2, 30), (utc(10, 25, 0, 30), utc(10, 25, 1, 30)),
    ),
    Change(
        "Europe/Sarajevo", date(2026, 3, 29), time(2, 0), utc(3, 29, 1),
        date(2026, 10, 25), time(2, 0), (utc(10, 25, 0), utc(10, 25, 1)),
    ),
    Change(
        "America/New_York", date(2026, 3, 8), time(2, 15), utc(3, 8, 7, 15),
        date(2026, 11, 1), time(1, 15), (utc(11, 1, 5, 15), utc(11, 1, 6, 15)),
    ),
    # half an hour only: 02:00 becomes 02:30, and 02:00 becomes 01:30
    Change(
        "Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), utc(10, 3, 15, 45),
        date(2026, 4, 5), time(1, 45), (utc(4, 4, 14, 45), utc(4, 4, 15, 15)),
    ),
    # at midnight: the day begins at 01:00, and the evening before has its last hour twice
    Change(
        "America/Santiago", date(2026, 9, 6), time(0, 30), utc(9, 6, 4, 30),
        date(2026, 4, 4), time(23, 30), (utc(4, 5, 2, 30), utc(4, 5, 3, 30)),
    ),
    Change(
        "Asia/Beirut", date(2026, 3, 29), time(0, 30), utc(3, 28, 22, 30),
        date(2026, 10, 24), time(23, 30), (utc(10, 24, 20, 30), utc(10, 24, 21, 30)),
    ),
    Change(
        "Africa/Cairo", date(2026, 4, 24), time(0, 30), utc(4, 23, 22, 30),
        date(2026, 10, 29), time(23, 30), (utc(10, 29, 20, 30), utc(10, 29, 21, 30)),
    ),
    # back for Ramadan, forward after it
    Change(
        "Africa/Casablanca", date(2026, 3, 22), time(2, 30), utc(3, 22, 2, 30),
        date(2026, 2, 15), time(2, 30), (utc(2, 15, 1, 30), utc(2, 15, 2, 30)),
    ),
]  # fmt: skip
STEADY = ["Europe/Moscow", "Asia/Riyadh", "Asia/Kathmandu"]
changes = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.zone)
# both days of every zone that has them, and the same days where there are none
DAYS = [
    *((change.zone, on) for change in CHANGES for on in (change.skipped_on, change.twice_on)),
    *((zone, on) for zone in STEADY for on in (date(2026, 3, 29), date(2026, 10, 25))),
]


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


def salon(zone: str, hours: tuple[time, time] = (time(0), time(23, 59))):
    """A branch that works by night too, every day of the week."""
    branch = make_branch(time_zone=zone)
    return branch, make_master(branch=branch, hours=hours, weekdays=range(7)), make_service(branch=branch, minutes=15)


def at(on: date, hour: int, zone: str, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), tzinfo=ZoneInfo(zone)).astimezone(UTC)


@changes
def test_a_time_in_the_gap_is_refused_when_typed_and_moved_forward_when_computed(change):
    zone = ZoneInfo(change.zone)
    with pytest.raises(NoSuchTime):
        typed_instant(change.skipped_on, change.skipped, zone)
    assert computed_instant(change.skipped_on, change.skipped, zone) == change.lands


@changes
def test_the_desk_refuses_the_gap_with_words_and_books_nothing(client, change):
    branch, master, service = salon(change.zone)
    client.force_login(user := make_user(User.Role.RECEPTIONIST, branch=branch))
    guest = make_client(branch=branch)
    with time_machine.travel(change.lands - timedelta(days=10), tick=False):
        client.force_login(user)
        page = client.post(
            reverse("desk:visit_new"),
            {
                "client": guest.pk, "service": service.pk, "master": master.pk,
                "day": change.skipped_on.isoformat(), "at": f"{change.skipped:%H:%M}",
            },
        )  # fmt: skip
    assert page.status_code == 422
    assert "The clock skips this time on that day." in page.content.decode()
    assert not Appointment.objects.exists()


@changes
def test_a_time_that_comes_twice_is_the_first_unless_an_offset_says_which(change):
    zone, (first, second) = ZoneInfo(change.zone), change.both
    assert typed_instant(change.twice_on, change.twice, zone) == first
    offset = second.astimezone(zone).utcoffset()
    assert typed_instant(change.twice_on, change.twice.replace(tzinfo=timezone(offset)), zone) == second


@changes
def test_slots_leave_the_gap_out_and_offer_both_of_the_hours_that_come_twice(change):
    branch, master, service = salon(change.zone)
    asked = {"branch": branch, "services": [service], "days": 1, "now": utc(1, 1, 0)}
    on_gap = free_slots(**asked, from_day=change.skipped_on)
    # quarters of an hour by the wall clock, none of them skipped, and all on that day
    assert {slot.starts_local.minute % 15 for slot in on_gap} == {0}
    assert change.skipped not in {slot.starts_local.time() for slot in on_gap}
    assert {slot.on for slot in on_gap} == {change.skipped_on}
    on_fold = free_slots(**asked, from_day=change.twice_on)
    # hours that end at 23:59 end with the first of the two (rules.md, Time)
    worked = change.both[:1] if change.twice.hour == 23 else change.both
    assert {slot.starts_at for slot in on_fold if slot.starts_local.time() == change.twice} == set(worked)
    # nobody is in the master's way: two clients at "the same" hour, an elapsed hour or half of it apart
    for starts_at in change.both:
        book_appointment(
            client=make_client(branch=branch), master=master, services=[service], starts_at=starts_at,
            branch=branch, now=utc(1, 1, 0), by="client", via="desk", outside_hours=True,
        )  # fmt: skip
    assert Appointment.objects.filter(on=change.twice_on).count() == 2


@pytest.mark.parametrize(("zone", "on"), DAYS)
def test_working_hours_keep_the_wall_clock(zone, on):
    branch, _master, _service = salon(zone, hours=(time(9), time(18)))
    service = make_service(branch=branch, minutes=60)
    found = free_slots(branch=branch, services=[service], from_day=on - timedelta(days=1), days=3, now=utc(1, 1, 0))
    by_day = Counter(slot.on for slot in found)
    # from 9 to 18 an hour fits in at 33 quarters, each day alike
    assert by_day == {on + timedelta(days=number): 33 for number in (-1, 0, 1)}
    assert {slot.starts_local.time() for slot in found if slot.on == on} >= {time(9), time(17)}


@pytest.mark.parametrize(("zone", "on"), DAYS)
def test_one_reminder_of_each_kind_goes_that_many_elapsed_hours_before(zone, on, transport):
    branch, master, service = salon(zone)
    starts_at = at(on, 14, zone)
    booked_at = starts_at - timedelta(days=5)
    switch_everything_on(booked_at - timedelta(days=100))
    guest = make_client(branch=branch, email="vera@example.test", phone="")
    book_appointment(
        client=guest, master=master, services=[service], starts_at=starts_at, branch=branch, now=booked_at,
        by="client", via="link",
    )  # fmt: skip
    refresh_pulses(client_ids=[guest.pk], now=booked_at)
    for number in range(27):
        turn(starts_at - (26 - number) * HOUR)
    sent = Message.objects.filter(client=guest, state="sent", kind__in=[Kind.REMINDER_24H, Kind.REMINDER_2H])
    assert sorted(sent.values_list("kind", "sent_at")) == [
        (Kind.REMINDER_24H, starts_at - 24 * HOUR),
        (Kind.REMINDER_2H, starts_at - 2 * HOUR),
    ]
