"""What each operation does: on floats and arrays of floats, and on fractions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from sim.expression.numbers import fraction

__all__ = ["EXACT", "FLOATING"]

Operation = Callable[..., Any]

MOST_BITS = 4096  # of a numerator or denominator; longer fractions are rounded to a float's shortest decimal


def truth(value: Any) -> Any:
    """1 where a condition holds, 0 where not, NaN where it was computed from NaN."""
    return np.asarray(value, dtype=np.float64)[()]


def comparing(compare: Operation) -> Operation:
    def compared(a: Any, b: Any) -> Any:
        result = truth(compare(a, b))
        undefined = np.isnan(a) | np.isnan(b)
        return np.where(undefined, np.nan, result)[()] if np.any(undefined) else result

    return compared


def both(a: Any, b: Any) -> Any:
    return comparing(lambda x, y: (x != 0) & (y != 0))(a, b)


def either(a: Any, b: Any) -> Any:
    return comparing(lambda x, y: (x != 0) | (y != 0))(a, b)


def chosen(a: Any, condition: Any, b: Any) -> Any:
    picked = np.where(condition != 0, a, b)
    return np.where(np.isnan(condition), np.nan, picked)[()] if np.any(np.isnan(condition)) else picked[()]


def power(a: Any, b: Any) -> Any:
    return a * a if np.ndim(b) == 0 and b == 2 else a**b


FLOATING: dict[str, Operation] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": power,
    "neg": lambda a: -a,
    "<": comparing(np.less),
    "<=": comparing(np.less_equal),
    ">": comparing(np.greater),
    ">=": comparing(np.greater_equal),
    "==": comparing(np.equal),
    "!=": comparing(np.not_equal),
    "and": both,
    "or": either,
    "not": lambda a: comparing(np.equal)(a, np.float64(0)),
    "if": chosen,
    "min": lambda *values: reduce(np.minimum, values),
    "max": lambda *values: reduce(np.maximum, values),
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "clip": lambda a, low, high: np.minimum(np.maximum(a, low), high),
}


def floating(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def tidy(number: Any) -> Any:
    """Keep fractions from growing without end: beyond ``MOST_BITS`` they are rounded."""
    if isinstance(number, Fraction):
        if max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_BITS:
            return fraction(floating(number))
        return number
    return number


def arithmetic(function: Operation) -> Operation:
    def computed(a: Any, b: Any) -> Any:
        return tidy(function(a, b)) if isinstance(a, Fraction) and isinstance(b, Fraction) else math.nan

    return computed


def rounded(function: Operation) -> Operation:
    """The floating-point result as a fraction: of functions that have no rational value."""

    def computed(*values: Any) -> Any:
        with np.errstate(all="ignore"):
            return fraction(function(*(np.float64(floating(value)) for value in values)))

    return computed


def exact_power(a: Any, b: Any) -> Any:
    if isinstance(a, Fraction) and isinstance(b, Fraction) and b.denominator == 1 and (a != 0 or b >= 0):
        bits = max(a.numerator.bit_length(), a.denominator.bit_length()) * abs(b.numerator)
        if bits <= MOST_BITS:
            return a**b.numerator
    return rounded(np.float_power)(a, b)


def undefined(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def holding(compare: Operation) -> Operation:
    def compared(*values: Any) -> Any:
        return math.nan if any(map(undefined, values)) else Fraction(int(compare(*values)))

    return compared


def undefined_if_any(function: Operation) -> Operation:
    def computed(*values: Any) -> Any:
        return math.nan if any(map(undefined, values)) else function(*values)

    return computed


EXACT: dict[str, Operation] = {
    "+": arithmetic(lambda a, b: a + b),
    "-": arithmetic(lambda a, b: a - b),
    "*": arithmetic(lambda a, b: a * b),
    "/": arithmetic(lambda a, b: a / b if b else math.nan),
    "**": exact_power,
    "neg": lambda a: -a,
    "<": holding(lambda a, b: a < b),
    "<=": holding(lambda a, b: a <= b),
    ">": holding(lambda a, b: a > b),
    ">=": holding(lambda a, b: a >= b),
    "==": holding(lambda a, b: a == b),
    "!=": holding(lambda a, b: a != b),
    "and": holding(lambda a, b: a != 0 and b != 0),
    "or": holding(lambda a, b: a != 0 or b != 0),
    "not": holding(lambda a: a == 0),
    "if": lambda a, condition, b: math.nan if undefined(condition) else a if condition != 0 else b,
    "min": undefined_if_any(min),
    "max": undefined_if_any(max),
    "abs": abs,
    "sqrt": rounded(np.sqrt),
    "exp": rounded(np.exp),
    "log": rounded(np.log),
    "clip": undefined_if_any(lambda a, low, high: min(max(a, low), high)),
}
