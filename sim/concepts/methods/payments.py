"""Payments: with money between stages only sums of gains from deviating count (Goldlücke and Kranz 2012)."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim
from sim.forms.repeated import Repeated
from sim.forms.stage import best_deviations
from sim.game import Floats, Judgement

__all__ = ["paid_to_stay"]


def paid_to_stay(game: Repeated, claim: Claim, _judgement: Judgement) -> Floats:
    """What the claimed joint actions lack to be enforced by each other, ``(C, K)`` in units of all ranges in sum.

    Staying must be worth as much to all together as what each could have by leaving, in the worst of the
    claimed joint actions for him ever after.
    """
    shape, flat = game.payoffs.shape[2:], (*game.payoffs.shape[:2], -1)
    total = game.payoffs.reshape(flat).sum(axis=1)
    cheating = best_deviations(game.payoffs).reshape(flat).swapaxes(1, 2)  # (C, J, n)
    residual = np.full(claim.strategy.shape[:2], np.nan)
    cell, place = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    actions = claim.strategy[cell, place].argmax(axis=-1)
    joint = np.ravel_multi_index(tuple(actions.T), shape)
    d, scale = game.discount[cell, 0], game.scale.sum(axis=1)[cell]
    leaving = cheating[cell, joint].sum(axis=1)
    lasting = (1.0 - d) * (leaving - total[cell, joint]) + d * (
        claim.extra["worst"][cell].sum(axis=1) - claim.extra["largest_sum"][cell]
    )
    # the largest sum and the least punishments must be those of joint actions that are themselves claimed
    sustained = claim.extra["sustained"].reshape(game.cells, -1)
    most = np.where(sustained, total, -np.inf).max(axis=1)
    least = np.where(sustained[..., np.newaxis], cheating, np.inf).min(axis=1)
    with np.errstate(invalid="ignore"):
        wrong = np.maximum(claim.extra["largest_sum"] - most, (least - claim.extra["worst"]).max(axis=1))[
            cell
        ]
    residual[cell, place] = np.maximum(np.maximum(lasting, wrong), 0.0) / scale
    return residual
