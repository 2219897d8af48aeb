"""Optimal commitment of a leader: one linear programme for each action that he may want to induce."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.simplex import label, maximise
from sim.kernels.base.tolerances import ROUNDED, ZERO

__all__ = ["commitments"]


@kernel()
def commitments(
    leader: Array,
    follower: Array,
    first: int,
    last: int,
    strategy: Array,
    induced: Array,
    multipliers: Array,
    failed: Array,
) -> int:
    """Best mixed commitment in each cell, when the follower breaks ties in the leader's favour.

    ``leader, follower (C, L, F)`` payoffs from 0 to 1, the leader in rows -> ``strategy (C, L)``,
    ``induced (C,)`` the reply, ``multipliers (C, F, F)``: for each reply j, the price of each rival of j
    in the programme that induces it.
    """
    rows, columns = leader.shape[1:]
    tableau = np.empty((columns + 2, rows + 2))
    basic, nonbasic = np.empty(columns + 1, np.int64), np.empty(rows, np.int64)
    for c in range(first, last):
        best = -1.0
        failed[c] = 0
        multipliers[c] = 0.0
        for j in range(columns):
            tableau[:] = 0.0
            for a in range(rows):
                for k in range(columns):
                    tableau[k, a] = follower[c, a, k] - follower[c, a, j]
                tableau[columns, a] = 1.0
                # shifted to be positive, so that no commitment at all is never best
                tableau[columns + 1, a] = -1.0 - leader[c, a, j]
            tableau[columns, rows] = 1.0
            label(basic, nonbasic)
            if maximise(tableau, columns + 1, basic, nonbasic) != 0:
                failed[c] = 1
                continue
            for a in range(rows):
                slack = nonbasic[a] - rows
                if 0 <= slack < columns:
                    multipliers[c, j, slack] = max(tableau[columns + 1, a], 0.0)
            if tableau[columns + 1, rows] > best + ZERO:
                best = tableau[columns + 1, rows]
                induced[c] = j
                strategy[c] = 0.0
                total = 0.0
                for r in range(columns + 1):
                    if basic[r] < rows and tableau[r, rows] > ROUNDED:
                        strategy[c, basic[r]] = tableau[r, rows]
                        total += tableau[r, rows]
                strategy[c] /= total
    return 0
