"""Dominance in fractions, for the cells that floats leave in doubt."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Eliminated", "eliminate_exactly", "undominated"]

Table = list[list[Any]]


class Eliminated(NamedTuple):
    """What :func:`sim.kernels.one_shot.dominance.eliminate` writes, of one cell."""

    removed: NDArray[np.int64]  # (n, A)
    dominator: NDArray[np.float64]  # (n, A, A)
    belief: NDArray[np.float64]  # (n, A, O)


def maximise(objective: list[Any], rows: Table, limits: list[Any]) -> tuple[Any, list[Any], list[Any]]:
    """Maximise ``objective x`` where ``rows x <= limits`` and ``x >= 0``, for limits of at least 0, exactly.

    The value, x and the multipliers of the rows.  Simplex method in a condensed tableau; the smallest name
    enters and leaves, so that it ends (Bland 1977).  The programme must be bounded.
    """
    height, width = len(rows), len(objective)
    table = [[Fraction(number) for number in (*row, limit)] for row, limit in zip(rows, limits, strict=True)]
    table.append([Fraction(-number) for number in (*objective, 0)])
    basic, nonbasic = list(range(width, width + height)), list(range(width))
    while True:
        entering = [(nonbasic[j], j) for j in range(width) if table[-1][j] < 0]
        if not entering:
            break
        column = min(entering)[1]
        ratios = [
            (table[r][width] / table[r][column], basic[r], r) for r in range(height) if table[r][column] > 0
        ]
        row = min(ratios)[2]
        pivot = table[row][column]
        table[row] = [number / pivot for number in table[row]]
        table[row][column] = 1 / pivot
        for r, line in enumerate(table):
            factor = line[column]
            if r != row and factor != 0:
                table[r] = [a - factor * b for a, b in zip(line, table[row], strict=True)]
                table[r][column] = -factor / pivot
        basic[row], nonbasic[column] = nonbasic[column], basic[row]
    x, multipliers = [Fraction(0)] * width, [Fraction(0)] * height
    for r, name in enumerate(basic):
        if name < width:
            x[name] = table[r][width]
    for j, name in enumerate(nonbasic):
        if name >= width:
            multipliers[name - width] = table[-1][j]
    return table[-1][width], x, multipliers


def dominating(gain: Table, *, weak: bool) -> tuple[bool, list[Any]]:
    """Whether a mixture of rows of ``gain`` dominates, and the mixture, or the belief that none does."""
    columns = len(gain[0])
    if weak:
        rows = [[-row[o] for row in gain] for o in range(columns)] + [[1] * len(gain)]
        value, mixture, multipliers = maximise([sum(row) for row in gain], rows, [0] * columns + [1])
        found = mixture if value > 0 else [1 + number for number in multipliers[:columns]]
    else:
        low = min(map(min, gain)) - 1
        raised = [[number - low for number in row] for row in gain]
        total, belief, mixture = maximise([1] * columns, raised, [1] * len(gain))
        value = 1 / total + low
        found = mixture if value > 0 else belief
    total = sum(found)
    return value > 0, [number / total for number in found]


def tables(payoffs: NDArray[Any]) -> list[Table]:
    """Each player's payoffs as whole numbers, own action by the others' joint action, in C order."""
    result = []
    for i, own in enumerate(payoffs):
        rows = np.moveaxis(own, i, 0).reshape(own.shape[i], -1).tolist()
        common = lcm(*(number.denominator for row in rows for number in row))
        result.append([[int(number * common) for number in row] for row in rows])
    return result


def eliminate_exactly(payoffs: NDArray[Any], *, weak: bool) -> Eliminated:
    """Remove all dominated actions at once, again and again, ``payoffs (n, A1, .., An)`` of fractions."""
    sizes = payoffs.shape[1:]
    own = tables(payoffs)
    most, players = max(sizes), len(sizes)
    removed = np.zeros((players, most), np.int64)
    dominator = np.zeros((players, most, most))
    belief = np.zeros((players, most, payoffs[0].size // min(sizes)))
    number = 0
    while True:
        number += 1
        alive = [[a for a in range(size) if removed[i, a] == 0] for i, size in enumerate(sizes)]
        for i, table in enumerate(own):
            places = np.arange(len(table[0])).reshape([size for j, size in enumerate(sizes) if j != i])
            others = places[np.ix_(*(alive[j] for j in range(players) if j != i))].ravel().tolist()
            for a in alive[i]:
                rivals = [b for b in alive[i] if b != a]
                belief[i, a] = 0.0
                gain = [[table[b][o] - table[a][o] for o in others] for b in rivals]
                gone, found = (
                    dominating(gain, weak=weak) if rivals else (False, [1 / len(others)] * len(others))
                )
                if gone:
                    removed[i, a] = number
                    dominator[i, a, rivals] = [float(share) for share in found]
                else:
                    belief[i, a, others] = [float(share) for share in found]
        if not (removed == number).any():
            return Eliminated(removed, dominator, belief)


def undominated(payoffs: NDArray[Any], strategy: NDArray[np.float64]) -> bool:
    """Whether nobody's strategy is weakly dominated, ``payoffs (n, A1, .., An)`` of fractions, ``strategy (n, A)``.

    Only what is played matters: a strategy is undominated if all of it is a best reply to one belief that
    leaves nothing out.  So are then all mixtures of the same actions, of which the even one is tested.
    """
    for i, table in enumerate(tables(payoffs)):
        played = [a for a in range(len(table)) if strategy[i, a] > 0]
        means = [sum(table[a][o] for a in played) for o in range(len(table[0]))]
        gain = [
            [len(played) * number - mean for number, mean in zip(row, means, strict=True)] for row in table
        ]
        if dominating(gain, weak=True)[0]:
            return False
    return True
