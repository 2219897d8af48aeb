"""Evolutionarily stable strategies: no small invasion of mutants pays."""

from __future__ import annotations

import itertools

import numpy as np

from sim.claim import Claim
from sim.concepts.methods.units import positive
from sim.forms.normal import NormalForm
from sim.game import Floats, Game, Judgement
from sim.kernels.base.tolerances import LEVEL_NOISE, ROUNDED, TIE, ZERO
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
    table = game.payoffs[cell, 0]
    x = claim.strategy[cell, place, 0, : table.shape[1]]
    # from the likeliest action: a payoff that all share costs no digits
    likely = table[np.arange(cell.size), x.argmax(axis=1)][:, np.newaxis]
    own = table - likely
    reply, stake = np.einsum("cab,cb->ca", own, x), np.einsum("cab,cb->ca", np.abs(own), x)
    noise = LEVEL_NOISE * np.einsum("cab,cb->ca", np.maximum(np.abs(table), np.abs(likely)), x)
    value, level = ((x * part).sum(axis=1, keepdims=True) for part in (reply, stake + noise))
    best = reply >= value - TIE * (stake + level) - noise
    advantage = np.full(cell.size, -np.inf)
    size = own.shape[1]
    both = own + own.swapaxes(1, 2)
    unit = 1.0 / np.sqrt(positive(np.abs(both).max(axis=2)))
    both *= unit[:, :, np.newaxis] * unit[:, np.newaxis]
    for face in itertools.chain.from_iterable(
        itertools.combinations(range(size), k) for k in range(1, size + 1)
    ):
        inside = list(face)
        outside = np.setdiff1d(np.arange(size), inside)
        mutants = best[:, inside].all(axis=1) & (x[:, outside] > 0).any(axis=1)
        if not mutants.any():
            continue
        # stationary: (A + A') y - A' x is constant on the face, and the shares sum to one
        here = unit[mutants][:, inside]
        edge = here / here.max(axis=1, keepdims=True)
        system = np.zeros((mutants.sum(), len(inside) + 1, len(inside) + 1))
        system[:, :-1, :-1] = both[mutants][:, inside][:, :, inside]
        system[:, :-1, -1], system[:, -1, :-1] = -edge, edge
        right = np.empty((mutants.sum(), len(inside) + 1, 1))
        right[:, :-1, 0] = here * np.einsum("ca,cab->cb", x[mutants], own[mutants])[:, inside]
        right[:, -1, 0] = 1.0 / here.max(axis=1)
        regular = np.abs(np.linalg.det(system)) > ZERO
        y = np.zeros((mutants.sum(), size))
        if regular.any():
            shares = np.linalg.solve(system[regular], right[regular])[:, :-1, 0]
            y[np.ix_(regular, inside)] = shares * here[regular]
        there = regular & (y[:, inside] >= 0).all(axis=1)
        change = np.einsum("ca,cab,cb->c", y - x[mutants], own[mutants], y)
        terms = np.abs(y - x[mutants]), np.abs(own[mutants]), np.abs(y)
        change /= positive(np.einsum("ca,cab,cb->c", *terms))
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
