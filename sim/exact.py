"""Extreme equilibria of one bimatrix game in whole numbers of any size.

The same method as the compiled :mod:`sim.kernels.double_description`, for the cells whose numbers do
not fit in 64 bits: payoffs that are full-precision floats, or decimals of many digits in large games.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from math import gcd, lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels.double_description import MOST_LABELS, rays_needed
from sim.kernels.threads import over_blocks
from sim.kernels.vertex_enumeration import BEYOND, DECIDED, extreme_pairs, spread, whole_cells

__all__ = ["Decided", "Extreme", "decide", "extreme_equilibria", "maximal_subsets", "whole_payoffs"]

BLOCK = 4096  # cells a thread takes at a time
LARGEST_WHOLE = 2**50


class Extreme(NamedTuple):
    """Extreme equilibria ``(numerators of x, numerators of y)`` and whether the game is degenerate."""

    equilibria: list[tuple[tuple[int, ...], tuple[int, ...]]]
    degenerate: bool


def whole_payoffs(fractions: NDArray[Any]) -> NDArray[Any]:
    """One player's payoffs as smallest whole numbers (object array), with the same best replies."""
    numbers = fractions.ravel().tolist()
    common = lcm(*(number.denominator for number in numbers))
    origin = int(numbers[0] * common)
    whole = [int(number * common) - origin for number in numbers]
    shared = gcd(*whole) or 1
    result = np.empty(len(whole), dtype=object)
    result[:] = [number // shared for number in whole]
    return result.reshape(fractions.shape)


def vertices(gain: list[list[int]]) -> list[tuple[list[int], int]]:
    """Rays and labels of the best-reply polyhedron of ``gain[i][j]``, without the artificial ray."""
    own, other = len(gain), len(gain[0])
    played = (1 << own) - 1
    rays = [([0] * own + [1] * other, played)]
    for i, row in enumerate(gain):
        unit = [int(i == a) for a in range(own)]
        rays.append((unit + [row[0] - utility for utility in row], (played ^ (1 << i)) | (1 << own)))
    for added in range(own + 1, own + other):
        bit = 1 << added
        inside = [ray for ray in rays if ray[0][added] > 0]
        outside = [ray for ray in rays if ray[0][added] < 0]
        on = [(ray, labels | bit) for ray, labels in rays if ray[added] == 0]
        every = [labels for _, labels in (*inside, *outside, *on)]
        joined = []
        for (kept, labels_kept), (cut, labels_cut) in product(inside, outside):
            common = labels_kept & labels_cut
            if common.bit_count() < own - 1 or sum(labels & common == common for labels in every) != 2:
                continue
            weight, weight_kept = kept[added], -cut[added]
            ray = [weight * a + weight_kept * b for a, b in zip(cut, kept, strict=True)]
            shared = gcd(*ray)
            joined.append(([number // shared for number in ray], common | bit))
        rays = inside + on + joined
    return [(ray, labels) for ray, labels in rays if any(ray[:own])]


def extreme_equilibria(first: NDArray[Any], second: NDArray[Any]) -> Extreme:
    """All extreme equilibria of whole-number payoffs ``(m, n)`` of the two players, in the kernels' order."""
    m, n = first.shape
    everything = (1 << (m + n)) - 1
    vertices_x = vertices(second.tolist())
    vertices_y = [
        (ray, (labels & ((1 << n) - 1)) << m | labels >> n) for ray, labels in vertices(first.T.tolist())
    ]
    degenerate = any(labels.bit_count() > m for _, labels in vertices_x)
    degenerate = degenerate or any(labels.bit_count() > n for _, labels in vertices_y)
    found = [
        (tuple(x[:m]), tuple(y[:n]))
        for (x, labels_x), (y, labels_y) in product(vertices_x, vertices_y)
        if labels_x | labels_y == everything
    ]
    found.sort(key=lambda pair: [*map(support_order, pair), *pair])
    return Extreme(found, degenerate)


def support_order(numerators: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """Smaller supports first, then those of the lower actions."""
    played = tuple(a for a, number in enumerate(numerators) if number)
    return len(played), played


def maximal_subsets(strategies: NDArray[Any]) -> list[tuple[list[int], list[int], list[int]]]:
    """Maximal Nash subsets of one cell: its extreme equilibria ``(K, 2, A)``, floats or fractions.

    Each is (positions of its extreme equilibria, the first position of each of its extreme x, the same
    for y): every mixture of those x with every mixture of those y is an equilibrium, and no larger
    product is (Avis, Rosenberg, Savani and von Stengel 2010, section 2: the maximal bicliques of
    the graph that links x to y where (x, y) is an extreme equilibrium).
    """
    first_x = first_positions([tuple(pair[0]) for pair in strategies.tolist()])
    first_y = first_positions([tuple(pair[1]) for pair in strategies.tolist()])
    edges = set(zip(first_x, first_y, strict=True))
    replies = {x: frozenset(y for a, y in edges if a == x) for x in set(first_x)}
    # every maximal biclique has as its y an intersection of neighbourhoods, closed under intersection
    closed = set(replies.values())
    waiting = list(closed)
    while waiting:
        ys = waiting.pop()
        for other in replies.values():
            meet = ys & other
            if meet and meet not in closed:
                closed.add(meet)
                waiting.append(meet)
    subsets = []
    for ys in closed:
        xs = sorted(x for x, reply in replies.items() if ys <= reply)
        pairs = enumerate(zip(first_x, first_y, strict=True))
        members = [k for k, (x, y) in pairs if x in xs and y in ys]
        subsets.append((members, xs, sorted(ys)))
    return sorted(subsets)


def first_positions(strategies: list[tuple[Any, ...]]) -> list[int]:
    """For each strategy the first position where the same one stands."""
    seen: dict[tuple[Any, ...], int] = {}
    return [seen.setdefault(strategy, position) for position, strategy in enumerate(strategies)]


@dataclass(frozen=True)
class Decided:
    """What the exact path says of E cells.

    ``rational`` is ``strategy`` as fractions, if asked for: an object array, None beyond the last.
    """

    count: NDArray[np.int64]  # (E,)
    degenerate: NDArray[np.bool_]  # (E,)
    complete: NDArray[np.bool_]  # (E,)
    strategy: NDArray[np.float64]  # (E, K, 2, A)
    rational: NDArray[Any] | None


def decide(
    payoffs: NDArray[np.float64],
    rational: Callable[[NDArray[np.int64]], NDArray[Any]],
    *,
    decimals: bool,
    fractions: bool = False,
) -> Decided:
    """All extreme equilibria of finite cells ``payoffs (E, 2, m, n)``, exactly.

    ``rational`` gives the payoffs of chosen positions as fractions; with ``decimals`` they are the
    decimals the floats show, and are read from them by compiled code where they are short.
    Complete unless a cell has more vertices than there is room for.
    """
    cells = payoffs.shape[0]
    m, n = payoffs.shape[2:]
    if m + n > MOST_LABELS:
        none, nothing = np.zeros(cells, np.int64), np.zeros(cells, np.bool_)
        empty = np.empty((cells, 0, 2, max(m, n)))
        return Decided(none, nothing, nothing, empty, empty.astype(object) if fractions else None)
    whole = np.empty(payoffs.shape, np.int64)
    verdict = np.empty(cells, np.uint8)
    large: dict[int, NDArray[Any]] = {}
    if decimals:
        over_blocks(lambda first, last: whole_cells(payoffs, first, last, whole, verdict), cells, BLOCK)
    else:
        for cell, game in enumerate(rational(np.arange(cells))):
            numbers = np.stack([whole_payoffs(player) for player in game])
            fits = all(abs(number) < LARGEST_WHOLE for number in numbers.ravel().tolist())
            verdict[cell] = DECIDED if fits else BEYOND
            if fits:
                whole[cell] = numbers.astype(np.int64)
            else:
                large[cell] = numbers
    count, degenerate = np.zeros(cells, np.int64), np.zeros(cells, np.bool_)
    room = rays_needed(m, n)

    def work(first: int, last: int) -> list[NDArray[np.int64]]:
        parts, size = [], 4 * (last - first) + 64
        while first < last:
            found = np.empty((size, m + n), np.int64)
            done = extreme_pairs(whole, room, first, last, verdict, degenerate, count, found)
            parts.append(found[: count[first:done].sum()])
            first, size = done, 2 * size
        return parts

    parts = [part for block in over_blocks(work, cells, BLOCK) for part in block]
    found = np.concatenate([np.empty((0, m + n), np.int64), *parts])
    beyond: dict[int, list[Any]] = {}
    complete = np.ones(cells, np.bool_)
    for cell in np.nonzero(verdict == BEYOND)[0].tolist():
        if cell not in large:
            large[cell] = np.stack([whole_payoffs(player) for player in rational(np.array([cell]))[0]])
        beyond[cell], degenerate[cell] = extreme_equilibria(*large[cell])
        count[cell] = len(beyond[cell])
    most = int(count.max(initial=0))
    strategy = np.empty((cells, most, 2, max(m, n)))
    spread(found, verdict, count, m, n, strategy)
    exact = np.full(strategy.shape, None, dtype=object) if fractions else None
    for cell, pairs in beyond.items():
        for k, pair in enumerate(pairs):
            for player, numerators in enumerate(pair):
                total = sum(numerators)
                strategy[cell, k, player] = 0.0
                strategy[cell, k, player, : len(numerators)] = [number / total for number in numerators]
    if exact is not None:
        rows = iter(found.tolist())
        for cell in range(cells):
            short = (
                [(row[:m], row[m:]) for row in islice(rows, int(count[cell]))] if cell not in beyond else []
            )
            for k, pair in enumerate(beyond.get(cell, short)):
                for player, numerators in enumerate(pair):
                    exact[cell, k, player] = Fraction(0)
                    total = sum(numerators)
                    for action, number in enumerate(numerators):
                        exact[cell, k, player, action] = Fraction(number, total)
    return Decided(count, degenerate, complete, strategy, exact)
