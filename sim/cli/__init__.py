"""The ``standoff`` command: arguments in, text out.

One subcommand per file of ``commands/``: being there is being known.  Everything heavy is imported
when a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import click

from sim.cli.border import Border
from sim.version import __version__

__all__ = ["main"]


@click.group(cls=Border, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="standoff")
def main() -> None:
    """Standoff: what rational sides do when they bargain under threat.

    FILE is a scenario file, or the bare name of one of the library or in scenarios/.  Start with `standoff list`, then
    `standoff solve standoff_2021`.
    """
