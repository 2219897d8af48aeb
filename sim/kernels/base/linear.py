"""Small dense systems of linear equations: every elimination in floats that more than one file needs.

Those in integers, in residues and of many games at a time stay with their arithmetic: ``bimatrix/exact``,
``bimatrix/residues``, ``bimatrix/equilibria`` and the judge's own.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import SINGULAR

__all__ = ["factor", "gauss", "invert_dominant", "least_pivot", "solve_dominant", "substitute"]


@kernel(borrows=True)
def gauss(matrix: Array, right: Array, size: int) -> int:
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
def least_pivot(matrix: Array, size: int) -> float:
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


@kernel()
def factor(a: Array, order: Array) -> bool:
    """LU decomposition with row exchanges, in place: ``a (N, N)``, ``order (N,)``; False where singular."""
    size = order.shape[0]
    for k in range(size):
        best = k
        for r in range(k + 1, size):
            if abs(a[r, k]) > abs(a[best, k]):
                best = r
        order[k] = best
        if not abs(a[best, k]) > SINGULAR:
            return False
        if best != k:
            for c in range(size):
                a[k, c], a[best, c] = a[best, c], a[k, c]
        inverse = 1.0 / a[k, k]
        for r in range(k + 1, size):
            if a[r, k] != 0.0:
                a[r, k] *= inverse
                for c in range(k + 1, size):
                    a[r, c] -= a[r, k] * a[k, c]
    return True


@kernel()
def substitute(a: Array, order: Array, b: Array) -> None:
    """Solve with a decomposition of :func:`factor`: ``b (N,)`` becomes the solution."""
    size = order.shape[0]
    for k in range(size):
        if order[k] != k:
            b[k], b[order[k]] = b[order[k]], b[k]
    for k in range(1, size):
        total = b[k]
        for c in range(k):
            total -= a[k, c] * b[c]
        b[k] = total
    for k in range(size - 1, -1, -1):
        total = b[k]
        for c in range(k + 1, size):
            total -= a[k, c] * b[c]
        b[k] = total / a[k, k]


@kernel()
def solve_dominant(a: Array, b: Array) -> None:
    """Solve ``a x = b`` in place, ``a (S, S)``, ``b (S,)`` becomes x.

    For matrices ``I - d P`` with P a chain and d < 1: strictly diagonally dominant by rows, so that
    elimination without exchanges is stable (Golub and Van Loan 2013, theorem 3.4.3 for the transpose).
    """
    size = b.shape[0]
    for k in range(size):
        inverse = 1.0 / a[k, k]
        for r in range(k + 1, size):
            factor = a[r, k] * inverse
            if factor != 0.0:
                for c in range(k + 1, size):
                    a[r, c] -= factor * a[k, c]
                b[r] -= factor * b[k]
    for k in range(size - 1, -1, -1):
        total = b[k]
        for c in range(k + 1, size):
            total -= a[k, c] * b[c]
        b[k] = total / a[k, k]


@kernel()
def invert_dominant(a: Array, inverse: Array) -> None:
    """The inverse of a matrix as in :func:`solve_dominant`, by Gauss and Jordan; ``a (S, S)`` is destroyed."""
    size = a.shape[0]
    for s in range(size):
        for t in range(size):
            inverse[s, t] = 1.0 if s == t else 0.0
    for k in range(size):
        pivot = 1.0 / a[k, k]
        for t in range(size):
            a[k, t] *= pivot
            inverse[k, t] *= pivot
        for s in range(size):
            share = a[s, k]
            if s != k and share != 0.0:
                for t in range(size):
                    a[s, t] -= share * a[k, t]
                    inverse[s, t] -= share * inverse[k, t]
