"""Beliefs: quantiles of each kind against scipy's, narrower ranges, and the lattice of short decimals."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.designs.distributions import (
    Beta,
    Choices,
    Lattice,
    LogUniform,
    Normal,
    Quantiles,
    Triangular,
    Uniform,
)

SHARES = np.array([0.0, 1e-9, 1e-4, 0.01, 0.1, 0.25, 0.4999, 0.5, 0.75, 0.9, 0.999, 1 - 1e-9, 1.0])
KNOWN = {
    "uniform": (Uniform(-1, 3), stats.uniform(-1, 4)),
    "triangular": (Triangular(2, 0, 8), stats.triang(0.25, 0, 8)),
    "triangular with the peak at low": (Triangular(0, 0, 8), stats.triang(0, 0, 8)),
    "triangular with the peak at high": (Triangular(8, 0, 8), stats.triang(1, 0, 8)),
    "normal": (Normal(2, 0.5, 0, 8), stats.truncnorm(-4, 12, 2, 0.5)),
    "normal in its upper tail": (Normal(0, 1, 6, 9), stats.truncnorm(6, 9)),
    "normal in its lower tail": (Normal(0, 1, -9, -6), stats.truncnorm(-9, -6)),
    "beta": (Beta(2, 5, 0, 30), stats.beta(2, 5, 0, 30)),
    "log_uniform": (LogUniform(0.5, 40), stats.loguniform(0.5, 40)),
    "choices": (
        Choices((1.0, 3.0, 4.0), (0.2, 0.5, 0.3)),
        stats.rv_discrete(values=([1, 3, 4], [0.2, 0.5, 0.3])),
    ),
}
NAMES = sorted(set(KNOWN) - {"choices"})


@pytest.mark.parametrize("name", NAMES)
def test_quantiles_are_those_of_scipy(name):
    belief, known = KNOWN[name]
    np.testing.assert_allclose(belief.quantile(SHARES), known.ppf(SHARES), rtol=1e-12, atol=1e-12)


def test_choices_are_those_of_scipy():
    belief, known = KNOWN["choices"]
    inside = np.array([0.001, 0.19, 0.21, 0.5, 0.69, 0.71, 0.99])
    assert belief.quantile(inside).tolist() == known.ppf(inside).tolist()
    assert belief.quantile(np.array([0.0, 1.0])).tolist() == [1, 4]


def test_quantiles_of_an_expert_lie_on_straight_lines():
    belief = Quantiles((0.05, 0.5, 0.95), (1.0, 2.0, 5.0), 0.5, 8.0)
    at = [0, 0.025, 0.05, 0.275, 0.5, 0.725, 0.95, 1]
    assert belief.quantile(np.array(at)) == pytest.approx([0.5, 0.75, 1, 1.5, 2, 3.5, 5, 8], abs=1e-12)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_narrower_range_keeps_the_shape(name):
    """What is believed given that the value lies there: shares of the range, renormalised."""
    belief, known = KNOWN[name]
    low = belief.low + 0.3 * (belief.high - belief.low)
    high = belief.low + 0.9 * (belief.high - belief.low)
    part = belief.within(low, high)
    values = part.quantile(np.linspace(0.003, 0.997, 41))
    assert (values >= low).all()
    assert (values <= high).all()
    if name != "choices":
        below = known.sf if "upper" in name else known.cdf
        share = (below(values) - below(low)) / (below(high) - below(low))
        np.testing.assert_allclose(share, np.linspace(0.003, 0.997, 41), rtol=1e-6)
        assert (part.within(low, (low + high) / 2).quantile(SHARES) <= (low + high) / 2).all()


def test_choices_within_a_range_keep_their_proportions():
    part = Choices((1.0, 3.0, 4.0), (0.2, 0.5, 0.3)).within(1, 3)
    assert part.values == (1, 3)
    assert part.probabilities == pytest.approx([2 / 7, 5 / 7])


@pytest.mark.parametrize(
    "nothing",
    [
        lambda: Choices((1.0, 4.0), (0.5, 0.5)).within(2, 3),
        lambda: Quantiles((0.5, 0.6), (1.0, 1.0), 0.0, 1.0).within(1, 1),
        lambda: Normal(0, 1, 0, 1).within(60, 61),
    ],
)
def test_where_nothing_is_believed_to_lie_nothing_is_drawn(nothing):
    with pytest.raises(ValueError, match=r"lies? in"):
        nothing()


numbers = st.integers(-(10**6), 10**6).map(lambda n: n / 1000)


@given(numbers, st.integers(1, 10**7), st.integers(3, 5), st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_the_lattice_has_short_decimals_and_never_leaves_the_bounds(low, width, places, unit):
    high = float(Fraction(str(low)) + Fraction(width, 1000))
    lattice = Lattice.between(low, high, places)
    values = lattice.nearest(low + (high - low) * np.array(unit))
    assert (values >= low).all()
    assert (values <= high).all()
    step = Fraction(lattice.times, lattice.unit)
    assert step * 10**places <= Fraction(width, 1000)
    for value in values.tolist():
        assert Fraction(str(value)) % step == 0


def test_a_lattice_between_thirds_stays_inside():
    lattice = Lattice.between(Fraction(1, 3), Fraction(2, 3))
    ends = lattice.nearest(np.array([1 / 3, 2 / 3]))
    assert ends.tolist() == [0.333334, 0.666666]


def test_the_tails_of_a_normal_distribution_are_not_lost():
    values = Normal(0, 1, 30, 31).quantile(np.array([0.0, 0.5, 1.0]))
    assert values[0] == 30
    assert values[1] == pytest.approx(30 + math.log(2) / 30, abs=1e-3)
    assert values[2] == pytest.approx(31, abs=0.3)
