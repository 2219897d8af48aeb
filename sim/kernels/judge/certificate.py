"""The certificate of two-player play: values, regret, Shapley index, components.

Nothing of a solver's own work is used: only the payoffs and the strategies it claims.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import kernel
from sim.kernels.base.memory import empty
from sim.kernels.base.threads import known_lengths, over_blocks
from sim.kernels.base.tolerances import EPSILON, SAME_PLAY, TIE

__all__ = ["judge_bimatrix"]

BLOCK = 8192  # cells a thread takes at a time


def judge_bimatrix(
    payoffs: NDArray[np.float64], strategy: NDArray[np.float64], generic: NDArray[np.bool_] | None = None
) -> tuple[NDArray[Any], ...]:
    """``(C, 2, m, n), (C, K, 2, A) -> value (C, K, 2), regret, relative, index, component (C, K)``.

    ``regret`` is the largest gain from an action against the claimed play; ``relative`` the same, beyond
    the rounding of the payoffs themselves, in units of the player's range of payoffs.  ``index`` is
    Shapley's (1974): +1 for a strict pure equilibrium, 0 where some best reply is not played, so that the
    game is degenerate there.  In ``generic (C,)`` cells, which are known not to be, ties are only apparent.
    Play that is no probability has infinite regret.  ``component`` numbers, by first appearance, what
    is linked by sharing a strategy of either player; for extreme equilibria these are the connected
    components of the set of equilibria.
    NaN, 0 and -1 where nothing is claimed.
    """
    shape = strategy.shape[:2]
    value, regret, relative = empty((*shape, 2)), empty(shape), empty(shape)
    index, component = empty(shape, np.int8), empty(shape, np.int32)
    if not payoffs.flags.writeable:
        payoffs = payoffs.copy()
    if not (strategy.flags.writeable and strategy.flags.c_contiguous):
        strategy = strategy.copy()

    if generic is None:
        generic = np.zeros(shape[0], np.bool_)
    lengths = known_lengths(shape[0], payoffs.shape[2:])

    def work(first: int, last: int) -> int:
        some = slice(first, last)
        return int(
            certificate(
                payoffs[some], strategy[some], generic[some], value[some], regret[some], relative[some], index[some],
                component[some], *lengths,
            )
        )  # fmt: skip

    over_blocks(work, shape[0], BLOCK)
    return value, regret, relative, index, component


@kernel()
def certificate(
    payoffs: NDArray[np.float64],
    strategy: NDArray[np.float64],
    generic: NDArray[np.bool_],
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
    longest = max(m, n)
    reply_x, reply_y = np.empty(m), np.empty(n)
    rows, columns = np.zeros(m + 1, np.int64), np.zeros(n + 1, np.int64)  # what is played, and rubbish behind
    block = np.empty((min(m, n), min(m, n)))
    values = value.reshape(cells, 2 * most)
    for c in range(cells):
        # payoffs are counted from the first one, so that their level costs no digits
        level_x, level_y = payoffs[c, 0, 0, 0], payoffs[c, 1, 0, 0]
        low_x, high_x, low_y, high_y = level_x, level_x, level_y, level_y
        for i in range(m):
            for j in range(n):
                low_x, high_x = least(low_x, payoffs[c, 0, i, j]), greatest(high_x, payoffs[c, 0, i, j])
                low_y, high_y = least(low_y, payoffs[c, 1, i, j]), greatest(high_y, payoffs[c, 1, i, j])
        range_x = high_x - low_x if high_x > low_x else 1.0
        range_y = high_y - low_y if high_y > low_y else 1.0
        noise_x, noise_y = EPSILON * greatest(-low_x, high_x), EPSILON * greatest(-low_y, high_y)
        for entry in range(2 * most):
            values[c, entry] = np.nan
        for k in range(most):
            regret[c, k] = np.nan
            relative[c, k] = np.nan
            index[c, k] = 0
            component[c, k] = -1
        claimed = 0
        while claimed < most and not np.isnan(strategy[c, claimed, 0, 0]):
            k = claimed
            claimed += 1
            sum_x, sum_y, smallest, size_x, size_y = 0.0, 0.0, 0.0, 0, 0
            mean_x, mean_y, best_x, best_y = 0.0, 0.0, -np.inf, -np.inf
            for i in range(m):
                weight, total = strategy[c, k, 0, i], 0.0
                for j in range(n):
                    total += (payoffs[c, 0, i, j] - level_x) * strategy[c, k, 1, j]
                reply_x[i] = total
                mean_x += total * weight
                best_x = greatest(best_x, total)
                sum_x += weight
                smallest = least(smallest, weight)
                rows[size_x] = i
                size_x += weight > 0.0
            for j in range(n):
                weight, total = strategy[c, k, 1, j], 0.0
                for i in range(m):
                    total += (payoffs[c, 1, i, j] - level_y) * strategy[c, k, 0, i]
                reply_y[j] = total
                mean_y += total * weight
                best_y = greatest(best_y, total)
                sum_y += weight
                smallest = least(smallest, weight)
                columns[size_y] = j
                size_y += weight > 0.0
            gain_x, gain_y = best_x - mean_x, best_y - mean_y
            proper = (smallest >= 0.0) & (abs(sum_x - 1.0) < SAME_PLAY) & (abs(sum_y - 1.0) < SAME_PLAY)
            value[c, k, 0], value[c, k, 1] = mean_x + level_x, mean_y + level_y
            regret[c, k] = greatest(gain_x, gain_y) if proper else np.inf
            share_x, share_y = (gain_x - noise_x) / range_x, (gain_y - noise_y) / range_y
            relative[c, k] = greatest(greatest(share_x, share_y), 0.0) if proper else np.inf
            component[c, k] = k
            tie_x, tie_y, ties = best_x - TIE * range_x - noise_x, best_y - TIE * range_y - noise_y, 0
            for i in range(m):
                ties += reply_x[i] >= tie_x
            for j in range(n):
                ties += reply_y[j] >= tie_y
            if size_x > 2 and size_x == size_y:
                sign = bordered_sign(payoffs, c, 0, rows, columns, size_x, block)
                sign *= bordered_sign(payoffs, c, 1, rows, columns, size_x, block)
                sign = sign if size_x & 1 else -sign
            else:
                top, left = rows[0], columns[0]
                bottom, right = rows[1 if size_x > 1 else 0], columns[1 if size_y > 1 else 0]
                x_across = payoffs[c, 0, bottom, right] - payoffs[c, 0, top, right]
                y_across = payoffs[c, 1, bottom, right] - payoffs[c, 1, top, right]
                x_across -= payoffs[c, 0, bottom, left] - payoffs[c, 0, top, left]
                y_across -= payoffs[c, 1, bottom, left] - payoffs[c, 1, top, left]
                sign = 1 if (x_across > 0.0) != (y_across > 0.0) else -1
                sign = 0 if (x_across == 0.0) | (y_across == 0.0) else sign
                sign = 1 if size_x == 1 else sign
            index[c, k] = sign if (size_x == size_y) & ((ties == 2 * size_x) | generic[c]) else 0
        for k in range(1, claimed):
            for earlier in range(k):
                if same(strategy, c, earlier, k, longest):
                    unite(component[c], earlier, k)
        number = 0
        for k in range(claimed):
            if component[c, k] > number:
                unite_as(component[c], component[c, k], number, k, claimed)
            number += component[c, k] == number
    return 0


@kernel(inline=True)
def least(one: float, other: float) -> float:
    """The smaller number; the first where the other is none."""
    return other if other < one else one


@kernel(inline=True)
def greatest(one: float, other: float) -> float:
    """The larger number; the first where the other is none."""
    return other if other > one else one


@kernel()
def bordered_sign(
    payoffs: NDArray[np.float64],
    cell: int,
    player: int,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    size: int,
    block: NDArray[np.float64],
) -> int:
    """Sign of the determinant of payoffs between supports, once they are raised to be all positive.

    That is the sign of the determinant of the second differences, in which no level of payoffs is left.
    """
    top, left = rows[0], columns[0]
    for a in range(1, size):
        i = rows[a]
        down = payoffs[cell, player, i, left] - payoffs[cell, player, top, left]
        for b in range(1, size):
            j = columns[b]
            block[a - 1, b - 1] = payoffs[cell, player, i, j] - payoffs[cell, player, top, j] - down
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


@kernel(inline=True)
def same(strategy: NDArray[np.float64], cell: int, one: int, other: int, longest: int) -> bool:
    """Whether two equilibria share the strategy of some player."""
    apart_x, apart_y = 0.0, 0.0
    for action in range(longest):
        x = abs(strategy[cell, one, 0, action] - strategy[cell, other, 0, action])
        y = abs(strategy[cell, one, 1, action] - strategy[cell, other, 1, action])
        apart_x, apart_y = greatest(apart_x, x), greatest(apart_y, y)
    return (apart_x <= SAME_PLAY) | (apart_y <= SAME_PLAY)


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
