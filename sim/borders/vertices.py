"""Which strategies make replies equally good, as polynomials: the vertices of the best-reply polyhedra.

A strategy on the actions S that makes the replies T equally good has, by Cramer's rule, weights in proportion to
minors of the opponent's payoffs; how far another reply falls short of T is a minor one larger (the theory is told in
``sim.kernels.bimatrix.support_enumeration``, which looks at the signs of the same minors as numbers).
Source: Mangasarian (1964), Equilibrium points of bimatrix games.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from sim.borders.factoring import Algebra, Product

__all__ = ["Vertex", "vertices"]

Places = tuple[int, ...]


class Vertex(NamedTuple):
    """One strategy: where its conditions hold it is one, and exactly ``tight`` are best replies to it.

    ``support`` are the actions played, ``weights`` their shares as polynomials, all of one sign, that of
    ``orientation``; ``conditions`` are the signs, relative to it, that must not be negative.
    """

    support: Places
    tight: frozenset[int]
    weights: tuple[Any, ...]
    orientation: Product
    conditions: frozenset[Product]


class Minors:
    """Determinants of ``gain[S, U]`` under a row of ones, ``len(U) == len(S) + 1``, each worked out once."""

    def __init__(self, gain: Sequence[Sequence[Any]], algebra: Algebra) -> None:
        self.gain = gain
        self.algebra = algebra
        self.known: dict[tuple[Places, Places], Any] = {}

    def __call__(self, rows: Places, columns: Places) -> Any:
        """By expansion along the last row."""
        if not rows:
            return self.algebra.number(1)
        found = self.known.get((rows, columns))
        if found is None:
            found = self.algebra.number(0)
            for p, column in enumerate(columns):
                entry = self.gain[rows[-1]][column]
                term = entry * self(rows[:-1], columns[:p] + columns[p + 1 :])
                found = found + term if (len(rows) + p) % 2 == 0 else found - term
            self.known[rows, columns] = found
        return found


def vertices(gain: Sequence[Sequence[Any]], algebra: Algebra, largest: int) -> Iterator[Vertex]:
    """Every strategy that some set of replies fixes, of at most ``largest`` actions.

    ``gain[own action][reply]`` are the opponent's payoffs as polynomials of ``algebra``.
    """
    own, other = len(gain), len(gain[0])
    minor = Minors(gain, algebra)
    seen = set()
    for size in range(1, min(own, other, largest) + 1):
        for support in combinations(range(own), size):
            for replies in combinations(range(other), size):
                found = vertex(support, replies, minor, algebra, other)
                if found is not None and (key := (found.support, found.tight, found.conditions)) not in seen:
                    seen.add(key)
                    yield found


def vertex(support: Places, replies: Places, minor: Minors, algebra: Algebra, other: int) -> Vertex | None:
    """The strategy on ``support`` that makes ``replies`` equally good; None where nothing fixes it."""
    weights = {
        action: minor(support[:p] + support[p + 1 :], replies) * (-1) ** p for p, action in enumerate(support)
    }
    signs = {action: algebra.product(weight) for action, weight in weights.items()}
    played = tuple(action for action in support if signs[action].sign)
    if not played:
        return None
    first = signs[played[0]]
    conditions, tight = set(), set(replies)
    for action in played[1:]:
        conditions.add(signs[action].times(first))
    for reply in range(other):
        if reply not in replies:
            whole = tuple(sorted((*replies, reply)))
            short = algebra.product(minor(support, whole) * (-1) ** whole.index(reply))
            if short.sign:
                conditions.add(short.times(first))
            else:
                tight.add(reply)
    return Vertex(played, frozenset(tight), tuple(weights[a] for a in played), first, frozenset(conditions))
