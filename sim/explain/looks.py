"""Tipping points by looking: certified solutions along each parameter, then halving between those that differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.designs import steps
from sim.explain.change import Change, Held
from sim.expression.numbers import fraction
from sim.game import Game
from sim.kernels.base.tolerances import CLOSE
from sim.scenario import Scenario
from sim.selection import select
from sim.solving import solve

__all__ = ["USUAL", "Asked", "looked_for", "looks_along", "looks_within", "outcomes_at"]

LOOKS, FEWEST = 61, 9  # along a parameter
HALVINGS, SHORT_OF_TIME = 30, 6
MOST_ENTRIES, MOST_IN_STATES = 350, 200  # payoffs of a game of which a look takes a millisecond or two
MOST_CHANGES = 64  # along a parameter


class Asked(NamedTuple):
    """What is asked of every game: a concept, a method, and which of the answers count; the usual ones where None."""

    concept: str | None = None
    solver: str | None = None
    select: str | None = None


USUAL = Asked()


class Bracket(NamedTuple):
    """Outcomes change somewhere between ``low`` and ``high``, from ``below`` to ``above``."""

    low: float
    high: float
    below: Held
    above: Held


def outcomes_at(scenario: Scenario, values: Mapping[str, Any], asked: Asked = USUAL) -> Held:
    """The outcomes that some equilibrium plays with probability 1/2 or more."""
    return outcomes_along(scenario, values, asked)[0]


def outcomes_along(scenario: Scenario, values: Mapping[str, Any], asked: Asked = USUAL) -> list[Held]:
    """The same for each cell of a batch.  Raises ValueError where nothing answers what is ``asked``."""
    solution = solve(scenario.game(**values), asked.concept, asked.solver)
    holds = solution.holds
    if asked.select:
        holds = solution.holding(select(solution, asked.select))
    names = solution.game.outcomes.names
    return [
        tuple(name for name, holding in zip(names, cell, strict=True) if holding) for cell in holds.tolist()
    ]


def outcomes_on(
    name: str, scenario: Scenario, values: Mapping[str, Any], asked: Asked, grid: NDArray[np.float64]
) -> list[Held]:
    """The same at numbers of one parameter."""
    return outcomes_along(scenario, {**values, name: grid}, asked)


def looks_along(game: Game) -> tuple[int, int]:
    """How many looks along a parameter, and how often what differs is halved: fewer where a look takes long.

    By what the game is and not by the clock, so that the same question has the same answer.
    """
    most = MOST_IN_STATES if game.states else MOST_ENTRIES
    if game.payoffs[0].size > most or game.usual_concept == "public_perfect":
        return FEWEST, SHORT_OF_TIME
    return LOOKS, HALVINGS


def looks_within(patience: float, cost: float, parameters: int) -> tuple[int, int]:
    """The same by the clock, for whoever waits: as many as take about ``patience`` seconds, ``cost`` for each game."""
    cost = max(cost, 1e-4)
    looks = int(np.clip(patience / cost / max(parameters, 1) / 2, FEWEST, LOOKS))
    return looks, HALVINGS if cost < patience / 400 else SHORT_OF_TIME


def looked_for(
    scenario: Scenario,
    values: Mapping[str, Any],
    looks: int,
    halvings: int,
    pause: Callable[[], None] = lambda: None,
    asked: Asked = USUAL,
    names: Sequence[str] | None = None,
) -> tuple[list[Change], tuple[str, ...]]:
    """Changes that ``looks`` find along each parameter, halved as often as said, and where they find none.

    ``names`` are the parameters, all where left out.  Between two looks that agree another change may hide.  ``pause()``
    is called before each parameter.
    """
    found: list[Change] = []
    quiet: list[str] = []
    for name in scenario.parameters if names is None else names:
        parameter = scenario.parameters[name]
        if parameter.low == parameter.high:
            quiet.append(name)
            continue
        pause()
        here = float(values[name])
        grid = np.unique([*steps(parameter.low, parameter.high, looks).astype(float), here])
        changes = along(partial(outcomes_on, name, scenario, values, asked), grid, halvings)
        width = float(parameter.high) - float(parameter.low)
        for at, below, above in changes:
            before, after = (below, above) if at >= here else (above, below)
            found.append(Change(name, values[name], at, abs(at - here) / width, False, before, after))
        if not changes:
            quiet.append(name)
    return found, tuple(quiet)


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator from ``low`` to ``high``: where looks do not tell, borders are simple."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    whole = math.ceil(low)
    if whole <= high:
        return Fraction(whole)
    floor = whole - 1
    return floor + 1 / simplest(1 / (high - floor), 1 / (low - floor))


def along(
    look: Callable[[NDArray[np.float64]], list[Held]], grid: NDArray[np.float64], halvings: int
) -> list[tuple[float, Held, Held]]:
    """Where the outcomes that ``look`` sees at numbers differ: about where, what holds below, what above."""
    seen = look(grid)
    brackets = [
        Bracket(low, high, below, above)
        for (low, below), (high, above) in pairwise(zip(grid.tolist(), seen, strict=True))
        if below != above
    ]
    for _ in range(halvings if brackets else 0):
        middles = np.array([(one.low + one.high) / 2 for one in brackets])
        now = look(middles)
        ahead: list[Bracket] = []
        for one, middle, held in zip(brackets, middles.tolist(), now, strict=True):
            if held != one.below:  # where it is neither, there are two changes
                ahead.append(Bracket(one.low, middle, one.below, held))
            if held != one.above and (held == one.below or len(ahead) < MOST_CHANGES):
                ahead.append(Bracket(middle, one.high, held, one.above))
        brackets = ahead
    found: list[tuple[float, Held, Held]] = []
    slack = CLOSE * float(grid[-1] - grid[0])  # what tolerances of solvers move a border by
    for one in brackets:
        at = float(simplest(fraction(one.low - slack), fraction(one.high + slack)))
        if found and found[-1][0] == at:  # what holds on a border alone
            found[-1] = (at, found[-1][1], one.above)
        else:
            found.append((at, one.below, one.above))
    return [(at, below, above) for at, below, above in found if below != above]
