"""``standoff solve``: one cell, every solution."""

from __future__ import annotations

import click

from sim.cli.arguments import concept_option, open_game, scenario_argument, set_option, solver_option
from sim.cli.border import OUR_FAULT, fail
from sim.cli.waiting import waiting

__all__ = ["command"]


@click.command("solve")
@scenario_argument()
@set_option
@concept_option
@solver_option
@click.option("--exact", is_flag=True, help="Rational arithmetic; answers are fractions.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--csv", "as_csv", is_flag=True, help="One row for each equilibrium, for spreadsheets.")
def command(
    file: str, given: dict[str, float], concept: str | None, solver: str | None, exact: bool, as_json: bool,
    as_csv: bool,
) -> None:  # fmt: skip
    """Solve one game and show every solution, certified."""
    from sim.claim import Status
    from sim.output import as_text
    from sim.output.as_json import record
    from sim.solving import choose_solver, solve

    if as_csv and (as_json or exact):
        raise ValueError("--csv writes decimal numbers, alone: fractions go with --json")
    with waiting():
        source, game = open_game(file, given)
        concept = concept or game.usual_concept
        method = choose_solver(game, concept, solver, exact=exact)
        solution = solve(game, concept, method.name, exact=exact)
    if as_csv:
        from sim.interchange.table import equilibria_csv

        click.echo(equilibria_csv(solution), nl=False)
    elif as_json:
        import json

        click.echo(json.dumps(record(source, solution, method.name, exact=exact), indent=1, allow_nan=False))
    else:
        click.echo(as_text.solution(source, solution, method.name, exact=exact))
    if (solution.status == Status.refuted).any():
        fail(Status.refuted.sentence, OUR_FAULT)
