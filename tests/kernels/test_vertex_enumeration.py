"""Reading floats as the decimals they show."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from sim.kernels.bimatrix.vertex_enumeration import whole_numbers


def read(*numbers):
    whole = np.empty((1, len(numbers)), np.int64)
    return None if whole_numbers(np.array([numbers], dtype=float), whole) else whole[0].tolist()


def test_decimals_become_smallest_whole_differences():
    assert read(0.1, 0.3, -0.25) == [0, 4, -7]
    assert read(1e15, 1e15) is None
    assert read(3.0, 3.0) == [0, 0]
    assert read(-0.0, 1e-12, 5e-12) == [0, 1, 5]


@pytest.mark.parametrize("number", [0.1 * 3 - 0.3, 1 / 3, 0.30000000000000004, 1e300, 1e-300])
def test_what_is_no_short_decimal_is_left_to_big_integers(number):
    assert read(0.0, number) is None


def test_whole_numbers_keep_the_proportions_of_the_decimals_shown():
    random = np.random.default_rng(0)
    for places in range(9):
        numbers = np.round(random.normal(size=4) * 100, places)
        exact = [Fraction(repr(float(number))) for number in numbers]
        whole = read(*numbers)
        assert [(n - exact[0]) * whole[1] for n in exact] == [(exact[1] - exact[0]) * w for w in whole]
