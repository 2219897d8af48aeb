"""Extreme equilibria of one bimatrix game in whole numbers of any size.

The same method as the compiled :mod:`sim.kernels.bimatrix.double_description`, for the cells whose numbers do
not fit in 64 bits: payoffs that are full-precision floats, or decimals of many digits in large games.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from math import ceil, comb, gcd, inf, lcm, log2
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels.base.rays import TooManyError, cut_whole_rays
from sim.kernels.base.threads import over_blocks
from sim.kernels.bimatrix.double_description import MOST_LABELS, rays_needed
from sim.kernels.bimatrix.residues import PRIME_BITS, error_bound, primes, residue_pairs
from sim.kernels.bimatrix.support_enumeration import both_subsets
from sim.kernels.bimatrix.vertex_enumeration import (
    BEYOND,
    DECIDED,
    TOO_MANY,
    extreme_pairs,
    spread,
    whole_cells,
)

__all__ = [
    "QUICK_LOOKS",
    "Decided",
    "Extreme",
    "collect",
    "decide",
    "extreme_equilibria",
    "maximal_subsets",
    "whole_payoffs",
]

BLOCK = 4096  # cells a thread takes at a time
LARGEST_WHOLE = 2**50
MOST_BASES = 3500  # 7 x 7 actions; beyond, every basis is too many
MOST_PRIMES = 24
QUICK_LOOKS = 20_000_000  # at rays in big integers: some seconds


class Enumerated(NamedTuple):
    """What one arithmetic finds in E cells: ``found (., m + n)`` has those of one cell after another."""

    verdict: NDArray[np.uint8]
    degenerate: NDArray[np.bool_]
    number: NDArray[np.int64]
    found: NDArray[Any]


class Extreme(NamedTuple):
    """Extreme equilibria ``(numerators of x, numerators of y)`` and whether the game is degenerate."""

    equilibria: list[tuple[tuple[int, ...], tuple[int, ...]]]
    degenerate: bool


def whole_payoffs(fractions: NDArray[Any]) -> NDArray[Any]:
    """One player's payoffs as smallest whole numbers (object array), with the same best replies."""
    ratios = [number.as_integer_ratio() for number in fractions.ravel().tolist()]
    common = lcm(*(below for _, below in ratios))
    raised = [above * (common // below) for above, below in ratios]
    whole = [number - raised[0] for number in raised]
    shared = gcd(*whole) or 1
    result = np.empty(len(whole), dtype=object)
    result[:] = [number // shared for number in whole]
    return result.reshape(fractions.shape)


def vertices(gain: list[list[int]], most_looks: float) -> list[tuple[list[int], int]]:
    """Rays and labels of the best-reply polyhedron of ``gain[i][j]``, without the artificial ray.

    Raises TooManyError where more than ``most_looks`` pairs of rays, and rays for each near pair, would have to
    be looked at.
    """
    own, other = len(gain), len(gain[0])
    played = (1 << own) - 1
    rays = [([0] * own + [1] * other, played)]
    for i, row in enumerate(gain):
        unit = [int(i == a) for a in range(own)]
        rays.append((unit + [row[0] - utility for utility in row], (played ^ (1 << i)) | (1 << own)))
    rays = cut_whole_rays(rays, own + 1, own - 1, most_looks)
    return [(ray, labels) for ray, labels in rays if any(ray[:own])]


def extreme_equilibria(first: NDArray[Any], second: NDArray[Any], most_looks: float = inf) -> Extreme:
    """All extreme equilibria of whole-number payoffs ``(m, n)`` of the two players, in the kernels' order.

    Raises TooManyError where this takes more than ``most_looks``, as :func:`vertices` counts them.
    """
    m, n = first.shape
    everything = (1 << (m + n)) - 1
    vertices_x = vertices(second.tolist(), most_looks)
    vertices_y = [
        (ray, (labels & ((1 << n) - 1)) << m | labels >> n)
        for ray, labels in vertices(first.T.tolist(), most_looks)
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

    Each is (positions of its extreme equilibria, for each of its extreme x the first of them that has it, the
    same for y): every mixture of those x with every mixture of those y is an equilibrium, and no larger
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
        x_of = [next(k for k in members if first_x[k] == x) for x in xs]
        y_of = [next(k for k in members if first_y[k] == y) for y in ys]
        subsets.append((members, sorted(x_of), sorted(y_of)))
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
    quick: bool = False,
) -> Decided:
    """All extreme equilibria of finite cells ``payoffs (E, 2, m, n)``, exactly.

    ``rational`` gives the payoffs of chosen positions as fractions; with ``decimals`` they are the
    decimals the floats show, and are read from them by compiled code where they are short.  Three
    arithmetics, each for the cells the one before cannot do: 64-bit integers, residues, big integers.
    Not complete, and nothing found, where there are more than 62 actions in all or too many vertices; with
    ``quick`` the limit is what takes some seconds a cell.
    """
    cells, (m, n) = payoffs.shape[0], payoffs.shape[2:]
    count, degenerate, complete = (
        np.zeros(cells, np.int64),
        np.zeros(cells, np.bool_),
        np.ones(cells, np.bool_),
    )
    if m + n > MOST_LABELS:
        nothing = np.empty((cells, 0, 2, max(m, n)))
        return Decided(count, degenerate, degenerate, nothing, nothing.astype(object) if fractions else None)
    whole, large = read(payoffs, rational, decimals=decimals)
    parts: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
    numerators: dict[int, list[Any]] = {}

    def keep(chosen: NDArray[np.int64], enumerated: Enumerated) -> NDArray[np.int64]:
        """Take over what one arithmetic has decided; the cells it has not."""
        verdict, surplus, number, found = enumerated
        done = verdict == DECIDED
        count[chosen], degenerate[chosen], complete[chosen] = number, surplus & done, verdict != TOO_MANY
        strategy = np.empty((chosen.size, int(number.max(initial=0)), 2, max(m, n)))
        spread(found, verdict, number, m, n, strategy)
        parts.append((chosen[done], strategy if done.all() else strategy[done]))
        if fractions:
            rows = iter(found.tolist())
            for cell, size in zip(chosen[done].tolist(), number[done].tolist(), strict=True):
                numerators[cell] = [(row[:m], row[m:]) for row in islice(rows, size)]
        rest: NDArray[np.int64] = chosen[verdict == BEYOND]
        return rest

    fits = np.ones(cells, np.bool_)
    fits[list(large)] = False
    room = rays_needed(m, n, quick=quick)
    left = keep(np.nonzero(fits)[0], in_machine_integers(whole if fits.all() else whole[fits], room))
    left = np.sort(np.concatenate([left, np.nonzero(~fits)[0]]))
    if left.size and not fractions and comb(m + n, m) <= MOST_BASES:
        wide = {int(np.searchsorted(left, cell)): numbers for cell, numbers in large.items()}
        left = keep(left, in_residues(whole[left], wide, payoffs[left]))
    for cell in left.tolist():
        first, second = large.get(cell, whole[cell].astype(object))
        most_looks = QUICK_LOOKS if quick else inf
        try:
            numerators[cell], degenerate[cell] = extreme_equilibria(first, second, most_looks)
        except TooManyError:
            complete[cell] = False
            continue
        count[cell] = len(numerators[cell])
        parts.append((np.array([cell]), probabilities(numerators[cell], max(m, n), float)[np.newaxis]))
    most = int(count.max(initial=0))
    whole_batch = len(parts) == 1 and parts[0][0].size == cells
    strategy = parts[0][1] if whole_batch else np.full((cells, most, 2, max(m, n)), np.nan)
    for chosen, part in [] if whole_batch else parts:
        strategy[chosen, : part.shape[1]] = part
    exact = np.full(strategy.shape, None, dtype=object) if fractions else None
    if exact is not None:
        for cell, pairs in numerators.items():
            exact[cell, : len(pairs)] = probabilities(pairs, max(m, n), object)
    return Decided(count, degenerate, complete, strategy, exact)


def read(
    payoffs: NDArray[np.float64], rational: Callable[[NDArray[np.int64]], NDArray[Any]], *, decimals: bool
) -> tuple[NDArray[np.int64], dict[int, NDArray[Any]]]:
    """Smallest whole numbers ``(E, 2, m, n)`` with the same best replies, and apart the large ones."""
    cells = payoffs.shape[0]
    whole, verdict = np.empty(payoffs.shape, np.int64), np.full(cells, BEYOND, np.uint8)
    if decimals:
        over_blocks(lambda first, last: whole_cells(payoffs, first, last, whole, verdict), cells, BLOCK)
    unread = np.nonzero(verdict == BEYOND)[0]
    large = {}
    for cell, game in zip(unread.tolist(), rational(unread) if unread.size else [], strict=True):
        numbers = np.stack([whole_payoffs(player) for player in game])
        if max(map(abs, numbers.ravel().tolist())) < LARGEST_WHOLE:
            whole[cell] = numbers.astype(np.int64)
        else:
            whole[cell], large[cell] = 0, numbers
    return whole, large


def in_machine_integers(whole: NDArray[np.int64], room: int) -> Enumerated:
    """All extreme equilibria of the cells ``whole (E, 2, m, n)`` that 64 bits and ``room`` rays are enough for."""
    cells, (m, n) = whole.shape[0], whole.shape[2:]
    verdict, count = np.zeros(cells, np.uint8), np.zeros(cells, np.int64)
    degenerate = np.zeros(cells, np.bool_)

    def enumerate_(first: int, last: int, found: NDArray[Any]) -> int:
        return int(extreme_pairs(whole, room, first, last, verdict, degenerate, count, found))

    return Enumerated(verdict, degenerate, count, collect(enumerate_, count, np.empty((0, m + n), np.int64)))


def in_residues(
    whole: NDArray[np.int64], large: dict[int, NDArray[Any]], payoffs: NDArray[np.float64] | None = None
) -> Enumerated:
    """All extreme equilibria of the cells ``whole (E, 2, m, n)`` whose minors are zero or clear of it.

    ``large`` holds the numbers of those cells that do not fit; ``payoffs (E, 2, m, n)`` are the floats of all,
    if there are any: they say which number to count from.
    """
    cells, (m, n) = whole.shape[0], whole.shape[2:]
    verdict, count = np.full(cells, BEYOND, np.uint8), np.zeros(cells, np.int64)
    degenerate = np.zeros(cells, np.bool_)
    ranges = np.maximum(np.ptp(whole.reshape(cells, 2, -1), axis=2), 1)
    # counted from the payoff nearest to zero: so neither their level nor the largest costs the others digits
    flat = whole.reshape(cells, 2, m * n)
    origin = np.abs(flat if payoffs is None else payoffs.reshape(flat.shape)).argmin(axis=2, keepdims=True)
    start = np.take_along_axis(flat, origin, axis=2)[..., np.newaxis]
    gains = (whole - start) / ranges.reshape(cells, 2, 1, 1)
    wrapped, bits = whole.view(np.uint64), np.log2(ranges)
    if large:
        wrapped = wrapped.copy()
    for cell, game in large.items():
        for player, numbers in enumerate(game):
            span = max(int(numbers.max() - numbers.min()), 1)
            above = numbers - numbers.flat[origin[cell, player, 0]]
            gains[cell, player], wrapped[cell, player] = above / span, numbers % 2**64
            bits[cell, player] = log2(span)
    bounds = np.array([error_bound(size) for size in range(max(m, n) + 1)])
    most = max(size * bits.max(initial=0) + np.log2(2 * bounds[size]) for size in range(1, min(m, n) + 1))
    moduli = primes()[: min(max(0, ceil((most - 64) / PRIME_BITS)), MOST_PRIMES)].reshape(-1, 1)
    residues = (whole.reshape(cells, 2, 1, m * n) % moduli).view(np.uint64)
    for cell, game in large.items():
        residues[cell] = game.reshape(2, 1, m * n) % moduli.astype(object)

    def enumerate_(first: int, last: int, found: NDArray[Any]) -> int:
        return int(
            residue_pairs(
                gains, wrapped, bits, residues, moduli.ravel().astype(np.uint64), *both_subsets(m, n), bounds,
                np.ones_like(bits), (none_tied(n, m), none_tied(m, n)), rays_needed(m, n), first, last,
                verdict, degenerate, count, found,
            )
        )  # fmt: skip

    return Enumerated(verdict, degenerate, count, collect(enumerate_, count, np.empty((0, m + n))))


def none_tied(own: int, other: int) -> NDArray[np.bool_]:
    """That no minor of so many actions and replies is known to be zero beforehand."""
    sizes = range(1, min(own, other - 1) + 1)
    return np.zeros(sum(comb(own, size) * comb(other, size + 1) for size in sizes), np.bool_)


def collect(
    enumerate_: Callable[[int, int, NDArray[Any]], int], count: NDArray[np.int64], empty: NDArray[Any]
) -> NDArray[Any]:
    """What a kernel finds in all cells, one after another, in blocks and in as many lists as it takes."""

    def work(first: int, last: int) -> list[NDArray[Any]]:
        lists, size = [], 4 * (last - first) + 512
        while first < last:
            found = np.empty((size, empty.shape[1]), empty.dtype)
            done = enumerate_(first, last, found)
            lists.append(found[: count[first:done].sum()])
            first, size = done, 2 * size
        return lists

    return np.concatenate(
        [empty, *(part for lists in over_blocks(work, count.size, BLOCK) for part in lists)]
    )


def probabilities(pairs: list[Any], width: int, dtype: type) -> NDArray[Any]:
    """Numerators of both players as fractions, or as the floats nearest to them: ``(K, 2, width)``."""
    nothing: Any = Fraction(0) if dtype is object else 0.0
    result: NDArray[Any] = np.full((len(pairs), 2, width), nothing, dtype=dtype)
    for k, pair in enumerate(pairs):
        for player, numerators in enumerate(pair):
            total = sum(numerators)
            for action, number in enumerate(numerators):
                result[k, player, action] = Fraction(number, total) if dtype is object else number / total
    return result
