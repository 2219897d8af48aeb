"""Replies of receivers who mix over sets of replies: which probabilities are free, and what senders get from them.

Of each set the first reply is the base, whose probability is what the others leave.

Sizes: T types, M signals, Q types of receivers, R replies, D free probabilities.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import LEAST_PIVOT
from sim.kernels.tree.corner_points import TOO_MANY

__all__ = ["add_payoff", "payoff", "probabilities", "sender_worth", "unknowns", "write_replies"]


@kernel(borrows=True)
def sender_worth(met: Array, sender: Array, replies: Array, worth: Array) -> None:
    """What replies are worth to each type in units of its range, times how likely it meets who gives them.

    ``met (T, Q)``, ``sender (T, M, Q, R)`` and ``replies (M, Q)``, how many there are, ``-> worth (T, M, Q, R)``.
    """
    types, signals, receivers = sender.shape[:3]
    for t in range(types):
        low, high = np.inf, -np.inf
        for m in range(signals):
            for q in range(receivers):
                for r in range(replies[m, q]):
                    low, high = min(low, sender[t, m, q, r]), max(high, sender[t, m, q, r])
        unit = high - low if high > low else 1.0
        for m in range(signals):
            for q in range(receivers):
                for r in range(replies[m, q]):
                    worth[t, m, q, r] = met[t, q] * ((sender[t, m, q, r] - low) / unit)


@kernel(borrows=True)
def unknowns(best: Array, at: Array, which: Array) -> int:
    """Probabilities that are free on pieces ``at (M,)``, -1 for none: ``which (D, 4)`` of signal, receiver, reply, base."""
    size = 0
    for m in range(at.size):
        if at[m] < 0:
            continue
        for q in range(best.shape[2]):
            bits, base, r = best[m, at[m], q], -1, 0
            while bits != 0:
                if bits & 1:
                    if base < 0:
                        base = r
                    elif size == which.shape[0]:
                        return TOO_MANY
                    else:
                        which[size, 0], which[size, 1], which[size, 2], which[size, 3] = m, q, r, base
                        size += 1
                bits >>= 1
                r += 1
    return size


@kernel(borrows=True)
def probabilities(which: Array, size: int, least: Array) -> int:
    """Rows ``least (G, D + 1)`` by which free probabilities are none and leave one for the base: how many."""
    rows = 0
    for j in range(size):
        least[rows, : size + 1] = 0.0
        least[rows, j] = -1.0
        rows += 1
        if j == 0 or which[j, 0] != which[j - 1, 0] or which[j, 1] != which[j - 1, 1]:
            least[rows, : size + 1] = 0.0
            least[rows, size] = 1.0
            for i in range(j, size):
                if which[i, 0] == which[j, 0] and which[i, 1] == which[j, 1]:
                    least[rows, i] = 1.0
            rows += 1
    return rows


@kernel(borrows=True)
def add_payoff(
    worth: Array, best: Array, which: Array, size: int, row: Array, place: tuple[int, int, int], sign: float
) -> None:
    """Add to a row what a type gets from a signal, ``place`` = (type, signal, piece), constants on the right."""
    t, m, k = place
    for q in range(best.shape[2]):
        bits, base = best[m, k, q], 0
        while bits & 1 == 0:
            bits >>= 1
            base += 1
        row[size] -= sign * worth[t, m, q, base]
    for j in range(size):
        if which[j, 0] == m:
            q, r, base = which[j, 1], which[j, 2], which[j, 3]
            row[j] += sign * (worth[t, m, q, r] - worth[t, m, q, base])


@kernel(borrows=True)
def write_replies(best: Array, m: int, k: int, which: Array, size: int, free: Array, reply: Array) -> None:
    """What receivers do at a signal on a piece, given the free probabilities: ``reply (Q, R)``."""
    for q in range(best.shape[2]):
        bits, base = best[m, k, q], 0
        while bits & 1 == 0:
            bits >>= 1
            base += 1
        reply[q, :] = 0.0
        reply[q, base] = 1.0
        for j in range(size):
            if which[j, 0] == m and which[j, 1] == q:
                reply[q, which[j, 2]] = free[j]
                reply[q, base] -= free[j]
        if reply[q, base] < LEAST_PIVOT:
            reply[q, base] = 0.0


@kernel(borrows=True)
def payoff(worth: Array, t: int, m: int, reply: Array) -> float:
    """What a type gets from a signal: ``worth (T, M, Q, R), reply (Q, R)``."""
    total = 0.0
    for q in range(reply.shape[0]):
        for r in range(reply.shape[1]):
            if reply[q, r] != 0.0:
                total += reply[q, r] * worth[t, m, q, r]
    return total
