"""Nash equilibria of two-player trees that a continuum links: those in which one player's plan is the same.

Between the other's plans he can mix as he likes, since to a given plan best replies are a convex set (von Stengel
1996); of all extreme equilibria these links make the connected components.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim
from sim.forms.tree import Tree
from sim.game import Judgement
from sim.kernels.judge.plan_components import link_plans

__all__ = ["linked_by_plans", "linked_where_all_is_reached"]


def linked_by_plans(game: Tree, claim: Claim, judgement: Judgement) -> NDArray[np.int32]:
    """Components of Nash equilibria, ``(C, K)``; of more than two players those of the same play on the path."""
    return linked(game, claim, judgement, np.ones(claim.strategy.shape[:2], np.bool_))


def linked_where_all_is_reached(game: Tree, claim: Claim, judgement: Judgement) -> NDArray[np.int32]:
    """The same of equilibria with beliefs, ``(C, K)``: where play comes to every set, Bayes' rule holds all along."""
    reached = np.zeros(claim.strategy.shape[:2], np.bool_)
    several = with_several(judgement)
    if len(game.players) == 2 and several.size:
        row, place = np.nonzero(judgement.component[several] >= 0)
        cell = several[row]
        reached[cell, place] = game.take(cell).comes_to(claim.strategy[cell, place], speck=0.0).all(axis=1)
    return linked(game, claim, judgement, reached)


def with_several(judgement: Judgement) -> NDArray[np.int64]:
    """The cells with more than one component: nearly all have one, and whose claims are many are few."""
    return np.flatnonzero((judgement.component > 0).any(axis=1))


def linked(game: Tree, claim: Claim, judgement: Judgement, which: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Components, with those links that are between equilibria of ``which (C, K)``."""
    component = judgement.component.copy()
    several = with_several(judgement)
    if len(game.players) == 2 and several.size:
        part = component[several]
        each = claim.strategy[several].reshape(-1, *claim.strategy.shape[2:])
        plans = game.plans(each).reshape(*part.shape, 2 * math.prod(game.mask.shape))
        plans[~which[several]] = np.nan
        link_plans(plans, np.repeat(np.arange(2), plans.shape[2] // 2), part)
        component[several] = part
    return component
