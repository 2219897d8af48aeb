"""The least change of parameters that makes something an equilibrium, and a proof that none is smaller.

One joint action is an equilibrium where polynomials are not negative.  Their products of parameters are enclosed by
McCormick's (1976) inequalities, which makes a linear programme: its optimum is a lower bound.  Above, linear programmes
around a point give changes that do.  Boxes are halved until the two meet.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.slopes import value_and_slopes

__all__ = ["Change", "least_change"]

MOST_BOXES = 400
CLOSE = 1e-9  # of shares, between what is found and what is proved
STILL = 1e-12  # shares that differ by less are the same
ROUNDS = 8

Terms = Mapping[tuple[int, ...], Any]


class Change(NamedTuple):
    """``point`` in shares of each range; ``size`` of the change in the norm, below which ``proved`` says there is none."""

    point: NDArray[np.float64]
    size: float
    proved: float


@dataclass(frozen=True, eq=False)
class Problem:
    """All ``constraints``, polynomials of shares of ranges, are to be 0 or more, near ``at``."""

    constraints: Sequence[Terms]
    at: NDArray[np.float64]
    norm: str

    def size(self, point: NDArray[np.float64]) -> float:
        """The size of a change."""
        moved = np.abs(point - self.at)
        if self.norm == "euclid":
            return float(np.sqrt((moved**2).sum()))
        return float(moved.sum() if self.norm == "sum" else moved.max())


def least_change(
    constraints: Sequence[Terms], at: Sequence[Fraction], norm: str = "sum", limit: float = np.inf
) -> Change | None:
    """The least change from ``at`` that makes all polynomials 0 or more within the unit box.

    ``norm`` is ``"sum"``, ``"max"`` or ``"euclid"`` of shares of ranges; the last is proved by the second only.
    None where no change does, or none smaller than ``limit``.
    """
    moving = sorted(
        {axis for terms in constraints for exponents in terms for axis, e in enumerate(exponents) if e}
    )
    if len(moving) < len(at):  # what is in no constraint stays
        fewer = [
            {tuple(exponents[axis] for axis in moving): v for exponents, v in terms.items()}
            for terms in constraints
        ]
        found = least_change(fewer, [at[axis] for axis in moving], norm, limit)
        if found is None:
            return None
        point = np.array([float(one) for one in at])
        point[moving] = found.point
        return found._replace(point=point)
    problem = Problem(constraints, np.array([float(one) for one in at]), norm)
    size = len(at)
    best: Change | None = None
    counter = 0
    heap: list[tuple[float, int, NDArray[np.float64], NDArray[np.float64]]] = [
        (0.0, 0, np.zeros(size), np.ones(size))
    ]
    proved = 0.0
    looked = 0
    while heap and looked < MOST_BOXES:
        proved, _, low, high = heapq.heappop(heap)
        if proved >= (limit if best is None else best.size) - CLOSE:
            break
        looked += 1
        relaxed = below(problem, low, high)
        if relaxed is None:
            continue
        bound, point, gaps = relaxed
        reached = above(problem, point, low, high)
        if reached is not None and (best is None or problem.size(reached) < best.size):
            best = Change(reached, problem.size(reached), 0.0)
        if bound >= (limit if best is None else best.size) - CLOSE:
            continue
        axis = int(np.argmax(gaps * (high - low)))
        if gaps[axis] <= 0:  # nothing was relaxed: the bound is what can be had
            axis = int(np.argmax(high - low))
        middle = min(max(point[axis], 0.9 * low[axis] + 0.1 * high[axis]), 0.1 * low[axis] + 0.9 * high[axis])
        for part in (0, 1):
            part_low, part_high = low.copy(), high.copy()
            (part_high if part == 0 else part_low)[axis] = middle
            counter += 1
            heapq.heappush(heap, (max(bound, proved), counter, part_low, part_high))
    if best is None:
        return None
    left = min((entry[0] for entry in heap), default=best.size)
    return best._replace(proved=min(left, best.size))


class Layout:
    """The columns of the linear programmes: shares, sizes of changes, the largest of them, products of shares."""

    def __init__(self, problem: Problem) -> None:
        self.size = len(problem.at)
        self.largest = 2 * self.size
        self.products: dict[tuple[int, ...], int] = {}
        for terms in problem.constraints:
            for exponents in terms:
                self.column(tuple(axis for axis, exponent in enumerate(exponents) for _ in range(exponent)))
        self.width = 2 * self.size + 1 + len(self.products)
        self.cost = np.zeros(self.width)
        if problem.norm == "sum":
            self.cost[self.size : 2 * self.size] = 1.0
        else:
            self.cost[self.largest] = 1.0

    def column(self, axes: tuple[int, ...]) -> int | None:
        """The column of a product of shares; None for the product of none."""
        if len(axes) < 2:
            return axes[0] if axes else None
        if axes not in self.products:
            self.column(axes[:-1])
            self.products[axes] = 2 * self.size + 1 + len(self.products)
        return self.products[axes]

    def rows(self, problem: Problem) -> tuple[list[NDArray[np.float64]], list[float]]:
        """What holds in every box: ``rows @ columns <= limits``."""
        rows, limits = [], []
        for axis in range(self.size):
            for sign in (1.0, -1.0):
                row = np.zeros(self.width)
                row[axis], row[self.size + axis] = sign, -1.0
                rows.append(row)
                limits.append(sign * float(problem.at[axis]))
            row = np.zeros(self.width)
            row[self.size + axis], row[self.largest] = 1.0, -1.0
            rows.append(row)
            limits.append(0.0)
        for terms in problem.constraints:
            row, limit = np.zeros(self.width), 0.0
            for exponents, value in terms.items():
                place = self.column(
                    tuple(axis for axis, exponent in enumerate(exponents) for _ in range(exponent))
                )
                if place is None:
                    limit += float(value)
                else:
                    row[place] -= float(value)
            rows.append(row)
            limits.append(limit)
        return rows, limits


def below(
    problem: Problem, low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]] | None:
    """A lower bound in a box, the point that has it, and how much each share was relaxed; None where nothing is there."""
    layout = Layout(problem)
    rows, limits = layout.rows(problem)
    bounds = [*zip(low, high, strict=True), *[(0.0, 1.0)] * (layout.size + 1)]
    ends: dict[int, tuple[float, float]] = dict(enumerate(bounds))
    for axes, place in layout.products.items():  # shorter products come first
        first, second = layout.column(axes[:-1]), axes[-1]
        assert first is not None
        a, b, c, d = *ends[first], *ends[second]
        ends[place] = (a * c, b * d)  # shares are not negative
        for of_first, of_second, constant, sign in (
            (c, a, a * c, 1),
            (d, b, b * d, 1),
            (d, a, a * d, -1),
            (c, b, b * c, -1),
        ):
            row = np.zeros(layout.width)
            row[first] += sign * of_first
            row[second] += sign * of_second
            row[place] -= sign
            rows.append(row)
            limits.append(sign * constant)
    found = solved(layout.cost, rows, limits, [ends[place] for place in range(layout.width)])
    if found is None:
        return None
    point, gaps = found[: layout.size], np.zeros(layout.size)
    for axes, place in layout.products.items():
        gaps[list(axes)] += abs(found[place] - np.prod(point[list(axes)]))
    return float(layout.cost @ found), point, np.where(gaps > CLOSE, gaps, 0.0)


def above(
    problem: Problem, near: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """The best point of a box found that meets all constraints, by linear programmes around one point after another."""
    bare = Problem((), problem.at, problem.norm)
    layout = Layout(bare)
    base_rows, base_limits = layout.rows(bare)
    bounds = [*zip(low, high, strict=True), *[(0.0, 1.0)] * (layout.size + 1)]
    best: NDArray[np.float64] | None = None
    point = near
    for _ in range(ROUNDS):
        looked = [value_and_slopes(terms, point) for terms in problem.constraints]
        rows = [*base_rows, *(np.concatenate([-slopes, np.zeros(layout.size + 1)]) for _, slopes in looked)]
        limits = [*base_limits, *(value - float(slopes @ point) for value, slopes in looked)]
        found = solved(layout.cost, rows, limits, bounds)
        if found is None:
            break
        moved = np.abs(found[: layout.size] - point).max()
        point = np.where(np.abs(found[: layout.size] - problem.at) < STILL, problem.at, found[: layout.size])
        met = all(value_and_slopes(terms, point)[0] >= -CLOSE for terms in problem.constraints)
        if met and (best is None or problem.size(point) < problem.size(best)):
            best = point
        if moved < STILL:
            break
    return best


def solved(
    cost: NDArray[np.float64],
    rows: Sequence[NDArray[np.float64]],
    limits: Sequence[float],
    bounds: Sequence[tuple[float, float]],
) -> NDArray[np.float64] | None:
    """The optimum of a linear programme; None where nothing is feasible."""
    from scipy.optimize import linprog

    found = linprog(cost, A_ub=np.array(rows), b_ub=np.array(limits), bounds=bounds, method="highs")
    return np.asarray(found.x) if found.status == 0 else None
