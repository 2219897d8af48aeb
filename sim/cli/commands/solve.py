"""``standoff solve``: one cell, every solution."""

from __future__ import annotations

import click

from sim.cli.arguments import (
    concept_option,
    open_game,
    refine_option,
    scenario_argument,
    set_option,
    solver_option,
)
from sim.cli.border import OUR_FAULT, fail
from sim.cli.waiting import waiting

__all__ = ["command"]


@click.command("solve")
@scenario_argument()
@set_option
@concept_option
@solver_option
@refine_option
@click.option("--exact", is_flag=True, help="Rational arithmetic; answers are fractions.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--csv", "as_csv", is_flag=True, help="One row for each equilibrium, for spreadsheets.")
def command(
    file: str, given: dict[str, float], concept: str | None, solver: str | None, refine: str | None, exact: bool,
    as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    """Solve one game and show every solution, certified."""
    from sim.claim import Status
    from sim.kernels.interpreted import interpreted

    if as_csv and (as_json or exact):
        raise ValueError("--csv writes decimal numbers, alone: fractions go with --json")

    def answer() -> tuple[str, bool]:
        """What is printed, and whether the certificate refuted it."""
        from sim.solving import choose_solver, solve

        source, game = open_game(file, given)
        claimed = concept or game.usual_concept
        method = choose_solver(game, claimed, solver, exact=exact).name
        solution = solve(game, claimed, method, exact=exact)
        if refine is not None:
            from sim.selection import judged_by

            solution = judged_by(solution, refine)
        refuted = bool((solution.status == Status.refuted).any())
        if as_csv:
            from sim.interchange.table import equilibria_csv

            return equilibria_csv(solution).removesuffix("\n"), refuted
        if as_json:
            import json

            from sim.output.as_json import record

            told = record(source, solution, method, exact=exact)
            return json.dumps(told, indent=1, allow_nan=False), refuted
        from sim.output import as_text

        return as_text.solution(source, solution, method, exact=exact), refuted

    with waiting():
        text, refuted = interpreted(answer)
    click.echo(text)
    if refuted:
        fail(Status.refuted.sentence, OUR_FAULT)
