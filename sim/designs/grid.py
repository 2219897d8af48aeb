"""Where to look: the points of parameter space that a sweep visits, asked for block by block.

A design never holds its points: it has coordinates for each axis and makes the points of one block
when asked, so that a hundred million cells cost no more memory than one block.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from sim.expression.numbers import Number, fraction, numbers_as_written, written
from sim.game import Floats

__all__ = ["Block", "Grid"]

Block = tuple[slice, ...]

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
class Grid:
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
    def shape(self) -> tuple[int, ...]:
        """Number of points along each axis."""
        return tuple(values.size for values in self.axes.values())

    @property
    def cells(self) -> int:
        """Number of points of the whole grid."""
        return math.prod(self.shape)

    def tile(self, cells: int) -> tuple[int, ...]:
        """Lengths of blocks of at most ``cells`` points, as nearly square as halving allows."""
        parts = [1] * len(self.shape)
        lengths = list(self.shape)
        while math.prod(lengths) > max(cells, 1):
            longest = lengths.index(max(lengths))
            parts[longest] *= 2
            lengths[longest] = -(-self.shape[longest] // parts[longest])
        return tuple(lengths)

    def blocks(self, tile: tuple[int, ...]) -> Iterator[Block]:
        """The grid cut into blocks of the given lengths (shorter at the far ends), last axis fastest."""
        cuts = [
            [slice(first, min(first + length, size)) for first in range(0, size, length)]
            for size, length in zip(self.shape, tile, strict=True)
        ]
        return itertools.product(*cuts)

    def size(self, block: Block) -> int:
        """Number of points of a block."""
        return math.prod(part.stop - part.start for part in block)

    def points(self, block: Block) -> dict[str, Floats]:
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
    first, last = fraction(low), fraction(high)
    width = last - first
    places = DIGITS - math.floor(math.log10(width)) if width > 0 else 0
    inner = [first + round(width * number / (points - 1), places) for number in range(1, points - 1)]
    return numbers_as_written([written(value) for value in [first, *inner, last][:points]])
