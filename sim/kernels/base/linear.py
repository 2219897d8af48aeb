"""Small dense systems of linear equations."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel
from sim.kernels.base.tolerances import SINGULAR

__all__ = ["gauss", "least_pivot"]


@kernel()
def gauss(matrix: Any, right: Any, size: int) -> int:
    """Solve the leading ``size`` equations by Gauss with row exchanges: ``right`` becomes the solution.

    ``matrix (N, N)`` is destroyed.  The sign of its determinant; 0 where it is singular as far as rounding
    can tell.
    """
    for r in range(size):  # rows of one size, so that a small pivot means singular and not another unit
        largest = 0.0
        for c in range(size):
            largest = max(largest, abs(matrix[r, c]))
        if largest == 0.0:
            return 0
        right[r] /= largest
        for c in range(size):
            matrix[r, c] /= largest
    sign = 1
    for k in range(size):
        best = k
        for r in range(k + 1, size):
            if abs(matrix[r, k]) > abs(matrix[best, k]):
                best = r
        if not abs(matrix[best, k]) > SINGULAR:
            return 0
        if best != k:
            sign = -sign
            for c in range(k, size):
                matrix[k, c], matrix[best, c] = matrix[best, c], matrix[k, c]
            right[k], right[best] = right[best], right[k]
        if matrix[k, k] < 0.0:
            sign = -sign
        for r in range(k + 1, size):
            share = matrix[r, k] / matrix[k, k]
            if share != 0.0:
                for c in range(k + 1, size):
                    matrix[r, c] -= share * matrix[k, c]
                right[r] -= share * right[k]
    for k in range(size - 1, -1, -1):
        for c in range(k + 1, size):
            right[k] -= matrix[k, c] * right[c]
        right[k] /= matrix[k, k]
    return sign


@kernel()
def least_pivot(matrix: Any, size: int) -> float:
    """The smallest pivot of an elimination with complete pivoting, as a share of the largest."""
    largest, least = 0.0, np.inf
    for step in range(size):
        row, column = step, step
        for r in range(step, size):
            for c in range(step, size):
                if abs(matrix[r, c]) > abs(matrix[row, column]):
                    row, column = r, c
        pivot = matrix[row, column]
        largest, least = max(largest, abs(pivot)), min(least, abs(pivot))
        if pivot == 0.0:
            return 0.0
        for c in range(size):
            matrix[step, c], matrix[row, c] = matrix[row, c], matrix[step, c]
        for r in range(size):
            matrix[r, step], matrix[r, column] = matrix[r, column], matrix[r, step]
        for r in range(step + 1, size):
            factor = matrix[r, step] / matrix[step, step]
            for c in range(step, size):
                matrix[r, c] -= factor * matrix[step, c]
    return least / largest if size else 1.0
