"""The certificate of claimed payoff sets, for any number of players and kind of monitoring.

A point v of the hull of the claimed points W is an equilibrium payoff where some joint action a and
continuations w(y) in that hull, one after each public signal y, keep the promise

    v_i = (1 - d_i) u_i(a) + d_i sum_y pi(y | a) w_i(y)

and leave nobody better off by any other action b of his own,

    (1 - d_i) u_i(a) + d_i sum_y pi(y | a) w_i(y)  >=  (1 - d_i) u_i(a, b) + d_i sum_y pi(y | a, b) w_i(y)

(Abreu, Pearce and Stacchetti 1990).  Where everybody sees what was played, one w follows, and a deviator gets
his worst point of W instead.  A linear programme proposes continuations; **what they lack is then measured on
the conditions themselves**, so that a programme that goes wrong refutes and never certifies.  Everything is
read from payoffs, discounts, monitoring and the claimed points: nothing is shared with the solvers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel
from sim.kernels.base.simplex import label, repair
from sim.kernels.base.tolerances import FORGIVEN, TIE

__all__ = ["generation_lack", "obedience_lack"]

Array = Any  # numba arguments: plain arrays, shapes in the docstrings


@kernel()
def in_units(payoffs: Array, points: Array, u: Array, hull: Array) -> int:
    """Payoffs ``(n, J)`` and points ``(V, n)``, padded with NaN, from 0 to 1 in each player's range: how many points."""
    n, joints = payoffs.shape
    count = 0
    while count < len(points) and not np.isnan(points[count, 0]):
        count += 1
    for i in range(n):
        least, most = payoffs[i].min(), payoffs[i].max()
        span = most - least if most > least else 1.0
        for j in range(joints):
            u[i, j] = (payoffs[i, j] - least) / span
        for k in range(count):
            hull[k, i] = (points[k, i] - least) / span
    return count


@kernel()
def conditions(sizes: Array, seen: bool) -> int:
    """How many conditions of obedience each joint action has."""
    total: int = len(sizes) if seen else sizes.sum() - len(sizes)
    return total


@kernel()
def excess(
    u: Array, d: Array, signals: Array, seen: bool, sizes: Array, stride: Array, j: int, later: Array,
    points: Array, w: Array,
) -> float:  # fmt: skip
    """By how much continuations ``w (Y, n)`` break the worst of all conditions of joint action j.

    ``later (n,)`` is what they must be worth, discounts counted; empty, obedience alone counts.
    """
    worst = 0.0
    for i in range(len(sizes)):
        mean = 0.0
        for y in range(len(w)):
            mean += signals[j, y] * w[y, i]
        if later.size:
            worst = max(worst, abs(d[i] * mean - later[i]))
        stay = (1.0 - d[i]) * u[i, j] + d[i] * mean
        first = j - j // stride[i] % sizes[i] * stride[i]
        for b in range(sizes[i]):
            other = first + b * stride[i]
            if other == j:
                continue
            after = 0.0
            if seen:
                after = points[:, i].min()
            else:
                for y in range(len(w)):
                    after += signals[other, y] * w[y, i]
            worst = max(worst, (1.0 - d[i]) * u[i, other] + d[i] * after - stay)
    return worst


@kernel()
def write_obedience(
    u: Array, d: Array, signals: Array, seen: bool, sizes: Array, stride: Array, j: int, points: Array,
    tableau: Array, row: int,
) -> int:  # fmt: skip
    """Rows that say that nobody gains by leaving joint action j, the last column but one for what they lack.

    Weights of all points but the first are the variables of each signal, the first point has what is left of
    one.  Returns the next free row.
    """
    each, many = len(points) - 1, signals.shape[1]
    slack = many * each
    for i in range(len(sizes)):
        first = j - j // stride[i] % sizes[i] * stride[i]
        hardest = u[i, j]
        for b in range(sizes[i]):
            other = first + b * stride[i]
            hardest = max(hardest, u[i, other])
            if seen or other == j:
                continue
            room = (1.0 - d[i]) * (u[i, j] - u[i, other])
            for y in range(many):
                tilt = d[i] * (signals[other, y] - signals[j, y])
                room -= tilt * points[0, i]
                for k in range(each):
                    tableau[row, y * each + k] = tilt * (points[k + 1, i] - points[0, i])
            tableau[row, slack], tableau[row, slack + 1] = -1.0, room
            row += 1
        if seen:
            room = (1.0 - d[i]) * (u[i, j] - hardest) + d[i] * (points[0, i] - points[:, i].min())
            for k in range(each):
                tableau[row, k] = d[i] * (points[0, i] - points[k + 1, i])
            tableau[row, slack], tableau[row, slack + 1] = -1.0, room
            row += 1
    return row


@kernel()
def lack(
    u: Array, d: Array, signals: Array, seen: bool, sizes: Array, stride: Array, j: int, later: Array,
    points: Array, tableau: Array, basic: Array, nonbasic: Array, w: Array,
) -> float:  # fmt: skip
    """What the best continuations that a programme finds lack to enforce joint action j and to be worth ``later``.

    ``u (n, J)``, ``d (n,)``, ``signals (J, Y)`` (of perfect monitoring, ``seen``, one that always comes),
    ``points (K, n)``; ``tableau (Y + conditions + 2 n + 1, Y (K - 1) + 3)`` and ``w (Y, n)`` are room.
    """
    n, many, each = len(sizes), signals.shape[1], len(points) - 1
    slack = many * each
    rows = len(basic)
    tableau[:] = 0.0
    tableau[rows, slack] = 1.0  # the least that all conditions must be relaxed by
    for y in range(many):
        tableau[y, slack + 1] = 1.0
        for k in range(each):
            tableau[y, y * each + k] = 1.0
    row = write_obedience(u, d, signals, seen, sizes, stride, j, points, tableau, many)
    for i in range(later.size):
        free = later[i] - d[i] * points[0, i]
        for y in range(many):
            for k in range(each):
                step = d[i] * signals[j, y] * (points[k + 1, i] - points[0, i])
                tableau[row, y * each + k], tableau[row + 1, y * each + k] = step, -step
        tableau[row, slack + 1], tableau[row + 1, slack + 1] = free, -free
        tableau[row, slack] = tableau[row + 1, slack] = -1.0
        row += 2
    label(basic, nonbasic)
    repair(tableau, rows, basic, nonbasic, 20 * (rows + slack) + 100, FORGIVEN)
    w[:] = 0.0
    for y in range(many):
        total = 0.0
        for r in range(rows):
            if basic[r] // max(each, 1) == y and basic[r] < slack:
                total += max(tableau[r, slack + 1], 0.0)
        whole = max(total, 1.0)  # weights are probabilities whatever the programme says
        for i in range(n):
            w[y, i] = (whole - total) / whole * points[0, i]
        for r in range(rows):
            if basic[r] // max(each, 1) == y and basic[r] < slack:
                share = max(tableau[r, slack + 1], 0.0) / whole
                for i in range(n):
                    w[y, i] += share * points[basic[r] % each + 1, i]
    result: float = excess(u, d, signals, seen, sizes, stride, j, later, points, w)
    return result


@kernel()
def generation_lack(
    payoffs: Array, discount: Array, signals: Array, seen: bool, sizes: Array, stride: Array, finite: Array,
    sets: Array, gap: Array,
) -> int:  # fmt: skip
    """What each claimed set lacks to generate itself, in units of a player's range.

    ``payoffs (C, n, J)``, ``discount (C, n)``, ``signals (C or 1, J, Y)``, ``sizes``, ``stride (n,)``,
    ``sets (C, V, n)`` padded with NaN -> ``gap (C,)``, 0 for the empty set.  Cells that are not
    ``finite (C,)`` are left alone.  Returns 0.
    """
    n, joints = payoffs.shape[1:]
    u, hull, later = np.empty((n, joints)), np.empty(sets.shape[1:]), np.empty(n)
    many = signals.shape[2]
    rows = many + conditions(sizes, seen) + 2 * n
    basic, w = np.empty(rows, np.int64), np.empty((many, n))
    for c in range(len(payoffs)):
        if not finite[c]:
            continue
        count = in_units(payoffs[c], sets[c], u, hull)
        gap[c] = 0.0
        if count == 0:
            continue
        points, d, shown = hull[:count], discount[c], signals[c % len(signals)]
        columns = many * (count - 1) + 1
        tableau, nonbasic = np.empty((rows + 1, columns + 2)), np.empty(columns, np.int64)
        for k in range(count):
            lacking = np.inf
            for j in range(joints):
                least = 0.0
                for i in range(n):
                    later[i] = points[k, i] - (1.0 - d[i]) * u[i, j]
                    # what a mean of the points can be worth at most and at least
                    least = max(
                        least, later[i] - d[i] * points[:, i].max(), d[i] * points[:, i].min() - later[i]
                    )
                if least < lacking:
                    lacking = min(
                        lacking,
                        lack(
                            u, d, shown, seen, sizes, stride, j, later, points, tableau, basic, nonbasic, w
                        ),
                    )  # fmt: skip
                    if lacking <= TIE:
                        break
            gap[c] = max(gap[c], lacking)
    return 0


@kernel()
def obedience_lack(
    payoffs: Array, discount: Array, signals: Array, seen: bool, sizes: Array, stride: Array, finite: Array,
    sets: Array, wanted: Array, gap: Array,
) -> int:  # fmt: skip
    """What joint actions ``wanted (C, K)`` (-1: none) lack to be obeyed with continuations in each claimed set.

    -> ``gap (C, K)``, infinite where the set is empty; the rest as in :func:`generation_lack`.  Returns 0.
    """
    n, joints = payoffs.shape[1:]
    u, hull, nothing = np.empty((n, joints)), np.empty(sets.shape[1:]), np.empty(0)
    many = signals.shape[2]
    rows = many + conditions(sizes, seen)
    basic, w = np.empty(rows, np.int64), np.empty((many, n))
    for c in range(len(payoffs)):
        if not finite[c]:
            continue
        count = in_units(payoffs[c], sets[c], u, hull)
        points, shown = hull[:count], signals[c % len(signals)]
        columns = many * max(count - 1, 0) + 1
        tableau, nonbasic = np.empty((rows + 1, columns + 2)), np.empty(columns, np.int64)
        for k in range(wanted.shape[1]):
            if wanted[c, k] < 0:
                continue
            gap[c, k] = np.inf
            if count:
                gap[c, k] = lack(
                    u, discount[c], shown, seen, sizes, stride, wanted[c, k], nothing, points, tableau,
                    basic, nonbasic, w,
                )  # fmt: skip
    return 0
