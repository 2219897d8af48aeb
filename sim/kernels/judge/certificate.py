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
from sim.kernels.base.tolerances import EPSILON, SAME_PLAY, SAME_SHARE, TIE

__all__ = ["judge_bimatrix"]

BLOCK = 8192  # cells a thread takes at a time
HARDLY = (
    1e3  # ranges of payoffs beyond so many times what is expected of them are of what hardly ever happens
)


def judge_bimatrix(
    payoffs: NDArray[np.float64], strategy: NDArray[np.float64], generic: NDArray[np.bool_] | None = None
) -> tuple[NDArray[Any], ...]:
    """``(C, 2, m, n), (C, K, 2, A) -> value (C, K, 2), regret, relative, index, component (C, K)``.

    ``regret`` is the largest gain from an action against the claimed play; ``relative`` the same, beyond
    the rounding of the payoffs themselves, in units of what is at stake, which is no more than the range of the
    payoffs that play and the deviation can reach.  ``index`` is
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
        largest_x, largest_y = 0.0, 0.0
        for i in range(m):
            for j in range(n):
                largest_x = greatest(largest_x, abs(payoffs[c, 0, i, j]))
                largest_y = greatest(largest_y, abs(payoffs[c, 1, i, j]))
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
            likely_x, likely_y, top_x, top_y = 0, 0, 0.0, 0.0
            for i in range(m):
                weight = strategy[c, k, 0, i]
                sum_x += weight
                smallest = least(smallest, weight)
                rows[size_x] = i
                size_x += weight > 0.0
                likely_x = i if weight > top_x else likely_x
                top_x = greatest(top_x, weight)
            for j in range(n):
                weight = strategy[c, k, 1, j]
                sum_y += weight
                smallest = least(smallest, weight)
                columns[size_y] = j
                size_y += weight > 0.0
                likely_y = j if weight > top_y else likely_y
                top_y = greatest(top_y, weight)
            # an action is compared with the likeliest one, column by column: what both share costs no digits
            mean_x, mean_y, best_x, best_y, level_x, level_y = 0.0, 0.0, -np.inf, -np.inf, 0.0, 0.0
            for i in range(m):
                total = 0.0
                for j in range(n):
                    total += (payoffs[c, 0, i, j] - payoffs[c, 0, likely_x, j]) * strategy[c, k, 1, j]
                reply_x[i] = total
                mean_x += total * strategy[c, k, 0, i]
                best_x = greatest(best_x, total)
                level_y += payoffs[c, 1, i, likely_y] * strategy[c, k, 0, i]
            for j in range(n):
                total = 0.0
                for i in range(m):
                    total += (payoffs[c, 1, i, j] - payoffs[c, 1, i, likely_y]) * strategy[c, k, 0, i]
                reply_y[j] = total
                mean_y += total * strategy[c, k, 1, j]
                best_y = greatest(best_y, total)
                level_x += payoffs[c, 0, likely_x, j] * strategy[c, k, 1, j]
            gain_x, gain_y = best_x - mean_x, best_y - mean_y
            proper = (smallest >= 0.0) & (abs(sum_x - 1.0) < SAME_PLAY) & (abs(sum_y - 1.0) < SAME_PLAY)
            value[c, k, 0], value[c, k, 1] = mean_x + level_x, mean_y + level_y
            regret[c, k] = greatest(gain_x, gain_y) if proper else np.inf
            component[c, k] = k
            # most ties are clear without a look at what is at stake, which is at most twice the largest payoff
            tie_x, tie_y, ties, equal = best_x - 5.0 * TIE * largest_x, best_y - 5.0 * TIE * largest_y, 0, 0
            for i in range(m):
                ties += reply_x[i] >= tie_x
                equal += reply_x[i] == best_x
            for j in range(n):
                ties += reply_y[j] >= tie_y
                equal += reply_y[j] == best_y
            share = 0.0 if proper else np.inf
            # so are most gains: rounding alone may be as large as this, whatever the deviation
            clear = (gain_x <= 2.0 * EPSILON * abs(level_x)) & (gain_y <= 2.0 * EPSILON * abs(level_y))
            known = (ties <= size_x + size_y) | (equal > size_x + size_y)
            if proper and not (clear & known):
                first, second = payoffs[c, 0], payoffs[c, 1].T
                share_x, ties_x = at_stake(
                    first, strategy[c, k, 0], strategy[c, k, 1], likely_x, reply_x, mean_x, best_x
                )
                share_y, ties_y = at_stake(
                    second, strategy[c, k, 1], strategy[c, k, 0], likely_y, reply_y, mean_y, best_y
                )
                share, ties = greatest(share_x, share_y), ties_x + ties_y
            relative[c, k] = share
            if size_x > 2 and size_x == size_y:
                sign = bordered_sign(payoffs[c, 0], rows, columns, size_x, likely_y, block)
                sign *= bordered_sign(payoffs[c, 1].T, columns, rows, size_x, likely_x, block)
                sign = sign if size_x & 1 else -sign
            else:
                top, left = rows[0], columns[0]
                bottom, right = rows[1 if size_x > 1 else 0], columns[1 if size_y > 1 else 0]
                x_across = payoffs[c, 0, bottom, right] - payoffs[c, 0, top, right]
                y_across = payoffs[c, 1, bottom, right] - payoffs[c, 1, bottom, left]
                x_across -= payoffs[c, 0, bottom, left] - payoffs[c, 0, top, left]
                y_across -= payoffs[c, 1, top, right] - payoffs[c, 1, top, left]
                sign = 1 if (x_across > 0.0) != (y_across > 0.0) else -1
                sign = 0 if (x_across == 0.0) | (y_across == 0.0) else sign
                sign = 1 if size_x == 1 else sign
            index[c, k] = sign if (size_x == size_y) & ((ties == 2 * size_x) | generic[c]) else 0
        for k in range(1, claimed if not generic[c] else 0):
            for earlier in range(k):
                if same(strategy, c, earlier, k, longest):
                    unite(component[c], earlier, k)
        number = 0
        for k in range(claimed):
            if component[c, k] > number:
                unite_as(component[c], component[c, k], number, k, claimed)
            number += component[c, k] == number
    return 0


@kernel()
def at_stake(
    table: NDArray[np.float64],
    own: NDArray[np.float64],
    other: NDArray[np.float64],
    likely: int,
    reply: NDArray[np.float64],
    mean: float,
    best: float,
) -> tuple[float, int]:
    """Largest gain of an action in units of what is at stake, and how many actions are best replies.

    ``table (own actions, other actions)``; ``reply`` over the ``likely`` action, its ``mean`` and ``best`` are
    known.  At stake is the range of the payoffs that play and the deviation can reach, but not much more than
    the expected size of the differences that it makes: a catastrophe that is hardly ever met blurs nothing.
    """
    rows, columns = table.shape
    stake, noise, stake_best, noise_best = 0.0, 0.0, 0.0, 0.0
    for a in range(rows):
        if own[a] > 0.0 or reply[a] == best:
            here, rounded = differences(table, a, likely, other)
            stake += own[a] * here
            noise += own[a] * rounded
            if reply[a] == best:
                stake_best, noise_best = here, rounded
    share, ties = 0.0, 0
    for b in range(rows):
        here, rounded = differences(table, b, likely, other)
        beyond = reply[b] - mean - EPSILON * (rounded + noise)
        if beyond > 0.0:
            low, high = np.inf, -np.inf
            for a in range(rows):
                for o in range(columns):
                    if (own[a] > 0.0 or a == b) and other[o] > 0.0:
                        low, high = least(low, table[a, o]), greatest(high, table[a, o])
            share = greatest(share, beyond / least(high - low, HARDLY * (here + stake)))
        room = TIE * (here + stake_best) + EPSILON * (rounded + noise_best)
        ties += reply[b] >= best - room
    return share, ties


@kernel()
def differences(
    table: NDArray[np.float64], one: int, other: int, play: NDArray[np.float64]
) -> tuple[float, float]:
    """Expected size of the difference between two actions, and of the larger payoff of the two."""
    difference, larger = 0.0, 0.0
    for o in range(table.shape[1]):
        difference += abs(table[one, o] - table[other, o]) * play[o]
        larger += greatest(abs(table[one, o]), abs(table[other, o])) * play[o]
    return difference, larger


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
    table: NDArray[np.float64],
    own: NDArray[np.int64],
    other: NDArray[np.int64],
    size: int,
    likely: int,
    block: NDArray[np.float64],
) -> int:
    """Sign of the determinant of payoffs between supports, once they are raised to be all positive.

    ``table (own actions, other actions)``.  Where mixed play of ``other`` leaves all of ``own`` equally good,
    it is that of the differences from the first action without the ``likely`` column, the best conditioned.
    """
    left, place = 0, 0
    for b in range(size):
        if other[b] == likely:
            left = b
            continue
        for a in range(1, size):
            block[a - 1, place] = table[own[a], other[b]] - table[own[0], other[b]]
        place += 1
    sign = -1 if left & 1 else 1
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
    """Whether two equilibria share the strategy of some player, up to rounding of each probability."""
    same_x, same_y = True, True
    for action in range(longest):
        x, y = strategy[cell, one, 0, action], strategy[cell, other, 0, action]
        same_x = same_x & (abs(x - y) <= SAME_SHARE * greatest(x, y))
        x, y = strategy[cell, one, 1, action], strategy[cell, other, 1, action]
        same_y = same_y & (abs(x - y) <= SAME_SHARE * greatest(x, y))
    return same_x | same_y


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
