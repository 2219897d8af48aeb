"""Noisy replies: every strategy is the logit response to the strategies of the others."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim
from sim.game import Floats, Game, Judgement
from sim.plugins import concept

__all__ = ["logit_response"]


def logit_response(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """Distance between the claimed probabilities and the logit response to them, ``(C, K)``.

    Response at ``extra["precision"] (C,)``, per unit of payoff; any form whose agents have deviations.
    """
    claimed = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    result = np.full(claim.strategy.shape[:2], np.nan)
    if claimed[0].size:
        strategy = claim.strategy[claimed]
        payoff = np.where(game.mask, game.take(claimed[0]).deviations(strategy), -np.inf)
        precision = claim.extra["precision"][claimed[0], np.newaxis, np.newaxis]
        below = payoff - payoff.max(axis=-1, keepdims=True)
        weight = np.where(game.mask, np.exp(precision * np.where(game.mask, below, 0.0)), 0.0)
        response = weight / weight.sum(axis=-1, keepdims=True)
        result[claimed] = np.abs(strategy - response).max(axis=(-2, -1))
    return result


concept(
    "quantal_response",
    "noisy replies to each other's noise (McKelvey and Palfrey 1995)",
    title="logit quantal-response equilibria",
    residual={Game: logit_response},
    rank=70,
)
