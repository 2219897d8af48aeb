"""From signs of factors to labels, for many blocks at once, where some signs are not known.

A sign is -1 or 1, or 0 where it is not known.  Labels are words of bits: one for each outcome, the highest for "somebody
mixes".
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.conditions import MIXED, Margins

__all__ = ["MOST_OPEN", "Decider", "Table", "Verdict"]

Signs = NDArray[np.int8]

MOST_OPEN = 12  # unknown signs of which all combinations are looked at


class Verdict(NamedTuple):
    """``certain`` and ``possible (B, bits)``, and ``open (B, K)``: unknown factors that could still matter."""

    certain: NDArray[np.bool_]
    possible: NDArray[np.bool_]
    open: NDArray[np.bool_]


class Table(NamedTuple):
    """``margins`` are the unknown factors whose sign changes the label, ``labels`` the labels by their signs.

    The first margin is the highest bit of a place in ``labels``, a positive sign is 1; None where there would be too many.
    """

    margins: tuple[int, ...]
    labels: tuple[tuple[bool, ...], ...] | None


class Decider:
    """The conditions of a game, laid out once."""

    def __init__(self, conditions: Margins) -> None:
        self.outcomes = conditions.outcomes
        self.factors = len(conditions.factors)
        every = sorted({one for clause in conditions.clauses for one in clause.conditions}, key=repr)
        number = {one: position for position, one in enumerate(every)}
        widest = max((len(one.odd) for one in every), default=1)
        # a factor more, whose sign is always 1, fills up what is shorter; so does a condition more
        self.members = np.full((len(every) + 1, widest), self.factors)
        for position, one in enumerate(every):
            self.members[position, : len(one.odd)] = sorted(one.odd)
        self.sign = np.array([*(one.sign for one in every), 1], np.int8)
        longest = max((len(clause.conditions) for clause in conditions.clauses), default=1)
        self.needs = np.full((len(conditions.clauses), max(longest, 1)), len(every))
        for position, clause in enumerate(conditions.clauses):
            self.needs[position, : len(clause.conditions)] = sorted(number[one] for one in clause.conditions)
        self.bits = len(self.outcomes) + 1
        bit = [self.bits - 1 if clause.outcome == MIXED else clause.outcome for clause in conditions.clauses]
        self.gives = np.zeros((len(bit), self.bits), np.int64)
        self.gives[np.arange(len(bit)), bit] = 1
        self.bit = np.array(bit, np.int64)
        self.conditions = [(one.sign, tuple(one.odd)) for one in every]
        self.clauses = [
            (place, [number[one] for one in clause.conditions])
            for place, clause in zip(bit, conditions.clauses, strict=True)
        ]
        self.uses = np.zeros((len(bit), self.factors + 1), np.int64)
        for position, needs in enumerate(self.needs):
            self.uses[position, self.members[needs].ravel()] = 1

    def __call__(self, signs: Signs) -> Verdict:
        """``signs (B, K)`` of factors -> what follows."""
        whole = np.concatenate([signs, np.ones((len(signs), 1), np.int8)], axis=1)
        holds = whole[:, self.members].prod(axis=2, dtype=np.int8) * self.sign
        met = holds[:, self.needs]
        possible = (met >= 0).all(axis=2)
        certain = (met > 0).all(axis=2)
        sure, may = certain @ self.gives > 0, possible @ self.gives > 0
        matter = possible & ~sure[:, self.bit]
        unknown = (matter @ self.uses)[:, :-1] > 0
        return Verdict(sure, may, unknown & (signs == 0))

    def labels(self, signs: Signs) -> NDArray[np.bool_]:
        """``signs (B, K)``, all of them known that matter -> bits ``(B, bits)``."""
        return self(signs).certain

    def settled(self, signs: Signs) -> NDArray[np.bool_] | None:
        """The label by ``signs (K,)``, 0 where on a border; None where what holds is another on its two sides."""
        unknown = np.nonzero(self(signs[np.newaxis]).open[0])[0]
        if len(unknown) > MOST_OPEN:
            return None
        labels = self.table(signs, unknown, 0).labels
        return None if labels is None else np.array(labels[0])

    def table(self, signs: Signs, unknown: NDArray[np.int64], most: int) -> Table:
        """Labels by the signs of the ``unknown`` factors, those of all others ``signs (K,)``; of at most ``most`` margins.

        One bit of a long whole number for each way the unknown signs may be: a condition is decided for all at once.
        """
        count = len(unknown)
        every = (1 << 2**count) - 1
        patterns = positive_bits(count)
        positive: dict[int, int] = {
            place: every if sign > 0 else 0 for place, sign in enumerate(signs.tolist()) if sign
        }
        positive.update(zip(unknown.tolist(), patterns, strict=True))
        known: dict[int, int] = {}
        bits = [0] * self.bits
        for bit, needs in self.clauses:
            if bits[bit] == every:
                continue
            met = every
            for number in needs:
                if number not in known:
                    known[number] = self.met(number, positive, every)
                met &= known[number]
                if not met:
                    break
            bits[bit] |= met
        steps = [1 << (count - 1 - place) for place in range(count)]
        kept = [
            place
            for place, step in enumerate(steps)
            if any((bit ^ (bit >> step)) & (every ^ patterns[place]) for bit in bits)
        ]
        margins = tuple(int(unknown[place]) for place in kept)
        if len(kept) > most:
            return Table(margins, None)
        ways = (
            sum(steps[place] for place, chosen in zip(kept, way, strict=True) if chosen)
            for way in product((0, 1), repeat=len(kept))
        )
        return Table(margins, tuple(tuple(bool(bit >> way & 1) for bit in bits) for way in ways))

    def met(self, number: int, positive: dict[int, int], every: int) -> int:
        """Where a condition is met; nowhere if a sign that it needs is not known, since then it does not matter."""
        sign, odd = self.conditions[number]
        result = every if sign > 0 else 0
        for factor in odd:
            if factor not in positive:
                return 0
            result ^= every ^ positive[factor]
        return result


@lru_cache(maxsize=16)
def positive_bits(count: int) -> tuple[int, ...]:
    """For each of some unknown signs the places of a table at which it is positive, as bits."""
    result = []
    for place in range(count):
        run = 1 << (count - 1 - place)
        block = ((1 << run) - 1) << run
        result.append(sum(block << start for start in range(0, 2**count, 2 * run)))
    return tuple(result)
