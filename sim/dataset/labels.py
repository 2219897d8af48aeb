"""The labels of results: what each axis means, and where everything comes from."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import zarr

from sim.designs import Grid
from sim.expression import Number
from sim.scenario import Scenario, Sweep
from sim.scenario.over import over_words
from sim.solution import Solution
from sim.version import __version__

__all__ = ["Labels", "command", "coordinates", "describe"]

Labels = dict[str, tuple[Any, dict[str, Any]]]
"""Values and attributes of the coordinate of each dim."""

ROUNDED = "Numbers that no float tells were rounded."


def coordinates(scenario: Scenario, grid: Grid, solution: Solution) -> Labels:
    """Values and attributes of the coordinate of each dim, by name."""
    result: Labels = {}
    for name, values in grid.axes.items():
        parameter = scenario.parameters[name]
        result[name] = (
            values,
            {
                "long_name": parameter.meaning,
                "units": parameter.unit,
                "source": parameter.source,
                "default": float(parameter.default),
                "low": float(parameter.low),
                "high": float(parameter.high),
            },
        )
    agents = solution.game.agents
    result["player"] = list(solution.game.players), {}
    result["outcome"] = list(solution.game.outcomes.names), {}
    if solution.game.states:
        result["state"] = list(solution.game.states), {}
    result["agent"] = [agent.label for agent in agents], {}
    result["action"] = (
        np.arange(solution.game.mask.shape[1]),
        {"labels": "the attribute 'actions' of the dataset"},
    )
    return result


def describe(
    scenario: Scenario,
    sweep: Sweep,
    grid: Grid,
    fixed: Mapping[str, Number],
    solution: Solution,
    solver: str,
    keep: str,
    select: str | None = None,
) -> dict[str, str]:
    """The attributes of a dataset: all that is needed to read it and to cite it."""
    parameters = scenario.parameters
    numbers = {name: str(value) for name, value in fixed.items() if isinstance(value, Fraction)}
    numbers |= {name: f"{values[0]} .. {values[-1]}" for name, values in grid.exact.items()}
    return {
        "title": sweep.title or sweep.name,
        "note": " ".join(filter(None, (sweep.note, ROUNDED if solution.rounded.any() else ""))),
        **({"written": json.dumps(numbers)} if numbers else {}),
        "scenario": scenario.name,
        "scenario_title": scenario.title,
        "scenario_digest": scenario.digest,
        "sweep": sweep.name,
        "form": scenario.form,
        "concept": solution.concept,
        "solver": solver,
        "select": select or "",
        "keep": keep,
        "plot": json.dumps(sweep.plot or {}),
        "axes": json.dumps(
            {name: [values[0], values[-1], values.size] for name, values in grid.axes.items()}
        ),
        "fixed": json.dumps({name: float(value) for name, value in fixed.items()}),
        "defaults": json.dumps({name: float(parameter.default) for name, parameter in parameters.items()}),
        "parameters": json.dumps(
            {name: {"unit": p.unit, "meaning": p.meaning} for name, p in parameters.items()}
        ),
        "players": json.dumps(list(solution.game.players)),
        "actions": json.dumps({agent.label: list(agent.actions) for agent in solution.game.agents}),
        "sources": json.dumps(list(scenario.sources)),
        "answers": json.dumps(list(solution.claim.names)),
        "standoff_version": __version__,
        "numpy_version": np.__version__,
        "zarr_version": zarr.__version__,
    }


def command(
    scenario: Scenario,
    sweep: Sweep,
    set: Mapping[str, Number],
    points: int | None,
    concept: str | None,
    solver: str | None,
    select: str | None = None,
    *,
    full: bool,
) -> str:
    """The command that makes the same dataset again; nothing where no command asks for this sweep."""
    inside = scenario.sweeps.get(sweep.name) is sweep
    question = [sweep.name] if inside else over_words(scenario, sweep)
    if not question:
        return ""
    words = ["standoff", "sweep", scenario.name, *question]
    for name in sorted(set):
        words += ["--set", f"{name}={set[name]}"]
    asked = (("--points", points), ("--concept", concept), ("--solver", solver), ("--select", select))
    for option, value in asked:
        if value is not None:
            words += [option, str(value)]
    return shlex.join([*words, "--full"] if full else words)
