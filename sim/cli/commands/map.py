"""``standoff map``: pictures of datasets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from sim.cli.arguments import assignments, complete_registered, complete_scenario, select_option
from sim.cli.waiting import waiting

__all__ = ["command"]


def options(_: Any, __: Any, texts: Iterable[str]) -> dict[str, str]:
    """``NAME=VALUE`` as a dictionary of texts, for the plot to understand."""
    result = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE, as in --option labels=false")
        result[name.strip()] = value.strip()
    return result


@click.command("map")
@click.argument("dataset", metavar="DATASET|FILE", shell_complete=complete_scenario)
@click.option(
    "--plot",
    "plot_name",
    shell_complete=complete_registered("plots"),
    help="Which picture; see list --plots.",
)
@click.option(
    "--at", multiple=True, metavar="NAME=VALUE", callback=assignments,
    help="Show the slice where a swept parameter has the nearest value; may be repeated.",
)  # fmt: skip
@click.option("--variable", metavar="NAME", help="Which number of each cell, for scalar_map.")
@click.option("--outcome", metavar="NAME", help="Which outcome, for plots of one outcome.")
@click.option("--borders", is_flag=True, help="Number the borders of a proved map, and list their formulas.")
@click.option(
    "--option", "given", multiple=True, metavar="NAME=VALUE", callback=options,
    help="Any other option of the plot; may be repeated.",
)  # fmt: skip
@click.option(
    "--caption", default="short", show_default=True, metavar="short|full",
    help="full: list all parameters below the picture; the file's metadata always do.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="PNG, SVG or PDF [beside the dataset].")
@select_option
def command(
    dataset: str, plot_name: str | None, at: dict[str, float], given: dict[str, str], caption: str,
    out: Path | None, select: str | None, **named: str | bool | None,
) -> None:  # fmt: skip
    """Draw pictures: of one dataset, or of every dataset of a scenario.

    Where a map was proved, regions and borders are drawn from the proof. Without --select pictures show what the
    sweep selected, or else all equilibria, as --select all does.
    """
    from sim.pictures import draw

    chosen = {**given, **{name: value for name, value in named.items() if value not in {None, False}}}
    with waiting():
        written = draw(dataset, plot_name, out, select, at=at, options=chosen, caption=caption)
    for path in written:
        click.echo(str(path))
