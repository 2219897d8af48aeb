"""Where the time of a sweep goes: python benchmarks/sweep.py [SCENARIO] [SWEEP] [POINTS] [WORKERS] [SOLVER]

First the whole command in a process of its own, compiled code warm: wall time, processor time, peak
memory.  Then the stages of the pipeline one after the other in this process, in microseconds of
processor time (all threads) for each cell.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import sim
from sim.dataset import Store, arrays, coordinates, declared, describe, join
from sim.designs import Grid
from sim.run.blocks import BLOCK, MOST_COMPLETE, cells_at_once
from sim.scenario.library import find
from sim.solution import certify
from sim.solving import as_declared, choose_solver


def whole(scenario: str, sweep: str, points: int, workers: int, solver: str | None) -> str:
    """The command as a user runs it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sim", "sweep", scenario, sweep, "--out", folder]
        command += ["--points", str(points), "--workers", str(workers)]
        command += ["--solver", solver] if solver else []
        start = time.perf_counter()
        process = os.posix_spawn(sys.executable, command, os.environ)
        _, status, usage = os.wait4(process, 0)
        wall = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    if status:
        sys.exit(f"{command} failed")
    processor, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    return (
        f"{wall:.2f} s wall, {processor:.2f} s processor, peak {memory:.0f} MB, {size / 1e6:.1f} MB on disk"
    )


def stages(scenario: str, sweep: str, points: int, solver: str | None) -> dict[str, float]:
    """Processor time of each stage for each cell, in microseconds."""
    model = sim.load(find(scenario))
    plan = model.sweeps[sweep]
    grid = Grid.over(plan.over, points)
    keep = "equilibria" if grid.cells <= MOST_COMPLETE else "map"
    spent: dict[str, float] = defaultdict(float)
    clock = time.process_time()

    def lap(stage: str) -> None:
        nonlocal clock
        now = time.process_time()
        spent[stage] += now - clock
        clock = now

    first = sim.solve(
        model.game(**plan.set, **grid.points((slice(1),) * len(grid.shape))), plan.concept, solver
    )
    method = choose_solver(first.game, plan.concept, solver)
    batch = cells_at_once(first.game)
    with tempfile.TemporaryDirectory() as folder:
        attrs = describe(model, plan, grid, {}, first, method.name, keep)
        tile = grid.tile(min(BLOCK, 4 * batch))
        store = Store(
            Path(folder) / "x.zarr", grid, tile, arrays(first, keep), coordinates(model, grid, first), attrs,
            answers=declared(first),
        )  # fmt: skip
        lap("start")
        for block in store.pending():
            values, parts = grid.points(block), []
            lap("points")
            for start in range(0, grid.size(block), batch):
                game = model.game(**plan.set, **{n: v[start : start + batch] for n, v in values.items()})
                lap("payoffs")
                claim = as_declared(method, method.function(game))
                lap("solver")
                solution = certify(game, claim, plan.concept)
                lap("certificate")
                parts.append(arrays(solution, keep))
                lap("outcomes, holds, mixed")
            data = join(parts, store.schema)
            lap("join")
            store.write(block, data)
            lap("write")
        store.finish()
        lap("finish")
    return {stage: seconds / grid.cells * 1e6 for stage, seconds in spent.items()}


def main() -> None:
    given = dict(enumerate(sys.argv[1:]))
    scenario, sweep = given.get(0, "standoff_2021"), given.get(1, "atmosphere")
    points, workers = int(given.get(2, 1001)), int(given.get(3, len(os.sched_getaffinity(0))))
    solver = given.get(4)
    whole(scenario, sweep, 2, 1, solver)  # compile
    figures = whole(scenario, sweep, points, workers, solver)
    print(f"{scenario} {sweep}, {points} points an axis, {workers} workers: {figures}")
    for stage, microseconds in stages(scenario, sweep, points, solver).items():
        print(f"{stage:24} {microseconds:8.3f} us/cell")
    print(f"peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
