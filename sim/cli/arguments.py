"""What several subcommands take: a file, parameters, a concept, a solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.game import Game
    from sim.scenario.source import Source

__all__ = [
    "assignments", "complete_registered", "complete_scenario", "concept_option", "named_values", "open_game",
    "over_option", "refine_option", "scenario_argument", "select_option", "set_option", "solver_option",
]  # fmt: skip


def named_values(texts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """``NAME=VALUE`` options as they were written, their names and their values, without spaces around them."""
    seen: set[str] = set()
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        if name in seen:
            raise click.BadParameter(f"{name!r} is given twice")
        seen.add(name)
        yield text, name, value


def assignments(_: Any, __: Any, texts: Iterable[str]) -> dict[str, Any]:
    """``NAME=VALUE`` options as a dictionary; a value is a number as it was written, 0.25 or 1/3."""
    from sim.expression.numbers import read_number

    result = {}
    for text, name, value in named_values(texts):
        try:
            # infinities and NaN lie outside all bounds, which is told with the bounds
            beyond = value.lower().lstrip("+-") in {"inf", "infinity", "nan"}
            result[name] = float(value) if beyond else read_number(value)
        except ValueError as error:
            raise click.BadParameter(
                f"{text!r} is not NAME=NUMBER, as in --set prize=25 or --set share=1/3: {error}"
            ) from None
    return result


def ranges(_: Any, __: Any, texts: Iterable[str]) -> dict[str, tuple[str | int, ...]]:
    """``NAME=LOW:HIGH[:POINTS]`` options by name: low, high and, if said, points, for ``sweep_over`` to check."""
    result: dict[str, tuple[str | int, ...]] = {}
    for text, name, value in named_values(texts):
        parts = [part.strip() for part in value.split(":")]
        if len(parts) not in {2, 3} or not all([name, *parts]):
            raise click.BadParameter(
                f"{text!r} is not NAME=LOW:HIGH or NAME=LOW:HIGH:POINTS, as in threat=0:4:81"
            )
        points = [int(part) if part.isdecimal() and len(part) < 10 else part for part in parts[2:]]
        result[name] = (*parts[:2], *points)
    return result


def complete_scenario(_: Any, __: Any, typed: str) -> list[str]:
    """Names of the library's scenarios, for the shell."""
    from sim.scenario.library import shipped

    return [path.stem for path in shipped() if path.stem.startswith(typed)]


def complete_registered(registry: str) -> Callable[[Any, Any, str], list[str]]:
    """Names of what is registered, for the shell."""

    def complete(_: Any, __: Any, typed: str) -> list[str]:
        from sim import plugins, selection

        names: Any = selection.SELECTIONS if registry == "selections" else getattr(plugins, registry)
        return [name for name in names if name.startswith(typed)]

    return complete


set_option = click.option(
    "--set", "given", multiple=True, metavar="NAME=VALUE", callback=assignments,
    help="Give a parameter another value; may be repeated.",
)  # fmt: skip
over_option = click.option(
    "--over", "over", multiple=True, metavar="NAME=LOW:HIGH[:POINTS]", callback=ranges,
    help="Ask what no sweep of the file asks: vary this parameter; may be repeated.",
)  # fmt: skip
concept_option = click.option(
    "--concept",
    shell_complete=complete_registered("concepts"),
    help="What to solve for; see list --concepts.",
)
solver_option = click.option(
    "--solver", shell_complete=complete_registered("solvers"), help="By which method; see list --solvers."
)

select_option = click.option(
    "--select",
    metavar="SELECTION",
    shell_complete=complete_registered("selections"),
    help='Which of several equilibria, as in --select "best_for Russia"; see list --selections.',
)
refine_option = click.option(
    "--refine",
    metavar="REFINEMENT",
    help="Mark the equilibria that survive intuitive, d1 or undefeated.",
)


def scenario_argument(*, many: bool = False) -> Callable[[Any], Any]:
    """FILE: a path, or the bare name of a scenario in ``scenarios/``."""
    return click.argument("file", nargs=-1 if many else 1, required=True, shell_complete=complete_scenario)


def open_game(file: str, given: dict[str, float]) -> tuple[Source, Game]:
    """The source of a game (a scenario, or a game file) with its parameters, and the game."""
    from sim.scenario import load
    from sim.scenario.library import find
    from sim.scenario.source import Source

    scenario = load(find(file))
    parameters = scenario.values(**given)

    def critical(joint: Any, by: Any) -> str:
        from sim.scenario.critical import critical_formula_if  # which stands on borders: only for who asks

        return critical_formula_if(scenario, parameters, joint, by)

    source = Source(
        scenario.name, scenario.title, scenario.form, parameters, scenario.automata, scenario.tones,
        {name: parameter.default for name, parameter in scenario.parameters.items()},
        critical,
    )  # fmt: skip
    if not scenario.reading.formulas.parameters:
        source = replace(source, remedy=f"mend that number in {scenario.path}")
    return source, scenario.game(**given)
