"""What the certificate recomputes of plans on a tree: what play is worth, and what another plan would gain."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tree_passes import END
from sim.kernels.judge.side_by_side import WIDE, larger, way_shares, worths

__all__ = ["plan_gains"]


@kernel()
def plan_gains(
    nodes: tuple[Array, Array, Array],
    plans: tuple[Array, Array, Array, Array],
    payoffs: Array,
    chance: Array,
    claims: tuple[Array, Array],
    strategy: Array,
    marked: Array,
    found: tuple[Array, Array],
) -> int:
    """What play is worth to each player, and the most he gains by another plan for all his moves, others kept.

    ``plans`` are ``owner (H,), later (H,)``, the first node of each set and its number of actions.  Judged on its own
    is each part of the tree that begins at a ``marked (N,)`` node, the root one of them, and ends at the next marked
    ones, which are worth what play makes of them: with roots of subgames marked, no gain is subgame perfection.
    ``payoffs (C, n, Z)``, ``chance (C, E)``, ``strategy (C, K, H, A)``, ``claims`` are ``cell, place (E,)``.  Written:
    ``found``, worth and gain ``(E, n)``.  Returns 0.  Source: sequence form, von Stengel (1996).
    """
    owner, later, member, sizes = plans
    count, players, most = len(nodes[0]), payoffs.shape[1], len(claims[0])
    wide = min(WIDE, max(most, 1))
    past = np.empty((players, 3, count), np.int64)
    for i in range(players):
        pasts(nodes, owner, i, marked, past[i])
    share, value, weight, start = np.empty((4, count, wide))
    worth = np.empty((*strategy.shape[2:], wide))
    for first in range(0, most, wide):
        span = (first, min(first + wide, most))
        way_shares(nodes, chance, strategy, claims, span, share)
        for i in range(players):
            worths(nodes, payoffs, i, claims[0], span, share, value)
            worth[:] = 0.0
            start[:] = 0.0
            weigh(nodes, (owner, i), past[i], marked, share, value, weight, (worth, start))
            for h in later:
                if owner[h] == i:
                    before, did, top = past[i, :, member[h]]
                    goal = worth[before, did] if before >= 0 else start[top]
                    for w in range(wide):
                        best = worth[h, 0, w]
                        for a in range(1, sizes[h]):
                            best = larger(best, worth[h, a, w])
                        goal[w] += best
            for e in range(span[0], span[1]):
                w, gain = e - first, 0.0
                for v in range(count):
                    if past[i, 2, v] == v and nodes[2][v] != END:
                        gain = larger(gain, start[v, w] - value[v, w])
                found[0][e, i], found[1][e, i] = value[0, w], gain
    return 0


@kernel(borrows=True)
def pasts(nodes: tuple[Array, Array, Array], owner: Array, i: int, marked: Array, past: Array) -> None:
    """Of each node player i's last agent before it in its part, what that did, where the part begins: ``past (3, N)``.

    A marked node ends a part and begins one.
    """
    parent, edge, agent = nodes
    for v in range(len(parent)):
        above = parent[v]
        if above < 0 or marked[v]:
            past[0, v], past[1, v], past[2, v] = -1, 0, v
            continue
        h = agent[above]
        for k in range(3):
            past[k, v] = past[k, above]
        if h >= 0 and owner[h] == i:
            past[0, v], past[1, v] = h, edge[v]


@kernel(borrows=True)
def weigh(
    nodes: tuple[Array, Array, Array],
    player: tuple[Array, int],
    past: Array,
    marked: Array,
    share: Array,
    value: Array,
    weight: Array,
    sums: tuple[Array, Array],
) -> None:
    """What the ends of a part give a player, each as likely as others make it, by his last move before it.

    ``player`` are owners of agents and the player, ``past (3, N)`` as of :func:`pasts`, ``share, value (N, W)``.
    Written: ``weight (N, W)``, how likely others make a node; added to ``sums``: ``worth (H, A, W)`` and, where he has
    not moved in the part, ``start (N, W)``.
    """
    parent, edge, agent = nodes
    owner, i = player
    worth, start = sums
    wide = value.shape[1]
    for v in range(len(parent)):
        above = parent[v]
        if above < 0:
            weight[v] = 1.0
            continue
        before, did, top, h = past[0, above], past[1, above], past[2, above], agent[above]
        if h >= 0 and owner[h] == i:
            before, did = h, edge[v]
            for w in range(wide):
                weight[v, w] = weight[above, w]
        else:
            for w in range(wide):
                weight[v, w] = weight[above, w] * share[v, w]
        if agent[v] == END or marked[v]:
            goal = worth[before, did] if before >= 0 else start[top]
            for w in range(wide):
                goal[w] += weight[v, w] * value[v, w] if weight[v, w] != 0.0 else 0.0
        if marked[v]:
            weight[v] = 1.0
