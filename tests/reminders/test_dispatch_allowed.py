"""Consent by channel, purpose, hour and zone, at the moment of sending (trust.md, D3): nothing goes that may not."""

from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from reminders.consent.models import ContactPermission
from reminders.journeys.facts import Contact, Facts, Receipt, Rules
from reminders.journeys.playing import Play
from reminders.journeys.reading import Reading
from reminders.journeys.selectors.loading import Loader
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Kind, Message
from tests.factories import TODAY, local, make_appointment, make_branch, make_master, make_service, make_visit
from tests.loyalty.till import pay
from tests.reminders.playing_salon import Transport, switch_everything_on
from tests.reminders.salon_day import ELEVEN, days, known, make_due

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ZONES = ("", "Asia/Kathmandu", "America/Los_Angeles", "Pacific/Auckland", "Mars/Olympus_Mons")


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    switch_everything_on(ELEVEN - days(100))
    return stub


def send(now):
    while dispatch.send_due(now=now):
        pass


@pytest.mark.parametrize(("email", "sms"), list(product([True, False], repeat=2)))
def test_marketing_goes_only_by_the_channel_consented_to_when_it_is_sent(transport, email, sms):
    branch = make_branch()
    client = make_due(branch, phone="+38761100780")
    known(client, now=ELEVEN)
    plan_due(now=ELEVEN)
    # what she says after it was planned
    ContactPermission.objects.filter(client=client).update(marketing_email=email, marketing_sms=sms)

    send(ELEVEN)

    expected = ["email"] if email else ["sms"] if sms else []
    assert [letter.channel for letter in transport.sent] == expected


@pytest.mark.parametrize(
    ("refuses", "expected"),
    [
        ({}, ["email"]),
        ({"care_email": False}, ["sms"]),
        ({"care_email": False, "care_sms": False}, ["call"]),
        ({"care_refused": True}, []),
    ],
)
def test_care_goes_by_what_is_left_to_it(transport, refuses, expected):
    """Reassurance after a first visit, two hours after the sale; a call is the last way, unless she refused all care."""
    branch = make_branch()
    client = make_due(branch, phone="+38761100781", times=0)
    pay(client, 50, now=ELEVEN)
    known(client, now=ELEVEN)
    now = ELEVEN + timedelta(hours=2)
    plan_due(now=ELEVEN)
    plan_due(now=now)
    ContactPermission.objects.filter(client=client).update(**refuses)

    send(now)

    gone = Message.objects.filter(state="sent").values_list("kind", "channel")
    assert list(gone) == [(Kind.REASSURANCE, channel) for channel in expected]


@pytest.mark.parametrize(
    ("refuses", "expected"),
    [
        ({"care_refused": True, "marketing_email": False}, ["email"]),
        ({"service_email": False}, ["sms"]),
        ({"service_email": False, "service_sms": False, "care_refused": True}, ["call"]),
    ],
)
def test_appointment_messages_always_find_a_way(transport, refuses, expected):
    branch = make_branch()
    client = make_due(branch, phone="+38761100782")
    make_appointment(client=client, master=make_master(branch=branch), starts_at=ELEVEN + days(1))
    known(client, now=ELEVEN)
    plan_due(now=ELEVEN)
    ContactPermission.objects.filter(client=client).update(**refuses)

    send(ELEVEN)

    gone = Message.objects.filter(state="sent").values_list("kind", "channel")
    assert list(gone) == [(Kind.REMINDER_24H, channel) for channel in expected]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", range(24))
def test_nothing_of_care_and_marketing_goes_outside_her_day(zone, hour):
    """A sale at each hour: reassurance goes between 09:00 and 20:00 by her own clock, or not at all."""
    here = ZoneInfo("Europe/Sarajevo")
    try:
        hers = ZoneInfo(zone) if zone else here
    except (KeyError, ValueError, OSError):
        hers = here
    at = datetime.combine(TODAY, time(hour), here)
    facts = Facts(client=1, code="c", branch=1, branch_zone=here, zone=hers, language="en", contact=Contact(email=True))
    facts.receipts = [Receipt(TODAY, at, 50, frozenset({"s1"}))]

    for going in Play(facts, Rules(), at).run(at + days(3)):
        goes = going.at.astimezone(hers).time()
        assert time(9) <= goes < time(20)
        assert going.at <= at + timedelta(hours=24)


def test_week_has_one_offer_however_many_are_due(transport):
    branch = make_branch()
    born = TODAY + days(7)
    client = make_due(branch, birth_month=born.month, birth_day=born.day)
    known(client, now=ELEVEN - days(1))
    now, end = ELEVEN - days(1), ELEVEN + days(20)
    while now < end:
        plan_due(now=now)
        send(now)
        now += timedelta(hours=1)

    sent_on = list(
        Message.objects.filter(purpose="marketing", state="sent").order_by("sent_on").values_list("sent_on", flat=True)
    )
    assert len(sent_on) == 2
    assert sent_on[1] - sent_on[0] >= days(7)


def test_far_away_client_hears_at_eleven_by_her_own_clock(transport):
    branch = make_branch()
    client = make_due(branch, time_zone="America/Los_Angeles")
    known(client, now=ELEVEN)
    eleven_there = datetime.combine(TODAY, time(11), ZoneInfo("America/Los_Angeles"))

    plan_due(now=ELEVEN)
    plan_due(now=eleven_there - timedelta(minutes=1))
    assert Message.objects.count() == 0
    plan_due(now=eleven_there)
    send(eleven_there)

    assert [letter.to for letter in transport.sent] == [client.email]


def test_reading_of_an_unknown_zone_is_the_branchs():
    branch = make_branch()
    client = make_due(branch, time_zone="Mars/Olympus_Mons")
    make_visit(client, TODAY - days(1), services=[make_service(branch=branch)])
    known(client, now=ELEVEN)

    [facts] = Loader(as_of=ELEVEN).load([client.pk])

    assert Reading(facts, Rules()).local(date(2026, 6, 10), time(11)) == local(date(2026, 6, 10), 11)
