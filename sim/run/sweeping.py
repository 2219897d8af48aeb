"""The pipeline in one screen: points -> game -> claim -> certificate -> dataset."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from numpy.typing import NDArray

from sim.answers import KEEPS
from sim.claim import Status
from sim.game import Floats, Game
from sim.plugins import unknown
from sim.run.checks import check_options, check_question
from sim.solution import Solution
from sim.solving import choose_solver, solve

if TYPE_CHECKING:
    import xarray

    from sim.answers import Answer
    from sim.dataset import Store
    from sim.dataset.labels import Labels
    from sim.designs import Block, Design, Grid
    from sim.expression import Number
    from sim.scenario import Scenario, Sweep

__all__ = ["any_refuted", "plan", "sweep"]

BLOCK = 65536  # most cells of a block: what is written, marked done and resumed as one
BATCH_BYTES = 64e6  # cells of a block are solved in batches whose arrays take about so much memory
LONGEST_NAME = 200  # characters of a sweep that names its axes: a file's name has 255
FIRST_BATCH = 1024  # cells of the first batch
BATCH_SECONDS = 0.5  # batches double while they take less time than this
MOST_COMPLETE = 250_000  # sweeps of more cells keep only what a map needs, unless all is asked for

Arrays = dict[str, NDArray[Any]]
Item = TypeVar("Item")
Result = TypeVar("Result")


def sweep(
    scenario: Scenario,
    sweep: str | Sweep | Mapping[str, Any],
    *,
    out: Path | None = None,
    set: Mapping[str, Number] = MappingProxyType({}),
    points: int | None = None,
    design: str | None = None,
    workers: int = 1,
    resume: bool = False,
    keep: str | None = None,
    full: bool = False,
    concept: str | None = None,
    solver: str | None = None,
    select: str | None = None,
    refine: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xarray.Dataset:
    """Solve a scenario at every point of a design: the dataset described in :mod:`sim.dataset`.

    ``sweep`` names one of the file, or says what to sweep: ``{"threat": (0, 4, 81)}``, by parameter low, high and,
    if there shall be others than usual, points (:func:`sim.scenario.over.sweep_over`).
    With ``out`` it is written to ``out/<sweep>.zarr`` and opened lazily, else it stays in memory.
    ``set`` fixes parameters, ``points`` replaces the number of points of every axis or of a replicate,
    ``design`` draws the same parameters from what is believed of them ("sobol", "latin", "random"),
    ``workers`` is the number of threads, ``keep`` says what is kept ("shares", "map", "equilibria", "full"; by the
    number of cells if left out), ``full`` keeps strategies, ``progress(cells done, cells)`` is told of every
    batch, by the thread that solved it, and of every block, by the caller's.
    ``select`` marks the equilibria that a selection chooses (:mod:`sim.selection`), and drops none; among
    those that survive a refinement where ``refine`` names one.
    ``resume`` goes on with what an interrupted sweep left behind, to the same bytes.
    Raises ValueError for wrong names and numbers, where what is there to resume is another sweep, and where
    something that no sweep wrote is in the way; OSError where the disk is full or no thread is to be had,
    MemoryError without memory: what was finished is kept in any case.

    >>> from sim import load
    >>> dataset = sweep(load("scenarios/chicken.toml"), "disaster", points=3)
    >>> dict(dataset.sizes)["collision"]
    3
    """
    from sim.dataset import Store, command

    words = {
        "concept": concept, "solver": solver, "select": select, "refine": refine, "design": design, "keep": keep,
    }  # fmt: skip
    check_options(out, workers, words, {"resume": resume, "full": full}, progress)
    level = level_asked(keep, full=full)
    asked, chosen, fixed = plan(scenario, sweep, set, points, design, level)
    question = asked_of(scenario, asked, fixed, chosen.cells, words | {"keep": level})
    made = Making.of(question, asked, chosen)
    options = {"points": points, **words, "keep": level}
    made.attrs["command"] = command(scenario, asked, set, options)
    path = None if out is None else Path(out) / f"{asked.name}.zarr"

    with Store(
        path,
        made.design,
        made.tile,
        made.sample,
        made.labels,
        made.attrs,
        answers=made.answers,
        resume=resume,
    ) as store:
        pending = store.pending()
        done = chosen.cells - sum(chosen.size(made.points_of(block)) for block in pending)
        count = Count(done, chosen.cells, progress)
        work = Work(question, made, store, Pace(min(FIRST_BATCH, made.batch), made.batch), count)
        count.tell()
        for _ in in_threads(work, pending, workers, work.abandoned):
            count.tell()
        return store.finish()


def level_asked(keep: str | None, *, full: bool) -> str | None:
    """What is to be kept, if anybody said.  Raises ValueError for a word that is no level, or two of them."""
    if keep is not None and keep not in KEEPS:
        raise ValueError(unknown("level", keep, KEEPS))
    if full and keep not in {None, "full"}:
        raise ValueError(f"full keeps everything, and keep = {keep!r} does not: give one or the other")
    return "full" if full else keep


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
        """What a dataset keeps of a batch: its cells, or one row in which they are counted."""
        from sim.dataset import arrays
        from sim.dataset.tally import counted

        if self.keep == "shares":
            return counted(arrays(solution, "map", self.select))
        return arrays(solution, self.keep, self.select)


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

    @classmethod
    def of(cls, question: Question, asked: Sweep, points: Design) -> Making:
        """Solve the first point, and see what comes of it."""
        from sim.dataset import coordinates, declared, describe
        from sim.dataset.labels import drawn_answers
        from sim.dataset.tally import TALLY, whereabouts
        from sim.designs import BlockRows

        scenario, corner = question.scenario, (slice(0, 1),) * len(points.shape)
        values = points.points(corner)
        first = question.solve(values)
        batch = cells_at_once(first.game)
        counting = question.keep == "shares"
        tile = points.tile(min(BLOCK, 4 * batch), apart=counting)
        name = choose_solver(first.game, question.concept, question.solver).name
        attrs = describe(scenario, asked, points, question.fixed, first, name, question.keep, question.select)
        sample, answers = question.kept(first), dict(declared(first))
        design: Design = points
        if counting:
            design, tile = BlockRows(points, tile), (1,)
            sample |= whereabouts(points, corner)
            answers = {answer.name: answer for answer in TALLY}
            attrs.pop("coordinates", None)
        elif points.coordinates:
            sample |= {name: values[name] for name in points.coordinates}
            answers |= drawn_answers(scenario, points)
        labels = coordinates(scenario, design, first)
        return cls(points, design, tile, batch, sample, answers, labels, attrs)

    def points_of(self, block: Block) -> Block:
        """The block of points that a block of the dataset is about."""
        from sim.designs import BlockRows

        return self.design.block(block) if isinstance(self.design, BlockRows) else block

    def whole(self, block: Block, values: Mapping[str, Floats], parts: list[Arrays], schema: Any) -> Arrays:
        """The batches of a block as they are written."""
        from sim.dataset import join
        from sim.dataset.tally import added, whereabouts

        if self.design is not self.points:
            return added(parts) | whereabouts(self.points, self.points_of(block))
        cells = {name: answer for name, answer in schema.items() if name not in self.points.coordinates}
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
class Work:
    """Solve a block, batch by batch, and write it; called by threads, which share pace and count."""

    question: Question
    made: Making
    store: Store
    pace: Pace
    count: Count
    abandoned: threading.Event = field(default_factory=threading.Event)

    def __call__(self, block: Block) -> None:
        """Raises CancelledError once the work is abandoned."""
        here = self.made.points_of(block)
        values, cells = self.made.points.points(here), self.made.points.size(here)
        parts, start = [], 0
        while start < cells:
            if self.abandoned.is_set():
                raise CancelledError
            these = {name: value[start : start + self.pace.length] for name, value in values.items()}
            begun = time.monotonic()
            parts.append(self.question.answer(these))
            solved = next(iter(these.values())).size
            self.pace.took(time.monotonic() - begun)
            start += solved
            self.count.tell(solved)
        self.store.write(block, self.made.whole(block, values, parts, self.store.schema))


def plan(
    scenario: Scenario,
    sweep: str | Sweep | Mapping[str, Any],
    set: Mapping[str, Number],
    points: int | None,
    design: str | None = None,
    keep: str | None = None,
) -> tuple[Sweep, Design, dict[str, Number]]:
    """What a sweep asks, where it looks, and the values of all other parameters.

    Raises ValueError for a sweep that is none, and for values that cannot be set.
    """
    from sim.designs import Grid
    from sim.run.drawing import sample_points
    from sim.scenario.fields import LONGEST_LABEL
    from sim.scenario.over import drawn_instead, no_such_sweep, over_words, sweep_over
    from sim.scenario.questions import no_name_of_a_sweep
    from sim.scenario.tables import too_many

    check_question(scenario, sweep, set, points)
    if isinstance(sweep, str) and sweep not in scenario.sweeps:
        raise ValueError(no_such_sweep(scenario, sweep))
    if isinstance(sweep, Mapping):
        sweep = sweep_over(scenario, sweep)
    asked = scenario.sweeps[sweep] if isinstance(sweep, str) else sweep
    longest = LONGEST_NAME if over_words(scenario, asked) else LONGEST_LABEL
    wrong = no_name_of_a_sweep(asked.name, longest) or too_many(
        {name: axis.points if points is None else points for name, axis in asked.over.items()},
        keep or asked.keep,
    )
    if wrong:
        raise ValueError(f"sweep {asked.name}: {wrong}")
    sample = drawn_instead(scenario, asked, design, points, keep or asked.keep)
    given = settings(asked, asked.over if sample is None else sample.ranges, set)
    if sample is not None:
        return asked, *sample_points(scenario, sample, given)
    grid = Grid.over(asked.over, points)
    return asked, grid, fixed_values(scenario, grid, given)


def settings(asked: Sweep, swept: Iterable[str], given: Mapping[str, Number]) -> dict[str, Number]:
    """What a sweep and whoever asks for it set.  Raises ValueError for what is swept or drawn."""
    found = {**asked.set, **given}
    for name in swept:
        if name in found:
            raise ValueError(f"sweep {asked.name}: {name!r} is swept and cannot be set as well")
    return found


@contextmanager
def where(values: Mapping[str, Floats]) -> Iterator[None]:
    """Whatever goes wrong says at which parameters it did."""
    try:
        yield
    except Exception as error:
        places = ", ".join(f"{name} from {value.min()} to {value.max()}" for name, value in values.items())
        error.add_note(f"while solving cells with {places}")
        raise


def any_refuted(dataset: xarray.Dataset) -> bool:
    """Whether the certificate refuted a solver's claim in some cell."""
    if "verdicts" in dataset:
        return bool(dataset["verdicts"].isel(verdict=int(Status.refuted)).any())
    return bool((dataset["status"] == int(Status.refuted)).any())


def fixed_values(scenario: Scenario, grid: Grid, given: Mapping[str, Number]) -> dict[str, Number]:
    """Values of the parameters that are not swept; raises ValueError for values out of bounds."""
    for end in (0, -1):
        values = scenario.values(**given, **{name: float(axis[end]) for name, axis in grid.axes.items()})
    return {name: value for name, value in values.items() if name not in grid.axes}


def cells_at_once(game: Game) -> int:
    """Cells of a batch: what memory allows if each has as many equilibria as joint actions."""
    joint_actions = game.payoffs[0, 0].size
    numbers = game.payoffs[0].size + joint_actions * (2 * game.mask.size + 2 * len(game.outcomes.names))
    return max(1, int(BATCH_BYTES / 8 / numbers))


def in_threads(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int, abandoned: threading.Event
) -> Iterator[Result]:
    """``work(item)`` for each item, in order, on threads; work begun is finished before an error leaves.

    Only an interruption while we wait sets ``abandoned``, which asks the threads to stop.
    """
    with ThreadPoolExecutor(workers) as pool:
        running: deque[Future[Result]] = deque()
        try:
            for item in items:
                try:
                    running.append(pool.submit(work, item))
                except RuntimeError as error:
                    raise OSError(
                        f"the machine starts no more threads ({error}): sweep with fewer than {workers} workers"
                    ) from error
                if len(running) > workers:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        except KeyboardInterrupt:
            abandoned.set()
            raise
        finally:
            for future in running:
                future.cancel()
