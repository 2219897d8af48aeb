"""``standoff sweep``: every cell of a grid."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from sim.cli.arguments import (
    concept_option,
    over_option,
    refine_option,
    scenario_argument,
    select_option,
    set_option,
    solver_option,
)
from sim.cli.border import INTERRUPTED, OUR_FAULT, fail, say
from sim.cli.waiting import Unheard

__all__ = ["command"]

KEPT = "what was finished is kept: go on with --resume"


@click.command("sweep", short_help="Solve over a grid of parameters, or a sample, into datasets.")
@scenario_argument()
@click.argument("sweeps", nargs=-1)
@over_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for datasets [results/<scenario>].",
)
@set_option
@click.option(
    "--points",
    type=click.IntRange(2, 2**29),
    help="Points on every axis, or of every replicate, in place of the scenario's.",
)
@click.option(
    "--design",
    metavar="DESIGN",
    help="Draw the parameters from what is believed of them: sobol, latin or random.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Threads; answers do not depend on it.",
)
@click.option(
    "--scheduler",
    metavar="tcp://HOST:PORT",
    help="Let the workers of this cluster of dask.distributed solve.",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted sweep.")
@click.option(
    "--keep",
    metavar="LEVEL",
    help="What is stored: shares, map, equilibria or full [by the number of cells].",
)
@click.option("--full", is_flag=True, help="Keep every equilibrium's strategies as well: --keep full.")
@concept_option
@solver_option
@select_option
@refine_option
def command(
    file: str, sweeps: tuple[str, ...], over: dict[str, Any], out: Path | None, given: dict[str, float],
    points: int | None, design: str | None, workers: int, scheduler: str | None, resume: bool,
    keep: str | None, full: bool,
    concept: str | None, solver: str | None, select: str | None, refine: str | None,
) -> None:  # fmt: skip
    """Solve over a grid of parameters: the named SWEEPS of a scenario, or all of them, or --over others.

    With --design parameters are not swept but drawn, from what the scenario believes of them. Where signs of
    polynomials decide the outcomes, the regions between the cells are proved as well, into SWEEP.borders.json.
    """
    from tqdm import tqdm

    from sim.dataset import command as command_of
    from sim.dataset.asked import replaces
    from sim.dataset.places import vacant
    from sim.run import any_refuted, level_asked, plan, sweep
    from sim.run.proved_sweeps import prove_beside, prove_design, proved_by_design
    from sim.scenario import load
    from sim.scenario.library import find, results_of
    from sim.scenario.over import chosen_sweeps

    scenario = load(find(file))
    chosen = chosen_sweeps(scenario, sweeps, over)
    folder = out or results_of(scenario.name)
    refuted = False
    level = level_asked(keep, full=full)
    options: dict[str, Any] = {
        "points": points, "design": design, "concept": concept, "solver": solver, "select": select,
        "refine": refine, "keep": level,
    }  # fmt: skip
    stop = stop_when_asked()
    for asked in chosen:  # all questions are looked at before the first is worked on
        plan(scenario, asked, given, points, design, level)
        if not proved_by_design(asked, options):
            vacant(folder / f"{asked.name}.zarr")
    for asked in chosen:
        name = asked.name
        if proved_by_design(asked, options):
            print(prove_design(scenario, asked, folder, given), file=Unheard(sys.stdout), flush=True)
            continue
        now = command_of(scenario, asked, given, options)
        told = replaces(folder / f"{name}.zarr", scenario, asked, now)
        if told:
            say(told)
        listening = Unheard(sys.stderr)
        with tqdm(desc=f"{scenario.name} {name}", unit=" cells", unit_scale=True, file=listening) as bar:

            def progress(done: int, total: int, bar: Any = bar) -> None:
                bar.total = total
                bar.update(done - bar.n)
                # threads tell of their batches, this one of whole blocks, which are kept
                if stop.is_set() and threading.current_thread() is threading.main_thread():
                    raise KeyboardInterrupt

            try:
                dataset = sweep(
                    scenario, asked, out=folder, set=given, workers=workers, scheduler=scheduler, resume=resume,
                    progress=progress, **options,
                )  # fmt: skip
            except KeyboardInterrupt:
                bar.close()
                fail(f"interrupted; {KEPT}", INTERRUPTED)
            except (OSError, MemoryError, RuntimeError) as error:
                if isinstance(error, OSError) and error.strerror and not error.filename:
                    error.filename = str(folder / f"{name}.zarr")
                error.add_note(KEPT)
                raise
        prove_beside(scenario, asked, folder, given, options)
        print(f"{folder / name}.zarr", file=Unheard(sys.stdout), flush=True)
        refuted = refuted or any_refuted(dataset)
    if refuted:
        from sim.claim import Status

        fail(Status.refuted.sentence, OUR_FAULT)


def stop_when_asked() -> threading.Event:
    """Set by the first Ctrl-C, so that the block at work is finished and kept; a second one stops at once.

    That is safe at any time: a block is marked done after it was written.
    """
    asked = threading.Event()

    def tell(message: str) -> None:
        # past Python's own buffer, which may be at work just now
        with contextlib.suppress(AttributeError, OSError, ValueError):
            os.write(sys.stderr.fileno(), f"\n{message}\n".encode())

    def ask(_: int, __: Any) -> None:
        asked.set()
        signal.signal(signal.SIGINT, stop)
        tell("stopping after the blocks at work; Ctrl-C again stops at once")

    def stop(_: int, __: Any) -> None:
        tell(f"interrupted; {KEPT}")
        os._exit(INTERRUPTED)

    signal.signal(signal.SIGINT, ask)
    return asked
