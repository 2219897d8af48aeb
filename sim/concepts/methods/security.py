"""Secured payoffs against the punishments that prove them: the gap closes only at the value."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim
from sim.game import Floats, Game, Judgement
from sim.kernels.base.tolerances import LEVEL_NOISE

__all__ = ["punishment", "pure_punishment", "pure_security", "security"]


def own_first(game: Game, i: int) -> Floats:
    """Payoffs of player i, own action first: ``(C, Ai, joint actions of the others)``."""
    sizes = game.payoffs.shape[2:]
    return np.asarray(np.moveaxis(game.payoffs[:, i], i + 1, 1).reshape(game.cells, sizes[i], -1))


def gap(game: Game, i: int, strategy: Floats, joint: Floats, value: Floats) -> Floats:
    """What the best reply to the punishment gains over what is secured, in units of the range, ``(C,)``."""
    own = own_first(game, i)
    others = np.moveaxis(joint, i + 1, 1).reshape(own.shape).sum(axis=1)
    with np.errstate(invalid="ignore", over="ignore"):
        level = own.min(axis=(1, 2))  # which costs the differences no digits
        own = own - level[:, np.newaxis, np.newaxis]
        secured = np.einsum("ca,cao->co", strategy[:, : own.shape[1]], own).min(axis=1)
        allowed = np.einsum("co,cao->ca", others, own).max(axis=1)
        off = np.maximum(np.abs(value - level - secured) - LEVEL_NOISE * np.abs(level), 0.0)
        wrong = np.maximum(allowed - secured, off) / game.scale[:, i]
        return np.asarray(np.maximum(wrong, improper(joint)))


def improper(joint: Floats) -> Floats:
    """How far numbers are from being probabilities, ``(C, ..) -> (C,)``."""
    flat = joint.reshape(joint.shape[0], -1)
    return np.asarray(np.maximum(np.abs(flat.sum(axis=1) - 1), -flat.min(axis=1)))


def security(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """Every player secures as much as the punishment of him allows (von Neumann 1928)."""
    held, value = claim.extra["punishment"], claim.extra["maxmin"]
    gaps = [gap(game, i, claim.strategy[:, 0, i], held[:, i], value[:, i]) for i in range(len(game.players))]
    worst: Floats = np.max(gaps, axis=0)
    return worst[:, np.newaxis]


def punishment(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """In answer k, the punishment allows player k no more than he secures (von Neumann 1928)."""
    assert claim.joint is not None
    value = claim.extra["minmax"]
    gaps = [
        gap(game, i, claim.strategy[:, i, i], claim.joint[:, i], value[:, i])
        for i in range(len(game.players))
    ]
    return np.stack(gaps, axis=1)


def pure_security(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """Every player's action secures as much as any action does."""
    worst = np.zeros(game.cells)
    for i in range(len(game.players)):
        own = own_first(game, i)
        strategy = claim.strategy[:, 0, i, : own.shape[1]]
        with np.errstate(invalid="ignore", over="ignore"):
            secured = np.einsum("ca,cao->co", strategy, own).min(axis=1)
            short = np.abs(own.min(axis=-1).max(axis=1) - secured)
            wrong = np.maximum(short, np.abs(claim.extra["maxmin"][:, i] - secured)) / game.scale[:, i]
            worst = np.maximum(worst, np.maximum(wrong, 1 - strategy.max(axis=1)))
    return worst[:, np.newaxis]


def pure_punishment(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """In answer k no joint action of the others leaves player k a worse best reply."""
    assert claim.joint is not None
    gaps = []
    for i in range(len(game.players)):
        own = own_first(game, i)
        joint = np.moveaxis(claim.joint[:, i], i + 1, 1).reshape(own.shape)
        with np.errstate(invalid="ignore", over="ignore"):
            played = (joint * own).sum(axis=(1, 2))
            short = np.abs(played - own.max(axis=1).min(axis=-1))
            wrong = np.maximum(short, np.abs(claim.extra["minmax"][:, i] - played)) / game.scale[:, i]
            allowed = np.einsum("co,cao->ca", joint.sum(axis=1), own).max(axis=1)
            wrong = np.maximum(wrong, np.abs(allowed - played) / game.scale[:, i])
            gaps.append(np.maximum(wrong, 1 - joint.max(axis=(1, 2))))
    return np.stack(gaps, axis=1)
