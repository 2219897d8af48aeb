"""The blocks of a design as cells of their own: what is counted in each is a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.designs.blocks import Block, Design

__all__ = ["BlockRows"]


@dataclass(frozen=True, eq=False)
class BlockRows(Design):
    """A design of one axis, ``block``: the blocks of ``whole`` of lengths ``lengths``, in their order."""

    whole: Design
    lengths: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that vary within blocks."""
        return self.whole.names

    @property
    def dims(self) -> dict[str, NDArray[np.int64]]:
        """``block``, counted from 0."""
        return {"block": np.arange(int(np.prod(self.whole.number_of_blocks(self.lengths))))}

    @property
    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """Those of the whole."""
        return self.whole.ranges

    @property
    def told(self) -> dict[str, Any]:
        """The whole, and how it is cut."""
        return {**self.whole.told, "lengths": list(self.lengths)}

    def block(self, row: Block) -> Block:
        """The block of the whole that a row is about."""
        numbers = np.unravel_index(row[0].start, self.whole.number_of_blocks(self.lengths))
        return tuple(
            slice(int(number) * length, min((int(number) + 1) * length, size))
            for number, length, size in zip(numbers, self.lengths, self.whole.shape, strict=True)
        )

    def points(self, block: Block) -> dict[str, NDArray[Any]]:
        """The points of the block that a row is about."""
        return self.whole.points(self.block(block))
