"""Series: every so many weeks, so many times, each conflict shown; one or all that follow are changed."""

from datetime import date, timedelta

import pytest

from crm.booking.models import Appointment, AppointmentEvent, FreedTime, Series
from crm.booking.selectors import events_together, following_in_series, series_places
from crm.booking.services import ClientBusy, OutsideHours, SlotTaken, UndoIsOver, cancel_appointment
from crm.booking.services.series import (
    NothingFollows,
    SeriesConflicts,
    TooFew,
    book_series,
    cancel_following,
    move_following,
    plan_series,
    send_now_together,
    undo_together,
)
from tests.factories import NOW, TODAY, local, make_appointment

pytestmark = pytest.mark.django_db

By, Via, Status = Appointment.By, AppointmentEvent.Via, Appointment.Status
# a Thursday
FIRST = TODAY + timedelta(days=1)
DATES = [FIRST + timedelta(weeks=3 * number) for number in range(6)]


def plan(cast, **changes):
    about = {
        "client": cast.vera,
        "branch": cast.branch,
        "services": [cast.lashes],
        "master": cast.anna,
        "starts_at": local(FIRST, 10),
        "every_weeks": 3,
        "times": 6,
        "now": NOW,
    }
    return plan_series(**(about | changes))


def book(cast, dates=None, **changes):
    about = {
        "client": cast.vera,
        "branch": cast.branch,
        "services": [cast.lashes],
        "dates": dates if dates is not None else [(local(on, 10), cast.anna) for on in DATES],
        "every_weeks": 3,
        "now": NOW,
        "by": By.CLIENT,
        "via": Via.DESK,
        "user": cast.receptionist,
    }
    return book_series(**(about | changes))


def visits(series):
    return list(Appointment.objects.filter(series=series).order_by("starts_at"))


def starts(series, **about):
    return list(
        Appointment.objects.filter(series=series, **about).order_by("starts_at").values_list("starts_at", flat=True)
    )


def test_each_date_is_free_or_shows_what_is_free_nearby(cast):
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(DATES[2], 9), services=[cast.lashes])

    dates = plan(cast)

    assert [(each.number, each.on, each.slot is not None) for each in dates] == [
        (number, on, number != 3) for number, on in enumerate(DATES, start=1)
    ]
    # 9:00 to 10:30 is taken there
    assert dates[2].why == "The time is taken."
    assert [(slot.on, f"{slot.starts_local:%H:%M}", slot.master) for slot in dates[2].nearest[:1]] == [
        (DATES[2], "10:30", cast.anna)
    ]
    assert not Appointment.objects.filter(client=cast.vera).exists()


def test_the_wall_clock_is_kept_where_the_clock_changes(cast):
    """Sarajevo leaves summer time on 25 October 2026: 10:00 is 8:00 UTC before and 9:00 after."""
    dates = plan(cast, starts_at=local(date(2026, 10, 15), 10), every_weeks=1, times=3)

    assert [f"{each.starts_at:%d %H:%M}" for each in dates] == ["15 08:00", "22 08:00", "29 09:00"]
    assert [f"{each.slot.starts_local:%H:%M}" for each in dates] == ["10:00"] * 3


def test_all_dates_are_booked_in_order_and_know_their_place(cast):
    series = book(cast)

    booked = visits(series)
    assert [visit.on for visit in booked] == DATES
    assert (series.times, series.every_weeks, series.user) == (6, 3, cast.receptionist)
    places = series_places(booked)
    assert [places[visit.pk] for visit in booked] == [(number, 6) for number in range(1, 7)]
    assert series_places([make_appointment(client=cast.dina, master=cast.boris, starts_at=local(FIRST, 9))]) == {}


def test_a_date_taken_meanwhile_books_nothing(cast):
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(DATES[5], 10), services=[cast.lashes])

    with pytest.raises(SlotTaken) as refusal:
        book(cast)

    assert refusal.value.nearest
    assert not Series.objects.exists()
    assert Appointment.objects.count() == 1


def test_another_visit_of_hers_is_a_conflict_unless_both_are_agreed(cast):
    # on the second date she has 9:30 to 11:00 with Boris
    make_appointment(client=cast.vera, master=cast.boris, starts_at=local(DATES[1], 9, 30), services=[cast.lashes])

    asked = plan(cast)[1]
    assert (asked.slot, asked.is_hers, asked.why) == (None, True, "She already has 09:30 with \u2068Boris\u2069 then.")
    assert asked.nearest[0].starts_at == local(DATES[1], 11)
    with pytest.raises(ClientBusy):
        book(cast)

    assert all(each.slot for each in plan(cast, beside_another=True))
    series = book(cast, beside_another=True)
    assert starts(series)[1] == local(DATES[1], 10)

    # moved half an hour on, it runs into nothing new: what overlapped was agreed
    move_following(appointment=visits(series)[1], starts_at=local(DATES[1], 10, 30), now=NOW, by=By.SALON, via=Via.DESK)
    assert starts(series)[1] == local(DATES[1], 10, 30)


def test_one_date_is_no_series(cast):
    with pytest.raises(TooFew):
        book(cast, dates=[(local(FIRST, 10), cast.anna)])


def test_cancelling_one_leaves_the_others(cast):
    series = book(cast)
    cancel_appointment(appointment=visits(series)[1], now=NOW, by=By.CLIENT, via=Via.DESK)

    assert starts(series, status=Status.BOOKED) == [local(on, 10) for on in DATES if on != DATES[1]]


def test_this_and_all_that_follow_are_cancelled_and_undone_as_one(cast):
    series = book(cast)

    events = cancel_following(
        appointment=visits(series)[2], now=NOW, by=By.CLIENT, via=Via.DESK, user=cast.receptionist, reason="moves"
    )

    assert starts(series, status=Status.BOOKED) == [local(on, 10) for on in DATES[:2]]
    assert [event.appointment.on for event in events_together(events[1])] == DATES[2:]
    assert FreedTime.objects.count() == 4

    assert undo_together(event=events[0], now=NOW + timedelta(minutes=9)) == 4
    assert starts(series, status=Status.BOOKED) == [local(on, 10) for on in DATES]
    assert not FreedTime.objects.exists()


def test_the_undo_of_a_series_ends_for_all_of_it_at_once(cast):
    series = book(cast)
    events = cancel_following(appointment=visits(series)[4], now=NOW, by=By.CLIENT, via=Via.DESK)

    assert send_now_together(event=events[0], now=NOW)

    with pytest.raises(UndoIsOver):
        undo_together(event=events[1], now=NOW)
    assert starts(series, status=Status.CANCELLED) == [local(on, 10) for on in DATES[4:]]


def test_this_and_all_that_follow_move_by_as_much_of_the_wall_clock(cast):
    series = book(cast)

    events = move_following(
        appointment=visits(series)[1],
        # a day later and an hour and a half
        starts_at=local(DATES[1] + timedelta(days=1), 11, 30),
        now=NOW,
        by=By.SALON,
        via=Via.DESK,
    )

    moved = [local(on + timedelta(days=1), 11, 30) for on in DATES[1:]]
    assert starts(series) == [local(DATES[0], 10), *moved]
    assert len(events) == 5

    undo_together(event=events[0], now=NOW)
    assert starts(series) == [local(on, 10) for on in DATES]


def test_a_weekly_series_moves_onto_its_own_next_dates_and_back(cast):
    weeks = [local(FIRST + timedelta(weeks=number), 10) for number in range(4)]
    series = book(cast, dates=[(at, cast.anna) for at in weeks], every_weeks=1)

    events = move_following(appointment=visits(series)[0], starts_at=weeks[1], now=NOW, by=By.SALON, via=Via.DESK)

    assert starts(series) == [*weeks[1:], local(FIRST + timedelta(weeks=4), 10)]
    undo_together(event=events[-1], now=NOW)
    assert starts(series) == weeks


def test_what_is_not_free_is_said_of_each_date_and_nothing_is_moved(cast):
    series = book(cast)
    second, _third, fourth, *_others = following_in_series(visits(series)[1])
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(DATES[3], 14), services=[cast.lashes])
    about = {
        "appointment": second,
        "starts_at": local(DATES[1], 14, 30),
        "now": NOW,
        "by": By.SALON,
        "via": Via.DESK,
    }

    with pytest.raises(SeriesConflicts) as refusal:
        move_following(**about)

    assert list(refusal.value.conflicts) == [fourth.pk]
    assert f"{refusal.value.conflicts[fourth.pk].nearest[0].starts_local:%H:%M}" == "15:30"
    assert starts(series) == [local(on, 10) for on in DATES]

    move_following(**about, instead={fourth.pk: (local(DATES[3], 15, 30), cast.anna)})
    assert starts(series)[3:5] == [local(DATES[3], 15, 30), local(DATES[4], 14, 30)]


def test_a_date_in_conflict_may_stay_where_it_is(cast):
    series = book(cast)
    second, third = visits(series)[1:3]
    with pytest.raises(SeriesConflicts) as refusal:
        # Sundays are not worked
        move_following(
            appointment=second,
            starts_at=local(DATES[1] + timedelta(days=3), 10),
            now=NOW,
            by=By.SALON,
            via=Via.DESK,
        )
    assert all(isinstance(each, OutsideHours) for each in refusal.value.conflicts.values())

    move_following(
        appointment=second,
        starts_at=local(DATES[1], 15),
        now=NOW,
        by=By.SALON,
        via=Via.DESK,
        instead={third.pk: None},
    )
    assert starts(series)[1:4] == [local(DATES[1], 15), local(DATES[2], 10), local(DATES[3], 15)]


def test_nothing_follows_what_is_over(cast):
    series = book(cast)
    last = visits(series)[5]
    Appointment.objects.filter(pk=last.pk).update(status=Status.DONE)

    with pytest.raises(NothingFollows):
        cancel_following(appointment=last, now=NOW, by=By.CLIENT, via=Via.DESK)
    with pytest.raises(NothingFollows):
        move_following(appointment=last, starts_at=local(DATES[5], 15), now=NOW, by=By.SALON, via=Via.DESK)
