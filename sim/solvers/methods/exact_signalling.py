"""Signalling games in fractions: the numbers of a view as they were written, and back to its tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Status
from sim.forms.tree import exact_reach
from sim.game.tree_shape import CHANCE
from sim.solvers.methods.assessments import Equilibria, seeing_signals
from sim.solvers.methods.exact_beliefs import node_values
from sim.solvers.methods.exact_faces import exact_faces
from sim.solvers.methods.exact_polylines import TooManyCornersError, exact_polylines
from sim.solvers.methods.signalling import Signalling

__all__ = ["InFractions", "exact_equilibria"]

NEVER_DRAWN = 1_000_000  # order of what chance never brings, beyond all that players can do by mistake


@dataclass(frozen=True, eq=False)
class InFractions:
    """Equilibria of a view as floats, and as fractions ``strategy (N, H, A)``, ``beliefs (N, 3, D)``: one, least, most."""

    found: Equilibria
    strategy: NDArray[Any]
    beliefs: NDArray[Any]


@dataclass(frozen=True)
class Listed:
    """An equilibrium of a view: ``plan (T, M)``, ``reply (M, Q, R)``, one belief and all corners of beliefs at signals."""

    plan: Sequence[Sequence[Fraction]]
    reply: Sequence[Sequence[Sequence[Fraction]]]
    believed: Sequence[Sequence[Fraction]]
    corners: Sequence[Sequence[Sequence[Fraction]]]
    component: int


def of_two_types(one: Rational) -> tuple[list[Listed], bool]:
    """All equilibria, continua by their ends; at signals that nobody sends beliefs are as near to the prior as may be."""
    result = []
    for own in exact_polylines(one.numbers, one.view.replies):
        near = [min(max(one.prior[1], low), high) for low, high in own.beliefs]
        ends = [[(1 - end, end) for end in dict.fromkeys(pair)] for pair in own.beliefs]
        result.append(Listed(own.plan, own.reply, [(1 - x, x) for x in near], ends, own.component))
    return result, True


def of_more_types(one: Rational) -> tuple[list[Listed], bool]:
    """All isolated equilibria, and whether there is nothing else; one belief is the middle of the corners."""
    found, complete = exact_faces(one.numbers, one.view.replies)
    result = []
    for k, own in enumerate(found):
        middle = [
            [sum(shares, Fraction(0)) / len(shares) for shares in zip(*corners, strict=True)]
            for corners in own.beliefs
        ]
        result.append(Listed(own.plan, own.reply, middle, own.beliefs, k))
    return result, complete


def exact_equilibria(view: Signalling) -> InFractions:
    """All equilibria of a view, of more than two types all isolated ones, cell by cell, in fractions."""
    game, cells, types = view.game, view.game.cells, view.prior.shape[1]
    status = np.where(game.finite, Status.ok, Status.nonfinite).astype(np.int8)
    count, (linked, complete) = np.zeros(cells, np.int64), np.zeros((2, cells), np.bool_)
    listed: list[Listed] = []
    strategies, beliefs = [], []
    for e in np.flatnonzero(game.finite).tolist():
        one = Rational(view, e)
        try:
            own, complete[e] = (of_two_types if types == 2 else of_more_types)(one)
        except TooManyCornersError:
            status[e] = Status.max_steps
            continue
        count[e], linked[e] = len(own), len({each.component for each in own}) < len(own)
        if not own:
            status[e] = Status.not_found
        listed += own
        for each in own:
            strategies.append(one.strategy(each))
            beliefs.append(one.beliefs(each, strategies[-1]))
    signals, kinds = view.replies.shape
    most, decisions = view.sender.shape[4], len(game.shape.decisions)
    wide = max((len(corners) for each in listed for corners in each.corners), default=1)
    corners = np.full((len(listed), signals, max(wide, 2), types), np.nan)
    for n, each in enumerate(listed):
        for m, ends in enumerate(each.corners):
            corners[n, m, : len(ends)] = np.array(ends, dtype=float)
    found = Equilibria(
        count,
        np.array([each.plan for each in listed], dtype=float).reshape(-1, types, signals),
        np.array([each.reply for each in listed], dtype=float).reshape(-1, signals, kinds, most),
        corners,
        np.array([each.component for each in listed], dtype=np.int64),
        status,
        complete & (status == Status.ok),
        linked,
    )
    shape = (len(listed), *game.mask.shape)
    return InFractions(
        found,
        np.array(strategies, dtype=object).reshape(shape),
        np.array(beliefs, dtype=object).reshape(len(listed), 3, decisions),
    )


class Rational:
    """One cell of a view in fractions: its numbers, and play and beliefs in its tree."""

    def __init__(self, view: Signalling, cell: int) -> None:
        self.view, self.cell = view, cell
        game, here = view.game, np.array([cell])
        self.chance = game.rational_chance(here)[0]
        action = np.maximum(view.folded, 0)
        play = self.settled()
        play[np.arange(len(action)), action] = Fraction(1)
        values = node_values(game, game.rational(here)[0], self.chance, action)
        likely = exact_reach(game, cell, play)[view.walked.nodes]
        of_both = values[list(view.players)][np.newaxis]
        found = view.walked.numbers(game.shape, likely[np.newaxis], of_both, view.replies)
        self.numbers: Any = tuple(array[0] for array in found)
        self.prior = self.numbers[0]
        play = self.settled()
        play[view.senders] = Fraction(1)
        reach = exact_reach(game, cell, play)[game.shape.decisions]
        self.odds = [
            reach[d] / self.prior[t] if t >= 0 and self.prior[t] > 0 else reach[d]
            for d, t in enumerate(view.watched.tolist())
        ]

    def settled(self) -> NDArray[Any]:
        """Play of which folded agents do what they do, and others nothing yet, ``(H, A)``."""
        result = np.full(self.view.game.mask.shape, Fraction(0), dtype=object)
        for h, a in enumerate(self.view.folded.tolist()):
            if a >= 0:
                result[h, a] = Fraction(1)
        return result

    def strategy(self, found: Listed) -> NDArray[Any]:
        """Play of all agents, ``(H, A)``."""
        view, result = self.view, self.settled()
        for t, h in enumerate(view.senders.tolist()):
            result[h] = Fraction(0)
            result[h, : len(found.plan[t])] = found.plan[t]
        for m, q in np.argwhere(view.receivers >= 0).tolist():
            size = int(view.replies[m, q])
            result[view.receivers[m, q], :size] = found.reply[m][q][:size]
        return result

    def beliefs(self, found: Listed, strategy: NDArray[Any]) -> NDArray[Any]:
        """A belief, the least and the largest that support the play, ``(3, D)``."""
        view = self.view
        one = self.of_trembles(strategy, found.believed)
        result = np.array([one, one, one], dtype=object)
        for h, m, types in seeing_signals(view):
            if len(found.corners[m]) < 2:
                continue
            own = list(range(int(view.game.shape.first[h]), int(view.game.shape.first[h + 1])))
            ends = []
            for corner in found.corners[m]:
                weight = [corner[t] * self.odds[d] for d, t in zip(own, types.tolist(), strict=True)]
                if sum(weight):
                    ends.append([number / sum(weight) for number in weight])
            for d, numbers in zip(own, zip(*ends, strict=True), strict=False):
                result[1, d], result[2, d] = min(numbers), max(numbers)
        return result

    def of_trembles(self, strategy: NDArray[Any], believed: Sequence[Sequence[Fraction]]) -> list[Fraction]:
        """Beliefs as limits of trembles, types trembling in proportion to belief over prior, all others alike, ``(D,)``."""
        shape, senders = self.view.game.shape, self.view.senders.tolist()
        order, share = [0], [Fraction(1)]
        for v in range(1, len(shape.parent)):
            above, way = int(shape.parent[v]), int(shape.edge[v])
            h = int(shape.agent[above])
            small, factor = 0, Fraction(1)
            if h == CHANCE:
                small, factor = (0, self.chance[way]) if self.chance[way] > 0 else (NEVER_DRAWN, factor)
            elif strategy[h, way] > 0:
                factor = strategy[h, way]
            elif h in senders:
                t = senders.index(h)
                odds = believed[way][t] / (self.prior[t] if self.prior[t] > 0 else 1)
                small, factor = (1, odds) if odds > 0 else (2, factor)
            else:
                small = 1
            order.append(order[above] + small)
            share.append(share[above] * factor)
        result: list[Fraction] = []
        for h in range(len(shape.agents)):
            own = shape.members(h)
            least = min(order[v] for v in own)
            weight = [share[v] if order[v] == least else Fraction(0) for v in own]
            result += [number / sum(weight) for number in weight]
        return result
