"""Extreme equilibria of bimatrix games whose ties are known beforehand, in floats.

Where every minor is either zero in all cells, as the formulas of the payoffs say, or further from zero than
rounding can have brought it, floats decide as well as fractions do.  The method is that of
:mod:`sim.kernels.bimatrix.residues`, with no residues to ask: what is in doubt goes to the exact path.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.base.tolerances import EPSILON
from sim.kernels.bimatrix.double_description import MOST_LABELS, rays_needed
from sim.kernels.bimatrix.exact import MOST_BASES, Decided, Enumerated, collect, decide
from sim.kernels.bimatrix.residues import error_bound, residue_pairs
from sim.kernels.bimatrix.support_enumeration import both_subsets
from sim.kernels.bimatrix.vertex_enumeration import BEYOND, spread

__all__ = ["Tied", "decide_with_ties", "in_structure"]

Tied = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""For each player which minors of his payoffs are zero in every cell, in the order of the kernels."""

UNIT = EPSILON / 2
MANY_BITS = 1e6  # more than any residue or primes could answer for


def decide_with_ties(
    payoffs: NDArray[np.float64],
    rational: Callable[[NDArray[np.int64]], NDArray[Any]],
    vanishing: Callable[[], Tied],
    errors: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    *,
    quick: bool = False,
) -> Decided:
    """All extreme equilibria of finite cells ``payoffs (E, 2, m, n)``, as :func:`decide` gives them.

    ``vanishing`` gives the minors that are zero in every cell, and ``errors`` how far the payoffs of chosen
    cells may be off, ``(E,) -> (E, 2)``.
    """
    cells, (m, n) = payoffs.shape[0], payoffs.shape[2:]
    if not cells or m + n > MOST_LABELS or comb(m + n, m) > MOST_BASES:
        return decide(payoffs, rational, decimals=False, quick=quick)
    verdict, degenerate, count, found = in_structure(payoffs, errors(np.arange(cells)), vanishing())
    strategy = np.empty((cells, int(count.max(initial=0)), 2, max(m, n)))
    spread(found, verdict, count, m, n, strategy)
    complete, left = np.ones(cells, np.bool_), np.nonzero(verdict == BEYOND)[0]
    if left.size:
        rest = decide(payoffs[left], lambda chosen: rational(left[chosen]), decimals=False, quick=quick)
        count[left], degenerate[left], complete[left] = rest.count, rest.degenerate, rest.complete
        most = max(strategy.shape[1], rest.strategy.shape[1])
        wider = np.full((cells, most, 2, max(m, n)), np.nan)
        wider[:, : strategy.shape[1]] = strategy
        wider[left] = np.nan
        wider[left, : rest.strategy.shape[1]] = rest.strategy
        strategy = wider
    return Decided(count, degenerate, complete, strategy, None)


def in_structure(payoffs: NDArray[np.float64], errors: NDArray[np.float64], tied: Tied) -> Enumerated:
    """All extreme equilibria of the cells whose other minors are clear of zero; the rest are BEYOND.

    ``payoffs (E, 2, m, n)`` are off by at most ``errors (E, 2)``; what is ``tied`` is so in every cell.
    """
    cells, (m, n) = payoffs.shape[0], payoffs.shape[2:]
    verdict, count = np.full(cells, BEYOND, np.uint8), np.zeros(cells, np.int64)
    degenerate = np.zeros(cells, np.bool_)
    flat = payoffs.reshape(cells, 2, m * n)
    ranges = np.ptp(flat, axis=2)
    with np.errstate(all="ignore"):
        gains = (flat - flat[:, :, :1]) / ranges[..., np.newaxis]
        # a difference is off by two errors and three roundings; a range of zero, or beyond floats, is in doubt
        slack = 3.0 + 2.0 * errors / (UNIT * ranges)
    known = np.isfinite(slack) & np.isfinite(gains).all(axis=2)
    gains[~known], slack[~known] = 0.0, np.inf
    for player, minors in enumerate(tied):
        if minors.all():  # there is nothing to choose, wherever one looks
            gains[:, player], slack[:, player] = 0.0, 3.0
    bounds = np.array([error_bound(size) for size in range(max(m, n) + 1)])
    nothing = np.zeros((cells, 2, 1, m * n), np.uint64)

    def enumerate_(first: int, last: int, found: NDArray[Any]) -> int:
        return int(
            residue_pairs(
                gains.reshape(payoffs.shape), nothing.reshape(payoffs.shape), np.full((cells, 2), MANY_BITS),
                nothing, np.empty(0, np.uint64), *both_subsets(m, n), bounds, slack, tied,
                rays_needed(m, n), first, last,
                verdict, degenerate, count, found,
            )
        )  # fmt: skip

    return Enumerated(verdict, degenerate, count, collect(enumerate_, count, np.empty((0, m + n))))
