"""One swept parameter, as pictures along a line show it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.game import Floats
from sim.pictures.style.plane import default_of
from sim.pictures.style.raster import in_order, thin
from sim.pictures.style.sheet import Entry
from sim.pictures.style.words import equals, with_what

__all__ = ["DOTTED", "DefaultLine", "along_line", "at_value"]

MOST_POINTS = 2000
DOTTED = 60  # up to so many points each is marked, so that lines do not pretend to know more
DEFAULT: dict[str, Any] = {"color": "black", "linewidth": 1.0, "linestyle": (0, (2, 2))}


def along_line(dataset: Any) -> tuple[Any, str, Floats]:
    """The dataset in order of its one axis, thinned and loaded; the axis; its points ``(P,)``.

    Raises ValueError unless one parameter is swept.
    """
    dims = dataset["status"].dims
    if len(dims) != 1:
        swept = ", ".join(map(str, dims)) or "none"
        raise ValueError(f"a slice has one axis, this dataset {len(dims)} ({swept}): fix others with --at")
    (dim,) = dims
    shown = in_order(thin(dataset, MOST_POINTS), dims).load()
    return shown, dim, np.asarray(shown[dim].values, dtype=float)


class DefaultLine:
    """The line at the default of the swept parameter, and its entry in a legend, where the points ``(P,)`` reach it."""

    def __init__(self, dataset: Any, dim: str, points: Floats) -> None:
        self.value = default_of(dataset, dim)
        self.inside = bool(points[0] <= self.value <= points[-1])
        told = with_what(dataset)  # off its own default something else is set
        words = f"{f'here, {told}' if told else 'default'}: {equals(dim, self.value)}"
        self.entries = [Entry(words, line=DEFAULT)] if self.inside else []

    def draw(self, panel: Any) -> None:
        """On a panel."""
        if self.inside:
            panel.axvline(self.value, **DEFAULT)


def at_value(points: Floats, value: float, cells: Any) -> Any:
    """What an array over cells ``(X,)`` says at a value; False where that is not a point swept."""
    near = int(np.abs(points - value).argmin())
    return f"{points[near]:g}" == f"{value:g}" and cells[near]
