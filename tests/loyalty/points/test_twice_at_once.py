"""Each event of the ledger played again, by two at once: one effect (trust.md, L3), with the guards off as controls."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm.booking.models import Appointment
from crm.booking.services import refresh_pulses
from crm.care.models import Feedback
from crm.sales.services import ReturnFact, refund_sale
from crm.team.models import User
from loyalty.points.models import GestureRequest, LedgerEntry, PendingGrant, PointsBalance
from loyalty.points.services import (
    adjust_points,
    expire_points,
    gestures,
    give_gesture,
    grant_birthdays,
    grant_feedback,
    grant_gesture,
    grant_points,
    ledger,
    settle_pending,
    settle_refund,
    settle_sale,
    void_entry,
)
from loyalty.vouchers.models import Reward, Voucher
from loyalty.vouchers.services import redeem_reward, return_reward, rewards, settle_rewards
from tests.factories import NOW, TODAY, Cast, make_appointment, make_cast, make_visit
from tests.loyalty.crowd import all_at_once
from tests.loyalty.till import bare_sale, held, pay, rules

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TWICE, DAY = 2, timedelta(days=1)
Event = Callable[[], object]


def grant(client, points: int, key: str = "start") -> LedgerEntry:
    return grant_points(client=client, points=points, kind="gesture", source=key, key=key, now=NOW)


def a_sale(cast: Cast) -> Event:
    sale = bare_sale(cast.vera, 1000)
    return lambda: settle_sale(sale=sale, points=0, now=NOW, rules=rules())


def a_payment(cast: Cast) -> Event:
    grant(cast.vera, 80)
    sale = bare_sale(cast.vera, 1000)
    return lambda: settle_sale(sale=sale, points=30, now=NOW, rules=rules())


def a_refund(cast: Cast) -> Event:
    sale = pay(cast.vera, 2000)
    line = sale.lines.get()
    grant(cast.vera, 50)
    refund = refund_sale(sale=sale, returns=[ReturnFact(line, line.quantity)], now=NOW)
    return lambda: settle_refund(refund=refund, now=NOW, rules=rules())


def a_gesture(cast: Cast) -> Event:
    return lambda: give_gesture(
        client=cast.vera, points=50, reason="rain", user=cast.user_of(cast.anna), now=NOW, rules=rules(), key="form"
    )


def a_granted_request(cast: Cast) -> Event:
    give_gesture(
        client=cast.vera, points=150, reason="x", user=cast.user_of(cast.anna), now=NOW, rules=rules(), key="form"
    )
    asked = GestureRequest.objects.select_related("account__client__branch").get()
    grant(cast.vera, 50)
    return lambda: grant_gesture(request=asked, user=cast.owner, now=NOW)


def an_adjustment(cast: Cast) -> Event:
    grant(cast.vera, 80)
    return lambda: adjust_points(client=cast.vera, points=-30, reason="x", user=cast.owner, now=NOW, key="form")


def a_void(cast: Cast) -> Event:
    grant(cast.vera, 50)
    entry = grant(cast.vera, 60, "other")
    return lambda: void_entry(entry=entry, user=cast.owner, now=NOW)


def an_expiry(cast: Cast) -> Event:
    grant(cast.vera, 40)
    later = grant_points(
        client=cast.vera, points=50, kind="gesture", source="b", key="b", now=NOW, expires_on=TODAY + 400 * DAY
    )
    assert later.points == 50
    return lambda: expire_points(now=NOW + 365 * DAY)


def a_birthday(cast: Cast) -> Event:
    cast.vera.birth_month, cast.vera.birth_day = 6, 10
    cast.vera.save_without_historical_record()
    make_visit(client=cast.vera, on=TODAY - DAY)
    refresh_pulses(client_ids=[cast.vera.pk], now=NOW)
    row = rules(birthday_points_on=True, birthday_points=50)
    return lambda: grant_birthdays(now=NOW, rules=row)


def a_feedback(cast: Cast) -> Event:
    Feedback.objects.create(client=cast.vera, branch=cast.branch, visit_on=TODAY, score=3, answered_at=NOW)
    row = rules(feedback_on=True, feedback_points=50)
    return lambda: grant_feedback(now=NOW, rules=row)


def a_rebooking(cast: Cast) -> Event:
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, status=Appointment.Status.DONE)
    account = grant(cast.vera, 1).account
    PendingGrant.objects.create(
        account=account, points=49, kind="rebooking", appointment=visit, key="rebooking", promised_at=NOW
    )
    return lambda: settle_pending(now=NOW, rules=rules())


def a_reward(cast: Cast) -> Event:
    grant(cast.vera, 250)
    reward = Reward.objects.create(name="r", price=200)
    return lambda: redeem_reward(client=cast.vera, reward=reward, key="tap", now=NOW)


def a_reward_given_back(cast: Cast) -> Event:
    grant(cast.vera, 50)
    reward = Reward.objects.create(name="r", price=50)
    voucher = redeem_reward(client=cast.vera, reward=reward, key="tap", now=NOW)
    return lambda: return_reward(voucher=voucher, now=NOW)


def a_reward_over(cast: Cast) -> Event:
    grant(cast.vera, 50)
    reward = Reward.objects.create(name="r", price=50, valid_days=1)
    redeem_reward(client=cast.vera, reward=reward, key="tap", now=NOW)
    return lambda: settle_rewards(now=NOW + DAY)


EVENTS = {
    # event: what she has at the end
    a_sale: 50,
    a_payment: 100,
    a_refund: 50,
    a_gesture: 50,
    a_granted_request: 200,
    an_adjustment: 50,
    a_void: 50,
    an_expiry: 50,
    a_birthday: 50,
    a_feedback: 50,
    a_rebooking: 50,
    a_reward: 50,
    a_reward_given_back: 50,
    a_reward_over: 50,
}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_event_played_twice_at_once_has_one_effect(event):
    rules(gesture_on=True)
    cast = make_cast()
    play = event(cast)

    all_at_once(lambda _number: play() and None, many=TWICE)
    # and once more, long after
    try:
        play()
    except rewards.NothingToReturn:
        assert event is a_reward_given_back

    assert held(cast.vera) == (EVENTS[event], 0)
    assert Voucher.objects.count() <= 1


def give_at_once(cast: Cast, user: User) -> int:
    """Ten forms of 30 from one login that may give 100 a day; how many points went out."""
    before = held(cast.vera)[0]

    def give(number: int) -> None:
        give_gesture(
            client=cast.vera, points=30, reason="x", user=user, now=NOW, rules=rules(), key=f"{user.pk} {number}"
        )

    outcomes = all_at_once(give, many=10)
    assert [each for each in outcomes if each] == []
    return held(cast.vera)[0] - before


def test_daily_limit_holds_for_ten_forms_at_once():
    rules(gesture_on=True)
    cast = make_cast()

    assert give_at_once(cast, cast.user_of(cast.anna)) == 90
    # the seven beyond it wish for the same: one request
    assert GestureRequest.objects.count() == 1


@pytest.mark.postgres
def test_control_without_waiting_for_each_other_more_than_a_hundred_go_out(monkeypatch):
    rules(gesture_on=True)
    cast = make_cast()
    monkeypatch.setattr(gestures, "wait_for_login", lambda user: None)
    # her account is locked by each grant: the limit is looked at before
    for master in (cast.anna, cast.boris, cast.outsider):
        if give_at_once(cast, cast.user_of(master)) > 90:
            return
    pytest.fail("with the lock off nothing went wrong: the race above proves nothing")


def tap_at_once(cast: Cast, key: str) -> list[BaseException | None]:
    grant(cast.vera, 100, f"for {key}")
    reward = Reward.objects.create(name="r", price=100)
    return all_at_once(
        lambda _number: redeem_reward(client=cast.vera, reward=reward, key=key, now=NOW) and None, many=8
    )


def test_eight_taps_take_one_reward_and_nobody_is_refused():
    rules()
    cast = make_cast()

    assert [each for each in tap_at_once(cast, "tap") if each] == []

    assert (Voucher.objects.count(), held(cast.vera)) == (1, (0, 0))


@pytest.mark.postgres
def test_control_without_the_lock_taps_of_one_form_are_refused(monkeypatch):
    rules()
    cast = make_cast()
    monkeypatch.setattr(rewards, "lock_balance_of", lambda client, now: None)
    monkeypatch.setattr(ledger, "_locked", PointsBalance.objects.all)
    for number in range(10):
        if [each for each in tap_at_once(cast, f"tap {number}") if each]:
            return
    pytest.fail("with the lock off nothing went wrong: the race above proves nothing")
