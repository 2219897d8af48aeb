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

from sim.claim import Status
from sim.game import Floats, Game
from sim.run.checks import check_options, check_question
from sim.solution import Solution
from sim.solving import choose_solver, solve

if TYPE_CHECKING:
    import xarray

    from sim.dataset import Store
    from sim.designs import Block, Grid
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
    workers: int = 1,
    resume: bool = False,
    full: bool = False,
    concept: str | None = None,
    solver: str | None = None,
    select: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xarray.Dataset:
    """Solve a scenario at every point of a grid: the dataset described in :mod:`sim.dataset`.

    ``sweep`` names one of the file, or says what to sweep: ``{"threat": (0, 4, 81)}``, by parameter low, high and,
    if there shall be others than usual, points (:func:`sim.scenario.over.sweep_over`).
    With ``out`` it is written to ``out/<sweep>.zarr`` and opened lazily, else it stays in memory.
    ``set`` fixes parameters, ``points`` replaces the number of points of every axis, ``workers`` is the
    number of threads, ``full`` keeps strategies, ``progress(cells done, cells)`` is told of every
    batch, by the thread that solved it, and of every block, by the caller's.
    ``select`` marks the equilibria that a selection chooses (:mod:`sim.selection`), and drops none.
    ``resume`` goes on with what an interrupted sweep left behind, to the same bytes.
    Raises ValueError for wrong names and numbers, where what is there to resume is another sweep, and where
    something that no sweep wrote is in the way; OSError where the disk is full or no thread is to be had,
    MemoryError without memory: what was finished is kept in any case.

    >>> from sim import load
    >>> dataset = sweep(load("scenarios/chicken.toml"), "disaster", points=3)
    >>> dict(dataset.sizes)["collision"]
    3
    """
    from sim.dataset import Store, arrays, command, coordinates, declared, describe

    words = {"concept": concept, "solver": solver, "select": select}
    check_options(out, workers, words, {"resume": resume, "full": full}, progress)
    asked, grid, fixed = plan(scenario, sweep, set, points)
    question = asked_of(scenario, asked, fixed, grid.cells, concept, solver, select, full=full)
    keep, chosen = question.keep, question.select
    first = question.solve(grid.points((slice(1),) * len(grid.shape)))
    batch = cells_at_once(first.game)
    name = choose_solver(first.game, question.concept, question.solver).name
    attrs = describe(scenario, asked, grid, fixed, first, name, keep, chosen)
    attrs["command"] = command(scenario, asked, set, points, concept, solver, select, full=full)
    path = None if out is None else Path(out) / f"{asked.name}.zarr"
    labels, sample = coordinates(scenario, grid, first), arrays(first, keep, chosen)

    answers, tile = declared(first), grid.tile(min(BLOCK, 4 * batch))

    with Store(path, grid, tile, sample, labels, attrs, answers=answers, resume=resume) as store:
        pending = store.pending()
        count = Count(grid.cells - sum(grid.size(block) for block in pending), grid.cells, progress)
        work = Work(question, grid, store, Pace(min(FIRST_BATCH, batch), batch), count)
        count.tell()
        for _ in in_threads(work, pending, workers, work.abandoned):
            count.tell()
        return store.finish()


@dataclass(frozen=True)
class Question:
    """What is asked at every point of a grid, all other parameters ``fixed``, and how much of it is kept."""

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
        from sim.dataset import arrays

        with where(values):
            return arrays(self.solve(values), self.keep, self.select)


def asked_of(
    scenario: Scenario,
    asked: Sweep,
    fixed: Mapping[str, Number],
    cells: int,
    concept: str | None,
    solver: str | None,
    select: str | None,
    *,
    full: bool,
) -> Question:
    """The question of a sweep of so many cells; its solver and selection are of its own concept only."""
    claimed = concept or asked.concept
    method = solver or (asked.solver if claimed == asked.concept else None)
    chosen = select or (asked.select if claimed == asked.concept else None)
    keep = "full" if full else "equilibria" if cells <= MOST_COMPLETE else "map"
    return Question(scenario, fixed, claimed, method, chosen, keep)


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
    grid: Grid
    store: Store
    pace: Pace
    count: Count
    abandoned: threading.Event = field(default_factory=threading.Event)

    def __call__(self, block: Block) -> None:
        """Raises CancelledError once the work is abandoned."""
        from sim.dataset import join

        values, cells = self.grid.points(block), self.grid.size(block)
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
        self.store.write(block, join(parts, self.store.schema))


def plan(
    scenario: Scenario, sweep: str | Sweep | Mapping[str, Any], set: Mapping[str, Number], points: int | None
) -> tuple[Sweep, Grid, dict[str, Number]]:
    """What a sweep asks, its grid, and the values of all other parameters.

    Raises ValueError for a sweep that is none, and for values that cannot be set.
    """
    from sim.designs import Grid
    from sim.scenario.over import no_such_sweep, sweep_over
    from sim.scenario.questions import no_name_of_a_sweep
    from sim.scenario.tables import too_many

    check_question(scenario, sweep, set, points)
    if isinstance(sweep, str) and sweep not in scenario.sweeps:
        raise ValueError(no_such_sweep(scenario, sweep))
    if isinstance(sweep, Mapping):
        sweep = sweep_over(scenario, sweep)
    asked = scenario.sweeps[sweep] if isinstance(sweep, str) else sweep
    wrong = no_name_of_a_sweep(asked.name, LONGEST_NAME) or too_many(
        {name: axis.points if points is None else points for name, axis in asked.over.items()}
    )
    if wrong:
        raise ValueError(f"sweep {asked.name}: {wrong}")
    grid = Grid.over(asked.over, points)
    given = {**asked.set, **set}
    for name in given:
        if name in grid.axes:
            raise ValueError(f"sweep {asked.name}: {name!r} is swept and cannot be set as well")
    return asked, grid, fixed_values(scenario, grid, given)


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
