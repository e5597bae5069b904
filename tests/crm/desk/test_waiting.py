"""The waiting list and series at the desk, page by page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from crm.booking.models import Appointment, Series, WaitingEntry, WaitingOffer
from crm.booking.services import cancel_appointment
from crm.desk.words import day_words, month_day
from reminders.journeys.services.freed import offer_freed_times
from tests.factories import NOW, TODAY, local, make_appointment, make_client, make_skill, make_waiting
from tests.reminders.cast import make_offer

TOMORROW = TODAY + timedelta(days=1)
Waits, Offered, Status = WaitingEntry.State, WaitingOffer.State, Appointment.Status


def read(page) -> str:
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


@pytest.fixture
def full(cast):
    """Anna is the only one for lashes, and full tomorrow but for nothing."""
    make_skill(cast.boris, cast.removal)
    return [
        make_appointment(
            client=make_client(branch=cast.branch),
            master=cast.anna,
            starts_at=local(TOMORROW, 9) + number * timedelta(minutes=90),
            services=[cast.lashes],
        )
        for number in range(6)
    ]


def test_an_empty_list_says_what_it_is_for(cast, desk):
    assert "Nobody waits for a time" in read(desk(cast.receptionist).get("/waiting/"))


def test_she_is_put_on_the_list_and_today_counts_her(cast, desk):
    reception = desk(cast.receptionist)

    answer = reception.post(
        reverse("desk:waiting_new"),
        {
            "client": cast.vera.pk,
            "service": cast.lashes.pk,
            "master": cast.anna.pk,
            "from_day": TODAY.isoformat(),
            "to_day": TOMORROW.isoformat(),
            "from_time": "16:00",
            "weekdays": ["2", "3"],
            "note": "after her course",
        },
    )

    assert answer["Location"] == "/waiting/"
    page = read(reception.get("/waiting/"))
    assert "Vera" in page
    assert "from 16:00 · with Anna" in page
    assert "1 waits for a time" in read(reception.get("/"))
    assert read(reception.get(reverse("desk:waiting_entry", args=[WaitingEntry.objects.get().pk])))


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cast, desk):
    page = desk(cast.receptionist).post(
        reverse("desk:waiting_new"),
        {"client": cast.vera.pk, "from_day": TOMORROW.isoformat(), "to_day": TODAY.isoformat(), "note": "mornings"},
    )

    assert page.status_code == 422
    text = page.content.decode()
    assert "The last day comes after the first." in text
    assert "mornings" in text
    assert not WaitingEntry.objects.exists()


def test_who_has_a_time_and_would_come_earlier_waits_from_her_visit(cast, desk):
    visit = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TODAY + timedelta(days=9), 10), services=[cast.lashes]
    )
    reception = desk(cast.receptionist)
    way = f"{reverse('desk:waiting_new')}?client={cast.vera.pk}&amp;visit={visit.pk}"
    assert way in read(reception.get(reverse("desk:visit", args=[visit.pk])))

    # up to the day before
    form = read(reception.get(way.replace("&amp;", "&")))
    assert f'value="{(TODAY + timedelta(days=8)).isoformat()}"' in form
    reception.post(
        reverse("desk:waiting_new"),
        {
            "client": cast.vera.pk,
            "visit": visit.pk,
            "from_day": TODAY.isoformat(),
            "to_day": TOMORROW.isoformat(),
        },
    )

    entry = WaitingEntry.objects.get()
    assert (entry.instead_of, [line.service for line in entry.lines.all()]) == (visit, [cast.lashes])


def test_the_desk_sees_who_was_asked_and_takes_her_answer(cast, desk, full):
    make_waiting(cast.vera, services=[cast.lashes])
    cancel_appointment(appointment=full[1], now=NOW, by="client", via="link")
    offer_freed_times(now=NOW)
    offer = WaitingOffer.objects.get()
    reception = desk(cast.receptionist)
    assert "kept for her until" in read(reception.get("/waiting/"))

    answer = reception.post(reverse("desk:offer_taken", args=[offer.pk]))

    booked = Appointment.objects.get(client=cast.vera)
    assert answer["Location"] == reverse("desk:visit", args=[booked.pk])
    assert booked.starts_at == local(TOMORROW, 10, 30)
    # gone from the list, told among the last ones
    page = read(reception.get("/waiting/"))
    assert "kept for her" not in page
    assert "The last seven days" in page


def test_her_no_asks_the_next_and_a_withdrawal_can_be_taken_back(cast, desk):
    entry = make_waiting(cast.vera, services=[cast.lashes])
    offer = make_offer(cast, cast.vera, entry=entry)
    reception = desk(cast.receptionist)

    reception.post(reverse("desk:offer_declined", args=[offer.pk]))
    assert WaitingOffer.objects.get().state == Offered.DECLINED

    page = reception.post(reverse("desk:waiting_withdraw", args=[entry.pk]), follow=True)
    assert reverse("desk:waiting_again", args=[entry.pk]) in read(page)
    reception.post(reverse("desk:waiting_again", args=[entry.pk]))
    assert WaitingEntry.objects.get().state == Waits.WAITING


def test_a_free_time_is_offered_by_hand(cast, desk):
    entry = make_waiting(cast.vera, services=[cast.lashes], from_day=TOMORROW, to_day=TOMORROW, master=cast.anna)
    reception = desk(cast.receptionist)
    address = reverse("desk:waiting_entry", args=[entry.pk])
    slot = f"{TOMORROW.isoformat()}|09:00|{cast.anna.pk}"
    assert slot in read(reception.get(address))

    reception.post(address, {"slot": slot})

    assert WaitingOffer.objects.get().starts_at == local(TOMORROW, 9)
    # the same once more is not free any more: it is kept for her
    again = reception.post(address, {"slot": slot})
    assert again.status_code == 422
    assert WaitingOffer.objects.count() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_whatever_its_length(cast, desk, count, django_assert_max_num_queries):
    for _ in range(count):
        client = make_client(branch=cast.branch)
        make_offer(cast, client, entry=make_waiting(client, services=[cast.lashes, cast.removal]))
    reception = desk(cast.receptionist)
    reception.get("/waiting/")

    with django_assert_max_num_queries(10):
        reception.get("/waiting/")


# Series --------------------------------------------------------------------


def series_fields(cast, **changes):
    return {
        "client": cast.vera.pk,
        "service": cast.lashes.pk,
        "master": cast.anna.pk,
        "day": TOMORROW.isoformat(),
        "at": "10:30",
        "every_weeks": 3,
        "times": 3,
    } | changes


def test_a_series_shows_each_date_and_books_what_is_chosen(cast, desk):
    third = TOMORROW + timedelta(weeks=6)
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(third, 10), services=[cast.lashes])
    reception = desk(cast.receptionist)

    page = read(reception.post(reverse("desk:series_new"), series_fields(cast, look=1)))
    assert "1 date is not free" in page
    assert "The time is taken." in page

    # nothing is said of the one that is not free
    half = reception.post(
        reverse("desk:series_new"),
        series_fields(cast, book=1, **{"date-1": f"{TOMORROW}|10:30|{cast.anna.pk}"}),
    )
    assert half.status_code == 422
    assert not Series.objects.exists()

    chosen = {
        "date-1": f"{TOMORROW}|10:30|{cast.anna.pk}",
        "date-2": f"{TOMORROW + timedelta(weeks=3)}|10:30|{cast.anna.pk}",
        "date-3": f"{third}|11:30|{cast.anna.pk}",
    }
    answer = reception.post(reverse("desk:series_new"), series_fields(cast, book=1, **chosen), follow=True)

    assert "3 visits are booked." in read(answer)
    booked = list(Appointment.objects.filter(client=cast.vera).order_by("starts_at"))
    assert [visit.starts_at for visit in booked] == [
        local(TOMORROW, 10, 30),
        local(TOMORROW + timedelta(weeks=3), 10, 30),
        local(third, 11, 30),
    ]
    assert "2 of 3" in read(reception.get(reverse("desk:visit", args=[booked[1].pk])))
    assert "3 of 3" in read(reception.get(reverse("desk:client", args=[cast.vera.pk])))
    assert "1 of 3" in read(reception.get(reverse("desk:calendar_visit", args=[booked[0].pk])))


def test_a_series_beside_another_visit_of_hers_asks_for_a_tick(cast, desk):
    make_appointment(client=cast.vera, master=cast.boris, starts_at=local(TOMORROW, 10), services=[cast.lashes])
    reception = desk(cast.receptionist)

    page = read(reception.post(reverse("desk:series_new"), series_fields(cast, look=1)))
    assert "She already has 10:00 with" in page
    assert 'type="checkbox" name="beside_another"' in page

    page = read(reception.post(reverse("desk:series_new"), series_fields(cast, look=1, beside_another="on")))
    assert f'name="date-1" value="{TOMORROW}|10:30|{cast.anna.pk}"' in page


@pytest.fixture
def series(cast, desk):
    days = [TOMORROW + timedelta(weeks=3 * number) for number in range(3)]
    chosen = {f"date-{n}": f"{day}|10:30|{cast.anna.pk}" for n, day in enumerate(days, start=1)}
    desk(cast.receptionist).post(reverse("desk:series_new"), series_fields(cast, book=1, **chosen))
    return list(Appointment.objects.filter(client=cast.vera).order_by("starts_at"))


def test_all_that_follow_are_cancelled_and_brought_back_by_one_undo(cast, desk, series):
    reception = desk(cast.receptionist)

    page = reception.post(
        reverse("desk:series_cancel", args=[series[1].pk]), {"by": "client", "reason": "travels"}, follow=True
    )

    assert "2 visits are cancelled." in read(page)
    event = series[1].events.get(kind="cancelled")
    assert reverse("desk:undo", args=[event.pk]) in read(page)
    reception.post(reverse("desk:undo", args=[event.pk]))
    assert Appointment.objects.filter(client=cast.vera, status=Status.BOOKED).count() == 3


def test_all_that_follow_are_moved_and_a_conflict_is_asked_about(cast, desk, series):
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(series[2].on, 15), services=[cast.lashes])
    reception = desk(cast.receptionist)
    address = reverse("desk:series_move", args=[series[1].pk])
    wanted = {"day": series[1].on.isoformat(), "at": "15:00", "master": cast.anna.pk}

    refused = reception.post(address, wanted)

    assert refused.status_code == 422
    assert f'name="date-{series[2].pk}"' in refused.content.decode()
    # where it is, and where it was to go
    assert f"{month_day(series[2].on)} → {day_words(series[2].on)}" in refused.content.decode()
    reception.post(address, wanted | {f"date-{series[2].pk}": f"{series[2].on}|13:30|{cast.anna.pk}"})
    assert [visit.starts_at for visit in Appointment.objects.filter(client=cast.vera).order_by("starts_at")] == [
        series[0].starts_at,
        local(series[1].on, 15),
        local(series[2].on, 13, 30),
    ]


def test_a_tapped_time_stays_in_sight_while_she_is_looked_for(cast, desk):
    gap = {"day": TOMORROW.isoformat(), "at": "15:15", "master": cast.anna.pk}
    page = read(desk(cast.receptionist).get(reverse("desk:visit_new"), gap))

    assert f"{day_words(TOMORROW)}, 15:15, \u2068Anna\u2069" in page
    assert f"{reverse('desk:calendar')}?day={TOMORROW}" in page
    found = page.partition('id="found"')[2]
    assert found.index("Somebody new") < found.index('<ul class="list">')


def test_the_waiting_list_begins_on_the_day_that_was_looked_at(cast, desk):
    address = {"client": cast.vera.pk, "day": TOMORROW.isoformat()}

    page = read(desk(cast.receptionist).get(reverse("desk:waiting_new"), address))

    assert re.search(rf'name="from_day" value="{TOMORROW}"', page)


def test_a_day_and_its_hour_are_parted_by_the_comma_of_the_language(cast, desk):
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TOMORROW, 15), services=[cast.lashes])
    cast.receptionist.language = "ar"
    cast.receptionist.save()

    page = read(desk(cast.receptionist).get(reverse("desk:calendar_visit", args=[visit.pk])))

    assert '، <span class="num">15:00' in page
