"""Beliefs as limits of trembles: actions that are not played get a probability of some order of smallness.

A tremble of order k has probability ``weight * e**k`` with e going to 0.  At each information set only the nodes of
least order keep any belief, in proportion to the products of their weights: the beliefs that come out are consistent
with the play (Kreps and Wilson 1982).
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tree_passes import CHANCE

__all__ = ["beliefs_of_trembles"]

NEVER_DRAWN = 1_000_000.0
"""Order of what chance never brings: smaller than all that players can do by mistake."""


@kernel()
def beliefs_of_trembles(
    nodes: tuple[Array, Array, Array],
    sets: tuple[Array, Array],
    chance: Array,
    strategy: Array,
    order: Array,
    weight: Array,
    belief: Array,
) -> int:
    """Limits of beliefs: ``strategy (E, H, A)``, ``order`` and ``weight (E, H, A)`` of what is not played.

    ``nodes`` are ``parent, edge, agent (N,)``; ``sets`` are ``decisions (D,), first (H + 1,)``; ``chance (E, ways)``.
    Where an action is played order and weight are not looked at; ways of probability 0 count as trembles of chance,
    smaller than all others, with weight 1.  Written: ``belief (E, D)``.  Returns 0.
    """
    parent, edge, agent = nodes
    decisions, first = sets
    count = len(parent)
    size, share = np.empty(count), np.empty(count)
    for e in range(strategy.shape[0]):
        size[0], share[0] = 0.0, 0.0
        for v in range(1, count):
            above = parent[v]
            h = agent[above]
            small, log = 0.0, 0.0
            if h == CHANCE:
                if chance[e, edge[v]] > 0.0:
                    log = np.log(chance[e, edge[v]])
                else:
                    small = NEVER_DRAWN
            elif strategy[e, h, edge[v]] > 0.0:
                log = np.log(strategy[e, h, edge[v]])
            else:
                small, log = order[e, h, edge[v]], np.log(weight[e, h, edge[v]])
            size[v], share[v] = size[above] + small, share[above] + log
        for h in range(len(first) - 1):
            least, top = np.inf, -np.inf
            for d in range(first[h], first[h + 1]):
                least = min(least, size[decisions[d]])
            for d in range(first[h], first[h + 1]):
                if size[decisions[d]] == least:
                    top = max(top, share[decisions[d]])
            total = 0.0
            for d in range(first[h], first[h + 1]):
                v = decisions[d]
                belief[e, d] = np.exp(share[v] - top) if size[v] == least else 0.0
                total += belief[e, d]
            for d in range(first[h], first[h + 1]):
                belief[e, d] /= total
    return 0
