"""What a dishonest client, master or stranger tries: nothing is gained, and the owner sees it (trust.md, L5)."""

from datetime import timedelta

import pytest
import time_machine

from crm.booking.models import Appointment
from crm.booking.services import refresh_pulses
from crm.office.watch.suspicions import suspicions
from crm.people.models import Client
from crm.people.services import update_client
from loyalty.cards.selectors import why_not_card
from loyalty.cards.services import issue_card
from loyalty.points.models import GestureRequest, LedgerEntry, PendingGrant, RefusedBenefit
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services import (
    GestureRefused,
    give_gesture,
    grant_birthdays,
    grant_gesture,
    promise_rebooking,
    settle_pending,
)
from loyalty.referrals.services import claim_by_link, ensure_code
from loyalty.vouchers.codes import new_code
from loyalty.vouchers.services import Guesser, may_try_code, note_refused, note_wrong_code
from tests.factories import NOW, TODAY, make_appointment, make_cast, make_client, make_visit
from tests.loyalty.till import give_back, held, pay, rules

SINCE = TODAY - timedelta(days=89)
DAY = timedelta(days=1)


@pytest.fixture
def cast(db):
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


def seen() -> set[tuple[str, str]]:
    """What the owner's watch shows: what, and about whom."""
    return {(each.kind, each.who) for each in suspicions(SINCE, loyalty_settings())}


def test_booking_and_cancelling_a_hundred_times_earns_nothing(cast):
    owners = rules(rebooking_on=True, rebooking_points=50)
    for number in range(100):
        # half of them on one day, the rest on a day each
        on = TODAY - max(0, number - 50) * DAY
        visit = make_appointment(
            client=cast.vera, master=cast.anna, starts_at=NOW + (number + 1) * DAY, rebooked_on_spot=True, booked_on=on
        )
        promise_rebooking(client=cast.vera, appointment=visit, on=on, now=NOW, rules=owners)
        Appointment.objects.filter(pk=visit.pk).update(
            status=Appointment.Status.CANCELLED, cancelled_by=Appointment.By.CLIENT, cancelled_at=NOW
        )
        if number % 10 == 9:
            settle_pending(now=NOW, rules=owners)

    assert held(cast.vera) == (0, 0)
    assert not LedgerEntry.objects.exists()
    assert not PendingGrant.objects.filter(state=PendingGrant.State.PENDING).exists()
    assert seen() == {("book_cancel", "Vera Example")}


def test_buying_and_returning_again_and_again_earns_nothing(cast):
    rules()
    for _round in range(3):
        bought = pay(cast.vera, 1000)
        # the 50 points are spent before the rest goes back: they are owed
        pay(cast.vera, 50, points=50)
        give_back(bought)
        assert held(cast.vera) == (0, 50)
        # what the next purchase earns pays the debt first
        settled = pay(cast.vera, 1000)
        give_back(settled)
        assert held(cast.vera) == (0, 50)
        pay(cast.vera, 1000)
        # kept: one purchase of 1,000, which earns 50, and a service of 50 that those 50 have paid
        assert held(cast.vera) == (0, 0)

    assert seen() == {("buy_refund", "Vera Example")}


def test_bringing_oneself_earns_nothing(cast):
    rules(referral_on=True)
    code = ensure_code(client=cast.vera, now=NOW)
    again = make_client(branch=cast.branch, name="Another Vera", phone=cast.vera.phone)

    assert claim_by_link(friend=cast.vera, code=code, now=NOW) is None
    held_back = claim_by_link(friend=again, code=code, now=NOW)
    pay(cast.vera, 100)
    pay(again, 100)

    assert held_back is not None
    # cashback of 5 each, and not a point for the friend that she is herself
    assert (held(cast.vera), held(again)) == ((5, 0), (5, 0))
    assert seen() == {("referral_refused", "Vera Example"), ("referral_held", "Vera Example")}


def test_giving_to_oneself_earns_nothing(cast):
    owners = rules(gesture_on=True, gesture_daily_points=100)
    anna = cast.user_of(cast.anna)
    own = make_client(branch=cast.branch, name="A. Private", email=anna.email or "anna@example.test")
    anna.email = own.email
    anna.save()

    with pytest.raises(GestureRefused):
        give_gesture(client=own, points=10, reason="why not", user=anna, now=NOW, rules=owners)
    give_gesture(client=cast.dina, points=500, reason="my friend", user=anna, now=NOW, rules=owners)
    with pytest.raises(GestureRefused):
        grant_gesture(request=GestureRequest.objects.get(), user=anna, now=NOW, rules=owners)

    assert (held(own), held(cast.dina)) == ((0, 0), (0, 0))
    assert seen() == {("hand_refused", str(anna))}


def test_showing_somebody_elses_card_earns_nothing(cast):
    card = issue_card(client=cast.vera, now=NOW, rules=rules())

    assert pay(cast.dina, 100, typed=card.number).total == 100
    # the desk reads it: what it says to her is written down for the owner
    note_refused(
        kind=RefusedBenefit.Kind.CARD,
        place=RefusedBenefit.Place.CHECKOUT,
        reason=why_not_card(card, cast.dina.pk),
        client=cast.dina,
        now=NOW,
    )

    assert seen() == {("card_lent", "Dina Example")}


def test_moving_the_birthday_earns_nothing(cast):
    owners = rules(birthday_points_on=True)
    Client.objects.filter(pk=cast.vera.pk).update(birth_month=1, birth_day=2)
    cast.vera.refresh_from_db()
    cast.vera.save()
    Client.history.filter(id=cast.vera.pk).update(history_date=NOW - 900 * DAY)
    make_visit(cast.vera, TODAY - 20 * DAY)
    refresh_pulses(client_ids=[cast.vera.pk], now=NOW)

    update_client(client=cast.vera, birth_month=TODAY.month, birth_day=TODAY.day)
    for later in range(3):
        grant_birthdays(now=NOW + later * DAY, rules=owners)

    assert held(cast.vera) == (0, 0)
    assert seen() == {("birthday", "Vera Example")}


def test_guessing_codes_ends_after_twenty(cast):
    thief = Guesser(door="my", connection="203.0.113.9", client=cast.vera)
    tried = 0
    for _guess in range(200):
        if may_try_code(thief, now=NOW):
            note_wrong_code(thief, now=NOW)
            tried += 1
    stranger = Guesser(door="book", connection="203.0.113.77")
    for _guess in range(6):
        note_wrong_code(stranger, now=NOW)

    assert tried == 20
    # of codes as they are made nobody meets one in a thousand tries
    assert len({new_code() for _code in range(1000)}) == 1000
    assert seen() == {("guess", "Vera Example"), ("guess", "a stranger")}


def test_a_lent_card_that_serves_everybody_is_seen(cast):
    card = issue_card(client=cast.vera, now=NOW, rules=rules(spending_on=False), is_bearer=True)
    for _guest in range(5):
        pay(make_client(branch=cast.branch), 100, typed=card.number)

    assert held(cast.vera) == (0, 0)
    assert seen() == {("card", "Vera Example")}
