"""A pure policy of a stochastic game: one joint action for each state, and whether anybody would deviate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.joint_actions import digits
from sim.kernels.base.linear import solve_dominant
from sim.kernels.base.tolerances import SETTLED

__all__ = ["Table", "holds", "table"]


class Table(NamedTuple):
    """One game with joint actions flattened, as searches for pure policies read it.

    ``reward (n, S, M)`` is ``(1 - d) u`` less the middle of its range; ``move (S, M, S)`` the transition,
    ``discount (n,)``, ``digit (M, n)`` the action of each player in a joint action, ``stride (n,)`` between
    joint actions that differ by one in it, ``sizes (n,)``, ``available (S, M)``, ``slack (n,)`` the gain
    that counts as none.
    """

    reward: Array
    move: Array
    discount: Array
    digit: Array
    stride: Array
    sizes: Array
    available: Array
    slack: Array


@kernel()
def table(payoffs: Array, move: Array, discount: Array, sizes: Array, available: Array) -> Table:
    """The table of one game, ``payoffs (n, S, M)``, ``move (S, M, S)``."""
    players, states, joint = payoffs.shape
    stride = np.ones(players, np.int64)
    for i in range(players - 2, -1, -1):
        stride[i] = stride[i + 1] * sizes[i + 1]
    reward = np.empty((players, states, joint))
    slack = np.empty(players)
    for i in range(players):
        top = -np.inf
        bottom = np.inf
        for s in range(states):
            for m in range(joint):
                reward[i, s, m] = (1.0 - discount[i]) * payoffs[i, s, m]
                if available[s, m]:
                    top = max(top, reward[i, s, m])
                    bottom = min(bottom, reward[i, s, m])
        for s in range(states):
            for m in range(joint):
                reward[i, s, m] -= 0.5 * (top + bottom)
        slack[i] = SETTLED * (top - bottom) / (1.0 - discount[i])
    return Table(reward, move, discount, digits(sizes), stride, sizes, available, slack)


@kernel()
def holds(game: Table, policy: Array, system: Array, value: Array) -> int:
    """Whether nobody gains by a one-shot deviation from a policy ``(S,)``: 0 no, 1 yes, 2 yes with a tie.

    ``system (S, S)``, ``value (S,)`` are scratch.
    """
    reward, move = game.reward, game.move
    players, states = reward.shape[:2]
    verdict = 1
    for i in range(players):
        d = game.discount[i]
        for s in range(states):
            value[s] = reward[i, s, policy[s]]
            for t in range(states):
                system[s, t] = -d * move[s, policy[s], t]
            system[s, s] += 1.0
        solve_dominant(system, value)
        for s in range(states):
            m = policy[s]
            for a in range(game.sizes[i]):
                other = m + (a - game.digit[m, i]) * game.stride[i]
                if other == m or not game.available[s, other]:
                    continue
                total = reward[i, s, other]
                for t in range(states):
                    total += d * move[s, other, t] * value[t]
                if total > value[s] + game.slack[i]:
                    return 0
                if total > value[s] - game.slack[i]:
                    verdict = 2
    return verdict
