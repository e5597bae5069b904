"""The pages of the desk answer, with and without rows, for who may see them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import refresh_pulses
from crm.care.models import Call, Complaint
from crm.care.services import ask_for_call, open_complaint
from crm.people.models import Client, HealthNote, HealthNoteReading, Note
from tests.factories import NOW, TODAY, local, make_appointment, make_health_note, make_note, make_visit

Status = Appointment.Status


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def visit(cast):
    return make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TODAY, 11, 30), services=[cast.lashes])


def test_today_of_a_master_shows_her_visits_with_what_matters(cast, desk, visit):
    make_note(cast.vera, "the exam on 12 June", ask_again_on=TODAY)
    make_note(cast.vera, "quiet", kind=Note.Kind.PREFERENCE)
    make_note(cast.vera, "the divorce", kind=Note.Kind.NEVER)
    make_health_note(cast.vera)
    make_appointment(client=cast.dina, master=cast.boris, starts_at=local(TODAY, 13), services=[cast.lashes])
    page = text(desk(cast.user_of(cast.anna)).get("/"))
    for words in ("Vera Example", "Lashes", "Ask about", "the exam on 12 June", "quiet", "health", "She is here"):
        assert words in page
    for words in ("Dina Example", "the divorce", "Allergic"):
        assert words not in page
    assert not HealthNoteReading.objects.exists()


def test_empty_today_says_what_to_do_first(cast, desk):
    assert "Book a visit" in text(desk(cast.receptionist).get("/"))


def test_reception_sees_everybody_and_may_look_at_one(cast, desk, visit):
    make_appointment(client=cast.dina, master=cast.boris, starts_at=local(TODAY, 13), services=[cast.lashes])
    browser = desk(cast.receptionist)
    everybody = text(browser.get("/"))
    assert "Vera Example" in everybody
    assert "Dina Example" in everybody
    boris = text(browser.get(f"/?master={cast.boris.pk}"))
    assert "Vera Example" not in boris
    assert "Dina Example" in boris


def test_times_are_those_of_the_branch(cast, desk, visit):
    assert ">11:30</time>" in text(desk(cast.user_of(cast.anna)).get("/"))


def test_arrival_is_one_tap_and_can_be_undone(cast, desk, visit):
    browser = desk(cast.user_of(cast.anna))
    page = browser.post(reverse("desk:arrive", args=[visit.pk]), {"next": "/"}, follow=True)
    visit.refresh_from_db()
    assert (visit.status, visit.arrived_at) == (Status.ARRIVED, NOW)
    assert "\u2068Vera Example\u2069 is here." in text(page)
    event = visit.events.get()
    back = browser.post(reverse("desk:undo", args=[event.pk]) + "?next=/")
    visit.refresh_from_db()
    assert (back.url, visit.status) == ("/", Status.BOOKED)


def test_a_wait_over_ten_minutes_is_flagged_with_her_drink(cast, desk, visit, clock):
    Client.objects.filter(pk=cast.vera.pk).update(drink="green tea")
    since = NOW - timedelta(minutes=10)
    Appointment.objects.filter(pk=visit.pk).update(status=Status.ARRIVED, starts_at=since, arrived_at=since)
    browser = desk(cast.receptionist)
    page = text(browser.get("/"))
    assert "green tea" in page
    assert "too long" not in page
    clock.shift(timedelta(minutes=1))
    assert "too long" in text(browser.get("/"))


def test_visit_page_shows_health_to_who_treats_her_and_records_the_reading(cast, desk, visit):
    make_health_note(cast.vera, "Allergic to glue")
    address = reverse("desk:visit", args=[visit.pk])
    assert "Allergic to glue" in text(desk(cast.user_of(cast.boris)).get(address))
    assert HealthNoteReading.objects.get().user == cast.user_of(cast.boris)
    assert "Allergic to glue" not in text(desk(cast.receptionist).get(address))
    assert HealthNoteReading.objects.count() == 1


def test_what_was_asked_is_ticked_and_what_was_heard_is_kept(cast, desk, visit):
    note = make_note(cast.vera, "the exam", ask_again_on=TODAY)
    desk(cast.user_of(cast.anna)).post(
        reverse("desk:heard", args=[visit.pk]),
        {"asked": [note.pk], "text": "She passed", "ask_again_on": "2026-07-01"},
    )
    note.refresh_from_db()
    heard = Note.objects.get(text="She passed")
    assert (note.asked_on, heard.author, heard.ask_again_on.isoformat()) == (
        TODAY,
        cast.user_of(cast.anna),
        "2026-07-01",
    )


def test_a_rejected_form_comes_back_filled(cast, desk, visit):
    answer = desk(cast.user_of(cast.anna)).post(
        reverse("desk:heard", args=[visit.pk]), {"text": "She passed", "ask_again_on": "the day after"}
    )
    assert answer.status_code == 422
    assert "She passed" in text(answer)


def test_cancelling_holds_the_message_until_it_is_sent_now(cast, desk, visit):
    browser = desk(cast.receptionist)
    page = browser.post(reverse("desk:cancel", args=[visit.pk]), {"by": "client", "reason": "ill"}, follow=True)
    assert "Her message waits until 11:10" in text(page)
    event = visit.events.get()
    browser.post(reverse("desk:send_now", args=[event.pk]))
    event.refresh_from_db()
    visit.refresh_from_db()
    assert (visit.status, visit.cancel_reason, event.held_until) == (Status.CANCELLED, "ill", NOW)


def test_moving_onto_taken_time_is_answered_with_free_ones(cast, desk, visit):
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(TODAY, 14), services=[cast.lashes])
    browser = desk(cast.receptionist)
    wanted = {"day": TODAY.isoformat(), "at": "14:30", "master": cast.anna.pk}
    answer = browser.post(reverse("desk:move", args=[visit.pk]), wanted)
    assert answer.status_code == 422
    assert "This time is taken" in text(answer)
    browser.post(reverse("desk:move", args=[visit.pk]), {"slot": f"{TODAY.isoformat()}|15:30|{cast.anna.pk}"})
    visit.refresh_from_db()
    assert visit.starts_at == local(TODAY, 15, 30)


def test_moving_outside_hours_needs_a_word(cast, desk, visit):
    browser = desk(cast.receptionist)
    wanted = {"day": TODAY.isoformat(), "at": "20:00", "master": cast.anna.pk}
    answer = browser.post(reverse("desk:move", args=[visit.pk]), wanted)
    assert "It is agreed" in text(answer)
    browser.post(reverse("desk:move", args=[visit.pk]), wanted | {"outside_hours": "on"})
    visit.refresh_from_db()
    assert visit.starts_at == local(TODAY, 20)


def test_a_new_client_with_a_visit_takes_five_fields(cast, desk):
    browser = desk(cast.receptionist)
    answer = browser.post(
        reverse("desk:client_new"),
        {
            "name": "Mia Example",
            "phone": "+38761100777",
            "service": cast.lashes.pk,
            "master": cast.boris.pk,
            "slot": f"{TODAY.isoformat()}|15:00|{cast.boris.pk}",
        },
        follow=True,
    )
    assert "\u2068Mia Example\u2069 is booked" in text(answer)
    appointment = Appointment.objects.get()
    assert (appointment.client.name, appointment.master, appointment.starts_at) == (
        "Mia Example",
        cast.boris,
        local(TODAY, 15),
    )


def test_a_refused_booking_writes_no_client(cast, desk):
    wanted = {"name": "Mia Example", "phone": "12", "service": cast.lashes.pk, "day": TODAY.isoformat(), "at": "15:00"}
    answer = desk(cast.receptionist).post(reverse("desk:client_new"), wanted)
    assert answer.status_code == 422
    assert "Mia Example" in text(answer)
    assert not Client.objects.filter(name="Mia Example").exists()
    answer = desk(cast.receptionist).post(
        reverse("desk:client_new"), wanted | {"phone": "+38761100777", "at": "20:00", "master": cast.anna.pk}
    )
    assert (answer.status_code, Client.objects.filter(name="Mia Example").exists()) == (422, False)


def test_whoever_is_free_is_booked(cast, desk, visit):
    desk(cast.receptionist).post(
        reverse("desk:visit_new"),
        {"client": cast.dina.pk, "service": cast.lashes.pk, "master": 0, "day": TODAY.isoformat(), "at": "11:30"},
    )
    assert Appointment.objects.get(client=cast.dina).master == cast.boris


def test_booking_a_known_client_proposes_free_times_for_what_she_had(cast, desk):
    make_appointment(
        client=cast.vera,
        master=cast.boris,
        starts_at=local(TODAY - timedelta(days=20), 15),
        services=[cast.lashes],
        status=Status.DONE,
    )
    make_visit(cast.vera, TODAY - timedelta(days=20), services=[cast.lashes], master=cast.boris)
    page = text(desk(cast.receptionist).get(reverse("desk:visit_new"), {"client": cast.vera.pk}))
    assert f'value="{cast.lashes.pk}" selected' in page
    assert page.count('name="slot"') == 3


def test_search_finds_without_and_with_htmx(cast, desk):
    browser = desk(cast.receptionist)
    whole = text(browser.get("/clients/", {"q": "vera"}))
    assert "<html" in whole
    assert "Vera Example" in whole
    part = text(browser.get("/clients/", {"q": "vera"}, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "Vera Example" in part


def test_client_card_hides_what_she_must_not_see_over_the_shoulder(cast, desk, visit):
    make_note(cast.vera, "the divorce", kind=Note.Kind.NEVER)
    make_note(cast.vera, "loves jazz")
    make_health_note(cast.vera, "Allergic to glue")
    open_complaint(client=cast.vera, branch=cast.branch, text="Too short", now=NOW, user=cast.owner)
    browser = desk(cast.user_of(cast.anna))
    whole = text(browser.get(reverse("desk:client", args=[cast.vera.pk])))
    for words in ("the divorce", "loves jazz", "Allergic to glue", "Too short"):
        assert words in whole
    shown = text(browser.get(reverse("desk:client", args=[cast.vera.pk]), {"shown": "1"}))
    assert "loves jazz" in shown
    for words in ("the divorce", "Allergic to glue", "Too short"):
        assert words not in shown


def test_outsider_sees_contacts_but_nothing_of_the_branch(cast, desk, visit):
    make_health_note(cast.vera, "Allergic to glue")
    open_complaint(client=cast.vera, branch=cast.branch, text="Too short", now=NOW, user=cast.owner)
    browser = desk(cast.user_of(cast.outsider))
    page = text(browser.get(reverse("desk:client", args=[cast.vera.pk])))
    assert "+38761100101" in page
    for words in ("Allergic to glue", "Too short", "Lashes"):
        assert words not in page
    # the other branch may have written to her: only of this one can it be said
    assert "This branch has sent her nothing yet." in page
    assert browser.get(reverse("desk:visit", args=[visit.pk])).status_code == 404
    assert "Vera" not in text(browser.get("/"))
    assert "Vera" not in text(browser.get("/calendar/"))


def test_a_note_is_added_edited_pinned_asked_removed_and_restored(cast, desk):
    browser = desk(cast.user_of(cast.anna))
    browser.post(reverse("desk:note_add", args=[cast.vera.pk]), {"text": "loves jazz"})
    note = Note.objects.get()
    browser.post(
        reverse("desk:note", args=[note.pk]),
        {"text": "loves swing", "kind": "preference", "ask_again_on": TODAY.isoformat()},
    )
    browser.post(reverse("desk:note_pin", args=[note.pk]))
    browser.post(reverse("desk:note_asked", args=[note.pk]))
    note.refresh_from_db()
    assert (note.text, note.kind, note.is_pinned, note.asked_on) == ("loves swing", "preference", True, TODAY)
    browser.post(reverse("desk:note_unasked", args=[note.pk]))
    page = browser.post(reverse("desk:note_remove", args=[note.pk]), follow=True)
    assert not Note.objects.exists()
    assert reverse("desk:note_restore", args=[cast.vera.pk, note.pk]) in text(page)
    browser.post(reverse("desk:note_restore", args=[cast.vera.pk, note.pk]))
    assert Note.objects.get().text == "loves swing"


def test_a_health_note_is_kept_apart_and_retired_by_who_treats_her(cast, desk):
    desk(cast.receptionist).post(
        reverse("desk:note_add", args=[cast.vera.pk]), {"text": "Allergic to glue", "kind": "health"}
    )
    assert not Note.objects.exists()
    note = HealthNote.objects.get()
    address = reverse("desk:health_retire", args=[note.pk])
    assert desk(cast.receptionist).post(address).status_code == 403
    assert desk(cast.user_of(cast.outsider)).post(address).status_code == 404
    desk(cast.user_of(cast.anna)).post(address)
    note.refresh_from_db()
    assert not note.is_current


def test_contacts_and_a_break_are_changed(cast, desk):
    browser = desk(cast.receptionist)
    browser.post(
        reverse("desk:client_edit", args=[cast.vera.pk]),
        {"name": "Vera Renamed", "phone": "+38761100109", "birth_day": "3", "birth_month": "5"},
    )
    browser.post(reverse("desk:client_status", args=[cast.vera.pk]), {"status": "break", "break_until": "2026-08-01"})
    cast.vera.refresh_from_db()
    assert (cast.vera.name, cast.vera.phone, cast.vera.birth_month) == ("Vera Renamed", "+38761100109", 5)
    assert (cast.vera.status, cast.vera.break_until.isoformat()) == ("break", "2026-08-01")
    half = browser.post(reverse("desk:client_edit", args=[cast.vera.pk]), {"name": "V", "birth_day": "3"})
    assert half.status_code == 422


def test_a_complaint_is_opened_answered_closed_and_reopened_at_the_desk(cast, desk, visit):
    browser = desk(cast.user_of(cast.anna))
    browser.post(
        reverse("desk:complaint_new"),
        {"client": cast.vera.pk, "visit": visit.pk, "text": "Too short", "is_urgent": "on"},
    )
    complaint = Complaint.objects.get()
    assert (complaint.appointment, complaint.owner, complaint.is_urgent) == (visit, cast.user_of(cast.anna), True)
    browser.post(reverse("desk:complaint_answer", args=[complaint.pk]), {"text": "We are sorry"})
    refused = browser.post(
        reverse("desk:complaint_resolve", args=[complaint.pk]), {"outcome": "declined", "resolution": "no"}
    )
    assert refused.status_code == 422
    browser.post(reverse("desk:complaint_resolve", args=[complaint.pk]), {"outcome": "solved", "resolution": "Redone"})
    complaint.refresh_from_db()
    assert complaint.outcome == "solved"
    browser.post(reverse("desk:complaint_reopen", args=[complaint.pk]))
    complaint.refresh_from_db()
    assert complaint.resolved_at is None
    assert "We are sorry" in text(browser.get(reverse("desk:complaint", args=[complaint.pk])))


def test_a_call_is_ticked_with_what_came_of_it(cast, desk):
    call = ask_for_call(
        client=cast.vera, branch=cast.branch, kind="feedback", key="x", due_at=NOW, now=NOW, what_to_say="Ask her"
    )
    browser = desk(cast.user_of(cast.anna))
    assert "Ask her" in text(browser.get("/calls/"))
    browser.post(reverse("desk:call_done", args=[call.pk]), {"outcome": "nonsense"})
    assert Call.objects.get().done_at is None
    browser.post(reverse("desk:call_done", args=[call.pk]), {"outcome": "reached", "remark": "happy"})
    assert Call.objects.get().remark == "happy"
    browser.post(reverse("desk:call_undo", args=[call.pk]))
    assert Call.objects.get().done_at is None
    booked = browser.post(reverse("desk:call_done", args=[call.pk]), {"outcome": "booked"})
    assert booked.url == f"/visits/new/?client={cast.vera.pk}"


def test_calendar_shows_the_day_by_master_and_as_a_list(cast, desk, visit):
    browser = desk(cast.user_of(cast.boris))
    for address in ("/calendar/", "/calendar/?view=list", "/calendar/?day=2026-06-14", "/calendar/?day=nonsense"):
        page = text(browser.get(address))
        assert "Anna" in page
        assert ("Vera Example" in page) == ("06-14" not in address)


def test_gaps_are_shown_with_their_length_and_lead_to_the_form(cast, desk, visit):
    page = text(desk(cast.user_of(cast.anna)).get("/"))
    # 11:00 to 11:30 and 13:00 to 18:00
    assert "Free for 30 min" in page
    assert "Free for 5 h" in page
    assert f"/visits/new/?master={cast.anna.pk}&amp;day=2026-06-10&amp;at=13%3A00" in page


def test_a_gap_says_whom_it_would_suit_if_her_visit_fits_into_it(cast, desk, visit):
    # her lashes took 90 minutes; without a rhythm of her own she is awaited after 30 days
    make_appointment(
        client=cast.dina,
        master=cast.anna,
        starts_at=local(TODAY - timedelta(days=32), 10),
        services=[cast.lashes],
        status=Status.DONE,
    )
    make_visit(cast.dina, TODAY - timedelta(days=32), services=[cast.lashes], master=cast.anna)
    refresh_pulses(client_ids=[cast.dina.pk], now=NOW)

    page = text(desk(cast.user_of(cast.anna)).get("/"))

    assert page.count("Would suit") == 1
    assert 'Free for 5 h <span class="sub">Would suit \u2068Dina Example\u2069, 2 days late</span>' in page
    assert f"at=13%3A00&amp;client={cast.dina.pk}" in page


def test_a_visit_nobody_closed_is_asked_for(cast, desk):
    old = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=NOW - timedelta(days=2), services=[cast.lashes]
    )
    browser = desk(cast.receptionist)
    assert "How did these end?" in text(browser.get("/"))
    browser.post(reverse("desk:finish", args=[old.pk]))
    old.refresh_from_db()
    assert old.status == Status.DONE
    assert AppointmentEvent.objects.get().kind == "done"


def test_the_owner_of_several_branches_chooses_one(cast, desk):
    browser = desk(cast.owner)
    assert "Hill</option>" in text(browser.get("/"))
    browser.post("/branch/", {"branch": cast.elsewhere.pk})
    assert "Oto" in text(browser.get("/calendar/"))
    desk(cast.receptionist).post("/branch/", {"branch": cast.elsewhere.pk})
    assert "Anna" in text(desk(cast.receptionist).get("/calendar/"))


def test_nobody_without_login_gets_in(cast, client):
    assert client.get("/").url == "/accounts/login/?next=/"


@pytest.mark.parametrize("count", [1, 40])
def test_today_takes_at_most_twelve_queries_whatever_its_length(cast, desk, count, django_assert_max_num_queries):
    for n in range(count):
        appointment = make_appointment(
            client=cast.vera,
            master=cast.anna,
            starts_at=local(TODAY, 9) + timedelta(minutes=12 * n),
            minutes=10,
            services=[cast.lashes],
        )
        if n % 5 == 4:
            Appointment.objects.filter(pk=appointment.pk).update(status=Status.ARRIVED, arrived_at=NOW)
    make_note(cast.vera, ask_again_on=TODAY)
    make_health_note(cast.vera)
    open_complaint(client=cast.vera, branch=cast.branch, text="Too short", now=NOW, user=cast.owner)
    ask_for_call(client=cast.vera, branch=cast.branch, kind="feedback", key="x", due_at=NOW, now=NOW)
    browser = desk(cast.user_of(cast.anna))
    # beside them session, user and settings
    with django_assert_max_num_queries(12 + 3):
        assert browser.get("/").status_code == 200


@pytest.mark.parametrize("count", [1, 300])
def test_a_client_card_takes_at_most_twelve_queries_whatever_her_history(
    cast, desk, count, django_assert_max_num_queries
):
    for n in range(count):
        make_visit(cast.vera, TODAY - timedelta(days=n + 1), services=[cast.lashes], master=cast.anna)
    for n in range(min(count, 40)):
        make_appointment(
            client=cast.vera,
            master=cast.anna,
            starts_at=NOW - timedelta(days=n + 1),
            services=[cast.lashes],
            status=Status.CANCELLED,
        )
        make_note(cast.vera)
    make_health_note(cast.vera)
    open_complaint(client=cast.vera, branch=cast.branch, text="Too short", now=NOW, user=cast.owner)
    browser = desk(cast.user_of(cast.anna))
    with django_assert_max_num_queries(12 + 3):
        assert browser.get(reverse("desk:client", args=[cast.vera.pk])).status_code == 200


def test_moving_offers_a_few_times_of_each_day_but_not_her_own(cast, desk, visit):
    page = text(desk(cast.receptionist).get(reverse("desk:move", args=[visit.pk])))
    # today 11:00 to 16:30, but for the 11:30 she has; tomorrow 9:00 to 16:30; Sunday none
    assert re.findall(r'name="slot" value="(2026-06-1[01]\|[\d:]+)', page) == [
        "2026-06-10|11:00",
        "2026-06-10|13:45",
        "2026-06-10|16:30",
        "2026-06-11|09:00",
        "2026-06-11|12:45",
        "2026-06-11|16:30",
    ]
    assert page.count('name="slot"') == 6 * 3


def test_a_second_press_for_a_newcomer_with_anyone_finds_what_the_first_has_booked(cast, desk):
    page = desk(cast.receptionist)
    form = {
        "name": "Nova Example",
        "phone": "+38761100777",
        "service": cast.lashes.pk,
        "master": 0,
        "day": TODAY + timedelta(days=1),
        "at": "10:00",
    }

    # Anna is taken by then, and Boris free
    first, second = (page.post(reverse("desk:client_new"), form) for _press in range(2))

    assert first.url == second.url
    assert (Client.objects.filter(name="Nova Example").count(), Appointment.objects.count()) == (1, 1)
    # somebody else of the same name has another number
    page.post(reverse("desk:client_new"), form | {"phone": "+38761100778"})
    assert Appointment.objects.count() == 2
