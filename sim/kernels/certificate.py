"""The certificate of two-player play: values, regret, Shapley index, components.

Nothing of a solver's own work is used: only the payoffs and the strategies it claims.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import kernel

__all__ = ["judge_bimatrix"]

SAME = 1e-9  # strategies nearer than this are one strategy
BEST = 1e-9  # replies within this share of the player's range of payoffs are best replies


def judge_bimatrix(payoffs: NDArray[np.float64], strategy: NDArray[np.float64]) -> tuple[NDArray[Any], ...]:
    """``(C, 2, m, n), (C, K, 2, A) -> value (C, K, 2), regret, relative, index, component (C, K)``.

    ``index`` is Shapley's (1974): +1 for a strict pure equilibrium, 0 where some best reply is not
    played, so that the game is degenerate there.
    """
    shape = strategy.shape[:2]
    value, regret, relative = np.empty((*shape, 2)), np.empty(shape), np.empty(shape)
    index, component = np.empty(shape, np.int8), np.empty(shape, np.int32)
    certificate(payoffs, strategy, value, regret, relative, index, component)
    return value, regret, relative, index, component


@kernel()
def determinant_sign(matrix: NDArray[np.float64], size: int) -> int:
    """Sign of the determinant of the leading block, which is destroyed (Gauss with pivoting)."""
    sign = 1
    for k in range(size):
        pivot = k
        for row in range(k + 1, size):
            if abs(matrix[row, k]) > abs(matrix[pivot, k]):
                pivot = row
        if matrix[pivot, k] == 0.0:
            return 0
        if pivot != k:
            sign = -sign
            for column in range(k, size):
                matrix[k, column], matrix[pivot, column] = matrix[pivot, column], matrix[k, column]
        if matrix[k, k] < 0.0:
            sign = -sign
        for row in range(k + 1, size):
            factor = matrix[row, k] / matrix[k, k]
            for column in range(k + 1, size):
                matrix[row, column] -= factor * matrix[k, column]
    return sign


@kernel()
def certificate(
    payoffs: NDArray[np.float64],
    strategy: NDArray[np.float64],
    value: NDArray[np.float64],
    regret: NDArray[np.float64],
    relative: NDArray[np.float64],
    index: NDArray[np.int8],
    component: NDArray[np.int32],
) -> int:
    """Judge every claimed equilibrium of every cell; NaN, 0 and -1 where nothing is claimed."""
    cells, most = strategy.shape[:2]
    sizes = payoffs.shape[2:]
    longest = max(sizes)
    reply = np.empty(longest)
    block = np.empty((longest, longest))
    support = np.empty((2, longest), np.int64)
    for c in range(cells):
        for k in range(most):
            if np.isnan(strategy[c, k, 0, 0]):
                value[c, k] = np.nan
                regret[c, k] = np.nan
                relative[c, k] = np.nan
                index[c, k] = 0
                component[c, k] = -1
                continue
            worst, worst_relative = 0.0, 0.0
            played = np.zeros(2, np.int64)
            best_replies = np.zeros(2, np.int64)
            for i in range(2):
                own, other = sizes[i], sizes[1 - i]
                low, high, mean, best = np.inf, -np.inf, 0.0, -np.inf
                for a in range(own):
                    total = 0.0
                    for b in range(other):
                        utility = payoffs[c, 0, a, b] if i == 0 else payoffs[c, 1, b, a]
                        low, high = min(low, utility), max(high, utility)
                        total += utility * strategy[c, k, 1 - i, b]
                    reply[a] = total
                    best = max(best, total)
                    mean += total * strategy[c, k, i, a]
                    if strategy[c, k, i, a] > 0.0:
                        support[i, played[i]] = a
                        played[i] += 1
                spread = high - low
                for a in range(own):
                    if reply[a] >= best - BEST * spread:
                        best_replies[i] += 1
                value[c, k, i] = mean
                worst = max(worst, best - mean)
                if spread > 0.0:
                    worst_relative = max(worst_relative, (best - mean) / spread)
            regret[c, k] = worst
            relative[c, k] = worst_relative
            index[c, k] = 0
            size = played[0]
            if size == played[1] and best_replies[0] == size and best_replies[1] == size:
                sign = 1 if size % 2 == 1 else -1
                for i in range(2):
                    low = payoffs[c, i].min()
                    spread = payoffs[c, i].max() - low
                    for a in range(size):
                        for b in range(size):
                            utility = payoffs[c, i, support[0, a], support[1, b]]
                            block[a, b] = 1.0 + ((utility - low) / spread if spread > 0.0 else 0.0)
                    sign *= determinant_sign(block, size)
                index[c, k] = sign
            component[c, k] = k
            for earlier in range(k):
                linked = False
                for i in range(2):
                    same = True
                    for a in range(sizes[i]):
                        if abs(strategy[c, k, i, a] - strategy[c, earlier, i, a]) > SAME:
                            same = False
                    linked = linked or same
                if linked and component[c, earlier] != component[c, k]:
                    low_id = min(component[c, earlier], component[c, k])
                    high_id = max(component[c, earlier], component[c, k])
                    for at in range(k + 1):
                        if component[c, at] == high_id:
                            component[c, at] = low_id
        number = 0
        for k in range(most):  # number the components by first appearance
            if component[c, k] >= number:
                old = component[c, k]
                for at in range(k, most):
                    if component[c, at] == old:
                        component[c, at] = number
                number += 1
    return 0
