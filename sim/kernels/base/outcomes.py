"""What play brings about: outcome probabilities of two-player play, and what a map shows of any play."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels import Array, kernel

__all__ = ["bimatrix_outcomes", "holds_and_mixed"]


def bimatrix_outcomes(
    strategy: NDArray[np.float64], of: NDArray[np.int64], outcomes: int
) -> NDArray[np.float64]:
    """Probability of each outcome, ``(C, K, 2, A), (A1, A2) -> (C, K, outcome)``; NaN where none."""
    result = np.zeros((*strategy.shape[:2], outcomes))
    spread(strategy, of, result)
    return result


def holds_and_mixed(
    strategy: NDArray[np.float64], probability: NDArray[np.float64], least: float, pure: float
) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """``(C, K, H, A), (C, K, outcome) -> holds (C, outcome), mixed (C,)``.

    An outcome holds where some equilibrium gives it at least the probability ``least``; an equilibrium is
    mixed where some agent plays no action with more than the probability ``pure``.
    """
    cells, _, outcomes = probability.shape
    holds, mixed = np.zeros((cells, outcomes), np.bool_), np.zeros(cells, np.int32)
    summarise(strategy, probability, least, pure, holds, mixed)
    return holds, mixed


@kernel()
def spread(strategy: Array, of: Array, result: Array) -> int:
    """Add the probability of every joint action to that of its outcome."""
    for c in range(strategy.shape[0]):
        for k in range(strategy.shape[1]):
            if np.isnan(strategy[c, k, 0, 0]):
                result[c, k, :] = np.nan
                continue
            for a in range(of.shape[0]):
                row = strategy[c, k, 0, a]
                if row > 0.0:
                    for b in range(of.shape[1]):
                        result[c, k, of[a, b]] += row * strategy[c, k, 1, b]
    return 0


@kernel()
def summarise(
    strategy: Array, probability: Array, least: float, pure: float, holds: Array, mixed: Array
) -> int:
    """Look at each equilibrium of each cell once."""
    for c in range(strategy.shape[0]):
        for k in range(strategy.shape[1]):
            if np.isnan(strategy[c, k, 0, 0]):
                continue
            for outcome in range(probability.shape[2]):
                if probability[c, k, outcome] >= least:
                    holds[c, outcome] = True
            for agent in range(strategy.shape[2]):
                most = 0.0
                for a in range(strategy.shape[3]):
                    most = max(most, strategy[c, k, agent, a])
                if most <= pure:
                    mixed[c] += 1
                    break
    return 0
