"""The certificate of payoff sets by state: together they generate themselves.

Every corner v of the set of state s must be ``(1 - d) u(s, a) + d c`` with a joint action a and a
continuation c in ``sum_t P(t | s, a) W(t)`` that nobody gains by forgoing, when one deviation costs him
all but his worst payoff in the sets.  Then every point of the sets is an equilibrium payoff (Abreu,
Pearce and Stacchetti 1990, theorem 1, state by state).  Whether c lies in the sum is asked by support
functions, which share nothing with how the solver adds polygons: only the normals of edges of the sets
can separate, and the axes where sets are points.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel

__all__ = ["state_generation_gap"]


@kernel()
def outside_sum(x: float, y: float, row: Array, set_: Array, count: Array) -> float:
    """How far ``(x, y)`` lies outside ``sum_t row(t) W(t)``; infinite where a needed set is empty."""
    states = row.shape[0]
    for t in range(states):
        if row[t] > 0.0 and count[t] == 0:
            return np.inf
    worst: float = 0.0
    for t in range(-1, states):
        if t >= 0 and row[t] == 0.0:
            continue
        for k in range(4 if t < 0 else count[t]):
            if t < 0:
                nx, ny = (1.0 - k, 0.0) if k % 2 == 0 else (0.0, 2.0 - k)
            else:
                after = (k + 1) % count[t]
                nx = set_[t, after, 1] - set_[t, k, 1]
                ny = set_[t, k, 0] - set_[t, after, 0]
                length = np.sqrt(nx * nx + ny * ny)
                if length == 0.0:
                    continue
                nx, ny = nx / length, ny / length
            reach = nx * x + ny * y
            for r in range(states):
                if row[r] > 0.0:
                    best = -np.inf
                    for j in range(count[r]):
                        best = max(best, nx * set_[r, j, 0] + ny * set_[r, j, 1])
                    reach -= row[r] * best
            worst = max(worst, reach)
    return worst


@kernel()
def state_generation_gap(
    payoffs: Array,
    transition: Array,
    discount: Array,
    sizes: Array,
    available: Array,
    wanted: Array,
    sets: Array,
    gap: Array,
) -> int:
    """What the sets of each wanted cell lack to generate themselves, in units of a player's range.

    ``payoffs (C, 2, S, M)``, ``transition (C or 1, S, M, S)``, ``discount (C, 2)``, ``sizes (2,)``,
    ``available (S, M)``, ``wanted (C,)``, ``sets (C, S, V, 2)`` padded with NaN -> ``gap (C,)``, 0 for
    empty sets.  Returns 0.
    """
    cells, states, most = sets.shape[:3]
    joint = payoffs.shape[3]
    stage = np.empty((2, states, joint))
    set_ = np.empty((states, most, 2))
    count = np.empty(states, np.int64)
    worst = np.empty((2, states))
    for c in range(cells):
        if not wanted[c]:
            continue
        move = transition[c] if transition.shape[0] > 1 else transition[0]
        for s in range(states):
            count[s] = 0
            while count[s] < most and not np.isnan(sets[c, s, count[s], 0]):
                count[s] += 1
        for i in range(2):
            base = payoffs[c, i].min()
            unit = payoffs[c, i].max() - base
            if unit == 0.0:
                unit = 1.0
            for s in range(states):
                worst[i, s] = np.inf
                for k in range(count[s]):
                    set_[s, k, i] = (sets[c, s, k, i] - base) / unit
                    worst[i, s] = min(worst[i, s], set_[s, k, i])
                for m in range(joint):
                    stage[i, s, m] = (payoffs[c, i, s, m] - base) / unit
        gap[c] = 0.0
        for s in range(states):
            for k in range(count[s]):
                lacking = np.inf
                for m in range(joint):
                    if not available[s, m]:
                        continue
                    lacks = 0.0
                    for i in range(2):
                        d = discount[c, i]
                        for a in range(sizes[i]):
                            other = a * sizes[1] + m % sizes[1] if i == 0 else m - m % sizes[1] + a
                            if available[s, other]:
                                total = 0.0
                                for t in range(states):
                                    if move[s, other, t] > 0.0:
                                        total += move[s, other, t] * worst[i, t]
                                deviation = (1.0 - d) * stage[i, s, other] + d * total
                                if not np.isnan(deviation):
                                    lacks = max(lacks, deviation - set_[s, k, i])
                    if lacks >= lacking:
                        continue
                    lacks = max(lacks, reach_gap(stage, move, discount[c], s, m, set_, count, k))
                    lacking = min(lacking, lacks)
                gap[c] = max(gap[c], lacking)
    return 0


@kernel()
def reach_gap(
    stage: Array, move: Array, discount: Array, s: int, m: int, set_: Array, count: Array, k: int
) -> float:
    """How far corner k of state s is from what joint action m and the next states' sets can give.

    Measured in the corner's own units: coordinates of the sum are scaled by the discounts first.
    """
    scaled = np.empty_like(set_)
    for t in range(set_.shape[0]):
        for j in range(count[t]):
            scaled[t, j, 0] = discount[0] * set_[t, j, 0]
            scaled[t, j, 1] = discount[1] * set_[t, j, 1]
    x = set_[s, k, 0] - (1.0 - discount[0]) * stage[0, s, m]
    y = set_[s, k, 1] - (1.0 - discount[1]) * stage[1, s, m]
    result: float = outside_sum(x, y, move[s, m], scaled, count)
    return result
