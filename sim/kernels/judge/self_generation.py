"""The certificate of a set of subgame-perfect payoffs: it generates itself.

Every vertex v of the claimed set W must be ``(1 - d) u(a) + d w`` with a joint action a and a
continuation w in W that no player gains by leaving, when the next stages then hold him to his worst
payoff in W.  If so, every point of W is an equilibrium payoff (Abreu, Pearce and Stacchetti 1990,
theorem 1).  Nothing of a solver's own work is used: only payoffs, discounts and the claimed vertices.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import TIE
from sim.kernels.polygon.polygon import overhang

__all__ = ["generation_gap", "self_generation_gap", "stationary_gain", "stationary_residual"]

BLOCK = 256  # cells a thread takes at a time


def stationary_residual(payoffs: Array, discount: Array, scale: Array, strategy: Array, sets: Array) -> Array:
    """Residual ``(C, K)`` of stationary paths that the worst payoffs of a set are to enforce.

    ``payoffs (C, 2, A1, A2)``, ``discount (C, 2)``, ``strategy (C, K, 2, A)``, ``sets (C, V, 2)``; in units of
    ``scale (C, 2)``, each player's range of payoffs.
    """
    payoffs, discount = np.array(payoffs), np.array(discount)
    empty = np.isnan(sets[:, 0, 0])
    worst = np.where(empty[:, np.newaxis], np.inf, np.fmin.reduce(sets, axis=1))
    worst[discount == 0.0] = 0.0
    gain = np.empty(strategy.shape[:3])
    stationary_gain(payoffs, discount, np.ascontiguousarray(strategy), worst, gain)
    result: Array = np.maximum(gain / scale[:, np.newaxis], 0.0).max(axis=2)
    return result


def self_generation_gap(payoffs: Array, discount: Array, finite: Array, sets: Array) -> Array:
    """What each claimed set ``(C, V, 2)`` lacks to generate itself, ``(C,)`` in units of a player's range.

    ``payoffs (C, 2, A1, A2)``, ``discount (C, 2)``, ``finite (C,)``.
    """
    payoffs, discount = np.array(payoffs), np.array(discount)
    gap, sets = np.full(len(sets), np.nan), np.ascontiguousarray(sets)

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        generation_gap(payoffs[part], discount[part], finite[part], sets[part], gap[part])

    over_blocks(work, len(sets), BLOCK)
    return gap


@kernel()
def generation_gap(payoffs: Array, discount: Array, finite: Array, sets: Array, gap: Array) -> None:
    """How much each claimed set lacks to generate itself, in units of a player's range of payoffs.

    ``payoffs (C, 2, m, n)``, ``discount (C, 2)``, ``sets (C, V, 2)`` padded with NaN -> ``gap (C,)``: the
    largest over vertices of the least over joint actions of what misses, 0 for the empty set.  Cells that
    are not ``finite (C,)`` are left alone.
    """
    size, m, n = sets.shape[1], payoffs.shape[2], payoffs.shape[3]
    v, scaled = np.empty((2, size)), np.empty((2, size))
    u, best = np.empty((2, m * n)), np.empty((2, m * n))
    worst = np.empty(2)
    for c in range(len(payoffs)):
        if not finite[c]:
            continue
        count = 0
        while count < size and not np.isnan(sets[c, count, 0]):
            count += 1
        for i in range(2):
            least, most = payoffs[c, i].min(), payoffs[c, i].max()
            scale = most - least if most > least else 1.0
            worst[i] = np.inf
            for k in range(count):
                v[i, k] = (sets[c, k, i] - least) / scale
                scaled[i, k] = discount[c, i] * v[i, k]
                worst[i] = min(worst[i], v[i, k])
            for a in range(m):
                for b in range(n):
                    u[i, a * n + b] = (payoffs[c, i, a, b] - least) / scale
        for a in range(m):
            for b in range(n):
                best[0, a * n + b] = u[0, b::n].max()
                best[1, a * n + b] = u[1, a * n : (a + 1) * n].max()
        d0, d1 = discount[c, 0], discount[c, 1]
        gap[c] = 0.0
        for k in range(count):
            lacking = np.inf
            for a in range(m * n):
                temptation = max(
                    (1.0 - d0) * best[0, a] + d0 * worst[0] - v[0, k],
                    (1.0 - d1) * best[1, a] + d1 * worst[1] - v[1, k],
                )
                if temptation >= lacking:
                    continue
                later0, later1 = v[0, k] - (1.0 - d0) * u[0, a], v[1, k] - (1.0 - d1) * u[1, a]
                outside = overhang(later0, later1, scaled[0], scaled[1], count)
                lacking = min(lacking, max(outside, temptation))
                if lacking <= TIE:
                    break
            gap[c] = max(gap[c], lacking)


@kernel()
def stationary_gain(payoffs: Array, discount: Array, strategy: Array, worst: Array, gain: Array) -> None:
    """What leaving a stationary path gains when the worst payoff follows, as an average per stage.

    ``payoffs (C, 2, m, n)``, ``strategy (C, K, 2, A)`` padded with NaN, ``worst (C, 2)`` ->
    ``gain (C, K, 2)``, negative where leaving costs, NaN where nothing is claimed.
    """
    cells, most = strategy.shape[:2]
    sizes = payoffs.shape[2:]
    for c in range(cells):
        for k in range(most):
            gain[c, k, :] = np.nan
            if np.isnan(strategy[c, k, 0, 0]):
                continue
            for i in range(2):
                value, best = 0.0, -np.inf
                for own in range(sizes[i]):
                    reply = 0.0
                    for other in range(sizes[1 - i]):
                        weight = strategy[c, k, 1 - i, other]
                        if weight > 0.0:
                            pay = payoffs[c, 0, own, other] if i == 0 else payoffs[c, 1, other, own]
                            reply += weight * pay
                    value += strategy[c, k, i, own] * reply
                    best = max(best, reply)
                d = discount[c, i]
                gain[c, k, i] = (1.0 - d) * best + d * worst[c, i] - value
