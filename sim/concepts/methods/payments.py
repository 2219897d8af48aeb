"""Payments: with money between stages only sums of gains from deviating count (Goldlücke and Kranz 2012)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.claim import Claim
from sim.game import Floats, Judgement

__all__ = ["StageFacts", "paid_to_stay", "stage_facts"]


@dataclass(frozen=True)
class StageFacts:
    """Of each joint action: ``total (C, J)`` payoffs in sum, ``cheating (C, J, n)`` each player's best deviation.

    ``scale (C,)`` is the sum of the players' ranges.
    """

    total: Floats
    cheating: Floats
    scale: Floats


def stage_facts(game: Any) -> StageFacts:
    """What counts of the stage, in the payoffs' own units."""
    payoffs, shape = game.payoffs, game.payoffs.shape[2:]
    best = [
        np.broadcast_to(payoffs[:, i].max(axis=i + 1, keepdims=True), (game.cells, *shape)).reshape(
            game.cells, -1
        )
        for i in range(len(shape))
    ]
    total = payoffs.sum(axis=1).reshape(game.cells, -1)
    return StageFacts(total, np.stack(best, axis=2), game.scale.sum(axis=1))


def paid_to_stay(game: Any, claim: Claim, _judgement: Judgement) -> Floats:
    """What the claimed joint actions lack to be enforced by each other, ``(C, K)`` in units of all ranges in sum.

    Staying must be worth as much to all together as what each could have by leaving, in the worst of the
    claimed joint actions for him ever after.
    """
    facts, shape = stage_facts(game), game.payoffs.shape[2:]
    residual = np.full(claim.strategy.shape[:2], np.nan)
    cell, place = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    actions = claim.strategy[cell, place].argmax(axis=-1)
    joint = np.ravel_multi_index(tuple(actions.T), shape)
    d, scale = game.discount[cell, 0], facts.scale[cell]
    leaving = facts.cheating[cell, joint].sum(axis=1)
    lasting = (1.0 - d) * (leaving - facts.total[cell, joint]) + d * (
        claim.extra["worst"][cell].sum(axis=1) - claim.extra["largest_sum"][cell]
    )
    # the largest sum and the least punishments must be those of joint actions that are themselves claimed
    sustained = claim.extra["sustained"].reshape(game.cells, -1)
    most = np.where(sustained, facts.total, -np.inf).max(axis=1)
    least = np.where(sustained[..., np.newaxis], facts.cheating, np.inf).min(axis=1)
    with np.errstate(invalid="ignore"):
        wrong = np.maximum(claim.extra["largest_sum"] - most, (least - claim.extra["worst"]).max(axis=1))[
            cell
        ]
    residual[cell, place] = np.maximum(np.maximum(lasting, wrong), 0.0) / scale
    return residual
