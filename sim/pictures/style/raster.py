"""Grids of cells as pixels: where cells end, which pixels show which, and borders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.base.tolerances import ROUNDED
from sim.pictures.style.palette import Palette, Pixels, Regime, overlay
from sim.pictures.style.regimes import Regimes

__all__ = [
    "border_lines",
    "chains",
    "edges",
    "in_order",
    "lay",
    "painted",
    "pixel_codes",
    "raster",
    "snapped",
    "swatch",
    "thin",
]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

MOST_CHAINED = 20_000  # cells of knife edges
GAP = 6.5  # cells from one cell of a knife edge to the next


def thin(dataset: Any, most: int) -> Any:
    """The dataset, or on axes with more than ``most`` points so many of them, first and last included."""
    picks = {
        dim: np.round(np.linspace(0, dataset.sizes[dim] - 1, most)).astype(int)
        for dim in dataset["status"].dims
        if dataset.sizes[dim] > most
    }
    return dataset.isel(picks) if picks else dataset


def in_order(dataset: Any, dims: Sequence[str]) -> Any:
    """The dataset with points that rise along the axes; as it is where they do, for picked points are slow to read."""
    falling = [dim for dim in dims if (np.diff(dataset[dim].values) < 0).any()]
    return dataset.sortby(falling) if falling else dataset


def edges(points: Floats) -> Floats:
    """Where the cells around the points end, ``(P,) -> (P + 1,)``: half-way, and at the ends of the range."""
    if points.size == 1:
        return np.array([points[0] - 0.5, points[0] + 0.5])
    return np.concatenate([points[:1], (points[1:] + points[:-1]) / 2, points[-1:]])


def snapped(points: Floats, borders: Sequence[float]) -> Floats:
    """Where the cells around the points end, moved to borders that lie between two points.

    A point on a border has no width.
    """
    ends = edges(points)
    for border in borders:
        near = int(np.abs(points - border).argmin())
        if np.isclose(points[near], border, rtol=0, atol=ROUNDED * np.ptp(points)):
            ends[near : near + 2] = border
        else:
            ends[near + (border > points[near])] = border
    return ends


def lay(points: Floats, pixels: int, ends: Floats | None = None) -> Indices:
    """Which cell each of ``pixels`` equally wide pixels shows (the nearest), ``(pixels,)``; ``ends`` are theirs."""
    ends = edges(points) if ends is None else ends
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
    """The map as pixels ``(R, C, 3)``; ``code`` as :func:`pixel_codes` gives it, ``found`` is of the cells."""
    return painted(found, code, found.continuum.T[np.ix_(rows, columns)])


def painted(found: Regimes, code: Indices, continuum: NDArray[np.bool_] | None = None) -> Pixels:
    """Pixels ``(R, C, 3)`` of a code for each; where none is given, ``found`` has the ``continuum`` of each.

    Dots say where there is a continuum, and only on plain colours: one texture at a time.
    """
    image = np.ones((*code.shape, 3))
    dotted = np.zeros(code.shape, dtype=bool)
    for number, regime in enumerate(found.regimes):
        if found.palette.plain(regime):
            image[code == number] = found.palette.colour(regime.outcomes[0])
            dotted |= code == number
        else:
            row, column = np.nonzero(code == number)
            image[row, column] = found.palette.paint(regime, row, column)
    if found.dotted:
        overlay(image, (found.continuum.T if continuum is None else continuum) & dotted)
    return image


def swatch(
    palette: Palette, regime: Regime, *, dots: bool = False, shape: tuple[int, int] = (40, 68)
) -> Pixels:
    """A sample of a regime for a legend."""
    row, column = (grid.ravel() for grid in np.indices(shape))
    image = palette.paint(regime, row, column).reshape(*shape, 3)
    if dots:
        overlay(image, np.ones(shape, dtype=bool))
    return image


def chains(where: NDArray[np.bool_], x: Floats, y: Floats) -> list[Floats]:
    """Lines through single cells ``(X, Y)`` that lie in a row, even with gaps: straight pieces ``(2, 2)``."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial import cKDTree

    cells = np.argwhere(where)
    if not 1 < len(cells) <= MOST_CHAINED:
        return []
    pairs = cKDTree(cells).query_pairs(GAP, output_type="ndarray")
    if not len(pairs):
        return []
    length = np.linalg.norm(cells[pairs[:, 0]] - cells[pairs[:, 1]], axis=1)
    tree = minimum_spanning_tree(coo_array((length, pairs.T), shape=2 * (len(cells),)).tocsr()).tocoo()
    points = np.column_stack([x[cells[:, 0]], y[cells[:, 1]]])
    return [points[[one, other]] for one, other in zip(tree.row.tolist(), tree.col.tolist(), strict=True)]


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
