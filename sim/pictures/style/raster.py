"""Grids of cells as pixels: where cells end, which pixels show which, and borders."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style.palette import Pixels, Regime, colour, overlay, paint, plain
from sim.pictures.style.regimes import Regimes

__all__ = ["border_lines", "edges", "lay", "pixel_codes", "raster", "swatch", "thin"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def thin(dataset: Any, most: int) -> Any:
    """The dataset, or on axes with more than ``most`` points so many of them, first and last included."""
    picks = {
        dim: np.round(np.linspace(0, dataset.sizes[dim] - 1, most)).astype(int)
        for dim in dataset["status"].dims
        if dataset.sizes[dim] > most
    }
    return dataset.isel(picks) if picks else dataset


def edges(points: Floats) -> Floats:
    """Where the cells around the points end, ``(P,) -> (P + 1,)``: half-way, and at the ends of the range."""
    if points.size == 1:
        return np.array([points[0] - 0.5, points[0] + 0.5])
    return np.concatenate([points[:1], (points[1:] + points[:-1]) / 2, points[-1:]])


def lay(points: Floats, pixels: int) -> Indices:
    """Which cell each of ``pixels`` equally wide pixels shows (the nearest), ``(pixels,)``."""
    ends = edges(points)
    centres = ends[0] + (np.arange(pixels) + 0.5) / pixels * (ends[-1] - ends[0])
    cells: Indices = np.clip(np.searchsorted(ends, centres) - 1, 0, points.size - 1)
    return cells


def pixel_codes(found: Regimes, columns: Indices, rows: Indices) -> Indices:
    """Which regime each pixel shows ``(R, C)``, first row at the bottom; ``found`` has axes (x, y).

    A knife edge has no width: its two halves are given to the regimes on its sides.
    """
    code: Indices = found.code.T[np.ix_(rows, columns)]
    if found.knife_edge.any():
        from scipy.ndimage import distance_transform_edt

        edge = found.knife_edge.T[np.ix_(rows, columns)]
        nearest = distance_transform_edt(edge, return_distances=False, return_indices=True)
        code = code[tuple(nearest)]
    return code


def raster(found: Regimes, code: Indices, columns: Indices, rows: Indices) -> Pixels:
    """The map as pixels ``(R, C, 3)``; ``code`` as :func:`pixel_codes` gives it."""
    image = np.ones((*code.shape, 3))
    for number, regime in enumerate(found.regimes):
        if plain(regime):
            image[code == number] = colour(regime.outcomes[0])
        else:
            row, column = np.nonzero(code == number)
            image[row, column] = paint(regime, row, column)
    for kind in ("beside", "only", "continuum"):
        where = getattr(found, kind)
        if where.any():
            overlay(image, where.T[np.ix_(rows, columns)], kind)
    return image


def swatch(regime: Regime, dots: str = "", shape: tuple[int, int] = (40, 68)) -> Pixels:
    """A sample of a regime for a legend."""
    row, column = (grid.ravel() for grid in np.indices(shape))
    image = paint(regime, row, column).reshape(*shape, 3)
    if dots:
        overlay(image, np.ones(shape, dtype=bool), dots)
    return image


def border_lines(code: Indices, x_ends: Floats, y_ends: Floats) -> list[Floats]:
    """Straight pieces of border between pixels of different codes, ``code (R, C)``, each piece ``(2, 2)``."""
    pieces = []
    for differs, across, along, upright in (
        (code.T[1:] != code.T[:-1], x_ends[1:-1], y_ends, True),
        (code[1:] != code[:-1], y_ends[1:-1], x_ends, False),
    ):
        for number in np.nonzero(differs.any(axis=1))[0]:
            line, place = differs[number], across[number]
            steps = np.diff(np.concatenate([[0], line.astype(np.int8), [0]]))
            for first, last in zip(
                along[np.nonzero(steps == 1)[0]], along[np.nonzero(steps == -1)[0]], strict=True
            ):
                piece = np.array([[place, first], [place, last]])
                pieces.append(piece if upright else piece[:, ::-1])
    return pieces
