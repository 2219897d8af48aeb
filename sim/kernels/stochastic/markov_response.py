"""How action values of a stochastic game respond to a change of play: the Jacobian of every Newton step.

For play ``x`` (player i, state s, action a) write ``Q_i(s, a)`` for the payoff of a one-shot choice,
``v_i`` for the values and ``T_i(s, a, t) = d_i P_i(s, a, .) (I - d_i P)^-1 [., t]``.  Then

    dQ_i(s, a) / dx_j(t, b) = [s = t, j != i] W_ij(s, a, b) + T_i(s, a, t) R_ij(t, b)

with ``W_ij(s, a, b)`` the payoff to i when i plays a and j plays b in s, and ``R_ij(t, b)`` the payoff
to i when j plays b in t, everybody else keeping to x.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.linear import invert_dominant

__all__ = ["Cell", "Play", "action_values", "gap_slope", "respond"]


class Cell(NamedTuple):
    """One game, joint actions flattened.

    ``payoffs (n, S, M)``, ``move (S, M, S)`` the transition, ``discount (n,)``, ``sizes (n,)`` of the
    players' axes, ``digit (M, n)`` their actions in a joint action, ``counts (n, S)`` actions that each
    agent has, ``scale (n,)`` ranges of payoffs.
    """

    payoffs: Array
    move: Array
    discount: Array
    sizes: Array
    digit: Array
    counts: Array
    scale: Array


class Play(NamedTuple):
    """Play of a cell and what follows from it; every kernel that changes the weights says what it renews.

    ``weight (n, S, A)`` of each action, ``support (n, S, A)`` 0 or 1; from :func:`action_values`:
    ``value (n, S)``, ``action (n, S, A)`` is Q, ``row (n, S, A, S)`` the next state given an action,
    ``inverse (n, S, S)`` of ``I - d P``; from :func:`respond`: ``through (n, S, A, S)`` is T,
    ``pair (n, n, S, A, A)`` is W, ``side (n, n, S, A)`` is R.
    """

    weight: Array
    support: Array
    value: Array
    action: Array
    row: Array
    inverse: Array
    through: Array
    pair: Array
    side: Array


@kernel()
def action_values(cell: Cell, play: Play) -> None:
    """Renew values, action values, rows and inverses for the weights, which need not be positive."""
    payoffs, move, discount, sizes, digit = cell.payoffs, cell.move, cell.discount, cell.sizes, cell.digit
    weight, value, action, row, inverse = play.weight, play.value, play.action, play.row, play.inverse
    players, states, joint = payoffs.shape
    work = np.empty((states, states))
    own = np.zeros((states, sizes.max()))
    for i in range(players):
        d = discount[i]
        own[:] = 0.0
        row[i] = 0.0
        for s in range(states):
            for m in range(joint):
                product = 1.0
                for j in range(players):
                    if j != i:
                        product *= weight[j, s, digit[m, j]]
                if product != 0.0:
                    a = digit[m, i]
                    own[s, a] += (1.0 - d) * product * payoffs[i, s, m]
                    for t in range(states):
                        row[i, s, a, t] += product * move[s, m, t]
        for s in range(states):
            for t in range(states):
                work[s, t] = 1.0 if s == t else 0.0
            for a in range(sizes[i]):
                if weight[i, s, a] != 0.0:
                    for t in range(states):
                        work[s, t] -= d * weight[i, s, a] * row[i, s, a, t]
        invert_dominant(work, inverse[i])  # strictly diagonally dominant for any probabilities
        for s in range(states):
            value[i, s] = 0.0
        for t in range(states):
            total = 0.0
            for a in range(sizes[i]):
                total += weight[i, t, a] * own[t, a]
            for s in range(states):
                value[i, s] += inverse[i, s, t] * total
        for s in range(states):
            for a in range(sizes[i]):
                total = 0.0
                for t in range(states):
                    total += row[i, s, a, t] * value[i, t]
                action[i, s, a] = own[s, a] + d * total


@kernel()
def respond(cell: Cell, play: Play) -> None:
    """Renew the pieces of the Jacobian, after :func:`action_values`."""
    payoffs, move, discount, sizes, digit = cell.payoffs, cell.move, cell.discount, cell.sizes, cell.digit
    weight, row, inverse = play.weight, play.row, play.inverse
    through, pair, side = play.through, play.pair, play.side
    players, states, joint = payoffs.shape
    for i in range(players):
        d = discount[i]
        for s in range(states):
            for a in range(sizes[i]):
                for t in range(states):
                    through[i, s, a, t] = 0.0
                for r in range(states):
                    step = d * row[i, s, a, r]
                    if step != 0.0:
                        for t in range(states):
                            through[i, s, a, t] += step * inverse[i, r, t]
        pair[i] = 0.0
        for s in range(states):
            for m in range(joint):
                total = 0.0
                for t in range(states):
                    total += move[s, m, t] * play.value[i, t]
                total = (1.0 - d) * payoffs[i, s, m] + d * total
                for j in range(players):
                    if j != i:
                        product = total
                        for k in range(players):
                            if k not in (i, j):
                                product *= weight[k, s, digit[m, k]]
                        pair[i, j, s, digit[m, i], digit[m, j]] += product
            for a in range(sizes[i]):
                side[i, i, s, a] = play.action[i, s, a]
            for j in range(players):
                if j != i:
                    for b in range(sizes[j]):
                        total = 0.0
                        for a in range(sizes[i]):
                            total += weight[i, s, a] * pair[i, j, s, a, b]
                        side[i, j, s, b] = total


@kernel(inline=True)
def gap_slope(
    through: Array, pair: Array, side: Array, i: int, s: int, a: int, base: int, j: int, t: int, b: int
) -> float:
    """Derivative of ``Q_i(s, a) - Q_i(s, base)`` in the weight of action b of player j in state t.

    Arrays as in :class:`Play`; they are arguments because looking them up there costs as much again.
    """
    result: float = (through[i, s, a, t] - through[i, s, base, t]) * side[i, j, t, b]
    if s == t and i != j:
        result += pair[i, j, s, a, b] - pair[i, j, s, base, b]
    return result
