"""Her appointment by link: confirm, move, cancel, calendar file (practices.md, P17)."""

import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from crm.booking.models import Appointment, AppointmentEvent
from reminders.messages.models import Kind, Message
from reminders.messages.tokens import slot_code
from tests.factories import TODAY, local, make_appointment
from tests.reminders.cast import make_told
from tests.reminders.links.conftest import follow, text_of

Status = Appointment.Status


@pytest.fixture
def booked(cast, visitor):
    """Vera's appointment on Friday 11:00, its page open."""
    appointment = make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=local(TODAY + timedelta(days=2), 11),
        services=[cast.lashes],
        told_minutes=105,
    )
    page = follow(visitor, make_told(cast, cast.vera, Kind.REMINDER_24H, appointment=appointment))
    assert page.status_code == 200
    return appointment


def test_page_says_when_what_with_whom_how_long_and_how_much(visitor, booked):
    text = text_of(visitor.get(f"/my/visit/{booked.pk}/"))

    for words in ("Friday, 12 June", "11:00", "Lashes", "with \u2068Anna\u2069", "about 1 hr 45 min", "60"):
        assert words in text


def test_who_has_just_booked_is_not_asked_whether_she_comes(visitor, booked, today):
    Message.objects.filter(appointment=booked).delete()

    page = visitor.get(f"/my/visit/{booked.pk}/")

    assert ("You are booked" in text_of(page), "Yes, I am coming" in text_of(page)) == (True, False)
    assert re.search(r'btn-primary[^>]*href="/my/visit/\d+/appointment.ics"', page.content.decode())
    today.move_to(local(TODAY + timedelta(days=1), 0))
    assert "Yes, I am coming" in text_of(visitor.get(f"/my/visit/{booked.pk}/"))


@pytest.mark.parametrize(("seconds", "said"), [(1, False), (0, True)])
def test_short_notice_is_said_before_she_cancels(visitor, booked, today, seconds, said):
    today.move_to(booked.starts_at - timedelta(hours=24, seconds=seconds))

    assert ("It is short notice by now" in text_of(visitor.get(f"/my/visit/{booked.pk}/cancel/"))) is said


def test_the_time_she_has_is_not_offered_as_another(visitor, booked, cast):
    hers = slot_code(booked.starts_at, cast.anna.pk)

    page = visitor.get(f"/my/visit/{booked.pk}/move/").content.decode()

    assert (hers in page, slot_code(booked.starts_at + timedelta(hours=1), cast.anna.pk) in page) == (False, True)


def test_confirming_acts_once(visitor, booked):
    for _ in range(3):
        assert visitor.post(f"/my/visit/{booked.pk}/confirm/").status_code == 302

    booked.refresh_from_db()
    (event,) = booked.events.filter(kind="confirmed")
    assert (booked.status, event.via) == (Status.CONFIRMED, AppointmentEvent.Via.LINK)
    assert "You have confirmed" in text_of(visitor.get(f"/my/visit/{booked.pk}/"))


def test_confirming_needs_a_post(visitor, booked):
    assert visitor.get(f"/my/visit/{booked.pk}/confirm/").status_code == 405


def test_cancelling_asks_first_and_holds_nothing(visitor, booked):
    asked = visitor.get(f"/my/visit/{booked.pk}/cancel/")
    booked.refresh_from_db()
    assert "Cancel this appointment?" in text_of(asked)
    assert booked.status == Status.BOOKED

    for _ in range(2):
        assert visitor.post(f"/my/visit/{booked.pk}/cancel/").status_code == 302

    booked.refresh_from_db()
    (event,) = booked.events.filter(kind="cancelled")
    assert (booked.status, booked.cancelled_by, event.held_until) == (Status.CANCELLED, "client", None)
    page = visitor.get(f"/my/visit/{booked.pk}/")
    assert "This appointment is cancelled" in text_of(page)
    # no dead end: another one is a tap away
    assert 'href="/book/">Book a visit<' in page.content.decode()


def test_up_to_its_start_and_no_longer(visitor, booked, today):
    today.move_to(booked.starts_at)

    for verb in ("confirm", "cancel"):
        visitor.post(f"/my/visit/{booked.pk}/{verb}/")
    visitor.post(
        f"/my/visit/{booked.pk}/move/", {"slot": slot_code(booked.starts_at + timedelta(days=1), booked.master_id)}
    )

    booked.refresh_from_db()
    assert booked.status == Status.BOOKED
    assert "I cannot come" not in text_of(visitor.get(f"/my/visit/{booked.pk}/"))


def test_moving_to_a_free_slot(visitor, booked, cast):
    page = visitor.get(f"/my/visit/{booked.pk}/move/?day={TODAY + timedelta(days=1)}")
    assert "Thursday, 11 June" in text_of(page)
    new = local(TODAY + timedelta(days=1), 15)

    response = visitor.post(f"/my/visit/{booked.pk}/move/", {"slot": slot_code(new, cast.boris.pk)}, follow=True)

    booked.refresh_from_db()
    assert (booked.starts_at, booked.master) == (new, cast.boris)
    assert "Moved." in text_of(response)
    assert "Thursday, 11 June" in text_of(response)
    # pressed again, it is where it is
    visitor.post(f"/my/visit/{booked.pk}/move/", {"slot": slot_code(new, cast.boris.pk)})
    assert booked.events.filter(kind="moved", via="link").count() == 1


def test_moving_begins_where_the_appointment_is(visitor, cast):
    later = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TODAY + timedelta(days=40), 11), services=[cast.lashes]
    )
    follow(visitor, make_told(cast, cast.vera, Kind.REMINDER_24H, appointment=later))

    page = visitor.get(f"/my/visit/{later.pk}/move/")

    # 40 days are in the third fortnight
    assert "Monday, 20 July" in text_of(page)
    assert "page=1" in page.content.decode()
    assert "page=3" in page.content.decode()


def test_moving_to_a_taken_slot_shows_others(visitor, booked, cast):
    taken = make_appointment(
        client=cast.dina, master=cast.anna, starts_at=local(TODAY + timedelta(days=1), 10), services=[cast.lashes]
    )

    response = visitor.post(f"/my/visit/{booked.pk}/move/", {"slot": slot_code(taken.starts_at, cast.anna.pk)})

    booked.refresh_from_db()
    assert booked.starts_at == local(TODAY + timedelta(days=2), 11)
    assert response.status_code == 200
    assert "This time is taken" in text_of(response)
    assert response.content.decode().count('name="slot"') >= 3


@pytest.mark.parametrize("slot", ["", "nonsense", "zzz-zzz", "1"])
def test_a_slot_that_is_none_is_refused(visitor, booked, slot):
    response = visitor.post(f"/my/visit/{booked.pk}/move/", {"slot": slot})

    assert response.status_code == 200
    assert "This time cannot be read" in text_of(response)


def test_a_master_of_another_branch_cannot_be_chosen(visitor, booked, cast):
    code = slot_code(local(TODAY + timedelta(days=1), 10), cast.outsider.pk)

    response = visitor.post(f"/my/visit/{booked.pk}/move/", {"slot": code})

    booked.refresh_from_db()
    assert booked.master == cast.anna
    assert "This time cannot be read" in text_of(response)


@pytest.mark.parametrize(
    "query", ["day=x", "page=-1", "page=999", "master=x", "master=0&day=2026-02-30", "page=9999999999999999999999"]
)
def test_an_address_changed_by_hand_shows_what_is_free(visitor, booked, query):
    assert visitor.get(f"/my/visit/{booked.pk}/move/?{query}").status_code == 200


def test_calendar_file(visitor, booked):
    response = visitor.get(f"/my/visit/{booked.pk}/appointment.ics")

    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert event["DTSTART"].dt == booked.starts_at
    # what she was told, not the 90 minutes that are planned
    assert event["DTEND"].dt == booked.starts_at + timedelta(minutes=105)
    assert event["SUMMARY"] == "Vesna: your appointment"


def test_a_done_appointment_is_thanked_for(visitor, booked, today):
    Appointment.objects.filter(pk=booked.pk).update(status=Status.DONE)
    today.move_to(booked.starts_at + timedelta(days=1))

    assert "Thank you for coming" in text_of(visitor.get(f"/my/visit/{booked.pk}/"))
