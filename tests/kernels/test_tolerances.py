"""Tolerances: their order, and ties that are the same for arrays and in compiled code."""

from __future__ import annotations

import numpy as np
import pytest

from sim.kernels import kernel
from sim.kernels.base import tolerances as t


def test_a_judge_forgives_more_than_a_solver_and_a_solver_more_than_rounding():
    order = [t.EPSILON, t.SPECK, t.SINGULAR, t.ROUNDED, t.TIE, t.POLISHED, t.SETTLED, t.CERTIFIED]
    assert order == sorted(set(order))
    assert t.DOMINATED < t.STABLE  # of evolutionary stability
    assert t.POLISHED <= t.FORGIVEN < t.KEPT < t.CLOSE <= t.CERTIFIED  # of payoff sets
    assert t.CERTIFIED <= t.SAME_PLAY < t.SAME_ROOT < t.SAME_FOREIGN < t.SAME_LIMIT


def test_what_is_told_apart_is_certified_apart():
    """Bounds that have met lie nearer than what is reported as one."""
    assert t.STILL < t.STILL_CLIPPED < t.MET < t.MET_SLOWLY < t.CLOSE < t.MEET


@kernel()
def compiled(a, b, size):
    return t.tie(a, b, size), t.as_good(a, b, size)


@pytest.mark.parametrize("size", [1.0, 1e6])
@pytest.mark.parametrize(("share", "tied"), [(0.0, True), (0.9, True), (1.1, False), (1e6, False)])
def test_ties_are_judged_in_units_of_the_range(size, share, tied):
    gap = share * t.TIE * size
    assert compiled(0.0, gap, size) == (tied, tied) == (t.tie(0.0, gap, size), t.as_good(0.0, gap, size))
    assert compiled(gap, 0.0, size) == (tied, True)  # what is better is as good
    array = np.array([0.0, gap])
    assert t.tie(array, array[::-1], size).tolist() == [tied, tied]
    assert t.as_good(array, array.max(), size).tolist() == [tied, True]
