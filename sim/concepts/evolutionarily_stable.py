"""Evolutionarily stable strategies: no small invasion of mutants pays."""

from __future__ import annotations

import itertools

import numpy as np

from sim.claim import Claim
from sim.forms.normal import NormalForm
from sim.game import Floats, Game, Judgement
from sim.kernels.base.tolerances import ROUNDED, STABLE, ZERO
from sim.plugins import concept

__all__ = ["stability"]


def stability(game: Game, claim: Claim, judgement: Judgement) -> Floats:
    """Regret of symmetric play, and 1 where some mutant does at least as well as it against himself.

    Every mutant among the best replies lies on a ray through one that misses an action of the strategy.
    On each face of such mutants, the largest advantage ``(y - x) A y`` is at a stationary point of the face
    or of a smaller one.
    """
    result = np.array(judgement.relative)
    cell, place = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    if not cell.size:
        return result
    own = game.payoffs[cell, 0] / game.scale[cell, 0, np.newaxis, np.newaxis]
    x = claim.strategy[cell, place, 0, : own.shape[1]]
    reply = np.einsum("cab,cb->ca", own, x)
    value = (x * reply).sum(axis=1)
    best = reply >= value[:, np.newaxis] - STABLE
    advantage = np.full(cell.size, -np.inf)
    size = own.shape[1]
    both = own + own.swapaxes(1, 2)
    for face in itertools.chain.from_iterable(
        itertools.combinations(range(size), k) for k in range(1, size + 1)
    ):
        inside = list(face)
        outside = np.setdiff1d(np.arange(size), inside)
        mutants = best[:, inside].all(axis=1) & (x[:, outside] > 0).any(axis=1)
        if not mutants.any():
            continue
        # stationary: (A + A') y - A' x is constant on the face, and the shares sum to one
        system = np.zeros((mutants.sum(), len(inside) + 1, len(inside) + 1))
        system[:, :-1, :-1] = both[mutants][:, inside][:, :, inside]
        system[:, :-1, -1], system[:, -1, :-1] = -1.0, 1.0
        right = np.ones((mutants.sum(), len(inside) + 1, 1))
        right[:, :-1, 0] = np.einsum("ca,cab->cb", x[mutants], own[mutants])[:, inside]
        regular = np.abs(np.linalg.det(system)) > ZERO
        y = np.zeros((mutants.sum(), size))
        if regular.any():
            y[np.ix_(regular, inside)] = np.linalg.solve(system[regular], right[regular])[:, :-1, 0]
        there = regular & (y[:, inside] >= 0).all(axis=1)
        change = np.einsum("ca,cab,cb->c", y - x[mutants], own[mutants], y)
        which = np.nonzero(mutants)[0]
        advantage[which] = np.maximum(advantage[which], np.where(there, change, -np.inf))
    uneven = np.abs(claim.strategy[cell, place, 0] - claim.strategy[cell, place, 1]).max(axis=1)
    fault = np.maximum(np.where(advantage < -ROUNDED, 0.0, 1.0), uneven)
    result[cell, place] = np.maximum(result[cell, place], fault)
    return result


concept(
    "evolutionarily_stable",
    "no small invasion pays (Maynard Smith and Price 1973)",
    title="evolutionarily stable strategies",
    residual={NormalForm: stability},
    rank=100,
)
