"""``standoff solve``: one cell, every solution."""

from __future__ import annotations

from pathlib import Path
from shlex import join
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from sim.scenario.source import Source
    from sim.solution import Solution

__all__ = ["command"]


def draw(
    source: Source,
    solution: Solution,
    file: str,
    given: dict[str, float],
    out: Path,
    number: int,
    plot: str | None,
) -> None:
    """The picture of ``--out``."""
    from sim.output.as_json import assessed
    from sim.pictures import draw_solved

    settings = [word for name, value in given.items() for word in ("--set", f"{name}={value}")]
    asked = ["--plot", plot] if plot else []
    words = join(["standoff", "solve", file, *settings, "--concept", solution.concept, *asked])
    assessments = [assessed(solution, 0, k) for k in range(int(solution.count[0]))]
    draw_solved(source, solution, assessments, words, out, number, plot)


@click.command("solve")
@scenario_argument()
@set_option
@concept_option
@solver_option
@refine_option
@click.option("--exact", is_flag=True, help="Rational arithmetic; answers are fractions.")
@click.option("--why", is_flag=True, help="Tell why each side does what it does, and why nothing else holds.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--csv", "as_csv", is_flag=True, help="One row for each equilibrium, for spreadsheets.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw it with one solution, a tree, states or a bargain: PNG, SVG or PDF.",
)
@click.option(
    "--plot",
    help="What --out draws: tree, states of a stochastic game, polylines of a signalling game of two types, "
    "reputation (beliefs move by move), bargaining_range. [by form]",
)
@click.option("--number", type=int, default=1, show_default=True, help="Which solution --out draws.")
def command(
    file: str, given: dict[str, float], concept: str | None, solver: str | None, refine: str | None, exact: bool,
    as_json: bool, as_csv: bool, **more: Any,
) -> None:  # fmt: skip
    """Solve one game and show every solution, certified."""
    from sim.claim import Status
    from sim.kernels.interpreted import interpreted

    if as_csv and (as_json or exact or more["why"]):
        raise ValueError("--csv writes decimal numbers, alone: fractions and reasons go with --json")

    if more["plot"] is not None and more["out"] is None:
        raise ValueError("--plot says what --out draws: add --out FILE, which ends in .png, .svg or .pdf")

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
        found.append((source, solution))
        refuted = bool((solution.status == Status.refuted).any())
        if as_csv:
            from sim.interchange.table import equilibria_csv

            return equilibria_csv(solution).removesuffix("\n"), refuted
        if as_json:
            import json

            from sim.output.as_json import record

            told = record(source, solution, method, exact=exact)
            if why:
                from sim.explain import reasons
                from sim.output.reasons_text import reasons_answer

                told["reasons"] = reasons_answer(reasons(solution))
            return json.dumps(told, indent=1, allow_nan=False), refuted
        from sim.output import as_text

        told_why = []
        if why:
            from sim.output.reasons_text import reasons_parts

            told_why = reasons_parts(solution)
        return "\n\n".join([as_text.solution(source, solution, method, exact=exact), *told_why]), refuted

    why = bool(more.pop("why"))
    found: list[tuple[Source, Solution]] = []
    with waiting():
        text, refuted = interpreted(answer)
        if more["out"] is not None:
            draw(*found[-1], file, given, **more)
    click.echo(text)
    if refuted:
        fail(Status.refuted.sentence, OUR_FAULT)
