"""``standoff map``: pictures of datasets."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.arguments import complete_registered, complete_scenario, select_option

__all__ = ["command"]


@click.command("map")
@click.argument("dataset", metavar="DATASET|FILE", shell_complete=complete_scenario)
@click.option(
    "--plot",
    "plot_name",
    shell_complete=complete_registered("plots"),
    help="Which picture; see list --plots.",
)
@click.option("--out", type=click.Path(path_type=Path), help="PNG, SVG or PDF [beside the dataset].")
@select_option
def command(dataset: str, plot_name: str | None, out: Path | None, select: str | None) -> None:
    """Draw pictures: of one dataset, or of every dataset of a scenario.

    Without --select they show what the sweep selected, or else all equilibria, as --select all does.
    """
    from sim.pictures import draw

    for path in draw(dataset, plot_name, out, select):
        click.echo(str(path))
