"""Claims about trees of one shape, side by side: what one pass does at a node it does for all of them.

Claim e of a list is about cell ``cell[e]`` and stands there at ``place[e]``; a span of the list is at work together,
and the claim is the last axis of everything that is computed, so that a step is one instruction for several claims.
``nodes`` are ``parent, edge, agent (N,)``.  Everything is written here from the game alone.
"""

from __future__ import annotations

from sim.kernels import Array, kernel
from sim.kernels.base.tree_passes import CHANCE, END

__all__ = ["WIDE", "larger", "way_shares", "worths"]

WIDE = 32
"""Claims that are looked at together: what is computed of them stays near the processor."""


@kernel(inline=True, borrows=True)
def larger(one: float, other: float) -> float:
    """The larger of two numbers; not a number where either is none."""
    return other if other > one or other != other else one


@kernel(borrows=True)
def way_shares(
    nodes: tuple[Array, Array, Array],
    chance: Array,
    strategy: Array,
    claims: tuple[Array, Array],
    span: tuple[int, int],
    share: Array,
) -> None:
    """How likely the way into each node is, once its parent is reached, ``share (N, W)``; 1 into the root.

    ``chance (C, E)``, ``strategy (C, K, H, A)``.
    """
    parent, edge, agent = nodes
    cell, place = claims
    first, last = span
    for v in range(len(parent)):
        way, h = edge[v], CHANCE
        if parent[v] >= 0:
            h = agent[parent[v]]
        for e in range(first, last):
            c, w = cell[e], e - first
            if parent[v] < 0:
                share[v, w] = 1.0
            else:
                share[v, w] = chance[c, way] if h == CHANCE else strategy[c, place[e], h, way]


@kernel(borrows=True)
def worths(
    nodes: tuple[Array, Array, Array],
    payoffs: Array,
    player: int,
    cell: Array,
    span: tuple[int, int],
    share: Array,
    value: Array,
) -> None:
    """What each node is worth to a player under play: ``payoffs (C, n, Z)``, ``share (N, W) -> value (N, W)``.

    Ways that are never taken count for nothing, whatever they lead to.
    """
    parent, _, agent = nodes
    first, last = span
    value[:] = 0.0
    end = payoffs.shape[2]
    for v in range(len(parent) - 1, -1, -1):
        if agent[v] == END:
            end -= 1
            for e in range(first, last):
                value[v, e - first] = payoffs[cell[e], player, end]
        if parent[v] >= 0:
            above = parent[v]
            for w in range(value.shape[1]):
                value[above, w] += share[v, w] * value[v, w] if share[v, w] != 0.0 else 0.0
