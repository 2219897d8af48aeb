"""The labels of results: what each axis means, and where everything comes from."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
import zarr

from sim.answers import Answer
from sim.designs import Design
from sim.expression import Number
from sim.scenario import Scenario, Sweep
from sim.scenario.over import over_words
from sim.solution import Solution
from sim.version import __version__

__all__ = [
    "Labels",
    "command",
    "coordinates",
    "describe",
    "drawn_answers",
    "parameter_words",
    "question_words",
]

Labels = dict[str, tuple[Any, dict[str, Any]]]
"""Values and attributes of the coordinate of each dim."""

COUNTED = {
    "replicate": "number of the sample, each drawn on its own",
    "draw": "number of the point in its sample",
    "block": "number of the block of cells that were counted",
}
ROUNDED = "Numbers that no float tells were rounded."


def coordinates(scenario: Scenario, design: Design, solution: Solution) -> Labels:
    """Values and attributes of the coordinate of each dim, by name."""
    result: Labels = {}
    for name, values in design.dims.items():
        result[name] = (
            values,
            parameter_words(scenario, name) if name in design.names else {"long_name": COUNTED[name]},
        )
    agents = solution.game.agents
    result["player"] = list(solution.game.players), {}
    result["outcome"] = list(solution.game.outcomes.names), {}
    if solution.game.states:
        result["state"] = list(solution.game.states), {}
    if solution.game.decisions:
        result["decision"] = list(solution.game.decisions), {}
    result["agent"] = [agent.label for agent in agents], {}
    result["action"] = (
        np.arange(solution.game.mask.shape[1]),
        {"labels": "the attribute 'actions' of the dataset"},
    )
    return result


def parameter_words(scenario: Scenario, name: str) -> dict[str, Any]:
    """What readers of a dataset are told of a parameter."""
    parameter = scenario.parameters[name]
    return {
        "long_name": parameter.meaning,
        "units": parameter.unit,
        "source": parameter.source,
        "default": float(parameter.default),
        "low": float(parameter.low),
        "high": float(parameter.high),
    }


def drawn_answers(scenario: Scenario, design: Design) -> dict[str, Answer]:
    """What the values of parameters are that are kept for each cell, by name."""
    found = {}
    for name in design.coordinates:
        said = parameter_words(scenario, name)
        meaning, unit = said.pop("long_name"), said.pop("units")
        found[name] = Answer(name, meaning, unit, attrs=said)
    return found


def drawn_attrs(design: Design) -> dict[str, Any]:
    """How the points of a sample were drawn; nothing of a grid, whose axes tell it."""
    if not design.coordinates:
        return {}
    told = dict(design.told)
    told.pop("lattices")
    return {
        "design": told["kind"],
        "independent": True,
        "seed": told["seed"],
        "distributions": json.dumps(told["beliefs"]),
        "coordinates": " ".join(design.coordinates),
    }


def describe(
    scenario: Scenario,
    sweep: Sweep,
    design: Design,
    fixed: Mapping[str, Number],
    solution: Solution,
    solver: str,
    keep: str,
    select: str | None = None,
) -> dict[str, Any]:
    """The attributes of a dataset: all that is needed to read it and to cite it."""
    numbers = {name: str(value) for name, value in fixed.items() if isinstance(value, Fraction)}
    numbers |= {name: f"{values[0]} .. {values[-1]}" for name, values in design.exact.items()}
    return {
        **question_words(scenario, sweep, fixed),
        "note": " ".join(filter(None, (sweep.note, ROUNDED if solution.rounded.any() else ""))),
        **({"written": json.dumps(numbers)} if numbers else {}),
        "concept": solution.concept,
        "solver": solver,
        "select": select or "",
        "keep": keep,
        "axes": json.dumps(
            {
                name: [float(v[0]), float(v[-1]), v.size]
                for name, v in design.dims.items()
                if name in design.names
            }
        ),
        **drawn_attrs(design),
        "players": json.dumps(list(solution.game.players)),
        "actions": json.dumps({agent.label: list(agent.actions) for agent in solution.game.agents}),
        "answers": json.dumps(list(solution.claim.names)),
        "numpy_version": np.__version__,
        "zarr_version": zarr.__version__,
    }


def question_words(scenario: Scenario, sweep: Sweep, fixed: Mapping[str, Number]) -> dict[str, Any]:
    """What readers are told of a question, whatever answers it: its scenario, its numbers, its sources."""
    parameters = scenario.parameters
    return {
        "title": sweep.title or sweep.name,
        "note": sweep.note,
        "scenario": scenario.name,
        "scenario_title": scenario.title,
        "scenario_digest": scenario.digest,
        "sweep": sweep.name,
        "form": scenario.form,
        "plot": json.dumps(sweep.plot or {}),
        "fixed": json.dumps({name: float(value) for name, value in fixed.items()}),
        "defaults": json.dumps({name: float(parameter.default) for name, parameter in parameters.items()}),
        "parameters": json.dumps(
            {name: {"unit": p.unit, "meaning": p.meaning} for name, p in parameters.items()}
        ),
        "tones": json.dumps(scenario.tones),
        "sources": json.dumps(list(scenario.sources)),
        "standoff_version": __version__,
    }


def command(
    scenario: Scenario,
    sweep: Sweep,
    set: Mapping[str, Number],
    options: Mapping[str, Any] = MappingProxyType({}),
    *,
    verb: str = "sweep",
) -> str:
    """The command that makes the same dataset again; nothing where no command asks for this sweep.

    ``options`` are those of :func:`sim.sweep` that decide what comes out, by name; None is not said.  ``verb`` is
    the command, ``borders`` where a map is proved.
    """
    inside = scenario.sweeps.get(sweep.name) is sweep
    question = [sweep.name] if inside else over_words(scenario, sweep)
    if not question:
        return ""
    words = ["standoff", verb, scenario.name, *question]
    for name in sorted(set):
        words += ["--set", f"{name}={set[name]}"]
    for option in (
        "points", "design", "concept", "solver", "select", "refine", "keep", "accuracy", "equilibria", "boxes",
    ):  # fmt: skip
        value = options.get(option)
        if (option, value) == ("keep", "full"):
            words.append("--full")
        elif value is not None:
            words += [f"--{option}", str(value)]
    return shlex.join(words)
