"""What would have to change for the outcomes to be others: tipping points, how far the next is, the least change.

Where the outcomes are decided by signs of polynomials all of it is exact and proved; elsewhere tipping points are
bracketed by certified solutions, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.borders import FlintMissingError, Margins, NoMarginsError
from sim.borders.decide import Decider
from sim.borders.least import least_change
from sim.borders.radius import radius_of, signs_at
from sim.borders.roots import Way
from sim.borders.tipping import flips_from, stretches
from sim.explain.change import Change, Held
from sim.explain.looks import USUAL, Asked, looked_for, looks_along, outcomes_at
from sim.expression import Number
from sim.expression.numbers import fraction
from sim.kernels.base.tolerances import BESIDE, CLOSE
from sim.plugins import unknown
from sim.scenario import Scenario
from sim.scenario.margins import margins_of, margins_of_all, signs_of, ways_of

__all__ = ["NORMS", "Changes", "Least", "Nearest", "changes_along", "what_would_change"]

NORMS = ("sum", "max", "euclid")
OTHERWISE = "tipping points are proved of all equilibria of the usual concept only"
DOUBT = "signs of polynomials do not tell what harder punishments than equilibria of one stage sustain"
SIMPLE = 1000


@dataclass(frozen=True)
class Nearest:
    """All parameters may move by less than the share ``proved`` at once; at ``found`` they bring ``after`` about."""

    found: float
    proved: float
    point: Mapping[str, Number]
    after: Held


@dataclass(frozen=True)
class Least:
    """The least change found that makes ``to`` an outcome of some equilibrium; below ``proved`` there is none.

    Sizes are shares of ranges in the norm that was asked for.
    """

    to: str
    changes: Mapping[str, Number]
    share: float
    proved: float


@dataclass(frozen=True)
class Changes:
    """What holds here, and what would have to change.

    ``never`` are parameters that no change of outcomes depends on; ``exact`` is False where solutions were looked at
    instead of signs, along some parameters or all of them (then ``never`` are those along which none was seen, and there
    is no ``nearest``), and ``why`` says why; where it is True, ``why`` says why no least changes were looked for, if none
    were.  ``border`` is True where payoffs tie here, so that the outcomes of both sides hold.  ``usual`` is False where
    another concept than that of the form was asked for, or a selection.
    """

    parameters: Mapping[str, Number]
    outcomes: Held
    changes: tuple[Change, ...]
    never: tuple[str, ...]
    nearest: Nearest | None
    least: tuple[Least, ...]
    border: bool
    exact: bool
    why: str
    usual: bool = True


def what_would_change(
    scenario: Scenario,
    given: Mapping[str, Any] | None = None,
    *,
    to: Sequence[str] = (),
    only: bool = False,
    norm: str = "sum",
    asked: Asked = USUAL,
) -> Changes:
    """What would have to change at the parameters ``given``, others at their defaults.

    ``to`` are the outcomes wanted (left out: each that does not hold and can be reached); with ``only`` no other
    outcome may hold just beyond where the change leads.  What is ``asked`` of each game is the usual concept; of another
    one, or a selection, tipping points are looked for.  Raises ValueError for outcomes and norms that are none, and
    for what nothing answers.
    """
    values = scenario.values(**(given or {}))
    names = scenario.outcomes.names
    for outcome in to:
        if outcome not in names:
            raise ValueError(unknown("outcome", outcome, names))
    if norm not in NORMS:
        raise ValueError(unknown("norm", norm, NORMS))
    found, conditions = changes_along(scenario, values, asked)
    if conditions is None or conditions.doubted:
        return found
    wanted = to or [name for name in names if name not in found.outcomes]
    found = replace(found, nearest=nearest(scenario, conditions, values))
    try:
        return replace(found, least=tuple(least_changes(scenario, values, wanted, norm=norm, only=only)))
    except NoMarginsError as error:
        return replace(found, why=str(error))


def changes_along(
    scenario: Scenario,
    values: Mapping[str, Number],
    asked: Asked = USUAL,
    often: Callable[[float], tuple[int, int]] | None = None,
    pause: Callable[[], None] = lambda: None,
) -> tuple[Changes, Margins | None]:
    """What holds and what changes along each parameter, without what is nearest and least, and the margins if there are.

    Where there are none it is looked for: ``often(seconds)``, from what a game here took, is how many looks there are
    along each parameter and how often what differs is halved; left out, the size of the game says so.  ``pause()`` is
    called now and then.
    """
    game = scenario.game(**values)
    usual = game.usual_concept
    meant = (asked.concept or usual, asked.solver, asked.select) == (usual, None, None)
    began = monotonic()
    held = outcomes_at(scenario, values, asked)
    cost = monotonic() - began
    try:
        conditions = conditions_if(asked, scenario, values)
    except (NoMarginsError, FlintMissingError) as error:
        looks, halvings = often(cost) if often else looks_along(game)
        seen, quiet = looked_for(scenario, values, looks, halvings, pause, asked)
        changes = in_order(seen)
        return Changes(values, held, changes, quiet, None, (), False, False, str(error), meant), None
    pause()
    found, border, doubtful = flips(scenario, conditions, values, mixed=asked.solver is None)
    never = tuple(name for place, name in enumerate(scenario.parameters) if place not in conditions.used)
    if doubtful:
        looks, halvings = often(cost) if often else looks_along(game)
        seen, quiet = looked_for(scenario, values, looks, halvings, pause, asked, doubtful)
        found, never = [*found, *seen], (*never, *quiet)
    why = DOUBT if doubtful else ""
    return Changes(
        values, held, in_order(found), never, None, (), border, not doubtful, why, meant
    ), conditions


def conditions_if(asked: Asked, scenario: Scenario, values: Mapping[str, Any]) -> Margins:
    """What decides the outcomes.  Raises NoMarginsError where there is nothing of that kind here, or of what was asked."""
    signs = signs_of(scenario)
    concept = asked.concept or signs.concepts[0]
    if asked.select or asked.solver not in {None, signs.pure} or concept not in signs.concepts:
        raise NoMarginsError(OTHERWISE)
    conditions = margins_of_all(scenario, mixed=asked.solver is None)
    if conditions.doubted:
        here = [fraction(values[name]) for name in scenario.parameters]
        # at a point what may be is so: a condition is met where its sign is 0
        if conditions.told(Decider(conditions)(signs_at(conditions, here)).possible[0].tolist()).perhaps:
            raise NoMarginsError(DOUBT)
    return conditions


def in_order(found: Iterable[Change]) -> tuple[Change, ...]:
    """The nearest first."""
    return tuple(sorted(found, key=lambda one: (one.share, one.parameter)))


def flips(
    scenario: Scenario, conditions: Margins, values: Mapping[str, Any], *, mixed: bool
) -> tuple[list[Change], bool, tuple[str, ...]]:
    """Every change along every parameter, whether one stands on a border, and along which signs do not tell all."""
    decide = Decider(conditions)
    here = [fraction(values[name]) for name in scenario.parameters]
    found: list[Change] = []
    border = False
    doubtful: list[str] = []
    for place, (name, parameter) in enumerate(scenario.parameters.items()):
        low, high = fraction(parameter.low), fraction(parameter.high)
        if place not in conditions.used or low == high:
            continue
        line = Way(
            [*here[:place], Fraction(0), *here[place + 1 :]],
            [Fraction(int(axis == place)) for axis in range(len(here))],
        )
        parts = stretches(conditions, line, low, high, decide)
        if parts is None:  # ties that hold all along this line are ties of its own formulas
            border = True
            alone = margins_of(scenario, (name,), values, mixed=mixed)
            parts = stretches(alone, Way([Fraction(0)], [Fraction(1)]), low, high) or []
        if any(one.perhaps for one in parts):
            doubtful.append(name)
            continue
        for flip in flips_from(parts, here[place]):
            border = border or flip.at == here[place]
            share = abs(flip.at - here[place]) / (high - low)
            at = plain(flip.at)
            found.append(Change(name, values[name], at, float(share), True, flip.before, flip.after))
    return found, border, tuple(doubtful)


def nearest(scenario: Scenario, conditions: Margins, values: Mapping[str, Any]) -> Nearest | None:
    """How far the nearest change of any outcome is, all parameters moving at once; None on a border or where none is."""
    moving = [place for place, one in enumerate(scenario.parameters.values()) if one.low != one.high]
    if len(moving) < len(scenario.parameters):  # a parameter with one value has no range to share
        return None
    bounds = [(fraction(one.low), fraction(one.high)) for one in scenario.parameters.values()]
    here = [fraction(values[name]) for name in scenario.parameters]
    low, high = zip(*bounds, strict=True) if bounds else ((), ())
    found = radius_of(conditions, here, low, high) if bounds else None
    if found is None or not np.isfinite(found.found):
        return None
    point = {
        name: plain(at)
        for name, at, start in zip(scenario.parameters, found.point, here, strict=True)
        if at != start
    }
    return Nearest(found.found, found.proved, point, found.after)


def least_changes(
    scenario: Scenario, values: Mapping[str, Any], to: Iterable[str], *, norm: str, only: bool
) -> list[Least]:
    """The least change to each outcome that can be reached, the nearest first."""
    names = [name for name, one in scenario.parameters.items() if one.low != one.high]
    low = [fraction(scenario.parameters[name].low) for name in names]
    high = [fraction(scenario.parameters[name].high) for name in names]
    here = [fraction(values[name]) for name in names]
    shares = [(at - below) / (above - below) for at, below, above in zip(here, low, high, strict=True)]
    every = ways_of(scenario, names, values, low, high)
    result = []
    for outcome in to:
        ways = [one for number, one in every if scenario.outcomes.names[number] == outcome]
        change = least_change(ways, shares, norm)
        # with ``only`` each way to it is followed, and the bound is that of the weaker question
        best: Least | None = None
        bound = 0.0 if change is None else change.proved
        for each in [[way] for way in ways] if only else []:
            found = least_change(each, shares, norm, limit=np.inf if best is None else best.share)
            if found is not None:
                moved = moves(names, found.point, shares, low, high)
                if outcomes_at(scenario, {**values, **beyond(scenario, values, moved)}) == (outcome,):
                    best = Least(outcome, moved, found.size, bound)
        if change is not None and not only:
            best = Least(outcome, moves(names, change.point, shares, low, high), change.size, bound)
        if best is not None:
            result.append(best)
    return sorted(result, key=lambda one: (one.share, one.to))


def moves(
    names: Sequence[str],
    point: NDArray[np.float64],
    shares: Sequence[Fraction],
    low: Sequence[Fraction],
    high: Sequence[Fraction],
) -> dict[str, Number]:
    """The values of the parameters that a change moves."""
    return {
        name: plain(rounded(below + (above - below) * Fraction(float(share))))
        for name, share, start, below, above in zip(names, point, shares, low, high, strict=True)
        if share != float(start)
    }


def beyond(scenario: Scenario, values: Mapping[str, Any], moved: Mapping[str, Number]) -> dict[str, Number]:
    """A hair further than a change, within the bounds: on a border the outcomes of both sides hold."""
    result = {}
    for name, to in moved.items():
        start = fraction(values[name])
        further = start + (fraction(to) - start) * (1 + fraction(BESIDE))
        parameter = scenario.parameters[name]
        result[name] = min(max(further, fraction(parameter.low)), fraction(parameter.high))
    return result


def rounded(value: Fraction) -> Fraction:
    """A number found by a method of floats: the simple one that it is near, else with the digits that it has."""
    simple = value.limit_denominator(SIMPLE)
    return simple if abs(simple - value) <= CLOSE else Fraction(f"{float(value):.10g}")


def plain(value: Fraction) -> Number:
    """A float where it tells the number, else the fraction."""
    return float(value)
