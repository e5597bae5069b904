"""Many at once redeem the same points (trust.md, L2 and L3), with the lock off as a control."""

import pytest
from django.db import IntegrityError, OperationalError, connection

from loyalty.points.models import LedgerEntry, LotAllocation, PointsBalance, PointsLot
from loyalty.points.services import NotEnoughPoints, grant_points, ledger, spend_points
from tests.factories import NOW, make_branch, make_client
from tests.loyalty.crowd import AT_ONCE, all_at_once
from tests.loyalty.till import held, rules

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 20


def redeem_at_once(client, round_number: int) -> list[BaseException | None]:
    def redeem(number: int) -> None:
        fact = f"race {round_number} {number}"
        spend_points(client=client, points=10, kind="paid", source=fact, key=fact, now=NOW)

    return all_at_once(redeem)


def new_client_with_30(round_number: int):
    client = make_client(branch=make_branch())
    for number in range(3):
        key = f"start {round_number} {number}"
        grant_points(client=client, points=10, kind="gesture", source=key, key=key, now=NOW)
    return client


def test_64_redeem_a_balance_good_for_3():
    rules()
    # SQLite lets one write at a time, and waiting there is slow
    for round_number in range(ROUNDS if connection.vendor == "postgresql" else 3):
        client = new_client_with_30(round_number)

        outcomes = redeem_at_once(client, round_number)

        refused = [outcome for outcome in outcomes if outcome is not None]
        assert [type(each) for each in refused] == [NotEnoughPoints] * (AT_ONCE - 3), refused[:3]
        assert held(client) == (0, 0)
        taken = LotAllocation.objects.filter(lot__account__client=client).values_list("points", flat=True)
        assert sorted(taken) == [10, 10, 10]


@pytest.mark.postgres
def test_control_without_the_lock_more_than_3_get_through(monkeypatch):
    """On SQLite one writes at a time anyhow; on PostgreSQL the lock is what keeps them apart."""
    rules()
    with_lock = ledger.lock_balance_of

    def without_lock(client, now):
        return PointsBalance.objects.filter(account__client=client).first() or with_lock(client, now=now)

    monkeypatch.setattr(ledger, "lock_balance_of", without_lock)
    with connection.cursor() as cursor:
        # the database's own word is the second guard
        cursor.execute(f"ALTER TABLE {PointsBalance._meta.db_table} DROP CONSTRAINT points_balance_not_negative")
        cursor.execute(f"ALTER TABLE {PointsLot._meta.db_table} DROP CONSTRAINT lot_within_points")
    try:
        for round_number in range(ROUNDS):
            client = new_client_with_30(1000 + round_number)
            through = redeem_at_once(client, 1000 + round_number).count(None)
            if through > 3:
                return
    finally:
        PointsBalance.objects.update(balance=0)
        PointsLot.objects.update(remaining=0)
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE {PointsBalance._meta.db_table} "
                "ADD CONSTRAINT points_balance_not_negative CHECK (balance >= 0)"
            )
            cursor.execute(
                f"ALTER TABLE {PointsLot._meta.db_table} "
                "ADD CONSTRAINT lot_within_points CHECK (remaining >= 0 AND remaining <= points)"
            )
    pytest.fail("with the lock off nothing went wrong: the race above proves nothing")


def test_same_event_twice_at_once_counts_once():
    rules()
    client = new_client_with_30(0)

    def grant(_number: int) -> None:
        grant_points(client=client, points=5, kind="gesture", source="one fact", key="one fact", now=NOW)

    outcomes = all_at_once(grant, many=8)

    assert [type(each) for each in outcomes if each] == []
    assert held(client) == (35, 0)
    assert LedgerEntry.objects.filter(key="one fact").count() == 1


def test_first_points_of_a_client_at_once_open_one_account():
    rules()
    client = make_client(branch=make_branch())

    def grant(number: int) -> None:
        grant_points(client=client, points=5, kind="gesture", source=f"f {number}", key=f"f {number}", now=NOW)

    outcomes = all_at_once(grant, many=8)

    assert not [each for each in outcomes if isinstance(each, IntegrityError | OperationalError)]
    assert held(client) == (40, 0)
