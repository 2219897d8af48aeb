"""Actions that are best whatever others do: part of every sequential equilibrium, and of no belief's concern.

Cells stand side by side: what is done at a node is done for ``WIDE`` of them, one instruction for several.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import TIE
from sim.kernels.base.tree_passes import CHANCE, END

__all__ = ["fold"]

WIDE = 32


@kernel()
def fold(
    nodes: tuple[Array, Array, Array],
    payoffs: Array,
    chance: Array,
    owner: Array,
    scale: Array,
    folded: Array,
) -> int:
    """Agents with an action that beats each other one at every node of their set, whatever is played after it.

    ``nodes`` are ``parent, edge, agent (N,)``; ``payoffs (C, n, Z)``, ``chance (C, E)``, ``owner (H,)``, ``scale
    (C, n)``.  What later agents may do bounds what a node can be worth; those that are folded do one thing, so that
    it is repeated until nothing changes.  Written: ``folded (C, H)``, the action, or -1.  Returns 0.
    """
    parent, edge, agent = nodes
    cells, players, _ = payoffs.shape
    count, agents, wide = len(parent), len(owner), min(WIDE, max(cells, 1))
    most = 1
    for v in range(count):
        if parent[v] >= 0 and agent[parent[v]] >= 0:
            most = max(most, edge[v] + 1)
    child = np.full((count, most), -1)
    for v in range(count):
        if parent[v] >= 0 and agent[parent[v]] >= 0:
            child[parent[v], edge[v]] = v
    low, high = np.empty((2, players, count, wide))
    lots = np.empty((chance.shape[1], wide))
    does, room, good = np.empty((agents, wide), np.int64), np.empty(wide), np.empty(wide, np.bool_)
    for first in range(0, cells, wide):
        last = min(first + wide, cells)
        does[:] = -1
        changed = True
        for way in range(chance.shape[1]):
            for c in range(first, last):
                lots[way, c - first] = chance[c, way]
        for i in range(players):
            at_ends(agent, payoffs, i, (first, last), low[i], high[i])
        while changed:
            for i in range(players):
                bounds(nodes, lots, does, low[i], high[i])
            changed = False
            for h in range(agents):
                for w in range(last - first):
                    room[w] = TIE * scale[first + w, owner[h]]
                own = np.flatnonzero(agent == h)
                if find_best(own, child, low[owner[h]], high[owner[h]], room, good, does[h, : last - first]):
                    changed = True
        for c in range(first, last):
            for h in range(agents):
                folded[c, h] = does[h, c - first]
    return 0


@kernel(borrows=True)
def at_ends(agent: Array, payoffs: Array, i: int, span: tuple[int, int], low: Array, high: Array) -> None:
    """What ends are worth to player i, ``low, high (N, W)``."""
    end = 0
    for v in range(len(agent)):
        if agent[v] == END:
            for c in range(span[0], span[1]):
                low[v, c - span[0]] = payoffs[c, i, end]
                high[v, c - span[0]] = payoffs[c, i, end]
            end += 1


@kernel(borrows=True)
def bounds(nodes: tuple[Array, Array, Array], lots: Array, does: Array, low: Array, high: Array) -> None:
    """What each node can be worth to a player, ``low, high (N, W)``, when folded agents do what they do, ``does (H, W)``.

    ``lots (E, W)`` are the chances of the ways of chance.
    """
    parent, edge, agent = nodes
    wide = low.shape[1]
    for v in range(len(parent)):
        if agent[v] != END:
            for w in range(wide):
                low[v, w] = 0.0 if agent[v] == CHANCE else np.inf
                high[v, w] = 0.0 if agent[v] == CHANCE else -np.inf
    for v in range(len(parent) - 1, 0, -1):
        above, way, h = parent[v], edge[v], agent[parent[v]]
        if h == CHANCE:
            for w in range(wide):
                low[above, w] += lots[way, w] * low[v, w]
                high[above, w] += lots[way, w] * high[v, w]
        else:
            for w in range(wide):
                if does[h, w] < 0 or does[h, w] == way:
                    low[above, w] = min(low[above, w], low[v, w])
                    high[above, w] = max(high[above, w], high[v, w])


@kernel(borrows=True)
def find_best(
    members: Array, child: Array, low: Array, high: Array, room: Array, good: Array, does: Array
) -> bool:
    """Write to ``does (W,)`` the action that is better by more than ``room (W,)`` at all ``members`` of a set, if any is.

    Whether that is new in some cell.
    """
    most, found, left = child.shape[1], False, 0
    for w in range(len(does)):
        left += does[w] < 0
    for a in range(most):
        if left == 0 or child[members[0], a] < 0:
            break
        for w in range(len(does)):
            good[w] = does[w] < 0
        hopes = left
        for v in members:
            for b in range(most):
                other = child[v, b]
                if hopes == 0 or b == a or other < 0:
                    continue
                hopes = 0
                for w in range(len(does)):
                    good[w] &= low[child[v, a], w] > high[other, w] + room[w]
                    hopes += good[w]
        for w in range(len(does)):
            if good[w]:
                does[w], found, left = a, True, left - 1
    return found
