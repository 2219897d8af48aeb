"""Linear programmes over what comes next: what a joint action can promise when the rest must be in a set.

Play of joint action j gives the average ``(1 - d_i) u_i(j) + d_i sum_b weight[j, b] w_i(b)``, where the
continuation ``w(b)`` follows public signal b and lies in a set W.  Under perfect monitoring one signal is
enough, the path itself: a deviator gets his worst payoff ``p_i`` in W.  Obedience is a list of rows

    sum_b coef[j, r, b] w_i(b)  <=  now[j, r] - threat[r] p_i,        i = who[r].

W is given from outside by half-spaces ``normals @ w <= levels``, of which the first two for each player are
his most and his least, or from inside as the hull of ``points``.  Each programme begins at the corner of a
box or at the best point, where the objective cannot be better, so that the dual simplex method does it all.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.simplex import OPTIMAL, label, repair
from sim.kernels.base.tolerances import FORGIVEN

__all__ = ["lacking", "most_from_inside", "most_from_outside"]


@kernel()
def pivots(rows: int, columns: int) -> int:
    """More pivots than a programme of this size takes."""
    return 20 * (rows + columns) + 100


@kernel()
def most_from_outside(
    normals: Array, levels: Array, goal: Array, weight: Array, who: Array, coef: Array, limit: Array,
    tableau: Array, basic: Array, nonbasic: Array, mean: Array,
) -> int:  # fmt: skip
    """Maximise ``goal (n,)`` of the mean continuation over obedient ones in half-spaces: 0 where there are some.

    ``normals (D, n)``, ``levels (D,)``, ``weight (B,)``, ``who (R,)``, ``coef (R, B)``, ``limit (R,)`` ->
    ``mean (n,)``, the mean continuation that is best.  ``tableau (B (D - n) + R + 1, B n + 2)``.
    """
    many, n = normals.shape
    signals, rows_obey = weight.size, who.size
    columns = signals * n
    rows = basic.size
    tableau[:] = 0.0
    at = 0
    for b in range(signals):
        for i in range(n):
            tableau[at, b * n + i] = 1.0
            tableau[at, columns] = max(levels[2 * i] + levels[2 * i + 1], 0.0)
            tableau[rows, b * n + i] = abs(goal[i]) * weight[b]
            at += 1
        for m in range(2 * n, many):
            free = levels[m]
            for i in range(n):
                up = goal[i] > 0.0
                free -= normals[m, i] * (levels[2 * i] if up else -levels[2 * i + 1])
                tableau[at, b * n + i] = -normals[m, i] if up else normals[m, i]
            tableau[at, columns] = free
            at += 1
    for r in range(rows_obey):
        i, free = who[r], limit[r]
        up = goal[i] > 0.0
        start = levels[2 * i] if up else -levels[2 * i + 1]
        for b in range(signals):
            free -= coef[r, b] * start
            tableau[at, b * n + i] = -coef[r, b] if up else coef[r, b]
        tableau[at, columns] = free
        at += 1
    label(basic, nonbasic)
    code: int = repair(tableau, rows, basic, nonbasic, pivots(rows, columns), FORGIVEN)
    if code == OPTIMAL:
        for i in range(n):
            mean[i] = levels[2 * i] if goal[i] > 0.0 else -levels[2 * i + 1]
        for r in range(rows):
            if basic[r] < columns:
                b, i = basic[r] // n, basic[r] % n
                step = tableau[r, columns] * weight[b]
                mean[i] += -step if goal[i] > 0.0 else step
    return code


@kernel()
def most_from_inside(
    points: Array, goal: Array, weight: Array, who: Array, coef: Array, limit: Array,
    tableau: Array, basic: Array, nonbasic: Array, mean: Array,
) -> int:  # fmt: skip
    """Maximise ``goal (n,)`` of the mean continuation over obedient ones in a hull: 0 where there are some.

    ``points (K, n)``; the rest as in :func:`most_from_outside`, with ``tableau (B + R + 1, B (K - 1) + 2)``.
    """
    count, n = points.shape
    signals, rows_obey = weight.size, who.size
    each = count - 1
    columns, rows = signals * each, basic.size
    best, most = 0, -np.inf
    for k in range(count):
        worth = 0.0
        for i in range(n):
            worth += goal[i] * points[k, i]
        if worth > most:
            best, most = k, worth
    tableau[:] = 0.0
    for b in range(signals):
        tableau[b, columns] = 1.0
        for j in range(each):
            k = j if j < best else j + 1
            worth = 0.0
            for i in range(n):
                worth += goal[i] * points[k, i]
            tableau[b, b * each + j] = 1.0
            tableau[rows, b * each + j] = (most - worth) * weight[b]
    for r in range(rows_obey):
        i, free = who[r], limit[r]
        for b in range(signals):
            free -= coef[r, b] * points[best, i]
            for j in range(each):
                k = j if j < best else j + 1
                tableau[signals + r, b * each + j] = coef[r, b] * (points[k, i] - points[best, i])
        tableau[signals + r, columns] = free
    label(basic, nonbasic)
    code: int = repair(tableau, rows, basic, nonbasic, pivots(rows, columns), FORGIVEN)
    if code == OPTIMAL:
        mean[:] = points[best]
        for r in range(rows):
            if basic[r] < columns:
                b, j = basic[r] // each, basic[r] % each
                k = j if j < best else j + 1
                for i in range(n):
                    mean[i] += tableau[r, columns] * weight[b] * (points[k, i] - points[best, i])
    return code


@kernel()
def lacking(
    points: Array, later: Array, d: Array, weight: Array, who: Array, coef: Array, limit: Array,
    tableau: Array, basic: Array, nonbasic: Array,
) -> float:  # fmt: skip
    """Least amount by which obedience and the promise ``later (n,)`` must be relaxed to be kept in a hull.

    ``later`` is what the continuation must be worth now, ``d_i`` times its mean; empty, obedience alone counts.
    ``points (K, n)``; ``tableau (B + R + 2 n + 1, B (K - 1) + 3)``.
    """
    count = len(points)
    signals, rows_obey = weight.size, who.size
    each = count - 1
    slack = signals * each
    columns, rows = slack + 1, basic.size
    tableau[:] = 0.0
    tableau[rows, slack] = 1.0
    for b in range(signals):
        tableau[b, columns] = 1.0
        for j in range(each):
            tableau[b, b * each + j] = 1.0
    for r in range(rows_obey):
        at, i, free = signals + r, who[r], limit[r]
        for b in range(signals):
            free -= coef[r, b] * points[0, i]
            for j in range(each):
                tableau[at, b * each + j] = coef[r, b] * (points[j + 1, i] - points[0, i])
        tableau[at, columns], tableau[at, slack] = free, -1.0
    for i in range(later.size):
        up, down = signals + rows_obey + 2 * i, signals + rows_obey + 2 * i + 1
        for b in range(signals):
            for j in range(each):
                step = d[i] * weight[b] * (points[j + 1, i] - points[0, i])
                tableau[up, b * each + j], tableau[down, b * each + j] = step, -step
        free = later[i] - d[i] * points[0, i]
        tableau[up, columns], tableau[down, columns] = free, -free
        tableau[up, slack] = tableau[down, slack] = -1.0
    label(basic, nonbasic)
    if repair(tableau, rows, basic, nonbasic, pivots(rows, columns), FORGIVEN) != OPTIMAL:
        return np.inf
    result: float = max(-tableau[rows, columns], 0.0)
    return result
