from __future__ import annotations

import numpy as np
import pytest

from sim.kernels.base.extremes import any_extreme


@pytest.mark.parametrize("number", [1e304, -1e304, 1.7e308, 1e-290, -5e-324])
def test_numbers_beyond_floats_are_seen(number):
    assert any_extreme(np.array([1.0, number, 2.0]))


@pytest.mark.parametrize("number", [0.0, -0.0, 1e300, 1e-280, np.nan, np.inf, -np.inf])
def test_others_are_not(number):
    assert not any_extreme(np.array([1.0, number, 2.0]))
