"""Elimination, checked verdict by verdict: mixtures prove what went, beliefs prove what stays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim
from sim.game import Floats, Game, Judgement

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
    """The worst fault of any verdict of the cell, and 1 for an answer that does not survive, ``(C, K)``."""
    sizes = game.payoffs.shape[2:]
    survives, removed = claim.extra["survives"], claim.extra["round"]
    worst = np.zeros(game.cells)
    for i, size in enumerate(sizes):
        own = np.moveaxis(game.payoffs[:, i], i + 1, 1).reshape(game.cells, size, -1)
        own = np.where(np.isfinite(own), own, 0.0) / game.scale[:, i, np.newaxis, np.newaxis]
        width = own.shape[-1]
        for a in range(size):
            fault_if_gone = dominated(claim, own, i, a, sizes, weak=weak)
            belief = claim.extra["belief"][:, i, a, :width]
            alive = others_alive(survives, i, sizes)
            regret = np.einsum("co,cbo->cb", belief, own - own[:, a : a + 1]).max(axis=1)
            fault = np.maximum(regret, np.abs((belief * alive).sum(axis=1) - 1))
            fault = np.maximum(fault, -belief.min(axis=1))
            if weak:
                regret = np.where(
                    survives[:, i, :size], np.einsum("co,cbo->cb", belief, own - own[:, a : a + 1]), 0
                )
                fault = np.maximum(regret.max(axis=1), np.abs((belief * alive).sum(axis=1) - 1))
                fault = np.where(((belief > 0) | ~alive).all(axis=1), fault, 1.0)
            consistent = survives[:, i, a] == (removed[:, i, a] == 0)
            fault = np.where(survives[:, i, a], fault, fault_if_gone)
            worst = np.maximum(worst, np.where(consistent, fault, 1.0))
    stays = np.where(claim.strategy > 0, survives[:, np.newaxis], True).all(axis=(-2, -1))
    claimed = ~np.isnan(claim.strategy[..., 0, 0])
    missing = claimed.sum(axis=1) != survives.sum(axis=-1).prod(axis=-1)
    worst = np.where(missing, 1.0, worst)
    return np.where(stays, worst[:, np.newaxis], 1.0)


def dominated(claim: Claim, own: Floats, i: int, a: int, sizes: tuple[int, ...], *, weak: bool) -> Floats:
    """How far the claimed mixture is from dominating action a when it went, ``(C,)``."""
    removed = claim.extra["round"]
    number = removed[:, i, a, np.newaxis, np.newaxis]
    alive = (removed == 0) | (removed >= number)
    there = others_alive(alive, i, sizes)
    mixture = claim.extra["dominator"][:, i, a, : sizes[i]]
    outside = np.abs((mixture * alive[:, i, : sizes[i]]).sum(axis=1) - 1)
    outside = np.maximum(outside, -mixture.min(axis=1))
    gain = np.einsum("cb,cbo->co", mixture, own) - own[:, a]
    least = np.where(there, gain, np.inf).min(axis=1)
    most = np.where(there, gain, -np.inf).max(axis=1)
    if weak:
        return np.asarray(np.maximum(np.maximum(-least, outside), np.where(most > 0, 0.0, 1.0)))
    return np.asarray(np.maximum(outside, np.where(least > 0, 0.0, 1.0)))
