"""Equilibria with beliefs that a continuum links: those between which play may be mixed, set by set.

Where no path meets two of the sets at which they differ, what anybody gains by another action is linear along the way
from one to the other, however likely its set is: what holds at both ends holds in between.  That beliefs stay limits of
trembles is looked at in three places between: in signalling games any common belief is one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim
from sim.concepts.methods.assessments import consistent_assessments, rational_assessments
from sim.concepts.methods.plans import linked_where_all_is_reached
from sim.forms.tree import Tree
from sim.game import Floats, Integers, Judgement
from sim.kernels.base.tolerances import CERTIFIED, SAME_PLAY

__all__ = ["linked_consistently", "linked_rationally"]

MOST_LINKED = 16  # equilibria of a cell that are compared with each other
FIRST, MIXED = 0, 1  # what is done off both paths
ON_THE_WAY = (0.0, 1.0, 0.5, 1 / 3, 1 / 7)

Residual = Callable[[Tree, Claim, Judgement], Floats]


def linked_consistently(game: Tree, claim: Claim, judgement: Judgement) -> NDArray[np.int32]:
    """Components of sequential equilibria, ``(C, K)``."""
    return linked(game, claim, judgement, consistent_assessments)


def linked_rationally(game: Tree, claim: Claim, judgement: Judgement) -> NDArray[np.int32]:
    """Components of perfect Bayesian equilibria, ``(C, K)``."""
    return linked(game, claim, judgement, rational_assessments)


def linked(game: Tree, claim: Claim, judgement: Judgement, residual: Residual) -> NDArray[np.int32]:
    """Components where payoffs tie, with those links added that ways from one equilibrium to another prove."""
    component = linked_where_all_is_reached(game, claim, judgement)
    several = claim.degenerate & (component.max(axis=1, initial=-1) > 0) & game.finite
    several &= (component >= 0).sum(axis=1) <= MOST_LINKED
    if "belief" not in claim.extra or not several.any():
        return component
    cells, most = np.flatnonzero(several), component.shape[1]
    for step in range(
        1, most
    ):  # neighbours first: whoever is linked to one is to all that this one is linked to
        for one in range(most - step):
            for a, b, off in ((one, one + step, FIRST), (one + step, one, FIRST), (one, one + step, MIXED)):
                apart = component[cells, a] != component[cells, b]
                apart &= np.minimum(component[cells, a], component[cells, b]) >= 0
                some = cells[apart]
                for c in some[joined(game, claim, judgement, (some, a, b, off), residual)].tolist():
                    component[c, component[c] == component[c, b]] = component[c, a]
    for c in cells:
        there = component[c] >= 0
        numbers = {old: new for new, old in enumerate(dict.fromkeys(component[c, there].tolist()))}
        component[c, there] = [numbers[old] for old in component[c, there].tolist()]
    return component


def joined(
    game: Tree, claim: Claim, judgement: Judgement, some: tuple[Integers, int, int, int], residual: Residual
) -> NDArray[np.bool_]:
    """Whether all between two equilibria of some cells, of two numbers, are ones.

    Off both paths the first has its way, or play and beliefs are mixed as well.
    """
    cell, a, b, off = some
    shape, each = game.shape, game.take(cell)
    play, belief = (
        [array[cell, place] for place in (a, b)] for array in (claim.strategy, claim.extra["belief"])
    )
    met = [each.comes_to(own, speck=0.0) for own in play]
    ends = [
        np.where((met[1] & ~met[0])[..., np.newaxis], play[1], play[0]),
        np.where((met[1] | (off == MIXED) & ~met[0])[..., np.newaxis], play[1], play[0]),
    ]
    alone = (met[1] & ~met[0])[:, shape.agent[shape.decisions]]
    thought = np.where(alone, belief[1], belief[0])
    never = ~(met[0] | met[1])[:, shape.agent[shape.decisions]]
    differ = np.abs(ends[1] - ends[0]).max(axis=-1) > SAME_PLAY
    good = (differ.astype(np.int64) @ on_paths(game).T <= 1).all(axis=1)
    for share in ON_THE_WAY:
        left = np.flatnonzero(good)
        if not left.size:
            break
        at = each.take(left)
        mixed = (1.0 - share) * ends[0][left] + share * ends[1][left]
        known = at.bayes(at.reach(mixed))
        kept = thought[left]
        if off == MIXED:
            kept = np.where(never[left], (1.0 - share) * belief[0][left] + share * belief[1][left], kept)
        now = np.where(at.comes_to(mixed, speck=0.0)[:, shape.agent[shape.decisions]], known, kept)
        told = Claim(mixed[:, np.newaxis], extra={"belief": now[:, np.newaxis]})
        good[left] = residual(at, told, judgement)[:, 0] <= CERTIFIED
    return good


def on_paths(game: Tree) -> NDArray[np.int64]:
    """The sets that the path to each end meets, ``(Z, H)``."""
    shape = game.shape
    result = np.zeros((len(shape.parent), len(shape.agents)), np.int64)
    for v in range(1, len(shape.parent)):
        above = int(shape.parent[v])
        result[v] = result[above]
        if shape.agent[above] >= 0:
            result[v, shape.agent[above]] = 1
    return result[shape.ends]
