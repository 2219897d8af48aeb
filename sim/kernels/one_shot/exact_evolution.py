"""Evolutionarily stable strategies in fractions, for the games whose margins are too thin for floats."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["stable_exactly"]

Table = list[list[Any]]


def solve(rows: Table, right: list[Any]) -> list[Any] | None:
    """The one solution of square equations, or None."""
    table = [[*map(Fraction, row), Fraction(value)] for row, value in zip(rows, right, strict=True)]
    for k in range(len(table)):
        pivot = next((r for r in range(k, len(table)) if table[r][k] != 0), None)
        if pivot is None:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [number / table[k][k] for number in table[k]]
        for r, line in enumerate(table):
            if r != k and line[k] != 0:
                table[r] = [a - line[k] * b for a, b in zip(line, table[k], strict=True)]
    return [line[-1] for line in table]


def equalised(form: Table, chosen: tuple[int, ...]) -> list[Any] | None:
    """Shares of the chosen that make all their rows of a form equal, and then that value; None unless unique."""
    rows = [[form[i][j] for j in chosen] + [-1] for i in chosen] + [[1] * len(chosen) + [0]]
    return solve(rows, [0] * len(chosen) + [1])


def positive_on_cone(form: Table, free: int) -> bool:
    """Whether a symmetric form is positive on ``c != 0`` with ``c[free:] >= 0``.

    As the compiled one: the free part by Gauss; of what is left, the least value on the simplex is taken
    where all rows of some face are equal, and on a smallest such face they are so at one point only.
    """
    form = [list(row) for row in form]
    for k in range(free):
        if form[k][k] <= 0:
            return False
        for r in range(k + 1, len(form)):
            share = Fraction(form[r][k]) / form[k][k]
            form[r] = [a - share * b for a, b in zip(form[r], form[k], strict=True)]
    for number in range(1, len(form) - free + 1):
        for face in combinations(range(free, len(form)), number):
            point = equalised(form, face)
            if point is not None and point[-1] <= 0 and min(point[:-1]) > 0:
                return False
    return True


def stable_exactly(payoffs: NDArray[Any]) -> NDArray[np.float64]:
    """All evolutionarily stable strategies of ``payoffs (A, A)`` of fractions, as floats ``(K, A)``."""
    a = payoffs.tolist()
    size = len(a)
    found = []
    for code in range(1, 1 << size):
        played = tuple(i for i in range(size) if code >> i & 1)
        if any(a[i][i] - a[i][j] - a[j][i] + a[j][j] >= 0 for i, j in combinations(played, 2)):
            continue  # what mixes these two does as well as the strategy against itself
        point = equalised(a, played)
        if point is None or min(point[:-1]) <= 0:
            continue
        *shares, value = point
        replies = [sum(share * a[i][j] for share, j in zip(shares, played, strict=True)) for i in range(size)]
        if max(replies) > value:
            continue
        base, *others = [*played, *(i for i in range(size) if replies[i] == value and i not in played)]
        gains = [[a[i][j] - a[i][base] - a[base][j] + a[base][base] for j in others] for i in others]
        form = [[-gains[r][k] - gains[k][r] for k in range(len(others))] for r in range(len(others))]
        if positive_on_cone(form, len(played) - 1):
            strategy = np.zeros(size)
            strategy[list(played)] = [float(share) for share in shares]
            found.append(strategy)
    return np.array(found).reshape(len(found), size)
