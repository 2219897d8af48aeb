"""Bargaining solutions on the frontier of what two players can reach by lotteries over joint actions."""

from __future__ import annotations

import math

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import TIE

__all__ = ["EGALITARIAN", "KALAI_SMORODINSKY", "NASH", "UTILITARIAN", "agreements"]

NASH, KALAI_SMORODINSKY, EGALITARIAN, UTILITARIAN = 0, 1, 2, 3


@kernel()
def frontier(payoffs: Array, order: Array, chain: Array) -> int:
    """Positions of the vertices of the efficient frontier, best for the first player first: their number.

    ``payoffs (2, J)``; ``order (J,)`` is scratch.  Of joint actions with the same payoffs the first is kept.
    """
    joints = payoffs.shape[1]
    x, y = payoffs[0], payoffs[1]
    for s in range(joints):  # by falling x, then falling y
        k = s
        while k > 0 and (x[s] > x[order[k - 1]] or (x[s] == x[order[k - 1]] and y[s] > y[order[k - 1]])):
            order[k] = order[k - 1]
            k -= 1
        order[k] = s
    size = 0
    for k in range(joints):
        s = order[k]
        if size > 0 and y[s] <= y[chain[size - 1]] + TIE:
            continue
        if size > 0 and x[s] >= x[chain[size - 1]] - TIE:
            size -= 1  # above the last one, as far right
        while size > 1:
            a, b = chain[size - 2], chain[size - 1]
            if (x[a] - x[b]) * (y[s] - y[b]) - (y[b] - y[a]) * (x[b] - x[s]) < 0.0:
                break  # the chain turns inwards at b: b is a vertex
            size -= 1
        chain[size] = s
        size += 1
    return size


@kernel()
def agree(rule: int, px: float, py: float, sx: float, sy: float, power: float, bx: float, by: float) -> float:
    """Where on a segment the rule's condition holds, as a share from its start; may lie outside of 0 .. 1.

    ``p`` are the gains at the start, ``s < 0 < s`` their change along the segment, ``b`` the ideal gains.
    """
    if rule == NASH:
        return -(power * sx * py + (1.0 - power) * sy * px) / (sx * sy)
    if rule == KALAI_SMORODINSKY:
        return (px * by - py * bx) / (sy * bx - sx * by)
    return (px - py) / (sy - sx)


@kernel()
def agreements(
    payoffs: Array,
    disagreement: Array,
    rule: int,
    power: float,
    first: int,
    last: int,
    joint: Array,
    found: Array,
) -> int:
    """The agreement of each cell: ``payoffs (C, 2, J), disagreement (C, 2) -> joint (C, J), found (C,)``.

    ``found`` is 0 where no lottery gives both players at least their disagreement payoffs.
    """
    joints = payoffs.shape[2]
    order, chain = np.empty(joints, np.int64), np.empty(joints, np.int64)
    for c in range(first, last):
        joint[c] = 0.0
        found[c] = 0
        size = frontier(payoffs[c], order, chain)
        dx, dy = disagreement[c]
        # the part of the frontier that both accept: shares of segments, from .. to
        best, held, where, share = -np.inf, np.inf, -1, 0.0
        ideal_x, ideal_y = -np.inf, -np.inf
        for sweep in range(2):
            for k in range(max(size - 1, 1)):
                a, b = chain[k], chain[min(k + 1, size - 1)]
                px, py = payoffs[c, 0, a] - dx, payoffs[c, 1, a] - dy
                sx, sy = payoffs[c, 0, b] - dx - px, payoffs[c, 1, b] - dy - py
                start, stop = 0.0, 1.0 if size > 1 else 0.0
                if py < 0.0:
                    start = -py / sy if sy > 0.0 else (0.0 if py >= -TIE else 2.0)
                if px + stop * sx < 0.0:
                    stop = -px / sx if sx < 0.0 else (0.0 if px >= -TIE else -1.0)
                if start > stop + TIE:
                    continue
                start = min(start, stop)
                if sweep == 0:
                    ideal_x = max(ideal_x, px + start * sx)
                    ideal_y = max(ideal_y, py + stop * sy)
                    continue
                at = start
                if size > 1:
                    at = agree(rule, px, py, sx, sy, power, max(ideal_x, 0.0), max(ideal_y, 0.0))
                    if rule == UTILITARIAN and abs(sx + sy) > TIE:
                        at = stop if sx + sy > 0.0 else start
                    at = min(max(at, start), stop) if at == at else start
                gx, gy = max(px + at * sx, 0.0), max(py + at * sy, 0.0)
                if rule == NASH:
                    worth = math.pow(gx, power) * math.pow(gy, 1.0 - power)
                elif rule == KALAI_SMORODINSKY:
                    worth = min(gx * max(ideal_y, 0.0), gy * max(ideal_x, 0.0))
                elif rule == EGALITARIAN:
                    worth = min(gx, gy)
                else:
                    worth = gx + gy
                # of agreements that the rule finds equally good, the one with the more equal gains
                unequal = abs(gx - gy)
                if worth > best + TIE or (worth > best - TIE and unequal < held - TIE):
                    best, where, share, held = max(worth, best), k, at, unequal
        if where >= 0:
            found[c] = 1
            joint[c, chain[where]] += 1.0 - share
            joint[c, chain[min(where + 1, size - 1)]] += share
    return 0
