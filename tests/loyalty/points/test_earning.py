"""The owner's rules of earning, worked by hand (rules.md, Points; practices.md, P23 and P25)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.selectors import quote
from loyalty.points.earning import EarningLine, EarningRules, divided, parts_of, returned_parts
from loyalty.points.models import EarningRule, LedgerEntry, SpendingCount
from loyalty.points.selectors import earning_rules, loyalty_settings
from loyalty.points.services import rebuild_points
from tests.factories import NOW, TODAY, make_branch, make_client, make_product, make_service
from tests.loyalty.till import give_back, held, pay, rules

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def rule(pk: int, factor: str, *services: int, **fields) -> tuple[EarningRule, frozenset[int]]:
    return EarningRule(pk=pk, name=f"rule {pk}", factor=Decimal(factor), **fields), frozenset(services)


# as plain arithmetic --------------------------------------------------------


@pytest.mark.parametrize(
    ("in_force", "service_id", "times"),
    [
        ((), 1, "1"),
        ((rule(1, "2"), rule(2, "1.5")), 1, "2"),
        # they never multiply: 2 and 3 are 3
        ((rule(1, "2"), rule(2, "3")), 1, "3"),
        # fewer points, too, are a rule of the owner's
        ((rule(1, "0.5"),), 1, "0.5"),
        # excluded stays excluded, however generous the week
        ((rule(1, "2"), rule(2, "0", 1)), 1, "0"),
        ((rule(1, "2"), rule(2, "0", 1)), 9, "2"),
        ((rule(1, "2", 1),), 9, "1"),
        ((rule(1, "2", covers="services"),), 1, "2"),
        ((rule(1, "2", covers="services"),), None, "1"),
        ((rule(1, "2", covers="products"),), None, "2"),
        ((rule(1, "2", covers="products"),), 1, "1"),
        ((rule(1, "2", kind="rebooking"),), 1, "1"),
    ],
)
def test_of_several_rules_the_most_generous_counts(in_force, service_id, times):
    found = EarningRules(in_force).factor("spending", service_id=service_id, is_product=service_id is None)

    assert found.times == Decimal(times)


def test_money_is_divided_to_the_thousandth_and_adds_up():
    assert divided(Decimal(50), [Decimal(60), Decimal(40)]) == [Decimal(30), Decimal(20)]
    # 10 in three like parts: 3.333, 6.666 so far, 10
    assert divided(Decimal(10), [Decimal(1)] * 3) == [Decimal("3.333"), Decimal("3.333"), Decimal("3.334")]
    assert divided(Decimal(0), [Decimal(0)]) == [Decimal(0)]


def test_a_refund_takes_what_is_due_of_each_and_never_more_than_is_left():
    assert returned_parts(Decimal(20), [Decimal(30), Decimal(20)], [Decimal(0), Decimal(20)]) == [0, 20]
    # more money comes back than is due of the one: the other gives it
    assert returned_parts(Decimal(25), [Decimal(30), Decimal(20)], [Decimal(0), Decimal(20)]) == [5, 20]


def test_lines_that_earn_at_one_rate_are_counted_together():
    lines = [EarningLine(0, Decimal(60), 1), EarningLine(1, Decimal(40), 2), EarningLine(2, Decimal(20), 1)]

    parts = parts_of(lines, Decimal(60), Decimal(5), EarningRules((rule(1, "2", 1), rule(2, "0", 2))))

    # 60 in money for 120: 40 of them for the two lines at 10, 20 for the one that is excluded
    assert [(part.rate, part.paid, part.lines) for part in parts] == [(Decimal(10), Decimal(40), "0;2")]


# at the till ----------------------------------------------------------------


@pytest.fixture
def client(db):
    rules()
    return make_client(branch=make_branch(currency="EUR"))


def ring_up(client, *lines, points: int = 0, now=NOW):
    """A receipt of (service, price) lines."""
    return pay(
        client, points=points, now=now, lines=[CheckoutLine(Decimal(price), service) for service, price in lines]
    )


def make_rule(factor: str, *services, **fields) -> EarningRule:
    made = EarningRule.objects.create(name=fields.pop("name", f"times {factor}"), factor=Decimal(factor), **fields)
    made.services.set(services)
    return made


def points_told(client, *lines) -> int:
    """What the checkout says that this receipt will earn."""
    return quote(
        branch=client.branch,
        client=client,
        lines=[CheckoutLine(Decimal(price), service) for service, price in lines],
        rules=loyalty_settings(),
        today=TODAY,
        now=NOW,
    ).earns


def test_double_points_in_a_week_and_each_line_back_at_its_own_rate(client):
    lashes, colour, bride = (make_service(branch=client.branch) for _service in range(3))
    make_rule("2", lashes, first_on=TODAY, last_on=TODAY + WEEK - DAY, name="Lash week")
    make_rule("0", bride, name="No points for brides")

    # 19 x 10 % = 1.9, 19 x 5 % = 0.95, the bride earns nothing: what is told is what comes
    assert points_told(client, (lashes, 19), (colour, 19), (bride, 500)) == 1
    first = ring_up(client, (lashes, 19), (colour, 19), (bride, 500))
    assert held(client) == (1, 0)
    assert LedgerEntry.objects.get().reason == "Lash week"

    # a week later lashes are like the others: 19 + 1 = 20 at 5 % are one point
    ring_up(client, (lashes, 1), now=NOW + WEEK)
    assert held(client) == (2, 0)
    # within it the remainder of 0.9 is still there: 19 + 1 = 20 at 10 % are two
    ring_up(client, (lashes, 1), now=NOW + WEEK - DAY)
    assert held(client) == (3, 0)

    # the owner ends it; what was granted stays, and goes back as it came
    EarningRule.objects.update(is_on=False)
    give_back(first, lines=[2])
    assert held(client) == (3, 0)
    give_back(first, lines=[0])
    # 20 - 19 = 1 at 10 % is none: both go
    assert held(client) == (1, 0)
    give_back(first, lines=[1])
    # 20 - 19 = 1 at 5 % is none
    assert held(client) == (0, 0)
    assert rebuild_points() == []


def test_points_that_pay_pay_for_each_line_alike(client):
    lashes, colour = make_service(branch=client.branch), make_service(branch=client.branch)
    pay(client, 1000)
    make_rule("2", lashes)
    make_rule("0", colour)

    # 50 of 100 in points: 30 in money for the lashes at 10 % are 3
    sale = ring_up(client, (lashes, 60), (colour, 40), points=50)
    assert held(client) == (3, 0)

    # of the colour's 40 come back 20 points and 20 in money, which had earned nothing
    give_back(sale, lines=[1])
    assert held(client) == (23, 0)
    give_back(sale, lines=[0])
    assert held(client) == (50, 0)


def test_another_usual_rate_starts_every_count_anew(client):
    lashes = make_service(branch=client.branch)
    make_rule("2", lashes)
    ring_up(client, (lashes, 9))
    pay(client, 19)
    rules(points_per_100=Decimal(10))

    # 1 at 20 % are 0.2, 1 at 10 % are 0.1: the 0.9 and the 0.95 from before stay behind
    ring_up(client, (lashes, 1))
    pay(client, 1)

    assert held(client) == (0, 0)
    assert list(SpendingCount.objects.filter(is_current=True).order_by("rate").values_list("base_rate", "rate")) == [
        (10, 10),
        (10, 20),
    ]


def test_rule_of_a_branch_or_a_club_is_for_nobody_else(client):
    other = make_branch()
    here, there = make_rule("2", branch=client.branch), make_rule("3", branch=other)
    club = make_rule("4", for_clubs=True)
    make_rule("5", is_on=False)
    make_rule("6", last_on=TODAY - DAY)
    make_rule("7", first_on=TODAY + DAY)

    def in_force(branch, **options) -> list[EarningRule]:
        return [each for each, _services in earning_rules(branch, TODAY, **options).rules]

    assert in_force(client.branch) == [here]
    assert in_force(other) == [there]
    assert in_force(client.branch, club_rules=[club.pk]) == [here, club]


def test_change_of_a_rule_is_seen_at_the_next_checkout(client):
    serum = make_product(branch=client.branch)
    line = CheckoutLine(Decimal(100), product=serum)
    double = make_rule("2", covers="products")

    def earned() -> int:
        before = held(client)[0]
        pay(client, lines=[line])
        return held(client)[0] - before

    assert earned() == 10
    double.factor = Decimal("1.5")
    double.save()
    # 7.5 once, 15 after the second
    assert (earned(), earned()) == (7, 8)
    rules(spending_on=False)
    assert earned() == 0
