"""Grids: every combination of equal steps along each axis, in short decimals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from sim.designs.blocks import Block, Design
from sim.expression.numbers import Number, fraction, numbers_as_written, written
from sim.game import Floats

__all__ = ["Grid", "steps"]

DIGITS = 10


class Range(Protocol):
    """An axis as a scenario writes it: from ``low`` to ``high`` in ``points`` equal steps."""

    @property
    def low(self) -> Number: ...
    @property
    def high(self) -> Number: ...
    @property
    def points(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Grid(Design):
    """Every combination of the values of its axes, ``axes[name] (points,)``; their order is that of dims.

    ``exact`` has the axes with an end that no float tells, such as 1/3, as they were written.
    """

    axes: dict[str, Floats]
    exact: dict[str, NDArray[Any]] = field(default_factory=dict)

    @classmethod
    def over(cls, ranges: Mapping[str, Range], points: int | None = None) -> Self:
        """The grid of a sweep; ``points`` replaces the number of points of every axis."""
        found = {
            name: steps(axis.low, axis.high, axis.points if points is None else points)
            for name, axis in ranges.items()
        }
        return cls(
            {name: values.astype(np.float64) for name, values in found.items()},
            {name: values for name, values in found.items() if values.dtype == object},
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The axes."""
        return tuple(self.axes)

    @property
    def dims(self) -> dict[str, Floats]:
        """The axes with their values."""
        return self.axes

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """The ends of every axis."""
        return {name: (float(values[0]), float(values[-1])) for name, values in self.axes.items()}

    @property
    def told(self) -> dict[str, list[float]]:
        """The values of every axis."""
        return {name: values.tolist() for name, values in self.axes.items()}

    def points(self, block: Block) -> dict[str, NDArray[Any]]:
        """Parameter values of every cell of a block, ``name -> (C,)``, last axis fastest."""
        axes = {**self.axes, **self.exact}
        values = [axis[part] for axis, part in zip(axes.values(), block, strict=True)]
        mesh = np.meshgrid(*values, indexing="ij")
        return {name: array.ravel() for name, array in zip(self.axes, mesh, strict=True)}


def steps(low: Number, high: Number, points: int) -> NDArray[Any]:
    """Equal steps from ``low`` to ``high`` in short decimals, each as its nearest float, ``(points,)``.

    The 4th of 11 points from 0 to 1 is 0.3 as anybody writes it, not 0.30000000000000004: exact
    arithmetic reads the decimal, and boundaries of outcomes often lie on round numbers.  Steps that are
    no short decimals are rounded to ``DIGITS`` digits of the range, so that exact arithmetic stays quick.
    An end that no float tells stays a fraction, in an array of objects.
    """
    if points < 1:
        raise ValueError(f"an axis needs at least 1 point, not {points}")
    return stepped(low, high, points).copy()


@lru_cache(maxsize=256)
def stepped(low: Number, high: Number, points: int) -> NDArray[Any]:
    """The same, kept: who moves a slider asks for the same axes again and again."""
    first, last = fraction(low), fraction(high)
    width = last - first
    places = DIGITS - math.floor(math.log10(width)) if width > 0 else 0
    inner = [first + round(width * number / (points - 1), places) for number in range(1, points - 1)]
    return numbers_as_written([written(value) for value in [first, *inner, last][:points]])
