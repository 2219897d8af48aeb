"""The pipeline in one screen: points -> game -> claim -> certificate -> dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim.claim import Status
from sim.engines import Cluster, Threads
from sim.run.blocks import Asking, Count, Work
from sim.run.checks import check_cluster, check_options
from sim.run.planning import level_asked
from sim.run.remote import There

if TYPE_CHECKING:
    import xarray

    from sim.expression import Number
    from sim.scenario import Scenario, Sweep

__all__ = ["any_refuted", "sweep"]


def sweep(
    scenario: Scenario,
    sweep: str | Sweep | Mapping[str, Any],
    *,
    out: Path | None = None,
    set: Mapping[str, Number] = MappingProxyType({}),
    points: int | None = None,
    design: str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
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
    ``workers`` is the number of threads; with ``scheduler``, an address such as "tcp://10.0.0.1:8786", the workers of
    that cluster of dask.distributed solve, and what they send is written here.
    ``keep`` says what is kept ("shares", "map", "equilibria", "full"; by the number of cells if left out), ``full``
    keeps strategies, ``progress(cells done, cells)`` is told of every batch, by the thread that solved it, and of
    every block, by the caller's.
    ``select`` marks the equilibria that a selection chooses (:mod:`sim.selection`), and drops none; among
    those that survive a refinement where ``refine`` names one.
    ``resume`` goes on with what an interrupted sweep left behind, to the same bytes.
    Raises ValueError for wrong names and numbers, where what is there to resume is another sweep, where something
    that no sweep wrote is in the way, and where no cluster answers or a worker of it is another machine; OSError where
    the disk is full, no thread is to be had or a cluster is lost, MemoryError without memory: what was finished is kept
    in any case.

    >>> from sim import load
    >>> dataset = sweep(load("scenarios/chicken.toml"), "disaster", points=3)
    >>> dict(dataset.sizes)["collision"]
    3
    """
    from sim.dataset import Store

    words = {
        "concept": concept, "solver": solver, "select": select, "refine": refine, "design": design, "keep": keep,
    }  # fmt: skip
    check_options(out, workers, {**words, "scheduler": scheduler}, {"resume": resume, "full": full}, progress)
    check_cluster(scheduler, out, workers)
    asking = Asking(sweep, set, points, words | {"keep": level_asked(keep, full=full)})
    asked, question, made = asking.begun(scenario)
    path = None if out is None else Path(out) / f"{asked.name}.zarr"
    with ExitStack() as open_things:
        if scheduler is not None:  # who works there is asked before anything is written
            cluster, there = open_things.enter_context(Cluster(scheduler)), There.of(scenario, asking, made)
            cluster.check(there.wrong)
        store = open_things.enter_context(
            Store(
                path, made.design, made.tile, made.sample, made.labels, made.attrs,
                answers=made.answers, resume=resume,
            )
        )  # fmt: skip
        pending = store.pending()
        count = Count(made.points.cells - sum(map(made.cells, pending)), made.points.cells, progress)
        count.tell()
        if scheduler is None:
            threads = Threads(workers)
            for _ in threads.run(Work.of(question, made, store.write, count, threads.abandoned), pending):
                count.tell()
        else:
            for block, pieces in cluster.run(there, pending):
                if not pieces.true():
                    raise ConnectionError("what a worker sent is not what its checksums say")
                store.take(block, pieces)
                count.tell(made.cells(block))
        return store.finish()


def any_refuted(dataset: xarray.Dataset) -> bool:
    """Whether the certificate refuted a solver's claim in some cell."""
    if "verdicts" in dataset:
        return bool(dataset["verdicts"].isel(verdict=int(Status.refuted)).any())
    return bool((dataset["status"] == int(Status.refuted)).any())
