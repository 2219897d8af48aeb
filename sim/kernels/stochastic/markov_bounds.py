"""What joint actions may be part of a pure Markov-perfect equilibrium, by bounds on values.

Values by state are enclosed in intervals; a joint action is dropped where some player gains by deviating
from it whatever the continuation in the intervals, and the intervals tighten as joint actions are
dropped.  Nothing that is an equilibrium is ever dropped.

High discounts make values as such uncertain, but only their differences between states matter.
Replacing the rows ``P`` by ``P - m``, with one vector m for all rows, changes the values of a player by
one constant for all states (both sides of ``v = (1-d)u + dPv`` shift alike when rows sum to one), hence
no comparison of actions; with m near the middle of the rows the intervals shrink by the overlap of the
rows, a form of Doeblin's minorisation (Puterman 1994, section 6.6).
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.stochastic.markov_policy import Table

__all__ = ["propagate", "shifted_rows"]

ROUNDS = 50
TIGHTER = 0.9  # another round is worth its while where an interval shrank to less than this share


@kernel()
def place_middle(numbers: Array, count: int) -> int:
    """Where the median of the first ``count`` numbers is once they are put in order far enough."""
    middle = count // 2
    first, last = 0, count - 1
    while first < last:
        pivot = numbers[(first + last) // 2]
        i, j = first, last
        while i <= j:
            while numbers[i] < pivot:
                i += 1
            while numbers[j] > pivot:
                j -= 1
            if i <= j:
                numbers[i], numbers[j] = numbers[j], numbers[i]
                i += 1
                j -= 1
        if middle <= j:
            last = j
        elif middle >= i:
            first = i
        else:
            break
    return middle


@kernel()
def shifted_rows(move: Array, available: Array, shifted: Array) -> None:
    """Rows of the transition less a row near all of them, the median of each column; ``(S, M, S)`` both."""
    states, joint = available.shape
    column = np.empty(states * joint)
    for t in range(states):
        count = 0
        for s in range(states):
            for m in range(joint):
                if available[s, m]:
                    column[count] = move[s, m, t]
                    count += 1
        middle = column[place_middle(column, count)]
        for s in range(states):
            for m in range(joint):
                shifted[s, m, t] = move[s, m, t] - middle


@kernel()
def propagate(
    game: Table, shifted: Array, alive: Array, low: Array, high: Array, middle: Array, spread: Array
) -> bool:
    """Drop joint actions and tighten intervals until little changes; False where some state has none left.

    ``shifted (S, M, S)`` as above; in place: ``alive (S, M)``, ``low, high (n, S)``.  ``middle, spread
    (M,)`` are scratch.
    """
    reward, slack, available = game.reward, game.slack, game.available
    players, states, joint = reward.shape
    centre = np.empty((players, states))
    radius = np.empty((players, states))
    for i in range(players):
        for s in range(states):
            centre[i, s] = 0.5 * (low[i, s] + high[i, s])
            radius[i, s] = 0.5 * (high[i, s] - low[i, s])
    changed = True
    rounds = 0
    while changed and rounds < ROUNDS:
        changed = False
        rounds += 1
        for s in range(states):
            for i in range(players):
                d = game.discount[i]
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
                    for a in range(game.sizes[i]):
                        other = m + (a - game.digit[m, i]) * game.stride[i]
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
                if (new_high - new_low) < TIGHTER * (high[i, s] - low[i, s]) - slack[i]:
                    changed = True
                low[i, s] = new_low
                high[i, s] = new_high
                centre[i, s] = 0.5 * (new_low + new_high)
                radius[i, s] = 0.5 * (new_high - new_low)
    return True
