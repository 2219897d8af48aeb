"""Where along a line from 0 to 1 something holds: tried on a grid, each change between two points bisected."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.game import Floats
from sim.kernels.base.tolerances import CERTIFIED

__all__ = ["discounts_where"]


def discounts_where(
    holds: Callable[[NDArray[np.int64], Floats], NDArray[np.bool_]],
    cells: int,
    *,
    points: int = 49,
    tolerance: float = CERTIFIED,
) -> list[NDArray[np.float64]]:
    """Intervals of discounts at which ``holds(cell, discount)`` is true: one array ``(intervals, 2)`` a cell.

    ``points`` discounts in (0, 1) are tried and each change between two of them is bisected to
    ``tolerance``; intervals that fit between two points are not seen.
    """
    grid = np.linspace(0.0, 1.0, points + 2)[1:-1]
    every = np.repeat(np.arange(cells), points)
    sustained = holds(every, np.tile(grid, cells)).reshape(cells, points)
    cell, place = np.nonzero(sustained[:, 1:] != sustained[:, :-1])
    low, high, rises = grid[place], grid[place + 1], sustained[cell, place + 1]
    while cell.size and (high - low).max() > tolerance:
        middle = 0.5 * (low + high)
        inside = holds(cell, middle) == rises
        low, high = np.where(inside, low, middle), np.where(inside, middle, high)
    border = np.where(rises, high, low)
    first, last = np.flatnonzero(sustained[:, 0]), np.flatnonzero(sustained[:, -1])
    of = np.concatenate([first, cell, last])
    ends = np.concatenate([np.zeros(len(first)), border, np.ones(len(last))])
    inwards = np.lexsort((ends, of))
    parts = np.split(ends[inwards], np.cumsum(np.bincount(of, minlength=cells))[:-1])
    return [part.reshape(-1, 2) for part in parts[:cells]]
