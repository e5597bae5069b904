"""The waiting list: who is asked about a freed time, in whose order, how long she may think, who gets it (P48)."""

from datetime import time, timedelta
from decimal import Decimal

import pytest

from crm.booking.models import Appointment, AppointmentEvent, FreedTime, WaitingEntry, WaitingOffer
from crm.booking.services import SlotTaken, WrongMoment, book_appointment, cancel_appointment, free_slots
from crm.booking.services.offering import Manners, begin_thought, offer_by_hand, settle_freed
from crm.booking.services.waiting import (
    DaysAreOver,
    WaitsAlready,
    WaitsNoMore,
    accept_offer,
    decline_offer,
    expire_offers,
    wait_again,
    wait_for,
    withdraw_waiting,
)
from crm.team.models import CrmSettings, WaitingPolicy
from tests.factories import (
    NOW,
    TODAY,
    local,
    make_appointment,
    make_client,
    make_service,
    make_skill,
    make_waiting,
)

pytestmark = pytest.mark.django_db

By, Via, Status = Appointment.By, AppointmentEvent.Via, Appointment.Status
Waits, Offered = WaitingEntry.State, WaitingOffer.State
TOMORROW = TODAY + timedelta(days=1)
TEN = local(TOMORROW, 10)
MINUTE = timedelta(minutes=1)
# everybody hears at once and nobody has paid anything
AT_ONCE = Manners(heard_at=lambda client, now: now, revenue_of=lambda clients, today: {})


@pytest.fixture
def cast(cast):
    """Boris does removals and nothing else."""
    make_skill(cast.boris, cast.removal)
    return cast


@pytest.fixture(autouse=True)
def visits(cast):
    """Anna's tomorrow is full: 9 to 18 in six visits of 90 minutes."""
    return [
        make_appointment(
            client=make_client(branch=cast.branch),
            master=cast.anna,
            starts_at=local(TOMORROW, 9) + number * 90 * MINUTE,
            services=[cast.lashes],
        )
        for number in range(6)
    ]


def free(visit, *, now=NOW, via=Via.LINK) -> FreedTime:
    """Its client cancels, by her link unless told otherwise."""
    cancel_appointment(appointment=visit, now=now, by=By.CLIENT, via=via)
    return FreedTime.objects.get(event__appointment=visit)


def settle(now=NOW, manners=AT_ONCE):
    return settle_freed(now=now, manners=manners)


def offers(**about):
    rows = WaitingOffer.objects.filter(**about).select_related("entry__client").order_by("pk")
    return [(row.entry.client.name.split()[0], f"{row.starts_at:%H:%M}", row.state) for row in rows]


def policy(name, **figures):
    CrmSettings.objects.update_or_create(pk=1, defaults={"waiting_policy": name, **figures})


def accept(offer, now=NOW):
    return accept_offer(offer=offer, now=now, by=By.CLIENT)


# Joining -------------------------------------------------------------------


def test_she_waits_for_what_and_when_she_said(cast):
    entry = wait_for(
        client=cast.vera,
        branch=cast.branch,
        services=[cast.lashes, cast.removal],
        master=cast.anna,
        from_day=TODAY,
        to_day=TOMORROW,
        from_time=time(10),
        weekdays=[3, 2, 3],
        now=NOW,
        user=cast.receptionist,
    )

    assert [line.service for line in entry.lines.order_by("position")] == [cast.lashes, cast.removal]
    assert (entry.state, entry.weekdays, entry.created_at, entry.user) == (
        Waits.WAITING,
        [2, 3],
        NOW,
        cast.receptionist,
    )


def test_joining_twice_for_the_same_is_told_and_keeps_her_place(cast):
    about = {"client": cast.vera, "branch": cast.branch, "services": [cast.lashes], "from_day": TODAY, "to_day": TODAY}
    first = wait_for(**about, now=NOW)

    with pytest.raises(WaitsAlready) as refusal:
        wait_for(**about, now=NOW + MINUTE)

    assert refusal.value.entry == first
    assert WaitingEntry.objects.count() == 1
    # on other days of the week it is another wish
    assert wait_for(**about, weekdays=[2], now=NOW + MINUTE) != first
    with pytest.raises(WaitsAlready):
        wait_for(**about, weekdays=[2], now=NOW + MINUTE)


def test_days_that_are_over_are_refused_by_the_branchs_calendar(cast):
    with pytest.raises(DaysAreOver):
        wait_for(
            client=cast.vera,
            branch=cast.branch,
            services=[cast.lashes],
            from_day=TODAY - timedelta(days=2),
            to_day=TODAY - timedelta(days=1),
            now=NOW,
        )


def test_who_would_come_earlier_waits_for_what_she_has(cast):
    visit = make_appointment(client=cast.vera, master=cast.boris, starts_at=local(TOMORROW, 9), services=[cast.removal])
    entry = wait_for(
        client=cast.vera, branch=cast.branch, services=[], from_day=TODAY, to_day=TODAY, now=NOW, instead_of=visit
    )
    assert [line.service for line in entry.lines.all()] == [cast.removal]

    Appointment.objects.filter(pk=visit.pk).update(status=Status.DONE)
    with pytest.raises(WrongMoment):
        wait_for(
            client=cast.vera, branch=cast.branch, services=[], from_day=TODAY, to_day=TODAY, now=NOW, instead_of=visit
        )


# Who is asked --------------------------------------------------------------


def test_a_freed_time_goes_to_who_has_waited_longest(cast, visits):
    make_waiting(cast.dina, services=[cast.lashes], since=NOW - timedelta(days=1))
    make_waiting(cast.vera, services=[cast.lashes], since=NOW - timedelta(days=2))
    free(visits[1])

    assert settle() == 1

    assert offers() == [("Vera", "08:30", Offered.OPEN)]
    offer = WaitingOffer.objects.get()
    assert (offer.offered_at, offer.until, offer.keeps) == (NOW, NOW + 30 * MINUTE, True)


def test_the_time_is_kept_from_everybody_else_while_she_thinks(cast, visits):
    make_waiting(cast.vera, services=[cast.lashes])
    free(visits[1])
    settle()

    def starts(now):
        slots = free_slots(branch=cast.branch, services=[cast.lashes], from_day=TOMORROW, days=1, now=now)
        return [f"{slot.starts_local:%H:%M}" for slot in slots]

    assert starts(NOW + 29 * MINUTE) == []
    assert starts(NOW + 30 * MINUTE) == ["10:30"]
    with pytest.raises(SlotTaken):
        book_appointment(
            client=cast.dina,
            master=cast.anna,
            services=[cast.lashes],
            starts_at=local(TOMORROW, 10, 30),
            branch=cast.branch,
            now=NOW,
            by=By.CLIENT,
            via=Via.LINK,
        )


def test_a_freed_time_is_looked_at_once_and_not_before_its_undo_is_over(cast, visits):
    make_waiting(cast.vera, services=[cast.lashes])
    freed = free(visits[1], via=Via.DESK)

    assert freed.ready_at == NOW + 10 * MINUTE
    assert settle(NOW + 9 * MINUTE) == 0
    assert settle(NOW + 10 * MINUTE) == 1
    assert settle(NOW + 10 * MINUTE) == 0


def test_the_most_valuable_is_asked_first_where_the_owner_wants_it(cast, visits):
    policy(WaitingPolicy.MOST_VALUABLE)
    make_waiting(cast.vera, services=[cast.lashes], since=NOW - timedelta(days=2))
    make_waiting(cast.dina, services=[cast.lashes], since=NOW - timedelta(days=1))
    free(visits[1])

    settle(manners=Manners(AT_ONCE.heard_at, lambda clients, today: {cast.dina.pk: Decimal(300)}))

    assert offers() == [("Dina", "08:30", Offered.OPEN)]


def test_all_at_once_are_asked_where_the_owner_wants_it_and_nothing_is_kept(cast, visits):
    policy(WaitingPolicy.EVERYONE)
    for client in (cast.vera, cast.dina):
        make_waiting(client, services=[cast.lashes])
    free(visits[1])

    assert settle() == 2

    # good until half an hour before it begins
    assert set(WaitingOffer.objects.values_list("keeps", "until")) == {(False, local(TOMORROW, 10))}


@pytest.mark.parametrize(
    ("wish", "is_asked"),
    [
        ({}, True),
        ({"from_time": time(10, 30)}, True),
        ({"from_time": time(10, 45)}, False),
        ({"to_time": time(10, 45)}, True),
        # half-open: a visit that begins at 10:30 is not before 10:30
        ({"to_time": time(10, 30)}, False),
        # tomorrow is a Thursday
        ({"weekdays": [3]}, True),
        ({"weekdays": [0, 1, 2]}, False),
        ({"from_day": TOMORROW, "to_day": TOMORROW}, True),
        ({"from_day": TODAY, "to_day": TODAY}, False),
        ({"from_day": TOMORROW + timedelta(days=1)}, False),
    ],
)
def test_only_who_can_come_then_is_asked(cast, visits, wish, is_asked):
    make_waiting(cast.vera, services=[cast.lashes], **wish)
    free(visits[1])

    assert settle() == is_asked


def test_only_the_master_she_wants_and_one_who_does_it(cast, visits):
    make_waiting(cast.vera, services=[cast.lashes], master=cast.boris)
    # Boris does removals only
    make_waiting(cast.dina, services=[make_service(branch=cast.branch, minutes=240)])
    free(visits[1])

    assert settle() == 0


def test_nobody_is_asked_who_is_blocked_or_cannot_be_reached_or_sits_elsewhere_then(cast, visits):
    make_waiting(make_client(branch=cast.branch, status="blocked"), services=[cast.lashes])
    make_waiting(make_client(branch=cast.branch, phone=""), services=[cast.lashes])
    make_waiting(cast.vera, services=[cast.lashes])
    make_appointment(client=cast.vera, master=cast.boris, starts_at=local(TOMORROW, 11), services=[cast.removal])
    free(visits[1])

    assert settle() == 0


def test_what_begins_before_she_can_be_here_is_not_offered(cast, visits):
    make_waiting(cast.vera, services=[cast.lashes])
    free(visits[1])

    # 35 minutes: five to think and thirty to come
    assert settle(local(TOMORROW, 9, 56)) == 0
    FreedTime.objects.update(settled_at=None)
    assert settle(local(TOMORROW, 9, 55)) == 1
    assert WaitingOffer.objects.get().until == local(TOMORROW, 10)


def test_a_longer_service_is_offered_where_the_freed_time_joins_what_was_free_before(cast, visits):
    """12:00 to 13:30 is free already; with 10:30 to 12:00 freed as well, three hours fit."""
    three_hours = make_service(branch=cast.branch, minutes=180)
    make_waiting(cast.vera, services=[three_hours])
    free(visits[2])
    assert settle() == 0

    free(visits[1])

    assert settle() == 1
    assert offers() == [("Vera", "08:30", Offered.OPEN)]


def test_several_short_visits_find_their_place_in_one_freed_time(cast, visits):
    for client in (cast.vera, cast.dina, cast.leila):
        make_waiting(client, services=[make_service(branch=cast.branch, minutes=45)])
    free(visits[1])

    settle()

    assert offers() == [("Vera", "08:30", Offered.OPEN), ("Dina", "09:15", Offered.OPEN)]


def test_who_waits_in_the_night_hears_in_the_morning_and_thinks_from_then_on(cast, visits):
    morning = local(TOMORROW, 9)
    make_waiting(cast.vera, services=[cast.lashes])
    free(visits[3])

    settle(manners=Manners(heard_at=lambda client, now: morning, revenue_of=AT_ONCE.revenue_of))

    offer = WaitingOffer.objects.get()
    assert (offer.offered_at, offer.until) == (morning, morning + 30 * MINUTE)


def test_her_time_to_think_begins_when_she_is_told(cast, visits):
    make_waiting(cast.vera, services=[cast.lashes])
    free(visits[1])
    settle()

    begin_thought(offer=WaitingOffer.objects.get(), now=NOW + 40 * MINUTE)

    assert expire_offers(now=NOW + 69 * MINUTE) == 0
    assert expire_offers(now=NOW + 70 * MINUTE) == 1


# What becomes of an offer --------------------------------------------------


@pytest.fixture
def asked(cast, visits):
    """Vera is asked first, Dina waits behind her."""
    make_waiting(cast.vera, services=[cast.lashes], since=NOW - timedelta(days=2))
    make_waiting(cast.dina, services=[cast.lashes], since=NOW - timedelta(days=1))
    free(visits[1])
    settle()
    return WaitingOffer.objects.get()


def test_taken_it_is_booked_once_however_often_she_says_yes(cast, asked):
    first = accept(asked)
    again = accept(asked, NOW + MINUTE)

    assert first == again
    assert (first.starts_at, first.master, first.client) == (local(TOMORROW, 10, 30), cast.anna, cast.vera)
    assert first.events.get().via == Via.WAITING
    assert offers() == [("Vera", "08:30", Offered.TAKEN)]
    entry = WaitingEntry.objects.get(client=cast.vera)
    assert (entry.state, entry.appointment) == (Waits.BOOKED, first)
    assert settle() == 0


def test_declined_or_not_answered_the_next_is_asked_and_she_keeps_her_place(cast, asked):
    assert decline_offer(offer=asked, now=NOW)
    assert not decline_offer(offer=asked, now=NOW)
    settle()
    assert offers() == [("Vera", "08:30", Offered.DECLINED), ("Dina", "08:30", Offered.OPEN)]

    assert expire_offers(now=NOW + 30 * MINUTE) == 1
    settle(NOW + 30 * MINUTE)

    assert offers() == [("Vera", "08:30", Offered.DECLINED), ("Dina", "08:30", Offered.EXPIRED)]
    assert WaitingEntry.objects.filter(state=Waits.WAITING).count() == 2


def test_a_late_yes_is_good_while_the_time_is_free_and_nobody_thinks_about_it(cast, asked):
    expire_offers(now=NOW + 30 * MINUTE)
    settle(NOW + 30 * MINUTE)
    late = NOW + 31 * MINUTE
    with pytest.raises(SlotTaken):
        accept(asked, late)

    decline_offer(offer=WaitingOffer.objects.get(entry__client=cast.dina), now=late)

    assert accept(asked, late).client == cast.vera


def test_of_all_who_were_asked_the_first_has_it_and_the_others_are_lost(cast, visits):
    policy(WaitingPolicy.EVERYONE)
    for client in (cast.vera, cast.dina):
        make_waiting(client, services=[cast.lashes])
    free(visits[1])
    settle()
    vera, dina = WaitingOffer.objects.order_by("pk")

    accept(dina)
    settle()

    assert offers() == [("Vera", "08:30", Offered.LOST), ("Dina", "08:30", Offered.TAKEN)]
    with pytest.raises(SlotTaken):
        accept(vera)
    assert settle() == 0


def test_what_is_left_of_a_longer_time_is_offered_anew_to_those_who_lost(cast, visits):
    policy(WaitingPolicy.EVERYONE)
    short = make_service(branch=cast.branch, minutes=45)
    for client in (cast.vera, cast.dina):
        make_waiting(client, services=[short])
    free(visits[1])
    settle()

    accept(WaitingOffer.objects.get(entry__client=cast.vera))
    settle()

    assert offers() == [
        ("Vera", "08:30", Offered.TAKEN),
        ("Dina", "08:30", Offered.LOST),
        ("Dina", "09:15", Offered.OPEN),
    ]


def test_a_time_that_the_desk_gives_away_is_lost_at_the_next_look(cast, visits):
    policy(WaitingPolicy.EVERYONE)
    make_waiting(cast.vera, services=[cast.lashes])
    free(visits[1])
    settle()
    make_appointment(client=cast.dina, master=cast.anna, starts_at=local(TOMORROW, 10, 30), services=[cast.lashes])

    settle()

    assert offers() == [("Vera", "08:30", Offered.LOST)]


def test_who_gives_up_her_own_time_moves_and_frees_it_for_the_next(cast, visits):
    later = visits[4]
    make_waiting(later.client, services=[cast.lashes], instead_of=later, to_day=TOMORROW)
    make_waiting(cast.dina, services=[cast.lashes], from_time=time(14))
    free(visits[1])
    settle()

    moved = accept(WaitingOffer.objects.get())

    assert (moved.pk, moved.starts_at) == (later.pk, local(TOMORROW, 10, 30))
    assert settle() == 1
    # 15:00 was hers
    assert offers(state=Offered.OPEN) == [("Dina", "13:00", Offered.OPEN)]


def test_who_has_had_the_visit_or_whose_days_are_past_waits_no_more(cast, visits):
    visit = visits[0]
    had = make_waiting(visit.client, services=[cast.lashes], instead_of=visit)
    past = make_waiting(cast.vera, services=[cast.lashes], to_day=TODAY)
    Appointment.objects.filter(pk=visit.pk).update(status=Status.DONE)

    settle(local(TOMORROW, 0))

    assert set(WaitingEntry.objects.values_list("pk", "state")) == {(had.pk, Waits.OVER), (past.pk, Waits.OVER)}


def test_withdrawn_she_is_asked_no_more_and_the_next_is(cast, asked):
    assert withdraw_waiting(entry=asked.entry, now=NOW)
    assert not withdraw_waiting(entry=asked.entry, now=NOW)
    settle()

    assert offers() == [("Vera", "08:30", Offered.DECLINED), ("Dina", "08:30", Offered.OPEN)]
    with pytest.raises(WaitsNoMore):
        accept(asked)
    assert wait_again(entry=asked.entry, now=NOW)
    assert WaitingEntry.objects.get(client=cast.vera).state == Waits.WAITING


def test_the_desk_offers_by_hand_and_only_what_is_free(cast, visits):
    entry = make_waiting(cast.dina, services=[cast.lashes])
    about = {"entry": entry, "master": cast.anna, "starts_at": local(TOMORROW, 10, 30), "manners": AT_ONCE}
    with pytest.raises(SlotTaken):
        offer_by_hand(**about, now=NOW)

    free(visits[1])
    offer = offer_by_hand(**about, now=NOW)

    assert (offer.keeps, offer.until) == (True, NOW + 30 * MINUTE)
    # the freed time itself is kept now
    make_waiting(cast.vera, services=[cast.lashes], since=NOW - timedelta(days=5))
    assert settle() == 0


def test_who_thinks_about_one_time_is_asked_about_no_other_until_she_has_answered(cast, visits):
    make_waiting(cast.vera, services=[cast.lashes])
    free(visits[1])
    free(visits[3])
    settle()
    assert offers() == [("Vera", "08:30", Offered.OPEN)]

    decline_offer(offer=WaitingOffer.objects.get(), now=NOW)
    settle()

    assert offers() == [("Vera", "08:30", Offered.DECLINED), ("Vera", "11:30", Offered.OPEN)]
