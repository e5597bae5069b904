"""Where the true effect is known: how often the interval covers it, and how often chance is taken for an effect.

Margins as a salon sees them: most of those who were written to spend nothing in the 30 days, who comes spends a
skewed sum, and each letter costs a little. A thousand campaigns are drawn and read by the product's own function.
"""

from math import exp
from random import Random

import pytest

from reminders.effect.comparing import compare
from tests.conftest import SEED

CAMPAIGNS = 1_000
SENT, HELD_BACK = 120, 60
# of what one visit leaves: log-normal, about 40, one in twenty above 90
MIDDLE, SPREAD = 3.6, 0.5
PER_VISIT = exp(MIDDLE + SPREAD**2 / 2)
LETTER = 0.06


def margins(random: Random, count: int, comes: float, costs: float) -> tuple[float, ...]:
    """Of so many clients, of whom that share comes."""
    return tuple(
        (round(exp(random.gauss(MIDDLE, SPREAD)), 2) if random.random() < comes else 0.0) - costs for _ in range(count)
    )


@pytest.mark.parametrize(("comes", "comes_anyway"), [(0.3, 0.3), (0.4, 0.25)], ids=["no effect", "an effect"])
def test_interval_covers_the_true_effect_as_often_as_it_says(comes, comes_anyway):
    random = Random(f"{SEED} {comes}")
    # without an effect nothing is sent that costs
    costs = LETTER if comes != comes_anyway else 0.0
    true = (comes - comes_anyway) * PER_VISIT - costs

    found = [
        compare(
            margins(random, SENT, comes, costs), margins(random, HELD_BACK, comes_anyway, 0.0), seed=f"{SEED} {number}"
        )
        for number in range(CAMPAIGNS)
    ]

    covered = sum(each.low <= true <= each.high for each in found)
    called = sum(each.is_an_effect for each in found)
    print(f"seed {SEED}: covered {covered / CAMPAIGNS:.1%}, called an effect {called / CAMPAIGNS:.1%}")
    assert 930 <= covered <= 970
    if comes == comes_anyway:
        assert called <= 65
    else:
        # the interval is not so wide that nothing would ever be seen
        assert called >= 300
