"""Cashback, paying with points and the way back (rules.md, Points), worked by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.sales.models import Payment
from loyalty.points.models import LedgerEntry
from loyalty.points.selectors import points_report, points_summary
from loyalty.points.services import KeyReused, NotEnoughPoints, expire_points, grant_points, record_notice
from tests.factories import NOW, TODAY, make_branch, make_client
from tests.loyalty.till import give_back, held, lots, pay, rules

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def client():
    return make_client(branch=make_branch(currency="EUR"))


def kinds(client) -> list[tuple[str, int]]:
    return list(LedgerEntry.objects.filter(account__client=client).order_by("pk").values_list("kind", "points"))


def test_cashback_of_5000_is_250(client):
    sale = pay(client, 5000)

    assert sale.paid == Decimal(5000)
    assert held(client) == (250, 0)
    assert lots(client) == [(250, TODAY + YEAR)]


def test_what_was_gathered_makes_a_next_purchase_free(client):
    pay(client, 5000)

    free = pay(client, 250, points=250)

    assert (free.total, free.paid) == (Decimal(250), Decimal(0))
    assert list(free.payments.values_list("method", "amount", "points")) == [("points", Decimal(250), 250)]
    # nothing was paid in money, so nothing is earned
    assert held(client) == (0, 0)


def test_points_pay_a_part_and_the_rest_earns(client):
    pay(client, 1000)

    sale = pay(client, 120, points=50)

    # 70 in money: floor(1070 x 5 / 100) = 53 in all, 50 of them before
    assert sale.paid == Decimal(70)
    assert held(client) == (3, 0)


def test_remainder_is_never_lost(client):
    # 5 % of 19 is 0.95: 0, 1, 2, 3, 4 after five sales, floor(95 x 0.05) = 4
    balances = []
    for _sale in range(5):
        pay(client, 19)
        balances.append(held(client)[0])

    assert balances == [0, 1, 2, 3, 4]


def test_cents_add_up_to_a_point(client):
    for _sale in range(4):
        pay(client, "4.99")
    assert held(client) == (0, 0)

    # 19.96 + 0.04 = 20.00: one point at last
    pay(client, "0.04")

    assert held(client) == (1, 0)


def test_new_rate_starts_a_new_count(client):
    pay(client, 19)
    rules(points_per_100=Decimal(10))

    pay(client, 9)
    assert held(client) == (0, 0)
    pay(client, 1)

    # 19 at 5 % gave none and stays behind; 10 at 10 % give 1
    assert held(client) == (1, 0)


def test_old_rate_again_starts_anew_too(client):
    pay(client, 19)
    rules(points_per_100=Decimal(10))
    pay(client, 5)
    rules(points_per_100=Decimal(5))

    pay(client, 19)

    assert held(client) == (0, 0)


def test_refund_goes_to_the_count_it_came_from(client):
    first = pay(client, 1000)
    rules(points_per_100=Decimal(10))
    pay(client, 100)
    assert held(client) == (60, 0)

    give_back(first)

    assert held(client) == (10, 0)


def test_cashback_switched_off_gives_none(client):
    rules(spending_on=False)

    pay(client, 5000)

    assert held(client) == (0, 0)


def test_more_points_than_there_are_are_refused(client):
    pay(client, 100)

    with pytest.raises(NotEnoughPoints, match="5 points"):
        pay(client, 100, points=6)

    assert held(client) == (5, 0)


def test_owner_limits_the_share_that_points_pay(client):
    pay(client, 5000)
    rules(max_share_percent=30)

    sale = pay(client, 100, points=250)

    assert sale.payments.get(method=Payment.Method.POINTS).points == 30
    assert sale.paid == Decimal(70)


def test_points_of_half_a_unit_pay_whole_points_only(client):
    pay(client, 5000)
    rules(point_value=Decimal("0.5"))

    sale = pay(client, "10.30", points=250)

    assert sale.payments.get(method=Payment.Method.POINTS).points == 20
    assert sale.paid == Decimal("0.30")


def test_soonest_expiring_points_go_first(client):
    grant_points(
        client=client, points=30, kind="gesture", source="hand 1", key="a", now=NOW, expires_on=date(2026, 12, 1)
    )
    grant_points(
        client=client, points=30, kind="gesture", source="hand 2", key="b", now=NOW, expires_on=date(2026, 9, 1)
    )

    pay(client, 40, points=40)

    assert lots(client) == [(20, date(2026, 12, 1))]


def test_same_key_counts_once_and_refuses_other_data(client):
    grant_points(client=client, points=30, kind="gesture", source="hand 1", key="a", now=NOW)
    grant_points(client=client, points=30, kind="gesture", source="hand 1", key="a", now=NOW)
    assert held(client) == (30, 0)

    with pytest.raises(KeyReused):
        grant_points(client=client, points=31, kind="gesture", source="hand 1", key="a", now=NOW)

    assert held(client) == (30, 0)


def test_checkout_sent_twice_is_one_sale(client):
    first = pay(client, 5000, key="one form")
    again = pay(client, 5000, key="one form")

    assert again == first
    assert held(client) == (250, 0)


# Expiry ---------------------------------------------------------------------


def test_points_are_valid_for_365_days(client):
    pay(client, 900)
    day = timedelta(days=1)

    # 45 points need no notice
    assert expire_points(now=NOW + YEAR - day) == 0
    assert held(client) == (45, 0)
    assert expire_points(now=NOW + YEAR) == 45
    assert held(client) == (0, 0)
    assert kinds(client) == [("spending", 45), ("expired", -45)]


def test_fifty_points_without_a_notice_do_not_expire(client):
    pay(client, 1000)

    assert expire_points(now=NOW + YEAR) == 0
    assert held(client) == (50, 0)

    record_notice(client=client, expires_on=TODAY + YEAR, now=NOW + YEAR - timedelta(days=14))
    assert expire_points(now=NOW + YEAR) == 50


def test_expiry_runs_twice_without_harm(client):
    pay(client, 900)

    assert [expire_points(now=NOW + YEAR), expire_points(now=NOW + YEAR)] == [45, 0]


def test_expired_points_cannot_pay_even_before_the_clock_came_by(client):
    pay(client, 900)

    with pytest.raises(NotEnoughPoints):
        pay(client, 45, points=45, now=NOW + YEAR)


def test_day_of_the_branch_decides_when_points_are_over():
    auckland = make_client(branch=make_branch(time_zone="Pacific/Auckland"))
    pay(auckland, 900)
    # NOW is 10 June 21:00 in Auckland; 10 June 2027 begins there at 12:00 UTC of the 9th
    midnight = NOW.replace(year=2027, day=9, hour=12)

    assert expire_points(now=midnight - timedelta(minutes=1)) == 0
    assert expire_points(now=midnight) == 45


def test_changed_validity_touches_new_points_only(client):
    pay(client, 100)
    rules(validity_days=100)
    pay(client, 100)

    assert lots(client) == [(5, TODAY + timedelta(days=100)), (5, TODAY + YEAR)]


# Refunds: the table of trust.md L6, worked by hand --------------------------


def test_refund_takes_back_what_was_earned(client):
    sale = pay(client, 5000)

    refund = give_back(sale)

    assert (refund.total, refund.paid) == (Decimal(-5000), Decimal(-5000))
    assert held(client) == (0, 0)
    assert kinds(client) == [("spending", 250), ("taken_back", -250)]


def test_refund_of_spent_points_is_owed_and_deducted_later(client):
    sale = pay(client, 5000)
    pay(client, 200, points=200)

    give_back(sale)
    assert held(client) == (0, 200)

    # 6,000 at 5 % are 300: 200 of them pay what is owed
    pay(client, 6000)
    assert held(client) == (100, 0)
    assert kinds(client)[-2:] == [("spending", 300), ("owed", -200)]


def test_owed_points_are_paid_off_in_parts(client):
    sale = pay(client, 5000)
    pay(client, 250, points=250)
    give_back(sale)

    pay(client, 2000)

    assert held(client) == (0, 150)


def test_refund_gives_back_points_before_it_takes_earned_ones(client):
    pay(client, 1000)
    sale = pay(client, 1050, points=50)  # 1,000 in money earn 50
    pay(client, 50, points=50)  # which are spent
    assert held(client) == (0, 0)

    give_back(sale)

    # 50 come back, 50 go: nothing is owed
    assert held(client) == (0, 0)


def test_points_come_back_with_the_days_they_had_left(client):
    pay(client, 1000)
    later = NOW + timedelta(days=300)
    sale = pay(client, 50, points=50, now=later)

    give_back(sale, now=later + timedelta(days=40))

    # spent 65 days before their end: 65 days from the refund
    assert lots(client) == [(50, TODAY + timedelta(days=405))]


def test_buying_and_returning_does_not_freshen_points(client):
    pay(client, 1000)
    for _loop in range(3):
        give_back(pay(client, 50, points=50))

    assert lots(client) == [(50, TODAY + YEAR)]


def test_refund_after_expiry_asks_for_nothing(client):
    sale = pay(client, 900)
    expire_points(now=NOW + YEAR)

    give_back(sale, now=NOW + YEAR)

    assert held(client) == (0, 0)


def test_refund_after_expiry_leaves_other_points_alone(client):
    sale = pay(client, 900)
    pay(client, 400, now=NOW + timedelta(days=100))
    expire_points(now=NOW + YEAR)
    assert held(client) == (20, 0)

    give_back(sale, now=NOW + YEAR)

    assert held(client) == (20, 0)


def test_refund_of_partly_expired_points_asks_for_the_spent_part(client):
    sale = pay(client, 900)  # 45
    pay(client, 30, points=30)
    expire_points(now=NOW + YEAR)  # 15 go
    assert held(client) == (0, 0)

    give_back(sale, now=NOW + YEAR)

    assert held(client) == (0, 30)


def test_partial_refund_takes_its_part(client):
    sale = pay(client, 600, 400)
    assert held(client) == (50, 0)

    give_back(sale, lines=[1])
    assert held(client) == (30, 0)

    give_back(sale, lines=[0])
    assert held(client) == (0, 0)


def test_partial_refund_of_a_sale_paid_in_both_ways(client):
    pay(client, 2000)  # 100
    sale = pay(client, 60, 40, points=50)  # 50 in money earn floor(2050 x .05) - 100 = 2
    assert held(client) == (52, 0)

    refund = give_back(sale, lines=[1])

    # 40 of 100: 20 points and 20 in money; floor(2030 x .05) = 101, so 1 goes
    assert dict(refund.payments.values_list("method", "points")) == {"points": 20, "cash": None}
    assert refund.paid == Decimal(-20)
    assert held(client) == (71, 0)

    rest = give_back(sale, lines=[0])
    assert rest.paid == Decimal(-30)
    assert held(client) == (100, 0)


def test_refund_sent_twice_is_one_refund(client):
    sale = pay(client, 5000)

    first = give_back(sale, key="one return")

    assert give_back(sale, key="one return") == first
    assert held(client) == (0, 0)


def test_report_adds_up(client):
    sale = pay(client, 5000)  # +250
    pay(client, 100, points=100)  # -100
    give_back(sale)  # 150 taken back, 100 owed
    pay(client, 1000)  # +50, all deducted
    pay(client, 2000)  # +100, 50 deducted

    report = points_report(since=TODAY, until=TODAY + timedelta(days=1), today=TODAY)

    assert report == {
        "granted": 400,
        "spent": 100,
        "expired": 0,
        "reversed": 250,
        "outstanding": 50,
        "pending": 0,
        "owed": 0,
    }


def test_summary_says_what_it_is_worth_and_what_ends_next(client):
    rows = rules(point_value=Decimal("0.10"))
    pay(client, 1000)
    pay(client, 400, now=NOW + timedelta(days=10))

    summary = points_summary(client, rows)

    assert (summary.balance, summary.worth) == (70, Decimal("7.0"))
    assert (summary.next_expiry_on, summary.next_expiry_points) == (TODAY + YEAR, 50)
