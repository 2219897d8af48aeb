"""``standoff explain``: why, and what would have to change."""

from __future__ import annotations

import click

from sim.cli.arguments import concept_option, scenario_argument, select_option, set_option

__all__ = ["command"]


@click.command(
    "explain", short_help="Tell why these are the outcomes, and what would have to change for others."
)
@scenario_argument()
@set_option
@click.option(
    "--to",
    multiple=True,
    metavar="OUTCOME",
    help="The outcome wanted; may be repeated [each that does not hold].",
)
@click.option("--only", is_flag=True, help="Just beyond the change no other outcome may hold.")
@click.option(
    "--norm",
    type=click.Choice(["sum", "max", "euclid"]),
    default="sum",
    show_default=True,
    help="How changes of several parameters add up, as shares of their ranges.",
)
@concept_option
@select_option
@click.option(
    "--equilibria",
    type=click.Choice(["all", "pure"]),
    default="all",
    show_default=True,
    help="Which equilibria count.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(
    file: str, given: dict[str, float], to: tuple[str, ...], only: bool, norm: str, as_json: bool, **which: str | None
) -> None:  # fmt: skip
    """Tell why each side does what it does and nothing else holds, and what would have to change for other outcomes."""
    from sim.explain import what_would_change
    from sim.explain.looks import Asked
    from sim.output import changes_text
    from sim.scenario import load
    from sim.scenario.library import find
    from sim.scenario.margins import signs_of
    from sim.solving import solve

    scenario = load(find(file))
    solver = signs_of(scenario).pure if which["equilibria"] == "pure" else None
    asked = Asked(which["concept"], solver, which["select"])
    changes = what_would_change(scenario, given, to=to, only=only, norm=norm, asked=asked)
    why = solve(scenario.game(**changes.parameters), asked.concept, asked.solver)
    if as_json:
        import json

        click.echo(json.dumps(changes_text.changes_answer(scenario, changes, why), indent=1, allow_nan=False))
    else:
        click.echo(changes_text.changes_report(scenario, changes, norm, to, only=only, why=why))
