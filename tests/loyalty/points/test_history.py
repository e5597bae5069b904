"""Any history of the ledger against a plain model of the rules (trust.md, L1)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crm.sales.models import Sale
from loyalty.points.models import LedgerEntry, PointsAccount, PointsLot
from loyalty.points.services import NotEnoughPoints, expire_points, grant_points, rebuild_points, record_notice
from tests.factories import NOW, TODAY, make_branch, make_client, make_service
from tests.loyalty.till import give_back, held, lots, pay, rules

HISTORIES = 200
# the triggers apart, the ledger asks nothing of a database that differs: SQLite plays a quarter of them
HISTORIES_ON_SQLITE = 50
STEPS = 9


@dataclass
class ModelLot:
    left: int
    expires_on: date
    sale: int = 0
    told: bool = False
    expired: int = 0


@dataclass
class ModelSale:
    """What a sale paid in money and points, at which rate, and what it did to the lots."""

    number: int
    money: int
    rate: int
    counts: int
    on: date
    spent: list[tuple[int, date]] = field(default_factory=list)
    forgiven: int = 0


@dataclass
class ModelLedger:
    """rules.md, Points, in plain Python: no keys, no rows, one list of lots."""

    lots: list[ModelLot] = field(default_factory=list)
    owed: int = 0
    # one count per change of the rate: money and points
    counts: list[list[int]] = field(default_factory=list)
    rate: int = 0

    @property
    def balance(self) -> int:
        return sum(lot.left for lot in self.lots)

    def grant(self, points: int, expires_on: date, sale: int = 0) -> None:
        paid_off = min(self.owed, points)
        self.owed -= paid_off
        self.lots.append(ModelLot(points - paid_off, expires_on, sale))

    def in_order(self) -> list[ModelLot]:
        return sorted(self.lots, key=lambda lot: lot.expires_on)

    def take(self, points: int, order: Iterable[ModelLot]) -> list[tuple[int, date]]:
        taken = []
        for lot in order:
            part = min(points, lot.left)
            if part:
                lot.left -= part
                points -= part
                taken.append((part, lot.expires_on))
        assert points == 0
        return taken

    def expire(self, today: date) -> None:
        for day in {lot.expires_on for lot in self.lots if lot.expires_on <= today}:
            over = [lot for lot in self.lots if lot.expires_on == day]
            needs_notice = sum(lot.left for lot in over) >= 50
            for lot in over:
                if lot.told or not needs_notice:
                    lot.expired += lot.left
                    lot.left = 0

    def earn(self, sale: ModelSale, expires_on: date) -> None:
        if not self.counts or self.rate != sale.rate:
            self.counts.append([0, 0])
            self.rate = sale.rate
        sale.counts = len(self.counts) - 1
        points = self.recount(sale.counts, sale.money, sale.rate)
        if points:
            self.grant(points, expires_on, sale.number)

    def recount(self, count: int, money: int, rate: int) -> int:
        total = self.counts[count]
        total[0] += money
        points = int(Fraction(total[0] * rate, 100)) - total[1]
        total[1] += points
        return points

    def refund(self, sale: ModelSale, today: date) -> None:
        self.expire(today)
        for points, expires_on in sale.spent:
            self.lots.append(ModelLot(points, today + (expires_on - sale.on) if expires_on > sale.on else expires_on))
        if not sale.money:
            return
        points = -self.recount(sale.counts, -sale.money, sale.rate)
        own = [lot for lot in self.lots if lot.sale == sale.number]
        from_own = min(points, sum(lot.left for lot in own))
        forgiven = min(points - from_own, sum(lot.expired for lot in own) - sale.forgiven)
        sale.forgiven += forgiven
        due = points - forgiven
        taken = min(due, self.balance)
        self.take(taken, own + [lot for lot in self.in_order() if lot not in own])
        self.owed += due - taken


class Ledger(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        # each history in a transaction of its own
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        self.client = make_client(branch=make_branch(currency="EUR"))
        self.service = make_service(branch=self.client.branch)
        self.now: datetime = NOW
        self.rate = 5
        rules(points_per_100=Decimal(5))
        self.model = ModelLedger()
        self.sales: dict[int, tuple[Sale, ModelSale]] = {}
        self.number = 0

    @property
    def today(self) -> date:
        return TODAY + (self.now - NOW)

    @rule(days=st.sampled_from([1, 30, 100, 200, 351, 365]))
    def time_goes_by(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(rate=st.sampled_from([0, 3, 5, 10]))
    def owner_changes_the_rate(self, rate: int) -> None:
        self.rate = rate
        rules(points_per_100=Decimal(rate))

    @rule(price=st.integers(1, 3000), share=st.sampled_from([0, 0, 50, 100, 101]))
    def buys(self, price: int, share: int) -> None:
        if share:
            # the clock comes by first, so that she knows what she has
            self.clock_comes_by()
        balance = self.model.balance
        points = balance * share // 100 + (1 if share == 101 else 0)
        if points > balance:
            with pytest.raises(NotEnoughPoints):
                pay(self.client, price, points=points, now=self.now, service=self.service)
            return
        self.number += 1
        sale = pay(self.client, price, points=points, now=self.now, service=self.service)
        used = min(points, price)
        fact = ModelSale(self.number, price - used, self.rate, 0, self.today)
        fact.spent = self.model.take(used, self.model.in_order())
        if fact.money:
            self.model.earn(fact, self.today + timedelta(days=365))
        self.sales[self.number] = (sale, fact)

    @precondition(lambda self: self.sales)
    @rule(data=st.data())
    def returns_a_sale(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.sales)))
        sale, fact = self.sales.pop(number)
        give_back(sale, now=self.now)
        self.model.refund(fact, self.today)

    @rule(points=st.integers(1, 100))
    def gets_points_by_hand(self, points: int) -> None:
        self.number += 1
        key = f"hand {self.number}"
        for _twice in range(2):
            grant_points(client=self.client, points=points, kind="gesture", source=key, key=key, now=self.now)
        self.model.grant(points, self.today + timedelta(days=365))

    @rule()
    def is_told_what_expires(self) -> None:
        for day in {expires_on for _left, expires_on in lots(self.client)}:
            if day - timedelta(days=14) <= self.today < day:
                record_notice(client=self.client, expires_on=day, now=self.now)
                for lot in self.model.lots:
                    if lot.expires_on == day and lot.left:
                        lot.told = True

    @rule()
    def clock_comes_by(self) -> None:
        expire_points(now=self.now)
        self.model.expire(self.today)

    @invariant()
    def agrees_with_the_model(self) -> None:
        if not hasattr(self, "model"):
            return
        balance, owed = held(self.client)
        assert (balance, owed) == (self.model.balance, self.model.owed)
        assert balance >= 0
        left = sorted((lot.left, lot.expires_on) for lot in self.model.lots if lot.left)
        assert sorted(lots(self.client)) == left

    @invariant()
    def is_proved_by_a_rebuild(self) -> None:
        if not hasattr(self, "model"):
            return
        account = PointsAccount.objects.filter(client=self.client).first()
        if account is None:
            return
        assert rebuild_points(account_ids=[account.pk]) == []
        entries = sum(LedgerEntry.objects.filter(account=account).values_list("points", flat=True))
        assert entries == sum(PointsLot.objects.filter(account=account).values_list("remaining", flat=True))


# trust.md, L1
@pytest.mark.django_db
def test_any_history_agrees_with_the_rules():
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=HISTORIES if connection.vendor == "postgresql" else HISTORIES_ON_SQLITE,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
