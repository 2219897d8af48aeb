"""Which minors of payoffs are zero whatever the parameters are.

Whether strategies on some actions make some replies equally good is told by the signs of minors: determinants
of payoffs under a row of ones (``kernels/bimatrix/support_enumeration`` has the theory).  One that is the zero
polynomial ties in every cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

import numpy as np
from numpy.typing import NDArray

from sim.polynomials.polynomial import Polynomial, TooManyTermsError

__all__ = ["vanishing_minors"]

PRIME = 2**61 - 1
MOST_WORK = 200_000  # products of terms, half a second; beyond, ties are left to the arithmetic of each cell

Index = tuple[tuple[int, ...], tuple[int, ...]]


def vanishing_minors(gain: Sequence[Sequence[Polynomial]]) -> NDArray[np.bool_]:
    """Which minors of payoffs ``gain[action][reply]`` are identically zero.

    Minors of k actions and k + 1 replies, k = 1, 2, ..; for each k sets of actions, then of replies, in
    lexicographic order.  True is proved; a minor of too many terms counts as False.
    """
    whole = differences(gain)
    indices = sizes_of(len(whole), len(whole[0]))
    random = Random(0)  # noqa: S311 - no secret: values at which no other polynomial is likely to vanish
    values: dict[str, int] = {}

    def at(name: str) -> int:
        return values.setdefault(name, random.randrange(PRIME))

    # a minor that is not zero at one place is not the zero polynomial; the few others are written out
    numbers = [[entry.modulo(PRIME, at) for entry in row] for row in whole]
    remainders: dict[Index, int] = {((), (reply,)): 1 for reply in range(len(whole[0]))}
    zero = []
    for index in indices:
        parts = expansion(index)
        remainders[index] = sum(sign * numbers[i][j] * remainders[less] for sign, i, j, less in parts) % PRIME
        zero.append(remainders[index] == 0)
    writer = Writer(whole)
    return np.array(
        [maybe and writer.vanishes(index) for maybe, index in zip(zero, indices, strict=True)], np.bool_
    )


def differences(gain: Sequence[Sequence[Polynomial]]) -> list[list[Polynomial]]:
    """Payoffs counted from the first reply, which leaves minors as they are, with whole coefficients."""
    apart = [[entry - row[0] for entry in row] for row in gain]
    factors = [int(np.lcm.reduce([entry.denominator for entry in row], dtype=object)) for row in apart]
    return [[entry.whole(factor) for entry in row] for row, factor in zip(apart, factors, strict=True)]


def sizes_of(actions: int, replies: int) -> list[Index]:
    """Every set of actions with every set of one more replies, smaller ones first."""
    return [
        (rows, columns)
        for size in range(1, min(actions, replies - 1) + 1)
        for rows in combinations(range(actions), size)
        for columns in combinations(range(replies), size + 1)
    ]


def expansion(index: Index) -> list[tuple[int, int, int, Index]]:
    """A minor along its last row: sign, action, reply, and the smaller minor."""
    rows, columns = index
    return [
        ((-1) ** (len(rows) + p), rows[-1], reply, (rows[:-1], columns[:p] + columns[p + 1 :]))
        for p, reply in enumerate(columns)
    ]


class Writer:
    """Writes minors out as polynomials, as long as all of them together take no more than ``MOST_WORK``."""

    def __init__(self, gain: list[list[Polynomial]]) -> None:
        self.gain = gain
        self.known: dict[Index, Polynomial] = {}
        self.work = 0

    def vanishes(self, index: Index) -> bool:
        """Whether a minor is known to have no terms."""
        try:
            return self.minor(index).is_zero
        except TooManyTermsError:
            return False

    def minor(self, index: Index) -> Polynomial:
        """A minor as a polynomial.  Raises TooManyTermsError where it takes too much."""
        if not index[0]:
            return Polynomial.number(1)
        if index not in self.known:
            total = Polynomial.number(0)
            for sign, i, j, smaller in expansion(index):
                entry = self.gain[i][j]
                if entry.is_zero:
                    continue
                less = self.minor(smaller)
                self.work += len(entry.terms) * len(less.terms)
                if self.work > MOST_WORK:
                    raise TooManyTermsError
                term = entry * less
                total = total + term if sign > 0 else total - term
            self.known[index] = total
        return self.known[index]
