"""The comparison of two arms, worked by hand: no database, no model."""

from math import sqrt
from random import Random

import pytest

from reminders.effect.comparing import Difference, binomial, compare, moments, resampled


def test_moments_of_a_small_arm_worked_by_hand():
    # mean (0 + 0 + 30 + 50) / 4 = 20; squares off it 400 + 400 + 100 + 900 = 1800, / 3 = 600, / 4 = 150
    found = moments((0, 0, 30, 50))

    assert (found.mean, found.variance) == (20, 150)


def test_two_tiny_arms_give_their_difference_and_no_bounds():
    # (0 + 40 + 50) / 3 = 30 against (0 + 20) / 2 = 10
    assert compare((0.0, 40.0, 50.0), (0.0, 20.0), seed="kept") == Difference(20.0, None, None)


def test_nobody_in_an_arm_is_no_difference():
    assert compare((1.0,) * 40, (), seed="kept") == Difference(0.0, None, None)


def test_thirty_in_each_arm_are_enough_and_29_are_not():
    some, fewer = (0.0, 10.0) * 15, (0.0, 10.0) * 14 + (0.0,)

    assert compare(some, some, seed="kept").is_known
    assert not compare(some, fewer, seed="kept").is_known
    assert not compare(fewer, some, seed="kept").is_known


def test_an_arm_without_any_chance_in_it_gives_no_bounds():
    assert compare((0.0, 10.0) * 50, (0.0,) * 50, seed="kept") == Difference(5.0, None, None)


def test_the_same_seed_gives_the_same_bounds_and_another_nearly():
    sent, control = (0.0, 0.0, 40.0) * 40, (0.0, 0.0, 0.0, 40.0) * 30

    once = compare(sent, control, seed="kept")
    compare.cache_clear()

    assert compare(sent, control, seed="kept") == once
    other = compare(sent, control, seed="another")
    assert other != once
    assert other.low == pytest.approx(once.low, abs=0.6)


def test_bounds_of_large_arms_are_those_of_the_normal_curve():
    # half of 400 spent 10, a quarter of 400 did: 5 - 2.5, variances 25 and 18.75 over 399
    sent, control = (0.0, 10.0) * 200, (0.0, 0.0, 0.0, 10.0) * 100
    wide = 1.96 * sqrt(25 / 399 + 18.75 / 399)

    found = compare(sent, control, seed="kept")

    assert found.mean == 2.5
    assert (found.low, found.high) == (pytest.approx(2.5 - wide, abs=0.06), pytest.approx(2.5 + wide, abs=0.06))
    assert found.is_an_effect


def test_binomial_of_two_halves():
    assert binomial(2, 0.5) == pytest.approx([0.25, 0.75, 1.0])
    assert binomial(3, 1.0) == [0.0, 0.0, 0.0, 1.0]


def test_drawing_again_keeps_the_mean_and_its_variance():
    values = (-1.0,) * 60 + (10.0, 20.0, 30.0, 40.0) * 10

    drawn = resampled(values, Random(1), 2000)

    # 100 of them: -60 + 1000, and a resampled mean spreads as the mean does
    means = [mean for mean, _variance in drawn]
    assert sum(means) / 2000 == pytest.approx(9.4, abs=0.15)
    spread = sum((mean - 9.4) ** 2 for mean in means) / 2000
    assert spread == pytest.approx(moments(values).variance, rel=0.1)
    assert sum(variance for _mean, variance in drawn) / 2000 == pytest.approx(spread, rel=0.1)
