"""What a search of supports keeps: equilibria that are new, and the ends of segments."""

from __future__ import annotations

from typing import Any

from sim.kernels import kernel
from sim.kernels.base.joint_actions import replies
from sim.kernels.base.tolerances import FAINT, SAME_ROOT, SETTLED, TIE
from sim.kernels.one_shot.mixed_support import regret
from sim.kernels.one_shot.payoff_ranges import difference

__all__ = ["ends", "inside", "keep_equilibrium"]

CERTAIN = 1e-4  # an action with more probability is played beyond doubt


@kernel()
def inside(sizes: Any, support: Any, play: Any) -> bool:
    """Whether everything in the support is played with some probability that is not rounding."""
    for i in range(sizes.size):
        for a in range(sizes[i]):
            if support[i] >> a & 1 and not play[i, a] > CERTAIN:
                return False
    return True


@kernel()
def keep_equilibrium(
    payoffs: Any, sizes: Any, stride: Any, support: Any, play: Any, reply: Any, found: Any, count: int
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
def ends(
    payoffs: Any, sizes: Any, stride: Any, digit: Any, support: Any, owner: int, action: int, last: Any,
    others: Any, width_of: Any, play: Any, reply: Any, found: Any, count: int,
) -> tuple[int, bool]:  # fmt: skip
    """Where one player mixes two actions and all others play ``last``: the number so far, and if it is a segment.

    He must be indifferent, whatever he mixes; the others' inequalities are linear in his probability, so that
    equilibria are a segment.  Its ends are kept, unless they are pure and belong to other supports.
    """
    play[:] = 0.0
    for i in range(sizes.size):
        play[i, last[i]] = 1.0
    for a in range(sizes[owner]):
        gap = difference(payoffs, owner, a, last[owner], stride, digit, others[owner], width_of[owner], play)
        if gap > TIE or (a == action and gap < -TIE):
            return count, False
    low, high = 0.0, 1.0
    for j in range(sizes.size):
        for b in range(sizes[j]):
            if j == owner or b == last[j]:
                continue
            play[owner, last[owner]], play[owner, action] = 1.0, 0.0
            at_zero = difference(payoffs, j, b, last[j], stride, digit, others[j], width_of[j], play)
            play[owner, last[owner]], play[owner, action] = 0.0, 1.0
            at_one = difference(payoffs, j, b, last[j], stride, digit, others[j], width_of[j], play)
            if at_zero > TIE and at_one > TIE:
                return count, False
            if at_zero > TIE:
                low = max(low, at_zero / (at_zero - at_one))
            elif at_one > TIE:
                high = min(high, at_zero / (at_zero - at_one))
    if low > high + TIE:
        return count, False
    for end in (low, high):
        play[:] = 0.0
        for i in range(sizes.size):
            play[i, last[i]] = 1.0
        play[owner, action], play[owner, last[owner]] = end, 1.0 - end
        count, _ = keep_equilibrium(payoffs, sizes, stride, support, play, reply, found, count)
    return count, high - low > SAME_ROOT
