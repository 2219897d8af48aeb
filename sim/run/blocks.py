"""The blocks of a sweep: what is asked at every point, how its dataset is made, and a block solved batch by batch."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from numpy.typing import NDArray

from sim.game import Floats, Game
from sim.run.planning import plan
from sim.run.portable import is_portable
from sim.solution import Solution
from sim.solving import choose_solver, solve

if TYPE_CHECKING:
    from sim.answers import Answer
    from sim.dataset.labels import Labels
    from sim.designs import Block, Design
    from sim.expression import Number
    from sim.scenario import Scenario, Sweep

__all__ = ["Asking", "Count", "Making", "Question", "Work", "asked_of", "cells_at_once"]

BLOCK = 65536  # most cells of a block, twice as many that are counted: what is marked done and resumed as one
BATCH_BYTES = 64e6  # cells of a block are solved in batches whose arrays take about so much memory
MANY = 16  # equilibria of a cell; few cells have more
FIRST_BATCH = 1024  # cells of the first batch
BATCH_SECONDS = 0.5  # batches double while they take less time than this
MOST_COMPLETE = 250_000  # sweeps of more cells keep only what a map needs, unless all is asked for

Arrays = dict[str, NDArray[Any]]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Asking:
    """What is asked of a scenario, beside where and by whom it is answered: the options of :func:`sim.sweep`.

    ``words`` are concept, solver, select, refine, design and keep, where they are said.
    """

    sweep: str | Sweep | Mapping[str, Any]
    set: Mapping[str, Number]
    points: int | None
    words: Mapping[str, str | None]

    def begun(self, scenario: Scenario) -> tuple[Sweep, Question, Making]:
        """The sweep that is meant, what it asks, and how its dataset is made.  Raises ValueError as :func:`plan`."""
        from sim.dataset import command

        asked, chosen, fixed = plan(
            scenario, self.sweep, self.set, self.points, self.words["design"], self.words["keep"]
        )
        question = asked_of(scenario, asked, fixed, chosen.cells, self.words)
        made = Making.of(question, asked, chosen)
        made.attrs["command"] = command(scenario, asked, self.set, {"points": self.points, **self.words})
        return asked, question, made


@dataclass(frozen=True)
class Question:
    """What is asked at every point of a design, all other parameters ``fixed``, and how much of it is kept."""

    scenario: Scenario
    fixed: Mapping[str, Number]
    concept: str
    solver: str | None
    select: str | None
    keep: str

    def solve(self, values: Mapping[str, Floats]) -> Solution:
        """The certified answer at some points: the swept parameters by name, each ``(C,)``."""
        return solve(self.scenario.game(**self.fixed, **values), self.concept, self.solver)

    def answer(self, values: Mapping[str, Floats]) -> Arrays:
        """What a dataset keeps of it; what goes wrong says at which parameters it did."""
        with where(values):
            return self.kept(self.solve(values))

    def kept(self, solution: Solution) -> Arrays:
        """What a dataset keeps of a batch, or counts of it."""
        from sim.dataset import arrays

        return arrays(solution, "map" if self.keep == "shares" else self.keep, self.select)


def asked_of(
    scenario: Scenario,
    asked: Sweep,
    fixed: Mapping[str, Number],
    cells: int,
    words: Mapping[str, str | None],
) -> Question:
    """The question of a sweep of so many cells; its solver and selection are of its own concept only.

    ``words`` are what is asked for in place of the sweep's own concept, solver, select, refine and keep.
    """
    claimed = words["concept"] or asked.concept
    own = claimed == asked.concept
    method = words["solver"] or (asked.solver if own else None)
    among = [words[word] or (getattr(asked, word) if own else None) for word in ("refine", "select")]
    chosen = ", ".join(word for word in among if word) or None
    keep = words["keep"] or asked.keep or ("equilibria" if cells <= MOST_COMPLETE else "map")
    return Question(scenario, fixed, claimed, method, chosen, keep)


@dataclass(frozen=True)
class Making:
    """How the dataset of a design is made: its own ``design``, cut into ``tile``, and what describes it.

    Where cells are counted, its cells are the blocks of ``points``; else both are the same.
    """

    points: Design
    design: Design
    tile: tuple[int, ...]
    batch: int
    sample: Arrays
    answers: Mapping[str, Answer]
    labels: Labels
    attrs: dict[str, Any]
    schema: Mapping[str, Answer]

    @classmethod
    def of(cls, question: Question, asked: Sweep, points: Design) -> Making:
        """Solve the first point, and see what comes of it."""
        from sim.dataset import coordinates, declared, describe, variables
        from sim.dataset.labels import drawn_answers
        from sim.dataset.tally import TALLY, counted, pairs, whereabouts
        from sim.designs import BlockRows

        scenario, corner = question.scenario, (slice(0, 1),) * len(points.shape)
        values = points.points(corner)
        first = question.solve(values)
        batch = cells_at_once(first.game)
        counting = question.keep == "shares"
        tile = points.tile(2 * BLOCK, apart=True) if counting else points.tile(min(BLOCK, 4 * batch))
        name = choose_solver(first.game, question.concept, question.solver).name
        attrs = describe(scenario, asked, points, question.fixed, first, name, question.keep, question.select)
        attrs["portable"] = is_portable(scenario, name, points)
        sample, answers = question.kept(first), dict(declared(first))
        design: Design = points
        labels = coordinates(scenario, points, first)
        if counting:
            design, tile = BlockRows(points, tile), (1,)
            sample = counted(sample, values, points.ranges) | whereabouts(points, corner)
            answers = {answer.name: answer for answer in TALLY}
            attrs.pop("coordinates", None)
            attrs["ranges"] = json.dumps(points.ranges)
            labels = {**coordinates(scenario, design, first), "parameter": (list(points.names), {})}
            labels["pair"] = (pairs(points.ranges), {})
        elif points.coordinates:
            sample |= {name: values[name] for name in points.coordinates}
            answers |= drawn_answers(scenario, points)
        schema = variables(sample, answers)
        return cls(points, design, tile, batch, sample, answers, labels, attrs, schema)

    @property
    def sweep(self) -> str:
        """What tells the dataset from those of other sweeps."""
        from sim.dataset.pieces import identity

        return identity(self.attrs, self.design, self.tile)

    def points_of(self, block: Block) -> Block:
        """The block of points that a block of the dataset is about."""
        from sim.designs import BlockRows

        return self.design.block(block) if isinstance(self.design, BlockRows) else block

    def cells(self, block: Block) -> int:
        """How many cells are solved for a block of the dataset."""
        return self.points.size(self.points_of(block))

    def part(self, arrays: Arrays, values: Mapping[str, Floats]) -> Arrays:
        """What is kept of a batch until its block is whole: its cells, or one row in which they are counted."""
        from sim.dataset.tally import counted

        return arrays if self.design is self.points else counted(arrays, values, self.points.ranges)

    def whole(self, block: Block, values: Mapping[str, Floats], parts: list[Arrays]) -> Arrays:
        """The batches of a block as they are written."""
        from sim.dataset import join
        from sim.dataset.tally import added, whereabouts

        if self.design is not self.points:
            return added(parts) | whereabouts(self.points, self.points_of(block))
        cells = {name: answer for name, answer in self.schema.items() if name not in self.points.coordinates}
        return join(parts, cells) | {name: values[name] for name in self.points.coordinates}


class Count:
    """How many of all cells are done, told to ``progress(done, cells)`` by whichever thread did them."""

    def __init__(self, done: int, cells: int, progress: Callable[[int, int], None] | None) -> None:
        self.done, self.cells, self.progress = done, cells, progress
        self.counting = threading.Lock()

    def tell(self, cells: int = 0) -> None:
        """So many more cells are done."""
        with self.counting:
            self.done += cells
            if self.progress is not None:
                self.progress(self.done, self.cells)


@dataclass
class Pace:
    """Cells of a batch, ``length``: twice as many after each that took little time, up to ``most``."""

    length: int
    most: int

    def took(self, seconds: float) -> None:
        """A batch took so long."""
        if seconds < BATCH_SECONDS:
            self.length = min(2 * self.length, self.most)


@dataclass(frozen=True)
class Work(Generic[Result]):
    """Solve a block, batch by batch, and hand it to ``give``; called by threads, which share pace and count."""

    question: Question
    made: Making
    give: Callable[[Block, Arrays], Result]
    count: Count
    abandoned: threading.Event
    pace: Pace

    @classmethod
    def of(
        cls, question: Question, made: Making, give: Callable[[Block, Arrays], Result], count: Count,
        abandoned: threading.Event,
    ) -> Work[Result]:  # fmt: skip
        """Work that begins with small batches."""
        return cls(question, made, give, count, abandoned, Pace(min(FIRST_BATCH, made.batch), made.batch))

    def __call__(self, block: Block) -> Result:
        """Raises CancelledError once the work is abandoned."""
        values = self.made.points.points(self.made.points_of(block))
        return self.give(block, self.made.whole(block, values, self.batches(values, self.made.cells(block))))

    def batches(self, values: Mapping[str, Floats], cells: int) -> list[Arrays]:
        """What is kept of ``cells`` at ``values``, batch by batch."""
        parts, start = [], 0
        while start < cells:
            if self.abandoned.is_set():
                raise CancelledError
            these = {name: value[start : start + self.pace.length] for name, value in values.items()}
            begun = time.monotonic()
            parts.append(self.made.part(self.question.answer(these), these))
            solved = next(iter(these.values())).size
            self.pace.took(time.monotonic() - begun)
            start += solved
            self.count.tell(solved)
        return parts


@contextmanager
def where(values: Mapping[str, Floats]) -> Iterator[None]:
    """Whatever goes wrong says at which parameters it did."""
    try:
        yield
    except Exception as error:
        places = ", ".join(f"{name} from {value.min()} to {value.max()}" for name, value in values.items())
        error.add_note(f"while solving cells with {places}")
        raise


def cells_at_once(game: Game) -> int:
    """Cells of a batch: what memory allows if each has as many equilibria as joint actions, or ``MANY``."""
    equilibria = min(game.payoffs[0, 0].size, MANY)
    numbers = game.payoffs[0].size + equilibria * (2 * game.mask.size + 2 * len(game.outcomes.names))
    return max(1, int(BATCH_BYTES / 8 / numbers))
