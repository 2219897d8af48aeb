"""What a search of supports keeps: equilibria that are new, and the ends of segments."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.joint_actions import replies
from sim.kernels.base.tolerances import FAINT, SAME_ROOT, SETTLED, TIE
from sim.kernels.one_shot.mixed_support import regret
from sim.kernels.one_shot.payoff_ranges import Rules, Support, difference, only_last

__all__ = ["ends", "inside", "keep_equilibrium"]

CERTAIN = 1e-4  # an action with more probability is played beyond doubt


@kernel()
def inside(sizes: Array, support: Array, play: Array) -> bool:
    """Whether everything in the support is played with some probability that is not rounding."""
    for i in range(sizes.size):
        for a in range(sizes[i]):
            if support[i] >> a & 1 and not play[i, a] > CERTAIN:
                return False
    return True


@kernel()
def keep_equilibrium(
    payoffs: Array,
    sizes: Array,
    stride: Array,
    support: Array,
    play: Array,
    reply: Array,
    found: Array,
    count: int,
) -> tuple[int, int]:
    """Add play to ``found (K, n, A)`` if it is a new equilibrium: the new count, and 1 if it is too near to tell."""
    for i in range(sizes.size):
        total = 0.0
        for a in range(sizes[i]):
            if support[i] >> a & 1 and not play[i, a] > FAINT:
                return count, 0
            total += play[i, a]
        for a in range(sizes[i]):
            play[i, a] /= total
    replies(payoffs, sizes, stride, play, reply)
    worst = regret(sizes, play, reply)
    if worst > SETTLED:
        return count, 1 if worst < 100.0 * SETTLED else 0
    for k in range(min(count, found.shape[0])):
        far = 0.0
        for i in range(sizes.size):
            for a in range(sizes[i]):
                far = max(far, abs(found[k, i, a] - play[i, a]))
        if far < SAME_ROOT:
            return count, 0
    if count < found.shape[0]:
        for i in range(sizes.size):
            for a in range(sizes[i]):
                found[count, i, a] = play[i, a]
    return count + 1, 0


@kernel()
def ends(game: Rules, on: Support, found: Array, count: int) -> tuple[int, bool]:
    """Where one player mixes two actions and all others play their last: the number so far, and if it is a segment.

    He must be indifferent, whatever he mixes; the others' inequalities are linear in his probability, so that
    equilibria are a segment.  Its ends are kept, unless they are pure and belong to other supports.
    """
    payoffs, sizes, stride, digit, others, width = game
    last, owner, action = on.last, on.owner[0], on.action[0]
    play, reply = np.empty((sizes.size, max(sizes))), np.empty((sizes.size, max(sizes)))
    only_last(last, play)
    for a in range(sizes[owner]):
        to, away = a * stride[owner], last[owner] * stride[owner]
        gap = difference(payoffs, digit, others[owner], width[owner], owner, to, away, play)
        if gap > TIE or (a == action and gap < -TIE):
            return count, False
    low, high = 0.0, 1.0
    for j in range(sizes.size):
        for b in range(sizes[j]):
            if j == owner or b == last[j]:
                continue
            play[owner, last[owner]], play[owner, action] = 1.0, 0.0
            to, away = b * stride[j], last[j] * stride[j]
            at_zero = difference(payoffs, digit, others[j], width[j], j, to, away, play)
            play[owner, last[owner]], play[owner, action] = 0.0, 1.0
            at_one = difference(payoffs, digit, others[j], width[j], j, to, away, play)
            if at_zero > TIE and at_one > TIE:
                return count, False
            if at_zero > TIE:
                low = max(low, at_zero / (at_zero - at_one))
            elif at_one > TIE:
                high = min(high, at_zero / (at_zero - at_one))
    if low > high + TIE:
        return count, False
    for end in (low, high):
        only_last(last, play)
        play[owner, action], play[owner, last[owner]] = end, 1.0 - end
        count, _ = keep_equilibrium(payoffs, sizes, stride, on.bits, play, reply, found, count)
    return count, high - low > SAME_ROOT
