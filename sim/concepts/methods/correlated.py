"""Obedience, and optimality among the obedient."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim
from sim.concepts.methods.units import positive
from sim.game import Floats, Game, Judgement
from sim.kernels.base.tolerances import LEVEL_NOISE

__all__ = ["best_coarse_obedience", "best_obedience", "obedience"]


def best_obedience(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """Nobody gains by disobeying advice, and no obedient play is better (worse) for whom it is named."""
    return residual(game, claim, coarse=False)


def best_coarse_obedience(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """Nobody gains by refusing advice unheard, and no such play is better (worse) for whom it is named."""
    return residual(game, claim, coarse=True)


def gains(game: Game, i: int) -> Floats:
    """What player i gains by action b where s is advised, in units of his range, ``(C, s, b)``."""
    sizes = game.payoffs.shape[2:]
    own = np.moveaxis(game.payoffs[:, i], i + 1, -1)  # (C, others.., own)
    change = own[..., np.newaxis, :] - own[..., :, np.newaxis]  # (C, others.., advised, deviation)
    change = np.moveaxis(change, -2, i + 1).reshape(game.cells, -1, sizes[i])
    return np.asarray(change / game.scale[:, i, np.newaxis, np.newaxis])


def advised(sizes: tuple[int, ...], i: int) -> Floats:
    """Which action of player i each joint action advises, as an indicator ``(s, a)``."""
    actions = np.indices(sizes)[i].ravel()
    return np.asarray(actions[:, np.newaxis] == np.arange(sizes[i]), dtype=np.float64)


def obedience(game: Game, joint: Floats, *, coarse: bool = False) -> Floats:
    """Largest gain from disobedience, ``(C, K, A1, .., An) -> (C, K)``.

    In units of the player's range, or of the largest difference that the deviation makes where play gets to.
    """
    flat = joint.reshape(*joint.shape[:2], -1)
    sizes = joint.shape[2:]
    worst: Floats = np.maximum(np.abs(flat.sum(axis=-1) - 1), -flat.min(axis=-1))
    for i in range(len(sizes)):
        advice = np.ones((flat.shape[-1], 1)) if coarse else advised(sizes, i)
        change = gains(game, i)
        gain = np.einsum("cks,sa,csb->ckab", flat, advice, change, optimize=True)
        size, there = np.abs(change), flat > 0
        unit = np.zeros_like(gain)
        for s in range(size.shape[1]):
            for a in np.nonzero(advice[s])[0]:
                met = np.where(there[:, :, s, np.newaxis], size[:, np.newaxis, s], 0.0)
                unit[:, :, a] = np.maximum(unit[:, :, a], met)
        worst = np.maximum(worst, (gain / positive(unit)).max(axis=(-2, -1)))
    return worst


def residual(game: Game, claim: Claim, *, coarse: bool) -> Floats:
    """Disobedience, or what the multipliers leave open above the claimed value, whichever is larger."""
    assert claim.joint is not None
    with np.errstate(invalid="ignore", over="ignore"):
        worst = obedience(game, claim.joint, coarse=coarse)
        sizes = claim.joint.shape[2:]
        flat = claim.joint.reshape(*claim.joint.shape[:2], -1)
        payoffs = game.payoffs.reshape(*game.scale.shape, -1)
        aim = np.concatenate([payoffs.sum(axis=1, keepdims=True), payoffs], axis=1)
        aim = aim - aim.min(axis=-1, keepdims=True)  # the level of payoffs costs no digits
        spread = aim.max(axis=-1, keepdims=True)
        aim = aim / positive(spread)
        aim = np.stack([aim, -aim], axis=2).reshape(flat.shape)
        bound = aim.copy()
        for i in range(len(sizes)):
            multiplier = claim.extra["multipliers"][:, :, i, :, : sizes[i]]
            worst = np.maximum(worst, -multiplier.min(axis=(-2, -1)))
            multiplier = multiplier if coarse else multiplier[:, :, : sizes[i]]
            advice = np.ones((flat.shape[-1], 1)) if coarse else advised(sizes, i)
            change = gains(game, i)
            bound -= np.einsum("ckab,sa,csb->cks", multiplier, advice, change, optimize=True)
            rounded = np.einsum("ckab,sa,csb->cks", np.abs(multiplier), advice, np.abs(change), optimize=True)
            bound -= LEVEL_NOISE * rounded
        open_ = bound.max(axis=-1) - (aim * flat).sum(axis=-1)
        return np.asarray(np.maximum(worst, open_))
