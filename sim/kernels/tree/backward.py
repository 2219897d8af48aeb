"""Backward induction with ties kept: every pure subgame-perfect equilibrium of trees in which all is seen.

Decisions are gone through from the last to the first.  At each, given what follows, the actions that are as good as
the best are found; the first is taken, and when the root is done the others are gone back to, one after the other.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import SINGULAR, THIN, TIE
from sim.kernels.base.tree_passes import CHANCE, END

__all__ = ["pure_paths_back"]


@kernel()
def pure_paths_back(
    nodes: tuple[Array, Array, Array],
    owner: Array,
    payoffs: Array,
    chance: Array,
    scale: Array,
    cells: Array,
    found: tuple[Array, Array, Array, Array],
) -> int:
    """All pure subgame-perfect equilibria of the chosen ``cells (E,)``, as many as there is room for.

    ``nodes`` are ``parent, edge, agent (N,)`` in preorder, every agent with one node; ``payoffs (C, n, Z)``, ``chance
    (C, ways)``, ``scale (C, n)``.  ``found``: ``choices (E, K, H)`` the action of each agent, ``count (E,)`` up to K + 1
    where there are more, ``thin (E,)`` whether a margin is too small to be sure of in floats, ``bounds (E, 2, n)``
    the least and the most that each player gets in those that were found.  Returns 0.
    Source: Kuhn (1953).
    """
    parent, edge, agent = nodes
    choices, count, thin, bounds = found
    total, players, room = len(parent), payoffs.shape[1], choices.shape[1]
    first = np.full(total + 1, -1)  # the children of a node are a chain: first, then next
    after = np.full(total, -1)
    for v in range(total - 1, 0, -1):
        after[v] = first[parent[v]]
        first[parent[v]] = v
    value, stack = np.empty((players, total)), np.empty(total, np.int64)
    open_ = np.zeros(total, np.bool_)  # nodes with alternatives left, and what is taken now
    taken = np.zeros(total, np.int64)
    for e in range(len(cells)):
        c = cells[e]
        count[e] = 0
        thin[e] = False
        bounds[e, 0], bounds[e, 1] = np.inf, -np.inf
        depth, v, end = 0, total - 1, payoffs.shape[2]
        while True:
            # from node v on, which is new or has a new choice, up to the root
            while v >= 0:
                if agent[v] == END:
                    end -= 1
                    for i in range(players):
                        value[i, v] = payoffs[c, i, end]
                elif agent[v] == CHANCE:
                    for i in range(players):
                        value[i, v] = 0.0
                    w = first[v]
                    while w >= 0:
                        if chance[c, edge[w]] != 0.0:
                            for i in range(players):
                                value[i, v] += chance[c, edge[w]] * value[i, w]
                        w = after[w]
                else:
                    i = owner[agent[v]]
                    if not open_[v]:
                        taken[v] = first[v]
                    best, size = -np.inf, scale[c, i]
                    w = first[v]
                    while w >= 0:
                        best = max(best, value[i, w])
                        w = after[w]
                    w = first[v] if not open_[v] else after[taken[v]]
                    while w >= 0 and value[i, w] < best - TIE * size:
                        w = after[w]
                    taken[v] = w
                    further = False
                    w = first[v]
                    while w >= 0:
                        gap = best - value[i, w]
                        if gap > SINGULAR * size and gap < THIN * size:
                            thin[e] = True
                        w = after[w]
                    w = after[taken[v]]
                    while w >= 0 and not further:
                        further = value[i, w] >= best - TIE * size
                        w = after[w]
                    if further and not open_[v]:
                        stack[depth] = v
                        depth += 1
                    elif not further and open_[v]:
                        depth -= 1  # it lies on top
                    open_[v] = further
                    for j in range(players):
                        value[j, v] = value[j, taken[v]]
                v -= 1
            if count[e] < room:
                for u in range(total):
                    if agent[u] >= 0:
                        choices[e, count[e], agent[u]] = edge[taken[u]]
                for i in range(players):
                    bounds[e, 0, i] = min(bounds[e, 0, i], value[i, 0])
                    bounds[e, 1, i] = max(bounds[e, 1, i], value[i, 0])
            count[e] += 1
            if depth == 0 or count[e] > room:
                break
            v = stack[depth - 1]
            end = 0
            for u in range(v):
                end += agent[u] == END
        for u in range(total):
            open_[u] = False
    return 0
