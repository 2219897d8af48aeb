"""Cells that are counted and not kept, and what a cluster costs; writes counting.md.

    PYTHONPATH=. python benchmarks/counting.py

First the command in a process of its own, compiled code warm: processor time and peak memory for each number of cells,
and what the same command takes for next to none, which is its start.  Then the same blocks in one thread of this
process and on a cluster of two workers here: what scheduler, workers and driver take together, in turn, so that both
meet the same noise; the ratio is the median.  What scheduler and workers take while nothing is asked of them is
measured before, and told apart.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import sim
from sim.run.blocks import BLOCK
from tests.cluster import LocalCluster

SCENARIO, SWEEP, DRAWN = "standoff_2021", "security_dilemma", "how_sure"
GRIDS, SAMPLES = (1001, 3201), (2**16,)  # points of an axis; of each of 16 replicates
FEW = {SWEEP: 8, DRAWN: 16}  # points that are nothing beside the start
POINTS = 2048  # an axis: 32 blocks
ROUNDS = 2
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


def engines(folder: Path) -> tuple[list[float], list[float], int]:
    """What the same sweep takes on a cluster, as a ratio to one thread, round by round.

    With what scheduler and workers take idle, and without; and its blocks.
    """
    scenario, ratios, busy, blocks = sim.load(SCENARIO), [], [], 0
    options = {"points": POINTS, "keep": "shares"}
    with LocalCluster(folder) as cluster:

        def taken() -> float:
            return time.process_time() + sum(used(one) for one in (cluster.scheduler, *cluster.workers))

        sim.sweep(scenario, SWEEP, out=folder / "warm", scheduler=cluster.address, **options)
        sim.sweep(scenario, SWEEP, out=folder / "warm", **options)
        begun = taken()
        time.sleep(IDLE)
        idle = (taken() - begun) / IDLE
        for number in range(ROUNDS):
            begun = time.process_time()
            whole = sim.sweep(scenario, SWEEP, out=folder / f"thread{number}", **options)
            alone, begun, clock = time.process_time() - begun, taken(), time.monotonic()
            sim.sweep(scenario, SWEEP, out=folder / f"cluster{number}", scheduler=cluster.address, **options)
            together, passed = taken() - begun, time.monotonic() - clock
            ratios.append(together / alone)
            busy.append((together - idle * passed) / alone)
            blocks = whole.sizes["block"]
            print(
                f"{alone:.2f} s alone, {together:.2f} s together in {passed:.1f} s, idle {idle:.3f} a second",
                flush=True,
            )
    return ratios, busy, blocks


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
        ratios, busy, blocks = engines(Path(name))
    lines += [
        "", f"Scheduler, two workers and driver together take {median(ratios):.3f} times the processor time of one thread",
        f"(median of {ROUNDS}; {min(ratios):.3f} to {max(ratios):.3f}; {SWEEP}, {POINTS} x {POINTS} cells, {blocks} blocks",
        f"of {POINTS**2 // blocks:,}, connecting included; at most {2 * BLOCK:,} cells a block); without what scheduler",
        f"and workers take each second, work or none, {median(busy):.3f} times.",
    ]  # fmt: skip
    print("\n".join(lines[-4:]))
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
