"""Real roots of polynomials in one variable, each irreducible: fractions where they are, else floats that are next to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from sim.borders.factoring import flint_module

__all__ = ["Line", "Root", "restricted", "roots"]

BITS = 192  # of the enclosures from which roots come: far more than two roots of ours are apart

Coefficients = tuple[Fraction, ...]
"""Of a polynomial in one variable, from the lowest power."""


class Root(NamedTuple):
    """Where a polynomial is zero; ``exact`` where it is that fraction, else it is nearer than ``2**-150``."""

    at: Fraction
    exact: bool


class Line(NamedTuple):
    """A way through parameter space: ``start + step t``, for each variable."""

    start: Sequence[Fraction]
    step: Sequence[Fraction]


def restricted(terms: Mapping[tuple[int, ...], Any], line: Line) -> Coefficients:
    """A polynomial along a line, in powers of t; nothing for the zero polynomial."""
    total: list[Fraction] = []
    for exponents, coefficient in terms.items():
        part = [Fraction(coefficient)]
        for start, step, exponent in zip(line.start, line.step, exponents, strict=True):
            for _ in range(exponent):
                part = times(part, start, step)
        total.extend([Fraction(0)] * (len(part) - len(total)))
        for power, value in enumerate(part):
            total[power] += value
    while total and not total[-1]:
        total.pop()
    return tuple(total)


def times(part: list[Fraction], start: Fraction, step: Fraction) -> list[Fraction]:
    """A polynomial times ``start + step t``."""
    if not step:
        return [value * start for value in part]
    result = [value * start for value in part] + [Fraction(0)]
    for power, value in enumerate(part):
        result[power + 1] += value * step
    return result


def roots(polynomials: Iterable[Coefficients], low: Fraction, high: Fraction) -> list[Root]:
    """All real roots of some polynomials in ``[low, high]``, in order, each once."""
    flint = flint_module()
    found: dict[Fraction, bool] = {}
    before = flint.ctx.prec
    flint.ctx.prec = BITS
    try:
        for coefficients in polynomials:
            if len(coefficients) == 2:
                found[-coefficients[0] / coefficients[1]] = True
            elif len(coefficients) > 2:
                for at, exact in higher_roots(flint, coefficients):
                    found[at] = found.get(at, False) or exact
    finally:
        flint.ctx.prec = before
    return [Root(at, exact) for at, exact in sorted(found.items()) if low <= at <= high]


def higher_roots(flint: Any, coefficients: Coefficients) -> Iterable[tuple[Fraction, bool]]:
    """The real roots of one polynomial of degree 2 and more."""
    polynomial = flint.fmpq_poly([flint.fmpq(value.numerator, value.denominator) for value in coefficients])
    for factor, _ in polynomial.numer().factor()[1]:
        if factor.degree() == 1:
            yield Fraction(-int(factor[0]), int(factor[1])), True
        elif factor.degree() > 1:
            for ball, _ in factor.complex_roots():
                if ball.imag == 0:
                    middle = ball.real.mid().man_exp()
                    mantissa, exponent = int(middle[0]), int(middle[1])
                    yield Fraction(mantissa) * Fraction(2) ** exponent, False
