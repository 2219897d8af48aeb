"""``standoff import``: a game of other software as a scenario file."""  # noqa: N999 - the name of the command

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("import", short_help="Make a scenario file of a table of payoffs.")
@click.argument("table")
def command(table: str) -> None:
    """Write a game as a scenario file, as in: standoff import payoffs.csv > game.toml.

    TABLE is a table of payoffs (CSV, as spreadsheets write it) or a game of Gambit's (.nfg). A table has a row for
    each joint action, what each side does and then what each gets; or for two sides the actions of the first down
    the side, those of the second along the top, and in each cell a, b.
    """
    from sim.scenario import load
    from sim.scenario.as_file import as_file

    click.echo(as_file(load(table)), nl=False)
