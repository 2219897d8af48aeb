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
from sim.kernels.base.simplex import INFEASIBLE, label, repair
from sim.kernels.base.tolerances import CLOSE, FORGIVEN, ZERO

__all__ = ["Programme", "Relaxed"]

ROUNDS = 8
PIVOTS = 20  # for each row: more than any programme takes

Point = NDArray[np.float64]


class Relaxed(NamedTuple):
    """In a box nothing is smaller than ``bound``; ``point`` has it once products may be off.

    ``gaps`` are how far they are off, for each share that is in them, by what the bound would gain.
    """

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
        """The columns: how far shares go down, and up, the largest of these, products; and rows that hold in every box.

        Of moves that serve equally well the first column is taken: rather down than up.
        """
        size = self.size
        places: dict[tuple[int, ...], int] = {(axis,): axis for axis in range(size)}
        self.products: list[tuple[tuple[int, ...], int, int]] = []
        columns = []
        for exponents in self.constraints.exponents.tolist():
            axes = tuple(axis for axis, exponent in enumerate(exponents) for _ in range(exponent))
            for length in range(2, len(axes) + 1):  # shorter products come first
                if axes[:length] not in places:
                    places[axes[:length]] = size + len(self.products)
                    self.products.append((axes[:length], places[axes[: length - 1]], axes[length - 1]))
            columns.append(places[axes] if axes else -1)
        asked = self.constraints
        rows = np.zeros((asked.count, size + len(self.products)))
        given = np.zeros(asked.count)
        for number, column, value in zip(asked.number, columns, asked.coefficients, strict=True):
            if column < 0:
                given[number] += value
            else:
                rows[number, column] -= value
        self.asked, self.given = self.moved(rows), given - rows[:, :size] @ self.at
        self.cost = np.zeros(2 * size + 1 + len(self.products))
        if self.norm == "sum":
            self.cost[: 2 * size] = 1.0
            self.longest = np.zeros((0, len(self.cost)))
        else:
            self.cost[2 * size] = 1.0
            eye = np.eye(size)
            self.longest = np.hstack([eye, eye, -np.ones((size, 1)), np.zeros((size, len(self.products)))])

    def moved(self, rows: Point) -> Point:
        """Rows in shares and products as rows in changes up and down, the largest, and products."""
        shares, products = rows[:, : self.size], rows[:, self.size :]
        return np.hstack([-shares, shares, np.zeros((len(rows), 1)), products])

    def room(self, low: Point, high: Point) -> Point:
        """How far shares can go down, and up, from where they are, and the largest of these: ``(2 size + 1, 2)``."""
        up = np.stack([low, high], axis=1) - self.at[:, np.newaxis]
        return np.concatenate([np.maximum(-up[:, ::-1], 0.0), np.maximum(up, 0.0), [[0.0, 1.0]]])

    def reached(self, found: Point) -> Point:
        """The shares where a programme's optimum leads; those that have not moved stand where they did."""
        change = found[self.size : 2 * self.size] - found[: self.size]
        return np.where(np.abs(change) < ZERO, self.at, self.at + change)

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

    def below(self, low: Point, high: Point) -> Relaxed | None:
        """What is below all points of a box; None where nothing is in it."""
        size = self.size
        ends = np.concatenate([np.stack([low, high], axis=1), np.empty((len(self.products), 2))])
        planes = np.zeros((4 * len(self.products), len(ends)))
        limits = np.zeros(len(planes))
        for number, (_, first, second) in enumerate(self.products):
            place = size + number
            (a, b), (c, d) = ends[first], ends[second]
            ends[place] = (a * c, b * d)  # shares are not negative
            four = ((c, a, a * c, 1), (d, b, b * d, 1), (d, a, a * d, -1), (c, b, b * c, -1))
            for row, (of_first, of_second, constant, sign) in enumerate(four, 4 * number):
                planes[row, first] += sign * of_first
                planes[row, second] += sign * of_second
                planes[row, place] -= sign
                limits[row] = sign * constant
        rows = np.concatenate([self.moved(planes), self.longest, self.asked])
        limits = np.concatenate(
            [limits - planes[:, :size] @ self.at, np.zeros(len(self.longest)), self.given]
        )
        found = solved(self.cost, rows, limits, np.concatenate([self.room(low, high), ends[size:]]))
        if found is None:
            return None
        point = self.reached(found.point)
        gaps, priced = np.zeros(size), np.zeros(size)
        prices = found.weights[: len(planes)].reshape(-1, 4).sum(axis=1)
        for number, (axes, _, _) in enumerate(self.products):
            gap = abs(found.point[2 * size + 1 + number] - np.prod(point[list(axes)]))
            gaps[list(axes)] += gap
            priced[list(axes)] += gap * prices[number]
        gaps = priced if (priced > CLOSE).any() else gaps
        return Relaxed(max(found.bound, 0.0), point, np.where(gaps > CLOSE, gaps, 0.0))

    def above(self, near: Point, low: Point, high: Point, enough: float) -> Point | None:
        """The best point of a box found that meets all constraints, by linear programmes around one point after another.

        What is no further than ``enough`` is not bettered.
        """
        if self.met(near):
            return near
        width = 2 * self.size + 1
        ends = self.room(low, high)
        best: Point | None = None
        point = near
        for _ in range(ROUNDS):
            values, slopes = self.constraints.values(point), self.constraints.slopes(point)
            rows = np.concatenate([self.longest[:, :width], self.moved(-slopes)])
            limits = np.concatenate([np.zeros(len(self.longest)), values - slopes @ (point - self.at)])
            found = solved(self.cost[:width], rows, limits, ends)
            if found is None:
                break
            ahead = self.reached(found.point)
            still = np.abs(ahead - point).max(initial=0.0) < CLOSE
            point = ahead
            if self.met(point) and (best is None or self.distance(point) < self.distance(best)):
                best = point
            if still or (best is not None and self.distance(best) <= enough + CLOSE):
                break
        return best


class Optimum(NamedTuple):
    """``point`` is the optimum of a linear programme; ``weights`` of its rows, not negative, prove ``bound`` below it."""

    point: Point
    bound: float
    weights: Point


def solved(cost: Point, rows: Point, limits: Point, ends: Point) -> Optimum | None:
    """``cost x`` as small as can be with ``rows x <= limits`` and x between its ``ends``; None where no x is.

    ``cost`` is not negative, so that the lowest corner is the best point and the dual simplex method goes on from there.
    """
    count, width = rows.shape
    low = ends[:, 0]
    tableau = np.zeros((count + width + 1, width + 2))
    tableau[:count, :width] = rows
    tableau[:count, width] = limits - rows @ low
    tableau[count:-1, :width] = np.eye(width)
    tableau[count:-1, width] = ends[:, 1] - low
    tableau[-1, :width] = cost
    basic, nonbasic = np.empty(count + width, np.int64), np.empty(width, np.int64)
    label(basic, nonbasic)
    code = repair(tableau, count + width, basic, nonbasic, PIVOTS * (count + width), FORGIVEN)
    names = np.concatenate([nonbasic, basic])
    if code == INFEASIBLE:  # the row that cannot be mended says so of those it was made from
        last = int(tableau[:-1, width].argmin())
        parts = np.concatenate([tableau[last, :width], np.arange(count + width) == last])
        if below(0 * cost, weights_of(names, parts, count, width), rows, limits, ends) > 0:
            return None
    weights = weights_of(names, np.append(tableau[-1, :width], np.zeros(count + width)), count, width)
    every = np.zeros(2 * width + count)
    every[basic] = tableau[:-1, width]
    return Optimum(low + every[:width], below(cost, weights, rows, limits, ends), weights)


def weights_of(names: Point, parts: Point, count: int, width: int) -> Point:
    """The ``parts`` of variables by name that are those of the first ``count`` rows' slacks."""
    every = np.zeros(2 * width + count)
    every[names] = parts
    return np.maximum(every[width : width + count], 0.0)


def below(cost: Point, weights: Point, rows: Point, limits: Point, ends: Point) -> float:
    """What no feasible point is below, by any ``weights`` of the rows."""
    left = cost + weights @ rows
    return float(np.minimum(left * ends[:, 0], left * ends[:, 1]).sum() - weights @ limits)
