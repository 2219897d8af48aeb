"""Several polynomials and their slopes at a point, in floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ByExponents", "Several"]

ByExponents = Mapping[tuple[int, ...], Any]
"""A polynomial: coefficients by exponents of each variable."""


class Several:
    """Polynomials of the same ``size`` variables, all of their terms in one table."""

    def __init__(self, polynomials: Sequence[ByExponents], size: int) -> None:
        self.count, self.size = len(polynomials), size
        every = [(number, *term) for number, terms in enumerate(polynomials) for term in terms.items()]
        self.number = np.array([number for number, _, _ in every], np.int64)
        self.exponents = np.array([one for _, one, _ in every], np.int64).reshape(len(every), size)
        self.coefficients = np.array([float(value) for _, _, value in every])

    def values(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """The polynomials at a point ``(size,)``."""
        parts = self.coefficients * np.prod(point**self.exponents, axis=1)
        return np.bincount(self.number, parts, self.count).astype(np.float64)

    def slopes(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """Their first derivatives ``(polynomials, size)`` at a point ``(size,)``."""
        result = np.zeros((self.count, self.size))
        for axis in range(self.size):
            there = self.exponents[:, axis] > 0
            less = self.exponents[there]
            factor = self.coefficients[there] * less[:, axis]
            less[:, axis] -= 1
            parts = factor * np.prod(point**less, axis=1)
            result[:, axis] = np.bincount(self.number[there], parts, self.count)
        return result
