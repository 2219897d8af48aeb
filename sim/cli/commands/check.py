"""``standoff check``: files that load and promises that hold."""

from __future__ import annotations

import sys

import click

from sim.cli.arguments import scenario_argument
from sim.cli.border import WRONG_INPUT
from sim.cli.waiting import waiting

__all__ = ["command"]


@click.command("check", short_help="Check scenario files, and keep their promises.")
@scenario_argument(many=True)
def command(file: tuple[str, ...]) -> None:
    """Check scenario files: their form, their bounds, and their promises.

    Exit code 0 if all is well, else 2.
    """
    from sim.run.promises import broken
    from sim.scenario import ScenarioError, load
    from sim.scenario.library import find

    good = True
    for word in file:
        try:
            scenario = load(find(word))
            with waiting():
                wrong = broken(scenario)
        except (ScenarioError, ValueError) as error:
            click.echo(str(error), err=True)
            good = False
            continue
        for message in wrong:
            click.echo(f"{scenario.path}: {message}", err=True)
        good = good and not wrong
        if not wrong:
            count = len(scenario.promises)
            promises = f"{count} promise{'s' * (count != 1)} kept" if count else "no promises to keep"
            click.echo(f"{scenario.path}: good; {promises}")
    if not good:
        sys.exit(WRONG_INPUT)
