"""How much is earned: the owner's rules as plain arithmetic (rules.md, Points). Nothing here asks the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from loyalty.points.models import EarningRule

ONE, ZERO, HUNDRED = Decimal(1), Decimal(0), Decimal(100)
THOUSAND = Decimal(1000)
Kind, Covers = EarningRule.Kind, EarningRule.Covers


@dataclass(frozen=True, slots=True)
class Factor:
    """How many times the usual, and by which rule; by none it is the usual."""

    times: Decimal = ONE
    rule: EarningRule | None = None


@dataclass(frozen=True, slots=True)
class EarningRules:
    """The rules in force in a branch on a day, for one client; each with the services it is limited to."""

    rules: tuple[tuple[EarningRule, frozenset[int]], ...] = ()

    def factor(self, kind: str, *, service_id: int | None = None, is_product: bool = False) -> Factor:
        """Of those that fit the most generous one; where one excludes, nothing is earned. They never multiply."""
        fitting = [
            rule
            for rule, services in self.rules
            if rule.kind == kind and (kind != Kind.SPENDING or _covers(rule, services, service_id, is_product))
        ]
        if not fitting:
            return Factor()
        chosen = min(fitting, key=lambda rule: (rule.factor != ZERO, -rule.factor, rule.pk))
        return Factor(chosen.factor, chosen)

    def points(self, kind: str, points: int) -> int:
        """That many points by the rules of their kind, half up to whole ones."""
        return int((points * self.factor(kind).times).to_integral_value(ROUND_HALF_UP))


def _covers(rule: EarningRule, services: frozenset[int], service_id: int | None, is_product: bool) -> bool:
    if services:
        return service_id in services
    return rule.covers == Covers.ALL or (rule.covers == Covers.PRODUCTS) == is_product


@dataclass(frozen=True, slots=True)
class EarningLine:
    """A line of a receipt as earning sees it: what is to pay for it after discounts, of which service, if of one."""

    position: int
    amount: Decimal
    service_id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What of a receipt's money earns at one rate, in points per 100; `lines` as SpendingShare keeps them."""

    rate: Decimal
    paid: Decimal
    rule: EarningRule | None = None
    lines: str = ""


def parts_of(lines: Sequence[EarningLine], paid: Decimal, base_rate: Decimal, earning: EarningRules) -> list[Part]:
    """The money of a receipt by the rate at which it earns; points paid for each line like for the others.

    What earns nothing has no part.
    """
    if not earning.rules:
        return [Part(base_rate, paid)] if base_rate else []
    by_times: dict[Decimal, list[EarningLine]] = {}
    rules: dict[Decimal, EarningRule | None] = {}
    for line in lines:
        found = earning.factor(Kind.SPENDING, service_id=line.service_id, is_product=line.service_id is None)
        by_times.setdefault(found.times, []).append(line)
        rules.setdefault(found.times, found.rule)
    sums = divided(paid, [sum((line.amount for line in group), ZERO) for group in by_times.values()])
    return [
        Part(base_rate * times, money, rules[times], _positions(group) if len(by_times) > 1 else "")
        for (times, group), money in zip(by_times.items(), sums, strict=True)
        if base_rate * times
    ]


def _positions(lines: Sequence[EarningLine]) -> str:
    return ";".join(str(line.position) for line in lines)


def returned_parts(amount: Decimal, left: Sequence[Decimal], due: Sequence[Decimal]) -> list[Decimal]:
    """The money of a refund by where it came from: what is `due` of each first, never more than is `left` of it."""
    wanted = [max(ZERO, min(have, want)) for have, want in zip(left, due, strict=True)]
    if amount <= sum(wanted, ZERO):
        return divided(amount, wanted)
    rest = divided(amount - sum(wanted, ZERO), [have - want for have, want in zip(left, wanted, strict=True)])
    return [want + more for want, more in zip(wanted, rest, strict=True)]


def earned_for(paid: Decimal, rate: Decimal) -> int:
    """floor(paid x rate / 100) (rules.md, Points, Spending)."""
    return max(0, int((paid * rate / HUNDRED).to_integral_value(ROUND_FLOOR)))


def divided(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """The amount in parts like the weights, each to a thousandth; the parts add up to it exactly.

    No part is larger than its weight where the amount is not larger than all of them.
    """
    total, so_far, given, parts = sum(weights, ZERO), ZERO, ZERO, []
    for weight in weights:
        so_far += weight
        upto = (amount * so_far / total * THOUSAND).to_integral_value(ROUND_FLOOR) / THOUSAND if total else ZERO
        parts.append(upto - given)
        given = upto
    return parts
