"""One equilibrium of a two-player game by complementary pivoting.

Labels are those of :mod:`sim.kernels.bimatrix.double_description`: i is "row i is not played" or "row i is a
best reply", m + j the same of column j.  One tableau holds ``{x >= 0: B'x <= 1}``, the other
``{y >= 0: Ay <= 1}``, with payoffs made positive.  From the artificial equilibrium, where nothing is
played, one label is given up; pivots in turn in both tableaus lead to where it is met again.  Ties are
broken lexicographically, so that the path never returns to where it was.

Source: Lemke and Howson (1964); lexicographic rule as in von Stengel (2002), section 2.6.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import LEAST_PIVOT

__all__ = ["follow_labels"]


@kernel()
def leaving_row(tableau: Array, entering: int, first_slack: int) -> int:
    """The row that limits the entering variable first, lexicographically; -1 where none does."""
    rows, columns = tableau.shape
    best = -1
    for r in range(rows):
        pivot = tableau[r, entering]
        if pivot <= LEAST_PIVOT:
            continue
        if best < 0:
            best = r
            continue
        rival = tableau[best, entering]
        # the right side is last; columns of the first basis break ties
        difference = tableau[r, columns - 1] / pivot - tableau[best, columns - 1] / rival
        place = 0
        while abs(difference) <= LEAST_PIVOT and place < rows:
            column = first_slack + place
            difference = tableau[r, column] / pivot - tableau[best, column] / rival
            place += 1
        if difference < 0.0:
            best = r
    return best


@kernel()
def pivot(tableau: Array, row: int, column: int) -> int:
    """Bring ``column`` into the basis in place of the variable of ``row``."""
    rows, columns = tableau.shape
    by = tableau[row, column]
    for k in range(columns):
        tableau[row, k] /= by
    tableau[row, column] = 1.0
    for r in range(rows):
        factor = tableau[r, column]
        if r != row and factor != 0.0:
            for k in range(columns):
                tableau[r, k] -= factor * tableau[row, k]
            tableau[r, column] = 0.0
    return 0


@kernel()
def fill(table: Array, of_columns: bool, tableau: Array, basis: Array) -> int:
    """The first tableau of one polyhedron, from payoffs ``(m, n)`` between 0 and 1: nothing is played yet."""
    m, n = table.shape
    rows, width = (n, m) if of_columns else (m, n)
    played, slack = (0, m) if of_columns else (m, 0)
    tableau[:rows] = 0.0
    for r in range(rows):
        for k in range(width):
            tableau[r, played + k] = 1.0 + (table[k, r] if of_columns else table[r, k])
        tableau[r, slack + r] = 1.0
        tableau[r, m + n] = 1.0
        basis[r] = slack + r
    return 0


@kernel()
def follow_labels(
    payoffs: Array, max_pivots: int, first: int, last: int, strategy: Array, pivots: Array
) -> int:
    """Follow paths in cells ``first`` to ``last``: ``payoffs (C, 2, m, n)`` from 0 to 1 ``-> strategy (C, 2, A)``.

    The labels are given up one after another until a path ends within ``max_pivots``; ``pivots (C,)`` are those
    of all paths of a cell, negative where none ended, where ``strategy`` stays as it is.
    """
    m, n = payoffs.shape[2:]
    of_rows, of_columns = np.empty((m, m + n + 1)), np.empty((n, m + n + 1))
    basis_rows, basis_columns = np.empty(m, np.int64), np.empty(n, np.int64)
    for c in range(first, last):
        used, ended = 0, False
        for missing in range(m + n):
            fill(payoffs[c, 0], False, of_rows, basis_rows)
            fill(payoffs[c, 1], True, of_columns, basis_columns)
            label, in_columns, here = missing, missing < m, 0
            while here < max_pivots:
                here += 1
                if in_columns:
                    row = leaving_row(of_columns, label, m)
                    if row < 0:
                        break
                    pivot(of_columns, row, label)
                    left, basis_columns[row] = basis_columns[row], label
                else:
                    row = leaving_row(of_rows, label, 0)
                    if row < 0:
                        break
                    pivot(of_rows, row, label)
                    left, basis_rows[row] = basis_rows[row], label
                label, in_columns = left, not in_columns
                if label == missing:
                    ended = True
                    break
            used += here
            if ended:
                break
        pivots[c] = used if ended else -used
        if ended:
            strategy[c] = 0.0
            for r in range(n):
                if basis_columns[r] < m:
                    strategy[c, 0, basis_columns[r]] = max(of_columns[r, m + n], 0.0)
            for r in range(m):
                if basis_rows[r] >= m:
                    strategy[c, 1, basis_rows[r] - m] = max(of_rows[r, m + n], 0.0)
            for i in range(2):
                total = 0.0
                for a in range(strategy.shape[2]):
                    total += strategy[c, i, a]
                for a in range(strategy.shape[2]):
                    strategy[c, i, a] /= total
    return 0
