"""Actions that are best whatever others do: part of every sequential equilibrium, and of no belief's concern."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import TIE
from sim.kernels.base.tree_passes import CHANCE, END

__all__ = ["fold"]


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
    count, agents = len(parent), len(owner)
    most = 1
    for v in range(count):
        if parent[v] >= 0 and agent[parent[v]] >= 0:
            most = max(most, edge[v] + 1)
    low, high = np.empty((players, count)), np.empty((players, count))
    child = np.full((count, most), -1)
    for v in range(count):
        if parent[v] >= 0 and agent[parent[v]] >= 0:
            child[parent[v], edge[v]] = v
    for c in range(cells):
        folded[c] = -1
        changed = True
        while changed:
            bounds(parent, edge, agent, payoffs[c], chance[c], folded[c], low, high)
            changed = False
            for h in range(agents):
                if folded[c, h] >= 0:
                    continue
                a = best_everywhere(agent, child, h, low[owner[h]], high[owner[h]], TIE * scale[c, owner[h]])
                if a >= 0:
                    folded[c, h] = a
                    changed = True
    return 0


@kernel()
def bounds(
    parent: Array,
    edge: Array,
    agent: Array,
    payoffs: Array,
    chance: Array,
    folded: Array,
    low: Array,
    high: Array,
) -> None:
    """What each node can be worth to each player, ``low, high (n, N)``, when folded agents do what they do."""
    players, count = low.shape
    for i in range(players):
        end = payoffs.shape[1]
        for v in range(count):
            low[i, v] = 0.0 if agent[v] == CHANCE else np.inf
            high[i, v] = 0.0 if agent[v] == CHANCE else -np.inf
        for v in range(count - 1, -1, -1):
            if agent[v] == END:
                end -= 1
                low[i, v] = high[i, v] = payoffs[i, end]
            above = parent[v]
            if above < 0:
                continue
            if agent[above] == CHANCE:
                low[i, above] += chance[edge[v]] * low[i, v]
                high[i, above] += chance[edge[v]] * high[i, v]
            elif folded[agent[above]] < 0 or folded[agent[above]] == edge[v]:
                low[i, above] = min(low[i, above], low[i, v])
                high[i, above] = max(high[i, above], high[i, v])


@kernel()
def best_everywhere(agent: Array, child: Array, h: int, low: Array, high: Array, room: float) -> int:
    """The action of agent h that is better by more than ``room`` than each other at every node; -1 if none is."""
    most = child.shape[1]
    for a in range(most):
        good = True
        for v in range(len(agent)):
            if agent[v] != h:
                continue
            if child[v, a] < 0:
                return -1
            for b in range(most):
                if b != a and child[v, b] >= 0 and not low[child[v, a]] > high[child[v, b]] + room:
                    good = False
            if not good:
                break
        if good:
            return a
    return -1
