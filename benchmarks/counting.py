"""Cells that are counted and not kept, and what an engine costs beside them; writes counting.md.

    PYTHONPATH=. python benchmarks/counting.py

First the command in a process of its own, compiled code warm: processor time and peak memory for each number of cells,
and what the same command takes for next to none, which is its start.  Then a sweep of one block and one of many, of at
least 10^5 cells each, in one thread of this process and on a cluster of two workers here, by turns, so that both meet
the same noise: processor time that is not spent in computing and counting cells, of scheduler, workers and driver
together, is the engine's.  What does not grow with the blocks is its start; what scheduler and workers take each second
while nothing is asked of them is measured before, and told apart.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import sim
from tests.cluster import LocalCluster

SCENARIO, SWEEP, DRAWN = "standoff_2021", "security_dilemma", "how_sure"
GRIDS, SAMPLES = (1001, 3201), (2**16,)  # points of an axis; of each of 16 replicates
FEW = {SWEEP: 8, DRAWN: 16}  # points that are nothing beside the start
MANY, ONE = 2048, 362  # points of an axis: 32 blocks of 131,072 cells, and one
ROUNDS = 3
IDLE = 10.0  # seconds of a cluster that has nothing to do
TICK = os.sysconf("SC_CLK_TCK")


def command(folder: str, sweep: str, points: int) -> tuple[int, float, float, float]:
    """Cells, processor seconds, peak MB and MB on disk of a sweep in a process of its own, with two threads."""
    words = ["sim", "sweep", SCENARIO, sweep, "--points", str(points)]
    words += ["--keep", "shares", "--workers", "2", "--out", folder]
    process = os.posix_spawn(
        sys.executable, [sys.executable, "-m", *words], os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, stream, f"{folder}/{stream}.log", os.O_WRONLY | os.O_CREAT, 0o600)
            for stream in (1, 2)
        ],
    )  # fmt: skip
    _, status, usage = os.wait4(process, 0)
    if status:
        sys.exit(f"{words} failed")
    (store,) = Path(folder).glob("*.zarr")
    size = sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
    return counted_in(store), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, size / 1e6


def counted_in(store: Path) -> int:
    from sim.dataset import open_dataset

    return int(open_dataset(store)["verdicts"].sum())


def used(process: subprocess.Popen[bytes]) -> float:
    """Processor seconds that a process has taken."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def computing(folder: str) -> None:
    """After each block write how long this process has computed and counted cells, processor seconds, into a folder."""
    from sim.run.blocks import Work

    batches, total, file = Work.batches, [0.0], Path(folder) / f"{os.getpid()}.seconds"

    def timed(*given: Any) -> Any:
        begun = time.process_time()
        found = batches(*given)
        total[0] += time.process_time() - begun
        file.write_text(str(total[0]))
        return found

    Work.batches = timed  # type: ignore[method-assign]


def computed(folder: Path) -> float:
    """Processor seconds that all processes have computed cells."""
    return sum(float(path.read_text()) for path in folder.glob("*.seconds"))


class Beside(NamedTuple):
    """Of a sweep: processor seconds in which cells were computed, and all others; seconds that passed; blocks."""

    cells: float
    others: float
    passed: float
    blocks: int


def engines(folder: Path) -> dict[str, tuple[float, float, float]]:
    """By engine: its share of the processor time of a block, of this what is taken idle, and the seconds of its start."""
    scenario = sim.load(SCENARIO)
    computing(str(folder))
    before = f"from benchmarks.counting import computing; computing({str(folder)!r})"
    with LocalCluster(folder, before=before) as cluster:
        others = (cluster.scheduler, *cluster.workers)

        def taken(*, alone: bool = False) -> float:
            return time.process_time() + (0.0 if alone else sum(map(used, others)))

        def swept(points: int, **options: Any) -> Beside:
            with tempfile.TemporaryDirectory() as out:
                alone = not options
                begun, before, clock = taken(alone=alone), computed(folder), time.monotonic()
                whole = sim.sweep(scenario, SWEEP, out=Path(out), points=points, keep="shares", **options)
                cells, passed = computed(folder) - before, time.monotonic() - clock
                return Beside(cells, taken(alone=alone) - begun - cells, passed, whole.sizes["block"])

        ways: dict[str, dict[str, Any]] = {"one thread": {}, "a cluster": {"scheduler": cluster.address}}
        for options in ways.values():
            swept(ONE, **options)
        begun = taken()
        time.sleep(IDLE)
        idle = (taken() - begun) / IDLE
        rounds: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, options in ways.items():
                one, many = swept(ONE, **options), swept(MANY, **options)
                blocks, cells = many.blocks - one.blocks, many.cells - one.cells
                each = many.others - one.others
                waiting = idle * (many.passed - one.passed) if options else 0.0
                rounds[name].append((each / cells, waiting / cells, one.others - each / blocks))
                print(f"{name}: {one}, {many}, idle {idle:.3f} a second", flush=True)
    return {name: tuple(map(median, zip(*found, strict=True))) for name, found in rounds.items()}  # type: ignore[misc]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command(folder, SWEEP, 41)  # compile
    lines = [
        "# Cells that are counted", "",
        f"`PYTHONPATH=. python benchmarks/counting.py`, {SCENARIO}, `--keep shares --workers 2`, whole process from start",
        "to end, compiled code warm; the start is what next to no cells take:", "",
        "| sweep | cells | processor seconds | of these the start | microseconds a cell beyond | peak MB | MB on disk |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]  # fmt: skip
    for sweep, several, words in ((SWEEP, GRIDS, "a grid"), (DRAWN, SAMPLES, "15 parameters drawn")):
        with tempfile.TemporaryDirectory() as folder:
            _, start, _, _ = command(folder, sweep, FEW[sweep])
        for points in several:
            with tempfile.TemporaryDirectory() as folder:
                cells, seconds, memory, size = command(folder, sweep, points)
            lines.append(
                f"| {sweep}, {words} | {cells:,} | {seconds:.1f} | {start:.1f} | {(seconds - start) / cells * 1e6:.2f} "
                f"| {memory:.0f} | {size:.2f} |"
            )
            print(lines[-1], flush=True)
    with tempfile.TemporaryDirectory() as name:
        found = engines(Path(name))
    lines += [
        "", f"What the engine costs beside computing and counting cells, {SWEEP}, {MANY**2 // 32:,} cells a block; the",
        f"cluster is a scheduler, two workers and the driver; processor time, median of {ROUNDS} rounds:", "",
        "| engine | of what cells take, a block | taken idle as well | seconds of start |",
        "|---|--:|--:|--:|",
    ]  # fmt: skip
    for engine, (each, waiting, start) in found.items():
        told = "" if engine == "one thread" else f"{100 * waiting:.1f} %"
        lines.append(f"| {engine} | {100 * each:.1f} % | {told} | {start:.2f} |")
    print("\n".join(lines[-5:]))
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
