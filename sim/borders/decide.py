"""From signs of factors to labels, for many blocks at once, where some signs are not known.

A sign is -1 or 1, or 0 where it is not known.  Labels are words of bits: one for each outcome, the highest for "somebody
mixes".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.conditions import MIXED, Conditions

__all__ = ["Decider", "Verdict"]

Signs = NDArray[np.int8]


class Verdict(NamedTuple):
    """``certain`` and ``possible (B, bits)``, and ``open (B, K)``: unknown factors that could still matter."""

    certain: NDArray[np.bool_]
    possible: NDArray[np.bool_]
    open: NDArray[np.bool_]


class Decider:
    """The conditions of a game, laid out as arrays once."""

    def __init__(self, conditions: Conditions) -> None:
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
