"""Which equilibria of neighbouring cells continue each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["branches"]

NEAR = 0.25  # largest change of an outcome's probability from one cell to the next along one branch


def branches(
    probability: NDArray[Any], value: NDArray[Any]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Equilibria in chains along an axis: pairs of cells and equilibrium numbers, ``(L,), (L,)``.

    ``probability (X, K, outcome)``, ``value (X, K, player)``, NaN beyond a cell's last equilibrium.
    From one cell to the next each equilibrium is continued by at most one, the nearest first, and none
    where outcomes or values jump: a jump is a gap, not a slope.
    """
    present = ~np.isnan(probability[..., 0])
    size = (
        np.nanmax(value, axis=(0, 1)) - np.nanmin(value, axis=(0, 1))
        if present.any()
        else np.ones(value.shape[-1])
    )
    scaled = value / np.where(size > 0, size, 1.0)
    # on a coarse axis even a smooth value takes large steps
    step = min(0.5, max(0.06, 3 / max(len(value) - 1, 1)))
    open_chains: dict[int, list[tuple[int, int]]] = {}
    closed: list[list[tuple[int, int]]] = []
    for cell in range(len(present)):
        continued: dict[int, list[tuple[int, int]]] = {}
        numbers = np.nonzero(present[cell])[0].tolist()
        pairs = []
        for before in open_chains:
            for number in numbers:
                apart = np.abs(probability[cell, number] - probability[cell - 1, before]).max()
                moved = np.abs(scaled[cell, number] - scaled[cell - 1, before]).max(initial=0.0)
                if apart <= NEAR and moved <= step:
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
