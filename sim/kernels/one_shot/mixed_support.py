"""Equilibria on given supports, for any number of players: Newton's method on indifference."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.joint_actions import replies
from sim.kernels.base.linear import gauss
from sim.kernels.base.tolerances import DAMPING, POLISHED

__all__ = ["indifferent", "regret", "spread_out"]

GOLDEN = 0.6180339887498949


@kernel()
def regret(sizes: Array, play: Array, reply: Array) -> float:
    """Largest gain of any player, given the payoff ``reply (n, A)`` of each action."""
    worst = 0.0
    for i in range(sizes.size):
        mean, best = 0.0, -np.inf
        for a in range(sizes[i]):
            mean += play[i, a] * reply[i, a]
            best = max(best, reply[i, a])
        worst = max(worst, best - mean)
    return worst


@kernel()
def indifferent(payoffs: Array, sizes: Array, stride: Array, play: Array, reply: Array) -> bool:
    """Move ``play (n, A)`` to an equilibrium on its own support; False where there is none near.

    Gauss-Newton steps of least length, so that from a continuum the nearest point is taken.
    ``payoffs (n, J)`` from 0 to 1; ``reply (n, A)`` is scratch.
    """
    players, joints = payoffs.shape
    start = np.empty((players, max(sizes)), np.int64)
    unknowns = 0
    for i in range(players):
        for a in range(sizes[i]):
            start[i, a] = -1
            if play[i, a] > 0.0:
                start[i, a] = unknowns
                unknowns += 1
    slope = np.empty((unknowns + players, unknowns))
    error = np.empty(unknowns + players)
    square = np.empty((unknowns, unknowns))
    change = np.empty(unknowns)
    for _ in range(20):
        replies(payoffs, sizes, stride, play, reply)
        if regret(sizes, play, reply) <= 0.01 * POLISHED:
            return True
        slope[:] = 0.0
        error[:] = 0.0
        for i in range(players):
            mean, number, total = 0.0, 0, 0.0
            for a in range(sizes[i]):
                if start[i, a] >= 0:
                    mean += reply[i, a]
                    total += play[i, a]
                    number += 1
            for a in range(sizes[i]):
                if start[i, a] >= 0:
                    error[start[i, a]] = reply[i, a] - mean / number
                    slope[unknowns + i, start[i, a]] = 1.0
            error[unknowns + i] = total - 1.0
            for s in range(joints):
                row = start[i, s // stride[i] % sizes[i]]
                if row < 0:
                    continue
                for j in range(players):
                    column = start[j, s // stride[j] % sizes[j]]
                    if j == i or column < 0:
                        continue
                    weight = payoffs[i, s]
                    for other in range(players):
                        if other != i and other != j:
                            weight *= play[other, s // stride[other] % sizes[other]]
                    slope[row, column] += weight
                    for a in range(sizes[i]):
                        if start[i, a] >= 0:
                            slope[start[i, a], column] -= weight / number
        for r in range(unknowns):
            change[r] = 0.0
            for k in range(unknowns + players):
                change[r] += slope[k, r] * error[k]
            for c in range(unknowns):
                square[r, c] = DAMPING if r == c else 0.0
                for k in range(unknowns + players):
                    square[r, c] += slope[k, r] * slope[k, c]
        if not gauss(square, change, unknowns):
            return False
        for i in range(players):
            total = 0.0
            for a in range(sizes[i]):
                if start[i, a] >= 0:
                    play[i, a] -= change[start[i, a]]
                    if not play[i, a] > 0.0:
                        return False
                    total += play[i, a]
            for a in range(sizes[i]):
                play[i, a] /= total
    replies(payoffs, sizes, stride, play, reply)
    return regret(sizes, play, reply) <= POLISHED


@kernel()
def spread_out(start: int, sizes: Array, support: Array, play: Array) -> int:
    """Play on a support: the centroid first, then points that fill the inside evenly (Kronecker's sequence)."""
    step = 0.5
    for i in range(sizes.size):
        total = 0.0
        for a in range(sizes[i]):
            if support[i] >> a & 1:
                step = (step + GOLDEN) % 1.0
                play[i, a] = 1.0 if start == 0 else 0.02 + (start * (step + 0.1)) % 1.0
                total += play[i, a]
        for a in range(sizes[i]):
            play[i, a] /= total
    return 0
