"""Equilibria of many bimatrix games: from labelled vertices to pairs of supports to strategies."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.bits import bit_count, comes_before
from sim.kernels.base.rays import ROOM
from sim.kernels.base.tolerances import ROUNDED
from sim.kernels.bimatrix.double_description import float_vertices

__all__ = ["FOUND", "NONFINITE", "SUSPECT", "TOO_LARGE", "pair_supports", "strategies"]

FOUND, SUSPECT, NONFINITE, TOO_LARGE = 0, 1, 2, 3
"""What became of a cell: solved, to be decided exactly, not a game, more vertices than there is room for."""

HIGH = 1e5  # levels beyond so many ranges of payoffs cost more digits than thin margins have
IMPOSSIBLE = 1 << 32  # no sum of indices that contains it is 1


@kernel()
def unit(payoffs: Array) -> float:
    """One over the range of a player's payoffs (m, n).

    0 if floats cannot tell: all equal, a range beyond floats, or one so small beside their level that
    rounding matters.  NaN if some payoff is not finite.
    """
    low, high, finite = np.inf, -np.inf, True
    for i in range(payoffs.shape[0]):
        for j in range(payoffs.shape[1]):
            utility = payoffs[i, j]
            finite = finite and np.isfinite(utility)
            low, high = min(low, utility), max(high, utility)
    if not finite:
        return np.nan
    spread = high - low
    if spread > 1e-290 and spread < 1e290 and max(-low, high) < HIGH * spread:
        return 1.0 / spread
    return 0.0


@kernel()
def pair_supports(
    payoffs: Array,
    first: int,
    last: int,
    tolerance: float,
    room: int,
    verdict: Array,
    count: Array,
    pairs: Array,
) -> int:
    """Supports of all equilibria of the cells ``first..last`` of ``payoffs (C, 2, m, n)``.

    Writes ``verdict``, ``count (C,)`` and, one cell after another, ``pairs (., 3)``: cell, support of
    player 1, support of player 2.  Returns the first cell not done, for want of room for pairs.
    """
    m, n = payoffs.shape[2:]
    both = m + n
    everything = (np.int64(1) << both) - 1
    all_replies = (np.int64(1) << n) - 1
    all_actions = (np.int64(1) << m) - 1
    gain = np.empty((both, both))
    rays_x, rays_y = np.empty((room, both)), np.empty((room, both))
    labels_x, labels_y = np.empty(room, np.int64), np.empty(room, np.int64)
    order = np.empty(room, np.int64)
    slots = np.int64(4)
    while slots < 2 * room:
        slots *= 2
    table = np.full(slots, np.int64(-1))
    used = 0
    for c in range(first, last):
        count[c] = 0
        unit_x, unit_y = unit(payoffs[c, 0]), unit(payoffs[c, 1])
        if np.isnan(unit_x) or np.isnan(unit_y):
            verdict[c] = NONFINITE
            continue
        verdict[c] = SUSPECT
        if (unit_x == 0.0 and m > 1) or (unit_y == 0.0 and n > 1):
            continue
        for i in range(m):
            for j in range(n):
                gain[i, j] = payoffs[c, 1, i, j] * unit_y
        vertices_x = float_vertices(gain, m, n, rays_x, labels_x, order, tolerance)
        if vertices_x > 0:
            for i in range(m):
                for j in range(n):
                    gain[j, i] = payoffs[c, 0, i, j] * unit_x
            vertices_y = float_vertices(gain, n, m, rays_y, labels_y, order, tolerance)
        else:
            vertices_y = vertices_x
        if vertices_y <= 0:
            verdict[c] = TOO_LARGE if vertices_y == ROOM else SUSPECT
            continue
        # a table of the labels of player 2's vertices, as sets of all labels
        small = np.int64(4)
        while small < 2 * vertices_y:
            small *= 2
        for slot in range(small):
            table[slot] = -1
        for ray in range(1, vertices_y):
            label = ((labels_y[ray] & all_replies) << m) | (labels_y[ray] >> n)
            slot = hashed(label, small)
            while table[slot] >= 0:
                slot = (slot + 1) & (small - 1)
            table[slot] = label
        start = used
        for ray in range(1, vertices_x):
            wanted = everything & ~labels_x[ray]
            slot = hashed(wanted, small)
            while table[slot] >= 0 and table[slot] != wanted:
                slot = (slot + 1) & (small - 1)
            if table[slot] < 0:
                continue
            if used >= pairs.shape[0]:
                return c
            pairs[used, 0] = c
            pairs[used, 1], pairs[used, 2] = all_actions & ~labels_x[ray], labels_x[ray] >> m
            used += 1
        insertion_sort(pairs, start, used)
        count[c] = used - start
        verdict[c] = FOUND
    return last


@kernel()
def hashed(label: int, slots: int) -> Array:
    """Where to look for a set of labels in a table of a power of two of slots (Fibonacci hashing)."""
    mixed = np.uint64(label) * np.uint64(0x9E3779B97F4A7C15)
    return np.int64(mixed >> np.uint64(40)) & (slots - 1)


@kernel()
def insertion_sort(pairs: Array, first: int, last: int) -> None:
    """Put pairs of supports of one cell in their order: by player 1's support, then by player 2's."""
    for at in range(first + 1, last):
        x, y = pairs[at, 1], pairs[at, 2]
        place = at
        while place > first:
            other_x, other_y = pairs[place - 1, 1], pairs[place - 1, 2]
            if not (comes_before(x, other_x) if x != other_x else comes_before(y, other_y)):
                break
            pairs[place, 1], pairs[place, 2] = other_x, other_y
            place -= 1
        pairs[place, 1], pairs[place, 2] = x, y


@kernel()
def null_vector(matrix: Array, size: int, out: Array) -> int:
    """The probabilities that make all differences vanish: ``matrix (size - 1, size) . out = 0``, sum 1.

    ``matrix`` is destroyed.  Returns the sign of the determinant of the matrix with a row of ones on
    top, 0 if there is no one such vector.
    """
    sign = 1 if size % 2 == 1 else -1
    for k in range(size - 1):
        pivot = k
        for row in range(k + 1, size - 1):
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
        for row in range(k + 1, size - 1):
            factor = matrix[row, k] / matrix[k, k]
            for column in range(k + 1, size):
                matrix[row, column] -= factor * matrix[k, column]
    out[size - 1] = 1.0
    total = 1.0
    for k in range(size - 2, -1, -1):
        rest = 0.0
        for column in range(k + 1, size):
            rest += matrix[k, column] * out[column]
        out[k] = -rest / matrix[k, k]
        total += out[k]
    for k in range(size):
        out[k] /= total
    return sign if total > 0.0 else -sign


@kernel()
def strategies(
    payoffs: Array,
    first: int,
    last: int,
    verdict: Array,
    pairs: Array,
    strategy: Array,
    actions: tuple[int, ...],
) -> int:
    """Solve each pair of supports: ``strategy (C, K, 2, A)``, NaN beyond the last of a cell.

    A cell is turned SUSPECT if the Shapley indices of its equilibria do not sum to 1, if some
    probability is not positive or if some are not what makes replies alike.  Returns the number of such
    cells.  ``actions`` is as long as A, or empty: the length of a tuple is part of its type, so that loops are
    unrolled where it is given.
    """
    most = strategy.shape[1]
    longest = len(actions) if len(actions) > 0 else strategy.shape[3]
    width = 2 * longest
    flat = strategy.reshape(strategy.shape[0], most * width)
    matrix, out = np.empty((longest, longest)), np.empty(longest)
    rows, columns = np.empty(longest, np.int64), np.empty(longest, np.int64)
    at, suspects = 0, 0
    for c in range(first, last):
        for entry in range(most * width):
            flat[c, entry] = np.nan
        start, indices = 0, 0
        while at < pairs.shape[0] and pairs[at, 0] == c:
            x, y = pairs[at, 1], pairs[at, 2]
            at += 1
            for entry in range(width):
                flat[c, start + entry] = 0.0
            more_x, more_y = x & (x - 1), y & (y - 1)
            if more_x & (more_x - 1) == 0:
                # one action each or two: the same steps for both, so that nothing is to be guessed ahead
                single = more_x == 0
                i, j = bit_count((x & -x) - 1), bit_count((y & -y) - 1)
                above = i if single else bit_count(more_x - 1)
                beyond = j if single else bit_count(more_y - 1)
                # what each action of one player does to the other's choice between his two
                here = payoffs[c, 1, i, j] - payoffs[c, 1, i, beyond]
                there = payoffs[c, 1, above, beyond] - payoffs[c, 1, above, j]
                left = payoffs[c, 0, i, j] - payoffs[c, 0, above, j]
                right = payoffs[c, 0, above, beyond] - payoffs[c, 0, i, beyond]
                share_x, share_y = 1.0 / (here + there), 1.0 / (left + right)
                x_first, y_first = 1.0 if single else there * share_x, 1.0 if single else right * share_y
                x_second, y_second = 1.0 if single else here * share_x, 1.0 if single else left * share_y
                flat[c, start + above], flat[c, start + longest + beyond] = x_second, y_second
                flat[c, start + i], flat[c, start + longest + j] = x_first, y_first
                index = 1 if single | ((here > 0.0) != (left > 0.0)) else -1
                positive = min(x_first, x_second, y_first, y_second) > 0.0
            else:
                size = 0
                while x != 0:
                    rows[size] = bit_count((x & -x) - 1)
                    columns[size] = bit_count((y & -y) - 1)
                    x &= x - 1
                    y &= y - 1
                    size += 1
                for a in range(1, size):
                    for b in range(size):
                        i, j, origin = rows[b], columns[a], columns[0]
                        matrix[a - 1, b] = payoffs[c, 1, i, j] - payoffs[c, 1, i, origin]
                index = null_vector(matrix, size, out)
                positive = True
                for b in range(size):
                    positive = positive and out[b] > 0.0
                    flat[c, start + rows[b]] = out[b]
                for a in range(1, size):
                    rest, terms = 0.0, 0.0
                    for b in range(size):
                        i, j, origin = rows[b], columns[a], columns[0]
                        term = (payoffs[c, 1, i, j] - payoffs[c, 1, i, origin]) * out[b]
                        rest, terms = rest + term, terms + abs(term)
                    positive = positive and abs(rest) <= ROUNDED * terms
                for a in range(1, size):
                    for b in range(size):
                        i, j, origin = rows[a], columns[b], rows[0]
                        matrix[a - 1, b] = payoffs[c, 0, i, j] - payoffs[c, 0, origin, j]
                index *= null_vector(matrix, size, out)
                for b in range(size):
                    positive = positive and out[b] > 0.0
                    flat[c, start + longest + columns[b]] = out[b]
                for a in range(1, size):
                    rest, terms = 0.0, 0.0
                    for b in range(size):
                        i, j, origin = rows[a], columns[b], rows[0]
                        term = (payoffs[c, 0, i, j] - payoffs[c, 0, origin, j]) * out[b]
                        rest, terms = rest + term, terms + abs(term)
                    positive = positive and abs(rest) <= ROUNDED * terms
                index = index if size & 1 else -index
            indices += index if positive else IMPOSSIBLE
            start += width
        if verdict[c] == FOUND and indices != 1:
            verdict[c] = SUSPECT
            suspects += 1
    return suspects
