"""Where a number over two parameters jumps, and lines of equal numbers that do not run through jumps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style.raster import edges

__all__ = ["as_paths", "cut", "jumps", "walls"]

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

STEP = 0.06  # of the range of the number: a smaller difference from cell to cell is no jump
STEEPER = 3.0  # times the differences before and after it


def jumps(number: Floats, axis: int) -> Truths:
    """Whether a number ``(X, Y)`` jumps from one cell to the next along an axis, one less along it.

    A jump is a difference far larger than those before and after it: a steep slope has none.
    Beside gaps (NaN) there is nothing to compare with, and no jump.
    """
    moved = np.moveaxis(number, axis, 0)
    step = np.abs(np.diff(moved, axis=0))
    around = np.zeros_like(step)
    around[1:] = np.fmax(around[1:], np.nan_to_num(step[:-1]))
    around[:-1] = np.fmax(around[:-1], np.nan_to_num(step[1:]))
    size = np.nanmax(number) - np.nanmin(number)
    found: Truths = np.nan_to_num(step) > np.maximum(STEEPER * around, STEP * size)
    return np.moveaxis(found, 0, axis)


def walls(number: Floats, x: Floats, y: Floats) -> list[Floats]:
    """The borders between cells ``(X, Y)`` at which a number jumps, as straight pieces ``(2, 2)``."""
    x_ends, y_ends = edges(x), edges(y)
    pieces = [
        np.array([[x_ends[i + 1], y_ends[j]], [x_ends[i + 1], y_ends[j + 1]]])
        for i, j in np.argwhere(jumps(number, 0)).tolist()
    ]
    pieces += [
        np.array([[x_ends[i], y_ends[j + 1]], [x_ends[i + 1], y_ends[j + 1]]])
        for i, j in np.argwhere(jumps(number, 1)).tolist()
    ]
    return pieces


def cut(line: Floats, number: Floats, x: Floats, y: Floats) -> list[Floats]:
    """A line of equal numbers ``(V, 2)``, whose corners lie between neighbouring cells, without those in jumps."""
    across, along = jumps(number, 0), jumps(number, 1)
    column, row = position(line[:, 0], x), position(line[:, 1], y)
    # a corner lies on a column of cells and between two rows, or the other way round
    on_column = np.abs(column - np.round(column)) <= np.abs(row - np.round(row))
    near_column, near_row = np.round(column).astype(int), np.round(row).astype(int)
    left = np.clip(column.astype(int), 0, len(x) - 2)
    below = np.clip(row.astype(int), 0, len(y) - 2)
    crossed = np.where(on_column, along[near_column, below], across[left, near_row])
    pieces = np.split(line, np.nonzero(np.diff(crossed))[0] + 1)
    kept = np.split(crossed, np.nonzero(np.diff(crossed))[0] + 1)
    return [piece for piece, through in zip(pieces, kept, strict=True) if not through[0] and len(piece) > 1]


def position(values: Floats, points: Floats) -> Floats:
    """Where values lie among points, as fractions of places."""
    result: Floats = np.interp(values, points, np.arange(points.size, dtype=float))
    return result


def as_paths(lines: list[list[Floats]]) -> list[Any]:
    """For each level the pieces of its lines as one path."""
    from matplotlib.path import Path

    return [
        Path.make_compound_path(*[Path(piece) for piece in pieces]) if pieces else Path(np.zeros((0, 2)))
        for pieces in lines
    ]
