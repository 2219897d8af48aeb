"""Points of a scenario that are drawn from what is believed of its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.designs.distributions import Belief, Lattice, Uniform
from sim.designs.points import Points
from sim.expression.decimals import decimal_places

if TYPE_CHECKING:
    from sim.expression import Number
    from sim.scenario import Scenario
    from sim.scenario.tables import Sample

__all__ = ["sample_points"]

FINEST, COARSEST = 5, 3  # decimals of the unit to which parameters are rounded
TRIED = 64  # points on which it is seen whether rounding leaves payoffs exact


def sample_points(
    scenario: Scenario, sample: Sample, given: Mapping[str, Number], *, uniform: bool = False
) -> tuple[Points, dict[str, Number]]:
    """The points of a sample, and the values of all parameters that are not drawn.

    Values have so few decimals that payoffs are exact after rounding, as far as formulas allow.  ``uniform`` leaves
    out what the file believes.  Raises ValueError for values that cannot be set.
    """
    fixed = {name: value for name, value in scenario.values(**given).items() if name not in sample.ranges}
    beliefs = dict(believed(scenario, sample, uniform=uniform))
    found = None
    for places in range(FINEST, COARSEST - 1, -1):
        lattices = {name: Lattice.between(*ends, places) for name, ends in sample.ranges.items()}
        points = Points(sample.design, beliefs, lattices, sample.points, sample.replicates, sample.seed)
        found = found or points
        if are_exact(scenario, points, fixed):
            return points, fixed
    assert found is not None, "there is a number of places to try"
    return found, fixed


def believed(scenario: Scenario, sample: Sample, *, uniform: bool) -> Iterator[tuple[str, Belief]]:
    """What is believed of each parameter that is drawn, given that it lies in its range."""
    for name, (low, high) in sample.ranges.items():
        ends = float(low), float(high)
        parameter = scenario.parameters[name]
        whole = ends == (float(parameter.low), float(parameter.high))
        if uniform:
            yield name, Uniform(*ends)
        else:
            yield name, parameter.belief if whole else parameter.belief.within(*ends)


def are_exact(scenario: Scenario, points: Points, fixed: Mapping[str, Any]) -> bool:
    """Whether payoffs at such points are short decimals, which floats tell exactly once they are rounded."""
    formulas = scenario.reading.formulas
    unit = np.random.default_rng(0).random((TRIED, len(points.names)))
    values = {**fixed, **points.values(unit)}
    inputs = {name: values[name] for name in formulas.parameters}
    return decimal_places(formulas.program, [entry.step for entry in formulas.entries], inputs) is not None
