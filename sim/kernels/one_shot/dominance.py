"""Dominance: iterated elimination with the proof of each verdict, and whether a strategy is admissible.

Dominance is about signs, and no payoff is too small to matter beside another.  Comparing numbers gives most
verdicts.  A linear programme in floats gives the others where what it finds proves itself beyond rounding; what
is then in doubt is said to be so, for :mod:`sim.kernels.one_shot.exact_dominance` to decide.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.matrix_game import matrix_game, others_of
from sim.kernels.base.simplex import label, maximise
from sim.kernels.base.tolerances import FORMULA, LEVEL_NOISE

__all__ = ["DOMINATED", "IN_DOUBT", "SURVIVES", "admissible", "eliminate", "weak_mixture"]

SURVIVES, DOMINATED, IN_DOUBT = 0, 1, -1


@kernel()
def weak_mixture(gain: Array, rows: int, columns: int, mixture: Array, belief: Array) -> float:
    """Most that a mixture of rows gains in total while it loses in no column; NaN where the programme fails.

    ``gain (rows, columns)``; ``mixture (rows,)`` is the best one.  Where it gains nothing, ``belief
    (columns,)`` is positive everywhere and no row gains against it.
    """
    tableau = np.zeros((columns + 2, rows + 2))
    basic, nonbasic = np.empty(columns + 1, np.int64), np.empty(rows, np.int64)
    for b in range(rows):
        for o in range(columns):
            tableau[o, b] = -gain[b, o]
            tableau[columns + 1, b] -= gain[b, o]
        tableau[columns, b] = 1.0
    tableau[columns, rows] = 1.0
    label(basic, nonbasic)
    if maximise(tableau, columns + 1, basic, nonbasic) != 0:
        return np.nan
    mixture[:rows] = 0.0
    total = 0.0
    for r in range(columns + 1):
        if basic[r] < rows:
            mixture[basic[r]] = max(tableau[r, rows], 0.0)
            total += mixture[basic[r]]
    if total > 0.0:
        mixture[:rows] /= total
    belief[:columns] = 1.0
    weight = 1.0 * columns
    for j in range(rows):
        slack = nonbasic[j] - rows
        if 0 <= slack < columns:
            belief[slack] += max(tableau[columns + 1, j], 0.0)
            weight += max(tableau[columns + 1, j], 0.0)
    belief[:columns] /= weight
    return tableau[columns + 1, rows]


@kernel()
def one_alone(gain: Array, rows: int, columns: int, weak: bool, mixture: Array, belief: Array) -> int:
    """The verdict where one row, or a belief in one column, is proof enough; else IN_DOUBT."""
    for b in range(rows):
        low, high = np.inf, -np.inf
        for o in range(columns):
            low, high = min(low, gain[b, o]), max(high, gain[b, o])
        if low > 0.0 or (weak and low == 0.0 and high > 0.0):
            mixture[:rows] = 0.0
            mixture[b] = 1.0
            return DOMINATED
    highest = -np.inf
    for o in range(columns):
        high = -np.inf
        for b in range(rows):
            high, highest = max(high, gain[b, o]), max(highest, gain[b, o])
        if high < 0.0 or (not weak and high == 0.0):
            belief[:columns] = 0.0
            belief[o] = 1.0
            if weak:  # whoever is sure enough of this column loses by any other action
                doubt = 0.5
                for b in range(rows):
                    mean = 0.0
                    for other in range(columns):
                        mean += gain[b, other] / columns
                    if mean > 0.0:
                        doubt = min(doubt, -0.5 * gain[b, o] / (mean - gain[b, o]))
                belief[:columns] = doubt / columns
                belief[o] += 1.0 - doubt
            return SURVIVES
    if highest <= 0.0:
        belief[:columns] = 1.0 / columns
        return SURVIVES
    return IN_DOUBT


@kernel()
def proved(
    gain: Array, larger: Array, rows: int, columns: int, weak: bool, mixture: Array, belief: Array
) -> int:
    """What a mixture or a belief proves beyond the rounding of ``gain``, of payoffs of the size ``larger``."""
    better, some = True, not weak
    for o in range(columns):
        total, noise, low, high = 0.0, 0.0, 0.0, 0.0
        for b in range(rows):
            if mixture[b] > 0.0:
                total += mixture[b] * gain[b, o]
                noise += mixture[b] * larger[b, o]
                low, high = min(low, gain[b, o]), max(high, gain[b, o])
        clear = total > LEVEL_NOISE * noise or (low == 0.0 and high > 0.0)
        better = better and (clear or (weak and low == 0.0))
        some = some or clear
    if better and some:
        return DOMINATED
    for b in range(rows):
        total, noise, high = 0.0, 0.0, 0.0
        for o in range(columns):
            if weak and not belief[o] > 0.0:
                return IN_DOUBT
            if belief[o] > 0.0:
                total += belief[o] * gain[b, o]
                noise += belief[o] * larger[b, o]
                high = max(high, gain[b, o])
        if not (total < -LEVEL_NOISE * noise or high == 0.0):
            return IN_DOUBT
    return SURVIVES


@kernel()
def judge(
    gain: Array,
    larger: Array,
    rows: int,
    columns: int,
    weak: bool,
    rounded: bool,
    mixture: Array,
    belief: Array,
) -> int:
    """Whether a mixture of rows dominates, of which ``gain (rows, columns)`` is what they get more.

    ``larger`` is the larger payoff of each two.  Where payoffs are ``rounded``, those that may be equal are.
    Writes the ``mixture`` that does, or a ``belief`` to which none is a better reply.
    """
    for b in range(rows):
        for o in range(columns):
            if rounded and abs(gain[b, o]) <= FORMULA * larger[b, o]:
                gain[b, o] = 0.0
    verdict = one_alone(gain, rows, columns, weak, mixture, belief)
    if verdict != IN_DOUBT:
        return verdict
    # only signs matter, in every column: each is brought to its own unit
    scaled, unit = np.empty((rows, columns)), np.empty(columns)
    for o in range(columns):
        unit[o] = 0.0
        for b in range(rows):
            unit[o] = max(unit[o], abs(gain[b, o]))
        unit[o] = unit[o] if unit[o] > 0.0 else 1.0
        for b in range(rows):
            scaled[b, o] = gain[b, o] / unit[o]
    mixture[:rows] = 0.0
    verdict = IN_DOUBT
    if not np.isnan(matrix_game(scaled, rows, columns, mixture, belief)):
        in_units(belief, unit, columns)
        if weak:
            leave_nothing_out(gain, unit, rows, columns, belief)
        verdict = proved(gain, larger, rows, columns, weak, mixture, belief)
    if weak and verdict == IN_DOUBT and not np.isnan(weak_mixture(scaled, rows, columns, mixture, belief)):
        in_units(belief, unit, columns)
        verdict = proved(gain, larger, rows, columns, weak, mixture, belief)
    return verdict


@kernel()
def in_units(belief: Array, unit: Array, columns: int) -> int:
    """Bring a belief about columns in units of their own to one about columns as they are."""
    total = 0.0
    for o in range(columns):
        belief[o] /= unit[o]
        total += belief[o]
    for o in range(columns):
        belief[o] /= total
    return 0


@kernel()
def leave_nothing_out(gain: Array, unit: Array, rows: int, columns: int, belief: Array) -> int:
    """Give every column some probability, so little that rows which lose go on to lose."""
    total, share = 0.0, 0.5
    for o in range(columns):
        total += 1.0 / unit[o]
    for b in range(rows):
        lost, mean = 0.0, 0.0
        for o in range(columns):
            lost -= belief[o] * gain[b, o]
            mean += gain[b, o] / (unit[o] * total)
        if mean > 0.0:
            share = max(min(share, 0.5 * lost / (mean + lost)), 0.0)
    for o in range(columns):
        belief[o] = (1.0 - share) * belief[o] + share / (unit[o] * total)
    return 0


@kernel()
def eliminate(
    payoffs: Array,
    sizes: Array,
    stride: Array,
    weak: bool,
    rounded: bool,
    first: int,
    last: int,
    removed: Array,
    dominator: Array,
    belief: Array,
    doubtful: Array,
) -> int:
    """Remove all dominated actions of all players at once, again and again, in each cell.

    ``payoffs (C, n, J) -> removed (C, n, A)``: the round in which an action goes, 0 if it survives;
    ``dominator (C, n, A, A)``: the mixture that dominates it; ``belief (C, n, A, O)``: a distribution over
    the others' joint actions, in C order, against which a survivor is a best reply; ``doubtful (C,)``: 1 where
    floats cannot tell whether some action is dominated.  It then stays.
    """
    players, joints = payoffs.shape[1:]
    most = max(sizes)
    others, kept, place = np.empty(joints, np.int64), np.empty(joints, np.int64), np.empty(joints, np.int64)
    rival = np.empty(most, np.int64)
    gain, larger = np.empty((most, joints)), np.empty((most, joints))
    mixture, conjecture = np.empty(most), np.empty(joints)
    for c in range(first, last):
        removed[c] = 0
        dominator[c] = 0.0
        belief[c] = 0.0
        doubtful[c] = 0
        number = 0
        while True:
            number += 1
            gone = 0
            for i in range(players):
                width = 0
                for o in range(others_of(i, sizes, stride, joints, others)):
                    alive = True
                    for j in range(players):
                        away = removed[c, j, others[o] // stride[j] % sizes[j]]
                        if j != i and 0 < away < number:
                            alive = False
                    if alive:
                        kept[width], place[width] = others[o], o
                        width += 1
                for a in range(sizes[i]):
                    if removed[c, i, a] > 0:
                        continue
                    height = 0
                    for b in range(sizes[i]):
                        if b != a and not 0 < removed[c, i, b] < number:
                            rival[height] = b
                            for o in range(width):
                                there = payoffs[c, i, kept[o] + b * stride[i]]
                                here = payoffs[c, i, kept[o] + a * stride[i]]
                                gain[height, o] = there - here
                                larger[height, o] = max(abs(there), abs(here))
                            height += 1
                    belief[c, i, a] = 0.0
                    mixture[:] = 0.0
                    conjecture[:] = 1.0 / width
                    verdict = SURVIVES
                    if height > 0:
                        verdict = judge(gain, larger, height, width, weak, rounded, mixture, conjecture)
                    if verdict == IN_DOUBT:
                        doubtful[c] = 1
                    elif verdict == DOMINATED:
                        removed[c, i, a] = number
                        gone += 1
                        for b in range(height):
                            dominator[c, i, a, rival[b]] = mixture[b]
                    else:
                        for o in range(width):
                            belief[c, i, a, place[o]] = conjecture[o]
            if gone == 0:
                break
    return 0


@kernel()
def admissible(
    payoffs: Array,
    sizes: Array,
    stride: Array,
    rounded: bool,
    strategy: Array,
    first: int,
    last: int,
    verdict: Array,
) -> int:
    """Whether no player's strategy is weakly dominated, mixed strategies included, for each equilibrium.

    ``payoffs (C, n, J), strategy (C, K, n, A) -> verdict (C, K)``: where it is IN_DOUBT it becomes 1 if none is, 0
    if one is, and stays if floats cannot tell.  Against play that leaves nothing out a best reply is undominated.
    Mixed strategies are otherwise in doubt: to the belief that proves them undominated all they play is equally
    good, and floats are never equal beyond doubt.
    """
    players, joints = payoffs.shape[1:]
    most = max(sizes)
    others, widths = np.empty((players, joints), np.int64), np.empty(players, np.int64)
    for i in range(players):
        widths[i] = others_of(i, sizes, stride, joints, others[i])
    gain, larger = np.empty((most, joints)), np.empty((most, joints))
    mixture, belief = np.empty(most), np.empty(joints)
    for c in range(first, last):
        for k in range(strategy.shape[1]):
            if verdict[c, k] != IN_DOUBT:
                continue
            verdict[c, k] = 1
            for i in range(players):
                everything = True
                for j in range(players):
                    for a in range(sizes[j]):
                        everything = everything and (j == i or strategy[c, k, j, a] > 0.0)
                if everything or verdict[c, k] == 0:
                    continue
                played, number = 0, 0
                for a in range(sizes[i]):
                    if strategy[c, k, i, a] > 0.0:
                        played, number = a, number + 1
                found = IN_DOUBT if number > 1 else SURVIVES
                if number == 1 and sizes[i] > 1:
                    height = 0
                    for b in range(sizes[i]):
                        if b != played:
                            for o in range(widths[i]):
                                there = payoffs[c, i, others[i, o] + b * stride[i]]
                                here = payoffs[c, i, others[i, o] + played * stride[i]]
                                gain[height, o] = there - here
                                larger[height, o] = max(abs(there), abs(here))
                            height += 1
                    found = judge(gain, larger, height, widths[i], True, rounded, mixture, belief)
                if found == DOMINATED:
                    verdict[c, k] = 0
                elif found == IN_DOUBT:
                    verdict[c, k] = IN_DOUBT
    return 0
