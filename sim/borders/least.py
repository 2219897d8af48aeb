"""The least change of parameters that makes something an equilibrium, and a proof that none is smaller.

A joint action is an equilibrium where polynomials are not negative; where several would do, each is a way.  Linear
programmes bound a way from below and lead to changes that do; boxes are halved, the least bound first among all
ways, until the two meet.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.relaxing import Programme, Relaxed
from sim.borders.slopes import ByExponents
from sim.kernels.base.tolerances import CLOSE, ZERO

__all__ = ["LeastChange", "least_change"]

MOST_BOXES, FEW_BOXES = 400, 40
CORNER = 0.1  # a box is not cut nearer to its end than by this share

Point = NDArray[np.float64]


class LeastChange(NamedTuple):
    """``point`` in shares of each range; ``size`` of the change in the norm, below which ``proved`` says there is none."""

    point: Point
    size: float
    proved: float


class Reduced(NamedTuple):
    """One problem in the variables that it depends on, ``axes`` of all."""

    problem: Programme
    axes: list[int]

    def point(self, at: Point, found: Point) -> Point:
        """In all variables."""
        result = at.copy()
        result[self.axes] = found
        return result


def least_change(
    ways: Sequence[Sequence[ByExponents]],
    at: Sequence[Fraction],
    norm: str = "sum",
    limit: float = np.inf,
    *,
    most: int = MOST_BOXES,
) -> LeastChange | None:
    """The least change from ``at`` that makes all polynomials of one of some ``ways`` 0 or more within the unit box.

    ``norm`` is ``"sum"``, ``"max"`` or ``"euclid"`` of shares of ranges; the last is proved by the second only.
    None where no change does, or none smaller than ``limit``.  At most ``most`` boxes are looked at.
    """
    start = np.array([float(one) for one in at])
    if norm == "euclid":
        proof = least_change(ways, at, "max", most=FEW_BOXES)
        if proof is None or (short := shortest(ways, start, limit)) is None:
            return None
        return short._replace(proved=proof.proved)
    best: LeastChange | None = None
    floor, counter, looked = np.inf, 0, 0  # nothing that was left aside is below the floor
    heap: list[tuple[float, int, Reduced, Point, Point, Relaxed]] = []

    def near(way: Reduced, low: Point, high: Point) -> tuple[Point, Point]:
        """What of a box is no further away than the best so far."""
        size = limit if best is None else best.size
        return np.maximum(low, way.problem.at - size), np.minimum(high, way.problem.at + size)

    def ahead(way: Reduced, low: Point, high: Point, least: float) -> None:
        """Keep a box to be looked at, unless nothing in it can be of use."""
        nonlocal counter, floor
        low, high = near(way, low, high)
        if (low > high).any():
            return
        found = way.problem.below(low, high)
        if found is None:
            return
        bound = max(found.bound, least)
        if bound >= (limit if best is None else best.size) - CLOSE:
            floor = min(floor, bound)
            return
        counter += 1
        heapq.heappush(heap, (bound, counter, way, low, high, found))

    for constraints in ways:
        way = way_of(constraints, start, norm)
        ahead(way, np.zeros(len(way.axes)), np.ones(len(way.axes)), 0.0)
    while heap and looked < most:
        if heap[0][0] >= (limit if best is None else best.size) - CLOSE:
            break
        looked += 1
        bound, _, way, low, high, found = heapq.heappop(heap)
        reached = way.problem.above(found.point, low, high, bound)
        if reached is not None:
            size = way.problem.distance(reached)
            if size < (limit if best is None else best.size - CLOSE):
                best = LeastChange(way.point(start, way.problem.tidied(reached)), size, 0.0)
        if bound >= (limit if best is None else best.size) - CLOSE or not way.axes:
            floor = min(floor, bound)
            continue
        tight = near(way, low, high)
        smaller = (found.gaps > 0) & (tight[1] - tight[0] < (high - low) / 2)
        for part_low, part_high in [tight] if smaller.any() else cut(found, low, high):
            ahead(way, part_low, part_high, bound)
    if best is None:
        return None
    return best._replace(proved=min(floor, best.size, *(entry[0] for entry in heap)))


def way_of(constraints: Sequence[ByExponents], at: Point, norm: str) -> Reduced:
    """What is in no constraint stays, and is left out."""
    axes = sorted(
        {axis for terms in constraints for exponents in terms for axis, e in enumerate(exponents) if e}
    )
    fewer = [
        {tuple(exponents[axis] for axis in axes): value for exponents, value in terms.items()}
        for terms in constraints
    ]
    return Reduced(Programme(fewer, at[axes], norm), axes)


def cut(found: Relaxed, low: Point, high: Point) -> list[tuple[Point, Point]]:
    """A box in two, at the point found, across the side on which products were off the most."""
    width = high - low
    axis = int(np.argmax(found.gaps * width if (found.gaps > 0).any() else width))
    end = CORNER * width[axis]
    middle = min(max(found.point[axis], low[axis] + end), high[axis] - end)
    first, second = high.copy(), low.copy()
    first[axis] = second[axis] = middle
    return [(low, first), (second, high)]


def shortest(ways: Sequence[Sequence[ByExponents]], at: Point, limit: float) -> LeastChange | None:
    """The shortest change found, from where relaxed problems have their optima; nothing is proved of it."""
    from scipy.optimize import minimize

    best: LeastChange | None = None
    for constraints in ways:
        way = way_of(constraints, at, "max")
        problem, unit = way.problem, (np.zeros(len(way.axes)), np.ones(len(way.axes)))
        found = problem.below(*unit)
        if found is None:
            continue
        start = problem.above(found.point, *unit, found.bound)
        if start is None or found.bound >= (limit if best is None else best.size):
            continue
        near = minimize(
            lambda point, problem=problem: ((point - problem.at) ** 2).sum(),
            start,
            jac=lambda point, problem=problem: 2 * (point - problem.at),
            bounds=np.stack(unit, axis=1),
            constraints={
                "type": "ineq",
                "fun": problem.constraints.values,
                "jac": problem.constraints.slopes,
            },
            method="SLSQP",
            options={"ftol": ZERO},
        )
        for point in (problem.tidied(one) for one in (start, near.x)):
            size = float(np.linalg.norm(point - problem.at))
            if problem.met(point) and size < (limit if best is None else best.size):
                best = LeastChange(way.point(at, point), size, 0.0)
    return best
