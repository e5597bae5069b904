"""Two arms compared: the difference of their means with a 95 % interval (rules.md, Effect of a campaign).

A bootstrap of 2,000 draws under a kept seed. What is spent is skewed and mostly nothing, and the arm that was
held back is small: there the plain percentile interval is too narrow. The studentised one (bootstrap-t) is kept,
whose every draw is measured by its own standard error (docs/decisions.md).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import exp, lgamma, log, sqrt
from random import Random

DRAWS = 2_000
# fewer than so many in either arm say nothing
ENOUGH = 30
# of the draws, left out at either end
TAIL = 0.025
TRACE = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean of the first arm less that of the second; no bounds where there are too few to say."""

    mean: float
    low: float | None = None
    high: float | None = None

    @property
    def is_known(self) -> bool:
        return self.low is not None

    @property
    def is_an_effect(self) -> bool:
        """Whether nothing lies outside the interval."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Moments:
    """A mean, and the variance of that mean."""

    mean: float
    variance: float


@lru_cache(maxsize=64)
def compare(sent: tuple[float, ...], control: tuple[float, ...], *, seed: str, draws: int = DRAWS) -> Difference:
    """What one of `sent` has more than one of `control`. The same arms and seed give the same bounds.

    No bounds with fewer than 30 in either arm, nor where all of one arm are alike: then nothing tells how much
    chance there is in it.
    """
    if not sent or not control:
        return Difference(0.0)
    one, other = moments(sent), moments(control)
    mean = one.mean - other.mean
    if min(len(sent), len(control)) < ENOUGH or not (one.variance and other.variance):
        return Difference(mean)
    error = sqrt(one.variance + other.variance)
    random = Random(seed)
    drawn = sorted(
        (first - second - mean) / sqrt(spread + spread_too)
        for (first, spread), (second, spread_too) in zip(
            resampled(sent, random, draws), resampled(control, random, draws), strict=True
        )
        if spread + spread_too > 0
    )
    if not drawn:
        return Difference(mean)
    cut = round(len(drawn) * TAIL)
    return Difference(mean, low=mean - drawn[-1 - cut] * error, high=mean - drawn[cut] * error)


def moments(values: Sequence[float]) -> Moments:
    """Of an arm as it is."""
    count = len(values)
    mean = sum(values) / count
    if count < 2:
        return Moments(mean, 0.0)
    return Moments(mean, sum((value - mean) ** 2 for value in values) / (count - 1) / count)


def resampled(values: Sequence[float], random: Random, draws: int) -> list[tuple[float, float]]:
    """Mean and its variance of so many arms, each drawn from this one with replacement.

    Most are alike (who did not come spent nothing), so it is drawn first how many of an arm are not, and then
    only those: the work grows with who came.
    """
    count = len(values)
    usual = Counter(values).most_common(1)[0][0]
    # value and square in one number: both are added up in one go
    others = [complex(value - usual, (value - usual) ** 2) for value in values if value != usual]
    if not others:
        return [(usual, 0.0)] * draws
    sizes = random.choices(range(count + 1), cum_weights=binomial(count, len(others) / count), k=draws)
    sums = [0j, *accumulate(random.choices(others, k=sum(sizes)))]
    found, start = [], 0
    for size in sizes:
        total = sums[start + size] - sums[start]
        start += size
        mean = total.real / count
        # adding up leaves a trace where all drawn are alike
        spread = total.imag / count - mean * mean
        found.append((usual + mean, spread / (count - 1) if spread > TRACE else 0.0))
    return found


def binomial(count: int, share: float) -> list[float]:
    """Of so many, how likely it is that at most 0, 1, 2 ... are of this share."""
    if share >= 1:
        return [0.0] * count + [1.0]
    whole, yes, no = lgamma(count + 1), log(share), log(1 - share)
    return list(
        accumulate(
            exp(whole - lgamma(k + 1) - lgamma(count - k + 1) + k * yes + (count - k) * no) for k in range(count + 1)
        )
    )
