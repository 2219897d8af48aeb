"""Logit equilibria along the path that starts at precision zero.

Unknowns are the log-odds of each action against its player's first, and the precision: ``N + 1`` numbers
for N equations ``odds = prior + precision * (payoff of the action - payoff of the first action)``.  The
curve is followed by a step along its tangent and Newton's method at right angles to it, so that it may
turn back in precision (Turocy 2005).  Steps shrink where the curve bends; where they vanish, the path is
lost, and the place is reported.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.joint_actions import replies
from sim.kernels.base.linear import gauss
from sim.kernels.base.tolerances import ROUNDED, SHORTEST
from sim.kernels.one_shot.mixed_support import indifferent

__all__ = ["LOST", "REACHED", "STEPS", "logit_paths"]

REACHED, STEPS, LOST = 0, 1, 2
CROSSING = 1e-3
STRAIGHT = 0.9  # cosine between the tangents before and after a step, at least
NEAR = 1e-3  # play this near to an equilibrium, at a precision this side of END, has it as its limit
END = 1e7


@kernel()
def softmax(odds: Array, sizes: Array, play: Array) -> int:
    """Play from log-odds against each player's first action, ``odds (N,) -> play (n, A)``."""
    k = 0
    for i in range(sizes.size):
        play[i, 0] = 0.0
        top = 0.0
        for a in range(1, sizes[i]):
            play[i, a] = odds[k]
            top = max(top, odds[k])
            k += 1
        total = 0.0
        for a in range(sizes[i]):
            play[i, a] = math.exp(play[i, a] - top)
            total += play[i, a]
        for a in range(sizes[i]):
            play[i, a] /= total
    return 0


@kernel()
def pairs(payoffs: Array, sizes: Array, stride: Array, play: Array, pair: Array) -> int:
    """Payoff of player i when he plays a and j plays b, ``(n, J), (n, A) -> pair (n, A, n, A)``."""
    players, joints = payoffs.shape
    pair[:] = 0.0
    for s in range(joints):
        for i in range(players):
            for j in range(players):
                if j != i:
                    weight = payoffs[i, s]
                    for other in range(players):
                        if other not in (i, j):
                            weight *= play[other, s // stride[other] % sizes[other]]
                    pair[i, s // stride[i] % sizes[i], j, s // stride[j] % sizes[j]] += weight
    return 0


@kernel()
def equations(
    payoffs: Array, sizes: Array, stride: Array, prior: Array, point: Array, play: Array, reply: Array, pair: Array,
    matrix: Array, right: Array,
) -> float:  # fmt: skip
    """Right-hand side and Jacobian of the logit equations at ``point (N + 1,)``: the largest error.

    Row N of the Jacobian is left to the caller.
    """
    players, size = sizes.size, prior.size
    softmax(point, sizes, play)
    replies(payoffs, sizes, stride, play, reply)
    pairs(payoffs, sizes, stride, play, pair)
    worst, k = 0.0, 0
    for i in range(players):
        for a in range(1, sizes[i]):
            gap = reply[i, a] - reply[i, 0]
            right[k] = prior[k] + point[size] * gap - point[k]
            worst = max(worst, abs(right[k]))
            matrix[k, size] = -gap
            column = 0
            for j in range(players):
                mean = 0.0
                if j != i:
                    for b in range(sizes[j]):
                        mean += play[j, b] * (pair[i, a, j, b] - pair[i, 0, j, b])
                for b in range(1, sizes[j]):
                    slope = 0.0
                    if j != i:
                        slope = play[j, b] * (pair[i, a, j, b] - pair[i, 0, j, b] - mean)
                    matrix[k, column] = (1.0 if column == k else 0.0) - point[size] * slope
                    column += 1
            k += 1
    right[size] = 0.0
    return worst


@kernel()
def turn(matrix: Array, tangent: Array, ahead: Array, size: int) -> float:
    """The tangent ``ahead`` where the Jacobian is ``matrix``, turned to agree with the old one.

    The cosine between them, with the sign of the determinant; 0 where there is no tangent.
    """
    matrix[size] = tangent
    ahead[:] = 0.0
    ahead[size] = 1.0
    sign = gauss(matrix, ahead, size + 1)
    square = 0.0
    for k in range(size + 1):
        square += ahead[k] * ahead[k]
    norm = np.sqrt(square)
    for k in range(size + 1):
        ahead[k] /= norm
    return sign / norm


@kernel()
def logit_paths(
    payoffs: Array, sizes: Array, stride: Array, prior: Array, target: Array, steps: int, first: int, last: int,
    strategy: Array, reached: Array, stopped: Array, path: Array, along: Array,
) -> int:  # fmt: skip
    """Follow the path of each cell to ``target (C,)``, or with an infinite target to an equilibrium.

    ``payoffs (C, n, J)``, ``prior (N,)`` the log-odds at precision zero -> ``strategy (C, n, A)`` where the
    path ends, ``reached (C,)`` the precision there, ``stopped (C,)`` one of REACHED, STEPS, LOST;
    ``path (C, P, n, A)`` and ``along (C, P)`` take the first P points of the path, NaN beyond its end.
    """
    players, most = sizes.size, max(sizes)
    size = prior.size
    point, trial, tangent = np.empty(size + 1), np.empty(size + 1), np.empty(size + 1)
    right, ahead = np.empty(size + 1), np.empty(size + 1)
    matrix = np.empty((size + 1, size + 1))
    reply, pair = np.zeros((players, most)), np.empty((players, most, players, most))
    play, guess = np.zeros((players, most)), np.zeros((players, most))
    for c in range(first, last):
        goal = target[c]
        point[:size] = prior
        point[size] = 0.0
        tangent[:] = 0.0
        tangent[size] = 1.0
        length, check, side = 0.1, 8.0, 1.0
        stopped[c] = STEPS
        path[c] = np.nan
        along[c] = np.nan
        for step in range(steps):
            equations(payoffs[c], sizes, stride, prior, point, play, reply, pair, matrix, right)
            if step < path.shape[1]:
                path[c, step] = play
                along[c, step] = point[size]
            if point[size] >= goal or size == 0:
                stopped[c] = REACHED
                break
            if np.isinf(goal) and point[size] >= check:
                check *= 1.5
                if limit(payoffs[c], sizes, stride, play, guess, reply, point[size]):
                    play[:] = guess
                    stopped[c] = REACHED
                    break
                if point[size] > END:
                    break
            if step == 0:
                side = turn(matrix, tangent, ahead, size)
                tangent[:] = ahead
            while True:
                whole = tangent[size] > 0.0 and point[size] + length * tangent[size] >= goal
                stride_length = (goal - point[size]) / tangent[size] if whole else length
                trial[:] = point + stride_length * tangent
                if whole:
                    trial[size] = goal
                error, before, done = 0.0, np.inf, False
                for correction in range(12):
                    error = equations(
                        payoffs[c], sizes, stride, prior, trial, play, reply, pair, matrix, right
                    )
                    size_of = 1.0 + abs(trial[size])
                    if whole and error <= ROUNDED * size_of:
                        done = True
                        break
                    if not whole and error <= 1e-8 * size_of:
                        done = True
                        break
                    if not error < 0.5 * before and not (whole and before < 1e-9 * size_of):
                        break
                    if not error < 0.5 * before:  # exact as far as rounding goes
                        done = True
                        break
                    before = error
                    if whole:
                        matrix[size] = 0.0
                        matrix[size, size] = 1.0
                    else:
                        matrix[size] = tangent
                    if not gauss(matrix, right, size + 1):
                        break
                    if correction == 0 and np.abs(right).max() > 0.3 * (0.1 + stride_length):
                        break
                    trial += right
                bend = 0.0
                if not whole and trial[size] >= goal:  # corrected past the goal, where it is not exact
                    done = False
                if done and trial[size] >= 0.0:
                    equations(payoffs[c], sizes, stride, prior, trial, play, reply, pair, matrix, right)
                    bend = turn(matrix, tangent, ahead, size)
                # along the path the determinant keeps its sign, except at a bifurcation, which is crossed
                # only when the step is so short that it can be nothing else
                straight = abs(bend) > STRAIGHT and (bend * side > 0.0 or stride_length < CROSSING)
                if straight or (whole and done and stride_length < CROSSING):  # or a bifurcation at the goal
                    side = bend
                    length = stride_length * (2.0 if correction <= 2 else (1.2 if correction <= 4 else 0.7))
                    point[:] = trial
                    tangent[:] = ahead
                    break
                length = 0.4 * stride_length
                if length < SHORTEST * (1.0 + point[size]):
                    length = 0.0
                    break
            if length == 0.0:
                stopped[c] = LOST
                break
        if stopped[c] != REACHED:
            softmax(point, sizes, play)
        strategy[c] = play
        reached[c] = point[size]
    return 0


@kernel()
def limit(
    payoffs: Array, sizes: Array, stride: Array, play: Array, guess: Array, reply: Array, precision: float
) -> bool:
    """Whether an equilibrium is so near that the path ends there; ``guess (n, A)`` takes it."""
    for cut in (1e-2, 1e-4, 0.2):
        for i in range(sizes.size):
            top = play[i, : sizes[i]].max()
            total = 0.0
            for a in range(sizes[i]):
                guess[i, a] = play[i, a] if play[i, a] > cut * top else 0.0
                total += guess[i, a]
            for a in range(sizes[i]):
                guess[i, a] /= total
        if indifferent(payoffs, sizes, stride, guess, reply):
            far = np.abs(guess - play).max()
            if far <= NEAR or (precision > 1e4 and far <= 30.0 * NEAR):
                return True
    return False
