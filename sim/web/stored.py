"""Maps that were made before: the dataset of a sweep of the file, where a view asks just that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style import distinguish
from sim.pictures.style.raster import thin
from sim.scenario import Scenario
from sim.scenario.library import results_of
from sim.web.asked import MOST_POINTS, View
from sim.web.landscape import as_told

__all__ = ["stored_map"]


def stored_map(
    scenario: Scenario, view: View
) -> tuple[dict[str, Any], NDArray[np.uint8], NDArray[np.uint8]] | None:
    """What `standoff make` kept of this very question, as the page draws it; None where it kept nothing."""
    path = kept(scenario, view)
    if path is None:
        return None
    from sim.dataset import open_dataset
    from sim.dataset.measures import selected

    try:
        dataset = thin(selected(open_dataset(path), view.select or "all"), MOST_POINTS).load()
    except ValueError:
        return None
    if dataset["status"].ndim != 2:
        return None
    found = distinguish(dataset)
    shape = found.code.shape
    head = {
        "axes": [{"name": s.name, "low": float(s.low), "high": float(s.high)} for s in view.axes],
        "shape": shape, "solved": found.code.size, "cells": found.code.size, "whole": True, "done": True,
        "milliseconds": 0, "stored": path.name,
    }  # fmt: skip
    return as_told(found, head)


def kept(scenario: Scenario, view: View) -> Path | None:
    """Where the dataset of a view lies, if it is there and of this version of the file."""
    from sim.dataset import unlike_the_file  # with all that reads datasets, for which the page need not wait

    for name, sweep in scenario.sweeps.items():
        axes = tuple((axis, span.low, span.high) for axis, span in sweep.over.items())
        values = {one: parameter.default for one, parameter in scenario.parameters.items()} | dict(sweep.set)
        same = axes == tuple((span.name, span.low, span.high) for span in view.axes)
        fixed = all(values[one] == value for one, value in view.others.items())
        asked = (view.concept, view.solver) == (sweep.concept, sweep.solver)
        if same and fixed and asked:
            path = results_of(scenario.name) / f"{name}.zarr"
            if not unlike_the_file(path, scenario, name):
                return path
    return None
