"""Equilibria in which play is pure where it comes, and one agent to whom it does not come mixes two last actions.

Such an agent is indifferent for some of the beliefs that he may have, and how he mixes is bounded by what others would
gain by going there: an interval, of which the ends are given.  Its pure ends are pure equilibria.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.game.tree_shape import CHANCE
from sim.kernels.base.tolerances import TIE
from sim.solvers.methods.gathering import Gathered
from sim.solvers.methods.supporting_beliefs import along_paths, gains, linked_sets, polytope, supported

__all__ = ["mixed_threats"]


def mixed_threats(game: Tree, cells: Integers, folded: Integers) -> Iterator[Gathered]:
    """All of them in cells with these agents folded, in which the same ways of chance are open."""
    shape, agents = game.shape, np.flatnonzero(folded < 0)
    last = np.array([lasting(game, int(h)) for h in range(len(shape.agents))])
    action = np.maximum(folded, 0)
    chosen = game.take(cells)
    for own in product(*(range(int(shape.sizes[h])) for h in agents)):
        action[agents] = own
        _, trembles = along_paths(shape, chosen.chance[:1], action)
        for h in agents:
            reached = any(not trembles[d] for d in range(shape.first[h], shape.first[h + 1]))
            for other in range(action[h] + 1, shape.sizes[h]):
                if not reached and last[h, action[h]] and last[h, other]:
                    yield from threat(chosen, cells, action.copy(), int(h), other)


def lasting(game: Tree, agent: int) -> list[bool]:
    """Which actions of an agent nobody decides after, as far as there are so many."""
    shape, result = game.shape, [False] * game.mask.shape[1]
    for a in range(int(shape.sizes[agent])):
        ahead = [int(shape.child[d, a]) for d in range(shape.first[agent], shape.first[agent + 1])]
        result[a] = True
        while ahead and result[a]:
            node = ahead.pop()
            result[a] = int(shape.agent[node]) < 0
            ahead += shape.children(node).tolist() if int(shape.agent[node]) == CHANCE else []
    return result


def threat(game: Tree, cells: Integers, action: Integers, agent: int, other: int) -> Iterator[Gathered]:
    """The ends of mixing between what an agent does in pure play and another action, where they are not pure."""
    shape, second = game.shape, action.copy()
    second[agent] = other
    likely, trembles = along_paths(shape, game.chance, action)
    values = [game.node_values(pure(game, each)) for each in (action, second)]
    low, high = np.zeros(len(cells)), np.ones(len(cells))
    good = np.ones(len(cells), np.bool_)
    parts = []
    for key, own in linked_sets(shape, game.chance, trembles).items():
        first, last = (
            np.concatenate([gains(game, game.scale, value, likely, one, action) for one in own], axis=1)
            for value in values
        )
        if any(one.agent == agent for one in own):
            mixing = next(one for one in own if one.agent == agent)
            indifferent = -gains(game, game.scale, values[0], likely, mixing, action)[:, [other - 1]]
            good &= (np.abs(indifferent) > TIE).any(
                axis=(1, 2)
            )  # where it ties whatever he believes, all is linked
            first, last = (np.concatenate([rows, indifferent], axis=1) for rows in (first, last))
        if len(key) == 1:
            bounds(first[..., 0], last[..., 0], low, high)
            parts.append((own, np.ones((len(cells), 1, 1))))
            continue
        good &= (np.abs(first - last) <= TIE).all(
            axis=(1, 2)
        )  # else what may be believed depends on the mixture
        parts.append((own, polytope(first, len(key))))
    support = supported(shape, np.arange(len(cells)), parts, likely)
    if support is None:
        return
    for end in (low, high):
        inner = good & (low <= high) & (end > TIE) & (end < 1 - TIE)
        chosen = inner[support.cells]
        at = support.cells[chosen]
        if at.size:
            strategy = pure(game.take(at), action)
            strategy[:, agent, action[agent]], strategy[:, agent, other] = 1 - end[at], end[at]
            corners = None if support.corners is None else support.corners[chosen]
            yield Gathered(
                cells[at],
                strategy,
                support.belief[chosen],
                support.low[chosen],
                support.high[chosen],
                corners,
            )


def bounds(first: Floats, last: Floats, low: Floats, high: Floats) -> None:
    """Narrow the mixtures ``low (E,)`` to ``high`` to those at which nobody gains, ``(E, R)`` at either end of mixing."""
    slope = last - first
    with np.errstate(divide="ignore", invalid="ignore"):
        cut = -first / slope
    up, down = slope > TIE, slope < -TIE
    np.minimum(high, np.where(up, cut, 1.0).min(axis=1, initial=1.0), out=high)
    np.maximum(low, np.where(down, cut, 0.0).max(axis=1, initial=0.0), out=low)
    high[((first > TIE) & ~down).any(axis=1)] = -1.0


def pure(game: Tree, action: Integers) -> Floats:
    """Pure play ``action (H,)`` in all cells."""
    result = np.zeros((game.cells, *game.mask.shape))
    result[:, np.arange(len(action)), action] = 1.0
    return result
