"""The plane of two swept parameters: cells, pixels, and the sheet of a map of either outcomes or numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style.files import DPI
from sim.pictures.style.palette import INK, Pixels
from sim.pictures.style.raster import border_lines, edges, in_order, lay, thin
from sim.pictures.style.sheet import Entry, Sheet, snap
from sim.pictures.style.words import axis_label, caption, equals, set_apart, with_what

__all__ = ["HEIGHT", "WIDTH", "Plane", "default_of", "heading"]

WIDTH, HEIGHT = 5.6, 4.7  # of a map in inches
MOST_PIECES = 20_000  # of border lines; beyond, cells are about as small as a line is wide
DIAMOND: dict[str, Any] = {"marker": "D", "markersize": 7, "markeredgewidth": 1.6, "color": "none"}
DEFAULTS = DIAMOND | {"markerfacecolor": "black", "markeredgecolor": "white"}
HERE = DIAMOND | {"markerfacecolor": "white", "markeredgecolor": "black"}  # hollow: something is set apart


@dataclass(frozen=True, eq=False)
class Plane:
    """A dataset of two axes, ready to be drawn.

    ``shown`` are its cells, thinned to the pixels there are and in rising order, in memory; ``columns (W,)``
    and ``rows (H,)`` say which cell each pixel shows; ``point`` is the default point (None: not on the map).
    """

    dataset: Any
    shown: Any
    dims: tuple[str, str]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    point: tuple[float, float] | None
    notes: tuple[str, ...]

    @classmethod
    def of(cls, dataset: Any) -> Plane:
        """The plane of a dataset; raises ValueError unless two parameters are swept."""
        dims = dataset["status"].dims
        if len(dims) != 2:
            swept = ", ".join(map(str, dims)) or "none"
            raise ValueError(f"a map has two axes, this dataset {len(dims)} ({swept}): fix others with --set")
        width, height = round(snap(WIDTH) * DPI), round(snap(HEIGHT) * DPI)
        shown = in_order(thin(dataset, max(width, height)), dims)
        x, y = (np.asarray(shown[dim].values, dtype=float) for dim in dims)
        default = default_of(dataset, dims[0]), default_of(dataset, dims[1])
        inside = all(axis[0] <= value <= axis[-1] for axis, value in zip((x, y), default, strict=True))
        notes = []
        if not inside and np.isfinite(default).all():
            words = ", ".join(f"{dim} = {value:g}" for dim, value in zip(dims, default, strict=True))
            notes.append(f"the default point ({words}) lies outside the map")
        if any(shown.sizes[dim] < dataset.sizes[dim] for dim in dims):
            notes.append(
                f"of these cells the picture shows {' x '.join(str(shown.sizes[dim]) for dim in dims)}"
            )
        return cls(
            dataset, shown, dims, x, y, lay(x, width), lay(y, height),
            default if inside else None, tuple(notes),
        )  # fmt: skip

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Where the map ends: left, right, bottom, top."""
        x, y = edges(self.x), edges(self.y)
        return float(x[0]), float(x[-1]), float(y[0]), float(y[-1])

    @property
    def middles(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The points of both axes that lie in the middle of the pixels."""
        left, right, bottom, top = self.bounds
        width, height = self.columns.size, self.rows.size
        across, up = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
        return left + (right - left) * across, bottom + (top - bottom) * up

    @property
    def axes(self) -> dict[str, NDArray[np.float64]]:
        """The points of both axes by name."""
        return dict(zip(self.dims, (self.x, self.y), strict=True))

    @property
    def whose(self) -> str:
        """What the marked point is: ``defaults``, or ``here, with war_value = 2.5`` where something is set."""
        told = with_what(self.dataset)
        return f"here, {told}" if told else "defaults"

    def at_point(self, cells: NDArray[Any]) -> Any:
        """What an array over cells ``(X, Y)`` says of the marked point; False where that is not a point swept."""
        if self.point is None:
            return False
        near = [
            int(np.abs(axis - value).argmin())
            for axis, value in zip((self.x, self.y), self.point, strict=True)
        ]
        met = all(
            f"{axis[at]:g}" == f"{value:g}"
            for axis, at, value in zip((self.x, self.y), near, self.point, strict=True)
        )
        return met and cells[near[0], near[1]]

    def pixels(self, cells: NDArray[Any]) -> NDArray[Any]:
        """An array over cells ``(X, Y, ...)`` as one over pixels ``(H, W, ...)``, first row at the bottom."""
        result: NDArray[Any] = cells.swapaxes(0, 1)[np.ix_(self.rows, self.columns)]
        return result

    def sheet(
        self, image: Pixels, borders: NDArray[Any] | Sequence[NDArray[Any]], subtitle: str, entries: Sequence[Entry],
        finding: str = "", notes: Sequence[str] = (), *, reserve: float = 0.0,
    ) -> Sheet:  # fmt: skip
        """The sheet with the map on its one panel: pixels, border lines, the default point.

        ``borders`` are lines, or the code of each pixel, where they run between different ones.  The default point
        is a full diamond where all else is at its default, and a hollow one where something is not.
        ``finding`` is what the caption says first.  ``reserve`` inches are left free above the entries of the legend.
        """
        from matplotlib.collections import LineCollection

        entries, marker = list(entries), HERE if set_apart(self.dataset) else DEFAULTS
        if self.point is not None:
            words = ", ".join(map(equals, self.dims, self.point))
            entries.append(Entry(f"{self.whose}: {words}", line=marker))
        sheet = Sheet(
            *heading(self.dataset, subtitle),
            axis_label(self.dataset, self.dims[0]),
            [axis_label(self.dataset, self.dims[1])],
            entries,
            caption(self.dataset, finding, *self.notes, *notes),
            width=WIDTH,
            heights=[HEIGHT],
            reserve=reserve,
        )
        (panel,) = sheet.panels
        left, right, bottom, top = self.bounds
        panel.imshow(
            np.round(255 * image).astype(np.uint8),
            origin="lower",
            extent=self.bounds,
            aspect="auto",
            interpolation="none",
        )
        panel.set(xlim=(left, right), ylim=(bottom, top))
        pieces: Any = borders
        if isinstance(borders, np.ndarray):
            height, width = borders.shape
            ends = np.linspace(left, right, width + 1), np.linspace(bottom, top, height + 1)
            pieces = border_lines(borders, *ends)
        if len(pieces) <= MOST_PIECES:
            panel.add_collection(LineCollection(pieces, colors=INK, linewidths=0.7, capstyle="projecting"))
        if self.point is not None:
            panel.plot(*self.point, zorder=5, clip_on=False, **marker)
        return sheet


def default_of(dataset: Any, dim: str) -> float:
    """The default of a swept parameter; NaN where a dataset does not say."""
    known = json.loads(dataset.attrs.get("defaults", "{}"))
    return float(dataset[dim].attrs.get("default", known.get(dim, np.nan)))


def heading(dataset: Any, subtitle: str) -> tuple[str, str]:
    """The question a sweep asks, and below it the scenario, what is shown, and what is set off its default."""
    scenario = dataset.attrs.get("scenario_title") or dataset.attrs.get("scenario", "")
    title = dataset.attrs.get("title") or dataset.attrs.get("sweep", "")
    told = " · ".join(filter(None, [scenario, subtitle, with_what(dataset)]))
    return title, told
