"""Any history of the ledger against a plain model of the rules (trust.md, L1). That each event counts once is L3's."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crm.catalogue.models import Service
from crm.people.models import Client
from crm.sales.models import Payment, Sale, SaleLine
from crm.sales.services import ReturnFact, refund_sale
from crm.team.models import User
from loyalty.cards.models import Card
from loyalty.cards.services import issue_card, raise_level
from loyalty.points.earning import EarningRules
from loyalty.points.models import EarningRule, LedgerEntry, LoyaltySettings, PointsAccount, PointsLot
from loyalty.points.services import (
    NotEnoughPoints,
    NothingToTakeBack,
    adjust_points,
    expire_points,
    grant_points,
    rebuild_points,
    record_notice,
    settle_refund,
    settle_sale,
    void_entry,
)
from loyalty.vouchers.models import Reward, Voucher
from loyalty.vouchers.services import redeem_reward, return_reward
from tests.conftest import SEED
from tests.factories import NOW, TODAY, make_branch, make_client, make_service, make_user
from tests.loyalty.plain_ledger import UNIT, Lot, PlainLedger, PlainSale, Spent
from tests.loyalty.till import held, lots, rules

HISTORIES, HISTORIES_IN_SOAK = 200, 10_000
# the triggers apart, the ledger asks nothing of a database that differs: SQLite plays a quarter of them
SHARE_ON_SQLITE = 4
STEPS = 6
# from so much paid in 365 days on: the card's percent
LEVELS = ((0, 5), (1_000, 10), (3_000, 20))
NUMBERS = count(1)
# services in the order in which lines draw them: as usual, doubled by a rule, excluded by a rule
BASKETS = ((0,), (0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2), (2, 1, 0), (1, 1, 0))
FACTORS = {"double": (1, 2, 1), "exclude": (1, 1, 0), "both": (1, 2, 0), "none": (1, 1, 1)}


@dataclass
class World:
    """What every history begins with; made once."""

    client: Client
    services: list[Service]
    owner: User
    row: LoyaltySettings
    reward: Reward
    earning: dict[str, EarningRules]


def make_world() -> World:
    branch = make_branch(currency="EUR")
    services = [make_service(branch=branch) for _service in range(3)]
    double, exclude = (
        (EarningRule.objects.create(name=name, factor=factor), frozenset([service.pk]))
        for name, factor, service in (("double", Decimal(2), services[1]), ("none", Decimal(0), services[2]))
    )
    row, client = rules(), make_client(branch=branch)
    issue_card(client=client, now=NOW, rules=row)
    return World(
        client=client,
        services=services,
        owner=make_user(User.Role.OWNER),
        row=row,
        reward=Reward.objects.create(name="A reward", price=30),
        earning={
            "double": EarningRules((double,)),
            "exclude": EarningRules((exclude,)),
            "both": EarningRules((double, exclude)),
            "none": EarningRules(),
        },
    )


class Ledger(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        # each history in a transaction of its own
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        # what goes apart stays apart: it is enough to compare at the end
        try:
            if hasattr(self, "model"):
                self.agrees_with_the_model()
                self.is_proved_by_a_rebuild()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        self.client, self.row = self.world.client, self.world.row
        self.now: datetime = NOW
        self.row.points_per_100, self.in_force = Decimal(5), "none"
        self.model = PlainLedger(usual=5)
        self.sales: list[tuple[Sale, PlainSale]] = []
        self.given: list[tuple[LedgerEntry, Lot]] = []
        self.rewards: list[tuple[Voucher, Spent]] = []
        self.money: list[tuple[date, int]] = []
        self.card = Card.objects.select_related("level").get()

    @property
    def today(self) -> date:
        return TODAY + (self.now - NOW)

    @rule(days=st.sampled_from([1, 30, 100, 200, 351, 365]), does=st.sampled_from(["tells", "expires", "nothing"]))
    def time_goes_by(self, days: int, does: str) -> None:
        """Days later she is told what expires, or the clock comes by, or it stands still."""
        self.now += timedelta(days=days)
        if does == "expires":
            expire_points(now=self.now)
            self.model.expire(self.today)
        elif does == "tells":
            self._is_told_what_expires()

    @rule(
        services=st.sampled_from(BASKETS),
        price=st.integers(1, 1500),
        share=st.sampled_from([0, 0, 50, 100, 101]),
        # before it the owner may have changed her rate and her rules
        rate=st.sampled_from([5, 5, 0, 3, 10]),
        in_force=st.sampled_from(sorted(FACTORS)),
    )
    def buys(self, services: tuple[int, ...], price: int, share: int, rate: int, in_force: str) -> None:
        # odd sums, so that nothing divides evenly
        lines = [(service, price // (place + 1) + 1) for place, service in enumerate(services)]
        self.row.points_per_100, self.in_force = Decimal(rate), in_force
        most = self.model.can_spend(self.today)
        total = sum(amount for _service, amount in lines)
        points = most + 1 if share == 101 else min(most * share // 100, total)
        if points > most:
            with pytest.raises(NotEnoughPoints), transaction.atomic():
                self._ring_up(lines, points)
            return
        sale, number = self._ring_up(lines, points), next(NUMBERS)
        spent = self.model.spend(points, self.today) if points else Spent(self.today, [])
        plain = PlainSale(number, [amount * UNIT for _service, amount in lines], (total - points) * UNIT, spent)
        if plain.paid:
            factors = [Fraction(FACTORS[self.in_force][service]) for service, _amount in lines]
            self.model.earn(plain, factors, int(self.row.points_per_100), self.today)
        self.sales.append((sale, plain))
        self._card_goes_up(total - points)

    def _ring_up(self, lines: list[tuple[int, int]], points: int) -> Sale:
        """A receipt as the till writes it."""
        total = sum(amount for _service, amount in lines)
        sale = Sale.objects.create(
            branch=self.client.branch, client=self.client, code=f"H{next(NUMBERS)}", on=self.today, sold_at=self.now,
            total=total, paid=max(0, total - points),
        )  # fmt: skip
        SaleLine.objects.bulk_create(
            SaleLine(sale=sale, position=place, service=self.world.services[service], full_amount=amount, amount=amount)
            for place, (service, amount) in enumerate(lines)
        )
        paid = [Payment(sale=sale, method="cash", amount=sale.paid)] if sale.paid else []
        paid += [Payment(sale=sale, method="points", amount=points, points=points)] if points else []
        Payment.objects.bulk_create(paid)
        settle_sale(sale=sale, points=points, now=self.now, rules=self.row, earning=self.world.earning[self.in_force])
        return sale

    def _card_goes_up(self, paid: int) -> None:
        before = self.card.level.percent
        self.money.append((self.today, paid))
        in_a_year = sum(money for on, money in self.money if on > self.today - timedelta(days=365))
        earned = max(percent for floor, percent in LEVELS if floor <= in_a_year)
        raise_level(card=self.card, client=self.client, today=self.today, now=self.now, rules=self.row)
        # up at once, and never down by a sale
        assert self.card.level.percent == max(before, earned)

    @precondition(lambda self: self.sales)
    @rule(data=st.data())
    def returns_lines(self, data: st.DataObject) -> None:
        sale, plain = data.draw(st.sampled_from(self.sales), "sale")
        left = sorted(set(range(len(plain.amounts))) - plain.returned)
        chosen = data.draw(st.sets(st.sampled_from(left), min_size=1), "lines") if left else set()
        if not chosen:
            return
        facts = [ReturnFact(line, line.quantity) for line in sale.lines.all() if line.position in chosen]
        refund = refund_sale(sale=sale, returns=facts, now=self.now)
        settle_refund(refund=refund, now=self.now, rules=self.row)
        points = sum(each.points or 0 for each in refund.payments.all())
        self.model.refund(plain, chosen, int(-refund.paid * UNIT), points, self.today)
        self.money.append((self.today, int(refund.paid)))

    @rule(points=st.integers(1, 100))
    def gets_points_by_hand(self, points: int) -> None:
        key = f"hand {next(NUMBERS)}"
        entry = grant_points(
            client=self.client, points=points, kind="gesture", source=key, key=key, now=self.now, rules=self.row
        )
        self.given.append((entry, self.model.grant(points, self.today)))

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def owner_takes_it_back(self, data: st.DataObject) -> None:
        entry, lot = data.draw(st.sampled_from(self.given), "entry")
        self.given.remove((entry, lot))
        if lot.given == lot.expired:
            with pytest.raises(NothingToTakeBack):
                void_entry(entry=entry, user=self.world.owner, now=self.now)
            return
        void_entry(entry=entry, user=self.world.owner, now=self.now)
        self.model.void(lot)

    @rule(points=st.integers(-60, 60).filter(bool))
    def owner_adjusts(self, points: int) -> None:
        def adjust() -> LedgerEntry:
            return adjust_points(
                client=self.client, points=points, reason="counted anew", user=self.world.owner, now=self.now, key=key,
                rules=self.row,
            )  # fmt: skip

        key = str(next(NUMBERS))
        if points > 0:
            self.given.append((adjust(), self.model.grant(points, self.today)))
        elif -points > self.model.can_spend(self.today):
            with pytest.raises(NotEnoughPoints):
                adjust()
        else:
            adjust()
            self.model.spend(-points, self.today)

    @rule()
    def takes_a_reward(self) -> None:
        key, price = str(next(NUMBERS)), self.world.reward.price
        if price > self.model.can_spend(self.today):
            with pytest.raises(NotEnoughPoints):
                redeem_reward(client=self.client, reward=self.world.reward, key=key, now=self.now)
            return
        voucher = redeem_reward(client=self.client, reward=self.world.reward, key=key, now=self.now)
        self.rewards.append((voucher, self.model.spend(price, self.today)))

    @precondition(lambda self: self.rewards)
    @rule()
    def gives_a_reward_back(self) -> None:
        voucher, spent = self.rewards.pop()
        assert return_reward(voucher=voucher, now=self.now) == self.world.reward.price
        self.model.give_back(spent, self.world.reward.price, self.today, is_reward=True)

    def _is_told_what_expires(self) -> None:
        for day in {lot.expires_on for lot in self.model.lots if lot.left}:
            if day - timedelta(days=14) <= self.today < day:
                record_notice(client=self.client, expires_on=day, now=self.now)
                for lot in self.model.lots:
                    if lot.expires_on == day and lot.left:
                        lot.told = True

    def agrees_with_the_model(self) -> None:
        balance, owed = held(self.client)
        assert (balance, owed) == (self.model.balance, self.model.owed)
        assert balance >= 0
        left = sorted((lot.left, lot.expires_on) for lot in self.model.lots if lot.left)
        assert sorted(lots(self.client)) == left

    def is_proved_by_a_rebuild(self) -> None:
        account = PointsAccount.objects.filter(client=self.world.client).first()
        if account is None:
            return
        assert rebuild_points(account_ids=[account.pk]) == []
        entries = sum(LedgerEntry.objects.filter(account=account).values_list("points", flat=True))
        assert entries == sum(PointsLot.objects.filter(account=account).values_list("remaining", flat=True))


def play(histories: int, machine: type[Ledger] = Ledger) -> None:
    machine.world = make_world()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=histories if connection.vendor == "postgresql" else histories // SHARE_ON_SQLITE,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


# trust.md, L1
@pytest.mark.django_db
def test_any_history_agrees_with_the_rules():
    play(HISTORIES)


@pytest.mark.soak
@pytest.mark.django_db
def test_ten_thousand_histories_agree_with_the_rules():
    """Others with another TEST_SEED."""
    play(HISTORIES_IN_SOAK, seed(SEED)(Ledger))
