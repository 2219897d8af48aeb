"""A quick way to one mixed Markov-perfect equilibrium of a two-player game: stage games and Newton in turn.

With the values held fixed every state is a bimatrix game; an equilibrium of each gives supports, and
Newton's method solves all states together on these supports.  Where the result is no equilibrium its
values define new stage games.  Supports that still work are kept, which is what makes it settle.  It
need not settle: the caller traces the logit path then.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.linear import factor, substitute
from sim.kernels.base.tolerances import TIE, ZERO
from sim.kernels.stochastic.markov_response import Cell, Play, action_values
from sim.kernels.stochastic.markov_support import indifferent

__all__ = ["MOST_ACTIONS", "alternate"]

MOST_ACTIONS = 6
"""Largest number of actions whose supports are listed; the caller goes elsewhere beyond."""


@kernel()
def solve_support(
    first: Array,
    second: Array,
    rows: int,
    columns: int,
    own: int,
    other: int,
    x: Array,
    y: Array,
    slack: float,
) -> bool:
    """An equilibrium of a bimatrix game on given supports (bit sets of equal size); False where none is.

    ``first, second (A1, A2)`` payoffs to the row and the column player, ``x (A1,)``, ``y (A2,)`` written.
    """
    r = np.empty(MOST_ACTIONS, np.int64)
    c = np.empty(MOST_ACTIONS, np.int64)
    size = 0
    for a in range(rows):
        if (own >> a) & 1:
            r[size] = a
            size += 1
    size = 0
    for b in range(columns):
        if (other >> b) & 1:
            c[size] = b
            size += 1
    order = np.empty(size, np.int64)
    matrix = np.empty((size, size))
    right = np.empty(size)
    for role in range(2):
        for k in range(size - 1):
            for h in range(size):
                if role == 0:  # the row player's mixture makes the column player indifferent
                    matrix[k, h] = second[r[h], c[k]] - second[r[h], c[size - 1]]
                else:
                    matrix[k, h] = first[r[k], c[h]] - first[r[size - 1], c[h]]
            right[k] = 0.0
        for h in range(size):
            matrix[size - 1, h] = 1.0
        right[size - 1] = 1.0
        if not factor(matrix, order):
            return False
        substitute(matrix, order, right)
        for h in range(size):
            if not right[h] > -ZERO:
                return False
        if role == 0:
            x[:] = 0.0
            for h in range(size):
                x[r[h]] = max(right[h], 0.0)
        else:
            y[:] = 0.0
            for h in range(size):
                y[c[h]] = max(right[h], 0.0)
    kept = 0.0
    for h in range(size):
        kept += y[c[h]] * first[r[0], c[h]]
    for a in range(rows):
        total = 0.0
        for h in range(size):
            total += y[c[h]] * first[a, c[h]]
        if total > kept + slack:
            return False
    kept = 0.0
    for h in range(size):
        kept += x[r[h]] * second[r[h], c[0]]
    for b in range(columns):
        total = 0.0
        for h in range(size):
            total += x[r[h]] * second[r[h], b]
        if total > kept + slack:
            return False
    return True


@kernel()
def bits(word: int) -> int:
    """Number of ones."""
    total = 0
    while word:
        total += word & 1
        word >>= 1
    return total


@kernel()
def stage_equilibrium(
    first: Array,
    second: Array,
    rows: int,
    columns: int,
    shift: int,
    sets: Array,
    x: Array,
    y: Array,
    slack: float,
) -> bool:
    """An equilibrium of a bimatrix game: kept supports first, then small ones in an order set by ``shift``.

    ``sets (2,)`` holds the supports tried first (0: none) and receives those found.
    """
    if sets[0] != 0 and solve_support(first, second, rows, columns, sets[0], sets[1], x, y, slack):
        return True
    own_count = (1 << rows) - 1
    other_count = (1 << columns) - 1
    for size in range(1, min(rows, columns) + 1):
        for p in range(own_count):
            own = 1 + (p + shift) % own_count
            if bits(own) != size:
                continue
            for q in range(other_count):
                other = 1 + (q + 3 * shift) % other_count
                if bits(other) != size:
                    continue
                if solve_support(first, second, rows, columns, own, other, x, y, slack):
                    sets[0] = own
                    sets[1] = other
                    return True
    return False


@kernel()
def alternate(cell: Cell, play: Play, restarts: int, rounds: int) -> bool:
    """Stage equilibria and Newton in turn; True where the weights of ``play`` are an equilibrium."""
    counts, discount, move, weight = cell.counts, cell.discount, cell.move, play.weight
    states = counts.shape[1]
    columns_total = cell.sizes[1]
    first = np.empty((cell.sizes[0], cell.sizes[1]))
    second = np.empty((cell.sizes[0], cell.sizes[1]))
    sets = np.zeros((states, 2), np.int64)
    before = np.empty((states, 2), np.int64)
    reply = np.empty(weight.shape)
    held = np.empty(play.value.shape)
    slack = TIE * cell.scale.max()
    for attempt in range(restarts):
        sets[:] = 0
        for i in range(2):
            for s in range(states):
                for a in range(weight.shape[2]):
                    weight[i, s, a] = 1.0 / counts[i, s] if a < counts[i, s] else 0.0
        if attempt > 0:  # begin from pure play drawn by a fixed rule
            for i in range(2):
                for s in range(states):
                    chosen = (attempt * (2 * i + 3) + s * (attempt + i)) % counts[i, s]
                    for a in range(counts[i, s]):
                        weight[i, s, a] = 1.0 if a == chosen else 0.0
        action_values(cell, play)
        held[:] = play.value
        for turn in range(rounds):
            before[:] = sets
            for s in range(states):
                for m in range(cell.digit.shape[0]):
                    now = 0.0
                    then = 0.0
                    for t in range(states):
                        now += move[s, m, t] * held[0, t]
                        then += move[s, m, t] * held[1, t]
                    a = m // columns_total
                    b = m % columns_total
                    first[a, b] = (1.0 - discount[0]) * cell.payoffs[0, s, m] + discount[0] * now
                    second[a, b] = (1.0 - discount[1]) * cell.payoffs[1, s, m] + discount[1] * then
                shift = attempt + turn
                if not stage_equilibrium(
                    first, second, counts[0, s], counts[1, s], shift, sets[s], reply[0, s], reply[1, s], slack
                ):
                    return False
            if turn > 0 and (before == sets).all():
                # Newton has been here; play on: the values of the stage equilibria themselves
                weight[:] = reply
                action_values(cell, play)
                held[:] = play.value
                continue
            for s in range(states):
                for i in range(2):
                    for a in range(counts[i, s]):
                        play.support[i, s, a] = (sets[s, i] >> a) & 1
            weight[:] = reply
            if indifferent(cell, play, 12):
                return True
            inside = True
            for i in range(2):
                for s in range(states):
                    for a in range(counts[i, s]):
                        inside = inside and abs(weight[i, s, a]) <= 1.5
            if not inside:
                weight[:] = reply
                action_values(cell, play)
            held[:] = play.value
    return False
