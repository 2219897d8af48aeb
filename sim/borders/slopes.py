"""Polynomials and their slopes at one point, in floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["value_and_slopes"]


def value_and_slopes(
    terms: Mapping[tuple[int, ...], Any], near: Sequence[float] | NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """A polynomial and its first derivatives at a point, in floats."""
    exponents = np.array([*terms], float)
    coefficients = np.array([float(value) for value in terms.values()])
    point = np.asarray(near, float)
    powers = np.prod(point**exponents, axis=1)
    slopes = np.empty(len(point))
    for axis in range(len(point)):
        less = exponents.copy()
        less[:, axis] = np.maximum(less[:, axis] - 1, 0)
        slopes[axis] = (coefficients * exponents[:, axis] * np.prod(point**less, axis=1)).sum()
    return float((coefficients * powers).sum()), slopes
