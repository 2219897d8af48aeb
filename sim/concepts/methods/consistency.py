"""Consistency of beliefs with play, decided exactly: whether they are the limit of beliefs under trembles.

Give each action that is not played an order of smallness, a number of at least 1, and a weight.  Along a path orders
add up and weights multiply.  Beliefs are a limit if and only if there are orders with which, at each information set,
the believed nodes have the same, least sum, and weights with which their odds come out (Kreps and Wilson 1982;
Streufert 2012).  Which orders there are depends only on what is played and believed at all, a pattern of zeros; odds
are then tested for all claims of a pattern at once: logarithms of odds lie in the image of a linear map.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.game import Floats, Integers
from sim.game.tree_shape import CHANCE, Shape
from sim.kernels.base.tolerances import SINGULAR, ZERO

__all__ = ["inconsistency"]

Pattern = tuple[bytes, bytes, bytes]
WORD = 8  # bytes of a pattern that are compared at once


def inconsistency(
    shape: Shape, chance: Floats, claims: tuple[Integers, Integers], strategy: Floats, belief: Floats
) -> Floats:
    """How far beliefs are from those that some trembles give, ``(E,)``: infinite where no orders do.

    ``chance (C, ways), strategy (C, K, H, A), belief (C, K, D)``, and ``claims``, the cell and place of each answer.
    Where odds alone are wrong it is by how much the logarithms miss, for the believed node that counts least, as a
    probability.  What chance never brings counts as a tremble of chance, smaller than all others.
    """
    cell, place = claims
    result = np.full(len(cell), np.inf)
    sound: NDArray[np.bool_] = ~np.asarray(np.isnan(belief).any(axis=2))[claims]
    if shape.singletons or not sound.any():
        result[sound] = 0.0
        return result
    drawn, played, believed = chance > 0, (strategy > 0)[claims], (belief > 0)[claims]
    patterns = np.concatenate([drawn[cell], played.reshape(len(played), -1), believed], axis=1)
    for own in alike(np.packbits(patterns, axis=1), np.flatnonzero(sound)):
        one = own[0]
        pattern = (drawn[cell[one]].tobytes(), played[one].tobytes(), believed[one].tobytes())
        odds = trembling(shape, pattern)
        some = (cell[own], place[own])
        result[own] = np.inf if odds is None else odds.lacking(chance[some[0]], some, strategy, belief)
    return result


def alike(bits: NDArray[np.uint8], rows: Integers) -> list[Integers]:
    """The rows of ``bits (E, bytes)`` that are the same, of those asked for, as lists of positions."""
    kind = np.zeros(len(rows), np.int64)
    for first in range(0, bits.shape[1], WORD):
        word = np.zeros((len(rows), WORD), np.uint8)
        some = bits[rows, first : first + WORD]
        word[:, : some.shape[1]] = some
        _, number = np.unique(word.view(np.uint64).ravel(), return_inverse=True)
        _, kind = np.unique(kind * (int(number.max()) + 1) + number, return_inverse=True)
    order = np.argsort(kind, kind="stable")
    return np.split(rows[order], np.flatnonzero(np.diff(kind[order])) + 1)


class Odds:
    """Which odds trembles can give, for one pattern of zeros.

    Each pair of believed nodes of a set gives an equation: the logarithm of their odds, without what is known of
    the ways to them, is a sum of what is wanted of the trembles.  A mixture ``left (rows, equations)`` of equations in
    which the trembles cancel has to hold by itself.
    """

    def __init__(
        self, shape: Shape, pairs: list[tuple[int, int]], left: Floats, ways: NDArray[np.bool_]
    ) -> None:
        count: dict[tuple[int, int], Floats] = {}
        believed = np.zeros((len(left), len(shape.decisions)))
        for row, weights in enumerate(left):
            for weight, pair in zip(weights, pairs, strict=True):
                for d, sign in zip(pair, (weight, -weight), strict=True):
                    believed[row, d] += sign
                    v = int(shape.decisions[d])
                    while shape.parent[v] >= 0:
                        above = int(shape.parent[v])
                        if ways[v]:
                            known = (int(shape.agent[above]), int(shape.edge[v]))
                            count.setdefault(known, np.zeros(len(left)))[row] -= sign
                        v = above
        self.rows = len(left)
        self.pairs = np.unique(np.array(pairs, dtype=np.int64))
        self.nodes = np.flatnonzero(np.abs(believed).max(axis=0, initial=0.0) > SINGULAR)
        self.weights = believed[:, self.nodes].T
        self.known = {way: rows for way, rows in count.items() if np.abs(rows).max() > SINGULAR}

    def lacking(
        self, chance: Floats, claims: tuple[Integers, Integers], strategy: Floats, belief: Floats
    ) -> Floats:
        """By how much the odds miss, ``(E,)``: ``chance (E, ways)``, and of all claims strategy and belief."""
        cell, place = claims
        if not self.rows:
            return np.zeros(len(cell))
        miss = np.log(belief[cell[:, np.newaxis], place[:, np.newaxis], self.nodes]) @ self.weights
        for (h, way), rows in self.known.items():
            share = chance[:, way] if h == CHANCE else strategy[cell, place, h, way]
            miss += np.log(share)[:, np.newaxis] * rows
        least = belief[cell[:, np.newaxis], place[:, np.newaxis], self.pairs].min(axis=1)
        result: Floats = np.where(np.abs(miss) < ZERO, 0.0, np.abs(miss)).max(axis=1) * least
        return result


@lru_cache(maxsize=1024)
def trembling(shape: Shape, pattern: Pattern) -> Odds | None:
    """What trembles can do for a pattern of zeros; None where no orders of smallness agree with it.

    The pattern says which ways chance has, which actions are played, and which nodes are believed possible.
    """
    from scipy.linalg import null_space

    drawn = np.frombuffer(pattern[0], np.bool_)
    played = np.frombuffer(pattern[1], np.bool_).reshape(len(shape.agents), -1)
    believed = np.frombuffer(pattern[2], np.bool_)
    nodes = len(shape.parent)
    columns: dict[tuple[int, int], int] = {}
    ways, never = np.ones(nodes, np.bool_), np.zeros(nodes, np.int64)
    steps = np.zeros((nodes, 0))
    path: list[list[int]] = [[]]
    for v in range(1, nodes):
        above = int(shape.parent[v])
        h, way = int(shape.agent[above]), int(shape.edge[v])
        ways[v] = drawn[way] if h == CHANCE else played[h, way]
        never[v] = never[above] + (h == CHANCE and not ways[v])
        path.append(path[above] if ways[v] else [*path[above], columns.setdefault((h, way), len(columns))])
    steps = np.zeros((nodes, len(columns)))
    for v, own in enumerate(path):
        np.add.at(steps[v], own, 1.0)
    free = np.array([h == CHANCE for h, _ in columns], dtype=bool)  # of chance only the weight is in question
    equal: list[Floats] = []
    above_least: list[Floats] = []
    pairs: list[tuple[int, int]] = []
    for h in range(len(shape.agents)):
        members = list(range(int(shape.first[h]), int(shape.first[h + 1])))
        if len(members) == 1:
            continue
        fewest = min(never[shape.decisions[d]] for d in members)
        kept = [d for d in members if believed[d]]
        if not kept or any(never[shape.decisions[d]] > fewest for d in kept):
            return None
        base = steps[shape.decisions[kept[0]]]
        for d in members:
            row = steps[shape.decisions[d]] - base
            if believed[d] and d != kept[0]:
                equal.append(row)
                pairs.append((d, kept[0]))
            elif not believed[d] and never[shape.decisions[d]] == fewest:
                above_least.append(row)
    image = np.array(equal).reshape(len(equal), len(columns))
    if not orders_exist(image, np.array(above_least).reshape(len(above_least), len(columns)), free):
        return None
    left = null_space(image.T, rcond=SINGULAR).T if len(image) and image.shape[1] else np.eye(len(image))
    return Odds(shape, pairs, left, ways)


def orders_exist(equal: Floats, larger: Floats, free: NDArray[np.bool_]) -> bool:
    """Whether there are orders of at least 1 with equal sums in the rows ``equal`` and larger ones in ``larger``.

    Columns that are ``free`` have order 0: what chance never brings counts before all else.
    """
    from scipy.optimize import linprog

    order = np.where(free, 0.0, 1.0)
    if not len(larger) and not (equal @ order).any():
        return True
    if not equal.shape[1]:
        return not len(larger)
    found = linprog(
        np.ones(equal.shape[1]),
        A_ub=-larger if len(larger) else None,
        b_ub=-np.ones(len(larger)) if len(larger) else None,
        A_eq=equal if len(equal) else None,
        b_eq=np.zeros(len(equal)) if len(equal) else None,
        bounds=[(0.0, 0.0) if own else (1.0, None) for own in free],
    )
    return bool(found.status == 0)
