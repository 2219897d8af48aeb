"""Factors along a line through parameter space, and where they are zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.bernstein import ROUNDED
from sim.borders.conditions import Margins
from sim.borders.factoring import as_float, flint_module, rational

__all__ = ["Root", "Way", "factors_on", "may_vanish", "roots", "sign_at", "signs_along"]

BITS = 192  # of the enclosures from which roots come: far more than two roots of ours are apart


class Root(NamedTuple):
    """Where a polynomial is zero; ``exact`` where it is that fraction, else it is nearer than ``2**-150``."""

    at: Fraction
    exact: bool


class Way(NamedTuple):
    """A way through parameter space: ``start + step t``, for each variable."""

    start: Sequence[Fraction]
    step: Sequence[Fraction]


def factors_on(conditions: Margins, line: Way) -> list[Any]:
    """The factors on a line, polynomials of FLINT in t."""
    flint = flint_module()
    context = flint.fmpq_mpoly_ctx.get(("t",), "lex")
    t = context.gen(0)
    given = [rational(step) * t + rational(start) for start, step in zip(line.start, line.step, strict=True)]
    result = []
    for factor in conditions.polynomials:
        terms = factor.compose(*given, ctx=context).to_dict()
        coefficients = [flint.fmpq(0)] * (max((exponent for (exponent,) in terms), default=-1) + 1)
        for (exponent,), value in terms.items():
            coefficients[int(exponent)] = value
        result.append(flint.fmpq_poly(coefficients))
    return result


def sign_at(polynomial: Any, t: Fraction) -> int:
    """The sign of a polynomial in t."""
    value = polynomial(rational(t))
    return (value > 0) - (value < 0)


def signs_along(polynomials: Sequence[Any], points: Sequence[Fraction]) -> NDArray[np.int8]:
    """Signs of polynomials in t at points, ``(points, polynomials)``: exact where floats do not tell."""
    at = np.array([float(t) for t in points])
    result = np.zeros((len(points), len(polynomials)), np.int8)
    for number, polynomial in enumerate(polynomials):
        coefficients = polynomial.coeffs()
        value, size = np.zeros(len(at)), np.zeros(len(at))
        for coefficient in reversed(coefficients):
            value = value * at + as_float(coefficient)
            size = size * np.abs(at) + abs(as_float(coefficient))
        result[:, number] = np.sign(value)
        if coefficients:
            for place in np.nonzero(~(np.abs(value) > ROUNDED * size))[0].tolist():
                result[place, number] = sign_at(polynomial, points[place])
    return result


def may_vanish(polynomial: Any, low: Fraction, high: Fraction) -> bool:
    """Whether a polynomial may have a root in ``[low, high]``: False only where it has none (Budan's theorem)."""
    flint = flint_module()
    below, above = (polynomial(flint.fmpq_poly([rational(end), 1])) for end in (low, high))
    return below[0] == 0 or variations(below) != variations(above)


def variations(polynomial: Any) -> int:
    """How often the coefficients of a polynomial change sign."""
    signs = [one > 0 for one in polynomial.coeffs() if one != 0]
    return sum(one != other for one, other in pairwise(signs))


def roots(polynomials: Iterable[Any], low: Fraction, high: Fraction) -> list[Root]:
    """All real roots of some polynomials in ``[low, high]``, in order, each once."""
    flint = flint_module()
    parts = {}
    for polynomial in polynomials:
        whole = polynomial.numer()
        for factor in [whole] if whole.degree() == 1 else [one for one, _ in whole.factor()[1]]:
            parts[str(factor)] = factor
    found: dict[Fraction, bool] = {}
    before = flint.ctx.prec
    flint.ctx.prec = BITS
    try:
        for factor in parts.values():
            if factor.degree() == 1:
                found[Fraction(-int(factor[0]), int(factor[1]))] = True
                continue
            for ball, _ in factor.complex_roots():
                if ball.imag == 0:
                    mantissa, exponent = ball.real.mid().man_exp()
                    found[Fraction(int(mantissa)) * Fraction(2) ** int(exponent)] = False
    finally:
        flint.ctx.prec = before
    return [Root(at, exact) for at, exact in sorted(found.items()) if low <= at <= high]
