"""How each corner of a set of equilibrium payoffs is played: a joint action now, corners by lot from then on.

Every corner v of a set that generates itself is ``(1 - d) u(a) + d w`` with a joint action a that the worst
payoffs in the set enforce and a promise w in the set (Abreu, Pearce and Stacchetti 1990), and w is the mean
of a lottery over at most three corners (Caratheodory's theorem in the plane).
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import EQUAL, SNAP
from sim.kernels.polygon.polygon import chord, overhang

__all__ = ["decompose", "lotteries"]


@kernel()
def to_range(payoffs: Array, sets: Array, u: Array, best: Array, v: Array, low: Array, scale: Array) -> int:
    """One game in units of each player's range: ``u``, ``best (2, m n)``, ``v (2, V)``; its corners."""
    m, n = payoffs.shape[1], payoffs.shape[2]
    count = 0
    while count < len(sets) and not np.isnan(sets[count, 0]):
        count += 1
    for i in range(2):
        low[i], scale[i] = payoffs[i].min(), payoffs[i].max() - payoffs[i].min()
        if not scale[i] > 0.0:
            scale[i] = 1.0
        for k in range(count):
            v[i, k] = (sets[k, i] - low[i]) / scale[i]
        for a in range(m):
            for b in range(n):
                u[i, a * n + b] = (payoffs[i, a, b] - low[i]) / scale[i]
    for a in range(m):
        for b in range(n):
            best[0, a * n + b] = u[0, b::n].max()
            best[1, a * n + b] = u[1, a * n : (a + 1) * n].max()
    return count


@kernel()
def decompose(
    payoffs: Array, discount: Array, sets: Array, finite: Array, play: Array, follow: Array, worst: Array
) -> None:
    """The joint action and the lottery of every corner, and the corner that is worst for each player.

    ``payoffs (C, 2, m, n)``, ``discount (C, 2)``, ``sets (C, V, 2)`` padded with NaN, ``finite (C,)`` ->
    ``play (C, V)`` (flattened, -1 beyond the last corner), ``follow (C, V, V)``, ``worst (C, 2)``
    (-1 for the empty set).  Of joint actions that serve alike the one that stays at its corner is taken.
    """
    size, joint = sets.shape[1], payoffs.shape[2] * payoffs.shape[3]
    u, best, v = np.empty((2, joint)), np.empty((2, joint)), np.empty((2, size))
    scaled, low, scale = np.empty((2, size)), np.empty(2), np.empty(2)
    for c in range(len(payoffs)):
        play[c, :], worst[c, :] = -1, -1
        follow[c, :, :] = 0.0
        if not finite[c]:
            continue
        count = to_range(payoffs[c], sets[c], u, best, v, low, scale)
        if count == 0:
            continue
        d0, d1 = discount[c, 0], discount[c, 1]
        for i in range(2):
            for k in range(count):
                scaled[i, k] = discount[c, i] * v[i, k]
        p0, p1 = v[0, :count].min(), v[1, :count].min()
        for k in range(count):
            least, chosen = np.inf, -1
            for a in range(joint):
                temptation = max(
                    (1.0 - d0) * best[0, a] + d0 * p0 - v[0, k], (1.0 - d1) * best[1, a] + d1 * p1 - v[1, k]
                )
                x, y = v[0, k] - (1.0 - d0) * u[0, a], v[1, k] - (1.0 - d1) * u[1, a]
                stays = abs(u[0, a] - v[0, k]) <= EQUAL and abs(u[1, a] - v[1, k]) <= EQUAL
                lacking = max(temptation, 0.0 if stays else overhang(x, y, scaled[0], scaled[1], count))
                if lacking < least - EQUAL or (stays and lacking <= least + EQUAL):
                    least, chosen = lacking, a
            play[c, k] = chosen
            if abs(u[0, chosen] - v[0, k]) <= EQUAL and abs(u[1, chosen] - v[1, k]) <= EQUAL:
                follow[c, k, k] = 1.0
                continue
            x, y = promise(d0, d1, u[0, chosen], u[1, chosen], k, v, count)
            lottery(x, y, v, count, follow[c, k])
        for i in range(2):
            worst[c, i] = least_corner(v[i], v[1 - i], count, follow[c])


@kernel()
def least_corner(own: Array, other: Array, count: int, follow: Array) -> int:
    """The corner with the least own payoff; of several one that stays, then the best for the other player."""
    least, place = own[:count].min(), -1
    for k in range(count):
        if own[k] > least + SNAP:
            continue
        if place < 0 or follow[k, k] > follow[place, place]:
            place = k
        elif follow[k, k] == follow[place, place] and other[k] > other[place]:
            place = k
    return place


@kernel()
def promise(d0: float, d1: float, u0: float, u1: float, k: int, v: Array, count: int) -> tuple[float, float]:
    """The continuation that makes corner k of playing u now; what a player does not care for is free."""
    x = (v[0, k] - (1.0 - d0) * u0) / d0 if d0 > 0.0 else v[0, k]
    y = (v[1, k] - (1.0 - d1) * u1) / d1 if d1 > 0.0 else v[1, k]
    if d0 == 0.0 and d1 > 0.0:
        y = min(max(y, v[1, :count].min()), v[1, :count].max())
        left, right = chord(v[1], v[0], count, y)
        x = 0.5 * (left + right)
    elif d1 == 0.0 and d0 > 0.0:
        x = min(max(x, v[0, :count].min()), v[0, :count].max())
        bottom, top = chord(v[0], v[1], count, x)
        y = 0.5 * (bottom + top)
    return x, y


@kernel()
def lottery(x: float, y: float, v: Array, count: int, chances: Array) -> None:
    """Chances of the corners whose mean is (x, y): one corner, two of an edge, or three.

    A point outside by rounding is taken for the nearest one of the polygon's edges.
    """
    chances[:] = 0.0
    nearest, place, share = np.inf, 0, 0.0
    for k in range(count):
        after = (k + 1) % count
        dx, dy = v[0, after] - v[0, k], v[1, after] - v[1, k]
        length = dx * dx + dy * dy
        t = 0.0
        if length > 0.0:
            t = min(1.0, max(0.0, ((x - v[0, k]) * dx + (y - v[1, k]) * dy) / length))
        away = max(abs(v[0, k] + t * dx - x), abs(v[1, k] + t * dy - y))
        if t * np.sqrt(length) <= SNAP:
            t = 0.0
        elif (1.0 - t) * np.sqrt(length) <= SNAP:
            t = 1.0
        if away < nearest:
            nearest, place, share = away, k, t
    outside = count < 3 or overhang(x, y, v[0], v[1], count) > 0.0
    if outside or nearest <= SNAP:
        chances[place] += 1.0 - share
        chances[(place + 1) % count] += share
        return
    # from the farthest corner through the point to the edge behind it: sound however flat the polygon
    far, longest = 0, -1.0
    for k in range(count):
        dx, dy = v[0, k] - x, v[1, k] - y
        if dx * dx + dy * dy > longest:
            far, longest = k, dx * dx + dy * dy
    px, py = x - v[0, far], y - v[1, far]
    before = (far + 1) % count
    side = px * (v[1, before] - v[1, far]) - py * (v[0, before] - v[0, far])
    for step in range(2, count):
        k = (far + step) % count
        other = px * (v[1, k] - v[1, far]) - py * (v[0, k] - v[0, far])
        if other >= 0.0 or step == count - 1:
            t = min(1.0, max(0.0, side / (side - other))) if side != other else 0.0
            qx = v[0, before] + t * (v[0, k] - v[0, before]) - v[0, far]
            qy = v[1, before] + t * (v[1, k] - v[1, before]) - v[1, far]
            part = min(1.0, (px * qx + py * qy) / (qx * qx + qy * qy))
            chances[before], chances[k], chances[far] = part * (1.0 - t), part * t, 1.0 - part
            return
        before, side = k, other


@kernel()
def lotteries(payoffs: Array, sets: Array, points: Array, finite: Array, chances: Array, away: Array) -> None:
    """Chances of the corners of each set whose mean is a given point of it, and how far outside it lies.

    ``points (C, 2)`` -> ``chances (C, V)``, ``away (C,)`` in units of a player's range, infinite for an
    empty set.  Points outside are taken for the nearest one.
    """
    size, joint = sets.shape[1], payoffs.shape[2] * payoffs.shape[3]
    u, best, v = np.empty((2, joint)), np.empty((2, joint)), np.empty((2, size))
    low, scale = np.empty(2), np.empty(2)
    for c in range(len(payoffs)):
        chances[c, :], away[c] = 0.0, np.inf
        if not finite[c]:
            continue
        count = to_range(payoffs[c], sets[c], u, best, v, low, scale)
        if count > 0:
            x, y = (points[c, 0] - low[0]) / scale[0], (points[c, 1] - low[1]) / scale[1]
            away[c] = overhang(x, y, v[0], v[1], count)
            lottery(x, y, v, count, chances[c])
