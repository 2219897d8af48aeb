"""Probabilities that make all differences vanish, and the sign of their determinant."""

from __future__ import annotations

import numpy as np
import pytest

from sim.kernels.bimatrix.equilibria import null_vector


@pytest.mark.parametrize("size", range(1, 8))
def test_null_vector_solves_and_tells_the_sign_of_the_bordered_determinant(size):
    random = np.random.default_rng(size)
    for _ in range(20):
        matrix = random.normal(size=(size - 1, size))
        out = np.empty(size)
        sign = null_vector(matrix.copy().reshape(size - 1, size), size, out)
        assert np.abs(matrix @ out).max(initial=0) < 1e-9
        assert out.sum() == pytest.approx(1)
        assert sign == np.sign(np.linalg.det(np.vstack([np.ones(size), matrix])))


def test_null_vector_reports_that_there_is_more_than_one():
    assert null_vector(np.zeros((2, 3)), 3, np.empty(3)) == 0
