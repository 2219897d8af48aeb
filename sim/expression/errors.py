"""How far computed payoffs may be off what exact arithmetic gives.

Each step hands on a bound of its error beside its value (running error analysis: Higham 2002, section 3.3).
Exact arithmetic reads a float as the shortest decimal that names it, half a unit in its last place away at
most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.expression.operations import FLOATING
from sim.expression.program import Program, pick

__all__ = ["rounding_errors"]

UNIT = 2.0**-52  # twice what one operation rounds by, relative: it covers the rounding of the bounds as well
FUNCTION = 16 * UNIT  # of exp, log, sqrt and powers, and of the decimal that names their result
SMALLEST = 2.0**-1000  # what may be lost where numbers are too small for floats
LARGEST_WHOLE = 2.0**53

Bounded = tuple[Any, Any]
"""A value and the bound of its error, both scalars or arrays that broadcast."""


def rounding_errors(program: Program, wanted: Sequence[int], inputs: Mapping[str, Any]) -> list[Any]:
    """Bounds of the errors of the wanted steps, each with the shape of its value.

    ``inputs`` are floats or arrays ``(cells,)``.  Infinite or NaN where nothing is known, as where a condition
    hangs on numbers that may be equal.
    """
    known: dict[int, Bounded] = {}
    with np.errstate(all="ignore"):
        for step in program.needed(wanted):
            operation, arguments, detail = program.steps[step]
            given = [known[argument] for argument in arguments]
            if operation == "name":
                known[step] = written(inputs[detail])
            elif operation in {"number", "table"}:
                known[step] = written(detail)
            elif operation == "pick":
                ((value, error),) = given
                known[step] = pick(value, detail), pick(error, detail)
            else:
                value = FLOATING[operation](*(argument for argument, _ in given))
                error = ERRORS.get(operation, certain)(value, *given)
                known[step] = value, error
    return [known[step][1] for step in wanted]


def written(numbers: Any) -> Bounded:
    """Numbers as they stand in a file or an array: whole ones mean themselves."""
    values = np.asarray(numbers, dtype=np.float64)
    size = np.abs(values)
    whole = (np.rint(values) == values) & (size < LARGEST_WHOLE)
    if np.asarray(numbers).dtype == object:  # fractions, which floats round
        whole = np.zeros_like(whole)
    return values[()], np.where(whole, 0.0, UNIT * size + SMALLEST)[()]


def of_sum(value: Any, a: Bounded, b: Bounded) -> Any:
    return unless_whole(value, a[1] + b[1], UNIT * np.abs(value))


def of_product(value: Any, a: Bounded, b: Bounded) -> Any:
    error = np.abs(a[0]) * b[1] + np.abs(b[0]) * a[1] + a[1] * b[1]
    return unless_whole(value, error, UNIT * np.abs(value) + SMALLEST * ((a[0] != 0) & (b[0] != 0)))


def unless_whole(value: Any, error: Any, rounding: Any) -> Any:
    """An error and that of rounding; whole numbers, and nothing else has no error, are not rounded."""
    size = np.abs(value)
    whole = (error == 0) & (np.rint(size) == size) & (size < LARGEST_WHOLE)
    return np.where(whole, 0.0, error + rounding)[()]


def of_quotient(value: Any, a: Bounded, b: Bounded) -> Any:
    least = np.abs(b[0]) - b[1]
    error = (a[1] + np.abs(value) * b[1]) / least + UNIT * np.abs(value) + SMALLEST * (a[0] != 0)
    return np.where(least > 0, error, np.inf)[()]


def of_power(value: Any, a: Bounded, b: Bounded) -> Any:
    size, exponent = np.abs(a[0]), b[0]
    whole = (b[1] == 0) & (exponent >= 0) & (exponent == np.rint(exponent))
    of_whole = exponent * (size + a[1]) ** np.maximum(exponent - 1, 0) * a[1]
    least = a[0] - a[1]
    relative = np.abs(exponent) * a[1] / least + np.abs(np.log(least)) * b[1] + b[1] * a[1] / least
    of_broken = np.where(least > 0, np.abs(value) * np.expm1(relative), np.inf)
    return np.where(whole, of_whole, of_broken)[()] + FUNCTION * np.abs(value) + SMALLEST * (a[0] != 0)


def of_root(value: Any, a: Bounded) -> Any:
    # a root of what may be negative may be undefined
    error = np.where(a[1] == 0, 0.0, np.where(a[0] > a[1], a[1] / value, np.inf))
    return error[()] + FUNCTION * value


def of_exponential(value: Any, a: Bounded) -> Any:
    return value * (np.expm1(a[1] + UNIT * np.abs(a[0])) + FUNCTION) + SMALLEST


def of_logarithm(value: Any, a: Bounded) -> Any:
    least = a[0] - a[1]
    return np.where(least > 0, a[1] / least + FUNCTION * (1 + np.abs(value)), np.inf)[()]


def largest(_value: Any, *given: Bounded) -> Any:
    """Of operations that change no number: the largest error of their arguments."""
    error = given[0][1]
    for _, other in given[1:]:
        error = np.maximum(error, other)
    return error


def of_choice(_value: Any, a: Bounded, condition: Bounded, b: Bounded) -> Any:
    chosen = np.where(condition[0] != 0, a[1], b[1])
    return np.where(clear_of_zero(condition), chosen, np.inf)[()]


def of_comparison(value: Any, a: Bounded, b: Bounded) -> Any:
    return certain(value, (a[0] - b[0], a[1] + b[1]))


def certain(value: Any, *given: Bounded) -> Any:
    """Of what is true or false: nothing, or infinite where some argument may be zero and something else."""
    clear: Any = np.bool_(True)
    for argument in given:
        clear = clear & clear_of_zero(argument)
    return np.where(clear, 0.0 * value, np.inf)[()]


def clear_of_zero(number: Bounded) -> NDArray[np.bool_] | np.bool_:
    """Whether it is known to be zero, or not to be."""
    value, error = number
    return (np.abs(value) > error) | (error == 0)


ERRORS: dict[str, Any] = {
    "+": of_sum,
    "-": of_sum,
    "*": of_product,
    "/": of_quotient,
    "**": of_power,
    "neg": largest,
    "abs": largest,
    "min": largest,
    "max": largest,
    "clip": largest,
    "sqrt": of_root,
    "exp": of_exponential,
    "log": of_logarithm,
    "if": of_choice,
    **dict.fromkeys(["<", "<=", ">", ">=", "==", "!="], of_comparison),
}
