"""What a sender of two types gets from each signal, belief by belief, as a dataset for pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np
import xarray

from sim.forms.tree import Tree
from sim.game import Floats
from sim.game.tree_shape import CHANCE
from sim.kernels.base.tolerances import TIE
from sim.solution import Solution

__all__ = ["signal_lines"]

WANTED = "polylines are those of a sender of two types whom chance draws first and whose signal is answered"


@dataclass(frozen=True)
class Line:
    """The corners of one signal: payoffs of the two types ``(P, 2)`` and the interval of beliefs ``(P, 2)`` of each."""

    payoffs: Floats
    beliefs: Floats


@dataclass(frozen=True)
class Signals:
    """A tree seen from its sender: his agents by type, and where everybody else plays as in one equilibrium.

    Receivers' payoffs are linear in the belief, so that two cells tell all of them: the first type for certain, and
    the second.
    """

    game: Tree
    strategy: Floats
    senders: tuple[int, int]

    @classmethod
    def of(cls, game: Tree, strategy: Floats) -> Signals:
        """The view of a tree; raises ValueError where it has none."""
        shape = game.shape
        first = shape.children(0)
        senders = list(dict.fromkeys(int(h) for h in shape.agent[first]))
        drawn = int(shape.agent[0]) == CHANCE and len(senders) == 2 and min(senders) >= 0
        if not drawn or len({game.agents[h].player for h in senders}) != 1:
            raise ValueError(f"{WANTED}; in this tree there is none")
        if game.agents[senders[0]].actions != game.agents[senders[1]].actions:
            raise ValueError(f"{WANTED}; here the types differ in what they can do")
        return cls(game, strategy, (senders[0], senders[1]))

    def certain(self) -> Tree:
        """Two cells: chance draws the first type for certain, or the second."""
        shape = self.game.shape
        lots = np.repeat(self.game.chance[:1], 2, axis=0)
        first = shape.children(0)
        for t, h in enumerate(self.senders):
            own = shape.edge[first][shape.agent[first] == h]
            share = lots[t, own].sum()
            if not share > 0:
                raise ValueError(f"{WANTED}; {self.game.agents[h].label} is never drawn here")
            lots[t, shape.edge[first]], lots[t, own] = 0.0, self.game.chance[0, own] / share
        return Tree(
            np.repeat(self.game.payoffs[:1], 2, axis=0), self.game.players, shape, lots, self.game.outcomes
        )

    def answerers(self, signal: int) -> list[int]:
        """The agents that move right after a signal."""
        shape = self.game.shape
        members = [v for h in self.senders for v in shape.members(h)]
        after = [int(shape.agent[shape.children(v)[signal]]) for v in members]
        return sorted({h for h in after if h >= 0 and h not in self.senders})

    def line(self, signal: int, game: Tree) -> Line:
        """The polyline of a signal: corners by belief in the second type, from 0 to 1."""
        play = np.repeat(self.strategy[np.newaxis], 2, axis=0)
        for h in self.senders:
            play[:, h] = 0.0
            play[:, h, signal] = 1.0
        answering = self.answerers(signal)
        worth = game.deviations(play)[:, answering]
        pieces = [envelope(worth[:, q, : len(game.agents[h].actions)]) for q, h in enumerate(answering)]
        cuts = sorted(
            {0.0, 1.0}.union(*({at for _, low, high in own for at in (low, high)} for own in pieces))
        )
        spans = list(pairwise(cuts))
        ties = [any(low == high == end for own in pieces for _, low, high in own) for end in (0.0, 1.0)]
        spans = [(0.0, 0.0)] * ties[0] + spans + [(1.0, 1.0)] * ties[1]
        corners = []
        for low, high in spans:
            for h, own in zip(answering, pieces, strict=True):
                fitting = [r for r, a, b in own if a <= low and high <= b and (low < high or a == b)]
                middle = [r for r, a, b in own if a <= (low + high) / 2 <= b]
                play[:, h] = 0.0
                play[:, h, (fitting or middle)[0]] = 1.0
            gets = game.deviations(play)
            corners.append([gets[t, h, signal] for t, h in enumerate(self.senders)])
        return Line(np.array(corners), np.array(spans))

    def values(self, strategy: Floats, game: Tree) -> Floats:
        """What the two types get in an equilibrium, ``(2,)``."""
        play = np.repeat(strategy[np.newaxis], 2, axis=0)
        gets = game.deviations(play)
        return np.array([np.nansum(gets[t, h] * strategy[h]) for t, h in enumerate(self.senders)])


def envelope(worth: Floats) -> list[tuple[int, float, float]]:
    """The replies that are best somewhere, with the beliefs from which to which: ``worth (2, R)`` at 0 and at 1.

    Replies that are best only at certainty, tied with another, have an interval of no length.
    """
    scale = TIE * max(1.0, float(np.abs(worth).max()))
    slope = worth[1] - worth[0]
    at, found = 0.0, []
    best = max(range(worth.shape[1]), key=lambda r: (round(worth[0, r] / scale), slope[r]))
    found += [
        (r, 0.0, 0.0)
        for r in range(worth.shape[1])
        if r != best and worth[0, best] - worth[0, r] <= scale and slope[best] - slope[r] > scale
    ]
    while True:
        gap = worth[0, best] - worth[0] + at * (slope[best] - slope)
        steeper = [r for r in range(worth.shape[1]) if slope[r] - slope[best] > scale]
        crossing = {r: at + max(gap[r], 0.0) / (slope[r] - slope[best]) for r in steeper}
        following = min(crossing, key=lambda r: (crossing[r], -slope[r]), default=-1)
        if following < 0 or crossing[following] >= 1 - TIE:
            break
        found.append((best, at, crossing[following]))
        best, at = following, crossing[following]
    found.append((best, at, 1.0))
    found += [(r, 1.0, 1.0) for r in steeper if worth[1, r] >= worth[1, best] - scale]
    return found


def signal_lines(solution: Solution, attrs: Mapping[str, str], number: int = 0) -> xarray.Dataset:
    """Polylines of the first cell of a signalling game with two types, and the payoffs of all its equilibria.

    ``gain (corner, type)``: what the types get from the ``signal (corner)`` while the belief in the second type is from
    ``belief_low`` to ``belief_high (corner)``; ``value (equilibrium, type)``; ``sent (equilibrium)`` the signals sent.
    Whoever moves later plays as in equilibrium ``number``.

    Raises ValueError for games that are no such thing.
    """
    if ".efg" not in solution.game.exports:
        raise ValueError(f"{WANTED}; this is a {solution.game.form} game")
    game = cast("Tree", solution.game).take([0])
    view = Signals.of(game, solution.strategy[0, number])
    sure = view.certain()
    actions = game.agents[view.senders[0]].actions
    lines = [view.line(m, sure) for m in range(len(actions))]
    strategies = solution.strategy[0, : int(solution.count[0])]
    sent = [
        ", ".join(actions[m] for m in range(len(actions)) if own[list(view.senders), m].max() > TIE)
        for own in strategies
    ]
    beliefs = np.concatenate([line.beliefs for line in lines])
    variables = {
        "gain": (("corner", "type"), np.concatenate([line.payoffs for line in lines])),
        "signal": ("corner", [name for name, line in zip(actions, lines, strict=True) for _ in line.beliefs]),
        "belief_low": ("corner", beliefs[:, 0]),
        "belief_high": ("corner", beliefs[:, 1]),
        "value": (("equilibrium", "type"), np.array([view.values(own, sure) for own in strategies])),
        "sent": ("equilibrium", sent),
    }
    coords = {
        "type": [game.agents[h].label for h in view.senders],
        "equilibrium": np.arange(1, len(strategies) + 1),
    }
    return xarray.Dataset(variables, coords, dict(attrs))
