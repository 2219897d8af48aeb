"""Proved maps in pictures: the regime of each pixel, and the borders as curves that are as fine as one likes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.borders.looking import with_functions
from sim.dataset.proved import NOT_PROVED, Regions, value
from sim.expression.numbers import fraction
from sim.kernels.base.tolerances import BESIDE_BORDER
from sim.pictures.style.palette import Palette, Regime
from sim.pictures.style.regimes import Regimes, rank

__all__ = ["Curve", "Runs", "border_curves", "proved_regimes", "proved_runs"]

Floats = NDArray[np.float64]

STEPS = 400  # of a side of a map, along which curves are traced
CORRECTIONS = 3  # steps towards the curve, from where straight pieces of it were found


@dataclass(frozen=True, eq=False)
class Curve:
    """A border between regions: its formula in ``words``, and lines ``(N, 2)`` in units of the axes."""

    words: str
    lines: list[Floats]


def proved_regimes(dataset: Any, regions: Regions, points: Sequence[Floats]) -> Regimes:
    """The regimes of a proved map on a grid, an array in rising order for each of its axes."""
    code = regions.at(dict(zip(regions.axes, points, strict=True)))
    present = np.unique(code).tolist()
    found = {number: regime_of(regions, number) for number in present}
    order = sorted(set(found.values()), key=rank)
    place = np.zeros(max(present) + 2, np.int64)
    for number, regime in found.items():
        place[number] = order.index(regime)  # the last one is that of what is not decided
    nothing = np.zeros(code.shape, bool)
    return Regimes(
        code=place[code],
        regimes=order,
        outcomes=[str(name) for name in dataset["outcome"].values],
        statuses={},
        palette=Palette.of(dataset),
        continuum=nothing,
        knife_edge=nothing,
        tie=nothing,
        beyond=nothing,
    )


@dataclass(frozen=True, eq=False)
class Runs:
    """The regimes along one axis from low to high, numbers in ``found``, and the values between them."""

    found: Regimes
    numbers: list[int]
    borders: list[float]


def proved_runs(dataset: Any, regions: Regions) -> Runs:
    """What a proved map of one axis says along it; what looks alike on both sides of a value is one."""
    turns = regions.turns()
    low, high = regions.ends[regions.axes[0]]
    marks = [low, *(turn.at for turn in turns), high]
    found = proved_regimes(dataset, regions, [np.array([(a + b) / 2 for a, b in pairwise(marks)])])
    numbers, borders = [int(found.code[0])], []
    for turn, number in zip(turns, found.code[1:].tolist(), strict=True):
        if number != numbers[-1]:
            numbers.append(number)
            borders.append(turn.at)
    return Runs(found, numbers, borders)


def regime_of(regions: Regions, number: int) -> Regime:
    """What a region looks like."""
    if number == NOT_PROVED:
        return Regime("not_decided")
    told = regions.says[number]
    if told.holds:
        return Regime("outcomes", told.holds, told.only_mixed)
    return Regime("none" if regions.record["certain"] and not told.mixed else "split")


def border_curves(regions: Regions) -> list[Curve]:
    """The borders of a map of two axes, each with the margin that is 0 on it; those that part the same are left out."""
    ends = [regions.ends[name] for name in regions.axes]
    low = np.array([one for one, _ in ends])
    width = np.array([other for _, other in ends]) - low
    margins = [Margin(regions, *where, low, width) for where in regions.margins.values()]
    found = []
    for margin in margins:
        pieces = [
            piece
            for line in margin.traced()
            for piece in parting(split(line, margin, margins), margin, regions, low, width)
        ]
        if pieces:
            found.append(
                Curve(
                    words_of(regions, margin.factor, margin.conditions.variables),
                    [low + width * piece for piece in pieces],
                )
            )
    return found


class Margin:
    """A margin over the unit square that a map is stretched to."""

    def __init__(self, regions: Regions, of: Any, number: int, low: Floats, width: Floats) -> None:
        self.conditions, self.factor = of.conditions, of.conditions.factors[number]
        self.names = list(regions.record["over"])
        self.regions, self.low, self.width = regions, low, width

    def __call__(self, points: Floats) -> Floats:
        """Its values at points ``(B, 2)``."""
        return self.over(points[:, 0], points[:, 1])

    def over(self, x: Floats, y: Floats) -> Floats:
        """Its values where arrays of both shares meet."""
        across, up = self.low[0] + self.width[0] * x, self.low[1] + self.width[1] * y
        along = dict(zip(self.regions.axes, (across, up), strict=True))
        at = [along.get(name, np.asarray(self.regions.fixed.get(name, 0.0))) for name in self.names]
        return np.broadcast_to(
            value(self.factor, with_functions(self.conditions, at)), np.broadcast_shapes(x.shape, y.shape)
        )

    def slope(self, points: Floats) -> Floats:
        """How it grows at points, ``(B, 2)``."""
        steps = BESIDE_BORDER * np.eye(2)
        return np.stack(
            [(self(points + step) - self(points - step)) / (2 * BESIDE_BORDER) for step in steps], axis=1
        )

    def traced(self) -> list[Floats]:
        """The lines on which it is 0, ``(N, 2)`` each."""
        from contourpy import contour_generator

        along = np.linspace(0, 1, STEPS + 1)
        # a grid of round numbers meets borders, which marching from point to point does not see: a little off
        along[1:-1] += (np.sqrt(2) - 1) / STEPS / 7
        whole = np.array(self.over(along[np.newaxis, :], along[:, np.newaxis]))
        if whole.min() >= 0 or whole.max() <= 0:
            return []
        lines = contour_generator(along, along, whole).lines(0.0)
        return [self.corrected(np.asarray(line)) for line in lines if len(line) > 1]

    def corrected(self, line: Floats) -> Floats:
        """A line moved to where it belongs."""
        for _ in range(CORRECTIONS):
            slope = self.slope(line)
            size = (slope**2).sum(axis=1)
            step = np.where(size > 0, self(line) / np.where(size > 0, size, 1.0), 0.0)[:, np.newaxis] * slope
            line = line - np.where(np.abs(step).max(axis=1, keepdims=True) < 1 / STEPS, step, 0.0)
        return np.clip(line, 0.0, 1.0)


def split(line: Floats, own: Margin, others: Iterable[Margin]) -> Floats:
    """A line with a point more wherever another margin changes its sign."""
    for other in others:
        if other is own:
            continue
        at = other(line)
        here = np.nonzero(at[:-1] * at[1:] < 0)[0]
        if here.size:
            share = (at[here] / (at[here] - at[here + 1]))[:, np.newaxis]
            line = np.insert(line, here + 1, line[here] + share * (line[here + 1] - line[here]), axis=0)
    return line


def parting(line: Floats, own: Margin, regions: Regions, low: Floats, width: Floats) -> list[Floats]:
    """The parts of a line that have different regions on their two sides."""
    middles = (line[1:] + line[:-1]) / 2
    slope = own.slope(middles)
    size = np.linalg.norm(slope, axis=1, keepdims=True)
    across = BESIDE_BORDER * slope / np.where(size > 0, size, 1.0)
    one, other = (
        regions.one_by_one(low + width * np.clip(middles + sign * across, 0.0, 1.0)) for sign in (1, -1)
    )
    looks = [regime_of(regions, number) for number in range(len(regions.says))]
    alike = np.array([looks.index(look) for look in looks] + [NOT_PROVED])
    parts = (alike[one] != alike[other]) & (one != NOT_PROVED) & (other != NOT_PROVED)
    steps = np.diff(np.concatenate([[0], parts.astype(np.int8), [0]]))
    starts, stops = np.nonzero(steps == 1)[0], np.nonzero(steps == -1)[0]
    return [line[start : stop + 1] for start, stop in zip(starts, stops, strict=True)]


def words_of(regions: Regions, terms: Mapping[tuple[int, ...], int], names: Sequence[str]) -> str:
    """Where a margin is 0, in few words: ``threat = 1.2``, ``exposure = 2*backbone - 1``, or ``threat*chill - 2 = 0``."""
    left: dict[tuple[tuple[str, int], ...], Fraction] = {}
    for exponents, coefficient in terms.items():
        number, powers = Fraction(coefficient), []
        for name, exponent in zip(names, exponents, strict=True):
            if name in regions.fixed:
                number *= fraction(regions.fixed[name]) ** exponent
            elif exponent:
                powers.append((name, exponent))
        left[tuple(powers)] = left.get(tuple(powers), Fraction(0)) + number
    left = {powers: number for powers, number in left.items() if number}
    for name in reversed(regions.axes):  # the axis that goes up first, as one reads a curve
        of_it = [powers for powers in left if any(one == name for one, _ in powers)]
        if of_it == [((name, 1),)]:
            whole = left.pop(of_it[0])
            return f"{name} = {summed({powers: -number / whole for powers, number in left.items()})}"
    return f"{summed(left)} = 0"


def summed(terms: Mapping[tuple[tuple[str, int], ...], Fraction]) -> str:
    """A polynomial in words."""
    told = ""

    def order(term: tuple[tuple[tuple[str, int], ...], Fraction]) -> tuple[bool, int, Any]:
        """What is added first, and of that the highest powers."""
        return term[1] < 0, -sum(exponent for _, exponent in term[0]), term[0]

    for powers, number in sorted(terms.items(), key=order):
        factors = [name if exponent == 1 else f"{name}**{exponent}" for name, exponent in powers]
        size = decimal(abs(number))
        term = "*".join(factors if size == "1" and factors else [size, *factors])
        sign = "-" if number < 0 else "+"
        told += f" {sign} {term}" if told else term if sign == "+" else f"-{term}"
    return told or "0"


def decimal(number: Fraction) -> str:
    """A fraction as a short decimal where that is exact: ``1.2``, ``1/3``."""
    short = f"{float(number):g}"
    return short if Fraction(short) == number else str(number)
