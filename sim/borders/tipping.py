"""Where the outcomes change along a line through parameter space: every root of every margin, none missed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from sim.borders.conditions import Margins
from sim.borders.decide import Decider
from sim.borders.roots import Root, Way, factors_on, may_vanish, roots, signs_along

__all__ = ["Flip", "Stretch", "flips_from", "stretches"]

Outcomes = tuple[str, ...]


class Stretch(NamedTuple):
    """From ``low`` to ``high`` the same outcomes hold, ends left aside; ``mixed`` where somebody mixes.

    ``perhaps`` are others of which nothing is known.
    """

    low: Root
    high: Root
    outcomes: Outcomes
    mixed: bool
    perhaps: Outcomes = ()


class Flip(NamedTuple):
    """Going outward from where one is, at ``at`` the outcomes change from ``before`` to ``after``."""

    at: Fraction
    exact: bool
    before: Outcomes
    after: Outcomes


def stretches(
    conditions: Margins, line: Way, low: Fraction, high: Fraction, decide: Decider | None = None
) -> list[Stretch] | None:
    """What holds along a line from ``low`` to ``high``, in order; None where the line lies in a border of outcomes."""
    factors = factors_on(conditions, line)
    decide = decide or Decider(conditions)
    turning = [
        number for number, one in enumerate(factors) if one.degree() > 0 and may_vanish(one, low, high)
    ]
    ends = roots((factors[number] for number in turning), low, high)
    marks = [Root(low, True), *(one for one in ends if low < one.at < high), Root(high, True)]
    middles = [(one.at + other.at) / 2 for one, other in pairwise(marks)]
    signs = np.repeat(signs_along(factors, middles[:1]), len(middles), axis=0)
    signs[:, turning] = signs_along([factors[number] for number in turning], middles)
    verdict = decide(signs)
    labels: list[Any] = list(verdict.certain)
    for place in np.nonzero(verdict.open.any(axis=1))[0].tolist():
        labels[place] = decide.settled(signs[place])
    result: list[Stretch] = []
    for start, end, bits in zip(marks, marks[1:], labels, strict=False):
        if bits is None:
            return None
        held, perhaps, mixed = conditions.told(bits.tolist())
        here = Stretch(start, end, held, mixed, perhaps)
        if result and result[-1][2:] == here[2:]:
            result[-1] = result[-1]._replace(high=end)
        else:
            result.append(here)
    return result


def flips_from(found: Sequence[Stretch], here: Fraction) -> list[Flip]:
    """Every change of outcomes outward from ``here`` on both sides, the nearest first.

    On a border, what holds on either side of it is where one comes from on that side.
    """
    joined: list[Stretch] = []
    for one in found:
        if joined and joined[-1].outcomes == one.outcomes:
            joined[-1] = joined[-1]._replace(high=one.high)
        else:
            joined.append(one)
    result = []
    for one, other in pairwise(joined):
        at = one.high
        before, after = (one, other) if at.at >= here else (other, one)
        result.append(Flip(at.at, at.exact, before.outcomes, after.outcomes))
    return sorted(result, key=lambda flip: (abs(flip.at - here), flip.at))
