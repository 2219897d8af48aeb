"""Which equilibria of neighbouring cells continue each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.base.tolerances import CERTAIN, ROUNDED, SAME_VALUE

__all__ = ["branches"]

NEAR = 0.25  # largest change of an outcome's probability from one cell to the next along one branch
STEP = 0.06  # largest change of a value, in units of its range, where play is certain; where somebody mixes,
MIXED_STEP = 0.5  # probabilities tell branches apart, and values may change faster

Chain = list[tuple[int, int]]


def branches(
    probability: NDArray[Any], value: NDArray[Any]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Equilibria in chains along an axis: pairs of cells and equilibrium numbers, ``(L,), (L,)``.

    ``probability (X, K, outcome)``, ``value (X, K, player)``, NaN beyond a cell's last equilibrium.
    From one cell to the next each equilibrium is continued by at most one, the nearest first, and none
    where outcomes or values jump: a jump is a gap, not a slope.
    """
    present = ~np.isnan(probability[..., 0])
    scaled = value / ranges(value[present])
    certain = np.nan_to_num(probability).max(axis=-1) > CERTAIN
    # on a coarse axis even a smooth value takes large steps
    step = min(MIXED_STEP, max(STEP, 3 / max(len(value) - 1, 1)))
    open_chains: dict[int, Chain] = {}
    closed: list[Chain] = []
    for cell in range(len(present)):
        continued: dict[int, Chain] = {}
        numbers = np.nonzero(present[cell])[0].tolist()
        pairs = []
        for before in open_chains:
            for number in numbers:
                apart = np.abs(probability[cell, number] - probability[cell - 1, before]).max()
                moved = np.abs(scaled[cell, number] - scaled[cell - 1, before]).max(initial=0.0)
                mixes = not (certain[cell, number] or certain[cell - 1, before])
                if apart <= NEAR and moved <= (MIXED_STEP if mixes else step):
                    pairs.append((apart + moved, before, number))
        for _, before, number in sorted(pairs):
            if before in open_chains and number not in continued:
                continued[number] = open_chains.pop(before)
                continued[number].append((cell, number))
        closed += open_chains.values()
        open_chains = continued | {number: [(cell, number)] for number in numbers if number not in continued}
    closed += open_chains.values()
    return [
        (np.array([cell for cell, _ in chain]), np.array([number for _, number in chain])) for chain in closed
    ]


def ranges(value: NDArray[Any]) -> NDArray[np.float64]:
    """Range of each player's values ``(E, player) -> (player,)``; 1 where they differ by rounding only."""
    if not value.size:
        return np.ones(value.shape[-1])
    size: NDArray[np.float64] = value.max(axis=0) - value.min(axis=0)
    own = np.abs(value).max(axis=0)
    # a value that is always 0 is rounding of the payoffs of others
    return np.where(size > np.maximum(SAME_VALUE * own, ROUNDED * own.max()), size, 1.0)
