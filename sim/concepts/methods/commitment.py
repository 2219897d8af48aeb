"""Commitment: the follower replies best, and no other commitment would serve the leader better."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim
from sim.game import Floats, Game, Judgement
from sim.kernels.base.tolerances import as_good

__all__ = ["best_commitment", "best_pure_commitment"]


def sides(game: Game, claim: Claim) -> tuple[Floats, Floats, Floats, Floats]:
    """Leader's and follower's payoffs ``(C, L, F)`` in units of their ranges, and their strategies."""
    leader = int(claim.extra["leader"][0]) if game.cells else 0
    with np.errstate(invalid="ignore"):
        payoffs = game.payoffs / game.scale[:, :, np.newaxis, np.newaxis]
    if leader == 1:
        payoffs = payoffs[:, ::-1].swapaxes(2, 3)
    rows, columns = payoffs.shape[2:]
    return (
        payoffs[:, 0],
        payoffs[:, 1],
        claim.strategy[:, 0, leader, :rows],
        claim.strategy[:, 0, 1 - leader, :columns],
    )


def best_commitment(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """What the follower misses, or what the multipliers leave open to the leader (weak duality)."""
    mine, theirs, commitment, reply = sides(game, claim)
    price = claim.extra["multipliers"]
    with np.errstate(invalid="ignore"):
        value = np.einsum("cl,clf,cf->c", commitment, mine, reply)
        missed = missing(theirs, commitment, reply)
        rival = theirs[:, :, np.newaxis, :] - theirs[:, :, :, np.newaxis]  # (C, L, induced, rival)
        bound = (mine - np.einsum("cjk,cljk->clj", price, rival)).max(axis=(1, 2))
        worst = np.maximum(np.maximum(missed, bound - value), -price.min(axis=(1, 2)))
    return np.asarray(worst)[:, np.newaxis]


def best_pure_commitment(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """What the follower misses, or what the leader would gain by the best other action."""
    mine, theirs, commitment, reply = sides(game, claim)
    with np.errstate(invalid="ignore"):
        value = np.einsum("cl,clf,cf->c", commitment, mine, reply)
        missed = missing(theirs, commitment, reply)
        replies = as_good(theirs, theirs.max(axis=2, keepdims=True), 1.0)
        best = np.where(replies, mine, -np.inf).max(axis=(1, 2))
        worst = np.maximum(np.maximum(missed, best - value), 1 - commitment.max(axis=1))
    return np.asarray(worst)[:, np.newaxis]


def missing(theirs: Floats, commitment: Floats, reply: Floats) -> Floats:
    """What the follower loses against his best reply, ``(C,)``."""
    each = np.einsum("cl,clf->cf", commitment, theirs)
    return np.asarray(each.max(axis=1) - (each * reply).sum(axis=1))
