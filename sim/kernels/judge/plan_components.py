"""Equilibria of two-player trees that a continuum links."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import SAME_PLAY

__all__ = ["link_plans"]


@kernel()
def link_plans(plans: Array, owner: Array, component: Array) -> int:
    """Give one component to equilibria in which either player's plan is the same, and to all that these link.

    ``plans (C, K, W)`` say how likely each sequence is, ``owner (W,)`` whose it is, 0 or 1.  ``component (C, K)``, of
    those already linked, -1 where there is none, is written anew, by first appearance.  Returns 0.
    """
    cells, most, width = plans.shape
    same = np.empty(2, np.bool_)
    for c in range(cells):
        for k in range(most):
            if component[c, k] < 0:
                continue
            for j in range(k):
                if component[c, j] < 0 or component[c, j] == component[c, k]:
                    continue
                same[0], same[1] = True, True
                for w in range(width):
                    if not abs(plans[c, k, w] - plans[c, j, w]) <= SAME_PLAY:
                        same[owner[w]] = False
                if same[0] or same[1]:
                    old, new = component[c, k], component[c, j]
                    for i in range(most):
                        if component[c, i] == old:
                            component[c, i] = new
        following = 0
        for k in range(most):
            if component[c, k] < 0:
                continue
            old = component[c, k]
            for i in range(k, most):
                if component[c, i] == old:
                    component[c, i] = -2 - following
            following += 1
        for k in range(most):
            if component[c, k] < -1:
                component[c, k] = -2 - component[c, k]
    return 0
