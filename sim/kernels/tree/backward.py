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
        for i in range(players):
            bounds[e, 0, i], bounds[e, 1, i] = np.inf, -np.inf
        depth, v, end = 0, total - 1, payoffs.shape[2]
        while True:
            # from node v on, which is new or has a new choice, up to the root
            while v >= 0:
                if agent[v] == END:
                    end -= 1
                    for i in range(players):
                        value[i, v] = payoffs[c, i, end]
                elif agent[v] == CHANCE:
                    average(first[v], after, edge, chance[c], value, v)
                else:
                    i = owner[agent[v]]
                    change, close = choose_best(first[v], after, v, i, scale[c, i], (value, taken, open_))
                    thin[e] |= close
                    if change > 0:
                        stack[depth] = v
                    depth += change
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


@kernel()
def average(child: int, after: Array, edge: Array, chance: Array, value: Array, v: int) -> None:
    """What a move of chance is worth; ways that are never taken count for nothing."""
    for i in range(value.shape[0]):
        value[i, v] = 0.0
    while child >= 0:
        if chance[edge[child]] != 0.0:
            for i in range(value.shape[0]):
                value[i, v] += chance[edge[child]] * value[i, child]
        child = after[child]


@kernel()
def choose_best(
    child: int, after: Array, v: int, player: int, size: float, here: tuple[Array, Array, Array]
) -> tuple[int, bool]:
    """Take the first action that is as good as the best, or the next one where the node is open already.

    ``here`` are ``value (n, N), taken (N,), open (N,)``.  Whether the node is open now and was not, 1, or the other way
    round, -1; whether a margin is a hair.
    """
    value, taken, open_ = here
    best, w, close = -np.inf, child, False
    while w >= 0:
        best = max(best, value[player, w])
        w = after[w]
    w = child
    while w >= 0:
        gap = best - value[player, w]
        close |= SINGULAR * size < gap < THIN * size
        w = after[w]
    w = after[taken[v]] if open_[v] else child
    while w >= 0 and value[player, w] < best - TIE * size:
        w = after[w]
    taken[v] = w
    for i in range(value.shape[0]):
        value[i, v] = value[i, w]
    w = after[w]
    while w >= 0 and value[player, w] < best - TIE * size:
        w = after[w]
    change = int(w >= 0) - int(open_[v])
    open_[v] = w >= 0
    return change, close
