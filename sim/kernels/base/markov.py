"""Stationary play of a stochastic game: values by state and what every one-shot deviation pays.

Joint actions are flattened in C order, ``M = A1 * .. * An``.  Payoffs are normalised: a value is the
average per period, weighted by ``(1 - d) d^t``.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.joint_actions import digits
from sim.kernels.base.linear import solve_dominant

__all__ = ["evaluate_markov"]


@kernel()
def evaluate_markov(
    payoffs: Array,
    transition: Array,
    discount: Array,
    sizes: Array,
    strategy: Array,
    value: Array,
    deviations: Array,
) -> int:
    """Values by state and payoffs of one-shot deviations, for every cell.

    ``payoffs (C, n, S, M)``, ``transition (C or 1, S, M, S)``, ``discount (C, n)``, ``sizes (n,)`` numbers
    of actions with product M, ``strategy (C, n, S, A)``; written: ``value (C, n, S)`` and
    ``deviations (C, n, S, A)``, ``(1 - d) u + d P v`` averaged over the others' actions.  Returns 0.
    """
    cells, players, states, joint = payoffs.shape
    chain = np.empty((states, states))
    work = np.empty((states, states))
    weight = np.empty((states, joint))
    other = np.empty((players, states, joint))
    digit = digits(sizes)
    for c in range(cells):
        move = transition[c] if transition.shape[0] > 1 else transition[0]
        for s in range(states):
            for m in range(joint):
                for i in range(players):
                    product = 1.0
                    for j in range(players):
                        if j != i:
                            product *= strategy[c, j, s, digit[m, j]]
                    other[i, s, m] = product
                weight[s, m] = other[0, s, m] * strategy[c, 0, s, digit[m, 0]]
        chain[:] = 0.0
        for s in range(states):
            for m in range(joint):
                if weight[s, m] != 0.0:
                    for t in range(states):
                        chain[s, t] += weight[s, m] * move[s, m, t]
        for i in range(players):
            d = discount[c, i]
            for s in range(states):
                total = 0.0
                for m in range(joint):
                    if weight[s, m] != 0.0:
                        total += weight[s, m] * payoffs[c, i, s, m]
                value[c, i, s] = (1.0 - d) * total
                for t in range(states):
                    work[s, t] = -d * chain[s, t]
                work[s, s] += 1.0
            solve_dominant(work, value[c, i])
            for s in range(states):
                for a in range(sizes[i]):
                    deviations[c, i, s, a] = 0.0
                for m in range(joint):
                    if other[i, s, m] != 0.0:
                        total = 0.0
                        for t in range(states):
                            total += move[s, m, t] * value[c, i, t]
                        total = (1.0 - d) * payoffs[c, i, s, m] + d * total
                        deviations[c, i, s, digit[m, i]] += other[i, s, m] * total
    return 0
