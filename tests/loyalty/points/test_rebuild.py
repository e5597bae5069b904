"""What is kept beside the ledger is proved, and mended, from the ledger (house.md, Where a rule lives)."""

from decimal import Decimal

import pytest

from loyalty.points.models import PointsAccount, PointsBalance, PointsLot, SpendingCount
from loyalty.points.services import Correction, rebuild_points
from tests.factories import make_branch, make_client
from tests.loyalty.till import held, lots, pay

pytestmark = pytest.mark.django_db


def test_rebuild_finds_nothing_after_an_honest_day():
    client = make_client(branch=make_branch())
    pay(client, 1000)
    pay(client, 50, points=30)

    assert rebuild_points() == []


def test_rebuild_mends_what_was_bent():
    client = make_client(branch=make_branch())
    pay(client, 1000)
    account = PointsAccount.objects.get(client=client)
    PointsBalance.objects.update(balance=7, owed=3)
    PointsLot.objects.update(remaining=1)
    SpendingCount.objects.update(paid=Decimal(1))
    count, lot = SpendingCount.objects.get(), PointsLot.objects.get()

    found = rebuild_points(account_ids=[account.pk])

    assert found == [
        Correction(account.pk, "balance", 7, 50),
        Correction(account.pk, "owed", 3, 0),
        Correction(account.pk, f"lot {lot.pk}", 1, 50),
        Correction(account.pk, f"count {count.pk}", Decimal(1), Decimal(1000)),
    ]
    assert held(client) == (50, 0)
    assert [left for left, _day in lots(client)] == [50]
    assert rebuild_points() == []
