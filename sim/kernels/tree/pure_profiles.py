"""Pure play of a tree, profile by profile: which could be an equilibrium for some beliefs."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import TIE
from sim.kernels.base.tree_passes import CHANCE, END

__all__ = ["possible_profiles"]


@kernel()
def possible_profiles(
    nodes: tuple[Array, Array, Array],
    sets: tuple[Array, Array, Array, Array],
    payoffs: Array,
    chance: Array,
    scale: Array,
    choosing: tuple[Array, Array, Array],
    profiles: Array,
    count: Array,
) -> int:
    """The profiles of each cell in which nobody surely gains: a sieve, what passes it is looked at more closely.

    ``sets`` are ``owner (H,), decisions (D,), first (H + 1,), child (D, A)``; ``choosing`` are the agents with
    something to decide ``(G,)``, their numbers of actions ``(G,)``, and the actions of all others ``(H,)``.  A profile
    is a number, the first of the agents being its highest digit.  Passed over are those with a better action at a set
    that is reached, given Bayes' rule, or at one that is not whatever is believed there, as far as pairs of nodes
    tell.  Written: ``profiles (C, K)`` and ``count (C,)``, which goes on where there is no more room.  Returns 0.
    """
    agents, sizes, settled = choosing
    total = 1
    for size in sizes:
        total *= size
    reach, value = np.empty(len(nodes[0])), np.empty((payoffs.shape[1], len(nodes[0])))
    action = settled.copy()
    for c in range(len(payoffs)):
        count[c] = 0
        for profile in range(total):
            rest = profile
            for g in range(len(agents) - 1, -1, -1):
                action[agents[g]] = rest % sizes[g]
                rest //= sizes[g]
            spread_play(nodes, payoffs[c], chance[c], action, reach, value)
            good = True
            for g in range(len(agents)):
                if not supported(
                    sets, agents[g], action[agents[g]], reach, value, TIE * scale[c, sets[0][agents[g]]]
                ):
                    good = False
                    break
            if good:
                if count[c] < profiles.shape[1]:
                    profiles[c, count[c]] = profile
                count[c] += 1
    return 0


@kernel()
def spread_play(
    nodes: tuple[Array, Array, Array],
    payoffs: Array,
    chance: Array,
    action: Array,
    reach: Array,
    value: Array,
) -> None:
    """How likely nodes are, ``(N,)``, and what they are worth, ``(n, N)``, under pure play."""
    parent, edge, agent = nodes
    reach[0] = 1.0
    for v in range(1, len(parent)):
        h = agent[parent[v]]
        share = chance[edge[v]] if h == CHANCE else 1.0 if action[h] == edge[v] else 0.0
        reach[v] = reach[parent[v]] * share
    for i in range(len(payoffs)):
        end = payoffs.shape[1]
        value[i] = 0.0
        for v in range(len(parent) - 1, -1, -1):
            if agent[v] == END:
                end -= 1
                value[i, v] = payoffs[i, end]
            if parent[v] >= 0:
                h = agent[parent[v]]
                share = chance[edge[v]] if h == CHANCE else 1.0 if action[h] == edge[v] else 0.0
                if share != 0.0:
                    value[i, parent[v]] += share * value[i, v]


@kernel()
def supported(
    sets: tuple[Array, Array, Array, Array], h: int, action: int, reach: Array, value: Array, room: float
) -> bool:
    """Whether an action may be best at a set: given Bayes' rule where it is reached, else for some belief."""
    owner, decisions, first, child = sets
    begin, end = first[h], first[h + 1]
    mass = 0.0
    for d in range(begin, end):
        mass += reach[decisions[d]]
    low, high = 0.0, 1.0  # of the belief in the first of two nodes
    for a in range(child.shape[1]):
        if child[begin, a] < 0:
            break
        least, expected = np.inf, 0.0
        for d in range(begin, end):
            gain = value[owner[h], child[d, a]] - value[owner[h], child[d, action]]
            least = min(least, gain)
            expected += reach[decisions[d]] * gain
        if (mass > 0.0 and expected > room * mass) or least > room:
            return False
        if mass == 0.0 and end - begin == 2:
            one = value[owner[h], child[begin, a]] - value[owner[h], child[begin, action]]
            other = value[owner[h], child[begin + 1, a]] - value[owner[h], child[begin + 1, action]]
            if one > room:
                high = min(high, (room - other) / (one - other))
            elif other > room:
                low = max(low, (other - room) / (other - one))
    return low <= high + TIE
