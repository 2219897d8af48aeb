"""Which margins of a proved map are borders: those on whose two sides different things can hold."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from sim.borders.blocks import Leaf, Map, halves
from sim.borders.enclosing import Enclosure

__all__ = ["separating"]

PARTS = 63  # into which a block is cut to see which signs its margins can have together
BEYOND = 0.015625  # of a block's sides, for borders on its faces that are not those of the map
LEAVES = 300  # blocks that are cut


def separating(proved: Map) -> list[int]:
    """Numbers of the margins that are borders of a map, in order.

    A table of a block has a place for each way in which the signs of its margins might be; where they cannot be so
    together, which is proved by cutting the block, what stands there is of no concern.  A margin of which that is not
    seen within ``PARTS`` cuts and ``LEAVES`` blocks counts as a border.
    """
    enclosure = Enclosure(proved.conditions, proved.low, proved.high)
    found: set[int] = set()
    cut = 0
    for block in proved.blocks:
        if set(block.margins) <= found:
            continue
        cut += 1
        words = possible(block, enclosure) if cut <= LEAVES else ways(block)
        for one, other in combinations(words, 2):
            if block.table[place_of(one)] != block.table[place_of(other)]:
                found.update(margin for margin, a, b in zip(block.margins, one, other, strict=True) if a != b)
    return sorted(found)


def ways(block: Leaf) -> list[tuple[int, ...]]:
    """All ways in which the signs of the margins of a block might be, 0 for below nothing and 1 for above."""
    return [*product((0, 1), repeat=len(block.margins))]


def place_of(word: tuple[int, ...]) -> int:
    """Where a table says what holds with such signs."""
    return int("".join(map(str, word)), 2)


def possible(block: Leaf, enclosure: Enclosure) -> list[tuple[int, ...]]:
    """The ways in which the signs of the margins of a block are not proved never to be."""
    every = ways(block)
    start, end = np.array(block.low), np.array(block.high)
    more = (end - start) * BEYOND
    ahead = [((start - more).clip(0.0, 1.0), (end + more).clip(0.0, 1.0))]
    seen: set[tuple[int, ...]] = set()
    looked = 0
    while ahead:
        low, high = ahead.pop(0)
        words = within(block, enclosure, every, low, high)
        labels = {block.table[place_of(word)] for word in words}
        looked += 1
        if len(labels) == 1 or looked + len(ahead) > PARTS:
            seen.update(words)
        elif not seen >= set(words):
            sides = np.zeros(len(low), np.bool_)
            sides[sorted({axis for margin in block.margins for axis in enclosure.axes(margin)})] = True
            ahead.extend(halves(low, high, sides))
    return [word for word in every if word in seen]


def within(
    block: Leaf,
    enclosure: Enclosure,
    words: list[tuple[int, ...]],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> list[tuple[int, ...]]:
    """Those of some signs of margins that a part of a block may have, but where one of them is 0."""
    bounds = enclosure.exactly(low.tolist(), high.tolist())
    touching = (
        not enclosure.conditions.functions
    )  # a polynomial that is 0 somewhere is so on a border at most
    for at, margin in enumerate(block.margins):
        least, most = bounds(margin)
        if least > 0 or (touching and least == 0):
            words = [word for word in words if word[at] == 1]
        elif most < 0 or (touching and most == 0):
            words = [word for word in words if word[at] == 0]
    return words
