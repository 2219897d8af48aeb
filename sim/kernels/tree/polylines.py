"""All perfect Bayesian equilibria of signalling games with two types of the sender.

As the belief at a signal rises from 0 to 1 the pair of payoffs that the two types get from it draws a polyline
(:mod:`sim.kernels.tree.belief_pieces`).  An assessment with one common belief for each signal is a perfect Bayesian
equilibrium if and only if there are payoffs (v1, v2) and a point on each polyline, none above v in either
coordinate, a used signal touching v in the coordinates of the types that use it, and beliefs at used signals that
average to the prior: these are best replies of both sides and Bayes' rule, word for word.

The search gives each signal in turn a role (who uses it) and a piece of its polyline, and keeps the payoffs v that
are left: a convex region of the plane.  Where it does not vanish, senders and repliers are free within two
polytopes that do not know of one another, and the equilibria are all pairs of a point of each.  Generic games
leave single points; a continuum is given by the pairs of corners.

Sizes: M signals, Q types of receivers, R replies.  Payoffs are in units of the range of each type.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import SAME_PLAY, THIN
from sim.kernels.tree.belief_pieces import (
    CORNERS,
    corners,
    half_planes,
    most_pieces,
    pieces,
    replies_as_lines,
    side,
)
from sim.kernels.tree.corner_points import TOO_MANY, corner_points
from sim.kernels.tree.free_replies import (
    add_payoff,
    payoff,
    probabilities,
    sender_worth,
    unknowns,
    write_replies,
)
from sim.kernels.tree.plane import FIRST, SECOND, contains, restrict

__all__ = ["DOUBTFUL", "FOUND", "NONFINITE", "TOO_LARGE", "polylines", "room_for"]

FOUND, DOUBTFUL, NONFINITE, TOO_LARGE = 0, 1, 2, 3
"""What became of a cell: solved, solved but for thin margins, not a game, more ties than there is room for."""
BOTH = FIRST | SECOND


@kernel(borrows=True)
def tables(game: tuple[Array, ...], c: int, cell: tuple[Array, ...], lines: Array, doubt: Array) -> bool:
    """Polylines of all signals of a cell; False where there is no room for what ties."""
    _, met, sender, receiver, replies = game
    ends, best, number, points, many, planes, sizes, worth, at = cell
    signals = worth.shape[1]
    sender_worth(met[c], sender[c], replies, worth)
    for m in range(signals):
        replies_as_lines(met[c], receiver[c], m, replies, lines)
        number[m] = pieces(lines, replies[m], ends[m], best[m], at, doubt)
        for k in range(number[m]):
            many[m, k] = corners(worth, m, best[m, k], points[m, k])
            if many[m, k] == 0:
                return False
            sizes[m, k] = half_planes(points[m, k], many[m, k], planes[m, k])
    return True


@kernel(borrows=True)
def option(m: int, chosen: int, cell: tuple[Array, ...], prior: Array, role: Array, piece: Array) -> bool:
    """Give signal m the role and piece of one of its options, 0 for nobody; False where beliefs rule it out.

    A type that is never drawn leaves beliefs no choice.
    """
    ends, number = cell[0], cell[2]
    last = number[m] - 1
    if chosen == 0:
        role[m], piece[m] = 0, -1
        return True
    if chosen <= number[m]:
        role[m], piece[m] = BOTH, chosen - 1
        if prior[1] == 0.0:
            return piece[m] == 0
        if prior[0] == 0.0:
            return piece[m] == last
        return ends[m, piece[m], 1] > 0.0 and ends[m, piece[m], 0] < 1.0
    role[m] = FIRST if chosen == number[m] + 1 else SECOND
    sure = prior[1] == 0.0 or (role[m] == FIRST and prior[0] > 0.0)
    piece[m] = 0 if sure else last
    return True


@kernel(borrows=True)
def beliefs_average(cell: tuple[Array, ...], prior: Array, role: Array, piece: Array, doubt: Array) -> bool:
    """Whether each type uses some signal and beliefs at used signals can average to the prior."""
    ends = cell[0]
    low, high, users = 1.0, 0.0, 0
    for m in range(role.size):
        if role[m] != 0:
            users |= role[m]
            low = min(low, ends[m, piece[m], 0] if role[m] == BOTH else (1.0 if role[m] == SECOND else 0.0))
            high = max(high, ends[m, piece[m], 1] if role[m] == BOTH else (1.0 if role[m] == SECOND else 0.0))
    if users != BOTH:
        return False
    if min(prior[0], prior[1]) == 0.0:
        return True
    return side(low - prior[1], doubt) <= 0 and side(prior[1] - high, doubt) <= 0


@kernel(borrows=True)
def reply_corners(
    cell: tuple[Array, ...], role: Array, at: Array, refer: Array, which: Array, work: tuple[Array, ...]
) -> int:
    """Corners of all replies on the pieces ``at (M,)`` that make roles best; ``work[2]`` holds the free ones."""
    best, worth = cell[1], cell[7]
    equal, least, found, order, matrix, point = work
    size = unknowns(best, at, which)
    if size <= 0:
        return size if size < 0 else 1
    bounds, rows = probabilities(which, size, least), 0
    for m in range(role.size):
        if at[m] < 0:
            continue
        for t in range(2):
            if refer[t] == m:
                continue
            used = (role[m] >> t) & 1
            row = equal[rows] if used else least[bounds]
            row[: size + 1] = 0.0
            add_payoff(worth, best, which, size, row, (t, m, at[m]), 1.0)
            add_payoff(worth, best, which, size, row, (t, refer[t], at[refer[t]]), -1.0)
            rows, bounds = rows + used, bounds + 1 - used
    return corner_points(equal, rows, least, bounds, size, found, (order, matrix, point))


@kernel(borrows=True)
def sender_corners(
    cell: tuple[Array, ...], prior: Array, role: Array, at: Array, which: Array, work: tuple[Array, ...]
) -> int:
    """Corners of all plans of the sender that keep beliefs on their pieces; ``which (D, 4)`` of type, signal."""
    ends = cell[0]
    equal, least, found, order, matrix, point = work
    size = 0
    for t in range(2):
        for m in range(role.size):
            if (role[m] >> t) & 1:
                if size == which.shape[0]:
                    return TOO_MANY
                which[size, 0], which[size, 1] = t, m
                size += 1
    if size == 2:  # each type sends one signal, and beliefs have been looked at
        found[0, 0], found[0, 1] = 1.0, 1.0
        return 1
    rows, bounds = 2, size
    equal[:2, : size + 1] = 0.0
    equal[:2, size] = 1.0
    for j in range(size):
        equal[which[j, 0], j] = 1.0
        least[j, : size + 1] = 0.0
        least[j, j] = -1.0
    for m in range(role.size):
        if role[m] != BOTH or min(prior[0], prior[1]) == 0.0:
            continue
        low, high = ends[m, at[m], 0], ends[m, at[m], 1]
        point_only = low == high
        for upper in range(2):
            belief = high if upper else low
            if (point_only and upper) or belief == float(upper):
                continue
            row = equal[rows] if point_only else least[bounds]
            rows, bounds = rows + point_only, bounds + 1 - point_only
            row[: size + 1] = 0.0
            first, second = belief * prior[0], (1.0 - belief) * prior[1]
            scale = (1.0 if not upper else -1.0) / max(first, second)
            for j in range(size):
                if which[j, 1] == m:
                    row[j] = scale * (first if which[j, 0] == 0 else -second)
    return corner_points(equal, rows, least, bounds, size, found, (order, matrix, point))


@kernel(borrows=True)
def deter(
    cell: tuple[Array, ...],
    m: int,
    v: Array,
    prior: Array,
    found: tuple[Array, ...],
    work: tuple[Array, ...],
    doubt: Array,
) -> bool:
    """What keeps everybody from an unused signal: ``reply (Q, R)``, and the beliefs at which it is best, ``belief (2,)``.

    Of all pieces that give no type more than v, the one of the widest range of beliefs.
    """
    ends, best, number, _points, many, planes, sizes, worth = cell[:8]
    at, which, reply, belief = found
    equal, least, corner, order, matrix, point = work
    widest, chosen = -1.0, -1
    for k in range(number[m]):
        if (prior[1] == 0.0 and k > 0) or (prior[0] == 0.0 and k < number[m] - 1):
            continue
        width = ends[m, k, 1] - ends[m, k, 0]
        if width > widest and contains(planes[m, k], sizes[m, k], 0, v[0], v[1], doubt):
            widest, chosen = width, k
    if chosen < 0:
        return False
    at[:] = -1
    at[m] = chosen
    size = unknowns(best, at, which)
    if size < 0:
        return False
    if many[m, chosen] > 1 and size > 0:
        bounds = probabilities(which, size, least)
        for t in range(2):
            least[bounds, : size + 1] = 0.0
            add_payoff(worth, best, which, size, least[bounds], (t, m, chosen), 1.0)
            least[bounds, size] += v[t]
            bounds += 1
        if corner_points(equal, 0, least, bounds, size, corner, (order, matrix, point)) <= 0:
            return False
    write_replies(best, m, chosen, which, size, corner[0], reply)
    belief[0], belief[1] = 1.0, 0.0
    for k in range(number[m]):
        serves = True
        for q in range(best.shape[2]):
            for r in range(reply.shape[1]):
                serves = serves and (reply[q, r] == 0.0 or (best[m, k, q] >> r) & 1 == 1)
        if serves:
            belief[0], belief[1] = min(belief[0], ends[m, k, 0]), max(belief[1], ends[m, k, 1])
    if prior[1] == 0.0:
        belief[1] = 0.0
    if prior[0] == 0.0:
        belief[0] = 1.0
    return True


@kernel(borrows=True)
def same_play(out: tuple[Array, ...], one: int, other: int) -> bool:
    """Whether two equilibria are played alike wherever play leads."""
    plan, reply = out[1], out[2]
    for m in range(plan.shape[2]):
        used = plan[one, 0, m] != 0.0 or plan[one, 1, m] != 0.0
        for t in range(2):
            if abs(plan[one, t, m] - plan[other, t, m]) > SAME_PLAY:
                return False
        if used:
            for q in range(reply.shape[2]):
                for r in range(reply.shape[3]):
                    if abs(reply[one, m, q, r] - reply[other, m, q, r]) > SAME_PLAY:
                        return False
    return True


@kernel(borrows=True)
def complete_assessment(
    cell: tuple[Array, ...],
    prior: Array,
    out: tuple[Array, ...],
    i: int,
    v: Array,
    spare: tuple[Array, Array],
    work: tuple[Array, ...],
    doubt: Array,
) -> bool:
    """Add beliefs, and replies to unused signals, to an equilibrium of which the rest is known."""
    plan, reply, belief = out[1], out[2], out[3]
    for m in range(plan.shape[2]):
        first, second = prior[0] * plan[i, 0, m], prior[1] * plan[i, 1, m]
        if plan[i, 0, m] == 0.0 and plan[i, 1, m] == 0.0:
            found = (spare[0], spare[1], reply[i, m], belief[i, m])
            if not deter(cell, m, v, prior, found, work, doubt):
                return False
        else:
            share = second / (first + second) if first + second > 0.0 else (1.0 if prior[0] == 0.0 else 0.0)
            belief[i, m, 0], belief[i, m, 1] = share, share
    return True


@kernel(borrows=True)
def emit(
    cell: tuple[Array, ...],
    prior: Array,
    leaf: tuple[Array, ...],
    works: tuple[tuple[Array, ...], ...],
    out: tuple[Array, ...],
    span: tuple[int, int],
    doubt: Array,
) -> int:
    """Write all equilibria of a pattern behind those in ``span``: the end of the span, ``TOO_MANY`` for want of room."""
    role, at, refer, which_sender, which_reply, spare_at, spare_which, v = leaf
    best, worth = cell[1], cell[7]
    start, end = span
    plan, reply, component = out[1], out[2], out[4]
    senders = sender_corners(cell, prior, role, at, which_sender, works[0])
    if senders <= 0:
        return senders if senders < 0 else end
    repliers = reply_corners(cell, role, at, refer, which_reply, works[1])
    if repliers < 0:
        return repliers
    size, mine = max(unknowns(best, at, which_reply), 0), -1
    for i in range(senders):
        for j in range(repliers):
            if end == plan.shape[0]:
                return TOO_MANY
            plan[end] = 0.0
            for k in range(which_sender.shape[0]):
                if k < users(role):
                    plan[end, which_sender[k, 0], which_sender[k, 1]] = works[0][2][i, k]
            for m in range(role.size):
                if role[m] != 0:
                    write_replies(best, m, at[m], which_reply, size, works[1][2][j], reply[end, m])
            for t in range(2):
                v[t] = payoff(worth, t, refer[t], reply[end, refer[t]])
            if not complete_assessment(cell, prior, out, end, v, (spare_at, spare_which), works[2], doubt):
                doubt[0] = 1
                continue
            twin = start
            while twin < end and not same_play(out, twin, end):
                twin += 1
            if twin == end:
                component[end] = end - start if mine < 0 else mine
                end += 1
            if mine < 0:
                mine = component[twin]
            elif component[twin] != mine:
                other = component[twin]
                for k in range(start, end):
                    if component[k] == other:
                        component[k] = mine
    return end


@kernel(borrows=True)
def users(role: Array) -> int:
    """How many signals types use, each counted for each type."""
    total = 0
    for m in range(role.size):
        total += (role[m] & 1) + (role[m] >> 1)
    return total


@kernel(borrows=True)
def pattern(
    cell: tuple[Array, ...],
    prior: Array,
    leaf: tuple[Array, ...],
    works: tuple[tuple[Array, ...], ...],
    out: tuple[Array, ...],
    span: tuple[int, int],
    plane: tuple[Array, ...],
    doubt: Array,
) -> int:
    """All equilibria in which signals have the given roles and pieces: the new end of the span.

    Where the payoffs v that are left are more than a point, unused signals may cut them further, and each of the
    pieces that deter from one somewhere is tried in turn.
    """
    role, at, refer = leaf[:3]
    number, planes, sizes = cell[2], cell[5], cell[6]
    region, count, rest, spare, bound = plane
    corners_left = count[0]
    for m in range(role.size):
        for t in range(2):
            if (role[m] >> t) & 1:
                refer[t] = m
    turns = 0
    for m in range(role.size):
        bound[m] = -1
        if role[m] != 0:
            continue
        at[m] = -1
        whole, some = False, False
        for k in range(number[m]):
            if (prior[1] == 0.0 and k > 0) or (prior[0] == 0.0 and k < number[m] - 1):
                continue
            inside = 0
            for i in range(corners_left):
                inside += contains(planes[m, k], sizes[m, k], 0, region[i, 0], region[i, 1], doubt)
            whole, some = whole or inside == corners_left, some or inside > 0
            if whole:
                break
        if not whole:
            if corners_left == 1:
                return span[1]
            bound[m], turns = 0, turns + 1
    if turns == 0:
        return emit(cell, prior, leaf, works, out, span, doubt)
    start, end = span
    while True:
        count_left = corners_left
        for i in range(corners_left):
            rest[i, 0], rest[i, 1] = region[i, 0], region[i, 1]
        for m in range(role.size):
            if bound[m] >= 0 and count_left > 0:
                at[m] = bound[m]
                count_left = restrict(rest, count_left, planes[m, at[m]], sizes[m, at[m]], 0, spare, doubt)
        if count_left > 0:
            end = emit(cell, prior, leaf, works, out, (start, end), doubt)
            if end < 0:
                return end
        m = role.size - 1
        while m >= 0 and (bound[m] < 0 or bound[m] + 1 == number[m]):
            if bound[m] >= 0:
                bound[m] = 0
            m -= 1
        if m < 0:
            return end
        bound[m] += 1


@kernel(borrows=True)
def begin(cell: tuple[Array, ...], prior: Array, region: Array, span: Array) -> None:
    """The payoffs v at which the search begins, ``region (4, 2)``, and their ``span (4,)``: no signal surely gives more."""
    number, planes = cell[2], cell[5]
    for t in range(2):
        span[2 * t], span[2 * t + 1] = 0.0, 1.0
        for m in range(number.size):
            least, last = 1.0, number[m] - 1
            for k in range(number[m]):
                if not ((prior[1] == 0.0 and k > 0) or (prior[0] == 0.0 and k < last)):
                    least = min(least, -planes[m, k, 2 * t + 1, 2])
            span[2 * t] = max(span[2 * t], least)
    for i in range(4):
        region[i, 0] = 1.0 if i in (1, 2) else 0.0
        region[i, 1] = 1.0 if i >= 2 else 0.0


@kernel(borrows=True)
def apart(planes: Array, role: int, span: Array) -> bool:
    """Whether the box around a piece misses that of a region, where its role binds both."""
    for t in range(2):
        if -planes[2 * t + 1, 2] > span[2 * t + 1] + THIN:
            return True
        if (role >> t) & 1 and planes[2 * t, 2] < span[2 * t] - THIN:
            return True
    return False


@kernel(borrows=True)
def step(cell: tuple[Array, ...], m: int, k: int, role: int, plane: tuple[Array, ...], doubt: Array) -> int:
    """The payoffs that are left when signal m has this role and piece: from level m to m + 1, corners left."""
    planes, sizes = cell[5], cell[6]
    regions, counts, _choice, spans = plane[:4]
    spare = plane[5]
    left = counts[m]
    if role != 0 and apart(planes[m, k], role, spans[m]):
        return 0
    for i in range(left):
        regions[m + 1, i, 0], regions[m + 1, i, 1] = regions[m, i, 0], regions[m, i, 1]
    if role != 0:
        left = restrict(regions[m + 1], left, planes[m, k], sizes[m, k], role, spare, doubt)
    for t in range(2):
        low, high = np.inf, -np.inf
        for i in range(left):
            low, high = min(low, regions[m + 1, i, t]), max(high, regions[m + 1, i, t])
        if high < spans[m, 2 * t] - THIN:
            return 0
        spans[m + 1, 2 * t], spans[m + 1, 2 * t + 1] = max(low, spans[m, 2 * t]), high
    counts[m + 1] = left
    return left


@kernel(borrows=True)
def equilibria(
    cell: tuple[Array, ...],
    prior: Array,
    leaf: tuple[Array, ...],
    works: tuple[tuple[Array, ...], ...],
    out: tuple[Array, ...],
    start: int,
    plane: tuple[Array, ...],
    doubt: Array,
) -> int:
    """All equilibria of one cell, written from ``start`` on: the end, ``TOO_MANY`` for want of room."""
    role, at = leaf[:2]
    number = cell[2]
    regions, counts, choice, spans, rest, spare, bound = plane
    signals = role.size
    begin(cell, prior, regions[0], spans[0])
    counts[0], choice[0], level, end = 4, -1, 0, start
    while level >= 0:
        choice[level] += 1
        if choice[level] > number[level] + 2:
            level -= 1
            continue
        if not option(level, choice[level], cell, prior, role, at):
            continue
        if level + 1 == signals and not beliefs_average(cell, prior, role, at, doubt):
            continue
        if step(cell, level, at[level], role[level], plane, doubt) == 0:
            continue
        if level + 1 < signals:
            level += 1
            choice[level] = -1
        else:
            shape = (regions[signals], counts[signals:], rest, spare, bound)
            end = pattern(cell, prior, leaf, works, out, (start, end), shape, doubt)
            if end < 0:
                return end
    return end


@kernel(borrows=True)
def polylines(
    game: tuple[Array, ...],
    first: int,
    last: int,
    verdict: Array,
    count: Array,
    out: tuple[Array, ...],
    scratch: tuple[Any, ...],
) -> int:
    """Equilibria of the cells ``first..last``, one cell after another in ``out``; the first cell not done.

    ``game``: ``prior (C, 2), met (C, 2, Q), sender (C, 2, M, Q, R), receiver (C, 2, M, Q, R), replies (M, Q)``.
    ``out``: ``cell (N,), plan (N, 2, M), reply (N, M, Q, R), belief (N, M, 2), component (N,)``; beliefs are
    the interval of those of the second type at which replies are best, a point where the signal is used.
    Scratch as :func:`room_for` makes it.
    """
    prior, met, sender, receiver, _replies = game
    cell, lines, leaf, works, plane, doubt = scratch
    end = 0
    for c in range(first, last):
        count[c], verdict[c] = 0, NONFINITE
        if not finite(prior[c], met[c], sender[c], receiver[c], game[4]):
            continue
        doubt[0], verdict[c] = 0, TOO_LARGE
        if not tables(game, c, cell, lines, doubt):
            continue
        now = equilibria(cell, prior[c], leaf, works, out, end, plane, doubt)
        if now < 0:
            if end > 0 or out[0].size < MOST_EQUILIBRIA:
                return c
            continue
        for i in range(end, now):
            out[0][i] = c
        count[c], verdict[c] = now - end, DOUBTFUL if doubt[0] else FOUND
        end = now
    return last


@kernel(borrows=True)
def finite(prior: Array, met: Array, sender: Array, receiver: Array, replies: Array) -> bool:
    """Whether all numbers of a cell are."""
    total = 0.0
    for t in range(2):
        total += prior[t]
        for q in range(met.shape[1]):
            total += met[t, q]
            for m in range(replies.shape[0]):
                for r in range(replies[m, q]):
                    total += 0.0 * (sender[t, m, q, r] + receiver[t, m, q, r])
    return bool(np.isfinite(total))


MOST_EQUILIBRIA = 4096
"""Of one cell."""


def room_for(sizes: tuple[int, ...], equilibria_room: int) -> tuple[Any, Any]:
    """Arrays for :func:`polylines`: its ``out`` for so many equilibria, and its scratch; ``sizes`` are M, Q, R."""
    signals, receivers, replies = sizes
    most, size = most_pieces(receivers, replies), signals * receivers * max(replies - 1, 1) + 1
    wide = 64 + 4 * replies * receivers
    whole = (signals, most)
    cell = (
        np.empty((*whole, 2)), np.empty((*whole, receivers), np.int64), np.empty(signals, np.int64),
        np.empty((*whole, CORNERS, 2)), np.empty(whole, np.int64), np.empty((*whole, wide, 3)),
        np.empty(whole, np.int64), np.zeros((2, signals, receivers, replies)), np.empty(most + 2),
    )  # fmt: skip
    at = np.empty((3, signals), np.int64)
    which = np.empty((3, max(size, 2 * signals), 4), np.int64)
    leaf = (at[0], at[1], np.empty(2, np.int64), which[0], which[1], at[2], which[2], np.empty(2))
    unknown = max(size, 2 * signals)
    rows = 4 * (unknown + signals) + 8

    def work() -> tuple[Any, ...]:
        matrix = np.empty((unknown + 1, unknown + 1))
        return (
            np.empty((rows, unknown + 1)), np.empty((rows, unknown + 1)), np.empty((256, unknown)),
            np.empty((3, rows), np.int64), matrix, np.empty(unknown + 1),
        )  # fmt: skip

    regions = np.empty((signals + 1, wide, 2))
    counts = np.empty(signals + 1, np.int64)
    plane = (
        regions, counts, np.empty(signals, np.int64), np.empty((signals + 1, 4)), np.empty((wide, 2)),
        np.empty((wide, 2)), np.empty(signals, np.int64),
    )  # fmt: skip
    scratch = (
        cell,
        np.empty((receivers, replies, 2)),
        leaf,
        (work(), work(), work()),
        plane,
        np.zeros(1, np.int64),
    )
    shape = (signals, receivers, replies)
    out = (
        np.empty(equilibria_room, np.int64), np.empty((equilibria_room, 2, signals)),
        np.empty((equilibria_room, *shape)), np.empty((equilibria_room, signals, 2)),
        np.empty(equilibria_room, np.int64),
    )  # fmt: skip
    return out, scratch
