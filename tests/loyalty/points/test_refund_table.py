"""A refund after points were spent, expired or both: the table of trust.md, L6, worked by hand.

Each row is a life in steps and what she has and owes at its end. 5 % cashback, a point is worth one unit,
points are valid for 365 days; fewer than 50 expire without a notice.
"""

from datetime import timedelta

import pytest

from loyalty.points.services import expire_points, grant_points, rebuild_points, record_notice
from tests.factories import NOW, TODAY, make_branch, make_client
from tests.loyalty.till import give_back, held, pay, rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

# on day, verb, amount (of a sale: price and points; of a return: which sale, which lines)
TABLE = {
    # 900 give 45; nothing was spent: 45 go
    "nothing spent": ([(0, "buys", 900, 0), (1, "returns", 0)], (0, 0)),
    # 30 of the 45 are spent: 15 go, 30 are owed
    "some spent": ([(0, "buys", 900, 0), (1, "buys", 30, 30), (2, "returns", 0)], (0, 30)),
    # all 45 spent, 20 by hand in her purse: 20 go, 25 are owed
    "spent, others there": (
        [(0, "buys", 900, 0), (1, "buys", 45, 45), (2, "gets", 20), (3, "returns", 0)],
        (0, 25),
    ),
    # all expired unspent: nothing is asked, the 20 by hand stay
    "all expired": ([(0, "buys", 900, 0), (365, "expires"), (365, "gets", 20), (366, "returns", 0)], (20, 0)),
    # 30 spent, 15 expired: 30 are owed, of the 15 nothing is asked
    "some spent, the rest expired": (
        [(0, "buys", 900, 0), (1, "buys", 30, 30), (365, "expires"), (366, "returns", 0)],
        (0, 30),
    ),
    # 50 need a notice and had none: they did not expire, and go
    "kept for want of a notice": ([(0, "buys", 1000, 0), (365, "expires"), (366, "returns", 0)], (0, 0)),
    # with a notice they expired: nothing is asked
    "expired after a notice": ([(0, "buys", 1000, 0), (351, "told"), (365, "expires"), (366, "returns", 0)], (0, 0)),
    # half returned before the expiry (20 go), half after it (the other 25 had expired)
    "in two halves": (
        [(0, "buys", (400, 500), 0), (1, "returns", 0, 0), (365, "expires"), (366, "returns", 0, 1)],
        (0, 0),
    ),
    # 40 of the 45 spent; 400 return: of 20 asked 5 are there, 15 are owed; 500 return: 25 more are owed
    "in two halves, spent": (
        [(0, "buys", (400, 500), 0), (1, "buys", 40, 40), (2, "returns", 0, 0), (366, "returns", 0, 1)],
        (0, 40),
    ),
    # what paid comes back with its days, then pays for what has to go: 40 return, 40 were earned and spent
    "points come back first": (
        [(0, "gets", 40), (1, "buys", 840, 40), (2, "buys", 40, 40), (3, "returns", 0)],
        (0, 0),
    ),
    # the points that paid had one day left: they are back for a day, then over
    "points come back for their days": (
        [(0, "gets", 40), (364, "buys", 40, 40), (400, "returns", 0), (401, "expires")],
        (0, 0),
    ),
    # 30 owed, and 1,000 later give 50: 30 go off at once
    "owed goes off the next grant": (
        [(0, "buys", 900, 0), (1, "buys", 30, 30), (2, "returns", 0), (3, "buys", 400, 0), (4, "gets", 20)],
        (10, 0),
    ),
}


@pytest.mark.parametrize("life", TABLE)
def test_refund(life):
    steps, end = TABLE[life]
    rules()
    client = make_client(branch=make_branch(currency="EUR"))
    sales = []
    for number, (day, verb, *of) in enumerate(steps):
        now = NOW + day * DAY
        if verb == "buys":
            prices, points = of
            sales.append(pay(client, *(prices if isinstance(prices, tuple) else (prices,)), points=points, now=now))
        elif verb == "returns":
            place, *lines = of
            give_back(sales[place], now=now, lines=lines or None)
        elif verb == "gets":
            key = f"hand {number}"
            grant_points(client=client, points=of[0], kind="gesture", source=key, key=key, now=now)
        elif verb == "told":
            record_notice(client=client, expires_on=TODAY + 365 * DAY, now=now)
        else:
            expire_points(now=now)

    assert held(client) == end
    assert rebuild_points() == []
