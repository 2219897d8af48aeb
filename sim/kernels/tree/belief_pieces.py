"""What receivers do at a signal as their common belief rises from 0 to 1: pieces with the same best replies.

With two types of the sender what a receiver gets from a reply is linear in the belief, so that his best replies
change at finitely many beliefs.  A piece is an interval of beliefs within which they are the same, or one belief
at which there are more of them than beside it.  On each piece the pairs of payoffs that the two types get are a
convex polygon: a point where replies are pure, a segment where one receiver mixes over two.

Sizes: M signals, Q types of receivers, R replies, P most pieces, V most corners, W most half-planes.
A belief is the probability of the second type.  Sets of replies are the bits of whole numbers.
"""

from __future__ import annotations

from math import hypot

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import THIN, TIE

__all__ = ["CORNERS", "half_planes", "most_pieces", "pieces", "replies_as_lines", "side"]

CORNERS = 64
"""Joint pure replies of a piece that there is room for."""


def most_pieces(receivers: int, replies: int) -> int:
    """Room for every piece of a signal: ends, points where some receiver switches, and what lies between."""
    return 2 * (receivers * (replies - 1) + 1) + 1


@kernel(borrows=True)
def side(x: float, doubt: Array) -> int:
    """The sign of a margin, 0 where it is a tie; ``doubt (1,)`` is set where it is thin and no tie."""
    if x > THIN:
        return 1
    if x < -THIN:
        return -1
    if abs(x) <= TIE:
        return 0
    doubt[0] = 1
    return 1 if x > 0.0 else -1


@kernel(borrows=True)
def replies_as_lines(met: Array, receiver: Array, m: int, replies: Array, lines: Array) -> None:
    """What each reply to signal m is worth at beliefs 0 and 1: ``met (2, Q), receiver (2, M, Q, R) -> lines (Q, R, 2)``.

    In units of the range of each receiver, up to a factor: how likely a type of the receiver meets each type of
    the sender weighs the two ends.  One that meets only one type never doubts.
    """
    for q in range(met.shape[1]):
        low, high = np.inf, -np.inf
        for t in range(2):
            for signal in range(receiver.shape[1]):
                for r in range(replies[signal, q]):
                    low, high = min(low, receiver[t, signal, q, r]), max(high, receiver[t, signal, q, r])
        unit = high - low if high > low else 1.0
        largest = max(met[0, q], met[1, q])
        for r in range(replies[m, q]):
            first, second = receiver[0, m, q, r] / unit, receiver[1, m, q, r] / unit
            if largest > 0.0 and met[0, q] == 0.0:
                first = second
            elif largest > 0.0 and met[1, q] == 0.0:
                second = first
            elif largest > 0.0:
                first *= met[0, q] / largest
                second *= met[1, q] / largest
            lines[q, r, 0], lines[q, r, 1] = first, second


@kernel(borrows=True)
def switches(lines: Array, replies: int, at: Array, count: int, doubt: Array) -> int:
    """Add the beliefs at which the upper envelope of ``lines (R, 2)`` bends to ``at``: how many there are now."""
    now = 0
    for r in range(1, replies):
        above = side(lines[r, 0] - lines[now, 0], doubt)
        if above > 0 or (above == 0 and lines[r, 1] > lines[now, 1]):
            now = r
    last = 0.0
    for _ in range(replies):
        following, best = -1, 1.0
        for r in range(replies):
            gain, lead = lines[r, 1] - lines[now, 1], lines[now, 0] - lines[r, 0]
            if gain <= TIE:
                continue
            cross = max(lead, 0.0) / (max(lead, 0.0) + gain)
            if cross < best - TIE or (
                following >= 0 and cross <= best + TIE and lines[r, 1] > lines[following, 1]
            ):
                following, best = r, cross
        if following < 0 or best >= 1.0 - TIE:
            break
        if best > last + TIE and best > TIE:
            at[count] = best
            count += 1
            last = best
        now = following
    return count


@kernel(borrows=True)
def best_at(lines: Array, replies: int, belief: float, doubt: Array) -> Array:
    """The best replies at a belief, as bits."""
    top = -np.inf
    for r in range(replies):
        top = max(top, (1.0 - belief) * lines[r, 0] + belief * lines[r, 1])
    best = np.int64(0)
    for r in range(replies):
        if side(top - ((1.0 - belief) * lines[r, 0] + belief * lines[r, 1]), doubt) == 0:
            best |= np.int64(1) << r
    return best


@kernel(borrows=True)
def pieces(lines: Array, replies: Array, ends: Array, best: Array, at: Array, doubt: Array) -> int:
    """All pieces of a signal in the order of beliefs, ``ends (P, 2), best (P, Q)``: how many.

    ``lines (Q, R, 2), replies (Q,)``; ``at`` is scratch for the beliefs at which somebody switches.
    """
    receivers = lines.shape[0]
    at[0], count = 0.0, 1
    for q in range(receivers):
        count = switches(lines[q], replies[q], at, count, doubt)
    for i in range(1, count):  # in their order, each once
        value, j = at[i], i
        while j > 0 and at[j - 1] > value:
            at[j] = at[j - 1]
            j -= 1
        at[j] = value
    kept = 1
    for i in range(1, count):
        if side(at[i] - at[kept - 1], doubt) != 0:
            at[kept] = at[i]
            kept += 1
    at[kept] = 1.0
    found = 0
    for i in range(kept + 1):
        # a point, where more replies are best than on either side of it; then what follows it
        ends[found, 0], ends[found, 1] = at[i], at[i]
        for q in range(receivers):
            best[found, q] = best_at(lines[q], replies[q], at[i], doubt)
        same_before = found > 0
        same_after = i < kept
        for q in range(receivers):
            same_before = same_before and best[found, q] == best[found - 1, q]
            same_after = same_after and best[found, q] & ~best_at(lines[q], replies[q], at[i + 1], doubt) == 0
        if not (same_before or same_after):
            found += 1
        if i < kept:
            ends[found, 0], ends[found, 1] = at[i], at[i + 1]
            for q in range(receivers):
                here = best_at(lines[q], replies[q], at[i], doubt)
                best[found, q] = here & best_at(lines[q], replies[q], at[i + 1], doubt)
            found += 1
    return found


@kernel(borrows=True)
def corners(worth: Array, m: int, best: Array, points: Array) -> int:
    """Pairs of payoffs of all joint pure replies, ``worth (2, M, Q, R), best (Q,) -> points (V, 2)``; 0: no room."""
    points[0, 0], points[0, 1], count = 0.0, 0.0, 1
    for q in range(best.shape[0]):
        chosen, before, first = best[q], count, True
        base0, base1, r = 0.0, 0.0, 0
        while chosen != 0:
            if chosen & 1:
                if first:
                    base0, base1, first = worth[0, m, q, r], worth[1, m, q, r], False
                    for i in range(before):
                        points[i, 0] += base0
                        points[i, 1] += base1
                else:
                    if count + before > points.shape[0]:
                        return 0
                    for i in range(before):
                        points[count + i, 0] = points[i, 0] - base0 + worth[0, m, q, r]
                        points[count + i, 1] = points[i, 1] - base1 + worth[1, m, q, r]
                    count += before
            chosen >>= 1
            r += 1
    return count


@kernel(borrows=True)
def half_planes(points: Array, count: int, planes: Array) -> int:
    """``planes (W, 3)``: a . v <= b for all v between the corners, the box around them first: how many."""
    for axis in range(2):
        low, high = np.inf, -np.inf
        for i in range(count):
            low, high = min(low, points[i, axis]), max(high, points[i, axis])
        planes[2 * axis, :2] = 0.0
        planes[2 * axis + 1, :2] = 0.0
        planes[2 * axis, axis], planes[2 * axis, 2] = 1.0, high
        planes[2 * axis + 1, axis], planes[2 * axis + 1, 2] = -1.0, -low
    found = 4
    for i in range(count):
        for j in range(i + 1, count):
            x, y = points[i, 1] - points[j, 1], points[j, 0] - points[i, 0]
            length = hypot(x, y)
            if length <= TIE or min(abs(x), abs(y)) <= TIE * length:
                continue  # one point, or a side of the box
            x, y = x / length, y / length
            level, lowest, highest = x * points[i, 0] + y * points[i, 1], 0.0, 0.0
            for k in range(count):
                beyond = x * points[k, 0] + y * points[k, 1] - level
                lowest, highest = min(lowest, beyond), max(highest, beyond)
            if highest <= TIE:
                found = add_plane(planes, found, x, y, level)
            if lowest >= -TIE:
                found = add_plane(planes, found, -x, -y, -level)
    return found


@kernel(borrows=True)
def add_plane(planes: Array, count: int, x: float, y: float, level: float) -> int:
    """Add a half-plane that is not yet there: how many there are now."""
    for i in range(count):
        if abs(planes[i, 0] - x) + abs(planes[i, 1] - y) + abs(planes[i, 2] - level) <= TIE:
            return count
    planes[count, 0], planes[count, 1], planes[count, 2] = x, y, level
    return count + 1
