"""What would have to change, in sentences, each with a place just beyond the border to go to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from sim.explain import Change
from sim.explain.change import Held
from sim.explain.changes import changes_along
from sim.explain.looks import Asked, looks_within, outcomes_along
from sim.explain.sentences import changing, never_of, what_holds
from sim.expression.numbers import fraction, numbers_as_written
from sim.pictures.style.words import concept_words
from sim.scenario import Scenario
from sim.selection import spoken
from sim.web.asked import View
from sim.web.described import decimals_of, step_of

__all__ = ["tips"]

PATIENCE = 2.0  # seconds of looking, where nothing is proved
SLOWEST = 0.1  # seconds of a game beyond which nobody waits for looks along every parameter


class TooSlowError(Exception):
    """Nobody waits for looks along every parameter; says why."""


def tips(scenario: Scenario, view: View, give_way: Callable[[], None]) -> dict[str, Any]:
    """Sentences about the nearest changes along each parameter; why there are none, where there are none."""
    asked = Asked(view.concept, view.solver, view.select)

    def often(cost: float) -> tuple[int, int]:
        if cost > SLOWEST:
            raise TooSlowError(
                f"One game takes {cost:.1g} s here: standoff explain {scenario.name} looks along every parameter."
            )
        return looks_within(PATIENCE, cost, len(scenario.parameters))

    try:
        changes, _ = changes_along(scenario, view.values, asked, often, give_way)
    except TooSlowError as why:
        return {"tips": [], "notes": [str(why)]}
    ordered = changes.changes
    notes = [what_holds(changes)] if changes.border else []
    if not (changes.usual or changes.exact):
        chosen = f", of them {spoken(view.select)}" if view.select else ""
        notes.append(
            f"{concept_words(view.concept)}{chosen}: found by looking along each parameter, not proved."
        )
    places = [(change, beyond(scenario, change, ordered)) for change in first_of_each(ordered)]
    there = outcomes_beyond(scenario, view, places, asked)
    return {
        "tips": [
            {
                "text": changing(scenario, change, usual=changes.usual),
                "parameter": change.parameter,
                "go": go,
                "at": float(change.at),
            }
            # what changes at the end of a range alone, by a tie there, leads nowhere
            for (change, go), outcomes in zip(places, there, strict=True)
            if set(outcomes) != set(change.before)
        ],
        "notes": [*notes, *filter(None, [never_of(changes)])]
        or ([] if ordered else ["No parameter alone changes the outcomes."]),
        "exact": changes.exact,
    }


def outcomes_beyond(
    scenario: Scenario, view: View, places: Sequence[tuple[Change, str]], asked: Asked
) -> list[Held]:
    """What holds at each of the places to go to, in one batch."""
    if not places:
        return []
    return outcomes_along(
        scenario,
        {
            name: numbers_as_written(
                [float(go) if change.parameter == name else value for change, go in places]
            )
            for name, value in view.values.items()
        },
        asked,
    )


def first_of_each(changes: Sequence[Change]) -> list[Change]:
    """The nearest change of each parameter on each side."""
    seen: dict[tuple[str, int], Change] = {}
    for change in changes:
        side = (change.at > change.here) - (change.at < change.here)
        seen.setdefault((change.parameter, side), change)
    return list(seen.values())


def beyond(scenario: Scenario, change: Change, changes: Sequence[Change]) -> str:
    """A number just past a change, seen from where one stands: a step of the slider, or half-way to what comes next."""
    parameter = scenario.parameters[change.parameter]
    low, high, at, here = (fraction(v) for v in (parameter.low, parameter.high, change.at, change.here))
    up = at >= here
    step = Fraction(step_of(parameter.low, parameter.high)).limit_denominator(10**9)
    digits = decimals_of(float(step))
    ends = [fraction(one.at) for one in changes if one.parameter == change.parameter]
    ends.append(high if up else low)
    ahead = [end for end in ends if (end > at if up else end < at)]
    if not ahead:
        return spelled(high if up else low)
    next_one = min(ahead) if up else max(ahead)
    for places in range(digits, digits + 12):
        unit = Fraction(1, 10**places)
        moved = at + step if up else at - step
        to = Fraction(round(moved / unit)) * unit
        if (at < to < next_one) if up else (next_one < to < at):
            return spelled(to)
        step = min(step, abs(next_one - at)) / 2
    return spelled((at + next_one) / 2)


def spelled(value: Fraction) -> str:
    """A decimal where it is a short one, else a float."""
    return f"{float(value):.12g}"
