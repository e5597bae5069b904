"""Times of the product and of its floor, taken in turn, and what their ratio has to reach."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROUNDS = 7
Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of one work, one entry a round."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def at(self, share: float) -> float:
        """The time below which that share of the rounds stayed."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]

    def as_json(self) -> dict[str, Any]:
        """Milliseconds: the median, the spread, and how often it was done."""
        low, high = min(self.seconds), max(self.seconds)
        return {
            "median_ms": _ms(self.median),
            "p95_ms": _ms(self.at(0.95)),
            "spread_ms": [_ms(low), _ms(high)],
            "rounds": len(self.seconds),
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of speed.md: a ratio, and the bound that it has to keep."""

    id: str
    what: str
    product: Times | None = None
    floor: Times | None = None
    ratio: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """None where nothing was measured or nothing is asked."""
        if self.ratio is None or (self.at_most is None and self.at_least is None):
            return None
        if self.at_most is not None:
            return self.ratio <= self.at_most
        return self.at_least is not None and self.ratio >= self.at_least

    def as_json(self) -> dict[str, Any]:
        needed = f"<= {self.at_most:g}" if self.at_most is not None else None
        needed = f">= {self.at_least:g}" if self.at_least is not None else needed
        return {
            "id": self.id,
            "what": self.what,
            "ratio": None if self.ratio is None else round(self.ratio, 2),
            "needed": needed,
            "met": self.met,
            "product": self.product.as_json() if self.product else None,
            "floor": self.floor.as_json() if self.floor else None,
            "note": self.note,
        }


def timed(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(product: Work, floor: Work, *, rounds: int = ROUNDS) -> tuple[Times, Times]:
    """Both once to warm up, then one after the other, so that a busy moment of the machine meets both."""
    floor(), product()
    pairs = [(timed(floor), timed(product)) for _round in range(rounds)]
    return Times(tuple(own for _floor, own in pairs)), Times(tuple(floor for floor, _own in pairs))


def beside(
    id_: str, what: str, product: Work, floor: Work, *, at_most: float, rounds: int = ROUNDS, note: str = ""
) -> Figure:
    """The product's median over the floor's."""
    own, least = in_turn(product, floor, rounds=rounds)
    return Figure(id_, what, own, least, own.median / least.median, at_most=at_most, note=note)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
