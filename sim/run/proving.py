"""Questions of a scenario answered by a proved map, stored beside datasets."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.borders import Map, Margins, proved_map
from sim.borders.looking import NO_LABEL, labels_at
from sim.borders.record import as_record, faults, formula, from_record
from sim.dataset.schema import arrays
from sim.expression.numbers import fraction
from sim.kernels.base.tolerances import BORDER
from sim.scenario import Scenario, Sweep
from sim.scenario.margins import margins_of
from sim.solving import solve

__all__ = ["EQUILIBRIA", "Proved", "path_of", "prove", "stored", "verified"]

EQUILIBRIA = ("all", "pure")
FORMAT = "standoff borders 1"
TABLES = {1: 2, 2: 2, 3: 8}
"""Unknown signs of which a block keeps a table, by the number of axes: where more meet it pays to look at more."""
MANY = 8
SAMPLED = 101


@dataclass(frozen=True, eq=False)
class Proved:
    """A proved map with the question that it answers."""

    scenario: Scenario
    sweep: Sweep
    equilibria: str
    accuracy: float
    map: Map

    @cached_property
    def summary(self) -> dict[str, Any]:
        """What a reader of JSON is told: axes, work, regimes with about their shares, margins that some block has."""
        found = self.map
        margins = sorted({number for block in found.blocks for number in block.margins})
        return {
            "axes": list(self.sweep.over),
            "accuracy": self.accuracy,
            "equilibria": self.equilibria,
            "blocks": found.evaluated,
            "leaves": len(found.blocks),
            "undecided": found.share_undecided,
            "regimes": regimes(found),
            "margins": [formula(found.conditions, number) for number in margins],
        }


def conditions_for(scenario: Scenario, sweep: Sweep, equilibria: str) -> Margins:
    """What decides the outcomes.  Raises ValueError for sweeps that ask something else."""
    if sweep.sample is not None:
        raise ValueError(
            f"{sweep.name} draws its parameters; borders are those of a question over ranges, such as --over NAME=LOW:HIGH"
        )
    if sweep.select is not None:
        raise ValueError(
            f"{sweep.name} asks which equilibrium is selected; borders are those of all equilibria"
        )
    if sweep.concept != "nash":
        raise ValueError(f"{sweep.name} asks for {sweep.concept}; borders are proved for nash")
    return margins_of(scenario, tuple(sweep.over), sweep.set, mixed=equilibria == "all")


def prove(
    scenario: Scenario,
    sweep: Sweep,
    *,
    equilibria: str = "all",
    accuracy: float = BORDER,
    boxes: int = 100_000,
    given: Mapping[str, Any] | None = None,
) -> Proved:
    """The regions of a question, proved, between the ends of its axes.

    ``accuracy`` is the share of each range below which nothing is cut further, ``boxes`` the most blocks looked at.
    Raises ValueError where no signs of polynomials decide the answer.
    """
    asked = replace(sweep, set={**sweep.set, **(given or {})})
    conditions = conditions_for(scenario, asked, equilibria)
    low = [fraction(axis.low) for axis in asked.over.values()]
    high = [fraction(axis.high) for axis in asked.over.values()]
    tables = TABLES.get(len(low), MANY)
    found = proved_map(conditions, low, high, accuracy=accuracy, tables=tables, most=boxes)
    return Proved(scenario, asked, equilibria, accuracy, found)


def regimes(found: Map) -> list[dict[str, Any]]:
    """Sets of outcomes that hold, the largest first; shares are counted on a grid of points off the borders."""
    per_axis = max(3, round(SAMPLED ** (2 / len(found.low))))
    middles = [
        np.array([float(low + (high - low) * (2 * place + 1) / (2 * per_axis)) for place in range(per_axis)])
        for low, high in zip(found.low, found.high, strict=True)
    ]
    points = [one.ravel() for one in np.meshgrid(*middles, indexing="ij")]
    labels = labels_at(found, points)
    known = labels[labels != NO_LABEL]
    counts = np.bincount(known, minlength=len(found.labels))
    names = found.conditions.outcomes
    return [
        {
            "outcomes": [name for name, holds in zip(names, found.labels[number], strict=False) if holds],
            "mixed": found.labels[number][-1],
            "share": float(counts[number] / max(len(known), 1)),
        }
        for number in sorted(range(len(found.labels)), key=lambda one: (-counts[one], one))
        if counts[number]
    ]


def path_of(folder: Path, sweep: Sweep) -> Path:
    """Where a proved map is stored."""
    return folder / f"{sweep.name}.borders.json"


def stored(proved: Proved, folder: Path) -> Path:
    """Write a proved map into a folder; the file is whole or not there.  Returns its path."""
    path = path_of(folder, proved.sweep)
    folder.mkdir(parents=True, exist_ok=True)
    record = {
        "format": FORMAT,
        "scenario": str(proved.scenario.path),
        "digest": proved.scenario.digest,
        "sweep": proved.sweep.name,
        "over": {
            name: [str(fraction(axis.low)), str(fraction(axis.high))]
            for name, axis in proved.sweep.over.items()
        },
        "set": {name: str(fraction(value)) for name, value in proved.sweep.set.items()},
        **proved.summary,
        "proof": as_record(proved.map),
    }
    part = path.with_name(path.name + f".{os.getpid()}.part")
    try:
        part.write_text(json.dumps(record, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def verified(path: Path, scenario: Scenario) -> list[str]:
    """What is false in a stored map, in sentences: every leaf is proved anew, and points of it are solved exactly."""
    record = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError(f"{path} is no stored map of borders")
    if record.get("digest") != scenario.digest:
        return [f"it was made from another version of {scenario.path}"]
    names = tuple(record["over"])
    given = {name: fraction(value) for name, value in record["set"].items()}
    conditions = margins_of(scenario, names, given, mixed=record["equilibria"] == "all")
    found = faults(record["proof"], conditions)
    if [*map(list, zip(record["proof"]["low"], record["proof"]["high"], strict=True))] != [
        *record["over"].values()
    ]:
        found.append("its ends are not those of the question")
    return found or solved_points(
        from_record(record["proof"], conditions), scenario, names, given, record["equilibria"]
    )


def solved_points(
    proved: Map, scenario: Scenario, names: tuple[str, ...], given: Mapping[str, Any], equilibria: str
) -> list[str]:
    """Points near the middle and the corners of each leaf that the solver disagrees with, in sentences."""
    points: list[NDArray[np.float64]] = []
    low = np.array([float(one) for one in proved.low])
    width = np.array([float(one) for one in proved.high]) - low
    for block in proved.blocks:
        start, side = np.array(block.low), np.array(block.high) - np.array(block.low)
        points.extend(low + width * (start + side * place) for place in (0.5, 0.03125, 0.96875))
    rounded = np.array([[float(f"{value:.12g}") for value in point] for point in points]).clip(
        low, low + width
    )
    columns = list(rounded.T)
    labels = labels_at(proved, columns)
    sure = np.nonzero(labels != NO_LABEL)[0]
    if not sure.size:
        return []
    batch = {name: column[sure] for name, column in zip(names, columns, strict=True)}
    solver = None if equilibria == "all" else "pure"
    found = arrays(solve(scenario.game(**{**given, **batch}), "nash", solver), "map")
    told = np.concatenate([found["holds"], found["mixed"][:, np.newaxis] > 0], axis=1)
    said = np.array(proved.labels)[labels[sure]]
    wrong = np.nonzero((told != said).any(axis=1))[0]
    return [
        f"at {', '.join(f'{name} = {batch[name][cell]:.6g}' for name in names)} the solver finds another answer"
        for cell in wrong[:5]
    ]
