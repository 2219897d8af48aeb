"""Elimination, checked verdict by verdict: mixtures prove what went, beliefs prove what stays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim
from sim.concepts.methods.units import positive
from sim.game import Floats, Game, Judgement
from sim.kernels.base.tolerances import LEVEL_NOISE

__all__ = ["strict_elimination", "weak_elimination"]


def strict_elimination(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """What went was strictly dominated; what stays is a best reply to a belief about what stays."""
    return residual(game, claim, weak=False)


def weak_elimination(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """What went was weakly dominated; what stays is a best reply to a belief in all that stays."""
    return residual(game, claim, weak=True)


def others_alive(alive: NDArray[np.bool_], i: int, sizes: tuple[int, ...]) -> NDArray[np.bool_]:
    """Joint actions of the others that are alive, ``(.., n, A) -> (.., O)``."""
    result: NDArray[Any] = np.ones((*alive.shape[:-2], 1), np.bool_)
    for j, size in enumerate(sizes):
        if j != i:
            here = result[..., :, np.newaxis] & alive[..., np.newaxis, j, :size]
            result = here.reshape(*result.shape[:-1], -1)
    return result


def residual(game: Game, claim: Claim, *, weak: bool) -> Floats:
    """The worst fault of any verdict of the cell, and 1 for an answer that does not survive, ``(C, K)``.

    A loss or a gain is measured beyond the rounding of payoffs, in units of the differences that it sums: no
    payoff that a proof does not rest on blurs it.
    """
    sizes = game.payoffs.shape[2:]
    survives, removed = claim.extra["survives"], claim.extra["round"]
    worst = np.zeros(game.cells)
    for i, size in enumerate(sizes):
        own = np.moveaxis(game.payoffs[:, i], i + 1, 1).reshape(game.cells, size, -1)
        own = np.where(np.isfinite(own), own, 0.0)
        width = own.shape[-1]
        for a in range(size):
            gain = own - own[:, a : a + 1]  # (C, action, joint action of the others)
            noise = LEVEL_NOISE * np.maximum(np.abs(own), np.abs(own[:, a : a + 1]))
            fault_if_gone = dominated(claim, gain, noise, i, a, sizes, weak=weak)
            belief = claim.extra["conjecture"][:, i, a, :width]
            alive = others_alive(survives, i, sizes)
            regret = np.einsum("co,cbo->cb", belief, gain) - np.einsum("co,cbo->cb", belief, noise)
            regret /= positive(np.einsum("co,cbo->cb", belief, np.abs(gain)))
            if weak:
                regret = np.where(survives[:, i, :size], regret, 0.0)
            fault = np.maximum(np.maximum(regret.max(axis=1), 0.0), np.abs((belief * alive).sum(axis=1) - 1))
            fault = np.maximum(fault, -belief.min(axis=1))
            if weak:
                fault = np.where(((belief > 0) | ~alive).all(axis=1), fault, 1.0)
            consistent = survives[:, i, a] == (removed[:, i, a] == 0)
            fault = np.where(survives[:, i, a], fault, fault_if_gone)
            worst = np.maximum(worst, np.where(consistent, fault, 1.0))
    stays = np.where(claim.strategy > 0, survives[:, np.newaxis], True).all(axis=(-2, -1))
    claimed = ~np.isnan(claim.strategy[..., 0, 0])
    missing = claimed.sum(axis=1) != survives.sum(axis=-1).prod(axis=-1)
    worst = np.where(missing, 1.0, worst)
    return np.where(stays, worst[:, np.newaxis], 1.0)


def dominated(
    claim: Claim, gain: Floats, noise: Floats, i: int, a: int, sizes: tuple[int, ...], *, weak: bool
) -> Floats:
    """How far the claimed mixture is from dominating action a when it went, ``(C,)``.

    Where no number that it sums is positive, nothing is gained, however much rounding allows.
    """
    removed = claim.extra["round"]
    number = removed[:, i, a, np.newaxis, np.newaxis]
    alive = (removed == 0) | (removed >= number)
    there = others_alive(alive, i, sizes)
    mixture = claim.extra["dominator"][:, i, a, : sizes[i]]
    outside = np.abs((mixture * alive[:, i, : sizes[i]]).sum(axis=1) - 1)
    outside = np.maximum(outside, -mixture.min(axis=1))
    total, blur, size = (np.einsum("cb,cbo->co", mixture, part) for part in (gain, noise, np.abs(gain)))
    loss = np.where(there, np.maximum(-total - blur, 0.0) / positive(size), 0.0).max(axis=1)
    pays = (total > -blur) & ((mixture[..., np.newaxis] > 0) & (gain > 0)).any(axis=1)
    proved = (pays & there).any(axis=1) if weak else (pays | ~there).all(axis=1)
    return np.asarray(np.maximum(np.maximum(loss, outside), np.where(proved, 0.0, 1.0)))
