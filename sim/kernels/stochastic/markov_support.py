"""Markov-perfect equilibria with given supports, by Newton's method on indifference.

An agent is a player in a state.  Given which actions each agent mixes, the unknowns are the weights of
all of them but one (the agent's base), the equations that each pays what the base pays; values follow
from play by a linear system, so they are no unknowns.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.linear import factor, substitute
from sim.kernels.base.tolerances import CONVERGED, POLISHED, ZERO
from sim.kernels.stochastic.markov_response import Cell, Play, action_values, gap_slope, respond

__all__ = ["indifferent", "is_equilibrium"]


@kernel()
def is_equilibrium(cell: Cell, play: Play) -> bool:
    """Whether no agent gains by a one-shot deviation more than rounding could explain; False on NaN."""
    players, states = cell.counts.shape
    for i in range(players):
        for s in range(states):
            best = -np.inf
            kept = 0.0
            for a in range(cell.counts[i, s]):
                best = max(best, play.action[i, s, a])
                kept += play.weight[i, s, a] * play.action[i, s, a]
            if not best - kept <= POLISHED * cell.scale[i]:
                return False
    return True


@kernel()
def indifferent(cell: Cell, play: Play, steps: int) -> bool:
    """Move the weights to indifference on ``play.support``; True where that is an equilibrium.

    Values and action values are renewed.  A system that is singular (as in degenerate games, where
    supports leave freedom) is solved by least squares with a vanishing ridge.
    """
    counts, support, weight, action = cell.counts, play.support, play.weight, play.action
    through, pair, side = play.through, play.pair, play.side
    players, states = counts.shape
    size = 0
    for i in range(players):
        for s in range(states):
            for a in range(counts[i, s]):
                size += support[i, s, a]
            size -= 1
    agent = np.empty((size, 3), np.int64)
    base = np.empty((players, states), np.int64)
    k = 0
    for i in range(players):
        for s in range(states):
            heaviest = -1
            for a in range(counts[i, s]):
                if support[i, s, a] and (heaviest < 0 or weight[i, s, a] > weight[i, s, heaviest]):
                    heaviest = a
            base[i, s] = heaviest
            for a in range(counts[i, s]):
                if support[i, s, a] and a != heaviest:
                    agent[k, 0], agent[k, 1], agent[k, 2] = i, s, a
                    k += 1
    matrix = np.empty((size, size))
    kept = np.empty((size, size))
    right = np.empty(size)
    order = np.empty(size, np.int64)
    last = np.inf
    for step in range(steps + 1):
        action_values(cell, play)
        worst = 0.0
        for k in range(size):
            i, s, a = agent[k, 0], agent[k, 1], agent[k, 2]
            right[k] = action[i, s, base[i, s]] - action[i, s, a]
            worst = max(worst, abs(right[k]) / cell.scale[i])
        if not worst < 1e6:
            return False
        if worst <= CONVERGED or (worst <= ZERO and worst >= 0.5 * last) or step == steps:
            break
        last = worst
        respond(cell, play)
        for k in range(size):
            i, s, a = agent[k, 0], agent[k, 1], agent[k, 2]
            for c in range(size):
                j, t, b = agent[c, 0], agent[c, 1], agent[c, 2]
                slope = gap_slope(through, pair, side, i, s, a, base[i, s], j, t, b)
                slope -= gap_slope(through, pair, side, i, s, a, base[i, s], j, t, base[j, t])
                matrix[k, c] = slope / cell.scale[i]
            right[k] /= cell.scale[i]
        kept[:] = matrix
        if factor(matrix, order):
            substitute(matrix, order, right)
        else:
            least_squares(kept, right, matrix, order)
        for k in range(size):
            i, s, a = agent[k, 0], agent[k, 1], agent[k, 2]
            weight[i, s, a] += right[k]
            weight[i, s, base[i, s]] -= right[k]
    for i in range(players):
        for s in range(states):
            for a in range(counts[i, s]):
                if not weight[i, s, a] >= -ZERO:
                    return False
                if weight[i, s, a] < 0.0:
                    weight[i, s, base[i, s]] += weight[i, s, a]
                    weight[i, s, a] = 0.0
    found: bool = is_equilibrium(cell, play)
    return found


@kernel()
def least_squares(system: Array, right: Array, work: Array, order: Array) -> None:
    """A solution of least norm and least residual, nearly: ``(J'J + ridge) x = J'b``; ``right`` becomes x."""
    size = right.shape[0]
    target = np.zeros(size)
    largest = 0.0
    for r in range(size):
        for c in range(size):
            total = 0.0
            for k in range(size):
                total += system[k, r] * system[k, c]
            work[r, c] = total
            largest = max(largest, abs(total))
        for k in range(size):
            target[r] += system[k, r] * right[k]
    for r in range(size):
        work[r, r] += 1e-10 * largest + 1e-14
    right[:] = 0.0
    if factor(work, order):
        right[:] = target
        substitute(work, order, right)
