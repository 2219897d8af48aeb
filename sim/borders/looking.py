"""What a proved map says at given points: the block that a point is in, then the signs of its margins there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.borders.bernstein import Factor
from sim.borders.blocks import Map, volume
from sim.borders.conditions import Margins
from sim.borders.decide import Decider
from sim.borders.enclosing import Enclosure
from sim.expression.numbers import fraction
from sim.kernels.base.tolerances import OUTWARD, ZERO
from sim.polynomials import INVERSE

__all__ = ["NO_LABEL", "labels_at", "settled", "with_functions"]

COMPUTED = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "**": np.power, INVERSE: np.reciprocal}
NO_LABEL = -1  # on a border, or in a block that is not decided: to be solved as a game of its own


def labels_at(proved: Map, points: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """Numbers of labels at points, an array ``(B,)`` of floats or fractions for each variable; ``NO_LABEL`` on borders.

    Raises ValueError for points outside the map.
    """
    values = np.stack([np.asarray(one, np.float64) for one in points], axis=1)
    shares = np.stack(
        [
            (values[:, axis] - float(low)) / float(high - low)
            for axis, (low, high) in enumerate(zip(proved.low, proved.high, strict=True))
        ],
        axis=1,
    )
    if len(shares) and not ((shares >= -ZERO) & (shares <= 1 + ZERO)).all():
        raise ValueError("a point lies outside the map")
    result = np.full(len(values), NO_LABEL)
    if proved.conditions.functions:
        signs, known = signs_near(proved, values, shares)
    else:
        signs = exact_signs(proved.conditions.factors, values, points)
        touched = exact_signs(proved.conditions.touching, values, points) == 0
        known = (signs != 0).all(axis=1) & ~touched.any(axis=1)
    left = np.nonzero(known)[0]
    for block in sorted(proved.blocks, key=lambda one: -volume(one.low, one.high)):
        # a point on the face of a block is in both, which say the same of it
        there = shares[left]
        inside = ((there >= np.array(block.low) - ZERO) & (there <= np.array(block.high) + ZERO)).all(axis=1)
        here, left = left[inside], left[~inside]
        word = np.zeros(len(here), np.int64)
        for margin in block.margins:
            word = 2 * word + (signs[here, margin] > 0)
        result[here] = np.array(block.table)[word]
    return result


def settled(found: Map) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each label, and of none: bits of outcomes that hold and whether somebody mixes, and whether no more may hold."""
    told = [found.conditions.told(bits) for bits in found.labels]
    names = found.conditions.named
    said = [(*(name in one.outcomes for name in names), one.mixed) for one in told]
    return np.array([*said, (False,) * (len(names) + 1)]), np.array(
        [*(not one.perhaps for one in told), True]
    )


def signs_near(
    proved: Map, values: NDArray[np.float64], shares: NDArray[np.float64]
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Signs ``(B, K)`` of factors of which some have functions, 0 where floats do not tell; and where all that matter are.

    What has an inverse of what is not positive is NaN, and of a case that does not apply.
    """
    sizes = np.maximum(*(np.abs(np.array([float(one) for one in end])) for end in (proved.low, proved.high)))
    widths = np.array([float(high - low) for low, high in zip(proved.low, proved.high, strict=True)])
    off = OUTWARD * np.maximum(np.abs(values), sizes) / widths
    box = np.clip(shares - off, 0.0, 1.0), np.clip(shares + off, 0.0, 1.0)
    conditions = proved.conditions
    least, most = Enclosure(conditions, proved.low, proved.high).bounds(*box)
    signs = (least > 0).astype(np.int8) - (most < 0).astype(np.int8)
    touching = replace(conditions, factors=conditions.touching)
    least, most = Enclosure(touching, proved.low, proved.high).bounds(*box)
    touched = ((least <= 0) & (most >= 0)).any(axis=1)
    # a map that was read has no clauses, and does not say which signs matter
    told = ~Decider(conditions)(signs).open.any(axis=1) if conditions.clauses else (signs != 0).all(axis=1)
    return signs, told & ~touched


def with_functions(conditions: Margins, at: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """The values of all variables where the free ones are ``at``, arrays that broadcast: to be looked at."""
    result = list(at)
    for function in conditions.functions:
        given = []
        for terms in function.arguments:
            total: Any = 0.0
            for exponents, coefficient in terms.items():
                parts = (one**exponent for one, exponent in zip(result, exponents, strict=False) if exponent)
                total = total + prod(parts, start=float(coefficient))
            given.append(np.asarray(total))
        with np.errstate(all="ignore"):
            result.append(np.asarray(COMPUTED[function.operation](*given)))
    return result


def exact_signs(
    factors: Sequence[Mapping[tuple[int, ...], int]],
    values: NDArray[np.float64],
    points: Sequence[NDArray[Any]],
) -> NDArray[np.int8]:
    """Signs of factors ``(B, K)`` at points, exact: the numbers are those that were written."""
    result = np.empty((len(values), len(factors)), np.int8)
    for number, terms in enumerate(factors):
        factor = Factor({exponents: float(value) for exponents, value in terms.items()})
        at = factor.at(values)
        result[:, number] = np.sign(at)
        for cell in np.nonzero(np.abs(at) <= factor.noise(values))[0]:
            exact = [fraction(one[cell]) for one in points]
            total = sum(
                (
                    coefficient * prod(one**exponent for one, exponent in zip(exact, exponents, strict=True))
                    for exponents, coefficient in terms.items()
                ),
                Fraction(0),
            )
            result[cell, number] = (total > 0) - (total < 0)
    return result
