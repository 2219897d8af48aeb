"""All equilibria on all supports of games with any number of players, by subdivision with proof.

On a support, the payoff of one action less that of another is a polynomial that is affine in every single
coordinate, so that over a box of coordinates its range is exactly that of its values at the corners.
A box is thrown away when some difference that must vanish cannot, or when an action outside the support
is better everywhere in it; it is settled when Krawczyk's operator maps it into itself, which proves one
root and no other; else it is cut in half.  Boxes that stay undecided are reported, never forgotten.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.linear import least_pivot
from sim.kernels.base.matrix_game import others_of
from sim.kernels.base.tolerances import CONTINUUM
from sim.kernels.one_shot.boxes import Scratch, chord, coordinates, krawczyk, possible, scratch, slopes
from sim.kernels.one_shot.found import ends, inside, keep_equilibrium
from sim.kernels.one_shot.mixed_support import indifferent, spread_out
from sim.kernels.one_shot.payoff_ranges import Rules, Support, place, slope_range

__all__ = ["equilibria_on_supports"]

MARGIN = 0.0123  # boxes reach this far beyond probabilities, so that roots at the border are inside
SMALLEST = 1e-4  # narrower boxes are not cut again
COARSE = 0.02  # nor these, where some difference is zero all over the box
WIDER = 0.15  # a box is widened by this share before the test, so that roots on a cut are inside
FEWEST = 50  # boxes on a support, where many were left undecided before it
STARTS = 24  # of Newton's method on a support where something stays undecided


@kernel()
def halve(at: Scratch, widest: float, cut: int, queue: Array, end: int) -> None:
    """Put both halves of the box at the end of the queue.

    It is cut where the differences depend on most, unless it is narrow there already.
    """
    low, high, slope, radius = at.low, at.high, at.slope, at.radius
    strongest = -1.0
    for d in range(low.size):
        width = high[d] - low[d]
        strength = 0.0
        for r in range(low.size):
            strength += (abs(slope[r, d]) + radius[r, d]) * width
        if width > 0.25 * widest and strength > strongest:
            strongest, cut = strength, d
    left, right = end % queue.shape[0], (end + 1) % queue.shape[0]
    for d in range(low.size):
        queue[left, 0, d], queue[left, 1, d] = low[d], high[d]
        queue[right, 0, d], queue[right, 1, d] = low[d], high[d]
    queue[left, 1, cut] = queue[right, 0, cut] = 0.5 * (low[cut] + high[cut])


@kernel()
def by_newton(
    game: Rules, on: Support, at: Scratch, opened: bool, stands: bool, found: Array, count: int
) -> int:
    """What cannot be proved can still be found: the number of equilibria with those of Newton's method.

    From many points, and first from an ``opened`` one; all of what stands alone, and one equilibrium for what
    does not, unless one ``stands`` for it already.
    """
    sizes, play, reply = game.sizes, at.play, at.reply
    size = at.low.size
    for start in range(-1, STARTS):
        if start >= 0:
            play[:] = 0.0
            spread_out(start, sizes, on.bits, play)
        elif not opened:
            continue
        else:
            place(at.open_point, on, play)
        if not indifferent(game.payoffs, sizes, game.stride, play, reply):
            continue
        if not inside(sizes, on.bits, play):
            continue
        for d in range(size):
            at.middle[d] = play[on.owner[d], on.action[d]]
        for r in range(size):
            i = on.owner[r]
            for k in range(size):
                at.copy[r, k] = 0.0
                if on.owner[k] != i:
                    at.copy[r, k], _ = slope_range(game, on, i, on.action[r], k, at.middle, at.middle, reply)
        alone = least_pivot(at.copy, size) > CONTINUUM
        if alone or not stands:
            count, _ = keep_equilibrium(game.payoffs, sizes, game.stride, on.bits, play, reply, found, count)
        stands = stands or not alone
    return count


@kernel()
def search(
    game: Rules, bits: Array, boxes: int, queue: Array, found: Array, count: int
) -> tuple[int, int, bool]:
    """Equilibria on one support, ``bits (n,)``: their number so far, boxes left undecided, and if they are a segment.

    Of a segment the ends are given.  ``found (K, n, A)`` from ``count`` on takes them.
    ``queue (boxes + 2, 2, N)`` is room for boxes: the oldest, and so the widest, are looked at first, so that a
    place where nothing can be proved does not keep the rest from being seen.
    """
    on = coordinates(game.sizes, bits)
    size = on.owner.size
    if size == 1:
        count, segment = ends(game, on, found, count)
        return count, 0, segment
    at = scratch(bits.size, max(game.sizes), size)
    payoffs, sizes, stride, play, reply = game.payoffs, game.sizes, game.stride, at.play, at.reply
    low, high, wide_low, wide_high = at.low, at.high, at.wide_low, at.wide_high
    new_low, new_high, middle = at.new_low, at.new_high, at.middle
    queue[0, 0, :size], queue[0, 1, :size] = -MARGIN, 1.0 + 1.1 * MARGIN
    waiting, undecided, looked, opened, stands = 1, 0, 0, False, False
    while waiting > 0:
        if looked == boxes:
            undecided += waiting
            break
        front = looked % queue.shape[0]
        low[:], high[:] = queue[front, 0, :size], queue[front, 1, :size]
        looked += 1
        waiting -= 1
        end = looked + waiting
        verdict = possible(game, on, at)
        if verdict == 0:
            continue
        widest, cut = -1.0, 0
        for d in range(size):
            width = high[d] - low[d]
            if width > widest:
                widest, cut = width, d
            wide_low[d], wide_high[d] = low[d] - WIDER * width, high[d] + WIDER * width
            middle[d] = 0.5 * (low[d] + high[d])
        regular = slopes(game, on, at)
        proved, empty, shrunk = krawczyk(game, on, at) if regular else (False, False, 0.0)
        if empty:
            continue
        if proved or size == 0:
            chord(game, on, at)
            count, doubt = keep_equilibrium(payoffs, sizes, stride, bits, play, reply, found, count)
            undecided += doubt
            continue
        if regular:  # every root in the box is in the image too
            widest = -1.0
            for d in range(size):
                low[d], high[d] = new_low[d], new_high[d]
                if high[d] - low[d] > widest:
                    widest, cut = high[d] - low[d], d
            if shrunk < 0.6 and widest >= SMALLEST:
                back = end % queue.shape[0]
                queue[back, 0, :size], queue[back, 1, :size] = low, high
                waiting += 1
                continue
        if widest >= (COARSE if verdict == 2 else SMALLEST):
            halve(at, widest, cut, queue, end)
            waiting += 2
            continue
        undecided += 1
        if not stands:  # one equilibrium stands for a continuum: the middle of a box, if it is one
            for d in range(size):
                at.column[d] = min(max(0.5 * (low[d] + high[d]), 0.0), 1.0)
                at.open_point[d] = at.open_point[d] if opened else at.column[d]
            opened = True
            place(at.column, on, play)
            if inside(sizes, bits, play):
                before = count
                count, _ = keep_equilibrium(payoffs, sizes, stride, bits, play, reply, found, count)
                stands = count > before
    if undecided > 0:
        count = by_newton(game, on, at, opened, stands, found, count)
    return count, undecided, False


@kernel()
def on_support(
    digit: Array, support: Array, others: Array, width_of: Array, within: Array, width: Array
) -> int:
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
    payoffs: Array,
    sizes: Array,
    stride: Array,
    alive: Array,
    boxes: int,
    first: int,
    last: int,
    written: tuple[Array, Array, Array, Array],
) -> int:
    """Search every support of cells ``first`` to ``last``, ``payoffs (C, n, J)``.

    ``written``: ``strategy (C, K, n, A)``, ``count``, ``undecided``, ``segments (C,)``.

    ``alive (C, n)`` are the actions that may be played, as bits; cells without any are passed over.
    ``boxes`` are the most on a support, and half as many with each support that stays undecided.
    ``count`` may exceed K; ``undecided`` is the number of boxes about which nothing could be proved;
    ``segments (C,)`` the number of supports on which one player mixes and equilibria are a segment.
    """
    strategy, count, undecided, segments = written
    players, joints = payoffs.shape[1:]
    most = 0
    for i in range(players):
        most += sizes[i] - 1
    queue = np.empty((boxes + 2, 2, max(most, 1)))
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
            game = Rules(payoffs[c], sizes, stride, digit, within, width)
            number, open_boxes, segment = search(game, support, allowed, queue, strategy[c], count[c])
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
