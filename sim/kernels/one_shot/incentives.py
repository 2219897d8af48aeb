"""Best and worst correlated equilibria: one tableau for each cell, one objective row for each answer."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.simplex import label, maximise
from sim.kernels.base.tolerances import ROUNDED

__all__ = ["correlated_programmes"]


@kernel()
def correlated_programmes(
    payoffs: Array,
    objectives: Array,
    sizes: Array,
    stride: Array,
    coarse: bool,
    first: int,
    last: int,
    joint: Array,
    multipliers: Array,
    failed: Array,
) -> int:
    """Maximise each objective over the (coarse) correlated equilibria of the cells ``first .. last - 1``.

    ``payoffs (C, n, J)``, ``objectives (C, K, J)`` at least one everywhere, so that a probability of zero
    is never best -> ``joint (C, K, J)``, ``multipliers (C, K, n, A, A)`` of obeying by player, advice
    and deviation (coarse: advice 0 only), ``failed (C,)``: 0, or the code of the programme that did.
    """
    players, joints = payoffs.shape[1:]
    answers = objectives.shape[1]
    rows = 1
    for i in range(players):
        rows += sizes[i] if coarse else sizes[i] * sizes[i]
    tableau = np.empty((rows + answers, joints + 2))
    basic, nonbasic = np.empty(rows, np.int64), np.empty(joints, np.int64)
    unit = np.ones(rows)
    for c in range(first, last):
        tableau[:] = 0.0
        row = 0
        for i in range(players):
            for s in range(joints):
                own = s // stride[i] % sizes[i]
                for b in range(sizes[i]):
                    at = row + (b if coarse else own * sizes[i] + b)
                    tableau[at, s] = payoffs[c, i, s + (b - own) * stride[i]] - payoffs[c, i, s]
            row += sizes[i] if coarse else sizes[i] * sizes[i]
        for r in range(row):  # each in its own unit, so that no payoff costs the digits of other incentives
            unit[r] = 0.0
            for s in range(joints):
                unit[r] = max(unit[r], abs(tableau[r, s]))
            unit[r] = unit[r] if unit[r] > 0.0 else 1.0
            for s in range(joints):
                tableau[r, s] /= unit[r]
        tableau[row, : joints + 1] = 1.0  # total probability: at most, and so at the optimum exactly, one
        for k in range(answers):
            tableau[rows + k, :joints] = -objectives[c, k]
        label(basic, nonbasic)
        failed[c] = 0
        for k in range(answers):
            failed[c] = max(failed[c], maximise(tableau, rows + k, basic, nonbasic))
            joint[c, k] = 0.0
            total = 0.0
            for r in range(rows):
                if basic[r] < joints and tableau[r, joints] > ROUNDED:
                    joint[c, k, basic[r]] = tableau[r, joints]
                    total += tableau[r, joints]
            joint[c, k] /= total
            multipliers[c, k] = 0.0
            for j in range(joints):
                slack = nonbasic[j] - joints
                if slack >= 0:
                    price = max(tableau[rows + k, j], 0.0) / unit[slack]
                    for i in range(players):
                        wide = sizes[i] if coarse else sizes[i] * sizes[i]
                        if slack < wide:
                            advice = 0 if coarse else slack // sizes[i]
                            multipliers[c, k, i, advice, slack % sizes[i]] = price
                            break
                        slack -= wide
    return 0
