"""Cells that are counted and not kept, and what a cluster costs; writes counting.md.

    PYTHONPATH=. python benchmarks/counting.py

First the command in a process of its own, compiled code warm: processor time and peak memory for each number of cells.
Then the same blocks in one thread of this process and on a cluster of two workers here: what scheduler, workers and
driver take together, in turn, so that both meet the same noise; the ratio is the median.
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
POINTS = 1024  # an axis: 8 blocks
ROUNDS = 3
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


def engines(folder: Path) -> tuple[list[float], int]:
    """What the same sweep takes on a cluster, as a ratio to one thread, round by round; and its blocks."""
    scenario, ratios, blocks = sim.load(SCENARIO), [], 0
    options = {"points": POINTS, "keep": "shares"}
    with LocalCluster(folder) as cluster:

        def taken() -> float:
            return time.process_time() + sum(used(one) for one in (cluster.scheduler, *cluster.workers))

        sim.sweep(scenario, SWEEP, out=folder / "warm", scheduler=cluster.address, **options)
        sim.sweep(scenario, SWEEP, out=folder / "warm", **options)
        for number in range(ROUNDS):
            begun = time.process_time()
            whole = sim.sweep(scenario, SWEEP, out=folder / f"thread{number}", **options)
            alone, begun = time.process_time() - begun, taken()
            sim.sweep(scenario, SWEEP, out=folder / f"cluster{number}", scheduler=cluster.address, **options)
            ratios.append((taken() - begun) / alone)
            blocks = whole.sizes["block"]
    return ratios, blocks


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command(folder, SWEEP, 41)  # compile
    lines = [
        "# Cells that are counted", "",
        f"`PYTHONPATH=. python benchmarks/counting.py`, {SCENARIO}, `--keep shares --workers 2`, whole process from start",
        "to end, compiled code warm:", "",
        "| sweep | cells | microseconds of processor time a cell | peak MB | MB on disk |", "|---|--:|--:|--:|--:|",
    ]  # fmt: skip
    for sweep, several, words in ((SWEEP, GRIDS, "a grid"), (DRAWN, SAMPLES, "15 parameters drawn")):
        for points in several:
            with tempfile.TemporaryDirectory() as folder:
                cells, seconds, memory, size = command(folder, sweep, points)
            lines.append(
                f"| {sweep}, {words} | {cells:,} | {seconds / cells * 1e6:.2f} | {memory:.0f} | {size:.2f} |"
            )
            print(lines[-1], flush=True)
    with tempfile.TemporaryDirectory() as name:
        ratios, blocks = engines(Path(name))
    lines += [
        "", f"Scheduler, two workers and driver together take {median(ratios):.3f} times the processor time of one thread",
        f"(median of {ROUNDS}; {min(ratios):.3f} to {max(ratios):.3f}; {SWEEP}, {POINTS} x {POINTS} cells, {blocks} blocks",
        f"of {POINTS**2 // blocks:,}, connecting included; at most {2 * BLOCK:,} cells a block).",
    ]  # fmt: skip
    print("\n".join(lines[-3:]))
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
