"""Equilibria of nondegenerate bimatrix games from the signs of minors, over many cells at once.

A player with ``own`` actions meets an opponent with ``other`` actions and payoffs ``gain[i, j]``.  For
a set S of k own actions and a set U of k + 1 replies let F(S, U) be the determinant of ``gain[S, U]``
under a row of ones.  By Cramer's rule the strategy on S that makes the k replies T equally good has
the weights (-1)^p F(S without its p-th, T), and reply j falls short of those in T by
(-1)^q F(S, T with j) where j is the q-th.  So (S, T) is a vertex of the best-reply polyhedron if all
these numbers have one sign, and two players' vertices (S, T) and (T, S) make an equilibrium.

Each F comes from those one size smaller by expansion along one row, in a few operations shared by all
vertices, for LANES cells side by side; a sign is one bit of a number for each of them.  Nothing
branches, so all of it runs on vectors.

Where some minor is within ``tolerance`` of zero, two checks make a cell suspect rather than wrong: a
vertex with such a number, and an edge of the polyhedron (a set of labels one short of a vertex) that
has not exactly two ends.
Since the graph of a polyhedron is connected, no vertex can then be missing alone.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.bits import lowest
from sim.kernels.bimatrix.equilibria import FOUND, HIGH, NONFINITE, SUSPECT

__all__ = ["LANES", "Subsets", "both_subsets", "subsets", "support_lanes"]

LANES = 64  # one bit each of a number
ALL, NONE, ONE = np.uint64(2**64 - 1), np.uint64(0), np.uint64(1)


class Subsets(NamedTuple):
    """Subsets of 0..size-1 by size, then in lexicographic order, with their neighbours by position.

    ``start (size + 2,)`` is the first of each size; ``member[s, p]`` the p-th member; ``less[s, p]`` the
    subset without it; ``more[s, r]`` the subset with the r-th absent member, ``place[s, r]`` its position.
    """

    start: Array
    bits: Array
    member: Array
    less: Array
    more: Array
    place: Array


@cache
def subsets(size: int, largest: int) -> Subsets:
    """The tables for one number of actions; they lead nowhere from and to more than ``largest`` members."""
    largest = min(size, largest)
    every = [chosen for k in range(largest + 1) for chosen in combinations(range(size), k)]
    number = {chosen: position for position, chosen in enumerate(every)}
    start = np.array(
        [number[tuple(range(k))] for k in range(largest + 1)] + [len(every)] * (size + 1 - largest)
    )
    member, less, more, place = (np.zeros((len(every), max(size, 1)), np.int64) for _ in range(4))
    for s, chosen in enumerate(every):
        for p, action in enumerate(chosen):
            member[s, p], less[s, p] = action, number[chosen[:p] + chosen[p + 1 :]]
        for r, action in enumerate(sorted(set(range(size)) - set(chosen))) if len(chosen) < largest else ():
            larger = tuple(sorted((*chosen, action)))
            more[s, r], place[s, r] = number[larger], larger.index(action)
    bits = np.array([sum(1 << action for action in chosen) for chosen in every])
    return Subsets(start, bits, member, less, more, place)


def both_subsets(m: int, n: int) -> tuple[Subsets, Subsets]:
    """The tables of both players: no support has more actions than the other player, no edge one more."""
    return subsets(m, min(m, n) + 1), subsets(n, min(m, n) + 1)


@kernel()
def normalise(gain: Array, low: Array, high: Array) -> None:
    """Bring the payoffs ``gain (own, other, LANES)`` of each cell to range 1, counted from the first reply.

    They become 0 where floats cannot tell: all equal, a range beyond floats, or one so small beside their
    level that rounding matters.  What is not finite becomes NaN.
    """
    own, other = gain.shape[:2]
    for lane in range(LANES):
        low[lane], high[lane] = gain[0, 0, lane], gain[0, 0, lane]
    for i in range(own):
        for j in range(other):
            for lane in range(LANES):
                utility = gain[i, j, lane]
                low[lane] = utility if utility < low[lane] else low[lane]
                high[lane] = utility if utility > high[lane] else high[lane]
    for lane in range(LANES):
        spread = high[lane] - low[lane]
        level = max(-low[lane], high[lane])
        high[lane] = 1.0 / spread if spread > 1e-290 and spread < 1e290 and level < HIGH * spread else 0.0
    for i in range(own):
        for lane in range(LANES):
            low[lane] = gain[i, 0, lane]
        for j in range(other):
            for lane in range(LANES):
                gain[i, j, lane] = (gain[i, j, lane] - low[lane]) * high[lane]


@kernel()
def finite(flat: Array, cell: int) -> bool:
    """Whether all payoffs of a cell are numbers, ``flat (C, .)``."""
    rest = 0.0
    for entry in range(flat.shape[1]):
        rest += flat[cell, entry] * 0.0
    return rest == 0.0


@kernel()
def vertices(
    gain: Array,
    own: Subsets,
    other: Subsets,
    tolerance: float,
    minors: Array,
    signs: Array,
    edges: Array,
    vertex: Array,
    careful: bool,
) -> Array:
    """In which cells each pair (S, T) is a vertex: ``vertex (pair,)``, pairs by size, S, T.

    ``gain (own, other, LANES)``.  ``minors (2, ., LANES)``, ``signs (2, ., 2)``, which are positive and
    which negative, and ``edges (2, .)`` are scratch for two sizes.  Returns the cells in which some minor
    is not clear of zero; in the others all signs are right, and there is nothing to check.  Call it
    again to be ``careful``: it returns the cells that are in doubt.
    """
    actions, replies = own.start.size - 2, other.start.size - 2
    pair, doubt = 0, NONE
    # size 0: F is 1 for every single reply; the edges of the empty T need one more end, the artificial vertex
    for u in range(replies):
        for lane in range(LANES):
            minors[0, u, lane] = 1.0
        signs[0, u, 0], signs[0, u, 1] = ALL, NONE
    for i in range(actions):
        edges[0, i] = ALL
    for size in range(1, min(actions, replies) + 1):
        now, before = size & 1, 1 - (size & 1)
        first_s, last_s = own.start[size], own.start[size + 1]
        first_t, last_t = other.start[size], other.start[size + 1]
        first_u = last_t
        last_u = other.start[size + 2] if size < replies else first_u
        count_t, count_u = last_t - first_t, last_u - first_u
        start_shorter = other.start[size - 1]
        count_shorter = first_t - start_shorter
        # minors of this size, each along its last row, and their signs
        for s in range(first_s, last_s):
            i = own.member[s, size - 1]
            shorter = (own.less[s, size - 1] - own.start[size - 1]) * count_t - first_t
            for u in range(first_u, last_u):
                at = (s - first_s) * count_u + u - first_u
                a, b = other.member[u, 0], other.member[u, 1]
                if size == 1:
                    for lane in range(LANES):
                        minors[now, at, lane] = gain[i, b, lane] - gain[i, a, lane]
                else:
                    c = other.member[u, 2]
                    f, g = shorter + other.less[u, 0], shorter + other.less[u, 1]
                    h = shorter + other.less[u, 2]
                    sign = -1.0 if size & 1 else 1.0
                    for lane in range(LANES):
                        total = gain[i, a, lane] * minors[before, f, lane]
                        total -= gain[i, b, lane] * minors[before, g, lane]
                        total += gain[i, c, lane] * minors[before, h, lane]
                        minors[now, at, lane] = sign * total
                    for p in range(3, size + 1):
                        a, f = other.member[u, p], shorter + other.less[u, p]
                        sign = -1.0 if (size + p) & 1 else 1.0
                        for lane in range(LANES):
                            minors[now, at, lane] += sign * gain[i, a, lane] * minors[before, f, lane]
                above, below = NONE, NONE
                for lane in range(LANES):
                    minor = minors[now, at, lane]
                    above |= np.uint64(minor > tolerance) << np.uint64(lane)
                    below |= np.uint64(minor < -tolerance) << np.uint64(lane)
                signs[now, at, 0], signs[now, at, 1] = above, below
                if not careful:
                    doubt |= ~(above | below)
        if careful and size < actions:
            for e in range((own.start[size + 2] - last_s) * count_t):
                edges[now, e] = NONE
        for s in range(first_s, last_s):
            for t in range(first_t, last_t):
                # all weights and shortfalls positive, or all negative; the same of those that are not clear
                above, below, maybe_above, maybe_below, some_above, some_below = (
                    ALL,
                    ALL,
                    ALL,
                    ALL,
                    NONE,
                    NONE,
                )
                for p in range(size):
                    at = (own.less[s, p] - own.start[size - 1]) * count_t + t - first_t
                    plus, minus = signs[before, at, p & 1], signs[before, at, 1 - (p & 1)]
                    above, below = above & plus, below & minus
                    if careful:
                        maybe_above, maybe_below = maybe_above & ~minus, maybe_below & ~plus
                        some_above, some_below = some_above | plus, some_below | minus
                for r in range(replies - size):
                    at = (s - first_s) * count_u + other.more[t, r] - first_u
                    way = other.place[t, r] & 1
                    plus, minus = signs[now, at, way], signs[now, at, 1 - way]
                    above, below = above & plus, below & minus
                    if careful:
                        maybe_above, maybe_below = maybe_above & ~minus, maybe_below & ~plus
                found = above | below
                vertex[pair] = found
                pair += 1
                if not careful:
                    continue
                doubt |= (maybe_above & some_above | maybe_below & some_below) & ~found
                # every vertex ends as many edges as the player has actions
                for p in range(size):
                    edges[before, (s - first_s) * count_shorter + other.less[t, p] - start_shorter] ^= found
                for r in range(actions - size):
                    edges[now, (own.more[s, r] - last_s) * count_t + t - first_t] ^= found
        if careful:
            for e in range((last_s - first_s) * count_shorter):
                doubt |= edges[before, e]
    if careful and actions > replies:
        for e in range(own.start[replies + 2] - own.start[replies + 1]):
            doubt |= edges[replies & 1, e]
    return doubt


@kernel()
def support_lanes(
    payoffs: Array,
    first: int,
    last: int,
    tolerance: float,
    rows: Subsets,
    columns: Subsets,
    verdict: Array,
    count: Array,
    pairs: Array,
) -> int:
    """Supports of all equilibria of the cells ``first..last``, as ``equilibria.pair_supports`` gives them."""
    m, n = payoffs.shape[2:]
    most_pairs, most_minors, most_edges = 0, max(m, n), max(m, n)
    for size in range(1, min(m, n) + 1):
        of_rows, of_columns = (
            rows.start[size + 1] - rows.start[size],
            columns.start[size + 1] - columns.start[size],
        )
        most_pairs += of_rows * of_columns
        if size < n:
            most_minors = max(most_minors, of_rows * (columns.start[size + 2] - columns.start[size + 1]))
            most_edges = max(most_edges, of_rows * (columns.start[size + 2] - columns.start[size + 1]))
        if size < m:
            most_minors = max(most_minors, of_columns * (rows.start[size + 2] - rows.start[size + 1]))
            most_edges = max(most_edges, of_columns * (rows.start[size + 2] - rows.start[size + 1]))
    minors = np.empty((2, most_minors, LANES))
    signs = np.empty((2, most_minors, 2), np.uint64)
    edges = np.empty((2, most_edges), np.uint64)
    vertex_x, vertex_y = np.empty(most_pairs, np.uint64), np.empty(most_pairs, np.uint64)
    # player 2's payoffs by player 1's action, and the other way round, from the order they come in
    gains = np.empty((2 * m * n, LANES))
    gain_y, gain_x = gains[: m * n].reshape(n, m, LANES), gains[m * n :].reshape(m, n, LANES)
    flat = payoffs.reshape(payoffs.shape[0], 2 * m * n)
    place = np.arange(2 * m * n)
    for i in range(m):
        for j in range(n):
            place[i * n + j] = j * m + i
    low, high = np.empty(LANES), np.empty(LANES)
    found_x, found_y = np.empty((LANES, most_pairs), np.int64), np.empty((LANES, most_pairs), np.int64)
    number = np.empty(LANES, np.int64)
    used = 0
    for block in range(first, last, LANES):
        filled = min(LANES, last - block)
        for lane in range(LANES):
            c = block + min(lane, filled - 1)
            for entry in range(2 * m * n):
                gains[place[entry], lane] = flat[c, entry]
        normalise(gain_x, low, high)
        normalise(gain_y, low, high)
        thin_x = vertices(gain_x, rows, columns, tolerance, minors, signs, edges, vertex_x, False)
        thin_y = vertices(gain_y, columns, rows, tolerance, minors, signs, edges, vertex_y, False)
        doubt = NONE
        if thin_x != 0:
            doubt |= vertices(gain_x, rows, columns, tolerance, minors, signs, edges, vertex_x, True)
        if thin_y != 0:
            doubt |= vertices(gain_y, columns, rows, tolerance, minors, signs, edges, vertex_y, True)
        # NaN is never clear of zero; who has no choice has payoffs that no minor holds
        unseen = thin_x | thin_y if min(m, n) > 1 else ALL
        for lane in range(LANES):
            number[lane] = 0
        place_x = 0
        for size in range(1, min(m, n) + 1):
            first_s, first_t = rows.start[size], columns.start[size]
            of_rows, of_columns = rows.start[size + 1] - first_s, columns.start[size + 1] - first_t
            for s in range(of_rows):
                for t in range(of_columns):
                    both = vertex_x[place_x] & vertex_y[place_x - s * of_columns - t + t * of_rows + s]
                    while both != 0:
                        lane = lowest(both)
                        found_x[lane, number[lane]] = rows.bits[first_s + s]
                        found_y[lane, number[lane]] = columns.bits[first_t + t]
                        number[lane] += 1
                        both &= both - ONE
                    place_x += 1
        for lane in range(filled):
            c = block + lane
            count[c] = 0
            if unseen >> np.uint64(lane) & ONE and not finite(flat, c):
                verdict[c] = NONFINITE
            elif doubt >> np.uint64(lane) & ONE:
                verdict[c] = SUSPECT
            else:
                verdict[c] = FOUND
                count[c] = number[lane]
                if used + number[lane] > pairs.shape[0]:
                    return block
                for k in range(number[lane]):
                    pairs[used, 0], pairs[used, 1], pairs[used, 2] = c, found_x[lane, k], found_y[lane, k]
                    used += 1
    return last
