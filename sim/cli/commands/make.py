"""``standoff make``: everything that is out of date."""

from __future__ import annotations

import sys

import click

from sim.cli.border import INTERRUPTED, OUR_FAULT, fail, say
from sim.cli.waiting import Unheard, waiting

__all__ = ["command"]


@click.command("make", short_help="Check, sweep and draw every scenario that is out of date.")
@click.option("--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="Processes.")
def command(workers: int) -> None:
    """Check, sweep and draw every scenario that is out of date, into results/.

    The seed, standoff_2021, comes first, then what takes longest.  What fails is told at the end, and is tried
    again the next time; exit code 1.
    """
    from sim.making import in_processes, is_made, make, order
    from sim.scenario.library import results_of, shipped

    folders = {file: results_of(file.stem) for file in shipped()}
    out_of_date = [file for file, folder in folders.items() if not is_made(file, folder)]
    items = [(file, folders[file]) for file in order(out_of_date, folders)]
    heard, wrong = Unheard(sys.stdout), []
    try:
        with waiting():
            for place, made in enumerate(in_processes(make, items, workers), start=1):
                name = made.item[0].stem
                what = (
                    "NOT MADE" if made.wrong else counted(sum(path.suffix == ".png" for path in made.result))
                )
                print(f"[{place}/{len(items)}] {name}: {what}, {made.seconds:.1f} s", file=heard, flush=True)
                if made.wrong:
                    wrong.append(f"{name}: {made.wrong}")
    except KeyboardInterrupt:
        fail("interrupted; what was finished is kept, and the next make goes on from there", INTERRUPTED)
    for message in wrong:
        say(message)
    if wrong:
        fail(f"{len(wrong)} of {len(folders)} scenarios could not be made", OUR_FAULT)
    print(f"results/ is up to date: {len(folders)} scenarios", file=heard, flush=True)


def counted(maps: int) -> str:
    """``1 map``, ``8 maps``."""
    return f"{maps} map{'s' * (maps != 1)}"
