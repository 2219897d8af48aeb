"""The certificate of two-player play: values, regret, Shapley index, components.

Nothing of a solver's own work is used: only the payoffs and the strategies it claims.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import kernel
from sim.kernels.threads import known_lengths, over_blocks

__all__ = ["judge_bimatrix"]

BLOCK = 8192  # cells a thread takes at a time
SAME = 1e-9  # strategies nearer than this are one strategy
BEST = 1e-12  # replies within this share of the player's range of payoffs are best replies


def judge_bimatrix(payoffs: NDArray[np.float64], strategy: NDArray[np.float64]) -> tuple[NDArray[Any], ...]:
    """``(C, 2, m, n), (C, K, 2, A) -> value (C, K, 2), regret, relative, index, component (C, K)``.

    ``regret`` is the largest gain from an action against the claimed play, ``relative`` the same in
    units of the player's range of payoffs.  ``index`` is Shapley's (1974): +1 for a strict pure
    equilibrium, 0 where some best reply is not played, so that the game is degenerate there.
    Play that is no probability has infinite regret.  ``component`` numbers, by first appearance, what
    is linked by sharing a strategy of either player; for extreme equilibria these are the connected
    components of the set of equilibria.
    NaN, 0 and -1 where nothing is claimed.
    """
    shape = strategy.shape[:2]
    value, regret, relative = np.empty((*shape, 2)), np.empty(shape), np.empty(shape)
    index, component = np.empty(shape, np.int8), np.empty(shape, np.int32)
    if not payoffs.flags.writeable:
        payoffs = payoffs.copy()
    if not (strategy.flags.writeable and strategy.flags.c_contiguous):
        strategy = strategy.copy()

    lengths = known_lengths(shape[0], payoffs.shape[2:])

    def work(first: int, last: int) -> int:
        some = slice(first, last)
        return int(
            certificate(
                payoffs[some], strategy[some], value[some], regret[some], relative[some], index[some],
                component[some], *lengths,
            )
        )  # fmt: skip

    over_blocks(work, shape[0], BLOCK)
    return value, regret, relative, index, component


@kernel()
def certificate(
    payoffs: NDArray[np.float64],
    strategy: NDArray[np.float64],
    value: NDArray[np.float64],
    regret: NDArray[np.float64],
    relative: NDArray[np.float64],
    index: NDArray[np.int8],
    component: NDArray[np.int32],
    actions: tuple[int, ...],
    replies: tuple[int, ...],
) -> int:
    """Judge every claimed equilibrium of every cell.

    ``actions`` and ``replies`` are as long as there are actions, or empty: the length of a tuple is part of
    its type, so that loops of known length are unrolled where it is given.
    """
    cells, most = strategy.shape[:2]
    m = len(actions) if len(actions) > 0 else payoffs.shape[2]
    n = len(replies) if len(replies) > 0 else payoffs.shape[3]
    reply_x, reply_y = np.empty(m), np.empty(n)
    block = np.empty((min(m, n), min(m, n)))
    rows, columns = np.zeros(m + 1, np.int64), np.zeros(n + 1, np.int64)
    for c in range(cells):
        # payoffs are counted from the first one, so that their level costs no digits
        level_x, level_y = payoffs[c, 0, 0, 0], payoffs[c, 1, 0, 0]
        low_x, high_x, low_y, high_y = level_x, level_x, level_y, level_y
        for i in range(m):
            for j in range(n):
                low_x, high_x = min(low_x, payoffs[c, 0, i, j]), max(high_x, payoffs[c, 0, i, j])
                low_y, high_y = min(low_y, payoffs[c, 1, i, j]), max(high_y, payoffs[c, 1, i, j])
        unit_x = 1.0 / (high_x - low_x) if high_x > low_x else 1.0
        unit_y = 1.0 / (high_y - low_y) if high_y > low_y else 1.0
        claimed = most
        for k in range(most):
            if np.isnan(strategy[c, k, 0, 0]):
                claimed = k
                break
            size_x, size_y = 0, 0
            top, bottom, left, right = -1, -1, -1, -1  # first and last action played
            sum_x, sum_y, least = 0.0, 0.0, 0.0
            for j in range(n):
                weight = strategy[c, k, 1, j]
                reply_y[j] = 0.0
                sum_y += weight
                least = min(least, weight)
                size_y += weight > 0.0
                left = j if weight > 0.0 and left < 0 else left
                right = j if weight > 0.0 else right
            mean_x, mean_y = 0.0, 0.0
            best_x, best_y = -np.inf, -np.inf
            for i in range(m):
                total, weight = 0.0, strategy[c, k, 0, i]
                sum_x += weight
                least = min(least, weight)
                size_x += weight > 0.0
                top = i if weight > 0.0 and top < 0 else top
                bottom = i if weight > 0.0 else bottom
                for j in range(n):
                    total += (payoffs[c, 0, i, j] - level_x) * strategy[c, k, 1, j]
                    reply_y[j] += (payoffs[c, 1, i, j] - level_y) * weight
                reply_x[i] = total
                mean_x += total * weight
                best_x = max(best_x, total)
            for j in range(n):
                mean_y += reply_y[j] * strategy[c, k, 1, j]
                best_y = max(best_y, reply_y[j])
            gain_x, gain_y = best_x - mean_x, best_y - mean_y
            value[c, k, 0], value[c, k, 1] = mean_x + level_x, mean_y + level_y
            regret[c, k] = max(gain_x, gain_y)
            relative[c, k] = max(gain_x * unit_x, gain_y * unit_y)
            if not (least >= 0.0 and abs(sum_x - 1.0) < SAME and abs(sum_y - 1.0) < SAME):
                regret[c, k] = relative[c, k] = np.inf
            sign = 0
            if size_x == size_y:
                ties = 0
                for i in range(m):
                    ties += (best_x - reply_x[i]) * unit_x <= BEST
                for j in range(n):
                    ties += (best_y - reply_y[j]) * unit_y <= BEST
                if ties == 2 * size_x:
                    sign = 1
                    if size_x == 2:
                        x_across = payoffs[c, 0, bottom, right] - payoffs[c, 0, top, right]
                        y_across = payoffs[c, 1, bottom, right] - payoffs[c, 1, top, right]
                        x_across -= payoffs[c, 0, bottom, left] - payoffs[c, 0, top, left]
                        y_across -= payoffs[c, 1, bottom, left] - payoffs[c, 1, top, left]
                        sign = 1 if (x_across > 0.0) != (y_across > 0.0) else -1
                        sign = 0 if x_across == 0.0 or y_across == 0.0 else sign
                    elif size_x > 2:
                        supports(strategy, c, k, rows, columns)
                        sign = bordered_sign(payoffs, c, 0, rows, columns, size_x, unit_x, block)
                        sign *= bordered_sign(payoffs, c, 1, rows, columns, size_x, unit_y, block)
                        sign = sign if size_x & 1 else -sign
            index[c, k] = sign
            component[c, k] = k
            for earlier in range(k):
                if same(strategy, c, earlier, k):
                    unite(component[c], earlier, k)
        number = 0
        for k in range(claimed):
            if component[c, k] > number:
                unite_as(component[c], component[c, k], number, k, claimed)
            number += component[c, k] == number
        for k in range(claimed, most):
            value[c, k, 0], value[c, k, 1] = np.nan, np.nan
            regret[c, k], relative[c, k] = np.nan, np.nan
            index[c, k], component[c, k] = 0, -1
    return 0


@kernel()
def supports(
    strategy: NDArray[np.float64], cell: int, k: int, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> None:
    """List the actions that are played; what follows them in the lists means nothing."""
    size = 0
    for i in range(rows.size - 1):
        rows[size] = i
        size += strategy[cell, k, 0, i] > 0.0
    size = 0
    for j in range(columns.size - 1):
        columns[size] = j
        size += strategy[cell, k, 1, j] > 0.0


@kernel()
def bordered_sign(
    payoffs: NDArray[np.float64],
    cell: int,
    player: int,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    size: int,
    unit: float,
    block: NDArray[np.float64],
) -> int:
    """Sign of the determinant of payoffs between supports, once they are raised to be all positive.

    That is the sign of the determinant of the second differences, in which no level of payoffs is left.
    """
    top, left = rows[0], columns[0]
    for a in range(1, size):
        i = rows[a]
        for b in range(1, size):
            j = columns[b]
            across = payoffs[cell, player, i, j] - payoffs[cell, player, top, j]
            down = payoffs[cell, player, i, left] - payoffs[cell, player, top, left]
            block[a - 1, b - 1] = (across - down) * unit
    sign = 1
    for k in range(size - 1):
        pivot = k
        for row in range(k + 1, size - 1):
            if abs(block[row, k]) > abs(block[pivot, k]):
                pivot = row
        if block[pivot, k] == 0.0:
            return 0
        if pivot != k:
            sign = -sign
            for column in range(k, size - 1):
                block[k, column], block[pivot, column] = block[pivot, column], block[k, column]
        if block[k, k] < 0.0:
            sign = -sign
        for row in range(k + 1, size - 1):
            factor = block[row, k] / block[k, k]
            for column in range(k + 1, size - 1):
                block[row, column] -= factor * block[k, column]
    return sign


@kernel()
def same(strategy: NDArray[np.float64], cell: int, one: int, other: int) -> bool:
    """Whether two equilibria share the strategy of some player."""
    for player in range(2):
        apart = 0.0
        for action in range(strategy.shape[3]):
            apart = max(
                apart, abs(strategy[cell, one, player, action] - strategy[cell, other, player, action])
            )
            if apart > SAME:
                break
        if apart <= SAME:
            return True
    return False


@kernel()
def unite(component: NDArray[np.int32], earlier: int, later: int) -> None:
    """Make one of the components of two equilibria, under the lower number."""
    low = min(component[earlier], component[later])
    high = max(component[earlier], component[later])
    if low != high:
        for at in range(later + 1):
            if component[at] == high:
                component[at] = low


@kernel()
def unite_as(component: NDArray[np.int32], old: int, new: int, first: int, last: int) -> None:
    """Renumber a component."""
    for at in range(first, last):
        if component[at] == old:
            component[at] = new
