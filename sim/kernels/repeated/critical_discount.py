"""The least common discount at which a joint action belongs to equilibrium play, bracketed and proved.

With a common discount and public randomisation the set V(d) of subgame-perfect payoffs grows with d and
the worst payoffs p(d) fall (Abreu, Pearce and Stacchetti 1990, theorem 6).  Let T_a(V) be the least
discount that enforces joint action a with the promises and threats of the set V.  Then

* T_a(V(d)) <= d says that a is played at d, hence at every higher discount: an upper bound;
* T_a(V(d)) > d says that it is not, and that it is at T_a(V(d)), where promises are no poorer;
* T_a(V(d)) <= d is also a lower bound, because promises are no richer at lower discounts.

The two bounds meet at once where the threats do not change in between, and are bisected where they jump.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import MET, MET_SLOWLY, TIE
from sim.kernels.base.unit_stage import to_unit_scale
from sim.kernels.polygon.polygon import copy
from sim.kernels.repeated.payoff_set import largest_fixed_point, outer_start, scratch

__all__ = ["critical_discounts"]

TOPS = (0.99, 0.9999, 1.0 - 1e-6)  # what is not played at the last of these counts as never played
TOP_STEPS = 20_000
SLOW = 5000  # steps
NEVER = 2.0


@kernel()
def least_for_ever(stage: Array, a: int, p: Array) -> float:
    """The least discount at which the threats p enforce a for ever; ``NEVER`` where none does."""
    least = 0.0
    for i in range(2):
        spare, gain = stage[i, a] - p[i], stage[2 + i, a]
        if spare < -TIE:
            return NEVER
        if gain > 0.0:
            if spare <= TIE:
                return NEVER
            least = max(least, gain / (gain + spare))
    return least


@kernel()
def least_for_once(stage: Array, a: int, p: Array, v: Array, m: int) -> float:
    """The least discount at which some continuation in v enforces a now; ``NEVER`` where none does.

    The promise that goes furthest beyond p in the direction of the gains: at a vertex, or where an edge
    serves both players equally.
    """
    gain0, gain1 = stage[2, a], stage[3, a]
    if gain0 == 0.0 and gain1 == 0.0:
        return 0.0
    reach = 0.0
    for k in range(m):
        x1, y1 = v[0, k] - p[0], v[1, k] - p[1]
        x0, y0 = v[0, (k + m - 1) % m] - p[0], v[1, (k + m - 1) % m] - p[1]
        if gain0 == 0.0:
            reach = max(reach, y1 / gain1)
        elif gain1 == 0.0:
            reach = max(reach, x1 / gain0)
        else:
            reach = max(reach, min(x1 / gain0, y1 / gain1))
            tilt0, tilt1 = x0 * gain1 - y0 * gain0, x1 * gain1 - y1 * gain0
            if tilt0 * tilt1 < 0.0:
                reach = max(reach, (x0 + (x1 - x0) * (tilt0 / (tilt0 - tilt1))) / gain0)
    if reach <= TIE:
        return NEVER
    return 1.0 / (1.0 + reach)


@kernel()
def critical_discounts(
    payoffs: Array, finite: Array, wanted: Array, once: bool, max_steps: int, lower: Array, upper: Array
) -> None:
    """Bounds of the critical discount of joint actions, for ever or ``once`` (at some time on some path).

    ``payoffs (C, 2, m, n)``, ``wanted (C or 1, N)`` -> ``lower``, ``upper`` ``(C, N)``; NaN where there
    is none below the last of ``TOPS``, where not ``wanted`` or not ``finite (C,)``.  Where payoff sets were
    still moving after ``max_steps`` the bounds are left apart.
    """
    joint = payoffs.shape[2] * payoffs.shape[3]
    room = scratch(joint, True)
    stage, v = np.empty((4, joint)), room[5]
    high, start, top = np.empty_like(v), np.empty_like(v), np.empty_like(v)
    floor, low, scale = np.empty(2), np.empty(2), np.empty(2)
    p, p_high, p_top = np.empty(2), np.empty(2), np.empty(2)
    alive = np.empty(joint, np.bool_)
    lower[:], upper[:] = np.nan, np.nan
    for c in range(len(payoffs)):
        if not finite[c]:
            continue
        to_unit_scale(payoffs[c], stage, floor, low, scale)
        m_start = outer_start(stage, floor, True, p, room[1], start)
        asked = wanted[c % len(wanted)]
        # from the top: what is not played there is never played
        m_top, d_top = 0, 1.0
        for d in TOPS:
            alive[:] = True
            m = m_start
            copy(start, m, v)
            p[:] = floor
            m, steps, _ = largest_fixed_point(stage, alive, d, d, True, p, v, m, room, TOP_STEPS)
            if steps <= TOP_STEPS:
                settle(stage, asked, once, d, p, v, m, lower[c], upper[c])
                if m_top == 0:
                    copy(v, m, top)
                    p_top[:] = p
                    m_top, d_top = m, d
            open_ = 0
            for a in range(joint):
                if asked[a] and np.isnan(upper[c, a]) and least(stage, a, once, p, v, m) < 1.0:
                    open_ += 1
            if open_ == 0:
                break
        for a in range(joint):
            m_high, d_high = m_top, d_top
            copy(top, m_top, high)
            p_high[:] = p_top
            jump, close = 0, MET
            while asked[a] and upper[c, a] - lower[c, a] > close:
                # the lower bound itself is the answer unless threats change on the way down to it
                middle = lower[c, a]
                if jump == 1:
                    middle = upper[c, a]
                elif jump > 1:
                    middle = 0.5 * (lower[c, a] + upper[c, a])
                if middle <= d_high and m_high > 0:
                    m = m_high
                    copy(high, m, v)
                    p[:] = p_high
                else:
                    m = m_start
                    copy(start, m, v)
                    p[:] = floor
                alive[:] = True
                m, steps, _ = largest_fixed_point(
                    stage, alive, middle, middle, True, p, v, m, room, max_steps
                )
                before = upper[c, a] - lower[c, a]
                close = MET_SLOWLY if steps > SLOW else close
                if steps > max_steps:
                    # an outer bound only: it can rule out, not in
                    if least(stage, a, once, p, v, m) <= middle:
                        break
                    lower[c, a] = middle
                    jump = 2
                    continue
                settle(stage, asked, once, middle, p, v, m, lower[c], upper[c])
                if m > 0 and upper[c, a] <= middle:
                    copy(v, m, high)
                    p_high[:] = p
                    m_high, d_high = m, middle
                # alternate the two bounds while they gain on each other; else bisect
                jump = 1 - jump if jump < 2 and upper[c, a] - lower[c, a] < 0.25 * before else 2
                if jump == 1 and upper[c, a] >= d_high:
                    jump = 2


@kernel()
def least(stage: Array, a: int, once: bool, p: Array, v: Array, m: int) -> float:
    """T_a of the set v with worst payoffs p; ``NEVER`` for the empty set."""
    if m == 0:
        return NEVER
    answer: float = least_for_once(stage, a, p, v, m) if once else least_for_ever(stage, a, p)
    return answer


@kernel()
def settle(
    stage: Array, asked: Array, once: bool, d: float, p: Array, v: Array, m: int, lower: Array, upper: Array
) -> None:
    """Tighten the bounds of every joint action that is asked for by what is known at the discount d."""
    for a in range(stage.shape[1]):
        if not asked[a]:
            continue
        needed = least(stage, a, once, p, v, m)
        if needed <= d + TIE:
            if np.isnan(upper[a]):
                lower[a] = needed
            upper[a] = min(d, upper[a]) if upper[a] <= 1.0 else d
            lower[a] = min(max(lower[a], needed), upper[a])
        elif upper[a] <= 1.0:
            if d < upper[a]:
                lower[a] = max(lower[a], d)
            if needed < upper[a]:
                upper[a] = max(needed, lower[a])
