"""Play on trees with beliefs: how far a claim is from perfect Bayesian and from sequential equilibrium.

Beliefs are those of the claim, ``extra["belief"] (C, K, D)``; where it has none, Bayes' rule has to give them all.
"""

from __future__ import annotations

import numpy as np

from sim.claim import Claim
from sim.concepts.methods.consistency import inconsistency
from sim.forms.tree import Tree
from sim.game import Floats, Integers, Judgement
from sim.kernels.base.tolerances import CERTIFIED
from sim.kernels.judge.assessments import assessment_gaps, belief_gains, plan_gains

__all__ = ["consistent_assessments", "rational_assessments", "subgame_plans"]


def claimed(claim: Claim) -> tuple[Integers, Integers]:
    """Cell and place of each answer that is there, ``(E,)`` each."""
    cell, place = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    return cell.astype(np.int64), place.astype(np.int64)


def spread(claim: Claim, cell: Integers, place: Integers, found: Floats) -> Floats:
    """Numbers of answers ``(E,)`` as ``(C, K)``, NaN where there is none."""
    result = np.full(claim.strategy.shape[:2], np.nan)
    result[cell, place] = found
    return result


def beliefs_of(game: Tree, claim: Claim, cell: Integers, place: Integers) -> Floats:
    """Beliefs of each answer, ``(E, D)``; NaN where neither the claim nor Bayes' rule gives them."""
    if "belief" in claim.extra:
        return np.ascontiguousarray(claim.extra["belief"][cell, place], dtype=np.float64)
    return game.bayes(game.take(cell).reach(claim.strategy[cell, place]))


def subgame_plans(game: Tree, claim: Claim, _judgement: Judgement) -> Floats:
    """The most that anybody gains by another plan in some subgame, in units of his range, ``(C, K)``."""
    cell, place = claimed(claim)
    gain = np.empty((len(cell), len(game.players)))
    shape = game.shape
    plan_gains(
        shape.nodes, shape.plans, game.payoffs, game.chance, cell,
        np.ascontiguousarray(claim.strategy[cell, place]), shape.subgames, gain,
    )  # fmt: skip
    return spread(claim, cell, place, (gain / game.scale[cell]).max(axis=1, initial=0.0))


def rational_assessments(game: Tree, claim: Claim, _judgement: Judgement) -> Floats:
    """How far assessments miss Bayes' rule where it applies, and best replies given beliefs elsewhere, ``(C, K)``.

    Gains are in units of the player's range, beliefs are probabilities.  Another action alone is tried where beliefs
    of one player follow from his earlier ones; elsewhere whole plans are (Hendon, Jacobsen and Sloth 1996).  Ends of
    claimed intervals of beliefs must support the play as well.
    """
    cell, place = claimed(claim)
    belief = beliefs_of(game, claim, cell, place)
    strategy = np.ascontiguousarray(claim.strategy[cell, place])
    found = misses(game, cell, strategy, belief)
    for vertex in supports_of(game, claim, cell, place, belief):
        some = np.flatnonzero(~np.isnan(vertex).any(axis=1))
        lack = off_path_misses(game, cell[some], strategy[some], vertex[some])
        found[some] = np.maximum(found[some], lack)
    return spread(claim, cell, place, found)


def consistent_assessments(game: Tree, claim: Claim, judgement: Judgement) -> Floats:
    """The same, and how far beliefs are from any limit of those that trembles give (Kreps and Wilson 1982)."""
    cell, place = claimed(claim)
    strategy, belief = claim.strategy[cell, place], beliefs_of(game, claim, cell, place)
    lack = spread(claim, cell, place, inconsistency(game.shape, game.chance[cell], strategy, belief))
    return np.maximum(rational_assessments(game, claim, judgement), lack)


def misses(game: Tree, cell: Integers, strategy: Floats, belief: Floats) -> Floats:
    """The largest gap of each assessment ``(E,)``, whichever it is."""
    gaps = gaps_of(game, cell, strategy, belief)
    scale = game.scale[cell][:, game.shape.owner]
    result: Floats = np.maximum(gaps[:, 0], (gaps[:, 2:] / scale).max(axis=1, initial=0.0))
    forgetful = np.flatnonzero(gaps[:, 1] > CERTIFIED)
    if forgetful.size:
        shape, gain = game.shape, np.empty((forgetful.size, len(game.shape.agents)))
        belief_gains(
            shape.nodes, shape.plans, game.payoffs, game.chance, cell[forgetful],
            (np.ascontiguousarray(strategy[forgetful]), np.ascontiguousarray(belief[forgetful])), shape.belief_of, gain,
        )  # fmt: skip
        result[forgetful] = np.maximum(result[forgetful], (gain / scale[forgetful]).max(axis=1))
    return result


def gaps_of(game: Tree, cell: Integers, strategy: Floats, belief: Floats) -> Floats:
    """What :func:`sim.kernels.judge.assessments.assessment_gaps` finds, ``(E, 2 + H)``."""
    shape, gaps = game.shape, np.empty((len(cell), 2 + len(game.shape.agents)))
    sets = (shape.owner, shape.decisions, shape.first, shape.child, shape.own)
    claims = (np.ascontiguousarray(strategy), np.ascontiguousarray(belief))
    assessment_gaps(shape.nodes, sets, game.payoffs, game.chance, cell, claims, shape.subgames, gaps)
    return gaps


def off_path_misses(game: Tree, cell: Integers, strategy: Floats, vertex: Floats) -> Floats:
    """How far play is from best replies at other beliefs that are claimed to support it, ``(E,)``.

    Where Bayes' rule holds they are that belief; elsewhere they are beliefs to which the play is a best reply.
    """
    shape = game.shape
    gaps = gaps_of(game, cell, strategy, vertex)
    gain = (gaps[:, 2:] / game.scale[cell][:, shape.owner]).max(axis=1, initial=0.0)
    return np.asarray(np.maximum(gain, gaps[:, 0]))


def supports_of(game: Tree, claim: Claim, cell: Integers, place: Integers, belief: Floats) -> list[Floats]:
    """Other beliefs that are claimed to support the same play, each ``(E, D)``, NaN where an answer claims none.

    Of a set of two nodes these are the ends of the interval; of larger ones the vertices, where they are claimed.
    """
    if "belief_low" not in claim.extra:
        return []
    shape = game.shape
    low, high = (np.asarray(claim.extra[name])[cell, place] for name in ("belief_low", "belief_high"))
    pairs = np.diff(shape.first) == 2
    result = []
    for lower in (True, False):
        one = np.where(np.isnan(low).any(axis=1, keepdims=True), np.nan, belief)
        for h in np.flatnonzero(pairs):
            first, second = shape.first[h], shape.first[h] + 1
            one[:, first] = (low if lower else high)[:, first]
            one[:, second] = (high if lower else low)[:, second]
        result.append(one)
    if "belief_vertices" in claim.extra:
        vertices = np.asarray(claim.extra["belief_vertices"])[cell, place]
        result += [np.where(np.isnan(vertex), belief, vertex) for vertex in vertices.swapaxes(0, 1)]
    return result
