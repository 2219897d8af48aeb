"""All extreme equilibria of many bimatrix games in whole numbers, exactly and compiled.

A pair of vertices of the two best-reply polyhedra is an extreme equilibrium where every action is
unplayed or a best reply (Mangasarian 1964; Avis, Rosenberg, Savani and von Stengel 2010).
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.bits import bit_count, comes_before
from sim.kernels.base.rays import ROOM, common_factor
from sim.kernels.bimatrix.double_description import integer_vertices

__all__ = ["BEYOND", "DECIDED", "TOO_MANY", "extreme_pairs", "spread", "whole_cells"]

DECIDED, BEYOND, TOO_MANY = 0, 1, 2
"""What became of a cell: all extreme equilibria found, numbers beyond the machine's, too many vertices."""

POWERS = 10.0 ** np.arange(13)
MOST = 1e15  # a decimal of 15 digits is the only one of its length that its float can mean


@kernel()
def whole_numbers(payoffs: Array, whole: Array) -> int:
    """Payoffs of one player (m, n) read as decimals, as differences from the first in smallest whole numbers.

    Returns 0, or 1 if they are not decimals of at most 12 places and 15 digits.
    """
    m, n = payoffs.shape
    place = 0
    for i in range(m):
        for j in range(n):
            while (
                place < POWERS.size
                and np.rint(payoffs[i, j] * POWERS[place]) / POWERS[place] != payoffs[i, j]
            ):
                place += 1
    if place == POWERS.size:
        return 1
    for i in range(m):
        for j in range(n):
            number = np.rint(payoffs[i, j] * POWERS[place])
            if not (abs(number) < MOST) or number / POWERS[place] != payoffs[i, j]:
                return 1
            whole[i, j] = np.int64(number)
    origin, shared = whole[0, 0], np.int64(0)
    for i in range(m):
        for j in range(n):
            whole[i, j] -= origin
            shared = common_factor(shared, abs(whole[i, j]))
    if shared > 1:
        for i in range(m):
            for j in range(n):
                whole[i, j] //= shared
    return 0


@kernel()
def whole_cells(payoffs: Array, first: int, last: int, whole: Array, verdict: Array) -> int:
    """Read both players' payoffs of the cells ``first..last``; BEYOND where they are no short decimals."""
    for c in range(first, last):
        failed = whole_numbers(payoffs[c, 0], whole[c, 0]) + whole_numbers(payoffs[c, 1], whole[c, 1])
        verdict[c] = BEYOND if failed else DECIDED
    return 0


@kernel()
def spread(found: Array, verdict: Array, count: Array, m: int, n: int, strategy: Array) -> int:
    """From numerators one after another to ``strategy (C, K, 2, A)``, NaN where nothing was found."""
    at = 0
    for c in range(strategy.shape[0]):
        filled = count[c] if verdict[c] == DECIDED else 0
        for k in range(filled):
            for player in range(2):
                start, size = (0, m) if player == 0 else (m, n)
                total = 0.0
                for action in range(size):
                    total += float(found[at, start + action])
                for action in range(size):
                    strategy[c, k, player, action] = found[at, start + action] / total
                for action in range(size, strategy.shape[3]):
                    strategy[c, k, player, action] = 0.0
            at += 1
        for k in range(filled, strategy.shape[1]):
            for player in range(2):
                for action in range(strategy.shape[3]):
                    strategy[c, k, player, action] = np.nan
    return at


@kernel()
def extreme_pairs(
    whole: Array,
    room: int,
    first: int,
    last: int,
    verdict: Array,
    degenerate: Array,
    count: Array,
    found: Array,
) -> int:
    """All extreme equilibria of the cells ``first..last`` of ``whole (C, 2, m, n)``.

    Writes ``verdict``, ``degenerate``, ``count (C,)`` and, one cell after another, ``found (., m + n)``:
    both players' probabilities, each player's up to a common factor.  Returns the first cell not done,
    for want of space in ``found``.  A game is degenerate if some strategy has more best replies than
    actions played (von Stengel 2002, definition 2.6): a vertex with more labels than actions.
    """
    m, n = whole.shape[2:]
    both = m + n
    everything = (np.int64(1) << both) - 1
    all_replies = (np.int64(1) << n) - 1
    gain = np.empty((both, both), np.int64)
    rays_x, rays_y = np.empty((room, both), np.int64), np.empty((room, both), np.int64)
    labels_x, labels_y = np.empty(room, np.int64), np.empty(room, np.int64)
    order = np.empty(room, np.int64)
    used = 0
    for c in range(first, last):
        if verdict[c] == BEYOND:
            count[c] = 0
            continue
        for i in range(m):
            for j in range(n):
                gain[i, j] = whole[c, 1, i, j]
        vertices_x = integer_vertices(gain, m, n, rays_x, labels_x, order)
        vertices_y = np.int64(0)
        if vertices_x > 0:
            for i in range(m):
                for j in range(n):
                    gain[j, i] = whole[c, 0, i, j]
            vertices_y = integer_vertices(gain, n, m, rays_y, labels_y, order)
        if vertices_y <= 0:
            verdict[c] = TOO_MANY if ROOM in (vertices_x, vertices_y) else BEYOND
            count[c] = 0
            continue
        surplus = False
        for ray in range(vertices_x):
            surplus = surplus or bit_count(labels_x[ray]) > m
        for ray in range(vertices_y):
            surplus = surplus or bit_count(labels_y[ray]) > n
            labels_y[ray] = ((labels_y[ray] & all_replies) << m) | (labels_y[ray] >> n)
        start = used
        for ray_x in range(1, vertices_x):
            missing = everything & ~labels_x[ray_x]
            for ray_y in range(1, vertices_y):
                if labels_y[ray_y] & missing == missing:
                    if used >= found.shape[0]:
                        return c
                    for i in range(m):
                        found[used, i] = rays_x[ray_x, i]
                    for j in range(n):
                        found[used, m + j] = rays_y[ray_y, j]
                    used += 1
        put_in_order(found, start, used, m, n)
        degenerate[c] = surplus
        count[c] = used - start
        verdict[c] = DECIDED
    return last


@kernel()
def put_in_order(found: Array, first: int, last: int, m: int, n: int) -> None:
    """Sort equilibria by player 1's support, then player 2's, then by what comes of the enumeration."""
    for at in range(first + 1, last):
        place = at
        while place > first:
            x, y = support(found[place], 0, m), support(found[place], m, m + n)
            other_x, other_y = support(found[place - 1], 0, m), support(found[place - 1], m, m + n)
            earlier = comes_before(x, other_x) if x != other_x else comes_before(y, other_y)
            if not earlier:
                break
            for label in range(m + n):
                found[place, label], found[place - 1, label] = found[place - 1, label], found[place, label]
            place -= 1


@kernel(inline=True)
def support(numbers: Array, first: int, last: int) -> np.int64:
    """The actions played, as bits."""
    bits = np.int64(0)
    for at in range(first, last):
        if numbers[at] != 0:
            bits |= np.int64(1) << (at - first)
    return bits
