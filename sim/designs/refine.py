"""Coarse to fine over a grid: it asks for cells, is told what they are, and fills where neighbours agree."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Refine"]

Cells = NDArray[np.int64]
FIRST = 8  # cells from corner to corner of the first blocks
NOBODY = -1


class Refine:
    """Which cells of a grid to solve next: corners of blocks that are halved until their corners agree.

    ``ask() -> (k,)`` are cells, counted with the last axis fastest; ``tell(codes (k,))`` says what was found there,
    equal numbers for what looks alike.  ``source (cells,)`` is for each cell the solved one that stands for it: itself,
    or a corner of the block whose corners agree, -1 where nothing is known yet.  With ``whole`` nothing is left out,
    and coarse cells still come first.  What is narrower than a first block can be overlooked, unless ``whole``.
    """

    def __init__(self, shape: tuple[int, int], *, whole: bool = False) -> None:
        self.shape, self.whole = shape, whole
        self.stride = FIRST
        while self.stride > 1 and self.stride * 3 > max(shape):
            self.stride //= 2
        self.code = np.zeros(shape, np.int64)
        self.solved = np.zeros(shape, np.bool_)
        self.source: Cells = np.full(shape[0] * shape[1], NOBODY, np.int64)
        self.undecided = np.ones(shape, np.bool_)
        self.asked: Cells | None = None

    def ask(self) -> Cells:
        """The next cells; none when all is known."""
        while self.asked is None:
            lines = self.lines()
            corners = np.ix_(*lines)
            first, second = np.nonzero(~self.solved[corners] & (self.undecided[corners] | self.whole))
            found = lines[0][first] * self.shape[1] + lines[1][second]
            if found.size:
                self.asked = found
            elif self.stride == 1:
                return found
            else:
                self.settle()
        return self.asked

    def tell(self, codes: NDArray[Any]) -> None:
        """What was found at the cells last asked for.  Raises ValueError for another number of them."""
        if self.asked is None or len(codes) != self.asked.size:
            raise ValueError(f"{len(codes)} codes for {0 if self.asked is None else self.asked.size} cells")
        self.code.reshape(-1)[self.asked] = codes
        self.solved.reshape(-1)[self.asked] = True
        self.source[self.asked] = self.asked
        self.asked = None
        self.settle()

    def lines(self) -> tuple[Cells, Cells]:
        """Where corners of blocks are along each axis: every so many cells, and the last."""
        first, second = (
            np.unique(np.append(np.arange(0, size, self.stride), size - 1)) for size in self.shape
        )
        return first, second

    def settle(self) -> None:
        """Give the cells of a block whose corners agree to a corner; all others are in blocks half as long."""
        lines = self.lines()
        corner = self.code[np.ix_(*lines)]
        low, high = corner[:-1] if len(corner) > 1 else corner, corner[1:] if len(corner) > 1 else corner
        differs = low != high
        left, right = (slice(None, -1), slice(1, None)) if corner.shape[1] > 1 else (slice(None), slice(None))
        apart = differs[:, left] | differs[:, right] | (low[:, left] != low[:, right])
        places = [
            [
                np.clip(np.searchsorted(line, np.arange(size), side) - 1, 0, max(line.size - 2, 0))
                for side in SIDES
            ]
            for line, size in zip(lines, self.shape, strict=True)
        ]
        # a cell on the line between two blocks is of both
        near = np.logical_or(*(apart[rows] for rows in places[0]))
        undecided = self.undecided & np.logical_or(*(near[:, columns] for columns in places[1]))
        # what was decided before keeps its corner, unless all are solved in the end
        rows, columns = np.nonzero(~self.solved & (self.whole | (self.undecided & ~undecided)))
        self.undecided = undecided
        nearest = [
            line[np.searchsorted((line[1:] + line[:-1]) / 2, np.arange(size))]
            for line, size in zip(lines, self.shape, strict=True)
        ]
        given = rows * self.shape[1] + columns
        corners = nearest[0][rows] * self.shape[1] + nearest[1][columns]
        code = self.code.reshape(-1)
        code[given] = code[corners]
        # a corner that was given to another stands for nobody itself
        self.source[given] = self.source[corners]
        self.stride = max(self.stride // 2, 1)


SIDES: tuple[Any, Any] = ("right", "left")
