"""Days at the edge of the calendar: looked at, booked, moved to, and kept in mind. Today is 10 June 2026."""

from datetime import date

import pytest
from django.urls import reverse

from crm.booking.models import Appointment
from crm.desk.checkout.forms import Draft
from crm.desk.days import asked_day
from crm.people.models import Note
from tests.factories import TODAY, local, make_appointment, make_note

FAR = "Choose a nearer day."


@pytest.fixture
def browser(cast, desk):
    return desk(cast.receptionist)


@pytest.fixture
def visit(cast):
    return make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TODAY, 11, 30), services=[cast.lashes])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-06-12", date(2026, 6, 12)),
        ("2031-06-10", date(2031, 6, 10)),
        ("2021-06-10", date(2021, 6, 10)),
        ("2032-01-01", TODAY),
        ("0001-01-01", TODAY),
        ("2026-02-31", TODAY),
        ("abc", TODAY),
        ("", TODAY),
    ],
)
def test_a_day_of_an_address_is_within_five_years_or_today(text, day):
    assert asked_day(text, TODAY) == day


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-30", "0001-01-01", "0001-01-02"])
@pytest.mark.parametrize("path", ["/?", "/calendar/?", "/calendar/?view=list&"])
def test_a_day_out_of_reach_is_looked_at_as_today(browser, path, day):
    answer = browser.get(f"{path}day={day}")
    assert (answer.status_code, answer.context["on"]) == (200, TODAY)


def test_a_booking_begun_out_of_reach_begins_today(cast, browser, visit):
    answer = browser.get(reverse("desk:visit_new"), {"client": cast.vera.pk, "day": "9999-12-31"})
    assert (answer.status_code, answer.context["form"]["day"].value()) == (200, TODAY)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2028-12-01"])
def test_a_booking_out_of_reach_is_refused_and_keeps_what_was_typed(cast, browser, day):
    answer = browser.post(
        reverse("desk:visit_new"),
        {
            "client": cast.vera.pk,
            "service": cast.lashes.pk,
            "master": cast.anna.pk,
            "day": day,
            "at": "23:59",
            "wish": "a window seat",
            "outside_hours": "on",
        },
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"day": [FAR]}
    assert "a window seat" in answer.content.decode()
    assert day in answer.content.decode()
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2028-12-01"])
def test_a_move_out_of_reach_is_refused(cast, browser, visit, day):
    answer = browser.post(
        reverse("desk:move", args=[visit.pk]),
        {"day": day, "at": "23:59", "master": cast.anna.pk, "outside_hours": "on"},
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"day": [FAR]}
    visit.refresh_from_db()
    assert visit.starts_at == local(TODAY, 11, 30)


def test_what_is_kept_for_later_is_within_five_years(cast, browser, visit):
    note = make_note(cast.vera, "the exam")
    far = {"text": "loves jazz", "kind": "story", "ask_again_on": "2032-01-01"}
    for name, key in (("note_add", cast.vera.pk), ("note", note.pk), ("heard", visit.pk)):
        answer = browser.post(reverse(f"desk:{name}", args=[key]), far)
        assert answer.status_code == 422
        assert answer.context["form"].errors == {"ask_again_on": [FAR]}
        assert "loves jazz" in answer.content.decode()
    assert Note.objects.get().text == "the exam"
    answer = browser.post(
        reverse("desk:client_status", args=[cast.vera.pk]), {"status": "break", "break_until": "9999-12-31"}
    )
    assert answer.context["form"].errors == {"break_until": [FAR]}
    browser.post(reverse("desk:client_status", args=[cast.vera.pk]), {"status": "break", "break_until": "2030-06-10"})
    cast.vera.refresh_from_db()
    assert cast.vera.break_until == date(2030, 6, 10)


def test_far_day_of_a_tampered_checkout_is_no_slot_and_no_break():
    draft = Draft(key="k", next="9999-12-31T23:00Z 1", until="9999-12-31")

    assert (draft.slot, draft.until_day) == (None, None)
