"""One swept parameter, as pictures along a line show it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.game import Floats
from sim.pictures.style.raster import thin

__all__ = ["DEFAULT", "DOTTED", "along_line"]

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
    shown = thin(dataset, MOST_POINTS).sortby(dim).load()
    return shown, dim, np.asarray(shown[dim].values, dtype=float)
