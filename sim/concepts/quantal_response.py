"""Noisy replies: every strategy is the logit response to the strategies of the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.claim import Claim
from sim.game import Floats, Game, Judgement
from sim.kernels.base.joint_actions import from_nearest
from sim.kernels.base.tolerances import NEVER
from sim.plugins import concept

__all__ = ["logit_response"]


def logit_response(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """How far claimed play is from the logit response to it, ``(C, K)``.

    Response at ``extra["precision"] (C,)``, per unit of payoff; any form whose agents have deviations.  The
    smaller of two distances: between the probabilities, and between payoffs and those to which the claimed
    play would be the exact response, in units of the range.  At high precision, where the rounding of payoffs
    alone moves a response far, the second tells an answer from a wrong one.
    """
    claimed = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    result = np.full(claim.strategy.shape[:2], np.nan)
    if claimed[0].size:
        strategy = claim.strategy[claimed]
        chosen = game.take(claimed[0])
        payoff = replace(chosen, payoffs=from_nearest(chosen.payoffs)).deviations(strategy)  # type: ignore[type-var]
        payoff = np.where(game.mask, payoff, -np.inf)
        precision = claim.extra["precision"][claimed[0], np.newaxis, np.newaxis]
        below = payoff - payoff.max(axis=-1, keepdims=True)
        weight = np.where(game.mask, np.exp(precision * np.where(game.mask, below, 0.0)), 0.0)
        response = weight / weight.sum(axis=-1, keepdims=True)
        apart = np.abs(strategy - response).max(axis=(-2, -1))
        with np.errstate(divide="ignore", invalid="ignore"):
            # log-odds over the likeliest action, and what payoffs make of them
            likely = strategy.argmax(axis=-1, keepdims=True)
            odds = np.log(strategy / np.take_along_axis(strategy, likely, axis=-1))
            lead = precision * (payoff - np.take_along_axis(payoff, likely, axis=-1))
            unit = precision * chosen.scale[:, [agent.player for agent in game.agents]][..., np.newaxis]
            off = np.abs(odds - lead) / unit
        never = (strategy < NEVER) & (lead < np.log(NEVER)) | ~game.mask
        off = np.where(never, 0.0, np.where(np.isnan(off), np.inf, off)).max(axis=(-2, -1))
        result[claimed] = np.minimum(apart, off)
    return result


concept(
    "quantal_response",
    "noisy replies to each other's noise (McKelvey and Palfrey 1995)",
    title="logit quantal-response equilibria",
    residual={Game: logit_response},
    rank=70,
)
