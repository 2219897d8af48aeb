"""``standoff check``: files that load and promises that hold."""

from __future__ import annotations

import sys

import click

from sim.cli.arguments import scenario_argument
from sim.cli.border import WRONG_INPUT

__all__ = ["command"]


@click.command("check")
@scenario_argument(many=True)
def command(file: tuple[str, ...]) -> None:
    """Check scenario files: their form, their bounds, and their promises.

    Exit code 0 if all is well, else 2.
    """
    from sim.library import find
    from sim.promises import keep
    from sim.scenario import ScenarioError, load

    good = True
    for word in file:
        try:
            scenario = load(find(word))
        except (ScenarioError, ValueError) as error:
            click.echo(str(error), err=True)
            good = False
            continue
        broken = [
            kept for kept in (keep(scenario, promise) for promise in scenario.promises) if not kept.kept
        ]
        for kept in broken:
            click.echo(f"{scenario.path}: promise not kept: {kept.claim}: {kept.found}", err=True)
        good = good and not broken
        if not broken:
            click.echo(f"{scenario.path}: good; {len(scenario.promises)} promises kept")
    if not good:
        sys.exit(WRONG_INPUT)
