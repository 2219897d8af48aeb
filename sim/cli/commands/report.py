"""``standoff report``: a page for each scenario."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.arguments import complete_scenario
from sim.cli.border import OUR_FAULT, fail, say
from sim.cli.waiting import waiting

__all__ = ["command"]


@click.command("report", short_help="Write a page for each scenario, and an index.")
@click.argument("files", metavar="FILE...", nargs=-1, shell_complete=complete_scenario)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("results/report"), show_default=True,
    help="Folder for the pages.",
)  # fmt: skip
@click.option("--compare", is_flag=True, help="Two scenarios side by side on one page.")
@click.option("--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="Processes.")
def command(files: tuple[str, ...], out: Path, compare: bool, workers: int) -> None:
    """Write one self-contained HTML page for each scenario, or all of the library, and an index of them.

    Datasets are those of results/; what is not there, or of another version of the file, is swept at 41 points.
    """
    from sim.scenario.library import find, shipped

    if compare:
        if len(files) != 2:
            raise ValueError(f"--compare takes two scenarios, and {len(files) or 'none'} are named")
        from sim.report import compare as side_by_side

        with waiting():
            path = side_by_side(*files, out)
        click.echo(str(path))
        return
    from sim.making import in_processes
    from sim.report import index, write

    words = [str(find(word)) for word in files] or [str(path) for path in shipped()]
    entries, wrong = [], []
    with waiting():
        if len(words) == 1:
            entries.append(write(words[0], out))
        else:
            for made in in_processes(write, [(word, out) for word in words], workers):
                if made.wrong:
                    wrong.append(f"{made.item[0]}: {made.wrong}")
                else:
                    entries.append(made.result)
        for entry in entries:
            click.echo(str(out / f"{entry.name}.html"))
        if entries:
            click.echo(str(index(entries, out)))
    for message in wrong:
        say(message)
    if wrong:
        fail(f"{len(wrong)} of {len(words)} pages could not be written", OUR_FAULT)
