"""In which order the players rank the equilibria of a bimatrix game, exactly."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.base.tolerances import SAME_FOREIGN
from sim.kernels.bimatrix.exact import MOST_BASES, decide

__all__ = ["exact_ranks"]


def exact_ranks(
    payoffs: NDArray[np.float64],
    rational: Callable[[NDArray[np.int64]], NDArray[Any]],
    strategy: NDArray[np.float64],
    *,
    decimals: bool,
) -> NDArray[np.float64]:
    """Rank of each equilibrium by what it gives each player, ``(E, 2, m, n), .., (E, K, 2, A) -> (E, K, 2)``.

    Equal payoffs have equal ranks, better ones higher.  ``rational`` and ``decimals`` as :func:`decide` has
    them.  NaN beyond the last equilibrium, and throughout a cell that is too large or where some of them is
    not among the extreme ones.
    """
    result = np.full(strategy.shape[:3], np.nan)
    m, n = payoffs.shape[2:]
    if comb(m + n, m) > MOST_BASES or not len(payoffs):
        return result
    decided = decide(payoffs, rational, decimals=decimals, fractions=True)
    fractions = rational(np.arange(len(payoffs)))
    assert decided.rational is not None
    for cell, (first, second) in enumerate(fractions):
        claimed = int((~np.isnan(strategy[cell, :, 0, 0])).sum())
        known = decided.strategy[cell, : decided.count[cell]]
        values: list[list[Any]] = [[], []]
        for play in strategy[cell, :claimed]:
            apart = np.abs(known - play) > SAME_FOREIGN * np.maximum(known, play)
            same = np.nonzero(~apart.any(axis=(1, 2)))[0]
            if same.size == 0:
                break
            x, y = decided.rational[cell, same[0]]
            values[0].append((first @ y[:n]).max())
            values[1].append((x[:m] @ second).max())
        else:
            for player, own in enumerate(values):
                order = sorted(set(own))
                result[cell, :claimed, player] = [order.index(value) for value in own]
    return result
