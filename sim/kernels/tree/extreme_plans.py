"""Extreme Nash equilibria of two-player trees: pairs of plans, each a best reply to the other.

A plan is told by how likely its player makes each of his sequences, the actions along a path that are his (von Stengel
1996).  Rays are plans with what the other's best reply to them is worth at each of his information sets, written by
their slack behind walls: wall 0 is of the empty sequence, the others are, in ``labels``, each of one sequence, which is
left out or optimal (Audet, Belhaiza and Hansen 2009).
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.rays import OVERFLOW, ROOM, cut_rays

__all__ = ["ALL_FOUND", "NO_ROOM", "TOO_LONG", "extreme_plans", "matched_plans"]

ALL_FOUND, TOO_LONG, NO_ROOM = 0, 1, 2
"""What became of a cell: solved, numbers beyond the machine's, more rays than there is room for."""

FEW = 64  # rays for which there is room at first


@kernel()
def extreme_plans(
    starts: tuple[Array, Array],
    labels: tuple[Array, Array],
    sets: tuple[tuple[Array, Array], tuple[Array, Array]],
    limit: int,
    cells: tuple[int, int],
    status: tuple[Array, Array],
    found: Array,
) -> int:
    """All extreme equilibria of the cells from the first to before the last of ``cells``, exactly.

    ``starts (C, d, W)`` are for either player the rays of the first d walls, of which there are W; ``labels (W,)`` is
    the sequence of each wall, -1 for the empty one; ``sets`` are the sequences of each information set of the player,
    as bits, and the one before it as a bit, 0 where it is the first ``(H,)``.  Written: ``status``, which are
    ``verdict`` and ``count (C,)``, and, one cell after another, ``found (., W + W' + 1)``: the rays of both players and
    the optimal sequences as bits.
    Returns the first cell not done, for want of space in ``found``.
    """
    (first, last), (verdict, count) = cells, status
    used = 0
    wide_x, wide_y = starts[0].shape[2], starts[1].shape[2]
    room = np.int64(min(FEW, limit))
    rays_x, rays_y = np.empty((room, wide_x), np.int64), np.empty((room, wide_y), np.int64)
    on_x, on_y, order = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    for c in range(first, last):
        if verdict[c] == TOO_LONG:
            count[c] = 0
            continue
        vertices_x = behind_walls(starts[0][c], rays_x, on_x, order)
        vertices_y = behind_walls(starts[1][c], rays_y, on_y, order)
        while (vertices_x == ROOM or vertices_y == ROOM) and room < limit:
            room *= 4
            rays_x, rays_y = np.empty((room, wide_x), np.int64), np.empty((room, wide_y), np.int64)
            on_x, on_y, order = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
            vertices_x = behind_walls(starts[0][c], rays_x, on_x, order)
            vertices_y = behind_walls(starts[1][c], rays_y, on_y, order)
        count[c] = 0
        if vertices_x < 0 or vertices_y < 0:
            verdict[c] = TOO_LONG if OVERFLOW in (vertices_x, vertices_y) else NO_ROOM
            continue
        there_x, there_y = rays_x[:vertices_x, 0] > 0, rays_y[:vertices_y, 0] > 0
        masks = (on_x[:vertices_x], on_y[:vertices_y])
        pairs, optimal = matched_plans(masks, (there_x, there_y), labels, sets)
        if used + len(pairs) > len(found):
            return c
        for p in range(len(pairs)):
            for wall in range(wide_x):
                found[used, wall] = rays_x[pairs[p, 0], wall]
            for wall in range(wide_y):
                found[used, wide_x + wall] = rays_y[pairs[p, 1], wall]
            found[used, wide_x + wide_y] = optimal[p]
            used += 1
        count[c] = len(pairs)
        verdict[c] = ALL_FOUND
    return last


@kernel()
def behind_walls(start: Array, rays: Array, labels: Array, order: Array) -> int:
    """All rays of one player from those of the first walls ``(d, W)``: their number, ROOM or OVERFLOW."""
    size = len(start)
    if size > len(rays):
        return ROOM
    for ray in range(size):
        for wall in range(start.shape[1]):
            rays[ray, wall] = start[ray, wall]
        labels[ray] = ((np.int64(1) << size) - 1) ^ (np.int64(1) << ray)
    return int(cut_rays(rays, labels, size, size, size - 2, order))


@kernel()
def matched_plans(
    masks: tuple[Array, Array],
    there: tuple[Array, Array],
    labels: tuple[Array, Array],
    sets: tuple[tuple[Array, Array], tuple[Array, Array]],
) -> tuple[Array, Array]:
    """Pairs of rays that are extreme equilibria ``(P, 2)``, and in each the optimal sequences of both as bits ``(P,)``.

    ``masks`` are the walls each ray lies on, ``there`` says which rays are plans; ``labels`` and ``sets`` as above.
    """
    first = true_plans(masks[0], there[0], labels[0], sets[0], sets[1])
    second = true_plans(masks[1], there[1], labels[1], sets[1], sets[0])
    left_x, left_y = np.int64(0), np.int64(0)
    for mask in sets[0][0]:
        left_x |= mask
    for mask in sets[1][0]:
        left_y |= mask
    number = 0
    pairs = np.empty((16, 2), np.int64)
    optimal = np.empty(16, np.int64)
    for i in range(len(first)):
        played_x = left_x & ~first[i, 1]
        for j in range(len(second)):
            if (played_x & ~second[j, 1]) | (left_y & ~second[j, 1] & ~first[i, 1]):
                continue
            if number == len(pairs):
                wider, longer = np.empty((2 * number, 2), np.int64), np.empty(2 * number, np.int64)
                wider[:number], longer[:number] = pairs, optimal
                pairs, optimal = wider, longer
            pairs[number, 0], pairs[number, 1] = first[i, 0], second[j, 0]
            optimal[number] = (first[i, 1] & left_y) | (second[j, 1] & left_x)
            number += 1
    return pairs[:number], optimal[:number]


@kernel()
def true_plans(
    masks: Array, there: Array, labels: Array, own: tuple[Array, Array], other: tuple[Array, Array]
) -> Array:
    """Rays that are extreme plans: their places, and their sequences left out and optimal ones as bits, ``(V, 2)``.

    Of the rays of one plan the one counts in which each set of the other player is worth what its best sequence is.  A
    plan is extreme if no other lies on its walls: those of sequences left out, and of optimal ones that are come to
    without a mistake of the other's own.
    """
    number = 0
    plans = np.empty((len(masks), 2), np.int64)
    walls = np.empty(len(masks), np.int64)
    mine = np.int64(0)
    for mask in own[0]:
        mine |= mask
    for ray in range(len(masks)):
        if not there[ray]:
            continue
        on = np.int64(0)
        for wall in range(1, len(labels)):
            if masks[ray] >> wall & 1:
                on |= np.int64(1) << labels[wall]
        best, true = np.int64(0), True
        for h in range(len(other[0])):
            tight = on & other[0][h]
            true = true and tight != 0
            if other[1][h] == 0 or other[1][h] & best:
                best |= tight
        if true:
            plans[number, 0], plans[number, 1] = ray, on
            walls[number] = (on & mine) | best
            number += 1
    extreme = np.ones(number, np.bool_)
    for one in range(number):
        for two in range(number):
            if two != one and plans[two, 1] & walls[one] == walls[one]:
                extreme[one] = False
                break
    return plans[:number][extreme]
