"""rules.md, Points, in plain Python: no keys, no rows, one list of lots. Money is whole thousandths."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

YEAR = timedelta(days=365)
UNIT = 1000


@dataclass
class Lot:
    left: int
    expires_on: date
    given: int = 0
    sale: int = 0
    # came back from a reward that was not used
    returned: bool = False
    told: bool = False
    expired: int = 0


@dataclass
class Part:
    """The money of a sale that earned at one rate (0: none), in which count, for which lines."""

    rate: Fraction
    paid: int
    lines: list[int]
    count: list[int] = field(default_factory=lambda: [0, 0])
    back: int = 0


@dataclass
class Spent:
    """From which lots points were taken, the soonest-expiring first."""

    on: date
    taken: list[tuple[int, Lot]]
    back: int = 0


@dataclass
class PlainSale:
    number: int
    amounts: list[int]
    paid: int
    spent: Spent
    parts: list[Part] = field(default_factory=list)
    returned: set[int] = field(default_factory=set)
    forgiven: int = 0


def divided(amount: int, weights: Sequence[int]) -> list[int]:
    upto, given, parts = 0, 0, []
    for weight in weights:
        upto += weight
        reached = amount * upto // sum(weights) if sum(weights) else 0
        parts.append(reached - given)
        given = reached
    return parts


@dataclass
class PlainLedger:
    lots: list[Lot] = field(default_factory=list)
    owed: int = 0
    # of each rate money and points, since the owner's usual rate last changed
    counts: dict[Fraction, list[int]] = field(default_factory=dict)
    usual: int = 0

    @property
    def balance(self) -> int:
        return sum(lot.left for lot in self.lots)

    def grant(self, points: int, today: date, sale: int = 0) -> Lot:
        paid_off = min(self.owed, points)
        self.owed -= paid_off
        lot = Lot(points - paid_off, today + YEAR, given=points, sale=sale)
        self.lots.append(lot)
        return lot

    def in_order(self) -> list[Lot]:
        return sorted(self.lots, key=lambda lot: lot.expires_on)

    def take(self, points: int, order: Iterable[Lot]) -> list[tuple[int, Lot]]:
        taken = []
        for lot in order:
            part = min(points, lot.left)
            if part:
                lot.left -= part
                points -= part
                taken.append((part, lot))
        assert points == 0
        return taken

    def over(self, today: date) -> list[Lot]:
        """What expires today: fewer than 50 of a day, and those that she was told of."""
        found = []
        for day in {lot.expires_on for lot in self.lots if lot.expires_on <= today}:
            of_day = [lot for lot in self.lots if lot.expires_on == day]
            needs_notice = sum(lot.left for lot in of_day) >= 50
            found += [lot for lot in of_day if lot.told or not needs_notice]
        return found

    def can_spend(self, today: date) -> int:
        return self.balance - sum(lot.left for lot in self.over(today))

    def expire(self, today: date) -> None:
        for lot in self.over(today):
            lot.expired += lot.left
            lot.left = 0

    def spend(self, points: int, today: date) -> Spent:
        self.expire(today)
        return Spent(today, self.take(points, self.in_order()))

    def give_back(self, spent: Spent, points: int, today: date, *, is_reward: bool = False) -> None:
        """The longest-lived first, each with the days it had; from a reward for the second time with its old day."""
        passed = spent.back
        spent.back += points
        for part, lot in reversed(spent.taken):
            skipped = min(passed, part)
            passed -= skipped
            back = min(points, part - skipped)
            points -= back
            if back:
                keeps = lot.returned or lot.expires_on <= spent.on
                expires_on = lot.expires_on if keeps else today + (lot.expires_on - spent.on)
                self.lots.append(Lot(back, expires_on, returned=is_reward))

    def earn(self, sale: PlainSale, factors: Sequence[Fraction], usual: int, today: date) -> None:
        if usual != self.usual:
            self.counts, self.usual = {}, usual
        by_factor: dict[Fraction, list[int]] = {}
        for place, factor in enumerate(factors):
            by_factor.setdefault(factor, []).append(place)
        sums = divided(sale.paid, [sum(sale.amounts[place] for place in lines) for lines in by_factor.values()])
        points = 0
        for (factor, lines), paid in zip(by_factor.items(), sums, strict=True):
            part = Part(usual * factor, paid, lines)
            if part.rate:
                part.count = self.counts.setdefault(part.rate, part.count)
                points += self.recount(part, paid)
            sale.parts.append(part)
        # what earned nothing is looked at last when money goes back
        sale.parts.sort(key=lambda part: part.rate == 0)
        if points:
            self.grant(points, today, sale.number)

    def recount(self, part: Part, money: int) -> int:
        part.count[0] += money
        points = int(Fraction(part.count[0], UNIT) * part.rate / 100) - part.count[1]
        part.count[1] += points
        return points

    def refund(self, sale: PlainSale, lines: set[int], money: int, points: int, today: date) -> None:
        self.expire(today)
        if points:
            self.give_back(sale.spent, points, today)
        sale.returned |= lines
        if not any(part.rate for part in sale.parts):
            return
        asked = -sum(
            self.recount(part, -paid)
            for part, paid in zip(sale.parts, self.returned_money(sale, money), strict=True)
            if part.rate
        )
        own = [lot for lot in self.lots if lot.sale == sale.number]
        from_own = min(asked, sum(lot.left for lot in own))
        forgiven = min(asked - from_own, sum(lot.expired for lot in own) - sale.forgiven)
        sale.forgiven += forgiven
        self.take_or_owe(asked - forgiven, own)

    def returned_money(self, sale: PlainSale, money: int) -> list[int]:
        if len(sale.parts) == 1:
            return [money]
        left, due = [], []
        for part in sale.parts:
            full = sum(sale.amounts[place] for place in part.lines)
            kept = sum(sale.amounts[place] for place in part.lines if place not in sale.returned)
            left.append(part.paid - part.back)
            due.append(max(0, min(left[-1], left[-1] - part.paid * kept // full)))
        if money <= sum(due):
            back = divided(money, due)
        else:
            more = divided(money - sum(due), [have - want for have, want in zip(left, due, strict=True)])
            back = [want + rest for want, rest in zip(due, more, strict=True)]
        for part, paid in zip(sale.parts, back, strict=True):
            part.back += paid
        return back

    def void(self, lot: Lot) -> None:
        self.take_or_owe(lot.given - lot.expired, [lot])

    def take_or_owe(self, points: int, own: list[Lot]) -> None:
        taken = min(points, self.balance)
        self.take(taken, own + [lot for lot in self.in_order() if lot not in own])
        self.owed += points - taken
