"""A map proved block by block: set inversion, in which a border costs nothing but where several meet.

A block in which no sign that matters is unknown has one label.  One in which few are unknown is kept with a table, from
the signs of those to the label, which any point in it looks up.  Others are halved, the largest first.
Source: Jaulin and Walter (1993), Set inversion via interval analysis; the tables are ours.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.conditions import Margins
from sim.borders.decide import MOST_OPEN, Decider
from sim.borders.enclosing import Enclosure
from sim.kernels.base.tolerances import BORDER

__all__ = ["Leaf", "Map", "proved_map"]

TOGETHER = 64  # blocks looked at side by side


class Leaf(NamedTuple):
    """A proved part of the map, in shares of each range: ``low, high (variables,)``.

    ``signs`` are those of all factors, 0 where they are not known; ``margins`` the factors among these whose signs
    change the label, by number, and ``table`` the number of the label by those signs: the first margin is the highest
    bit, a positive sign is 1.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    signs: tuple[int, ...]
    margins: tuple[int, ...]
    table: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Map:
    """Proved blocks, and what is left undecided; together they fill the box of all parameters that vary.

    ``labels`` are words of bits, as :class:`Decider` gives them; ``evaluated`` is how many blocks were looked at.
    """

    conditions: Margins
    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]
    blocks: tuple[Leaf, ...]
    undecided: tuple[Leaf, ...]
    labels: tuple[tuple[bool, ...], ...]
    evaluated: int

    @property
    def share_undecided(self) -> float:
        """Share of the volume that is not decided."""
        return float(sum(volume(block.low, block.high) for block in self.undecided))


class Labels:
    """Labels met so far, by number."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[bool, ...], int] = {}

    def number(self, bits: tuple[bool, ...]) -> int:
        """The number of a label."""
        return self.numbers.setdefault(bits, len(self.numbers))

    def bits(self, number: int) -> tuple[bool, ...]:
        """A label by its number."""
        return next(bits for bits, known in self.numbers.items() if known == number)


def proved_map(
    conditions: Margins,
    low: Sequence[Fraction],
    high: Sequence[Fraction],
    *,
    accuracy: float = BORDER,
    tables: int = 2,
    most: int = 100_000,
) -> Map:
    """Decide a label for all of a box of the variables, down to blocks of ``accuracy`` of each range.

    At most ``most`` blocks are looked at; blocks keep tables of at most ``tables`` unknown signs.  Raises NoMarginsError
    where a function is not defined, or not seen to be, everywhere in the box.
    """
    work = Inversion(conditions, low, high, tables)
    axes = len(low)
    start = (np.zeros(axes), np.ones(axes), np.zeros(len(conditions.factors), np.int8))
    heap: list[tuple[float, int, tuple[Any, Any, Any]]] = [(-1.0, 0, start)]
    blocks: list[Leaf] = []
    undecided: list[Leaf] = []
    evaluated = counter = 0
    while heap and evaluated < most:
        some = [heapq.heappop(heap)[2] for _ in range(min(TOGETHER, len(heap), most - evaluated))]
        evaluated += len(some)
        for (one_low, one_high, _), found in zip(some, work.looked(some), strict=True):
            if isinstance(found, Leaf):
                blocks.append(found)
                continue
            proved, sides = found
            if (one_high - one_low)[sides].max() <= accuracy:
                undecided.append(open_leaf(one_low, one_high))
                continue
            for part_low, part_high in halves(one_low, one_high, sides):
                counter += 1
                heapq.heappush(heap, (-volume(part_low, part_high), counter, (part_low, part_high, proved)))
    undecided.extend(open_leaf(one_low, one_high) for _, _, (one_low, one_high, _) in heap)
    return Map(
        conditions,
        tuple(low),
        tuple(high),
        tuple(blocks),
        tuple(undecided),
        tuple(work.labels.numbers),
        evaluated,
    )


class Inversion:
    """Looks at blocks."""

    def __init__(
        self, conditions: Margins, low: Sequence[Fraction], high: Sequence[Fraction], tables: int
    ) -> None:
        self.decide = Decider(conditions)
        self.tables = tables
        self.low, self.high = low, high
        self.labels = Labels()
        self.enclosure = Enclosure(conditions, low, high)

    def looked(self, blocks: Sequence[tuple[Any, Any, Any]]) -> list[Leaf | tuple[Any, NDArray[np.bool_]]]:
        """For each ``(low, high, signs known)``: a block, or the signs known now and the sides worth halving."""
        low, high, signs = (np.stack(each) for each in zip(*blocks, strict=True))
        wanted = self.decide(signs).open
        signs = signs + self.enclosure.signs(wanted, low, high)
        verdict = self.decide(signs)
        result: list[Leaf | tuple[Any, NDArray[np.bool_]]] = []
        for place in range(len(blocks)):
            open_here = np.nonzero(verdict.open[place])[0]
            known = (tuple(low[place].tolist()), tuple(high[place].tolist()), tuple(signs[place].tolist()))
            if len(open_here) <= MOST_OPEN:
                margins, labels = self.decide.table(signs[place], open_here, self.tables)
                if labels is not None:
                    result.append(Leaf(*known, margins, tuple(map(self.labels.number, labels))))
                    continue
                open_here = np.array(margins)
            sides = np.zeros(low.shape[1], np.bool_)
            for number in open_here:
                sides[list(self.enclosure.axes(int(number)))] = True
            result.append((signs[place], sides))
        return result

    def share_of(self, at: Sequence[Fraction]) -> NDArray[np.float64]:
        """A point in shares of each range."""
        return np.array(
            [
                float((one - low) / (high - low))
                for one, low, high in zip(at, self.low, self.high, strict=True)
            ]
        )

    def uniform(self, middle: NDArray[np.float64], share: float, label: NDArray[np.bool_], most: int) -> bool:
        """Whether the outcomes ``label`` hold, and no others, wherever shares differ from ``middle`` by up to ``share``.

        False as well where ``most`` blocks do not prove it.
        """
        box = (np.maximum(middle - share, 0.0), np.minimum(middle + share, 1.0))
        ahead = [(*box, np.zeros(self.decide.factors, np.int8))]
        looked = 0
        while ahead:
            some, ahead = ahead[:TOGETHER], ahead[TOGETHER:]
            looked += len(some)
            if looked > most:
                return False
            for (low, high, _), found in zip(some, self.looked(some), strict=True):
                if isinstance(found, Leaf):
                    if any(self.labels.bits(number)[:-1] != tuple(label) for number in found.table):
                        return False
                    continue
                signs, sides = found
                for part_low, part_high in halves(low, high, sides):
                    ahead.append((part_low, part_high, signs))
        return True


def halves(
    low: NDArray[np.float64], high: NDArray[np.float64], sides: NDArray[np.bool_]
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """A box cut in two across the longest of some sides."""
    axis = int(np.where(sides, high - low, -1.0).argmax())
    middle = (low[axis] + high[axis]) / 2
    first, second = high.copy(), low.copy()
    first[axis] = second[axis] = middle
    return [(low, first), (second, high)]


def open_leaf(low: NDArray[np.float64], high: NDArray[np.float64]) -> Leaf:
    """A block of which nothing is known."""
    return Leaf(tuple(low.tolist()), tuple(high.tolist()), (), (), ())


def volume(low: Any, high: Any) -> float:
    """The volume of a block."""
    return float(np.prod(np.subtract(high, low)))
