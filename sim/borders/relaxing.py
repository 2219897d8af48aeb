"""Polynomials that are to be 0 or more, as linear programmes: relaxed in a box, and around a point.

In a box each product of shares lies between four planes (McCormick 1976), which makes a linear programme whose optimum no
point of the box undercuts.  What is said of it rests on its dual: any multipliers prove a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.slopes import ByExponents, Several
from sim.kernels.base.tolerances import CLOSE, ZERO

__all__ = ["Programme", "Relaxed"]

ROUNDS = 8

Point = NDArray[np.float64]


class Relaxed(NamedTuple):
    """In a box nothing is smaller than ``bound``; ``point`` has it once products may be off, by ``gaps``."""

    bound: float
    point: Point
    gaps: Point


class Programme:
    """All ``constraints``, polynomials of shares of ranges, are to be 0 or more, as near ``at`` as can be.

    ``norm`` is ``"sum"`` or ``"max"`` of shares.
    """

    def __init__(self, constraints: Sequence[ByExponents], at: Point, norm: str) -> None:
        self.at, self.norm = at, norm
        self.size = len(at)
        self.constraints = Several(constraints, self.size)
        self.lay_out()

    def lay_out(self) -> None:
        """The columns: shares, sizes of their changes, the largest of them, products; and rows that hold in every box."""
        size = self.size
        self.largest = 2 * size
        places: dict[tuple[int, ...], int] = {(axis,): axis for axis in range(size)}
        self.products: list[tuple[tuple[int, ...], int, int]] = []
        columns = []
        for exponents in self.constraints.exponents.tolist():
            axes = tuple(axis for axis, exponent in enumerate(exponents) for _ in range(exponent))
            for length in range(2, len(axes) + 1):  # shorter products come first
                if axes[:length] not in places:
                    places[axes[:length]] = 2 * size + 1 + len(self.products)
                    self.products.append((axes[:length], places[axes[: length - 1]], axes[length - 1]))
            columns.append(places[axes] if axes else -1)
        self.width = 2 * size + 1 + len(self.products)
        self.cost = np.zeros(self.width)
        if self.norm == "sum":
            self.cost[size : 2 * size] = 1.0
        else:
            self.cost[self.largest] = 1.0
        eye, none = np.eye(size), np.zeros((size, len(self.products)))
        one, zero = np.ones((size, 1)), np.zeros((size, 1))
        self.moves = np.block([[eye, -eye, zero, none], [-eye, -eye, zero, none], [0 * eye, eye, -one, none]])
        self.moved = np.concatenate([self.at, -self.at, np.zeros(size)])
        asked = self.constraints
        self.asked = np.zeros((asked.count, self.width))
        self.given = np.zeros(asked.count)
        for number, column, value in zip(asked.number, columns, asked.coefficients, strict=True):
            if column < 0:
                self.given[number] += value
            else:
                self.asked[number, column] -= value

    def distance(self, point: Point) -> float:
        """The size of a change in the norm of this problem."""
        moved = np.abs(point - self.at)
        return float(moved.sum() if self.norm == "sum" else moved.max(initial=0.0))

    def met(self, point: Point) -> bool:
        """Whether all constraints hold at a point."""
        return bool((self.constraints.values(point) >= -CLOSE).all())

    def tidied(self, point: Point) -> Point:
        """Without the moves that a point which meets all constraints does not need, the smallest first."""
        for axis in np.argsort(np.abs(point - self.at)):
            fewer = point.copy()
            fewer[axis] = self.at[axis]
            if self.met(fewer):
                point = fewer
        return point

    def snapped(self, point: Point) -> Point:
        """Shares that have not moved stand where they did."""
        return np.where(np.abs(point - self.at) < ZERO, self.at, point)

    def below(self, low: Point, high: Point) -> Relaxed | None:
        """What is below all points of a box; None where nothing is in it."""
        ends = np.empty((self.width, 2))
        ends[: self.size] = np.stack([low, high], axis=1)
        ends[self.size : 2 * self.size + 1] = (0.0, 1.0)
        planes = np.zeros((4 * len(self.products), self.width))
        limits = np.zeros(4 * len(self.products))
        for number, (_, first, second) in enumerate(self.products):
            place = 2 * self.size + 1 + number
            (a, b), (c, d) = ends[first], ends[second]
            ends[place] = (a * c, b * d)  # shares are not negative
            four = ((c, a, a * c, 1), (d, b, b * d, 1), (d, a, a * d, -1), (c, b, b * c, -1))
            for row, (of_first, of_second, constant, sign) in enumerate(four, 4 * number):
                planes[row, first] += sign * of_first
                planes[row, second] += sign * of_second
                planes[row, place] -= sign
                limits[row] = sign * constant
        rows = np.concatenate([self.moves, self.asked, planes])
        found = solved(self.cost, rows, np.concatenate([self.moved, self.given, limits]), ends)
        if found is None:
            return None
        best, bound = found
        point, gaps = best[: self.size], np.zeros(self.size)
        for number, (axes, _, _) in enumerate(self.products):
            gaps[list(axes)] += abs(best[2 * self.size + 1 + number] - np.prod(point[list(axes)]))
        return Relaxed(max(bound, 0.0), self.snapped(point), np.where(gaps > CLOSE, gaps, 0.0))

    def above(self, near: Point, low: Point, high: Point, enough: float) -> Point | None:
        """The best point of a box found that meets all constraints, by linear programmes around one point after another.

        What is no further than ``enough`` is not bettered.
        """
        if self.met(near):
            return near
        width = 2 * self.size + 1
        ends = np.concatenate([np.stack([low, high], axis=1), np.tile((0.0, 1.0), (self.size + 1, 1))])
        best: Point | None = None
        point = near
        for _ in range(ROUNDS):
            values, slopes = self.constraints.values(point), self.constraints.slopes(point)
            rows = np.concatenate([self.moves[:, :width], np.pad(-slopes, ((0, 0), (0, self.size + 1)))])
            limits = np.concatenate([self.moved, values - slopes @ point])
            found = optimum(self.cost[:width], rows, limits, ends)
            if found is None:
                break
            ahead = self.snapped(found[: self.size])
            still = np.abs(ahead - point).max(initial=0.0) < CLOSE
            point = ahead
            if self.met(point) and (best is None or self.distance(point) < self.distance(best)):
                best = point
            if still or (best is not None and self.distance(best) <= enough + CLOSE):
                break
        return best


def optimum(cost: Point, rows: Point, limits: Point, ends: Point) -> Point | None:
    """The optimum of a linear programme; None where nothing is feasible."""
    from scipy.optimize import (  # of no whole numbers: the quickest door to HiGHS
        Bounds,
        LinearConstraint,
        milp,
    )

    found = milp(cost, constraints=LinearConstraint(rows, -np.inf, limits), bounds=Bounds(*ends.T))
    return None if found.x is None else np.asarray(found.x)


def solved(cost: Point, rows: Point, limits: Point, ends: Point) -> tuple[Point, float] | None:
    """The optimum of a linear programme and what its dual proves to be below it; None where nothing is feasible."""
    from scipy.optimize import linprog

    found = linprog(cost, A_ub=rows, b_ub=limits, bounds=ends, method="highs")
    if found.status != 0:
        return None
    weights = np.maximum(-found.ineqlin.marginals, 0.0)
    left = cost + weights @ rows
    bound = np.minimum(left * ends[:, 0], left * ends[:, 1]).sum() - weights @ limits
    return np.asarray(found.x), float(bound)
