"""Outcomes along every parameter, all others kept: what the tracks under the sliders are painted with."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.designs import steps
from sim.expression.numbers import numbers_as_written
from sim.pictures.style.regimes import tell_apart
from sim.scenario import Scenario
from sim.web.asked import View
from sim.web.cells import in_shape, seen_at, words_of_cells
from sim.web.paint import looks

__all__ = ["FEWEST", "LOOKS", "tracks"]

LOOKS, FEWEST = 61, 5  # along a parameter


def tracks(scenario: Scenario, view: View, count: int) -> dict[str, Any]:
    """Regimes, and for each parameter that has a range the number of the regime at ``count`` equal steps."""
    names = [name for name, one in scenario.parameters.items() if one.low != one.high]
    if not names:
        return {"regimes": [], "tracks": {}}
    values: dict[str, Any] = {}
    for moved, name in enumerate(names):
        parameter = scenario.parameters[name]
        line = steps(parameter.low, parameter.high, count)
        here = numbers_as_written([view.values[name]])
        values[name] = np.repeat(here, len(names) * count).astype(np.result_type(here, line))
        values[name][moved * count : (moved + 1) * count] = line
    seen = in_shape(seen_at(scenario, view, values), (len(names), count))
    # along a line each look is itself: nothing is thin, and nothing a continuum
    nothing = np.zeros(seen.half.shape, np.bool_)
    seen = type(seen)(seen.status, seen.count, seen.holds, seen.mixed, nothing, nothing, seen.leading)
    found = tell_apart(seen, words_of_cells(scenario, view.concept))
    return {
        "regimes": looks(found),
        "tracks": dict(zip(names, found.code.tolist(), strict=True)),
    }
