"""Facts of a game that is played in rounds: what leaving a joint action brings at once, and the pure minmax.

Solvers, certificate, patience and automata all read them here.  ``payoffs (C, n, A1, .., An)`` are those of
the stage, in any unit; what comes out has the same unit and the cell first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.game import Floats
from sim.kernels.base.tolerances import FORMULA, SINGULAR

__all__ = ["best_deviations", "gains", "lowest", "pure_equilibria", "pure_minmax", "temptations"]


def best_deviations(payoffs: Floats) -> Floats:
    """What each player gets at most against what the others do in each joint action, ``(C, n, A1, .., An)``.

    His own action there is one of those he can choose from.
    """
    result = np.empty_like(payoffs)
    for i in range(payoffs.shape[1]):
        result[:, i] = payoffs[:, i].max(axis=i + 1, keepdims=True)
    return result


def gains(payoffs: Floats) -> Floats:
    """What the best deviation from each joint action gains each player at once, ``(C, n, A1, .., An)``; 0 or more."""
    with np.errstate(invalid="ignore"):
        result: Floats = best_deviations(payoffs) - payoffs
    return result


def temptations(payoffs: Floats) -> Floats:
    """What the best of all *other* actions brings at once, ``(C, n, A1, .., An)``: a loss where they are worse.

    Minus infinity for a player who has one action only.
    """
    result = np.full_like(payoffs, -np.inf)
    for i, size in enumerate(payoffs.shape[2:]):
        own = np.moveaxis(payoffs[:, i], i + 1, -1)
        best = np.repeat(own[..., np.newaxis, :], size, axis=-2)
        best[..., np.arange(size), np.arange(size)] = -np.inf
        result[:, i] = np.moveaxis(best.max(axis=-1) - own, -1, i + 1)
    return result


def pure_minmax(payoffs: Floats) -> Floats:
    """The least that the others can hold each player to by pure actions while he replies best, ``(C, n)``.

    Source: Mailath and Samuelson (2006), section 2.1.3.
    """
    result = np.empty(payoffs.shape[:2])
    for i in range(payoffs.shape[1]):
        result[:, i] = payoffs[:, i].max(axis=i + 1).reshape(len(payoffs), -1).min(axis=-1)
    return result


def pure_equilibria(payoffs: Floats, scale: Floats) -> NDArray[np.bool_]:
    """Joint actions from which nobody gains more than rounding, ``(C, A1, .., An)``; ``scale (C, n)`` is the range.

    Rounding is that of the two payoffs, and of sums that cancel: next to nothing of the range.
    """
    whole = 2.0 * SINGULAR * scale.reshape(*scale.shape, *(1,) * scale.shape[1])
    with np.errstate(invalid="ignore"):
        room = np.maximum(FORMULA * np.abs(best_deviations(payoffs)), whole)
    return np.asarray((gains(payoffs) <= room).all(axis=1))


def lowest(payoffs: Floats) -> Floats:
    """The lowest payoff of each player, ``(C, n)``: where units of his range are counted from."""
    result: Floats = payoffs.reshape(*payoffs.shape[:2], -1).min(axis=-1)
    return result
