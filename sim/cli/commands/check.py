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
    from sim.library import find
    from sim.promises import keep
    from sim.scenario import ScenarioError, load

    good = True
    for word in file:
        try:
            scenario = load(find(word))
            with waiting():
                broken = [
                    kept
                    for kept in (keep(scenario, promise) for promise in scenario.promises)
                    if not kept.kept
                ]
        except (ScenarioError, ValueError) as error:
            click.echo(str(error), err=True)
            good = False
            continue
        for kept in broken:
            click.echo(f'{scenario.path}: promise not kept: "{kept.claim}" {kept.found}', err=True)
        good = good and not broken
        if not broken:
            count = len(scenario.promises)
            promises = f"{count} promise{'s' * (count != 1)} kept" if count else "no promises to keep"
            click.echo(f"{scenario.path}: good; {promises}")
    if not good:
        sys.exit(WRONG_INPUT)
