"""How far from any change: the largest share of their ranges by which all parameters may move at once.

From above by a flip that is found along directions in which margins fall fastest, from below by boxes that are
proved to have one set of outcomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.blocks import Inversion
from sim.borders.conditions import Margins
from sim.borders.decide import Decider
from sim.borders.factoring import rational
from sim.borders.roots import Way
from sim.borders.slopes import Several
from sim.borders.tipping import Stretch, stretches
from sim.kernels.base.tolerances import CLOSE

__all__ = ["Radius", "radius_of", "signs_at"]

MANY = 200  # margins, of which those near a point are told first
SHARES = (Fraction(1, 64), Fraction(1, 16), Fraction(1, 4), Fraction(1))  # of each range
HALVINGS, FEW_HALVINGS = 40, 12  # few of many margins
BEYOND = Fraction(1_000_001, 1_000_000)  # so far past a border its other side is looked at
NEAREST = 16  # margins whose directions are followed, in each round
MOST_BLOCKS = 400  # of one proof
MOST_LOOKS = 4  # rounds in which directions are taken anew from where the last flip was


Flipped = tuple[float, tuple[Fraction, ...], tuple[str, ...]]
"""At what share, where, and what holds beyond."""


class Radius(NamedTuple):
    """Outcomes flip at ``found`` (infinite: nowhere found), at ``point``; below ``proved`` they do not."""

    found: float
    proved: float
    point: tuple[Fraction, ...]
    after: tuple[str, ...]


def radius_of(
    conditions: Margins, at: Sequence[Fraction], low: Sequence[Fraction], high: Sequence[Fraction]
) -> Radius | None:
    """The radius around a point, within the bounds ``low, high`` of each variable.

    None where the point lies on a border of outcomes.
    """
    decide = Decider(conditions)
    here = decide.settled(signs_at(conditions, at)[0])
    if here is None:
        return None
    label = here[:-1]
    left, (found, point, after) = closest(conditions, decide, at, low, high)
    for axis in range(len(at)):  # what need not move to get there stays
        fewer = (*point[:axis], at[axis], *point[axis + 1 :])
        beyond = tuple(start + (end - start) * BEYOND for start, end in zip(at, fewer, strict=True))
        there = decide.settled(signs_at(conditions, beyond)[0])
        if fewer != point and there is not None and (there[:-1] != label).any():
            point = fewer
    work = Inversion(remaining_near(left, at, low, high, min(found, 1.0)), low, high, 0)
    halvings = HALVINGS if len(conditions.factors) <= MANY else FEW_HALVINGS
    return Radius(float(found), proved_radius(work, label, at, found, halvings), point, after)


def closest(
    conditions: Margins,
    decide: Decider,
    at: Sequence[Fraction],
    low: Sequence[Fraction],
    high: Sequence[Fraction],
) -> tuple[Margins, Flipped]:
    """Margins that may matter up to the flip that is nearest of those found, and that flip.

    Of many margins few matter near a point: ever larger boxes around it are looked at.
    """
    if len(conditions.factors) <= MANY:
        return conditions, nearest(conditions, decide, at, low, high)
    for share in SHARES:
        left = remaining_near(conditions, at, low, high, float(share))
        found = nearest(left, Decider(left), at, low, high, limit=share)
        if np.isfinite(found[0]):
            break
    return left, found


def remaining_near(
    conditions: Margins,
    at: Sequence[Fraction],
    low: Sequence[Fraction],
    high: Sequence[Fraction],
    share: float,
) -> Margins:
    """The margins that may matter within a share of each range."""
    work = Inversion(conditions, low, high, 0)
    middle = work.share_of(at)
    box = np.maximum(middle - share, 0.0)[np.newaxis], np.minimum(middle + share, 1.0)[np.newaxis]
    wanted = work.decide(np.zeros((1, work.decide.factors), np.int8)).open
    return work.decide.remaining(work.enclosure.signs(wanted, *box)[0])


def signs_at(conditions: Margins, at: Sequence[Fraction]) -> NDArray[np.int8]:
    """Signs of all factors at a point, ``(1, K)``."""
    values = [rational(one) for one in at]
    found = [one(*values) for one in conditions.polynomials]
    return np.array([[(one > 0) - (one < 0) for one in found]], np.int8)


def nearest(
    conditions: Margins,
    decide: Decider,
    at: Sequence[Fraction],
    low: Sequence[Fraction],
    high: Sequence[Fraction],
    *,
    limit: Fraction = Fraction(1),
) -> Flipped:
    """The smallest share, up to a ``limit``, at which a flip is found, where it is, and what holds beyond."""
    widths = [above - below for below, above in zip(low, high, strict=True)]
    best, point = np.inf, tuple(at)
    after: tuple[str, ...] = ()
    seen: set[tuple[int, ...]] = set()
    factors = Several(conditions.factors, len(at))
    ahead = directions(factors, at, widths, here=at)
    for _ in range(MOST_LOOKS):
        new = [one for one in ahead if one not in seen and any(one)]
        seen.update(new)
        improved = False
        for direction in new:
            line = Way(list(at), [turn * width for turn, width in zip(direction, widths, strict=True)])
            far = min(reach(at, line, low, high), limit)
            if best < far:  # what is further away is of no use
                far = Fraction(best)
            flip = first_flip(stretches(conditions, line, Fraction(0), far, decide)) if far else None
            if flip is not None and float(flip.low.at) < best:
                share = flip.low.at
                best, after, improved = float(share), flip.outcomes, True
                point = tuple(one + share * step for one, step in zip(at, line.step, strict=True))
        if not improved:
            break
        ahead = directions(factors, point, widths, here=at)
    return best, point, after


def reach(at: Sequence[Fraction], line: Way, low: Sequence[Fraction], high: Sequence[Fraction]) -> Fraction:
    """How far a line stays within the bounds of some variable: others stop at theirs."""
    rooms = [
        ((above if step > 0 else below) - one) / step
        for one, step, below, above in zip(at, line.step, low, high, strict=True)
        if step
    ]
    return min(rooms)


def first_flip(found: Sequence[Stretch] | None) -> Stretch | None:
    """The first stretch whose outcomes are not those of the beginning."""
    return next((one for one in found or () if one.outcomes != (found or ())[0].outcomes), None)


def directions(
    factors: Several, near: Sequence[Fraction], widths: Sequence[Fraction], *, here: Sequence[Fraction]
) -> list[tuple[int, ...]]:
    """Corners towards which margins fall to zero fastest by their slopes at ``near``, those of the nearest margins."""
    start = factors.values(np.array([float(one) for one in here]))
    slopes = factors.slopes(np.array([float(one) for one in near]))
    down = -np.sign(start)[:, np.newaxis] * slopes * np.array([float(width) for width in widths])
    found = [
        (abs(value) / fall, tuple(np.sign(each).astype(int).tolist()))
        for value, each, fall in zip(start, down, np.abs(down).sum(axis=1), strict=True)
        if fall
    ]
    # of equally near ones that which moves the fewest parameters
    found.sort(key=lambda one: (float(f"{one[0]:.9g}"), np.count_nonzero(one[1])))
    return [direction for _, direction in found[:NEAREST]]


def proved_radius(
    work: Inversion, label: NDArray[np.bool_], at: Sequence[Fraction], found: float, halvings: int
) -> float:
    """The largest share, of those tried, within which the same outcomes hold everywhere."""
    middle = work.share_of(at)
    least, most = 0.0, min(found, 1.0)
    nearly = most * (1 - CLOSE) if found <= 1.0 else 1.0  # a hair inside the flip that was found
    if work.uniform(middle, nearly, label, MOST_BLOCKS):
        return nearly
    for _ in range(halvings):
        share = (least + most) / 2
        if work.uniform(middle, share, label, MOST_BLOCKS):
            least = share
        else:
            most = share
        if most - least <= CLOSE * most:
            break
    return least
