"""Equilibria of signalling games with any number of types of the sender, pattern by pattern.

For given supports of senders and of mixing receivers, payoffs are linear in replies alone and Bayes' rule in the
senders' weights alone: two square systems, or the pattern has no isolated solution.  At unused signals the
beliefs that deter lie between corners of a subdivision of the simplex, the faces on which a set of replies is best.

Where some margin is thin, or a system singular, a cell may have more equilibria than are found: it is marked.

Sizes: T types, M signals, Q types of receivers, R replies, X most corners of the subdivision at a signal.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.linear import gauss
from sim.kernels.base.tolerances import LEAST_PIVOT, THIN, TIE
from sim.kernels.tree.corner_points import corner_points
from sim.kernels.tree.free_replies import (
    add_payoff,
    payoff,
    probabilities,
    sender_worth,
    unknowns,
    write_replies,
)

__all__ = ["belief_faces", "face_room"]

FOUND, DOUBTFUL, NONFINITE = 0, 1, 2
NO_ROOM = -1


@kernel(borrows=True)
def in_units(game: tuple[Array, ...], c: int, worth: Array, gain: Array) -> bool:
    """Payoffs in units of ranges, ``worth, gain (T, M, Q, R)`` of sender and receivers; False if some is no number.

    Both are weighed by how likely a type meets a receiver.
    """
    prior, met, sender, receiver, replies = game
    types, signals, receivers, _ = worth.shape
    total = 0.0
    for t in range(types):
        total += prior[c, t]
        for m in range(signals):
            for q in range(receivers):
                for r in range(replies[m, q]):
                    total += 0.0 * (sender[c, t, m, q, r] + receiver[c, t, m, q, r] + met[c, t, q])
    sender_worth(met[c], sender[c], replies, worth)
    for q in range(receivers):
        low, high, largest = np.inf, -np.inf, 0.0
        for t in range(types):
            largest = max(largest, met[c, t, q])
            for m in range(signals):
                for r in range(replies[m, q]):
                    low, high = min(low, receiver[c, t, m, q, r]), max(high, receiver[c, t, m, q, r])
        unit = high - low if high > low else 1.0
        for t in range(types):
            share = met[c, t, q] / largest if largest > 0.0 else 1.0
            for m in range(signals):
                for r in range(replies[m, q]):
                    gain[t, m, q, r] = share * ((receiver[c, t, m, q, r] - low) / unit)
    return bool(np.isfinite(total))


@kernel(borrows=True)
def possible_replies(gain: Array, replies: Array, can: Array) -> None:
    """Replies that no other beats against every type of a set: ``can (2**T, M, Q)``, as bits."""
    types, signals, receivers, _ = gain.shape
    for users in range(1, 1 << types):
        for m in range(signals):
            for q in range(receivers):
                can[users, m, q] = 0
                for r in range(replies[m, q]):
                    beaten = False
                    for other in range(replies[m, q]):
                        better = other != r
                        for t in range(types):
                            if (users >> t) & 1:
                                better = better and gain[t, m, q, other] > gain[t, m, q, r] + TIE
                        beaten = beaten or better
                    if not beaten:
                        can[users, m, q] |= np.int64(1) << r


@kernel(borrows=True)
def impossible(row: Array, users: Array, can: Array) -> int:
    """The first signal of a pattern to which its replies cannot be best; how many signals there are, if none."""
    signals, receivers = can.shape[1:]
    types = row.size - signals * receivers
    for m in range(signals):
        if users[m] != 0:
            for q in range(receivers):
                if row[types + m * receivers + q] & ~can[users[m], m, q]:
                    return m
    return signals


@kernel(borrows=True)
def plausible(row: Array, users: Array, worth: Array, low: Array, high: Array) -> bool:
    """Whether what types can get from their signals is no worse than what others surely give."""
    types, signals, receivers, _ = worth.shape
    for t in range(types):
        least, most = np.inf, -np.inf  # what its signals can give, and what it can be sure of elsewhere
        for m in range(signals):
            if users[m] == 0:
                continue
            low[m], high[m] = 0.0, 0.0
            for q in range(receivers):
                bits, r, bottom, top = row[types + m * receivers + q], 0, np.inf, -np.inf
                while bits != 0:
                    if bits & 1:
                        bottom, top = min(bottom, worth[t, m, q, r]), max(top, worth[t, m, q, r])
                    bits >>= 1
                    r += 1
                low[m] += bottom
                high[m] += top
            if (row[t] >> m) & 1:
                least = min(least, high[m])
            most = max(most, low[m])
        if least < most - TIE:
            return False
    return True


@kernel(borrows=True)
def margin(x: float, doubt: Array) -> bool:
    """Whether a number may be no less than zero: ``doubt`` is 1 where it is near, 2 where it is rather below."""
    if x < -THIN:
        return False
    if x <= THIN:
        doubt[0] = max(doubt[0], 1 if x >= -TIE else 2)
    return True


@kernel(borrows=True)
def solve_replies(
    row: Array,
    best: Array,
    at: Array,
    worth: Array,
    out: tuple[Array, Array],
    work: tuple[Array, ...],
    doubt: Array,
) -> bool:
    """Replies ``(M, Q, R)`` that make the types of a pattern indifferent, and what types get, ``v (T,)``; False if none."""
    reply, v = out
    which, matrix, right = work
    types, signals, receivers, _ = worth.shape
    size, rows = unknowns(best, at, which), 0
    for t in range(types):
        first = -1
        for m in range(signals):
            if (row[t] >> m) & 1 == 0:
                continue
            if first < 0:
                first = m
                continue
            matrix[rows, : size + 1] = 0.0
            add_payoff(worth, best, which, size, matrix[rows], (t, m, 0), 1.0)
            add_payoff(worth, best, which, size, matrix[rows], (t, first, 0), -1.0)
            right[rows] = matrix[rows, size]
            rows += 1
    if size > 0 and gauss(matrix, right, size) == 0:
        doubt[1] = 1
        return False
    for j in range(size):
        if not margin(right[j], doubt):
            return False
        right[j] = max(right[j], 0.0)
    for m in range(signals):
        if at[m] < 0:
            continue
        for q in range(receivers):
            rest = 1.0
            for j in range(size):
                if which[j, 0] == m and which[j, 1] == q:
                    rest -= right[j]
            if size > 0 and not margin(rest, doubt):
                return False
        write_replies(best, m, 0, which, size, right, reply[m])
    for t in range(types):
        v[t] = -np.inf
        for m in range(signals):
            if (row[t] >> m) & 1:
                v[t] = max(v[t], payoff(worth, t, m, reply[m]))
        for m in range(signals):
            if (
                at[m] >= 0
                and (row[t] >> m) & 1 == 0
                and not margin(v[t] - payoff(worth, t, m, reply[m]), doubt)
            ):
                return False
    return True


@kernel(borrows=True)
def solve_senders(
    row: Array,
    best: Array,
    at: Array,
    game: tuple[Array, Array, Array],
    plan: Array,
    work: tuple[Array, ...],
    doubt: Array,
) -> bool:
    """Plans ``(T, M)`` that make the replies of a pattern equally good, and others no better; False if there are none."""
    prior, gain, replies = game
    which, matrix, right = work
    types, signals, receivers, _ = gain.shape
    size = 0
    for t in range(types):
        for m in range(signals):
            if (row[t] >> m) & 1:
                which[size, 0], which[size, 1] = t, m
                size += 1
    for t in range(types):
        right[t] = 1.0
        for j in range(size):
            matrix[t, j] = 1.0 if which[j, 0] == t else 0.0
    rows = types
    for m in range(signals):
        if at[m] < 0:
            continue
        for q in range(receivers):
            bits, base, r = best[m, 0, q], -1, 0
            while bits != 0:
                if bits & 1 and base < 0:
                    base = r
                elif bits & 1:
                    for j in range(size):
                        t = which[j, 0]
                        lead = gain[t, m, q, r] - gain[t, m, q, base]
                        matrix[rows, j] = prior[t] * lead if which[j, 1] == m else 0.0
                    right[rows] = 0.0
                    rows += 1
                bits >>= 1
                r += 1
    if gauss(matrix, right, size) == 0:
        doubt[1] = 1
        return False
    plan[:] = 0.0
    for j in range(size):
        if not margin(right[j], doubt):
            return False
        plan[which[j, 0], which[j, 1]] = max(right[j], 0.0)
    for m in range(signals):
        if at[m] < 0:
            continue
        total = 0.0
        for t in range(types):
            total += prior[t] * plan[t, m]
        for q in range(receivers):
            base = 0
            while (best[m, 0, q] >> base) & 1 == 0:
                base += 1
            for r in range(replies[m, q]):
                if (best[m, 0, q] >> r) & 1:
                    continue
                lead = 0.0
                for t in range(types):
                    lead += prior[t] * plan[t, m] * (gain[t, m, q, base] - gain[t, m, q, r])
                if not margin(lead / total, doubt):
                    return False
    return True


@kernel(borrows=True)
def subdivide(
    gain: Array, m: int, replies: Array, chosen: Array, out: tuple[Array, Array], work: tuple[Array, ...]
) -> int:
    """Corners of the faces of beliefs on which replies to a signal stay best: how many.

    ``chosen (Y, T - 1)`` are the sets of conditions that may hold together, of which the first T are that a type is
    ruled out and the others that two replies are equally good.  Written: ``corner (X, T), best (X, Q)``.
    """
    corner, best = out
    which, matrix, right = work
    types, _, receivers, _ = gain.shape
    count = 0
    for y in range(chosen.shape[0]):
        for t in range(types):
            matrix[0, t] = 1.0
        right[0] = 1.0
        there = True
        for row in range(types - 1):
            condition, right[row + 1] = chosen[y, row], 0.0
            if condition < types:
                for t in range(types):
                    matrix[row + 1, t] = 1.0 if t == condition else 0.0
                continue
            q, first, second = which[condition, 0], which[condition, 1], which[condition, 2]
            there = there and second < replies[m, q]
            for t in range(types):
                matrix[row + 1, t] = gain[t, m, q, first] - gain[t, m, q, second]
        if not there or gauss(matrix, right, types) == 0:
            continue
        for t in range(types):
            there = there and right[t] >= -TIE
        for row in range(types - 1):
            condition = chosen[y, row]
            if there and condition >= types:
                q, r = which[condition, 0], which[condition, 1]
                there = (best_there(gain, m, q, replies[m, q], right) >> r) & 1 == 1
        for i in range(count):
            if not there:
                break
            apart = 0.0
            for t in range(types):
                apart = max(apart, abs(corner[i, t] - right[t]))
            there = apart > LEAST_PIVOT
        if there and count < corner.shape[0]:
            for t in range(types):
                corner[count, t] = max(right[t], 0.0)
            for q in range(receivers):
                best[count, q] = best_there(gain, m, q, replies[m, q], corner[count])
            count += 1
    return count


@kernel(borrows=True)
def best_there(gain: Array, m: int, q: int, replies: int, belief: Array) -> Array:
    """The best replies of a receiver at a belief ``(T,)``, as bits."""
    best, top = np.int64(0), -np.inf
    for look in range(2):
        for r in range(replies):
            value = 0.0
            for t in range(belief.size if belief.size < gain.shape[0] else gain.shape[0]):
                value += belief[t] * gain[t, m, q, r]
            if look == 0:
                top = max(top, value)
            elif value >= top - LEAST_PIVOT:
                best |= np.int64(1) << r
    return best


@kernel(borrows=True)
def serving(best: Array, count: int, reply: Array, serves: Array) -> int:
    """At which of the corners all replies that are played, ``reply (Q, R)``, are best: how many."""
    total = 0
    for x in range(count):
        serves[x] = 1
        for q in range(reply.shape[0]):
            for r in range(reply.shape[1]):
                if reply[q, r] != 0.0 and (best[x, q] >> r) & 1 == 0:
                    serves[x] = 0
        total += serves[x]
    return total


@kernel(borrows=True)
def deterrent(
    worth: Array,
    can: Array,
    m: int,
    v: Array,
    found: tuple[Array, ...],
    work: tuple[Array, ...],
    replies: Array,
    doubt: Array,
) -> bool:
    """Replies to an unused signal by which no type gets more than v, of all pure ones those that serve at most corners.

    There is doubt where types that get just v from replies to themselves might send the signal as well.
    ``found``: ``best (M, X, Q), count (M,), reply (Q, R), serves (X,), at (M,)``.
    """
    best, count, reply, serves, at = found
    equal, least, points, order, matrix, point, which = work
    types, _, receivers, _ = worth.shape
    profiles, widest, chosen = 1, 0, -1
    for q in range(receivers):
        profiles *= replies[m, q]
    for profile in range(profiles):
        decode(profile, replies[m], reply)
        good, tempted = True, 0
        for t in range(types):
            slack = v[t] - payoff(worth, t, m, reply)
            good = good and slack >= -TIE
            if abs(slack) <= THIN:
                tempted |= 1 << t
        if good and tempted:
            for q in range(receivers):
                for r in range(replies[m, q]):
                    if reply[q, r] != 0.0 and (can[tempted, m, q] >> r) & 1 == 0:
                        tempted = 0
            doubt[0] = max(doubt[0], 1 if tempted else 0)
        if good:
            wide = serving(best[m], count[m], reply, serves)
            if wide > widest:
                widest, chosen = wide, profile
    if chosen >= 0:
        decode(chosen, replies[m], reply)
        return True
    for x in range(count[m]):
        at[:] = -1
        at[m] = x
        size = unknowns(best, at, which)
        if size <= 0:
            continue
        bounds = probabilities(which, size, least)
        for t in range(types):
            least[bounds, : size + 1] = 0.0
            add_payoff(worth, best, which, size, least[bounds], (t, m, x), 1.0)
            least[bounds, size] += v[t]
            bounds += 1
        if corner_points(equal, 0, least, bounds, size, points, (order, matrix, point)) > 0:
            write_replies(best, m, x, which, size, points[0], reply)
            return True
    return False


@kernel(borrows=True)
def decode(profile: int, replies: Array, reply: Array) -> None:
    """The pure replies ``(Q, R)`` with a number."""
    reply[:] = 0.0
    for q in range(replies.size):
        reply[q, profile % replies[q]] = 1.0
        profile //= replies[q]


@kernel(borrows=True)
def belief_faces(
    game: tuple[Array, ...],
    first: int,
    last: int,
    patterns: tuple[Array, ...],
    verdict: Array,
    out: tuple[Array, ...],
    scratch: tuple[Any, ...],
) -> int:
    """Equilibria of the cells ``first..last``, one cell after another in ``out``; the first cell not done.

    ``game``: ``prior (C, T), met (C, T, Q), sender (C, T, M, Q, R), receiver (C, T, M, Q, R), replies (M, Q)``.
    ``patterns``: rows, users and where to go on as :func:`~sim.kernels.tree.face_patterns.face_patterns` lists them, and
    conditions of :func:`subdivide`.  ``out``: ``cell (N,), plan (N, T, M), reply (N, M, Q, R),
    belief (N, M, X, T)``, the corners of beliefs at which replies are best, NaN beyond the last.
    """
    prior, met, _sender, _receiver, replies = game
    rows, users, ahead, chosen = patterns
    worth, gain, can, bounds, best, at, v, halves, faces = scratch
    types, signals, receivers, _ = worth.shape
    which, matrix, right, doubt, deter_work = halves
    corner, corner_best, count, serves, spare_at = faces
    of_cell, plan, reply, belief = out
    end = 0
    for c in range(first, last):
        verdict[c], doubt[1] = NONFINITE, 0
        if not in_units(game, c, worth, gain):
            continue
        for t in range(types):
            for q in range(receivers):
                if prior[c, t] <= 0.0 or met[c, t, q] <= 0.0:
                    doubt[1] = 1
        possible_replies(gain, replies, can)
        start = end
        for m in range(signals):
            count[m] = -1
        following = 0
        while following < rows.shape[0]:
            p, doubt[0] = following, 0
            following = p + 1
            m = impossible(rows[p], users[p], can)
            if m < signals:
                following = ahead[p, m]
                continue
            if not plausible(rows[p], users[p], worth, bounds[0], bounds[1]):
                continue
            if end == of_cell.size:
                for i in range(start, end):
                    of_cell[i] = -1
                return c
            for m in range(signals):
                at[m] = 0 if users[p, m] != 0 else -1
                for q in range(receivers):
                    best[m, 0, q] = rows[p, types + m * receivers + q]
            if not solve_replies(rows[p], best, at, worth, (reply[end], v), (which[0], matrix, right), doubt):
                continue
            own = (prior[c], gain, replies)
            if not solve_senders(rows[p], best, at, own, plan[end], (which[0], matrix, right), doubt):
                continue
            there = True
            for m in range(signals):
                if at[m] >= 0:
                    continue
                if count[m] < 0:
                    parts = (corner[m], corner_best[m])
                    count[m] = subdivide(gain, m, replies, chosen, parts, (which[1], matrix, right))
                found = (corner_best, count, reply[end, m], serves, spare_at)
                if not deterrent(worth, can, m, v, found, deter_work, replies, doubt):
                    there = False
                    break
            if not there:
                continue
            doubt[1] = 1 if doubt[0] else doubt[1]
            if doubt[0] == 2:
                continue
            write_beliefs(prior[c], plan[end], reply[end], faces, belief[end])
            of_cell[end] = c
            end += 1
        verdict[c] = DOUBTFUL if doubt[1] else FOUND
    return last


@kernel(borrows=True)
def write_beliefs(prior: Array, plan: Array, reply: Array, faces: tuple[Array, ...], belief: Array) -> None:
    """Beliefs at each signal, ``belief (M, X, T)``: one where it is sent, else the corners of those that serve."""
    corner, best, count, serves, _ = faces
    belief[:] = np.nan
    for m in range(plan.shape[1]):
        total = 0.0
        for t in range(prior.size):
            total += prior[t] * plan[t, m]
        if total > 0.0:
            for t in range(prior.size):
                belief[m, 0, t] = prior[t] * plan[t, m] / total
            continue
        serving(best[m], count[m], reply[m], serves)
        place = 0
        for x in range(count[m]):
            if serves[x] != 0:
                for t in range(prior.size):
                    belief[m, place, t] = corner[m, x, t]
                place += 1


def face_room(types: int, replies: tuple[tuple[int, ...], ...], equilibria_room: int) -> tuple[Any, Any, Any]:
    """Arrays for :func:`belief_faces`: the conditions of subdivisions, its ``out`` for so many equilibria, its scratch."""
    signals, receivers, most = len(replies), len(replies[0]), max(map(max, replies))
    pairs = [(q, a, b) for q in range(receivers) for a, b in combinations(range(most), 2)]
    conditions = types + len(pairs)
    listed = list(combinations(range(conditions), types - 1))
    chosen = np.array(listed, np.int64).reshape(len(listed), types - 1)  # of one type the empty choice
    corners = min(len(chosen), 4 * comb(most * receivers + types, types - 1)) + 1
    unknown = max(signals * receivers * max(most - 1, 1), types * signals) + 1
    which = np.zeros((2, max(unknown, conditions), 4), np.int64)
    which[1, types:conditions, :3] = np.array(pairs, np.int64).reshape(-1, 3)
    rows = 2 * unknown + types + 2
    deter_work = (
        np.empty((rows, unknown + 1)), np.empty((rows, unknown + 1)), np.empty((64, unknown)),
        np.empty((3, rows), np.int64), np.empty((unknown + 1, unknown + 1)), np.empty(unknown + 1),
        np.empty((unknown, 4), np.int64),
    )  # fmt: skip
    size = unknown + types + 1
    halves = (which, np.empty((size, size)), np.empty(size), np.zeros(2, np.int64), deter_work)
    faces = (
        np.empty((signals, corners, types)), np.empty((signals, corners, receivers), np.int64),
        np.empty(signals, np.int64), np.empty(corners, np.int64), np.empty(signals, np.int64),
    )  # fmt: skip
    shape = (types, signals, receivers, most)
    scratch = (
        np.zeros(shape), np.zeros(shape), np.zeros((1 << types, signals, receivers), np.int64),
        np.empty((2, signals)), np.empty((signals, 1, receivers), np.int64), np.empty(signals, np.int64),
        np.empty(types), halves, faces,
    )  # fmt: skip
    out = (
        np.empty(equilibria_room, np.int64), np.empty((equilibria_room, types, signals)),
        np.zeros((equilibria_room, *shape[1:])), np.empty((equilibria_room, signals, corners, types)),
    )  # fmt: skip
    return chosen, out, scratch
