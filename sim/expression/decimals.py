"""Where floats are enough for exact arithmetic: formulas whose values are short decimals.

Sums and products of short decimals are decimals with a known number of places.  Where floats come
nearer to them than half a unit in the last place, rounding to so many places gives the exact value,
at a thousandth of the cost of fractions.  Places, size and error of every step are bounded from those of
the steps it depends on (running error analysis: Higham 2002, section 3.3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.expression.numbers import Number, fraction
from sim.expression.program import Program

__all__ = ["MOST_DIGITS", "MOST_PLACES", "decimal_places"]

MOST_PLACES = 12
MOST_DIGITS = 15  # every decimal of so many digits is the shortest that names its float
UNIT = 2.0**-53  # rounding error of one operation, relative
POWER_UNIT = 8 * UNIT  # of a power, which is not rounded correctly everywhere


class Bound(NamedTuple):
    """Of all values of a step: at most so many places, so large, so far off; ``raw`` if rightly rounded.

    Raw are numbers as somebody wrote them, and whole numbers that floats compute without rounding.
    """

    places: int
    size: float
    error: float
    raw: bool = False


TRUTH = Bound(0, 1.0, 0.0, raw=True)


def decimal_places(program: Program, wanted: Sequence[int], inputs: Mapping[str, Any]) -> int | None:
    """Places to which the values of the wanted steps, computed in floats, can be rounded to be exact.

    None where that is not known: for division by anything but numbers like 2 and 0.5, for roots and the
    like, for long decimals, and for conditions on computed fractions, which rounding may turn round.
    """
    names = {program.steps[step][2] for step in program.needed(wanted) if program.steps[step][0] == "name"}
    given = tuple((name, rounded_up(written(inputs[name]))) for name in sorted(names))
    return places_of(program, tuple(wanted), given)


@lru_cache(maxsize=1024)
def places_of(
    program: Program, wanted: tuple[int, ...], given: tuple[tuple[str, Bound | None], ...]
) -> int | None:
    """The same for inputs of these bounds: batches of a scenario differ in their cells, and seldom in these."""
    inputs = dict(given)
    bounds: dict[int, Bound] = {}
    for step in program.needed(wanted):
        operation, arguments, detail = program.steps[step]
        if operation in ("number", "table", "name"):
            found = inputs[detail] if operation == "name" else written(detail)
        else:
            found = combined(operation, [bounds[argument] for argument in arguments])
            if operation == "**":
                found = raised(bounds[arguments[0]], program.constants.get(arguments[1]))
            elif operation == "/" and program.steps[arguments[1]][0] == "number":
                found = divided(bounds[arguments[0]], program.steps[arguments[1]][2])
        if found is None or found.places > MOST_PLACES:
            return None
        bounds[step] = found
    places = max((bounds[step].places for step in wanted), default=0)
    size = max((bounds[step].size for step in wanted), default=0.0)
    error = max((bounds[step].error for step in wanted), default=0.0)
    unit = 10.0**places
    return places if size * unit < 10**MOST_DIGITS and error * unit < 0.25 else None


def rounded_up(bound: Bound | None) -> Bound | None:
    """The bound of numbers up to the next power of two: the same for most cells of a grid as for all of them."""
    if bound is None or not bound.size:
        return bound
    size = 2.0 ** math.ceil(math.log2(bound.size))
    return Bound(bound.places, size, size * UNIT if bound.places else 0.0, bound.raw)


def written(values: Any) -> Bound | None:
    """Numbers as somebody wrote them: floats that name decimals; None where one is no float's decimal."""
    if isinstance(values, float):
        return written_alone(values)
    numbers = np.ravel(np.asarray(values))
    if numbers.dtype == object:
        return None
    return written_alike(numbers.astype(np.float64, copy=False))


@lru_cache(maxsize=4096)
def written_alone(value: float) -> Bound | None:
    """The same of one number: most are those of a scenario, which are looked at again and again."""
    return written_alike(np.array([value]))


def written_alike(numbers: NDArray[np.float64]) -> Bound | None:
    """The same of floats ``(N,)``."""
    size = float(np.abs(numbers).max(initial=0.0))
    if not size * UNIT < 1:
        return None
    for places in range(MOST_PLACES + 1):
        unit = 10.0**places
        if size * unit >= 10**MOST_DIGITS:
            return None
        # most numbers that are too long show it at once
        if all((np.rint(part * unit) / unit == part).all() for part in (numbers[:16], numbers)):
            return Bound(places, size, size * UNIT if places else 0.0, raw=True)
    return None


def combined(operation: str, given: list[Bound]) -> Bound | None:
    """The bound of the result of an operation from those of its arguments; None where there is none."""
    places = max(bound.places for bound in given)
    size = max(bound.size for bound in given)
    error = max(bound.error for bound in given)
    raw = all(bound.raw for bound in given)
    if operation in ("+", "-"):
        size = sum(bound.size for bound in given)
        return rounded(places, size, sum(bound.error for bound in given), UNIT * size)
    if operation == "*":
        a, b = given
        size = a.size * b.size
        error = a.error * b.size + b.error * a.size + a.error * b.error
        return rounded(a.places + b.places, size, error, 2 * UNIT * size)
    if operation in ("pick", "neg", "abs", "min", "max", "clip"):
        return Bound(places, size, error, raw)
    if operation in ("<", "<=", ">", ">=", "==", "!=", "and", "or", "not"):
        return TRUTH if raw else None
    if operation == "if" and given[1].raw:
        a, b = given[0], given[2]
        return Bound(max(a.places, b.places), max(a.size, b.size), max(a.error, b.error), a.raw and b.raw)
    return None


def rounded(places: int, size: float, error: float, rounding: float) -> Bound:
    """The bound of a sum or product of values with some error; whole numbers need no rounding."""
    whole = places == 0 and error == 0.0 and size * UNIT < 1
    return Bound(places, size, 0.0 if whole else error + rounding, whole)


def divided(above: Bound, below: Number) -> Bound | None:
    """The bound of a quotient; None unless the number below stands in the formula and goes into a power of ten."""
    share = 1 / fraction(below) if below else Fraction(1, 3)
    places = next((k for k in range(MOST_PLACES + 1) if (share * 10**k).denominator == 1), None)
    if places is None:
        return None
    size = above.size * abs(float(share))
    return Bound(above.places + places, size, above.error * abs(float(share)) + 2 * UNIT * size)


def raised(base: Bound, exponent: float | None) -> Bound | None:
    """The bound of a power; None unless the exponent is a small whole number that stands in the formula."""
    if exponent is None or exponent not in range(MOST_PLACES + 1):
        return None
    whole = int(exponent)
    size = max(base.size, 1.0) ** whole
    error = (base.size + base.error + 1.0) ** max(whole - 1, 0) * whole * base.error
    return Bound(base.places * whole, size, error + POWER_UNIT * size)
