"""All pure stationary Markov-perfect equilibria of a stochastic game, by branching with bounds.

A node of the search fixes the joint action of some states and keeps, for every other state, the joint
actions that may still be part of an equilibrium.  Values by state are enclosed in intervals; a joint
action is dropped where some player gains by deviating from it whatever the continuation in the
intervals, and the intervals tighten as joint actions are dropped.  Nothing that is an equilibrium is
ever dropped, so an exhausted search has found them all.

High discounts make values as such uncertain, but only their differences between states matter.
Replacing the rows ``P`` by ``P - m``, with one vector m for all rows, changes the values of a player by
one constant for all states (both sides of ``v = (1-d)u + dPv`` shift alike when rows sum to one), hence
no comparison of actions; with m near the middle of the rows the intervals shrink by the overlap of the
rows, a form of Doeblin's minorisation (Puterman 1994, section 6.6).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel
from sim.kernels.markov import solve_dominant
from sim.kernels.threads import over_blocks

__all__ = ["pure_equilibria", "pure_policies"]

Array = Any


@kernel()
def middle_row(move: Array, available: Array, row: Array) -> None:
    """A row near all rows: the median of each column."""
    states, joint = available.shape
    column = np.empty(states * joint)
    for t in range(states):
        count = 0
        for s in range(states):
            for m in range(joint):
                if available[s, m]:
                    column[count] = move[s, m, t]
                    count += 1
        row[t] = np.median(column[:count])


@kernel()
def propagate(
    reward: Array,
    shifted: Array,
    discount: Array,
    digit: Array,
    stride: Array,
    sizes: Array,
    available: Array,
    alive: Array,
    low: Array,
    high: Array,
    slack: Array,
    middle: Array,
    spread: Array,
) -> bool:
    """Drop joint actions and tighten intervals until little changes; False where some state has none left.

    ``reward (n, S, M)`` is ``(1 - d) u``, ``shifted (S, M, S)`` is ``P - m``; in place: ``alive (S, M)``,
    ``low, high (n, S)``.  ``middle, spread (M,)`` are scratch.
    """
    players, states, joint = reward.shape
    centre = np.empty((players, states))
    radius = np.empty((players, states))
    for i in range(players):
        for s in range(states):
            centre[i, s] = 0.5 * (low[i, s] + high[i, s])
            radius[i, s] = 0.5 * (high[i, s] - low[i, s])
    changed = True
    rounds = 0
    while changed and rounds < 50:
        changed = False
        rounds += 1
        for s in range(states):
            for i in range(players):
                d = discount[i]
                for m in range(joint):
                    if not available[s, m]:
                        continue
                    total = 0.0
                    width = 0.0
                    for t in range(states):
                        total += shifted[s, m, t] * centre[i, t]
                        width += abs(shifted[s, m, t]) * radius[i, t]
                    middle[m] = reward[i, s, m] + d * total
                    spread[m] = d * width
                new_low = np.inf
                new_high = -np.inf
                count = 0
                for m in range(joint):
                    if not alive[s, m]:
                        continue
                    upper = middle[m] + spread[m]
                    floor = middle[m] - spread[m]
                    keep = True
                    for a in range(sizes[i]):
                        other = m + (a - digit[m, i]) * stride[i]
                        if other == m or not available[s, other]:
                            continue
                        gap = middle[other] - middle[m]
                        floor = max(floor, middle[other] - spread[other])
                        if gap > slack[i]:
                            width = 0.0
                            for t in range(states):
                                width += abs(shifted[s, other, t] - shifted[s, m, t]) * radius[i, t]
                            if gap - d * width > slack[i]:
                                keep = False
                                break
                    if keep and floor <= upper + slack[i]:
                        new_low = min(new_low, floor, upper)
                        new_high = max(new_high, upper)
                        count += 1
                    else:
                        alive[s, m] = False
                        changed = True
                if count == 0:
                    return False
                new_low = max(new_low, low[i, s])
                new_high = min(new_high, high[i, s])
                if new_high < new_low:  # only by rounding: the interval is a point
                    new_high = new_low
                if (new_high - new_low) < 0.9 * (high[i, s] - low[i, s]) - slack[i]:
                    changed = True
                low[i, s] = new_low
                high[i, s] = new_high
                centre[i, s] = 0.5 * (new_low + new_high)
                radius[i, s] = 0.5 * (new_high - new_low)
    return True


@kernel()
def holds(
    reward: Array,
    move: Array,
    discount: Array,
    digit: Array,
    stride: Array,
    sizes: Array,
    available: Array,
    policy: Array,
    slack: Array,
    system: Array,
    value: Array,
) -> int:
    """Whether nobody gains by a one-shot deviation from a pure policy: 0 no, 1 yes, 2 yes with a tie."""
    players, states = reward.shape[:2]
    verdict = 1
    for i in range(players):
        d = discount[i]
        for s in range(states):
            value[s] = reward[i, s, policy[s]]
            for t in range(states):
                system[s, t] = -d * move[s, policy[s], t]
            system[s, s] += 1.0
        solve_dominant(system, value)
        for s in range(states):
            m = policy[s]
            for a in range(sizes[i]):
                other = m + (a - digit[m, i]) * stride[i]
                if other == m or not available[s, other]:
                    continue
                total = reward[i, s, other]
                for t in range(states):
                    total += d * move[s, other, t] * value[t]
                if total > value[s] + slack[i]:
                    return 0
                if total > value[s] - slack[i]:
                    verdict = 2
    return verdict


@kernel()
def pure_equilibria(
    payoffs: Array,
    transition: Array,
    discount: Array,
    sizes: Array,
    available: Array,
    wanted: Array,
    budget: int,
    found: Array,
    count: Array,
    complete: Array,
    tied: Array,
    nodes: Array,
) -> int:
    """Pure stationary Markov-perfect equilibria of every cell.

    ``payoffs (C, n, S, M)``, ``transition (C or 1, S, M, S)``, ``discount (C, n)``, ``sizes (n,)``,
    ``available (S, M)``, ``wanted (C,)`` cells to search; at most ``budget`` nodes are opened in a cell.
    Written: ``found (C, K, S)`` joint actions, ``count (C,)``, ``complete (C,)`` whether the search was
    exhausted and all fitted, ``tied (C,)`` whether some equilibrium is weak, ``nodes (C,)`` opened.
    Returns 0.
    """
    cells, players, states, joint = payoffs.shape
    stride = np.ones(players, np.int64)
    for i in range(players - 2, -1, -1):
        stride[i] = stride[i + 1] * sizes[i + 1]
    digit = np.empty((joint, players), np.int64)
    for m in range(joint):
        for i in range(players):
            digit[m, i] = (m // stride[i]) % sizes[i]
    reward = np.empty((players, states, joint))
    shifted = np.empty((states, joint, states))
    row = np.empty(states)
    alive = np.empty((states + 1, states, joint), np.bool_)
    low = np.empty((states + 1, players, states))
    high = np.empty((states + 1, players, states))
    branch = np.empty(states + 1, np.int64)
    turn = np.empty(states + 1, np.int64)
    slack = np.empty(players)
    middle = np.empty(joint)
    spread = np.empty(joint)
    system = np.empty((states, states))
    value = np.empty(states)
    policy = np.empty(states, np.int64)
    most = found.shape[1]
    for c in range(cells):
        move = transition[c] if transition.shape[0] > 1 else transition[0]
        count[c] = 0
        complete[c] = True
        tied[c] = False
        nodes[c] = 0
        if not wanted[c]:
            complete[c] = False
            continue
        middle_row(move, available, row)
        for s in range(states):
            for m in range(joint):
                for t in range(states):
                    shifted[s, m, t] = move[s, m, t] - row[t]
        for i in range(players):
            top = -np.inf
            bottom = np.inf
            for s in range(states):
                for m in range(joint):
                    reward[i, s, m] = (1.0 - discount[c, i]) * payoffs[c, i, s, m]
                    if available[s, m]:
                        top = max(top, reward[i, s, m])
                        bottom = min(bottom, reward[i, s, m])
            # values lie within half the range of payoffs around its centre, and so does the constant by
            # which the shift changes them: together within the whole range
            centre = 0.5 * (top + bottom)
            for s in range(states):
                for m in range(joint):
                    reward[i, s, m] -= centre
                low[0, i, s] = -(top - bottom) / (1.0 - discount[c, i])
                high[0, i, s] = -low[0, i, s]
            slack[i] = 1e-10 * (top - bottom) / (1.0 - discount[c, i])
        for s in range(states):
            for m in range(joint):
                alive[0, s, m] = available[s, m]
        depth = 0
        nodes[c] = 1
        fresh = True
        while depth >= 0:
            if fresh:
                fresh = False
                if not propagate(
                    reward,
                    shifted,
                    discount[c],
                    digit,
                    stride,
                    sizes,
                    available,
                    alive[depth],
                    low[depth],
                    high[depth],
                    slack,
                    middle,
                    spread,
                ):
                    depth -= 1
                    continue
                fewest = joint + 1
                branch[depth] = -1
                widest = -1.0
                for s in range(states):
                    left = 0
                    for m in range(joint):
                        if alive[depth, s, m]:
                            left += 1
                            policy[s] = m
                    if left > 1:
                        width = 0.0
                        for i in range(players):
                            width = max(width, (high[depth, i, s] - low[depth, i, s]) / max(slack[i], 1e-300))
                        if left < fewest or (left == fewest and width > widest):
                            fewest = left
                            widest = width
                            branch[depth] = s
                turn[depth] = -1
                if branch[depth] < 0:
                    verdict = holds(
                        reward,
                        move,
                        discount[c],
                        digit,
                        stride,
                        sizes,
                        available,
                        policy,
                        slack,
                        system,
                        value,
                    )
                    if verdict > 0:
                        tied[c] = tied[c] or verdict == 2
                        if count[c] < most:
                            for s in range(states):
                                found[c, count[c], s] = policy[s]
                            count[c] += 1
                        else:
                            complete[c] = False
                            break
                    depth -= 1
                    continue
            s = branch[depth]
            m = turn[depth] + 1
            while m < joint and not alive[depth, s, m]:
                m += 1
            turn[depth] = m
            if m >= joint:
                depth -= 1
                continue
            if nodes[c] >= budget:
                complete[c] = False
                break
            nodes[c] += 1
            alive[depth + 1] = alive[depth]
            low[depth + 1] = low[depth]
            high[depth + 1] = high[depth]
            for other in range(joint):
                alive[depth + 1, s, other] = other == m
            depth += 1
            fresh = True
    return 0


def pure_policies(
    payoffs: Array,
    transition: Array,
    discount: Array,
    sizes: Array,
    available: Array,
    wanted: Array,
    budget: int,
    most: int,
) -> tuple[Array, Array, Array, Array]:
    """:func:`pure_equilibria` on all cores: ``found (C, K, S)``, ``count``, ``complete``, ``tied (C,)``."""
    cells, _, states, _ = payoffs.shape
    found = np.zeros((cells, most, states), np.int64)
    count, nodes = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    complete, tied = np.zeros(cells, np.bool_), np.zeros(cells, np.bool_)

    def block(first: int, last: int) -> None:
        part = slice(first, last)
        moves = transition if len(transition) == 1 else transition[part]
        pure_equilibria(
            payoffs[part],
            moves,
            discount[part],
            sizes,
            available,
            wanted[part],
            budget,
            found[part],
            count[part],
            complete[part],
            tied[part],
            nodes[part],
        )

    over_blocks(block, cells, 64)
    return found, count, complete, tied
