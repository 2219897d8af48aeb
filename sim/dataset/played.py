"""Crises that were played as a dataset, for pictures: what came of them over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray
from numpy.typing import NDArray

__all__ = ["played"]


def played(
    share: NDArray[np.float64],
    lived: NDArray[np.int64],
    outcomes: Sequence[str],
    attrs: Mapping[str, str],
    visits: NDArray[np.float64] | None = None,
    states: Sequence[str] = (),
) -> xarray.Dataset:
    """``share (period, outcome)``, ``lived (period, run)`` numbers of outcomes, ``visits (period, state)``.

    Periods count from 1; ``lived`` holds the first runs only; ``visits`` where the game has states.
    """
    words = {"long_name": "share of runs with this outcome", "units": "share of runs"}
    variables = {
        "share": (("period", "outcome"), share, words),
        "lived": (("period", "run"), lived, {"long_name": "number of the outcome of single runs"}),
    }
    coords = {
        "period": np.arange(1, len(share) + 1),
        "outcome": list(outcomes),
        "run": np.arange(1, lived.shape[1] + 1),
    }
    if visits is not None:
        words = {"long_name": "share of runs in this state", "units": "share of runs"}
        variables["visits"] = (("period", "state"), visits, words)
        coords["state"] = list(states)
    return xarray.Dataset(variables, coords, dict(attrs))
