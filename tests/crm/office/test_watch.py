"""The owner's watch: what was granted, spent, expires and is owed, what nobody uses, who was refused (practices.md, P30)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from crm.office.watch.figures import ByHand, Unused, by_hand, by_month, months_back, never_used, totals
from crm.office.watch.suspicions import suspicions
from crm.sales.models import Payment, SaleLine
from loyalty.cards.services import issue_card
from loyalty.points.models import RefusedBenefit
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services import give_gesture, grant_points, note_refused, promise_rebooking
from loyalty.vouchers.models import Campaign, Reward
from loyalty.vouchers.services import issue_voucher, redeem_reward
from tests.factories import NOW, TODAY, make_appointment, make_cast, make_client
from tests.loyalty.till import give_back, pay, rules

ADDRESS = "/admin/loyalty-watch/"
SINCE, UNTIL = TODAY - timedelta(days=89), TODAY + timedelta(days=1)


@pytest.fixture
def cast(db):
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


@pytest.fixture
def office(client, cast):
    client.force_login(cast.owner)
    return client


def live(cast):
    """A quarter of the programme, in sums that can be added by hand."""
    owners = rules(
        point_value=Decimal("0.1"), points_per_100=50, rebooking_on=True, rebooking_points=12, gesture_on=True,
        feedback_on=True,
    )  # fmt: skip
    # 100 paid, then 40 returned whole: 50 + 20 - 20 points
    pay(cast.vera, 100, now=NOW - timedelta(days=60))
    give_back(pay(cast.vera, 40, now=NOW - timedelta(days=2)))
    # a gift of 30 that ends in 20 days, one of 10 in 80, and a reward of 25 out of the first
    for points, days, user in ((30, 20, cast.user_of(cast.anna)), (10, 80, cast.user_of(cast.boris))):
        grant_points(
            client=cast.vera, points=points, kind="gesture", source="office", key=f"g{points}", now=NOW, user=user,
            expires_on=TODAY + timedelta(days=days),
        )  # fmt: skip
    redeem_reward(client=cast.vera, reward=Reward.objects.create(name="Tea", price=25), key="r", now=NOW)
    promise_rebooking(
        client=cast.vera,
        appointment=make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW + timedelta(days=9)),
        on=TODAY,
        now=NOW,
        rules=owners,
    )
    return owners


def test_sums_are_those_worked_by_hand(cast):
    owners = live(cast)

    found = totals(SINCE, UNTIL, TODAY, owners)

    # granted 50 + 20 + 30 + 10, spent 25, taken back 20: 65 left, of which 5 end in 20 days and 10 in 80
    assert (found.granted, found.spent, found.expired, found.reversed) == (110, 25, 0, 20)
    assert (found.outstanding, found.pending, found.owed_to_us) == (65, 12, 0)
    assert (found.expiring_30, found.expiring_90) == (5, 15)
    assert (found.liability, found.certificates) == (Decimal("6.5"), Decimal(0))
    months = {month.first: (month.granted, month.spent, month.reversed) for month in by_month(TODAY) if month.granted}
    assert months == {
        date(2026, 4, 1): ({"spending": 50}, 0, 0),
        date(2026, 6, 1): ({"spending": 20, "gesture": 40}, 25, 20),
    }
    assert (by_month(TODAY)[0].first, len(by_month(TODAY))) == (date(2025, 7, 1), 12)
    assert months_back(date(2026, 1, 1), 1) == date(2025, 12, 1)


def test_what_nobody_ever_used_is_named(cast):
    owners = live(cast)
    Reward.objects.create(name="Never", price=900)
    campaign = Campaign.objects.create(
        name="Spring", branch=cast.branch, percent=10, valid_from=TODAY, valid_until=TODAY + timedelta(days=9)
    )
    issue_card(client=cast.dina, now=NOW - timedelta(days=31), rules=owners)
    issue_card(client=cast.leila, now=NOW, rules=owners)

    found = never_used(TODAY, owners)

    assert [(each.what, each.name, each.count) for each in found] == [
        ("rule", "rebooking", 0),
        ("rule", "feedback", 0),
        ("reward", "Never", 0),
        ("campaign", "Spring", 0),
        ("voucher", "reward", 1),
        ("card", "simple", 1),
    ]
    assert Unused("campaign", "Spring", 0, campaign.pk) in found


def test_given_by_hand_is_told_by_login(cast):
    live(cast)
    issue_voucher(
        client=cast.dina, branch=cast.branch, kind="gift", key="v", now=NOW, percent=10, user=cast.user_of(cast.boris),
        valid_from=TODAY, valid_until=TODAY,
    )  # fmt: skip
    # more than a day's limit becomes a request
    give_gesture(
        client=cast.leila, points=500, reason="kind", user=cast.user_of(cast.anna), now=NOW, rules=loyalty_settings()
    )

    assert by_hand(SINCE, UNTIL) == [
        ByHand("Anna", times=1, points=30, clients=1, asked=1),
        ByHand("Boris", times=1, points=10, clients=1, vouchers=1),
    ]


def test_who_asks_less_than_usual_on_many_receipts_is_told(cast):
    anna = cast.user_of(cast.anna)
    for number in range(10):
        sale = pay(cast.vera, 45, now=NOW + timedelta(minutes=number))
        lowered = {"usual_amount": Decimal(60), "lowered_why": "a friend"} if number < 5 else {}
        sale.lines.update(**lowered or {"usual_amount": None})
        type(sale).objects.filter(pk=sale.pk).update(completed_by=anna)
    today = NOW.date()

    (row,) = [each for each in by_hand(today, today + timedelta(days=1)) if each.lowered]
    found = [each for each in suspicions(today, loyalty_settings()) if each.kind == "hand_prices"]

    assert (row.name, row.lowered, row.less) == (str(anna), 5, Decimal(75))
    assert [(each.who, each.count) for each in found] == [(str(anna), 5)]
    sale.lines.update(usual_amount=None)
    SaleLine.objects.filter(pk=SaleLine.objects.filter(usual_amount__isnull=False).first().pk).update(usual_amount=None)
    # four are no habit
    assert not [each for each in suspicions(today, loyalty_settings()) if each.kind == "hand_prices"]


def test_page_and_file_tell_it_and_no_cell_is_a_formula(office, cast):
    live(cast)
    stranger = make_client(branch=cast.branch, name='=HYPERLINK("http://example.test")')
    note_refused(kind="voucher", place="checkout", reason="over", now=NOW, typed="=1+1", client=stranger)

    page = office.get(ADDRESS)
    told = office.get(ADDRESS + "file.csv").content.decode()

    text = page.content.decode()
    assert page.status_code == 200
    assert "at the checkout: no longer valid" in text
    assert "total,liability,6.5" in told
    assert "total,granted,110" in told
    assert "\"'=HYPERLINK(" in told
    assert "'=1+1" in told
    assert not [line for line in told.splitlines() for cell in line.split(",") if cell.strip('"').startswith("=")]


def test_watch_asks_as_often_for_many_as_for_few(office, cast, django_assert_num_queries):
    live(cast)
    note_refused(kind="voucher", place="checkout", reason="over", now=NOW, client=cast.vera)
    with django_assert_num_queries(QUERIES):
        office.get(ADDRESS)
    for number in range(30):
        guest = make_client(branch=cast.branch)
        pay(guest, 10, method=Payment.Method.CARD)
        note_refused(kind="voucher", place="checkout", reason="used", now=NOW, client=guest, user=cast.owner)
        Reward.objects.create(name=f"Reward {number}", price=number + 1)
    assert RefusedBenefit.objects.count() == 31
    with django_assert_num_queries(QUERIES):
        office.get(ADDRESS)


QUERIES = 44
