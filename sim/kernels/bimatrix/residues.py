"""Extreme equilibria of small bimatrix games whose whole numbers are too large for 64 bits.

The minors of ``support_enumeration`` decide everything by their signs.  Here each is kept as a float
with a bound on its error, and as its residue modulo 2**64, which is what integers do by themselves
when they overflow.  A float beyond the bound has the right sign; one within it belongs to a small
number, which mostly is the residue.  Where it may be larger, it is zero if and only if it is so modulo
some primes as well.  What is neither clear nor zero then is left to big integers.

Since zeros are known as such, degenerate games are no exception: every basis (S, T) whose numbers have
no two signs is a vertex, known by its set of labels however many bases it has.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.kernels import Array, kernel
from sim.kernels.base.bits import bit_count, lowest
from sim.kernels.base.tolerances import LOGARITHM, ROUNDED, SMALL_DETERMINANT
from sim.kernels.bimatrix.equilibria import null_vector
from sim.kernels.bimatrix.support_enumeration import ALL, LANES, NONE, ONE, Subsets
from sim.kernels.bimatrix.vertex_enumeration import BEYOND, DECIDED, put_in_order

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
    gain: Array,
    wrapped: Array,
    bits: Array,
    residues: Array,
    steps: tuple[int, int],
    moduli: Array,
    clear: Array,
    own: Subsets,
    other: Subsets,
    bounds: Array,
    slack: Array,
    tied: Array,
    minors: Array,
    remainders: Array,
    signs: Array,
    matrix: Array,
) -> Array:
    """All minors, smaller ones first, and their signs; returns the ``clear`` cells that are not in doubt.

    ``gain (own, other, LANES)`` within [-1, 1], in units of at most 2**``bits (LANES,)``; the same as whole
    numbers modulo 2**64 in ``wrapped``, and modulo primes in ``residues (cell, prime, .)``, where ``steps``
    lead from one own action, and one reply, to the next.  Minors are within ``slack (LANES,)`` times their
    ``bounds``; those that are ``tied (.,)`` are zero in all cells.
    Writes ``minors (., LANES)`` and ``signs (., 2)``: in which cells a minor is positive, and negative.
    """
    actions, replies = own.start.size - 2, other.start.size - 2
    for u in range(replies):
        for lane in range(LANES):
            minors[u, lane], remainders[u, lane] = 1.0, 1
        signs[u, 0], signs[u, 1] = ALL, NONE
    before, at = 0, replies
    for size in range(1, min(actions, replies - 1) + 1):
        # a minor within the bound is a whole number of at most so many bits
        bound, logarithm, long = bounds[size], math.log2(2.0 * bounds[size]) + LOGARITHM, NONE
        for lane in range(LANES):
            long |= np.uint64(size * bits[lane] + logarithm > 63.0) << np.uint64(lane)
        first_u, last_u = other.start[size + 1], other.start[size + 2]
        first_t, now = other.start[size], at
        for s in range(own.start[size], own.start[size + 1]):
            i = own.member[s, size - 1]
            shorter = before + (own.less[s, size - 1] - own.start[size - 1]) * (first_u - first_t) - first_t
            for u in range(first_u, last_u):
                for lane in range(LANES):
                    minors[at, lane], remainders[at, lane] = 0.0, 0
                if tied[at - replies]:
                    signs[at, 0], signs[at, 1] = NONE, NONE
                    at += 1
                    continue
                for p in range(size + 1):
                    j, part = other.member[u, p], shorter + other.less[u, p]
                    if (size + p) & 1:
                        for lane in range(LANES):
                            minors[at, lane] -= gain[i, j, lane] * minors[part, lane]
                            remainders[at, lane] -= wrapped[i, j, lane] * remainders[part, lane]
                    else:
                        for lane in range(LANES):
                            minors[at, lane] += gain[i, j, lane] * minors[part, lane]
                            remainders[at, lane] += wrapped[i, j, lane] * remainders[part, lane]
                above, below, some, top = NONE, NONE, NONE, NONE
                for lane in range(LANES):
                    minor, number = minors[at, lane], remainders[at, lane]
                    above |= np.uint64(minor > bound * slack[lane]) << np.uint64(lane)
                    below |= np.uint64(minor < -bound * slack[lane]) << np.uint64(lane)
                    some |= np.uint64(number != 0) << np.uint64(lane)
                    top |= number >> np.uint64(63) << np.uint64(lane)
                small = ~(above | below)
                clear &= ~(small & some & long)
                signs[at, 0], signs[at, 1] = above | small & some & ~top, below | small & some & top
                open_ = small & ~some & long & clear
                while open_ != 0:
                    lane = lowest(open_)
                    needed = np.ceil((size * bits[lane] + logarithm - 64.0) / PRIME_BITS)
                    proved = needed <= moduli.size
                    for prime in range(needed if proved else 0):
                        proved = proved and vanishes(
                            residues[lane, prime],
                            steps,
                            moduli[prime],
                            own.member[s],
                            other.member[u],
                            size,
                            matrix,
                        )
                    if not proved:
                        clear &= ~(ONE << np.uint64(lane))
                    open_ &= open_ - ONE
                at += 1
        before = now
    return clear


@kernel()
def vanishes(
    residues: Array,
    steps: tuple[int, int],
    modulus: int,
    rows: Array,
    columns: Array,
    size: int,
    matrix: Array,
) -> bool:
    """Whether the modulus divides the minor of ``size`` rows, by elimination without division."""
    row_step, column_step = steps
    for a in range(size):
        row = rows[a] * row_step
        less = modulus - residues[row + columns[0] * column_step]
        for b in range(size):
            matrix[a, b] = (residues[row + columns[b + 1] * column_step] + less) % modulus
    for k in range(size):
        pivot = k
        while pivot < size and matrix[pivot, k] == 0:
            pivot += 1
        if pivot == size:
            return True
        for column in range(k, size):
            matrix[k, column], matrix[pivot, column] = matrix[pivot, column], matrix[k, column]
        for row in range(k + 1, size):
            for column in range(k + 1, size):
                less = modulus - matrix[row, k] * matrix[k, column] % modulus
                matrix[row, column] = (matrix[row, column] * matrix[k, k] + less) % modulus
    return False


@kernel()
def vertex_labels(
    own: Subsets,
    other: Subsets,
    minors: Array,
    signs: Array,
    clear: Array,
    number: Array,
    labels: Array,
    bases: Array,
    sums: Array,
) -> None:
    """The vertices of every ``clear`` cell: their ``number (LANES,)`` and ``labels (LANES, .)``.

    ``bases (LANES, ., 2)`` are the best conditioned S and T of each, of which ``sums`` are the measure.
    """
    actions, replies = own.start.size - 2, other.start.size - 2
    before, now = 0, replies
    unplayed = (np.int64(1) << actions) - 1
    number[:] = 0
    for size in range(1, min(actions, replies) + 1):
        first_s, first_t, first_u = own.start[size], other.start[size], other.start[size + 1]
        count_t = first_u - first_t
        count_u = other.start[size + 2] - first_u if size < replies else 0
        for s in range(first_s, own.start[size + 1]):
            for t in range(first_t, first_u):
                # no weight and no shortfall is of the other sign, and some weight is not zero
                above, below, some = clear, clear, NONE
                for p in range(size):
                    at = before + (own.less[s, p] - own.start[size - 1]) * count_t + t - first_t
                    plus, minus = signs[at, p & 1], signs[at, 1 - (p & 1)]
                    above, below, some = above & ~minus, below & ~plus, some | plus | minus
                for r in range(replies - size):
                    at = now + (s - first_s) * count_u + other.more[t, r] - first_u
                    way = other.place[t, r] & 1
                    above, below = above & ~signs[at, 1 - way], below & ~signs[at, way]
                found = (above | below) & some
                while found != 0:
                    lane = lowest(found)
                    found &= found - ONE
                    label, total = unplayed | other.bits[t] << actions, 0.0
                    for p in range(size):
                        at = before + (own.less[s, p] - own.start[size - 1]) * count_t + t - first_t
                        if (signs[at, 0] | signs[at, 1]) >> np.uint64(lane) & ONE:
                            label &= ~(np.int64(1) << own.member[s, p])
                            total += abs(minors[at, lane])
                    for r in range(replies - size):
                        larger = other.more[t, r]
                        at = now + (s - first_s) * count_u + larger - first_u
                        if (signs[at, 0] | signs[at, 1]) >> np.uint64(lane) & ONE == 0:
                            label |= np.int64(1) << (actions + other.member[larger, other.place[t, r]])
                    place = 0
                    while place < number[lane] and labels[lane, place] != label:
                        place += 1
                    if place == number[lane]:
                        labels[lane, place], sums[lane, place] = label, 0.0
                        number[lane] += 1
                    # larger determinants of fewer rows are the better conditioned
                    if total > sums[lane, place]:
                        sums[lane, place], bases[lane, place, 0], bases[lane, place, 1] = total, s, t
        before, now = now, now + (own.start[size + 1] - first_s) * count_u


@kernel()
def weights(
    gain: Array,
    lane: int,
    own: Subsets,
    other: Subsets,
    basis: Array,
    label: int,
    matrix: Array,
    out: Array,
    probabilities: Array,
) -> bool:
    """The strategy of a vertex: it makes the replies of its basis equally good; False if floats fail."""
    s, t, size = basis[0], basis[1], bit_count(own.bits[basis[0]])
    for a in range(1, size):
        for b in range(size):
            i = own.member[s, b]
            matrix[a - 1, b] = gain[i, other.member[t, a], lane] - gain[i, other.member[t, 0], lane]
    if null_vector(matrix, size, out) == 0:
        return False
    for a in range(1, size):
        rest, terms = 0.0, 0.0
        for b in range(size):
            i = own.member[s, b]
            term = (gain[i, other.member[t, a], lane] - gain[i, other.member[t, 0], lane]) * out[b]
            rest, terms = rest + term, terms + abs(term)
        if not abs(rest) <= ROUNDED * terms:
            return False
    total, positive = 0.0, True
    probabilities[:] = 0.0
    for b in range(size):
        if label >> own.member[s, b] & 1 == 0:
            probabilities[own.member[s, b]] = out[b]
            total += out[b]
            positive = positive and out[b] > 0.0
    probabilities /= total
    return positive


@kernel()
def residue_pairs(
    gains: Array,
    wrapped: Array,
    bits: Array,
    residues: Array,
    moduli: Array,
    rows: Subsets,
    columns: Subsets,
    bounds: Array,
    slack: Array,
    tied: tuple[Array, Array],
    room: int,
    first: int,
    last: int,
    verdict: Array,
    degenerate: Array,
    count: Array,
    found: Array,
) -> int:
    """All extreme equilibria of the cells ``first..last``, as ``extreme_pairs`` gives them.

    ``gains (C, 2, m, n)`` are payoffs counted from some level in units of their range.  The same
    differences as whole numbers are ``wrapped (C, 2, m, n)`` modulo 2**64 and ``residues (C, 2, prime, m n)``
    modulo primes; they have at most ``bits (C, 2)``.  Minors of each player's payoffs are within
    ``slack (C, 2)`` times their ``bounds``, and zero where they are ``tied``.  ``found`` are probabilities.
    """
    m, n = gains.shape[2:]
    everything, all_replies = (np.int64(1) << (m + n)) - 1, (np.int64(1) << n) - 1
    most_x, most_y, shorter = n, m, min(m, n)
    for size in range(1, shorter + 1):
        of_rows = rows.start[size + 1] - rows.start[size]
        of_columns = columns.start[size + 1] - columns.start[size]
        if size < n:
            most_x += of_rows * (columns.start[size + 2] - columns.start[size + 1])
        if size < m:
            most_y += of_columns * (rows.start[size + 2] - rows.start[size + 1])
    most = max(most_x, most_y)
    minors, remainders = np.empty((most, LANES)), np.empty((most, LANES), np.uint64)
    signs = np.empty((most, 2), np.uint64)
    gain_x, gain_y = np.empty((m, n, LANES)), np.empty((n, m, LANES))
    whole_x, whole_y = np.empty((m, n, LANES), np.uint64), np.empty((n, m, LANES), np.uint64)
    bits_x, bits_y = np.empty(LANES), np.empty(LANES)
    slack_x, slack_y = np.empty(LANES), np.empty(LANES)
    number_x, number_y = np.empty(LANES, np.int64), np.empty(LANES, np.int64)
    sums_x, sums_y = np.empty((LANES, room)), np.empty((LANES, room))
    labels_x, labels_y = np.empty((LANES, room), np.int64), np.empty((LANES, room), np.int64)
    bases_x, bases_y = np.empty((LANES, room, 2), np.int64), np.empty((LANES, room, 2), np.int64)
    whole_matrix, matrix = np.empty((shorter, shorter), np.uint64), np.empty((shorter, shorter))
    out = np.empty(shorter)
    used = 0
    for block in range(first, last, LANES):
        end = min(block + LANES, last)
        for lane in range(LANES):
            c = min(block + lane, last - 1)
            bits_x[lane], bits_y[lane] = bits[c, 1], bits[c, 0]
            slack_x[lane], slack_y[lane] = slack[c, 1], slack[c, 0]
            for i in range(m):
                for j in range(n):
                    gain_x[i, j, lane], gain_y[j, i, lane] = gains[c, 1, i, j], gains[c, 0, i, j]
                    whole_x[i, j, lane], whole_y[j, i, lane] = wrapped[c, 1, i, j], wrapped[c, 0, i, j]
        clear = minor_signs(
            gain_x, whole_x, bits_x, residues[block:, 1], (n, 1), moduli, ALL >> np.uint64(LANES - end + block),
            rows, columns, bounds, slack_x, tied[1], minors, remainders, signs, whole_matrix,
        )  # fmt: skip
        vertex_labels(rows, columns, minors, signs, clear, number_x, labels_x, bases_x, sums_x)
        clear = minor_signs(
            gain_y, whole_y, bits_y, residues[block:, 0], (1, n), moduli, clear,
            columns, rows, bounds, slack_y, tied[0], minors, remainders, signs, whole_matrix,
        )  # fmt: skip
        vertex_labels(columns, rows, minors, signs, clear, number_y, labels_y, bases_y, sums_y)
        for c in range(block, end):
            lane = c - block
            verdict[c], count[c] = BEYOND, 0
            if clear >> np.uint64(lane) & ONE == 0:
                continue
            surplus = False
            for x in range(number_x[lane]):
                surplus = surplus or bit_count(labels_x[lane, x]) > m
            for y in range(number_y[lane]):
                label = labels_y[lane, y]
                surplus = surplus or bit_count(label) > n
                labels_y[lane, y] = ((label & all_replies) << m) | (label >> n)
            start, solved = used, True
            for x in range(number_x[lane]):
                label = labels_x[lane, x]
                missing = everything & ~label
                for y in range(number_y[lane]):
                    label_y = labels_y[lane, y]
                    if label_y & missing != missing:
                        continue
                    if used >= found.shape[0]:
                        return c
                    conditioned = min(sums_x[lane, x] / slack_x[lane], sums_y[lane, y] / slack_y[lane])
                    solved &= conditioned > SMALL_DETERMINANT
                    solved &= weights(
                        gain_x, lane, rows, columns, bases_x[lane, x], label, matrix, out, found[used, :m]
                    )
                    solved &= weights(
                        gain_y,
                        lane,
                        columns,
                        rows,
                        bases_y[lane, y],
                        label_y >> m,
                        matrix,
                        out,
                        found[used, m:],
                    )
                    used += 1
            if not solved:
                used = start
                continue
            put_in_order(found, start, used, m, n)
            verdict[c], degenerate[c], count[c] = DECIDED, surplus, used - start
    return last
