"""Between what margins lie over boxes: bounds of polynomials, and of the functions that are variables in them.

Functions grow, or fall, in each argument, so that they lie between their values at the ends.  In floats those are moved
outward by far more than any library errs; in exact arithmetic they are balls of FLINT.
Source: Moore (1966), Interval Analysis; Johansson (2017), Arb.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.borders.bernstein import Factor, signs_over
from sim.borders.conditions import Margins, NoMarginsError
from sim.borders.factoring import Shares, as_float, as_fraction, flint_module, rational
from sim.kernels.base.tolerances import OUTWARD, UNDERFLOW
from sim.polynomials import INVERSE

__all__ = ["Enclosure"]

BITS = 64  # of FLINT's balls
LARGEST = 4096  # power of two that is written out

Bounds = tuple[Any, ...]


class Enclosure:
    """The margins of a game over boxes in shares of ranges from ``low`` to ``high``.

    Raises NoMarginsError where a function is not seen to be defined in the whole box.  An inverse need not be: where what
    it is of is not positive its case does not apply, and nothing is said of what has it.
    """

    def __init__(self, conditions: Margins, low: Sequence[Fraction], high: Sequence[Fraction]) -> None:
        self.conditions = conditions
        more = len(conditions.functions)
        # functions stay as they are
        self.shares = Shares(
            conditions.variables, (*low, *[Fraction(0)] * more), (*high, *[Fraction(1)] * more)
        )
        self.given = [self.shared(one) for one in conditions.polynomials]
        self.factors = [Factor(floats(terms)) for terms in self.given]
        self.operations = [one.operation for one in conditions.functions]
        tables = [
            [self.shared(self.polynomial(terms)) for terms in one.arguments] for one in conditions.functions
        ]
        self.arguments = [[Factor(floats(terms)) for terms in each] for each in tables]
        self.exact_arguments = [[Factor(fractions(terms), object) for terms in each] for each in tables]
        self.rests = [frozenset({place}) for place in range(len(low))]
        for each in self.arguments:
            self.rests.append(frozenset().union(*(self.rests[axis] for one in each for axis in one.axes)))
        self.whole: list[list[Bounds] | None] = []  # of the arguments of each function; None where not known
        if more:
            self.exactly([0.0] * len(low), [1.0] * len(low))

    def polynomial(self, terms: Mapping[tuple[int, ...], Any]) -> Any:
        """A table of coefficients as a polynomial of FLINT."""
        context = flint_module().fmpq_mpoly_ctx.get(self.conditions.variables, "lex")
        return context.from_dict({place: rational(Fraction(value)) for place, value in terms.items()})

    def shared(self, polynomial: Any) -> dict[tuple[int, ...], Any]:
        """A polynomial of FLINT in shares of the ranges."""
        return self.shares(polynomial) or {(0,) * len(self.conditions.variables): flint_module().fmpq(0)}

    @cached_property
    def exact(self) -> list[Factor]:
        """The factors in exact arithmetic."""
        return [Factor(fractions(terms), object) for terms in self.given]

    def axes(self, number: int) -> list[int]:
        """The parameters that a factor rests on."""
        return sorted(frozenset().union(*(self.rests[axis] for axis in self.factors[number].axes)))

    def signs(self, wanted: NDArray[np.bool_], low: NDArray[Any], high: NDArray[Any]) -> NDArray[np.int8]:
        """Signs of factors that are proved over boxes ``(B, parameters)``, ``(B, K)``: 0 where not, or not ``wanted``."""
        with np.errstate(all="ignore"):
            return signs_over(self.factors, wanted, *self.extended(low, high))

    def bounds(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> Bounds:
        """Between what all factors lie over boxes, ``(B, K)`` each; NaN where a function is not known."""
        with np.errstate(all="ignore"):
            ends = self.extended(low, high)
            found = [one.bounds(*ends) for one in self.factors]
        return tuple(np.array([one[end] for one in found]).reshape(-1, len(low)).T for end in (0, 1))

    def extended(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> Bounds:
        """The ends of boxes with those of the functions there, ``(B, variables)``; infinite or NaN where too large."""
        for operation, arguments, whole in zip(self.operations, self.arguments, self.whole, strict=True):
            ends = []
            for place, argument in enumerate(arguments):
                below, above = argument.bounds(low, high)
                if whole is not None:
                    least, most = whole[place]
                    below, above = np.maximum(below, outward(least, -1)), np.minimum(above, outward(most, 1))
                ends.append((below, above))
            below, above = between(operation, ends)
            low, high = np.column_stack([low, below]), np.column_stack([high, above])
        return low, high

    def exactly(self, low: Sequence[float], high: Sequence[float]) -> Callable[[int], Bounds]:
        """Over one box the bounds of each factor, by number, in exact arithmetic."""
        start = np.array([[Fraction(one) for one in low]], object)
        end = np.array([[Fraction(one) for one in high]], object)
        whole: list[list[Bounds] | None] = []
        unknown: set[int] = set()
        for operation, arguments in zip(self.operations, self.exact_arguments, strict=True):
            own = start.shape[1]
            each = [tuple(one[0] for one in argument.bounds(start, end)) for argument in arguments]
            known = not any(unknown.intersection(argument.axes) for argument in arguments)
            ends = (Fraction(0), Fraction(0))
            if known and defined(operation, each):
                ends = between_exactly(operation, each)
            elif operation == INVERSE or (operation == "exp" and not known):
                unknown.add(own)
            else:
                raise NoMarginsError(f"{self.conditions.variables[own]} is not seen to be defined everywhere")
            whole.append(None if own in unknown else each)
            start, end = np.column_stack([start, [ends[0]]]), np.column_stack([end, [ends[1]]])
        if not self.whole:
            self.whole = whole

        def bounds(number: int) -> Bounds:
            if unknown.intersection(self.exact[number].axes):
                return -1, 1
            least, most = self.exact[number].bounds(start, end)
            return least[0], most[0]

        return bounds


def floats(terms: Mapping[tuple[int, ...], Any]) -> dict[tuple[int, ...], float]:
    """FLINT's fractions as floats."""
    return {place: as_float(value) for place, value in terms.items()}


def fractions(terms: Mapping[tuple[int, ...], Any]) -> dict[tuple[int, ...], Fraction]:
    """FLINT's fractions as Python's."""
    return {place: as_fraction(value) for place, value in terms.items()}


def outward(number: Fraction, way: int) -> float:
    """A float that is not above a number (``way`` -1), or not below it (1)."""
    try:
        near = float(number)
    except OverflowError:
        return way * np.inf
    return near if Fraction(near) == number else float(np.nextafter(near, way * np.inf))


def defined(operation: str, given: Sequence[Bounds]) -> bool:
    """Whether a function is defined wherever its arguments are between these ends."""
    least = given[0][0]
    if operation == "**":
        exponent = given[1]
        return bool(least > 0 or (least == 0 and exponent[0] == exponent[1] > 0))
    return bool(operation == "exp" or least > 0 or (operation == "sqrt" and least == 0))


def between(operation: str, given: Sequence[Bounds]) -> Bounds:
    """Between what a function lies if its arguments lie between the ends ``given``, arrays of floats ``(B,)``."""
    below, above = given[0]
    if operation == "exp":
        found = [np.exp(below), np.exp(above)]
    elif operation == "log":
        found = [np.log(below), np.log(above)]
    elif operation == "sqrt":
        found = [np.sqrt(below), np.sqrt(above)]
    elif operation == INVERSE:
        found = [np.where(below > 0, 1 / end, np.nan) for end in (above, below)]
    else:
        found = [np.power(base, exponent) for base, exponent in product(*given)]
    least, most = np.minimum.reduce(found), np.maximum.reduce(found)
    least = least - OUTWARD * np.abs(least) - (OUTWARD if operation == "log" else UNDERFLOW)
    most = most + OUTWARD * np.abs(most) + (OUTWARD if operation == "log" else UNDERFLOW)
    return (least if operation == "log" else np.maximum(least, 0.0)), most


def between_exactly(operation: str, given: Sequence[Bounds]) -> tuple[Fraction, Fraction]:
    """The same of fractions: what balls of FLINT say."""
    flint = flint_module()
    before = flint.ctx.prec
    flint.ctx.prec = BITS
    try:
        ends = [[flint.arb(rational(one)) for one in each] for each in given]
        if operation == INVERSE:
            return 1 / given[0][1], 1 / given[0][0]
        if operation == "**":
            found = [base**exponent if base != 0 else base for base, exponent in product(*ends)]
        else:
            found = [getattr(one, operation)() for one in ends[0]]
        least = min(as_end(one.lower(), below=True) for one in found)
        return least, max(as_end(one.upper(), below=False) for one in found)
    finally:
        flint.ctx.prec = before


def as_end(ball: Any, *, below: bool) -> Fraction:
    """What is not above, or not below, an end of a ball.  Raises NoMarginsError where it is too large to be written."""
    mantissa, exponent = (int(one) for one in ball.man_exp())
    if exponent > LARGEST:
        raise NoMarginsError("a function of parameters becomes too large")
    if exponent < -LARGEST:  # of a number of BITS bits
        return Fraction(0) if below else Fraction(2) ** (BITS - LARGEST)
    return Fraction(mantissa) * Fraction(2) ** exponent
