"""What a page is told of a scenario before anything is solved: parameters, questions, and what may be asked."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sim.expression import Number
from sim.expression.numbers import fraction
from sim.game import Game
from sim.plugins import concepts, solvers
from sim.scenario import Scenario
from sim.scenario.tables import Sweep
from sim.selection import names as selection_names

__all__ = ["about_scenario", "decimals_of", "step_of"]

STEPS = 200  # of a slider, at most twice as many


def step_of(low: Number, high: Number) -> float:
    """A step of a slider: 1, 2 or 5 of a power of ten, 200 to 500 of them on the way."""
    width = fraction(high) - fraction(low)
    if width <= 0:
        return 1.0
    power = Fraction(10) ** math.floor(math.log10(width / STEPS))
    power = power / 10 if power * STEPS > width else power  # which the logarithm of a float cannot tell
    return float(max(times * power for times in (1, 2, 5) if times * power * STEPS <= width))


def decimals_of(step: float) -> int:
    """Digits behind the point that a step needs."""
    return max(0, -Decimal(repr(step)).adjusted())


def about_scenario(scenario: Scenario, game: Game) -> dict[str, Any]:
    """Everything that stands on the page whatever is asked."""
    return {
        "name": scenario.name,
        "title": scenario.title or scenario.name,
        "about": scenario.about,
        "form": scenario.form,
        "players": list(scenario.players),
        "parameters": [
            {
                "name": name,
                "meaning": one.meaning,
                "unit": one.unit,
                "source": one.source,
                "default": written_short(one.default),
                "low": float(one.low),
                "high": float(one.high),
                "step": step_of(one.low, one.high),
                "decimals": decimals_of(step_of(one.low, one.high)),
            }
            for name, one in scenario.parameters.items()
        ],
        "sweeps": [question(sweep) for sweep in scenario.sweeps.values() if sweep.over],
        "concept": game.usual_concept,
        "concepts": asked_of(game),
    }


def written_short(value: Number) -> str:
    """A number as somebody would write it."""
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def question(sweep: Sweep) -> dict[str, Any]:
    """A sweep of the file as a view; of more axes than two the first two."""
    return {
        "name": sweep.name,
        "title": sweep.title or sweep.name,
        "note": sweep.note,
        "axes": [
            {"name": name, "low": written_short(axis.low), "high": written_short(axis.high)}
            for name, axis in list(sweep.over.items())[:2]
        ],
        "set": {name: written_short(value) for name, value in sweep.set.items()},
        "concept": sweep.concept,
        "solver": sweep.solver,
        "select": ", ".join(filter(None, (sweep.refine, sweep.select))) or None,
    }


def asked_of(game: Game) -> list[dict[str, Any]]:
    """The concepts of which some method finds answers here that can be certified, with methods and selections."""
    found = []
    for name, concept in concepts.items():
        methods = [one for one in solvers.values() if one.accepts(game) and one.finds(name)]
        try:
            concept.judge(game)
        except ValueError:
            continue
        if not methods:
            continue
        methods.sort(key=lambda one: (one.rank, one.name))
        found.append(
            {
                "name": name,
                "title": concept.title,
                "summary": concept.summary,
                "solvers": [{"name": one.name, "title": one.title} for one in methods],
                "selections": selection_names(game.players, values_only=not game.simultaneous)
                if concept.rivals
                else [],
            }
        )
    return found
