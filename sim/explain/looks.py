"""Tipping points by looking: certified solutions along each parameter, then halving between those that differ."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.dataset.schema import HOLDS
from sim.designs import steps
from sim.explain.change import Change, Held
from sim.expression.numbers import fraction, written
from sim.scenario import Scenario
from sim.solving import solve

__all__ = ["looked_for", "outcomes_at"]

LOOKS, FEWEST = 61, 9  # along a parameter
PATIENCE = 10.0  # seconds for all parameters
HALVINGS, SHORT_OF_TIME = 30, 6


def outcomes_at(scenario: Scenario, values: Mapping[str, Any]) -> Held:
    """The outcomes that some equilibrium plays with probability 1/2 or more."""
    return outcomes_along(scenario, values)[0]


def outcomes_along(scenario: Scenario, values: Mapping[str, Any]) -> list[Held]:
    """The same for each cell of a batch."""
    solution = solve(scenario.game(**values))
    names = solution.game.outcomes.names
    likely = np.asarray((np.nan_to_num(solution.outcomes) >= HOLDS).any(axis=1))
    return [tuple(name for name, holds in zip(names, cell, strict=True) if holds) for cell in likely.tolist()]


def looked_for(
    scenario: Scenario, values: Mapping[str, Any], held: Held
) -> tuple[list[Change], tuple[str, ...]]:
    """Changes that looks find along each parameter, and the parameters along which they find none.

    Between two looks that agree another change may hide.
    """
    began = monotonic()
    held_again = outcomes_at(scenario, values)
    cost = max(monotonic() - began, 1e-4)
    count = len(scenario.parameters)
    looks = int(np.clip(PATIENCE / cost / max(count, 1) / 2, FEWEST, LOOKS))
    halvings = HALVINGS if cost < PATIENCE / 400 else SHORT_OF_TIME
    found: list[Change] = []
    quiet: list[str] = []
    assert held == held_again
    for name, parameter in scenario.parameters.items():
        if parameter.low == parameter.high:
            quiet.append(name)
            continue
        here = float(values[name])
        grid = np.unique([*steps(parameter.low, parameter.high, looks).astype(float), here])
        changes = list(along(scenario, values, name, grid, halvings))
        width = float(parameter.high) - float(parameter.low)
        for at, below, above in changes:
            before, after = (below, above) if at >= here else (above, below)
            found.append(Change(name, values[name], at, abs(at - here) / width, False, before, after))
        if not changes:
            quiet.append(name)
    return found, tuple(quiet)


def along(
    scenario: Scenario, values: Mapping[str, Any], name: str, grid: NDArray[np.float64], halvings: int
) -> list[tuple[float, Held, Held]]:
    """Where outcomes differ along one parameter: about where, what holds below, what above."""
    seen = outcomes_along(scenario, {**values, name: grid})
    places = [place for place in range(len(grid) - 1) if seen[place] != seen[place + 1]]
    low, high = grid[places], grid[[place + 1 for place in places]]
    ends = [(seen[place], seen[place + 1]) for place in places]
    for _ in range(halvings if places else 0):
        middle = (low + high) / 2
        now = outcomes_along(scenario, {**values, name: middle})
        for place, outcomes in enumerate(now):
            below, _ = ends[place]
            if outcomes == below:
                low[place] = middle[place]
            else:
                high[place], ends[place] = middle[place], (below, outcomes)
    return [
        (float(written(fraction(float(f"{at:.6g}")))), below, above)
        for at, (below, above) in zip(high, ends, strict=True)
    ]
