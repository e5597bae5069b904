"""The calendar: what it draws, what its steps answer, who may take them, and what it costs. Today is 10 June 2026."""

import os
import re
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.booking.models import (
    Appointment,
    AppointmentEvent,
    AppointmentService,
    FreedTime,
    RoomHold,
    WaitingEntry,
    WaitingOffer,
)
from crm.booking.services import arrive, book_appointment, cancel_appointment
from crm.catalogue.models import Room
from crm.desk.calendar.feed import visit_blocks
from crm.desk.calendar.parts import Part, parts_of
from crm.desk.calendar.reading import shown
from crm.desk.calendar.selectors import calendar_of, calendar_stamp
from crm.desk.calendar.span import Span
from crm.team.models import Branch, Closure, SpecialHours, TimeOff, WorkingHours
from crm.team.selectors import masters_of
from tests.crm.office.folders import take_in
from tests.factories import (
    NOW,
    SARAJEVO,
    TODAY,
    local,
    make_appointment,
    make_client,
    make_hours,
    make_master,
    make_skill,
    make_time_off,
)

REAL = Path(os.environ.get("SALON2018_DIR", "../shared/data/salon2018"))
Status = Appointment.Status
TOMORROW = TODAY + timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def browser(cast, desk):
    return desk(cast.receptionist)


@pytest.fixture
def visit(cast):
    """Vera, tomorrow at 10:00 for 90 minutes with Anna."""
    return make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TOMORROW, 10), services=[cast.lashes])


def feed_of(browser, **query):
    return browser.get(reverse("desk:calendar_feed"), query).json()


def blocks(feed):
    return [event for event in feed["events"] if event.get("display") != "background"]


def shades(feed, kind):
    return [
        (event["start"][11:16], event["end"][11:16], event["title"])
        for event in feed["events"]
        if event["classNames"] == [f"cal-{kind}"]
    ]


def move(browser, visit, **fields):
    asked = {"day": TOMORROW.isoformat(), "at": "10:00", "master": visit.master_id, "sequence": visit.sequence}
    return browser.post(reverse("desk:calendar_move", args=[visit.pk]), asked | fields)


# ---------- What is drawn ----------


def test_a_visit_stands_in_its_masters_column_at_the_branchs_hour(cast, browser, visit):
    (block,) = blocks(feed_of(browser, day=TOMORROW.isoformat()))

    assert (block["resourceIds"], block["start"], block["end"]) == (
        [str(cast.anna.pk)],
        "2026-06-11T10:00:00",
        "2026-06-11T11:30:00",
    )
    assert (block["title"], block["extendedProps"]["what"], block["classNames"]) == (
        "Vera Example",
        "Lashes",
        ["is-booked"],
    )


def test_a_visit_of_two_masters_stands_in_both_columns(cast, browser):
    visit = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TODAY, 12), services=[cast.lashes, cast.removal]
    )
    AppointmentService.objects.filter(appointment=visit, position=1).update(master=cast.boris)

    found = [(block["resourceIds"], block["start"][11:16], block["end"][11:16]) for block in blocks(feed_of(browser))]

    # 90 minutes of lashes, then 30 of removal
    assert found == [([str(cast.anna.pk)], "12:00", "13:30"), ([str(cast.boris.pk)], "13:30", "14:00")]


def test_a_part_of_hers_is_in_her_week(cast, browser):
    visit = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TODAY, 12), services=[cast.lashes, cast.removal]
    )
    AppointmentService.objects.filter(appointment=visit, position=1).update(master=cast.boris)

    (block,) = blocks(feed_of(browser, view="week", master=cast.boris.pk))

    assert block["start"] == "2026-06-10T13:30:00"


def test_an_end_that_was_stretched_belongs_to_the_last_part(cast):
    visit = make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=local(TODAY, 12),
        services=[cast.lashes, cast.removal],
        minutes=150,
    )
    AppointmentService.objects.filter(appointment=visit, position=1).update(master=cast.boris)
    (found,) = calendar_of(branch=cast.branch, first_on=TODAY, last_on=TODAY)

    assert parts_of(found) == [Part(cast.anna.pk, 0, 90), Part(cast.boris.pk, 90, 150)]


def test_the_room_is_named(cast, browser, visit):
    room = Room.objects.create(branch=cast.branch, name="The blue room")
    RoomHold.objects.create(appointment=visit, room=room, starts_at=visit.starts_at, ends_at=visit.ends_at)

    (block,) = blocks(feed_of(browser, day=TOMORROW.isoformat()))

    assert block["extendedProps"]["where"] == "The blue room"
    sheet = browser.get(reverse("desk:calendar_visit", args=[visit.pk])).content.decode()
    assert "The blue room" in sheet


def test_cancelled_visits_leave_their_place_to_others(cast, browser, visit):
    cancel_appointment(appointment=visit, now=NOW, by=Appointment.By.CLIENT, via=AppointmentEvent.Via.DESK)

    assert blocks(feed_of(browser, day=TOMORROW.isoformat())) == []


def test_imported_bookings_of_2018_appear_side_by_side_and_those_without_an_hour_above(cast, browser):
    on = date(2018, 3, 14)
    for client, starts_at in ((cast.vera, local(on, 10)), (cast.dina, local(on, 10, 30))):
        make_appointment(
            client=client,
            master=cast.anna,
            starts_at=starts_at,
            status=Status.DONE,
            services=[cast.lashes],
            is_imported=True,
        )
    without = make_appointment(
        client=cast.leila, master=cast.anna, starts_at=local(on, 12), status=Status.DONE, services=[cast.lashes]
    )
    Appointment.objects.filter(pk=without.pk).update(starts_at=None, ends_at=None)

    day = blocks(feed_of(browser, day="2018-03-14"))
    week = blocks(feed_of(browser, view="week", day="2018-03-12", master=cast.anna.pk))

    # above the hours or at them; none of them can be dragged
    expected = {
        "Vera Example": (None, "2018-03-14T10:00:00", False),
        "Dina Example": (None, "2018-03-14T10:30:00", False),
        "Leila Example": (True, "2018-03-14", False),
    }
    for drawn in (day, week):
        assert {
            block["title"]: (block.get("allDay"), block["start"], block["startEditable"]) for block in drawn
        } == expected


def test_who_has_left_keeps_the_column_of_her_visits(cast, browser, visit):
    cast.anna.is_active = False
    cast.anna.save()

    assert [master["title"] for master in feed_of(browser, day=TOMORROW.isoformat())["masters"]] == ["Boris", "Anna"]
    assert [master["title"] for master in feed_of(browser)["masters"]] == ["Boris"]


def test_who_has_left_has_no_free_time_and_her_week_stays_within_reach(cast, browser, visit):
    cast.anna.is_active = False
    cast.anna.save()

    day = feed_of(browser, day=TOMORROW.isoformat())
    week = browser.get(reverse("desk:calendar"), {"view": "week", "master": cast.anna.pk, "day": TOMORROW.isoformat()})

    assert [master["hours"] for master in day["masters"]][1] == "no longer works here"
    hers = [event for event in day["events"] if event["resourceIds"] == [str(cast.anna.pk)]]
    assert shades({"events": hers}, "shut") == [("00:00", "00:00", "")]
    assert [chip["label"] for chip in week.context["chips"] if chip["current"]] == ["Anna"]


def test_a_day_off_stands_over_the_column_instead_of_the_hours(cast, browser):
    make_time_off(cast.anna, local(TODAY, 0), local(TOMORROW, 0), "ill")

    assert feed_of(browser)["masters"][0]["hours"] == "Time off"


def test_hours_breaks_and_time_off_are_shaded(cast, browser):
    WorkingHours.objects.filter(master=cast.anna).delete()
    make_hours(cast.anna, time(9), time(12))
    make_hours(cast.anna, time(13), time(17))
    make_time_off(cast.anna, local(TODAY, 15), local(TODAY, 16), "dentist")

    feed = feed_of(browser, view="week", master=cast.anna.pk)

    today = [event for event in feed["events"] if event["start"].startswith(TODAY.isoformat())]
    assert shades({"events": today}, "shut") == [("00:00", "09:00", ""), ("17:00", "00:00", "")]
    assert shades({"events": today}, "break") == [("12:00", "13:00", "Break")]
    assert shades({"events": today}, "off") == [("15:00", "16:00", "dentist")]


def make_offer(cast, starts_at):
    """The hour is kept for Dina, who waits, until 11:40 (now is 11:00)."""
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=starts_at, services=[cast.removal])
    cancel_appointment(appointment=visit, now=NOW, by=Appointment.By.CLIENT, via=AppointmentEvent.Via.LINK)
    entry = WaitingEntry.objects.create(
        client=cast.dina, branch=cast.branch, from_day=TODAY, to_day=TOMORROW, created_at=NOW
    )
    return WaitingOffer.objects.create(
        entry=entry,
        freed=FreedTime.objects.get(),
        master=cast.anna,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        offered_at=NOW,
        until=NOW + timedelta(minutes=40),
    )


def test_a_time_kept_for_who_waits_is_shaded_until_the_offer_is_over(cast, browser, clock):
    make_offer(cast, local(TODAY, 15))
    kept = ("15:00", "15:30", "Kept for \u2068Dina Example\u2069 until 11:40")

    first = feed_of(browser)
    clock.move_to(NOW + timedelta(minutes=41))
    then = feed_of(browser)

    assert (shades(first, "kept"), shades(then, "kept")) == ([kept], [])
    assert first["stamp"] != then["stamp"]


def test_of_days_gone_by_the_hours_are_not_made_up(cast, browser):
    WorkingHours.objects.filter(master=cast.anna).delete()
    yesterday = TODAY - timedelta(days=1)
    make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(yesterday, 10), services=[cast.lashes], status=Status.DONE
    )

    # she was there; that nobody knows until when is no shade
    gone = feed_of(browser, day=yesterday.isoformat())
    assert [event for event in gone["events"] if event["resourceIds"] == [str(cast.anna.pk)]] == blocks(gone)
    assert gone["masters"][0]["hours"] == ""
    assert feed_of(browser)["masters"][0]["hours"] == "not here"


def test_a_closed_day_says_why(cast, browser):
    Closure.objects.create(branch=cast.branch, first_on=TODAY, last_on=TODAY, name="Midsummer")
    WorkingHours.objects.filter(master__branch=cast.branch).delete()

    assert shades(feed_of(browser), "closed") == [("00:00", "00:00", "Midsummer")] * 2


def test_the_hours_shown_reach_from_the_first_to_the_last(cast, browser):
    make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TODAY, 7, 30), services=[cast.lashes])
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(TODAY, 19), services=[cast.lashes])

    feed = feed_of(browser)

    # 7:30 begins in the hour of 7; 19:00 and 90 minutes end in the hour before 21
    assert (feed["from"], feed["to"]) == ("07:00", "21:00")


@pytest.mark.parametrize(
    ("language", "country", "first"), [("en", "", "2026-06-08"), ("bs", "BA", "2026-06-08"), ("ar", "SA", "2026-06-07")]
)
def test_a_week_begins_as_the_country_has_it(cast, browser, language, country, first):
    cast.branch.country = country
    cast.branch.save()
    browser.cookies["django_language"] = language

    # 10 June 2026 is a Wednesday
    assert feed_of(browser, view="week")["first_on"] == first


def test_without_a_script_the_page_has_the_same_visits(cast, browser, visit):
    day = {"day": TOMORROW.isoformat()}
    for query in (day, day | {"view": "list"}, day | {"view": "week"}):
        page = browser.get(reverse("desk:calendar"), query).content.decode()
        assert page.count(f'href="{reverse("desk:visit", args=[visit.pk])}"') == 1, query


# ---------- What it costs ----------


def busy_day(cast, *, masters, visits):
    room = Room.objects.create(branch=cast.branch, name="Chair")
    team = [make_master(branch=cast.branch) for _ in range(masters)]
    for number in range(visits):
        appointment = make_appointment(
            client=make_client(branch=cast.branch),
            master=team[number % masters],
            starts_at=local(TODAY, 9) + timedelta(minutes=45 * (number // masters)),
            services=[cast.lashes],
            minutes=45,
        )
        RoomHold.objects.create(
            appointment=appointment,
            room=room,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            holds=False,
        )
        AppointmentService.objects.filter(appointment=appointment).update(master=team[(number + 1) % masters])
    for master in team:
        make_time_off(master, local(TODAY, 17), local(TODAY, 18))


# session, user, her branch with what waits in the inbox, and the settings
BESIDE = 4


# at most twelve beside session, user and settings
@pytest.mark.parametrize(("masters", "visits"), [(1, 1), (20, 30), (20, 200)])
def test_a_day_with_its_data_takes_eleven_queries(cast, browser, django_assert_num_queries, masters, visits):
    busy_day(cast, masters=masters, visits=visits)

    with django_assert_num_queries(11 + BESIDE):
        page = browser.get(reverse("desk:calendar"))

    assert len(blocks(page.context["feed"])) == visits


@pytest.mark.parametrize(("masters", "visits"), [(1, 1), (20, 30)])
def test_a_second_look_takes_no_more(cast, browser, django_assert_num_queries, masters, visits):
    busy_day(cast, masters=masters, visits=visits)

    with django_assert_num_queries(11 + BESIDE):
        browser.get(reverse("desk:calendar_feed"))


@pytest.mark.parametrize(("masters", "visits"), [(1, 1), (20, 30)])
def test_to_ask_whether_anything_changed_takes_two_queries(cast, browser, django_assert_num_queries, masters, visits):
    busy_day(cast, masters=masters, visits=visits)

    with django_assert_num_queries(2 + BESIDE):
        browser.get(reverse("desk:calendar_stamp"))


# ---------- What another desk sees ----------


def test_the_stamp_stays_while_nothing_happens(cast, browser, visit):
    first = browser.get(reverse("desk:calendar_stamp")).json()

    assert first == browser.get(reverse("desk:calendar_stamp")).json()
    assert first["stamp"] == feed_of(browser)["stamp"]


@pytest.mark.parametrize("what", ["event", "off", "off ends", "week", "date", "closed"])
def test_the_stamp_changes_with_whatever_is_drawn(cast, what):
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW + HOUR, services=[cast.lashes])
    off = make_time_off(cast.anna, local(TOMORROW, 9), local(TOMORROW, 10))
    before = calendar_stamp(branch=cast.branch, now=NOW)

    match what:
        case "event":
            arrive(appointment=visit, now=NOW)
        case "off":
            make_time_off(cast.boris, local(TOMORROW, 9), local(TOMORROW, 10))
        case "off ends":
            off.delete()
        case "week":
            WorkingHours.objects.filter(master=cast.anna, weekday=0).update(ends=time(17))
        case "date":
            SpecialHours.objects.create(master=cast.anna, on=TOMORROW, starts=time(10), ends=time(12))
        case "closed":
            Closure.objects.create(branch=cast.branch, first_on=TOMORROW, last_on=TOMORROW)

    assert calendar_stamp(branch=cast.branch, now=NOW) != before


def test_what_happens_elsewhere_changes_no_stamp_here(cast):
    visit = make_appointment(client=cast.vera, master=cast.outsider, starts_at=NOW + HOUR)
    before = calendar_stamp(branch=cast.branch, now=NOW)

    arrive(appointment=visit, now=NOW)
    make_time_off(cast.outsider, local(TOMORROW, 9), local(TOMORROW, 10))

    assert calendar_stamp(branch=cast.branch, now=NOW) == before


# ---------- Steps ----------


def test_a_visit_is_moved_and_the_move_taken_back(cast, browser, visit):
    done = move(browser, visit, at="14:15", master=cast.boris.pk)

    visit.refresh_from_db()
    assert (done.status_code, visit.starts_at, visit.master) == (200, local(TOMORROW, 14, 15), cast.boris)
    assert done.json()["said"] == "\u2068Vera Example\u2069: Thursday, 11 June, 14:15–15:45."
    undo = reverse("desk:calendar_undo", args=[AppointmentEvent.objects.get().pk])
    assert undo in done.json()["toasts"]

    assert browser.post(undo).json()["said"] == "As it was before."
    visit.refresh_from_db()
    assert (visit.starts_at, visit.master) == (local(TOMORROW, 10), cast.anna)


def test_a_visit_is_stretched_by_its_end(cast, browser, visit):
    assert move(browser, visit, minutes=120).status_code == 200

    visit.refresh_from_db()
    assert (visit.starts_at, visit.ends_at) == (local(TOMORROW, 10), local(TOMORROW, 12))


def test_a_part_goes_to_another_master_and_the_rest_stays(cast, browser):
    visit = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TOMORROW, 12), services=[cast.lashes, cast.removal]
    )
    AppointmentService.objects.filter(appointment=visit, position=1).update(master=cast.boris)
    third = make_master(branch=cast.branch, name="Carla")

    assert move(browser, visit, at="12:00", master=third.pk, instead_of=cast.boris.pk).status_code == 200

    (found,) = calendar_of(branch=cast.branch, first_on=TOMORROW, last_on=TOMORROW)
    assert parts_of(found) == [Part(cast.anna.pk, 0, 90), Part(third.pk, 90, 120)]


def test_a_taken_time_is_refused_with_the_reason_and_free_times(cast, browser, visit):
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(TOMORROW, 13), services=[cast.lashes])

    answer = move(browser, visit, at="13:30")

    assert (answer.status_code, answer.json()["why"]) == (
        409,
        "This time is taken. Choose one of the free times nearby.",
    )
    # 14:30 is when Dina's 90 minutes are over
    assert f'value="{TOMORROW.isoformat()}|14:30|{cast.anna.pk}"' in answer.json()["sheet"]
    visit.refresh_from_db()
    assert visit.starts_at == local(TOMORROW, 10)
    # one of the free times, tapped
    assert move(browser, visit, slot=f"{TOMORROW.isoformat()}|14:30|{cast.anna.pk}").status_code == 200


def test_outside_hours_the_desks_word_is_enough(cast, browser, visit):
    refused = move(browser, visit, at="18:00")
    assert refused.status_code == 409
    assert 'name="outside_hours"' in refused.json()["sheet"]

    assert move(browser, visit, at="18:00", outside_hours="on").status_code == 200


def test_who_looks_at_an_older_state_moves_nothing(cast, browser, visit):
    move(browser, visit, at="14:00")

    answer = move(browser, visit, at="16:00")

    assert answer.status_code == 409
    assert "has changed meanwhile" in answer.json()["why"]
    visit.refresh_from_db()
    assert visit.starts_at == local(TOMORROW, 14)


@pytest.mark.parametrize("fields", [{"day": "x"}, {"at": ""}, {"master": 0}, {"minutes": 3}, {"day": "9999-12-31"}])
def test_what_makes_no_sense_is_refused_in_words(cast, browser, visit, fields):
    answer = move(browser, visit, **fields)

    assert (answer.status_code, answer.json()["why"]) == (409, "Choose a day, an hour and a master.")


def test_a_visit_is_cancelled_with_its_reason(cast, browser, visit):
    address = reverse("desk:calendar_cancel", args=[visit.pk])
    assert browser.post(address, {}).status_code == 409

    done = browser.post(address, {"by": "client", "reason": "a cold"})

    visit.refresh_from_db()
    assert (done.status_code, visit.status, visit.cancel_reason) == (200, Status.CANCELLED, "a cold")
    assert reverse("desk:calendar_undo", args=[AppointmentEvent.objects.get().pk]) in done.json()["toasts"]


def test_free_times_of_a_day_are_those_that_can_be_booked(cast, browser, visit):
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(TOMORROW, 12), minutes=330)
    address = reverse("desk:calendar_times", args=[visit.pk])

    slots = browser.get(address, {"day": TOMORROW.isoformat(), "master": cast.anna.pk}).context["slots"]

    # 9:00 to 12:00 without her own 10:00; 17:30 to 18:00 is too short
    hours = ["09:00", "09:15", "09:30", "09:45", "10:15", "10:30"]
    assert [slot["hour"] for slot in slots] == hours


# ---------- Time off ----------


def take_off(browser, master, **fields):
    asked = {"day": TOMORROW.isoformat(), "to_day": TOMORROW.isoformat(), "starts": "12:00", "ends": "13:00"}
    return browser.post(reverse("desk:calendar_off", args=[master.pk]), asked | fields)


def test_a_break_is_taken_and_given_back(cast, browser):
    assert take_off(browser, cast.anna, reason="lunch").status_code == 200
    off = TimeOff.objects.get()
    assert (off.starts_at, off.ends_at, off.reason) == (local(TOMORROW, 12), local(TOMORROW, 13), "lunch")

    browser.post(reverse("desk:calendar_off_remove", args=[off.pk]))
    assert not TimeOff.objects.exists()


def test_time_off_without_hours_is_whole_days(cast, browser):
    take_off(browser, cast.anna, starts="", ends="", to_day="2026-06-14")

    off = TimeOff.objects.get()
    assert (off.starts_at.astimezone(SARAJEVO), off.ends_at.astimezone(SARAJEVO)) == (
        local(TOMORROW, 0),
        local(date(2026, 6, 15), 0),
    )


def test_visits_in_the_way_are_named_before_anything_is_taken(cast, browser, visit):
    answer = take_off(browser, cast.anna, starts="11:00")

    assert answer.status_code == 409
    assert "Vera Example" in answer.json()["sheet"]
    assert not TimeOff.objects.exists()
    # she keeps the visit, and nobody else is booked around it
    assert take_off(browser, cast.anna, starts="11:00", despite_visits="on").status_code == 200


def test_time_off_ends_after_it_begins(cast, browser):
    assert take_off(browser, cast.anna, ends="11:00").status_code == 409
    assert not TimeOff.objects.exists()


def test_a_master_changes_her_own_time_off_only(cast, desk):
    anna = desk(cast.user_of(cast.anna))
    theirs = make_time_off(cast.boris, local(TOMORROW, 9), local(TOMORROW, 10))

    assert take_off(anna, cast.anna).status_code == 200
    assert take_off(anna, cast.boris).status_code == 403
    assert anna.post(reverse("desk:calendar_off_remove", args=[theirs.pk])).status_code == 403
    assert TimeOff.objects.filter(master=cast.boris).exists()


# ---------- Who sees it ----------


def test_a_master_of_another_branch_sees_and_moves_nothing(cast, desk, visit):
    outsider = desk(cast.user_of(cast.outsider))
    off = make_time_off(cast.anna, local(TOMORROW, 16), local(TOMORROW, 17), "dentist")

    feed = feed_of(outsider, day=TOMORROW.isoformat())

    assert ([master["title"] for master in feed["masters"]], blocks(feed)) == (["Oto"], [])
    assert feed_of(outsider, view="week", master=cast.anna.pk)["masters"][0]["title"] == "Oto"
    for name in ("calendar_visit", "calendar_times", "calendar_reasons"):
        assert outsider.get(reverse(f"desk:{name}", args=[visit.pk])).status_code == 404
    assert outsider.get(reverse("desk:calendar_master", args=[cast.anna.pk])).status_code == 404
    assert move(outsider, visit, at="14:00").status_code == 404
    assert take_off(outsider, cast.anna).status_code == 404
    assert outsider.post(reverse("desk:calendar_off_remove", args=[off.pk])).status_code == 404


# ---------- The salon of 2018 ----------


def test_every_booking_of_2018_stands_in_the_calendar_of_its_week(db):
    if not REAL.is_dir():
        pytest.skip(f"the salon's export of 2018 is not at {REAL} (SALON2018_DIR names another place)")
    take_in(REAL, now=NOW, time_zone="America/Vancouver", currency="CAD")
    branch = Branch.objects.get()
    masters = list(masters_of(branch))
    seen = set()

    with timezone.override(branch.time_zone):
        for number in range(53):
            first = date(2018, 1, 1) + timedelta(weeks=number)
            for master in masters:
                span = Span(on=first, first=first, days=7, master=master)
                days = shown(branch=branch, span=span, masters=masters, now=NOW)
                seen |= {block["extendedProps"]["visit"] for block in visit_blocks(days)}

    # the last of these weeks ends on 6 January
    there = Appointment.objects.filter(on__range=(date(2018, 1, 1), date(2019, 1, 6))).exclude(status=Status.CANCELLED)
    assert seen == set(there.values_list("pk", flat=True))
    assert len(seen) > 1500


# ---------- What is drawn lighter, and what a refusal offers ----------


def test_processing_and_the_buffer_are_drawn_lighter_and_said(cast, browser):
    # work 45, processing 30, work 30, and 15 to put the place in order
    visit = book_appointment(
        client=cast.vera,
        master=cast.anna,
        services=[cast.colour],
        starts_at=local(TOMORROW, 10),
        branch=cast.branch,
        now=NOW,
        by=Appointment.By.CLIENT,
        via=AppointmentEvent.Via.DESK,
    )
    feed = feed_of(browser, day=TOMORROW.isoformat())

    more = blocks(feed)[0]["extendedProps"]
    assert (more["pauses"], more["length"], feed["shortest"]) == ([[45, 75]], 105, 105)
    words = ["10:45–11:15: processing, the master is free", "until 12:00: the place is put in order"]
    assert more["held"] == ", ".join(words)
    assert shades(feed, "buffer") == [("11:45", "12:00", "")]
    sheet = browser.get(reverse("desk:calendar_visit", args=[visit.pk])).content.decode()
    assert words[0] in sheet


def test_a_stretch_that_does_not_fit_offers_the_longest_end_that_does(cast, browser, visit):
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(TOMORROW, 12, 20), services=[cast.lashes])

    answer = move(browser, visit, minutes=180)

    assert answer.status_code == 409
    # 12:20 is no time of the grid: 12:15 is the last that is free
    assert "Until 12:15, as long as is free" in answer.json()["sheet"]
    assert 'name="minutes" value="135"' in answer.json()["sheet"]
    assert move(browser, visit, minutes=135).status_code == 200
    visit.refresh_from_db()
    assert visit.ends_at == local(TOMORROW, 12, 15)
    visit_now = visit.sequence
    nothing = move(browser, visit, minutes=180, sequence=visit_now)
    assert "as long as is free" not in nothing.json()["sheet"]


def test_dragged_onto_who_cannot_do_it_she_reads_who_can_and_when(cast, browser, visit):
    make_skill(cast.boris, cast.removal)

    answer = move(browser, visit, master=cast.boris.pk, at="14:00")

    sheet = answer.json()["sheet"]
    assert "Boris" in sheet
    assert "does not do" in sheet
    offered = re.findall(r'name="slot" value="([^"]+)"', sheet)
    assert offered == [f"{TOMORROW}|{at}|{cast.anna.pk}" for at in ("14:00", "13:45", "14:15")]
    assert (
        browser.post(
            reverse("desk:calendar_move", args=[visit.pk]),
            {"slot": offered[0], "whole": "on", "sequence": visit.sequence},
        ).status_code
        == 200
    )
    visit.refresh_from_db()
    assert (visit.starts_at, visit.master) == (local(TOMORROW, 14), cast.anna)
