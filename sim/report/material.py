"""What a page is made of: datasets from ``results/``, or swept where they are missing, and answers at the defaults."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.borders import FlintMissingError
from sim.claim import Status
from sim.designs import steps
from sim.explain import Changes, what_would_change
from sim.explain.looks import looks_along
from sim.kernels.interpreted import interpreted
from sim.pictures.draw import PROVED_FILE, opened
from sim.pictures.style.palette import Palette, paints
from sim.report.maps import Shown, map_of
from sim.run import sweep
from sim.run.promises import Kept, keep
from sim.run.proved_sweeps import prove_design
from sim.scenario import Promise, Scenario, Sweep, load
from sim.scenario.library import find, results_of
from sim.solution import Solution
from sim.solving import solve

__all__ = ["POINTS", "Chapter", "Material", "Strip", "material_of"]

POINTS = 41  # of an axis of a sweep that is missing
FEWEST = 9  # looks along a parameter, below which nothing is shown

Held = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Chapter:
    """A sweep of a scenario and its dataset; ``made`` says where it is from."""

    name: str
    title: str
    note: str
    dataset: Any
    made: str

    @cached_property
    def shown(self) -> Shown | None:
        """What its map shows, where it is drawn as one."""
        return map_of(self.dataset)


@dataclass(frozen=True)
class Strip:
    """What holds along one parameter, all others at their defaults: ``low``, ``high``, numbers of outcomes."""

    parts: tuple[tuple[float, float, Held], ...]


@dataclass(frozen=True, eq=False)
class Material:
    """All that a page tells of one scenario; what takes time is made when it is asked for, once."""

    scenario: Scenario
    chapters: tuple[Chapter, ...]
    samples: tuple[Chapter, ...]

    @cached_property
    def solution(self) -> Solution:
        """The answer at the defaults."""
        return solve(self.scenario.game())

    @cached_property
    def changes(self) -> Changes:
        """What would have to change at the defaults."""
        return what_would_change(self.scenario)

    @cached_property
    def kept(self) -> tuple[tuple[Promise, Kept], ...]:
        """Every promise, and whether it is kept."""
        found = []
        for promise in self.scenario.promises:
            ask = partial(keep, self.scenario, promise)
            found.append((promise, ask() if promise.share is not None else interpreted(ask)))
        return tuple(found)

    @cached_property
    def palette(self) -> Palette:
        """The looks of all outcomes."""
        return Palette(paints(self.scenario.outcomes.names, self.scenario.tones))

    @cached_property
    def strips(self) -> dict[str, Strip]:
        """What holds along each parameter that has a range; none where games take too long to solve."""
        return dict(strips(self.scenario))


def material_of(word: str, results: Path = Path("results")) -> Material:
    """A scenario by path or bare name, with its datasets.

    Raises ValueError for a file that is no scenario, and for claims that the certificate refutes.
    """
    scenario = load(find(word))
    chapters, samples = [], []
    for name, asked in scenario.sweeps.items():
        file = f"{name}{PROVED_FILE}" if asked.proof is not None else f"{name}.zarr"
        found = stored(scenario, results_of(scenario.name, results) / file)
        if asked.sample is not None:
            if found is not None:
                samples.append(Chapter(name, asked.title, asked.note, found, "from results/"))
            continue
        dataset, made = (found, "from results/") if found is not None else missing(scenario, asked)
        refuted = int(Status.refuted) in np.asarray(dataset["status"].values)
        if refuted:
            raise ValueError(f"{scenario.path}: sweep {name}: {Status.refuted.sentence}")
        chapters.append(Chapter(name, asked.title, asked.note, dataset, made))
    return Material(scenario, tuple(chapters), tuple(samples))


def missing(scenario: Scenario, asked: Sweep) -> tuple[Any, str]:
    """What is not in ``results/``, and how it was made: proved where the sweep says so and the extra for it is there."""
    if asked.proof is not None:
        with tempfile.TemporaryDirectory() as folder, suppress(FlintMissingError):
            return opened(prove_design(scenario, asked, Path(folder))), "proved for this page"
    return sweep(scenario, asked.name, points=POINTS), f"swept for this page, {POINTS} points an axis"


def stored(scenario: Scenario, store: Path) -> Any:
    """The dataset or proved map that is there, if it is whole and of the scenario as it is now; else None."""
    if not store.exists():
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = opened(store)
    except (ValueError, OSError):
        return None
    return dataset.load() if dataset.attrs.get("scenario_digest") == scenario.digest else None


def strips(scenario: Scenario) -> Iterator[tuple[str, Strip]]:
    """Certified looks along each parameter; none of games of which a look takes long."""
    looks, _ = looks_along(scenario.game())
    for name, one in scenario.parameters.items():
        if one.low == one.high or looks <= FEWEST:
            continue
        points = np.unique(steps(one.low, one.high, looks).astype(float))
        solution = solve(scenario.game(**{name: points}))
        ends = np.concatenate([points[:1], (points[1:] + points[:-1]) / 2, points[-1:]])
        parts: list[tuple[float, float, Held]] = []
        for place in range(len(points)):
            held = tuple(np.flatnonzero(solution.holds[place]).tolist())
            low, high = float(ends[place]), float(ends[place + 1])
            if parts and parts[-1][2] == held:
                parts[-1] = (parts[-1][0], high, held)
            else:
                parts.append((low, high, held))
        yield name, Strip(tuple(parts))
