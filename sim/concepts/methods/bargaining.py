"""Bargaining solutions, each by its own optimality condition on the set of feasible payoffs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.claim import Claim
from sim.game import Floats, Game, Judgement
from sim.kernels.base.tolerances import TIE

__all__ = ["equal_gains", "largest_product", "largest_sum", "proportional_gains"]

THIRDS = 120  # halving steps of a search for a smallest value, enough for all digits


def largest_product(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """No feasible payoffs rise against the gradient of the product of gains (Nash 1950)."""
    points, gain, own, worst = measured(game, claim, game.scale)
    power = claim.extra["power"]
    with np.errstate(invalid="ignore"):
        change = points - own[..., np.newaxis]
        slope = power * gain[:, 1], (1 - power) * gain[:, 0]
        rise = slope[0][:, np.newaxis] * change[:, 0] + slope[1][:, np.newaxis] * change[:, 1]
        worst = np.maximum(worst, rise.max(axis=-1))
    # where a gain vanishes the gradient says nothing, and efficiency decides
    return np.maximum(worst, shortfall(change))[:, np.newaxis]


def proportional_gains(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """Gains are efficient and in proportion to the ideal gains (Kalai and Smorodinsky 1975)."""
    points, gain, own, worst = measured(game, claim, game.scale)
    with np.errstate(invalid="ignore"):
        change = points - own[..., np.newaxis]
        point = own - gain
        ideal = [most(points, point, weights) - point[:, i] for i, weights in enumerate([(1, 0), (0, 1)])]
        uneven = np.abs(gain[:, 0] * ideal[1] - gain[:, 1] * ideal[0])
    return np.max([worst, uneven, shortfall(change)], axis=0)[:, np.newaxis]


def equal_gains(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """The smaller gain is as large as can be (Kalai 1977)."""
    points, gain, own, worst = measured(game, claim, game.scale.max(axis=1, keepdims=True))
    with np.errstate(invalid="ignore"):
        over = points - (own - gain)[..., np.newaxis]
        worst = np.maximum(worst, shortfall(over) - gain.min(axis=1))
        worst = np.maximum(worst, shortfall(points - own[..., np.newaxis]))
    return worst[:, np.newaxis]


def largest_sum(game: Game, claim: Claim, _judgement: Judgement) -> Floats:
    """No agreement that both accept has a larger sum of payoffs."""
    points, gain, own, worst = measured(game, claim, game.scale.max(axis=1, keepdims=True))
    with np.errstate(invalid="ignore"):
        worst = np.maximum(worst, most(points, own - gain, (1, 1)) - own.sum(axis=1))
    return worst[:, np.newaxis]


def measured(game: Game, claim: Claim, unit: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Payoffs of joint actions ``(C, 2, J)``, gains and value ``(C, 2)`` in a unit, and what is wrong at once.

    Wrong at once: a lottery that is none, or a player who gets less than his disagreement payoff.
    """
    assert claim.joint is not None
    joint = claim.joint[:, 0].reshape(game.cells, -1)
    flat = game.payoffs.reshape(game.cells, 2, -1)
    with np.errstate(invalid="ignore", over="ignore"):
        low = flat.min(axis=-1)
        points = (flat - low[..., np.newaxis]) / np.broadcast_to(unit, low.shape)[..., np.newaxis]
        own = np.einsum("cj,cij->ci", joint, points)
        gain = own - (claim.extra["disagreement"] - low) / unit
        wrong = np.maximum(np.abs(joint.sum(axis=1) - 1), -joint.min(axis=1))
        wrong = np.maximum(wrong, (-gain).max(axis=1))
    return points, gain, own, wrong


def shortfall(change: Floats) -> Floats:
    """Most by which both can be better off at once, ``(C, 2, J) -> (C,)``.

    By duality the least, over weights of the players, of the largest weighted change.
    """

    def largest(weight: Floats) -> Floats:
        share = weight[:, np.newaxis]
        return np.asarray((share * change[:, 0] + (1 - share) * change[:, 1]).max(axis=-1))

    return least(largest, np.zeros(len(change)), np.ones(len(change)))


def least(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Smallest value of a function that falls and then rises, ``(C,)`` each."""
    for _ in range(THIRDS):
        a, b = low + 0.4 * (high - low), low + 0.6 * (high - low)
        falling = function(b) < function(a)
        low, high = np.where(falling, a, low), np.where(falling, high, b)
    return function(0.5 * (low + high))


def most(points: Floats, point: Floats, weights: tuple[int, int]) -> Floats:
    """Largest weighted sum of feasible payoffs that are nowhere below ``point``, ``(C,)``.

    It is reached at a joint action, or where a segment between two of them meets an edge of what is
    acceptable: all of these are looked at.
    """
    best = np.full(len(points), -np.inf)
    worth = weights[0] * points[:, 0] + weights[1] * points[:, 1]
    over = points - point[..., np.newaxis]
    best = np.maximum(best, np.where((over >= -TIE).all(axis=1), worth, -np.inf).max(axis=-1))
    for s in range(points.shape[-1]):
        for i in range(2):
            step = over[:, i] - over[:, i, s, np.newaxis]
            with np.errstate(divide="ignore", invalid="ignore"):
                share = -over[:, i, s, np.newaxis] / step
                other = over[:, 1 - i, s, np.newaxis] * (1 - share) + share * over[:, 1 - i]
                value = worth[:, s, np.newaxis] * (1 - share) + share * worth
                inside = (share >= 0) & (share <= 1) & (other >= -TIE)
            best = np.maximum(best, np.where(inside, value, -np.inf).max(axis=-1))
    return best
