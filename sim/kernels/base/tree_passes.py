"""Play on a tree: one pass from the root gives how likely nodes are, one back what each is worth.

Nodes come in an order in which parents stand before their children.  ``parent (N,)`` is -1 at the root;
``agent (N,)`` who moves there, ``CHANCE`` or ``END``; ``edge (N,)`` says which way leads into a node: the position
of an action of the agent above, or a column of ``chance (C, E)``.  Ends are numbered in the order of their nodes.
"""

from __future__ import annotations

from sim.kernels import Array, kernel

__all__ = ["CHANCE", "END", "tree_deviations", "tree_reach", "tree_values"]

CHANCE = -1
END = -2


@kernel()
def tree_reach(
    parent: Array, edge: Array, agent: Array, chance: Array, strategy: Array, first: Array, reach: Array
) -> int:
    """How likely each node is, given the last node above it that is marked ``first (N,)``.

    ``strategy (C, H, A)``; the root is always marked.  With every root of a subgame marked, ``reach`` is by how
    likely a node is once its smallest subgame is reached.  Written: ``reach (C, N)``.  Returns 0.
    """
    for c in range(reach.shape[0]):
        for v in range(reach.shape[1]):
            if first[v] or parent[v] < 0:
                reach[c, v] = 1.0
                continue
            above = agent[parent[v]]
            share = chance[c, edge[v]] if above == CHANCE else strategy[c, above, edge[v]]
            reach[c, v] = reach[c, parent[v]] * share
    return 0


@kernel()
def tree_values(
    parent: Array, edge: Array, agent: Array, payoffs: Array, chance: Array, strategy: Array, value: Array
) -> int:
    """What each node is worth to each player under play: ``payoffs (C, n, Z)``; written ``value (C, n, N)``.

    Ways that are never taken count for nothing, whatever they lead to.  Returns 0.
    """
    cells, players, nodes = value.shape
    for c in range(cells):
        for i in range(players):
            end = payoffs.shape[2]
            for v in range(nodes):
                value[c, i, v] = 0.0
            for v in range(nodes - 1, -1, -1):
                if agent[v] == END:
                    end -= 1
                    value[c, i, v] = payoffs[c, i, end]
                if parent[v] >= 0:
                    above = agent[parent[v]]
                    share = chance[c, edge[v]] if above == CHANCE else strategy[c, above, edge[v]]
                    if share != 0.0:
                        value[c, i, parent[v]] += share * value[c, i, v]
    return 0


@kernel()
def tree_deviations(
    parent: Array, edge: Array, agent: Array, owner: Array, reach: Array, value: Array, deviations: Array
) -> int:
    """What each action of each agent would give its player from the root, all else kept.

    ``owner (H,)`` the players of agents, ``reach (C, N)`` and ``value (C, n, N)`` under play.  Added to
    ``deviations (C, H, A)``, which holds 0 where there is an action.  Returns 0.
    """
    cells, agents, most = deviations.shape
    for c in range(cells):
        for h in range(agents):
            for a in range(most):
                deviations[c, h, a] += value[c, owner[h], 0]
        for v in range(reach.shape[1]):
            here = agent[v]
            if here >= 0 and reach[c, v] != 0.0:
                for a in range(most):
                    deviations[c, here, a] -= reach[c, v] * value[c, owner[here], v]
            if parent[v] >= 0 and agent[parent[v]] >= 0 and reach[c, parent[v]] != 0.0:
                above = agent[parent[v]]
                deviations[c, above, edge[v]] += reach[c, parent[v]] * value[c, owner[above], v]
    return 0
