"""Questions of a scenario answered by a proved map, stored beside datasets."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.borders import Map, Margins, proved_map
from sim.borders.conditions import MIXED
from sim.borders.enclosing import Enclosure
from sim.borders.looking import NO_LABEL, labels_at, settled
from sim.borders.record import as_record, faults, formula, from_record
from sim.borders.separating import separating
from sim.claim import Status
from sim.dataset.labels import command, parameter_words, question_words
from sim.dataset.schema import arrays
from sim.expression.numbers import fraction
from sim.scenario import Scenario, Sweep
from sim.scenario.margins import margins_of, signs_of
from sim.scenario.tables import Proof
from sim.solving import solve

__all__ = ["Proved", "conditions_for", "decided", "path_of", "prove", "stored", "verified"]

FORMAT = "standoff borders 3"
MOST_BLOCKS = 100_000
TABLES = {1: 2, 2: 2, 3: 8}
MANY = 8
SAMPLED = 101


@dataclass(frozen=True, eq=False)
class Proved:
    """A proved map with the question that it answers, and the command that proves it again."""

    scenario: Scenario
    sweep: Sweep
    equilibria: str
    accuracy: float
    map: Map
    command: str = ""

    @cached_property
    def pure(self) -> Map | None:
        """Which outcomes pure equilibria bring about, proved as well: what else holds, holds where somebody mixes.

        None where the map is of pure equilibria, or nobody mixes anywhere in it.
        """
        if self.equilibria == "pure" or not somebody_mixes(self.map.conditions):
            return None
        return inverted(conditions_for(self.scenario, self.sweep, "pure"), self.map, self.accuracy)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """What a reader of JSON is told: axes, work, regimes with about their shares, margins that are borders."""
        found = self.map
        return {
            "axes": list(self.sweep.over),
            "accuracy": self.accuracy,
            "equilibria": self.equilibria,
            "blocks": found.evaluated,
            "leaves": len(found.blocks),
            "undecided": found.share_undecided,
            "regimes": regimes(found),
            "margins": [formula(found.conditions, number) for number in separating(found)],
        }


def decided(proved: Proved, points: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """What a proved map says at points, ``(B,)`` for each axis: bits of outcomes that hold, and whether somebody mixes.

    Points on a border, in blocks that are not decided, and where signs do not tell all, are solved, as games of their
    own: ``(B, outcomes + 1)``.
    """
    columns = [np.asarray(points[name]) for name in proved.sweep.over]
    labels = labels_at(proved.map, columns)
    said, known = settled(proved.map)
    labels[~known[labels]] = NO_LABEL
    result = said[labels]
    left = np.nonzero(labels == NO_LABEL)[0]
    if left.size:
        here = {name: column[left] for name, column in zip(proved.sweep.over, columns, strict=True)}
        result[left] = solved(proved.scenario, {**proved.sweep.set, **here}, proved.equilibria)
    return result


def is_certain(scenario: Scenario, equilibria: str) -> bool:
    """Whether where no outcome holds there is no equilibrium."""
    return equilibria == "pure" and signs_of(scenario).certain


def somebody_mixes(conditions: Margins) -> bool:
    """Whether somebody may mix somewhere."""
    return any(clause.outcome == MIXED for clause in conditions.clauses)


def solved(scenario: Scenario, values: Mapping[str, Any], equilibria: str) -> NDArray[np.bool_]:
    """The bits of games of a scenario, by the solver."""
    return bits_of(answers(scenario, values, equilibria))


def answers(scenario: Scenario, values: Mapping[str, Any], equilibria: str) -> dict[str, NDArray[Any]]:
    """What the solver says of games of a scenario."""
    signs = signs_of(scenario)
    solver = None if equilibria == "all" else signs.pure
    return arrays(solve(scenario.game(**values), signs.concepts[0], solver), "map")


def bits_of(found: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Of each game which outcomes hold, and whether somebody mixes."""
    return np.concatenate([found["holds"], found["mixed"][:, np.newaxis] > 0], axis=1)


def conditions_for(scenario: Scenario, sweep: Sweep, equilibria: str) -> Margins:
    """What decides the outcomes.

    Raises ValueError for sweeps that ask something else, and where a function in a formula is not seen to be defined
    all over the map.
    """
    if sweep.sample is not None:
        raise ValueError(
            f"{sweep.name} draws its parameters; borders are those of a question over ranges, such as --over NAME=LOW:HIGH"
        )
    if sweep.select is not None:
        raise ValueError(
            f"{sweep.name} asks which equilibrium is selected; borders are those of all equilibria"
        )
    if sweep.refine is not None:
        raise ValueError(
            f"{sweep.name} asks which equilibria are {sweep.refine}; borders are those of all equilibria"
        )
    concepts = signs_of(scenario).concepts
    if sweep.concept not in concepts:
        raise ValueError(
            f"{sweep.name} asks for {sweep.concept}; borders are proved for {' or '.join(concepts)}"
        )
    mixed = equilibria == "all"
    margins = margins_of(scenario, tuple(sweep.over), sweep.set, mixed=mixed, functions=True)
    if margins.functions:
        Enclosure(margins, *ends_of(sweep))  # are they defined?
    return margins


def ends_of(sweep: Sweep) -> tuple[list[Fraction], list[Fraction]]:
    """From where to where each axis of a sweep runs."""
    axes = sweep.over.values()
    return [fraction(axis.low) for axis in axes], [fraction(axis.high) for axis in axes]


def prove(
    scenario: Scenario,
    sweep: Sweep,
    *,
    equilibria: str | None = None,
    accuracy: float | None = None,
    boxes: int = MOST_BLOCKS,
    given: Mapping[str, Any] | None = None,
) -> Proved:
    """The regions of a question, proved, between the ends of its axes.

    ``accuracy`` is the share of each range below which nothing is cut further, ``equilibria`` which ones count
    ("all", "pure"); the sweep may say both.  ``boxes`` are the most blocks looked at.
    Raises ValueError where no signs of polynomials decide the answer.
    """
    usual = sweep.proof or Proof()
    fine, which = accuracy or usual.accuracy, equilibria or usual.equilibria
    asked = replace(sweep, set={**sweep.set, **(given or {})})
    conditions = conditions_for(scenario, asked, which)
    low, high = ends_of(asked)
    found = proved_map(conditions, low, high, accuracy=fine, tables=tables(len(low)), most=boxes)
    options = {
        "accuracy": None if fine == usual.accuracy else fine,
        "equilibria": None if which == usual.equilibria else which,
        "boxes": None if boxes == MOST_BLOCKS else boxes,
    }
    again = command(scenario, sweep, given or {}, options, verb="borders")
    return Proved(scenario, asked, which, fine, found, again)


def tables(axes: int) -> int:
    """Unknown signs of which a block keeps a table: where more meet in many axes it pays to look at more."""
    return TABLES.get(axes, MANY)


def inverted(conditions: Margins, like: Map, accuracy: float) -> Map:
    """Other conditions proved over the box of a map, as finely as that."""
    most = max(like.evaluated, MOST_BLOCKS)
    return proved_map(
        conditions, like.low, like.high, accuracy=accuracy, tables=tables(len(like.low)), most=most
    )


def regimes(found: Map) -> list[dict[str, Any]]:
    """Sets of outcomes that hold, the largest first; shares are counted on a grid of points off the borders.

    Where functions may tie over whole blocks, which no enclosure proves, points that are not told of count too: shares
    then add up to less than one.
    """
    per_axis = max(3, round(SAMPLED ** (2 / len(found.low))))
    middles = [
        np.array([float(low + (high - low) * (2 * place + 1) / (2 * per_axis)) for place in range(per_axis)])
        for low, high in zip(found.low, found.high, strict=True)
    ]
    points = [one.ravel() for one in np.meshgrid(*middles, indexing="ij")]
    labels = labels_at(found, points)
    known = labels[labels != NO_LABEL]
    of = len(labels) if found.conditions.functions else len(known)
    counts = np.bincount(known, minlength=len(found.labels))
    told = [found.conditions.told(bits) for bits in found.labels]
    return [
        {
            "outcomes": list(told[number].outcomes),
            **({"perhaps": list(told[number].perhaps)} if found.conditions.doubted else {}),
            "mixed": told[number].mixed,
            "share": float(counts[number] / max(of, 1)),
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
    scenario, over = proved.scenario, proved.sweep.over
    fixed = {name: v for name, v in scenario.values(**proved.sweep.set).items() if name not in over}
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
        "words": {
            **question_words(scenario, proved.sweep, fixed),
            "concept": proved.sweep.concept,
            "command": proved.command,
        },
        "parameters": {name: parameter_words(scenario, name) for name in over},
        "certain": is_certain(scenario, proved.equilibria),
        "proof": as_record(proved.map),
        "pure": None if proved.pure is None else as_record(proved.pure),
    }
    part = path.with_name(path.name + f".{os.getpid()}.part")
    try:
        part.write_text(json.dumps(record, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def verified(path: Path, scenario: Scenario) -> list[str]:
    """What is false in a stored map, in sentences: every leaf is proved anew, and points of it are solved exactly.

    Raises ValueError for what cannot be read as one.
    """
    record = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError(f"{path} is no stored map of borders")
    if record.get("digest") != scenario.digest:
        return [f"it was made from another version of {scenario.path}"]
    try:
        return falsehoods(record, scenario)
    except (
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
    ) as error:  # parts are missing, or of another kind
        raise ValueError(
            f"{path} cannot be read as a proved map ({type(error).__name__} {error}): `standoff borders` makes one"
        ) from None


def falsehoods(record: Mapping[str, Any], scenario: Scenario) -> list[str]:
    """What is false in a record of this scenario."""
    names = tuple(record["over"])
    given = {name: Fraction(value) for name, value in record["set"].items()}
    conditions = margins_of(scenario, names, given, mixed=record["equilibria"] == "all", functions=True)
    found = faults(record["proof"], conditions)
    if record["certain"] != is_certain(scenario, record["equilibria"]):
        found.append("whether no outcome means no equilibrium is not as the scenario has it")
    apart = record["equilibria"] == "all" and somebody_mixes(conditions)
    if apart != (record["pure"] is not None):
        found.append("whether pure equilibria are told apart is not as the scenario has it")
    elif apart:
        pure = faults(record["pure"], margins_of(scenario, names, given, mixed=False, functions=True))
        found += [f"of pure equilibria, {message}" for message in pure]
    for part in filter(None, (record["proof"], record["pure"])):
        ends = [*map(list, zip(part["low"], part["high"], strict=True))]
        if ends != [*record["over"].values()] and "its ends are not those of the question" not in found:
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
    said, known = settled(proved)
    sure = np.nonzero((labels != NO_LABEL) & known[labels])[0]
    if not sure.size:
        return []
    batch = {name: column[sure] for name, column in zip(names, columns, strict=True)}
    found = answers(scenario, {**given, **batch}, equilibria)
    listed = (
        found["status"] != Status.max_steps
    )  # where more equilibria are than a cell lists, some outcome may be missed
    wrong = np.nonzero((bits_of(found) != said[labels[sure]]).any(axis=1) & listed)[0]
    return [
        f"at {', '.join(f'{name} = {batch[name][cell]:.6g}' for name in names)} the solver finds another answer"
        for cell in wrong[:5]
    ]
