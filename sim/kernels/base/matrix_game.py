"""Zero-sum matrix games: value and optimal strategies of both sides by one linear programme."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.simplex import label, maximise

__all__ = ["matrix_game", "others_of", "security"]


@kernel()
def matrix_game(table: Array, rows: int, columns: int, first: Array, second: Array) -> float:
    """Value of the leading block of ``table``, paid to the row player; NaN where the programme fails.

    ``first (rows,)`` and ``second (columns,)`` take the optimal strategies.  After a shift that makes
    every entry positive: maximise the sum of y with ``M y <= 1``; the multipliers are the row player's.
    """
    low, high = np.inf, -np.inf
    for a in range(rows):
        for b in range(columns):
            low, high = min(low, table[a, b]), max(high, table[a, b])
    spread = high - low if high > low else 1.0
    tableau = np.zeros((rows + 1, columns + 2))
    basic, nonbasic = np.empty(rows, np.int64), np.empty(columns, np.int64)
    for a in range(rows):
        for b in range(columns):
            tableau[a, b] = 1.0 + (table[a, b] - low) / spread
        tableau[a, columns] = 1.0
    for b in range(columns):
        tableau[rows, b] = -1.0
    label(basic, nonbasic)
    if maximise(tableau, rows, basic, nonbasic) != 0:
        return np.nan
    first[:rows] = 0.0
    second[:columns] = 0.0
    total, weight = 0.0, 0.0
    for r in range(rows):
        if basic[r] < columns:
            second[basic[r]] = max(tableau[r, columns], 0.0)
            total += second[basic[r]]
    for j in range(columns):
        if nonbasic[j] >= columns:
            first[nonbasic[j] - columns] = max(tableau[rows, j], 0.0)
            weight += first[nonbasic[j] - columns]
    first[:rows] /= weight
    second[:columns] /= total
    return low + (1.0 / total - 1.0) * spread


@kernel()
def others_of(i: int, sizes: Array, stride: Array, joints: int, others: Array) -> int:
    """Joint actions in which player i takes his first action: one for each joint action of the others."""
    number = 0
    for s in range(joints):
        if s // stride[i] % sizes[i] == 0:
            others[number] = s
            number += 1
    return number


@kernel()
def security(
    payoffs: Array,
    sizes: Array,
    stride: Array,
    first: int,
    last: int,
    secure: Array,
    held: Array,
    failed: Array,
) -> int:
    """What each player can secure, and how the others together hold him to it, in each cell.

    ``payoffs (C, n, J) -> secure (C, n, A), held (C, n, J), failed (C,)``: ``held[c, i]`` is joint play in
    which i plays ``secure`` and the others, who may correlate, punish him.
    """
    players, joints = payoffs.shape[1:]
    others = np.empty(joints, np.int64)
    most = max(sizes)
    table = np.empty((most, joints))
    own, punishment = np.empty(most), np.empty(joints)
    for c in range(first, last):
        failed[c] = 0
        for i in range(players):
            number = others_of(i, sizes, stride, joints, others)
            for a in range(sizes[i]):
                for o in range(number):
                    table[a, o] = payoffs[c, i, others[o] + a * stride[i]]
            if np.isnan(matrix_game(table, sizes[i], number, own, punishment)):
                failed[c] = 1
            secure[c, i] = 0.0
            for a in range(sizes[i]):
                secure[c, i, a] = own[a]
                for o in range(number):
                    held[c, i, others[o] + a * stride[i]] = own[a] * punishment[o]
    return 0
