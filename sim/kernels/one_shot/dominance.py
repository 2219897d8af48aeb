"""Dominance: iterated elimination with the proof of each verdict, and whether a strategy is admissible."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.matrix_game import matrix_game, others_of
from sim.kernels.base.simplex import label, maximise
from sim.kernels.base.tolerances import DOMINATED

__all__ = ["admissible", "eliminate", "weak_mixture"]


@kernel()
def weak_mixture(gain: Array, rows: int, columns: int, mixture: Array, belief: Array) -> float:
    """Most that a mixture of rows gains in total while it loses in no column; NaN where the programme fails.

    ``gain (rows, columns)``; ``mixture (rows,)`` is the best one.  Where it gains nothing, ``belief
    (columns,)`` is positive everywhere and no row gains against it.
    """
    tableau = np.zeros((columns + 2, rows + 2))
    basic, nonbasic = np.empty(columns + 1, np.int64), np.empty(rows, np.int64)
    for b in range(rows):
        for o in range(columns):
            tableau[o, b] = -gain[b, o]
            tableau[columns + 1, b] -= gain[b, o]
        tableau[columns, b] = 1.0
    tableau[columns, rows] = 1.0
    label(basic, nonbasic)
    if maximise(tableau, columns + 1, basic, nonbasic) != 0:
        return np.nan
    mixture[:rows] = 0.0
    total = 0.0
    for r in range(columns + 1):
        if basic[r] < rows:
            mixture[basic[r]] = max(tableau[r, rows], 0.0)
            total += mixture[basic[r]]
    if total > 0.0:
        mixture[:rows] /= total
    belief[:columns] = 1.0
    weight = 1.0 * columns
    for j in range(rows):
        slack = nonbasic[j] - rows
        if 0 <= slack < columns:
            belief[slack] += max(tableau[columns + 1, j], 0.0)
            weight += max(tableau[columns + 1, j], 0.0)
    belief[:columns] /= weight
    return tableau[columns + 1, rows]


@kernel()
def eliminate(
    payoffs: Array,
    sizes: Array,
    stride: Array,
    weak: bool,
    first: int,
    last: int,
    removed: Array,
    dominator: Array,
    belief: Array,
    failed: Array,
) -> int:
    """Remove all dominated actions of all players at once, again and again, in each cell.

    ``payoffs (C, n, J) -> removed (C, n, A)``: the round in which an action goes, 0 if it survives;
    ``dominator (C, n, A, A)``: the mixture that dominates it; ``belief (C, n, A, O)``: a distribution over
    the others' joint actions, in C order, against which a survivor is a best reply.
    """
    players, joints = payoffs.shape[1:]
    most = max(sizes)
    others, kept, place = np.empty(joints, np.int64), np.empty(joints, np.int64), np.empty(joints, np.int64)
    rival = np.empty(most, np.int64)
    gain = np.empty((most, joints))
    mixture, conjecture = np.empty(most), np.empty(joints)
    for c in range(first, last):
        removed[c] = 0
        dominator[c] = 0.0
        belief[c] = 0.0
        failed[c] = 0
        number = 0
        while True:
            number += 1
            gone = 0
            for i in range(players):
                width = 0
                for o in range(others_of(i, sizes, stride, joints, others)):
                    alive = True
                    for j in range(players):
                        away = removed[c, j, others[o] // stride[j] % sizes[j]]
                        if j != i and 0 < away < number:
                            alive = False
                    if alive:
                        kept[width], place[width] = others[o], o
                        width += 1
                for a in range(sizes[i]):
                    if removed[c, i, a] > 0:
                        continue
                    height = 0
                    for b in range(sizes[i]):
                        if b != a and not 0 < removed[c, i, b] < number:
                            rival[height] = b
                            for o in range(width):
                                there = payoffs[c, i, kept[o] + b * stride[i]]
                                gain[height, o] = there - payoffs[c, i, kept[o] + a * stride[i]]
                            height += 1
                    belief[c, i, a] = 0.0
                    mixture[:] = 0.0
                    conjecture[:] = 1.0 / width
                    verdict = 0.0
                    if height > 0:
                        if weak:
                            verdict = weak_mixture(gain, height, width, mixture, conjecture)
                        else:
                            verdict = matrix_game(gain, height, width, mixture, conjecture)
                    if np.isnan(verdict):
                        failed[c] = 1
                    elif verdict > DOMINATED:
                        removed[c, i, a] = number
                        gone += 1
                        for b in range(height):
                            dominator[c, i, a, rival[b]] = mixture[b]
                    else:
                        for o in range(width):
                            belief[c, i, a, place[o]] = conjecture[o]
            if gone == 0:
                break
    return 0


@kernel()
def admissible(
    payoffs: Array,
    sizes: Array,
    stride: Array,
    strategy: Array,
    index: Array,
    first: int,
    last: int,
    verdict: Array,
) -> int:
    """Whether no player's strategy is weakly dominated, mixed strategies included, for each equilibrium.

    ``payoffs (C, n, J), strategy (C, K, n, A), index (C, K) -> verdict (C, K)``: 1 if none is, 0 if one is or
    nothing is claimed, -1 where the programme fails.  Two proofs need no programme: against play that leaves
    nothing out a best reply is undominated, and where ``index`` is not 0 the strategy is the only one with
    its payoffs against the equilibrium.
    """
    players, joints = payoffs.shape[1:]
    most = max(sizes)
    others, widths = np.empty((players, joints), np.int64), np.empty(players, np.int64)
    for i in range(players):
        widths[i] = others_of(i, sizes, stride, joints, others[i])
    gain, mixture, belief = np.empty((most, joints)), np.empty(most), np.empty(joints)
    for c in range(first, last):
        for k in range(strategy.shape[1]):
            verdict[c, k] = 0 if np.isnan(strategy[c, k, 0, 0]) else 1
            if verdict[c, k] == 0 or index[c, k] != 0:
                continue
            for i in range(players):
                everything = True
                for j in range(players):
                    for a in range(sizes[j]):
                        everything = everything and (j == i or strategy[c, k, j, a] > 0.0)
                if everything or verdict[c, k] != 1:
                    continue
                for o in range(widths[i]):
                    mean = 0.0
                    for a in range(sizes[i]):
                        gain[a, o] = payoffs[c, i, others[i, o] + a * stride[i]]
                        mean += strategy[c, k, i, a] * gain[a, o]
                    for a in range(sizes[i]):
                        gain[a, o] -= mean
                most_gained = weak_mixture(gain, sizes[i], widths[i], mixture, belief)
                if np.isnan(most_gained):
                    verdict[c, k] = -1
                elif most_gained > DOMINATED:
                    verdict[c, k] = 0
    return 0
