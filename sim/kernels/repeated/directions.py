"""Sets of equilibrium payoffs of any number of players, bounded in finitely many directions.

The operator of Abreu, Pearce and Stacchetti (1990) maps a set W of continuations to all averages that some
joint action and obedient continuations in W give.  From outside W is an intersection of half-spaces: each
level falls to the most that B(W) reaches in its direction, and every such set contains all equilibrium
payoffs.  From inside W is the hull of points: each becomes the farthest point of B(W) in its direction; where
they come to rest the hull generates itself, so that all in it are equilibrium payoffs (Judd, Yeltekin and
Conklin 2003, sections 3 and 4).

Arrays of one game, payoffs in units of each player's range: ``u (J, n)``, ``d (n,)``, and obedience as in
:mod:`sim.kernels.repeated.continuation`: ``weight (J, B)``, ``who (R,)``, ``coef (J, R, B)``, ``now (J, R)``,
``threat (R,)``.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.simplex import OPTIMAL, STEPS
from sim.kernels.base.tolerances import STILL_CLIPPED, STILL_OUTSIDE, ZERO
from sim.kernels.repeated.continuation import lacking, most_from_inside, most_from_outside

__all__ = ["enforcement_gaps", "farthest_points", "generation_gaps", "inner_points", "outer_levels"]


@kernel()
def outer_levels(
    normals: Array, levels: Array, u: Array, d: Array, weight: Array, who: Array, coef: Array, now: Array,
    threat: Array, max_steps: int, alive: Array, reached: Array,
) -> int:  # fmt: skip
    """Lower ``levels (D,)`` step by step: the number of steps, ``max_steps + 1`` where they still moved.

    ``alive (J,)`` are the joint actions that can still be enforced, none where the set is empty;
    ``reached (D, n)`` are the points where the last step reached the levels.
    """
    many, n = normals.shape
    joints, signals = weight.shape
    rows, columns = signals * (many - n) + who.size, signals * n
    tableau = np.empty((rows + 1, columns + 2))
    basic, nonbasic = np.empty(rows, np.int64), np.empty(columns, np.int64)
    goal, mean, limit = np.empty(n), np.empty(n), np.empty(who.size)
    lower, winner = np.empty(many), np.zeros(many, np.int64)
    common = d.min() == d.max()
    for step in range(1, max_steps + 1):
        for m in range(many):
            for i in range(n):
                goal[i] = normals[m, i] * d[i]
            roof = 0.0
            for i in range(n):
                roof += goal[i] * (levels[2 * i] if goal[i] > 0.0 else -levels[2 * i + 1])
            if common:
                roof = min(roof, d[0] * levels[m])
            best, first = -np.inf, winner[m]
            for turn in range(joints + 1):
                j = first if turn == 0 else turn - 1
                if not alive[j] or (turn > 0 and j == first):
                    continue
                today = 0.0
                for i in range(n):
                    today += normals[m, i] * (1.0 - d[i]) * u[j, i]
                if today + roof <= best:
                    continue
                for r in range(who.size):
                    limit[r] = now[j, r] + threat[r] * levels[2 * who[r] + 1]
                code = most_from_outside(
                    normals, levels, goal, weight[j], who, coef[j], limit, tableau, basic, nonbasic, mean
                )
                worth = today
                for i in range(n):
                    worth += goal[i] * mean[i]
                if code == STEPS:
                    worth = today + roof  # no better bound than what the set allows
                elif code != OPTIMAL:
                    alive[j] = False
                    continue
                if worth > best:
                    best, winner[m] = worth, j
                    for i in range(n):
                        reached[m, i] = (1.0 - d[i]) * u[j, i] + d[i] * mean[i]
            lower[m] = best
            if best == -np.inf:
                return step
        move = 0.0
        for m in range(many):
            if levels[m] - lower[m] > STILL_OUTSIDE:  # less may be rounding, which must not add up
                move, levels[m] = max(move, levels[m] - lower[m]), lower[m]
        if move == 0.0:
            return step
    return max_steps + 1


@kernel()
def distinct(points: Array, count: int, first: Array) -> int:
    """Write each of the first ``count`` points once to ``first``: their number."""
    kept = 0
    for k in range(count):
        new = True
        for other in range(kept):
            far = 0.0
            for i in range(points.shape[1]):
                far = max(far, abs(points[k, i] - first[other, i]))
            if far <= ZERO:
                new = False
                break
        if new:
            first[kept] = points[k]
            kept += 1
    return kept


@kernel()
def farthest_points(
    normals: Array, corners: Array, u: Array, d: Array, weight: Array, who: Array, coef: Array, now: Array,
    threat: Array, winner: Array, points: Array,
) -> bool:  # fmt: skip
    """The farthest point of the operator in each direction, ``points (D, n)``; False where there is none.

    ``corners (K, n)`` span the continuations; ``winner (D,)`` are joint actions to look at first, and on
    return those that reach farthest.
    """
    many, n = normals.shape
    joints, signals = weight.shape
    rows, columns = signals + who.size, signals * (len(corners) - 1)
    tableau = np.empty((rows + 1, columns + 2))
    basic, nonbasic = np.empty(rows, np.int64), np.empty(columns, np.int64)
    goal, mean, limit, p = np.empty(n), np.empty(n), np.empty(who.size), np.empty(n)
    alive = np.ones(joints, np.bool_)
    for i in range(n):
        p[i] = corners[:, i].min()
    for m in range(many):
        for i in range(n):
            goal[i] = normals[m, i] * d[i]
        roof = -np.inf
        for k in range(len(corners)):
            worth = 0.0
            for i in range(n):
                worth += goal[i] * corners[k, i]
            roof = max(roof, worth)
        best, first = -np.inf, winner[m]
        for turn in range(joints + 1):
            j = first if turn == 0 else turn - 1
            if not alive[j] or (turn > 0 and j == first):
                continue
            today = 0.0
            for i in range(n):
                today += normals[m, i] * (1.0 - d[i]) * u[j, i]
            if today + roof <= best:
                continue
            for r in range(who.size):
                limit[r] = now[j, r] - threat[r] * p[who[r]]
            code = most_from_inside(
                corners, goal, weight[j], who, coef[j], limit, tableau, basic, nonbasic, mean
            )
            if code != OPTIMAL:
                if code != STEPS:
                    alive[j] = False
                continue
            worth = today
            for i in range(n):
                worth += goal[i] * mean[i]
            if worth > best:
                best, winner[m] = worth, j
                for i in range(n):
                    points[m, i] = (1.0 - d[i]) * u[j, i] + d[i] * mean[i]
        if best == -np.inf:
            return False
    return True


@kernel()
def inner_points(
    normals: Array, points: Array, always: Array, u: Array, d: Array, weight: Array, who: Array, coef: Array,
    now: Array, threat: Array, max_steps: int, corners: Array,
) -> int:  # fmt: skip
    """Move ``points (D, n)`` to the farthest points of their own hull under the operator until they rest.

    ``always (E, n)`` are equilibria of the stage, which stay -> ``corners (D + E, n)``, of which the first
    are filled: their number.
    """
    many, n = normals.shape
    pool, old, winner = np.empty_like(corners), points.copy(), np.zeros(many, np.int64)
    held = many
    for _ in range(max_steps):
        pool[:held] = points[:held]
        pool[held : held + len(always)] = always
        count = distinct(pool, held + len(always), corners)
        if count == 0:
            return 0
        old[:] = points
        there = farthest_points(
            normals, corners[:count], u, d, weight, who, coef, now, threat, winner, points
        )
        held = many if there else 0
        move = 0.0 if there else np.inf
        for m in range(held):
            for i in range(n):
                move = max(move, abs(points[m, i] - old[m, i]))
        if move <= STILL_CLIPPED:
            return count
    pool[:held] = points[:held]
    pool[held : held + len(always)] = always
    return distinct(pool, held + len(always), corners)


@kernel()
def enforcement_gaps(
    points: Array, d: Array, weight: Array, who: Array, coef: Array, now: Array, threat: Array, gap: Array
) -> int:  # fmt: skip
    """How much each joint action lacks to be obeyed with continuations in a hull, ``points (K, n)`` -> ``(J,)``."""
    joints, signals = weight.shape
    n = points.shape[1]
    rows, columns = signals + who.size, signals * (len(points) - 1) + 1
    tableau = np.empty((rows + 1, columns + 2))
    basic, nonbasic = np.empty(rows, np.int64), np.empty(columns, np.int64)
    limit, p, nothing = np.empty(who.size), np.empty(n), np.empty(0)
    for i in range(n):
        p[i] = points[:, i].min()
    for j in range(joints):
        for r in range(who.size):
            limit[r] = now[j, r] - threat[r] * p[who[r]]
        gap[j] = lacking(points, nothing, d, weight[j], who, coef[j], limit, tableau, basic, nonbasic)
    return 0


@kernel()
def generation_gaps(
    points: Array, u: Array, d: Array, weight: Array, who: Array, coef: Array, now: Array, threat: Array,
    gap: Array,
) -> int:  # fmt: skip
    """How much each point lacks to be generated by the hull of all, ``points (K, n)`` -> ``gap (K,)``."""
    joints, signals = weight.shape
    n = points.shape[1]
    rows, columns = signals + who.size + 2 * n, signals * (len(points) - 1) + 1
    tableau = np.empty((rows + 1, columns + 2))
    basic, nonbasic = np.empty(rows, np.int64), np.empty(columns, np.int64)
    limit, p, later = np.empty(who.size), np.empty(n), np.empty(n)
    for i in range(n):
        p[i] = points[:, i].min()
    for k in range(len(points)):
        gap[k] = np.inf
        for j in range(joints):
            least = 0.0
            for i in range(n):
                later[i] = points[k, i] - (1.0 - d[i]) * u[j, i]
                # what a mean of the points can be worth at most and at least
                least = max(least, later[i] - d[i] * points[:, i].max(), d[i] * p[i] - later[i])
            if least >= gap[k]:
                continue
            for r in range(who.size):
                limit[r] = now[j, r] - threat[r] * p[who[r]]
            gap[k] = min(
                gap[k], lacking(points, later, d, weight[j], who, coef[j], limit, tableau, basic, nonbasic)
            )
            if gap[k] <= ZERO:
                break
    return 0
