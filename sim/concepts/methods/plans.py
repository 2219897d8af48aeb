"""Nash equilibria of two-player trees that a continuum links: those in which one player's plan is the same.

Between the other's plans he can mix as he likes, since to a given plan best replies are a convex set (von Stengel
1996); of all extreme equilibria these links make the connected components.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim
from sim.forms.tree import Tree
from sim.game import Floats, Judgement
from sim.kernels.judge.plans import link_plans

__all__ = ["likelihoods", "linked_by_plans"]


def linked_by_plans(game: Tree, claim: Claim, judgement: Judgement) -> NDArray[np.int32]:
    """Components of Nash equilibria, ``(C, K)``; of more than two players those of the same play on the path."""
    component = judgement.component.copy()
    if len(game.players) == 2 and component.size:
        plans = likelihoods(game, claim.strategy)
        owner = np.repeat(game.shape.owner, plans.shape[-1])
        link_plans(plans.reshape(*component.shape, len(owner)), owner, component)
    return component


def likelihoods(game: Tree, strategy: Floats) -> Floats:
    """How likely each agent's actions are as far as it lies with his player, ``(C, K, H, A) -> (C, K, H, A)``."""
    result = strategy.copy()
    for h in game.shape.later[::-1]:
        above, way = game.shape.previous[h]
        if above >= 0:
            result[:, :, h] *= result[:, :, above, way, np.newaxis]
    return result
