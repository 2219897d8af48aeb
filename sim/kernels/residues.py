"""Extreme equilibria of small bimatrix games whose whole numbers are too large for 64 bits.

The minors of ``support_enumeration`` decide everything by their signs.  Here each is kept as a float
with a bound on its error, and as its residues modulo some primes.  A float beyond the bound has the
right sign; one within the bound belongs to a number smaller than the product of the primes, so that
it is zero if and only if all residues are.  What is small and yet not zero is left to big integers.

Since zeros are known as such, degenerate games are no exception: every basis (S, T) whose numbers have
no two signs is a vertex, known by its set of labels however many bases it has.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.kernels import kernel
from sim.kernels.bits import bit_count
from sim.kernels.support_enumeration import Subsets
from sim.kernels.vertex_enumeration import BEYOND, DECIDED, put_in_order

__all__ = ["PRIME_BITS", "error_bound", "primes", "residue_pairs"]

PRIME_BITS = 30.99  # each prime is larger than 2 to this power


@cache
def primes() -> NDArray[np.int64]:
    """The largest primes below 2**31, so that products of residues fit in 64 bits; sieved once."""
    below, last = np.ones(46_341, np.bool_), 2**31 - 1
    down = np.ones(1000, np.bool_)  # down[d]: last - d is prime
    for divisor in range(2, below.size):
        if below[divisor]:
            below[2 * divisor :: divisor] = False
            down[last % divisor :: divisor] = False
    return last - np.nonzero(down)[0]


def error_bound(size: int) -> float:
    """Most that the float of a minor of ``size`` rows can be wrong, for payoffs within [-1, 1].

    A minor is a sum of at most (size + 1)! products; each of its roundings is 2**-53 of it, and
    there are fewer than 8 (size + 2) in a row.
    """
    bound = 8.0 * (size + 2) * 2.0**-53
    for factor in range(2, size + 2):
        bound *= factor
    return bound


@kernel()
def minor_signs(
    gain: NDArray[np.float64],
    residues: NDArray[np.uint64],
    moduli: NDArray[np.uint64],
    own: Subsets,
    other: Subsets,
    bounds: NDArray[np.float64],
    minors: NDArray[np.float64],
    remainders: NDArray[np.uint64],
    signs: NDArray[np.int8],
) -> bool:
    """Signs of all minors, those of each size after those of the smaller; False if one is in doubt.

    ``gain (own, other)`` within [-1, 1], ``residues (prime, own, other)`` of the whole numbers.
    """
    actions, replies = own.start.size - 2, other.start.size - 2
    for u in range(replies):
        minors[u], signs[u] = 1.0, 1
        for prime in range(moduli.size):
            remainders[u, prime] = 1
    before, now = 0, replies
    for size in range(1, min(actions, replies - 1) + 1):
        first_u, last_u = other.start[size + 1], other.start[size + 2]
        first_t = other.start[size]
        at = now
        for s in range(own.start[size], own.start[size + 1]):
            i = own.member[s, size - 1]
            shorter = before + (own.less[s, size - 1] - own.start[size - 1]) * (first_u - first_t) - first_t
            for u in range(first_u, last_u):
                total = 0.0
                for p in range(size + 1):
                    term = gain[i, other.member[u, p]] * minors[shorter + other.less[u, p]]
                    total += -term if (size + p) & 1 else term
                minors[at] = total
                rest = np.uint64(0)
                for prime in range(moduli.size):
                    modulus = moduli[prime]
                    number = np.uint64(0)
                    for p in range(size + 1):
                        factor = remainders[shorter + other.less[u, p], prime]
                        term = residues[prime, i, other.member[u, p]] * factor % modulus
                        number += modulus - term if (size + p) & 1 else term
                    remainders[at, prime] = number % modulus
                    rest |= remainders[at, prime]
                if rest == 0:
                    if abs(total) > bounds[size]:
                        return False
                    signs[at] = 0
                elif abs(total) > bounds[size]:
                    signs[at] = 1 if total > 0.0 else -1
                else:
                    return False
                at += 1
        before, now = now, at
    return True


@kernel()
def vertex_labels(
    own: Subsets,
    other: Subsets,
    minors: NDArray[np.float64],
    signs: NDArray[np.int8],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    sums: NDArray[np.float64],
) -> int:
    """Number of vertices: ``labels`` and, from the best conditioned basis of each, ``weights (., own)``."""
    actions, replies = own.start.size - 2, other.start.size - 2
    count, before, now = 0, 0, replies
    unplayed = (np.int64(1) << actions) - 1
    for size in range(1, min(actions, replies) + 1):
        first_s, first_t, first_u = own.start[size], other.start[size], other.start[size + 1]
        count_t = first_u - first_t
        count_u = other.start[size + 2] - first_u if size < replies else 0
        for s in range(first_s, own.start[size + 1]):
            for t in range(first_t, first_u):
                label = unplayed | other.bits[t] << actions
                negative, positive, total = False, False, 0.0
                for p in range(size):
                    at = before + (own.less[s, p] - own.start[size - 1]) * count_t + t - first_t
                    sign = -signs[at] if p & 1 else signs[at]
                    if sign != 0:
                        label &= ~(np.int64(1) << own.member[s, p])
                        negative, positive = negative or sign < 0, positive or sign > 0
                        total += abs(minors[at])
                if total == 0.0 or (negative and positive):
                    continue
                for r in range(replies - size):
                    larger, q = other.more[t, r], other.place[t, r]
                    at = now + (s - first_s) * count_u + larger - first_u
                    sign = -signs[at] if q & 1 else signs[at]
                    negative, positive = negative or sign < 0, positive or sign > 0
                    if sign == 0:
                        label |= np.int64(1) << (actions + other.member[larger, q])
                if negative and positive:
                    continue
                place = 0
                while place < count and labels[place] != label:
                    place += 1
                if place == count:
                    labels[place], sums[place] = label, 0.0
                    count += 1
                # larger determinants of fewer rows are the better conditioned
                if total > sums[place]:
                    sums[place] = total
                    for i in range(actions):
                        weights[place, i] = 0.0
                    for p in range(size):
                        at = before + (own.less[s, p] - own.start[size - 1]) * count_t + t - first_t
                        if signs[at] != 0:
                            weights[place, own.member[s, p]] = abs(minors[at]) / total
        before, now = now, now + (own.start[size + 1] - first_s) * count_u
    return count


@kernel()
def residue_pairs(
    gains_x: NDArray[np.float64],
    gains_y: NDArray[np.float64],
    residues_x: NDArray[np.uint64],
    residues_y: NDArray[np.uint64],
    moduli: NDArray[np.uint64],
    rows: Subsets,
    columns: Subsets,
    bounds: NDArray[np.float64],
    first: int,
    last: int,
    verdict: NDArray[np.uint8],
    degenerate: NDArray[np.bool_],
    count: NDArray[np.int64],
    found: NDArray[np.float64],
) -> int:
    """All extreme equilibria of the cells ``first..last``, as ``extreme_pairs`` gives them.

    ``gains_x (C, m, n)`` are player 2's payoffs, counted from some level in units of their range, and
    ``gains_y (C, n, m)`` player 1's; ``residues_x (C, prime, m, n)`` and ``residues_y (C, prime, n, m)``
    are those of the same differences as whole numbers.  ``found`` are probabilities.
    """
    m, n = gains_x.shape[1:]
    everything, all_replies = (np.int64(1) << (m + n)) - 1, (np.int64(1) << n) - 1
    room, most_x, most_y = 0, 0, 0
    for size in range(min(m, n) + 1):
        of_rows, of_columns = (
            rows.start[size + 1] - rows.start[size],
            columns.start[size + 1] - columns.start[size],
        )
        room += of_rows * of_columns
        if size < n:
            most_x += of_rows * (columns.start[size + 2] - columns.start[size + 1])
        if size < m:
            most_y += of_columns * (rows.start[size + 2] - rows.start[size + 1])
    most = max(most_x, most_y)
    minors, signs = np.empty(most), np.empty(most, np.int8)
    remainders = np.empty((most, moduli.size), np.uint64)
    labels_x, labels_y = np.empty(room, np.int64), np.empty(room, np.int64)
    weights_x, weights_y, sums = np.empty((room, m)), np.empty((room, n)), np.empty(room)
    used = 0
    for c in range(first, last):
        verdict[c], count[c] = BEYOND, 0
        if not minor_signs(
            gains_x[c], residues_x[c], moduli, rows, columns, bounds, minors, remainders, signs
        ):
            continue
        vertices_x = vertex_labels(rows, columns, minors, signs, labels_x, weights_x, sums)
        if not minor_signs(
            gains_y[c], residues_y[c], moduli, columns, rows, bounds, minors, remainders, signs
        ):
            continue
        vertices_y = vertex_labels(columns, rows, minors, signs, labels_y, weights_y, sums)
        surplus = False
        for x in range(vertices_x):
            surplus = surplus or bit_count(labels_x[x]) > m
        for y in range(vertices_y):
            surplus = surplus or bit_count(labels_y[y]) > n
            labels_y[y] = ((labels_y[y] & all_replies) << m) | (labels_y[y] >> n)
        start = used
        for x in range(vertices_x):
            missing = everything & ~labels_x[x]
            for y in range(vertices_y):
                if labels_y[y] & missing == missing:
                    if used >= found.shape[0]:
                        return c
                    for i in range(m):
                        found[used, i] = weights_x[x, i]
                    for j in range(n):
                        found[used, m + j] = weights_y[y, j]
                    used += 1
        put_in_order(found, start, used, m, n)
        verdict[c], degenerate[c], count[c] = DECIDED, surplus, used - start
    return last
