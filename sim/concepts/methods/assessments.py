"""Play on trees with beliefs: how far a claim is from perfect Bayesian and from sequential equilibrium.

Beliefs are those of the claim, ``extra["belief"] (C, K, D)``; where it has none, Bayes' rule has to give them all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.claim import Claim
from sim.concepts.methods.consistency import inconsistency
from sim.forms.tree import Tree
from sim.game import Floats, Integers, Judgement
from sim.kernels.base.tolerances import CERTIFIED
from sim.kernels.judge.assessments import assessment_gaps, belief_gains
from sim.kernels.judge.plans import plan_gains

__all__ = ["consistent_assessments", "rational_assessments", "subgame_plans"]


def claimed(claim: Claim) -> tuple[Integers, Integers]:
    """Cell and place of each answer that is there, ``(E,)`` each."""
    cell, place = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    return cell.astype(np.int64), place.astype(np.int64)


def spread(claim: Claim, claims: tuple[Integers, Integers], found: Floats) -> Floats:
    """Numbers of answers ``(E, ..)`` by cell and place, ``(C, K, ..)``; NaN where there is none."""
    result = np.full((*claim.strategy.shape[:2], *found.shape[1:]), np.nan)
    result[claims] = found
    return result


def plain(array: Any) -> Floats:
    """An array as kernels take it."""
    return np.ascontiguousarray(array, dtype=np.float64)


def beliefs_of(game: Tree, claim: Claim, claims: tuple[Integers, Integers]) -> Floats:
    """Beliefs of each answer, ``(C, K, D)``; NaN where neither the claim nor Bayes' rule gives them."""
    if "belief" in claim.extra:
        return plain(claim.extra["belief"])
    return spread(claim, claims, game.bayes(game.take(claims[0]).reach(claim.strategy[claims])))


def subgame_plans(game: Tree, claim: Claim, _judgement: Judgement) -> Floats:
    """The most that anybody gains by another plan in some subgame, in units of his range, ``(C, K)``."""
    claims, shape = claimed(claim), game.shape
    worth, gain = np.empty((2, len(claims[0]), len(game.players)))
    plan_gains(
        shape.nodes, shape.plans, game.payoffs, game.chance, claims, plain(claim.strategy), shape.subgames, (worth, gain)
    )  # fmt: skip
    return spread(claim, claims, (gain / game.scale[claims[0]]).max(axis=1, initial=0.0))


def rational_assessments(game: Tree, claim: Claim, _judgement: Judgement) -> Floats:
    """How far assessments miss Bayes' rule where it applies, and best replies given beliefs elsewhere, ``(C, K)``.

    Gains are in units of the player's range, beliefs are probabilities.  Another action alone is tried where beliefs
    of one player follow from his earlier ones; elsewhere whole plans are (Hendon, Jacobsen and Sloth 1996).  Ends of
    claimed intervals of beliefs, of sets of two nodes, and vertices of larger ones must support the play as well.
    """
    claims, shape = claimed(claim), game.shape
    strategy, belief = plain(claim.strategy), beliefs_of(game, claim, claims)
    none = np.empty((*belief.shape[:2], 0))
    low, high = (plain(claim.extra.get(name, none)) for name in ("belief_low", "belief_high"))
    vertices = plain(claim.extra.get("belief_vertices", none[..., np.newaxis]))
    sets = (shape.owner, shape.decisions, shape.first, shape.child, shape.own)
    gaps = np.empty((len(claims[0]), 2))
    assessment_gaps(
        shape.nodes, sets, (game.payoffs, game.chance, game.scale), claims, strategy, (belief, low, high, vertices),
        shape.subgames, gaps,
    )  # fmt: skip
    found = np.ascontiguousarray(gaps[:, 0])
    forgetful = np.flatnonzero(gaps[:, 1] > CERTIFIED)
    if forgetful.size:
        some = (claims[0][forgetful], claims[1][forgetful])
        gain = np.empty((forgetful.size, len(shape.agents)))
        belief_gains(
            shape.nodes,
            shape.plans,
            (game.payoffs, game.chance),
            some,
            strategy,
            belief,
            shape.belief_of,
            gain,
        )
        gain /= game.scale[some[0]][:, shape.owner]
        found[forgetful] = np.maximum(found[forgetful], gain.max(axis=1))
    return spread(claim, claims, found)


def consistent_assessments(game: Tree, claim: Claim, judgement: Judgement) -> Floats:
    """The same, and how far beliefs are from any limit of those that trembles give (Kreps and Wilson 1982)."""
    claims = claimed(claim)
    lack = inconsistency(game.shape, game.chance, claims, claim.strategy, beliefs_of(game, claim, claims))
    return np.maximum(rational_assessments(game, claim, judgement), spread(claim, claims, lack))
