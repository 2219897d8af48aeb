"""The pipeline in one screen: points -> game -> claim -> certificate -> dataset."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from sim.concepts import CONCEPTS
from sim.game import Floats, Game
from sim.plugins import Solver, solvers, unknown
from sim.solution import Solution, Status, certify

if TYPE_CHECKING:
    import xarray

    from sim.designs import Block, Grid
    from sim.scenario import Scenario, Sweep

__all__ = ["any_refuted", "choose_solver", "solve", "sweep"]

BLOCK = 65536  # most cells of a block: what is written, marked done and resumed as one
BATCH_BYTES = 64e6  # cells of a block are solved in batches whose arrays take about so much memory
MOST_COMPLETE = 250_000  # sweeps of more cells keep only what a map needs, unless all is asked for

Item = TypeVar("Item")
Result = TypeVar("Result")


def choose_solver(
    game: Game, concept: str = "nash", solver: str | None = None, *, exact: bool = False
) -> Solver:
    """The method to use: the named one, else the default of the concept for this form of game.

    Raises ValueError with the allowed and the nearest names where there is none.
    """
    if concept not in CONCEPTS:
        raise ValueError(unknown("concept", concept, CONCEPTS))
    if solver is not None and solver not in solvers:
        raise ValueError(unknown("solver", solver, solvers))
    able = [item for item in solvers.values() if item.concept == concept]
    fitting = [
        item
        for item in able
        if item.accepts(game) and solver in {None, item.name} and (item.exact or not exact)
    ]
    if not fitting:
        others = ", ".join(item.name for item in able) or "none"
        who = "no solver finds" if solver is None else f"solver {solver!r} does not find"
        raise ValueError(
            f"{who} {concept!r}{' exactly' if exact else ''} for a {type(game).__name__} "
            f"of {len(game.players)} players (solvers of {concept!r}: {others})"
        )
    return min(fitting, key=lambda item: (item.rank, item.name))


def solve(
    game: Game, concept: str = "nash", solver: str | None = None, *, exact: bool = False, **options: Any
) -> Solution:
    """Solve every cell of a game and certify the answer.

    ``exact`` asks for rational arithmetic; further options go to the solver, as its docstring says.
    Raises ValueError for an unknown concept or solver, and for one that does not fit the game.
    """
    method = choose_solver(game, concept, solver, exact=exact)
    if exact:
        options["exact"] = True
    return certify(game, method.function(game, **options), concept)


def sweep(
    scenario: Scenario,
    sweep: str | Sweep,
    *,
    out: Path | None = None,
    set: Mapping[str, float] = MappingProxyType({}),
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

    With ``out`` it is written to ``out/<sweep>.zarr`` and opened lazily, else it stays in memory.
    ``set`` fixes parameters, ``points`` replaces the number of points of every axis, ``workers`` is the
    number of threads, ``full`` keeps strategies, ``progress(cells done, cells)`` is told of every block.
    ``select`` marks the equilibria that a selection chooses (:mod:`sim.selection`), and drops none.
    ``resume`` goes on with what an interrupted sweep left behind, to the same bytes.
    Raises ValueError for wrong names and numbers, and where what is there to resume is another sweep.
    """
    from sim.dataset import Store, arrays, command, coordinates, describe, join
    from sim.designs import Grid

    if isinstance(sweep, str) and sweep not in scenario.sweeps:
        raise ValueError(unknown("sweep", sweep, scenario.sweeps))
    plan = scenario.sweeps[sweep] if isinstance(sweep, str) else sweep
    grid = Grid.over(plan.over, points)
    fixed = fixed_values(scenario, grid, {**plan.set, **set})
    claimed = concept or plan.concept
    method = solver or (plan.solver if claimed == plan.concept else None)
    chosen = select or (plan.select if claimed == plan.concept else None)
    keep = "full" if full else "equilibria" if grid.cells <= MOST_COMPLETE else "map"

    def solve_at(values: Mapping[str, Floats]) -> Solution:
        return solve(scenario.game(**fixed, **values), claimed, method)

    first = solve_at(grid.points((slice(1),) * len(grid.shape)))
    batch = cells_at_once(first.game)
    name = choose_solver(first.game, claimed, method).name
    attrs = describe(scenario, plan, grid, fixed, first, name, keep, chosen)
    attrs["command"] = command(scenario, plan, set, points, concept, solver, select, full=full)
    path = None if out is None else Path(out) / f"{plan.name}.zarr"
    labels, sample = coordinates(scenario, grid, first), arrays(first, keep, chosen)

    with Store(path, grid, grid.tile(min(BLOCK, 4 * batch)), sample, labels, attrs, resume=resume) as store:

        def work(block: Block) -> int:
            values, cells = grid.points(block), grid.size(block)
            parts = []
            for start in range(0, cells, batch):
                these = {name: value[start : start + batch] for name, value in values.items()}
                with where(these):
                    parts.append(arrays(solve_at(these), keep, chosen))
            store.write(block, join(parts, store.schema))
            return cells

        pending = store.pending()
        done = grid.cells - sum(grid.size(block) for block in pending)
        for cells in in_threads(work, pending, workers):
            done += cells
            if progress is not None:
                progress(done, grid.cells)
        return store.finish()


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


def fixed_values(scenario: Scenario, grid: Grid, given: Mapping[str, float]) -> dict[str, float]:
    """Values of the parameters that are not swept; raises ValueError for values out of bounds."""
    for name in grid.axes:
        if name in given:
            raise ValueError(f"{name!r} is swept and cannot be set as well")
    for end in (0, -1):
        values = scenario.values(**given, **{name: float(axis[end]) for name, axis in grid.axes.items()})
    return {name: value for name, value in values.items() if name not in grid.axes}


def cells_at_once(game: Game) -> int:
    """Cells of a batch: what memory allows if each has as many equilibria as joint actions."""
    joint_actions = game.payoffs[0, 0].size
    numbers = game.payoffs[0].size + joint_actions * (2 * game.mask.size + 2 * len(game.outcomes.names))
    return max(1, int(BATCH_BYTES / 8 / numbers))


def in_threads(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """``work(item)`` for each item, in order, on threads; work begun is finished before an error leaves."""
    with ThreadPoolExecutor(workers) as pool:
        running: deque[Future[Result]] = deque()
        try:
            for item in items:
                running.append(pool.submit(work, item))
                if len(running) > workers:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()
