"""Rest of the replicator dynamics, in which populations imitate success."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim
from sim.forms.normal import NormalForm
from sim.game import Floats, Game, Judgement
from sim.kernels.base.tolerances import SLOW
from sim.plugins import concept

__all__ = ["rest"]


def rest(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """Fastest change of any share, and gain of any action present at the start, in units of the range.

    A limit of paths on which an action is present cannot leave it a gain (Hofbauer and Sigmund 1998).
    """
    result = np.full(claim.strategy.shape[:2], np.nan)
    cell, place = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    if cell.size:
        chosen = game.take(cell)
        strategy = claim.strategy[cell, place]
        reply = np.where(game.mask, chosen.deviations(strategy), 0.0)
        gain = (reply - (strategy * reply).sum(axis=-1, keepdims=True)) / chosen.scale[..., np.newaxis]
        present = game.mask & (claim.extra["start"][cell] > 0)
        growing = np.where(present, gain, 0.0).max(axis=(1, 2))
        appeared = np.where(present, 0.0, strategy).max(axis=(1, 2))
        speed = np.abs(strategy * gain).max(axis=(1, 2))
        # growth this slow is tied as far as the integration can tell
        result[cell, place] = np.maximum(np.maximum(speed, appeared), np.where(growing > SLOW, growing, 0.0))
    return result


concept(
    "replicator",
    "imitation of success comes to rest here (Taylor and Jonker 1978)",
    title="rest points of the replicator dynamics",
    residual={NormalForm: rest},
    rank=101,
)
