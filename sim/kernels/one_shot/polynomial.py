"""All equilibria on all supports of games with any number of players, by subdivision with proof.

On a support, the payoff of one action less that of another is a polynomial that is affine in every single
coordinate, so that over a box of coordinates its range is exactly that of its values at the corners.
A box is thrown away when some difference that must vanish cannot, or when an action outside the support
is better everywhere in it; it is settled when Krawczyk's operator maps it into itself, which proves one
root and no other; else it is cut in half.  Boxes that stay undecided are reported, never forgotten.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel
from sim.kernels.base.linear import gauss, least_pivot
from sim.kernels.base.matrix_game import others_of
from sim.kernels.one_shot.found import ends, inside, keep_equilibrium
from sim.kernels.one_shot.mixed_support import indifferent, spread_out
from sim.kernels.one_shot.payoff_ranges import SLACK, difference, place, slope_range, vanishes

__all__ = ["equilibria_on_supports"]

MARGIN = 0.0123  # boxes reach this far beyond probabilities, so that roots at the border are inside
SMALLEST = 1e-4  # narrower boxes are not cut again
COARSE = 0.02  # nor these, where some difference is zero all over the box
WIDER = 0.15  # a box is widened by this share before the test, so that roots on a cut are inside
FEWEST = 50  # boxes on a support, where many were left undecided before it
STARTS = 24  # of Newton's method on a support where something stays undecided
SINGULAR = 1e-6  # pivots of a Jacobian below this share of the largest belong to a continuum


@kernel()
def search(
    payoffs: Any, sizes: Any, stride: Any, digit: Any, support: Any, boxes: int, found: Any, count: int,
    queue: Any, others: Any, width_of: Any,
) -> tuple[int, int, bool]:  # fmt: skip
    """Equilibria on one support, ``support (n,)`` as bits: their number so far, and boxes left undecided.

    The third answer says whether they are a segment, of which the ends are given.

    ``found (K, n, A)`` from ``count`` on takes them; ``digit (n, J)`` is the action of each player in each
    joint action; ``others (n, J)`` with ``width_of (n,)`` list the joint actions of the others on the support.
    ``queue (boxes + 2, 2, N)`` is room for boxes: the oldest, and so the widest, are looked at first, so that
    a place where nothing can be proved does not keep the rest from being seen.
    """
    players, most = sizes.size, max(sizes)
    last = np.empty(players, np.int64)
    size = 0
    for i in range(players):
        for a in range(sizes[i]):
            if support[i] >> a & 1:
                last[i] = a
                size += 1
    size -= players
    owner, action = np.empty(size, np.int64), np.empty(size, np.int64)
    d = 0
    for i in range(players):
        for a in range(sizes[i]):
            if support[i] >> a & 1 and a != last[i]:
                owner[d], action[d] = i, a
                d += 1
    play, reply = np.zeros((players, most)), np.zeros((players, most))
    low, high = np.empty(size), np.empty(size)
    wide_low, wide_high = np.empty(size), np.empty(size)
    new_low, new_high = np.empty(size), np.empty(size)
    middle, step, open_point = np.empty(size), np.empty(size), np.empty(size)
    slope, radius = np.empty((size, size)), np.empty((size, size))
    copy, inverse, column = np.empty((size, size)), np.empty((size, size)), np.empty(size)
    if size == 1:
        count, segment = ends(
            payoffs, sizes, stride, digit, support, owner[0], action[0], last, others, width_of, play, reply,
            found, count,
        )  # fmt: skip
        return count, 0, segment
    for d in range(size):
        queue[0, 0, d], queue[0, 1, d] = -MARGIN, 1.0 + 1.1 * MARGIN
    waiting, undecided, looked, open_found, stands = 1, 0, 0, False, False
    while waiting > 0:
        if looked == boxes:
            undecided += waiting
            break
        at = looked % queue.shape[0]
        for d in range(size):
            low[d], high[d] = queue[at, 0, d], queue[at, 1, d]
        looked += 1
        waiting -= 1
        end = looked + waiting
        keep, narrow = True, SMALLEST
        for i in range(players):  # probabilities must be able to be positive and to sum to one
            rest_high = 1.0
            for d in range(size):
                if owner[d] == i:
                    rest_high -= low[d]
                    keep = keep and high[d] > 0.0 and low[d] < 1.0
            keep = keep and rest_high > -SLACK
        if not keep:
            continue
        for i in range(players):
            for a in range(sizes[i]):
                if keep and a != last[i]:
                    verdict = vanishes(
                        payoffs, i, a, last[i], support[i] >> a & 1 == 1, stride, sizes, digit, others[i],
                        width_of[i], low, high, owner, action, last, play,
                    )  # fmt: skip
                    keep = verdict > 0
                    narrow = COARSE if verdict == 2 else narrow
        if not keep:
            continue
        widest, cut = -1.0, 0
        for d in range(size):
            width = high[d] - low[d]
            if width > widest:
                widest, cut = width, d
            wide_low[d], wide_high[d] = low[d] - WIDER * width, high[d] + WIDER * width
            middle[d] = 0.5 * (low[d] + high[d])
        # Krawczyk: middle - Y f(middle) + (1 - Y J(box)) (box - middle), with Y the inverse at the middle
        for r in range(size):
            i = owner[r]
            for k in range(size):
                least, largest = 0.0, 0.0
                if owner[k] != i:
                    least, largest = slope_range(
                        payoffs, i, action[r], last[i], k, stride, sizes, digit, others[i], width_of[i],
                        wide_low, wide_high, owner, action, last, play,
                    )  # fmt: skip
                slope[r, k] = 0.5 * (least + largest)
                radius[r, k] = 0.5 * (largest - least)
        regular = True
        for k in range(size):
            for r in range(size):
                for other in range(size):
                    copy[r, other] = slope[r, other]
                column[r] = 1.0 if r == k else 0.0
            regular = regular and gauss(copy, column, size) != 0
            if not regular:
                break
            for r in range(size):
                inverse[r, k] = column[r]
        proved, empty, shrunk = regular, False, 0.0
        if regular:
            place(middle, owner, action, last, play)
            for r in range(size):
                step[r] = difference(
                    payoffs, owner[r], action[r], last[owner[r]], stride, digit, others[owner[r]],
                    width_of[owner[r]], play,
                )  # fmt: skip
            for r in range(size):
                centre, reach = middle[r], SLACK
                for k in range(size):
                    centre -= inverse[r, k] * step[k]
                    spread = 0.0
                    for m in range(size):
                        spread += abs(inverse[r, m]) * radius[m, k]
                    reach += spread * 0.5 * (wide_high[k] - wide_low[k])
                proved = proved and centre - reach > wide_low[r] and centre + reach < wide_high[r]
                new_low[r], new_high[r] = max(low[r], centre - reach), min(high[r], centre + reach)
                empty = empty or new_low[r] > new_high[r]
                shrunk = max(shrunk, (new_high[r] - new_low[r]) / (high[r] - low[r]))
        if empty:
            continue
        if proved or size == 0:
            for _ in range(30):  # the chord method: the inverse is good all over the box
                place(middle, owner, action, last, play)
                far = 0.0
                for r in range(size):
                    step[r] = difference(
                        payoffs, owner[r], action[r], last[owner[r]], stride, digit, others[owner[r]],
                        width_of[owner[r]], play,
                    )  # fmt: skip
                for r in range(size):
                    for k in range(size):
                        middle[r] -= inverse[r, k] * step[k]
                        far = max(far, abs(inverse[r, k] * step[k]))
                if far < 1e-15:
                    break
            place(middle, owner, action, last, play)
            count, doubt = keep_equilibrium(payoffs, sizes, stride, support, play, reply, found, count)
            undecided += doubt
            continue
        if regular:  # every root in the box is in the image too
            widest = -1.0
            for d in range(size):
                low[d], high[d] = new_low[d], new_high[d]
                if high[d] - low[d] > widest:
                    widest, cut = high[d] - low[d], d
            if shrunk < 0.6 and widest >= SMALLEST:
                for d in range(size):
                    queue[end % queue.shape[0], 0, d], queue[end % queue.shape[0], 1, d] = low[d], high[d]
                waiting += 1
                continue
        strongest = -1.0  # cut where the differences depend on most, unless that is narrow already
        for d in range(size):
            width = high[d] - low[d]
            strength = 0.0
            for r in range(size):
                strength += (abs(slope[r, d]) + radius[r, d]) * width
            if width > 0.25 * widest and strength > strongest:
                strongest, cut = strength, d
        if widest < narrow:
            undecided += 1
            if not stands:  # one equilibrium stands for a continuum: the middle of a box, if it is one
                for d in range(size):
                    column[d] = min(max(0.5 * (low[d] + high[d]), 0.0), 1.0)
                    open_point[d] = open_point[d] if open_found else column[d]
                open_found = True
                place(column, owner, action, last, play)
                if inside(sizes, support, play):
                    before = count
                    count, _ = keep_equilibrium(payoffs, sizes, stride, support, play, reply, found, count)
                    stands = count > before
            continue
        left, right = end % queue.shape[0], (end + 1) % queue.shape[0]
        for d in range(size):
            queue[left, 0, d], queue[left, 1, d] = low[d], high[d]
            queue[right, 0, d], queue[right, 1, d] = low[d], high[d]
        queue[left, 1, cut] = queue[right, 0, cut] = 0.5 * (low[cut] + high[cut])
        waiting += 2
    if undecided == 0:
        return count, 0, False
    # what cannot be proved can still be found: Newton's method from many points, all of what stands alone, and
    # one equilibrium for what does not
    for start in range(-1, STARTS):
        if start >= 0:
            play[:] = 0.0
            spread_out(start, sizes, support, play)
        elif not open_found:
            continue
        else:
            place(open_point, owner, action, last, play)
        if not indifferent(payoffs, sizes, stride, play, reply):
            continue
        if not inside(sizes, support, play):
            continue
        for d in range(size):
            middle[d] = play[owner[d], action[d]]
        for r in range(size):
            for k in range(size):
                copy[r, k] = 0.0
                if owner[k] != owner[r]:
                    copy[r, k], _ = slope_range(
                        payoffs, owner[r], action[r], last[owner[r]], k, stride, sizes, digit, others[owner[r]],
                        width_of[owner[r]], middle, middle, owner, action, last, reply,
                    )  # fmt: skip
        alone = least_pivot(copy, size) > SINGULAR
        if alone or not stands:
            count, _ = keep_equilibrium(payoffs, sizes, stride, support, play, reply, found, count)
        stands = stands or not alone
    return count, undecided, False


@kernel()
def on_support(digit: Any, support: Any, others: Any, width_of: Any, within: Any, width: Any) -> int:
    """Of the joint actions of the others, ``others (n, J), width_of (n,)``, those that may be played."""
    for i in range(support.size):
        width[i] = 0
        for o in range(width_of[i]):
            played = True
            for j in range(support.size):
                played = played and (j == i or support[j] >> digit[j, others[i, o]] & 1 == 1)
            if played:
                within[i, width[i]] = others[i, o]
                width[i] += 1
    return 0


@kernel()
def equilibria_on_supports(
    payoffs: Any, sizes: Any, stride: Any, alive: Any, boxes: int, first: int, last: int, strategy: Any,
    count: Any, undecided: Any, segments: Any,
) -> int:  # fmt: skip
    """Search every support of each cell: ``payoffs (C, n, J) -> strategy (C, K, n, A), count, undecided (C,)``.

    ``alive (C, n)`` are the actions that may be played, as bits; cells without any are passed over.
    ``boxes`` are the most on a support, and half as many with each support that stays undecided.
    ``count`` may exceed K; ``undecided`` is the number of boxes about which nothing could be proved;
    ``segments (C,)`` the number of supports on which one player mixes and equilibria are a segment.
    """
    players, joints = payoffs.shape[1:]
    coordinates = 0
    for i in range(players):
        coordinates += sizes[i] - 1
    queue = np.empty((boxes + 2, 2, max(coordinates, 1)))
    others, width_of = np.empty((players, joints), np.int64), np.empty(players, np.int64)
    for i in range(players):
        width_of[i] = others_of(i, sizes, stride, joints, others[i])
    within, width = np.empty((players, joints), np.int64), np.empty(players, np.int64)
    digit = np.empty((players, joints), np.int64)
    for i in range(players):
        for s in range(joints):
            digit[i, s] = s // stride[i] % sizes[i]
    support = np.empty(players, np.int64)
    for c in range(first, last):
        if alive[c, 0] == 0:
            continue
        count[c] = 0
        undecided[c] = 0
        segments[c] = 0
        allowed = boxes
        support[:] = alive[c] & -alive[c]
        while True:
            on_support(digit, support, others, width_of, within, width)
            number, open_boxes, segment = search(
                payoffs[c],
                sizes,
                stride,
                digit,
                support,
                allowed,
                strategy[c],
                count[c],
                queue,
                within,
                width,
            )
            count[c] = number
            undecided[c] += open_boxes
            segments[c] += segment
            if (
                open_boxes > 0
            ):  # no longer complete: what is searched for in vain on each support costs ever less
                allowed = max(allowed // 2, min(FEWEST, boxes))
            i = players - 1
            while i >= 0 and support[i] == alive[c, i]:
                support[i] = alive[c, i] & -alive[c, i]
                i -= 1
            if i < 0:
                break
            support[i] = (support[i] - alive[c, i]) & alive[c, i]  # the next set of bits among those alive
    return 0
