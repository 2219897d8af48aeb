"""``standoff check``: files that load and promises that hold."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

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
    from sim.kernels.interpreted import interpreted
    from sim.run.promises import keep
    from sim.scenario import ScenarioError, load
    from sim.scenario.library import find

    good = True
    for word in file:
        try:
            scenario = load(find(word))
            wrong = list(unanswerable(scenario))
            with waiting():
                results = (
                    []
                    if wrong
                    else [interpreted(partial(keep, scenario, promise)) for promise in scenario.promises]
                )
        except (ScenarioError, ValueError) as error:
            click.echo(str(error), err=True)
            good = False
            continue
        wrong += [f'promise not kept: "{kept.claim}" {kept.found}' for kept in results if not kept.kept]
        for message in wrong:
            click.echo(f"{scenario.path}: {message}", err=True)
        good = good and not wrong
        if not wrong:
            count = len(scenario.promises)
            promises = f"{count} promise{'s' * (count != 1)} kept" if count else "no promises to keep"
            click.echo(f"{scenario.path}: good; {promises}")
    if not good:
        sys.exit(WRONG_INPUT)


def unanswerable(scenario: Any) -> Iterator[str]:
    """What is wrong with the concepts and solvers of sweeps and promises: no method, or another form's."""
    from sim.solving import choose_solver

    game = scenario.game()
    questions = [(f"sweeps.{name}", question) for name, question in scenario.sweeps.items()]
    questions += [
        (f"expect[{place}]", promise)
        for place, promise in enumerate(scenario.promises, start=1)
        if promise.perfect is None
    ]
    for key, question in questions:
        try:
            choose_solver(game, question.concept, question.solver)
        except ValueError as error:
            yield f"{key}: {error}"
