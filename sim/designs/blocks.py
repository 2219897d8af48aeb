"""Cells in an array of some shape, cut into blocks that are solved and stored as one."""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from numpy.typing import NDArray

__all__ = ["Block", "Design"]

Block = tuple[slice, ...]


class Design(ABC):
    """Where to look: the points of parameter space that a sweep visits, asked for block by block.

    A design never holds its points: it makes those of one block when asked, so that a hundred million cells cost no
    more memory than one block.  ``coordinates`` names the parameters whose values datasets keep for each cell, for
    no axis tells them; ``exact`` has the axes with an end that no float tells, such as 1/3, as they were written.
    """

    coordinates: tuple[str, ...] = ()
    exact: Mapping[str, NDArray[Any]] = MappingProxyType({})

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The parameters that vary."""

    @property
    @abstractmethod
    def dims(self) -> Mapping[str, NDArray[Any]]:
        """The axes of its cells by name, each with its labels."""

    @property
    @abstractmethod
    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """Between what the parameters lie that vary."""

    @property
    @abstractmethod
    def told(self) -> Mapping[str, Any]:
        """What tells it from any other design, for JSON."""

    @abstractmethod
    def points(self, block: Block) -> dict[str, NDArray[Any]]:
        """Parameter values of every cell of a block, ``name -> (C,)``, last axis fastest."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of cells along each axis."""
        return tuple(labels.size for labels in self.dims.values())

    @property
    def cells(self) -> int:
        """Number of all cells."""
        return math.prod(self.shape)

    def tile(self, cells: int, *, apart: bool = False) -> tuple[int, ...]:  # noqa: ARG002 - for designs that have parts
        """Lengths of blocks of at most ``cells`` points, as nearly square as halving allows.

        ``apart``: no block holds cells of several replicates, where there are replicates.
        """
        parts = [1] * len(self.shape)
        lengths = list(self.shape)
        while math.prod(lengths) > max(cells, 1):
            longest = lengths.index(max(lengths))
            parts[longest] *= 2
            lengths[longest] = -(-self.shape[longest] // parts[longest])
        return tuple(lengths)

    def blocks(self, tile: tuple[int, ...]) -> Iterator[Block]:
        """All cells cut into blocks of the given lengths (shorter at the far ends), last axis fastest."""
        cuts = [
            [slice(first, min(first + length, size)) for first in range(0, size, length)]
            for size, length in zip(self.shape, tile, strict=True)
        ]
        return itertools.product(*cuts)

    def size(self, block: Block) -> int:
        """Number of points of a block."""
        return math.prod(part.stop - part.start for part in block)

    def number_of_blocks(self, tile: tuple[int, ...]) -> tuple[int, ...]:
        """How many blocks there are along each axis."""
        return tuple(-(-size // length) for size, length in zip(self.shape, tile, strict=True))
