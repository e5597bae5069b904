"""What is said to who waits for a time, and of a series: once, at her hours, and only while it is true."""

from datetime import timedelta

import pytest

from crm.booking.models import Appointment, AppointmentEvent, WaitingOffer
from crm.booking.services import cancel_appointment
from crm.booking.services.series import book_series, cancel_following, move_following
from crm.booking.services.waiting import accept_offer, decline_offer
from crm.care.models import Call
from crm.team.models import CrmSettings, WaitingPolicy
from reminders.consent.models import ContactPermission
from reminders.journeys.services import dispatch
from reminders.journeys.services.freed import end_thoughts, offer_freed_times
from reminders.messages.models import Kind, Message
from tests.factories import NOW, TODAY, local, make_appointment, make_client, make_skill, make_waiting
from tests.reminders.playing_salon import Transport, switch_everything_on, turn

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

By, Via, Offered = Appointment.By, AppointmentEvent.Via, WaitingOffer.State
TOMORROW = TODAY + timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


@pytest.fixture
def cast(cast, transport):
    """Vera and Dina wait for lashes, Vera the longer; only Anna does them, and tomorrow at ten she is taken."""
    make_skill(cast.boris, cast.removal)
    make_waiting(cast.vera, services=[cast.lashes], since=NOW - timedelta(days=2), to_day=TOMORROW, from_day=TOMORROW)
    make_waiting(cast.dina, services=[cast.lashes], since=NOW - timedelta(days=1), to_day=TOMORROW, from_day=TOMORROW)
    return cast


def free_ten(cast, now=NOW):
    """Somebody cancels tomorrow's ten o'clock by her link; the rest of the day is taken."""
    for hour, minute in ((9, 0), (10, 0), (11, 30), (13, 0), (14, 30), (16, 0)):
        visit = make_appointment(
            client=make_client(branch=cast.branch, phone=""),
            master=cast.anna,
            starts_at=local(TOMORROW, hour, minute),
            services=[cast.lashes] if hour > 9 else [],
        )
        if hour == 10:
            cancel_appointment(appointment=visit, now=now, by=By.CLIENT, via=Via.LINK)


def minute_of_work(now):
    """What the tick does."""
    offer_freed_times(now=now)
    turn(now)
    end_thoughts(now=now)


def said():
    return [(row.client.name.split()[0], row.kind, row.state) for row in Message.objects.order_by("pk")]


def test_a_freed_time_is_told_within_the_minute_with_day_hour_master_and_until_when(cast, transport):
    free_ten(cast)

    minute_of_work(NOW)

    assert said() == [("Vera", Kind.WAITING_OFFER, "sent")]
    letter = transport.sent[0]
    assert letter.subject == "A time has become free: Thursday, 11 June, 10:00"
    # the clock stands at 11:00, and she may think for thirty minutes
    assert "We keep it for you until 11:30." in letter.text
    assert "with Anna" in letter.text.replace("With", "with")
    assert "/my/o/w" in letter.text


def test_in_the_night_it_waits_for_the_morning_and_so_does_her_time_to_think(cast, transport):
    night = local(TODAY, 23)
    free_ten(cast, now=night)

    minute_of_work(night)
    assert transport.sent == []
    assert WaitingOffer.objects.get().until == local(TOMORROW, 9, 30)

    minute_of_work(local(TOMORROW, 9))
    assert "until 09:30" in transport.sent[0].text


def test_after_a_morning_without_a_worker_she_thinks_from_when_she_hears(cast, transport):
    free_ten(cast)
    offer_freed_times(now=NOW)

    minute_of_work(NOW + timedelta(hours=3))

    assert WaitingOffer.objects.get().until == NOW + timedelta(hours=3, minutes=30)
    assert WaitingOffer.objects.get().state == Offered.OPEN
    assert "until 14:30" in transport.sent[0].text


def test_an_offer_that_is_over_before_it_was_sent_is_not_sent(cast, transport):
    free_ten(cast)
    offer_freed_times(now=NOW)
    decline_offer(offer=WaitingOffer.objects.get(), now=NOW)

    turn(NOW)

    assert said() == []


def test_not_answered_the_next_is_asked_and_the_first_hears_nothing_more(cast, transport):
    free_ten(cast)
    minute_of_work(NOW)

    minute_of_work(NOW + 30 * MINUTE)
    minute_of_work(NOW + 31 * MINUTE)

    assert [entry[:2] for entry in said()] == [("Vera", Kind.WAITING_OFFER), ("Dina", Kind.WAITING_OFFER)]


def test_who_has_no_channel_is_rung_up_by_the_end_of_her_time(cast):
    cast.vera.email = ""
    cast.vera.preferred_channel = "call"
    cast.vera.save()
    ContactPermission.objects.create(client=cast.vera, sms_dead_at=NOW)
    free_ten(cast)

    minute_of_work(NOW)

    call = Call.objects.get()
    assert (call.client, call.kind, call.due_at) == (cast.vera, Kind.WAITING_OFFER, NOW + 30 * MINUTE)
    assert "10:00" in call.what_to_say

    # nobody rang: her time is over, and so is the call
    minute_of_work(NOW + 29 * MINUTE)
    assert Call.objects.exists()
    minute_of_work(NOW + 30 * MINUTE)
    assert not Call.objects.exists()


def test_of_all_who_were_asked_those_too_late_hear_it_kindly_once(cast, transport):
    CrmSettings.objects.create(pk=1, waiting_policy=WaitingPolicy.EVERYONE)
    free_ten(cast)
    minute_of_work(NOW)
    assert "whoever answers first has it" in transport.sent[0].text

    accept_offer(offer=WaitingOffer.objects.get(entry__client=cast.dina), now=NOW + MINUTE, by=By.CLIENT)
    minute_of_work(NOW + 2 * MINUTE)
    minute_of_work(NOW + 3 * MINUTE)

    assert [entry[:2] for entry in said() if entry[0] == "Vera"] == [
        ("Vera", Kind.WAITING_OFFER),
        ("Vera", Kind.WAITING_TAKEN),
    ]
    assert [entry[1] for entry in said() if entry[0] == "Dina"] == [Kind.WAITING_OFFER, Kind.CONFIRMATION]


def test_who_never_heard_of_it_does_not_hear_that_it_is_gone(cast, transport):
    CrmSettings.objects.create(pk=1, waiting_policy=WaitingPolicy.EVERYONE)
    free_ten(cast)
    offer_freed_times(now=NOW)
    accept_offer(offer=WaitingOffer.objects.get(entry__client=cast.dina), now=NOW, by=By.CLIENT)

    minute_of_work(NOW + MINUTE)

    assert [entry for entry in said() if entry[0] == "Vera" and entry[2] == "sent"] == []


# Series --------------------------------------------------------------------


@pytest.fixture
def series(cast):
    days = [TODAY + timedelta(days=2, weeks=3 * number) for number in range(6)]
    book_series(
        client=cast.vera,
        branch=cast.branch,
        services=[cast.lashes],
        dates=[(local(day, 10), cast.anna) for day in days],
        every_weeks=3,
        now=NOW,
        by=By.CLIENT,
        via=Via.LINK,
    )
    return list(Appointment.objects.filter(client=cast.vera).order_by("starts_at"))


def test_a_series_is_confirmed_in_one_message_and_reminded_of_each_time(series, transport):
    switch_everything_on(NOW - timedelta(days=200))
    turn(NOW)

    letter = transport.sent[0]
    assert [row.kind for row in Message.objects.filter(client=series[0].client)] == [Kind.CONFIRMATION]
    # 12 June, and five more every three weeks
    assert "Friday, 12 June, 10:00" in letter.text
    for day in ("3 July", "24 July", "14 August", "4 September", "25 September"):
        assert f"Friday, {day}, 10:00" in letter.text

    assert [file.name for file in letter.attachments] == [
        "appointment.ics",
        *(f"appointment-{number}.ics" for number in range(2, 7)),
    ]

    # weeks later nothing is confirmed anew, and each visit has its reminder
    turn(series[1].starts_at - timedelta(hours=24))
    turn(series[2].starts_at - timedelta(hours=24))
    kinds = list(Message.objects.filter(client=series[0].client).order_by("pk").values_list("kind", "appointment"))
    assert kinds == [
        (Kind.CONFIRMATION, series[0].pk),
        (Kind.REMINDER_24H, series[1].pk),
        (Kind.REMINDER_24H, series[2].pk),
    ]


def test_moving_and_cancelling_all_that_follow_is_told_once(series, transport):
    turn(NOW)
    move_following(
        appointment=series[3], starts_at=local(series[3].on, 12), now=NOW + MINUTE, by=By.SALON, via=Via.LINK
    )
    turn(NOW + MINUTE)
    cancel_following(appointment=series[4], now=NOW + 2 * MINUTE, by=By.CLIENT, via=Via.LINK)
    turn(NOW + 2 * MINUTE)

    assert [row.kind for row in Message.objects.filter(client=series[0].client).order_by("pk")] == [
        Kind.CONFIRMATION,
        Kind.CHANGE,
        Kind.CANCELLATION,
    ]
    moved, cancelled = transport.sent[1].text, transport.sent[2].text
    assert "Friday, 4 September, 12:00" in moved
    assert "Cancelled with it:" in cancelled
    assert "Friday, 25 September, 12:00" in cancelled
