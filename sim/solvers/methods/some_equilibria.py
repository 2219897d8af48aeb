"""Some equilibria of two-player games of any size: the pure ones, and one that a path of labels leads to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.forms.normal import NormalForm
from sim.kernels.base.joint_actions import pure_equilibria, unit_payoffs
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import SAME_PLAY
from sim.kernels.bimatrix.lemke_howson import follow_labels

__all__ = ["MORE", "SomeEquilibria", "in_fractions", "pure_and_one_more"]

MORE = (
    "too large to list everything: these are the pure equilibria and, where a path led to one, one more; ask for "
    "all of them with --solver vertex_enumeration, which may take hours (62 actions in all at most)"
)
BLOCK = 16  # cells a thread takes at a time


@dataclass(frozen=True, eq=False)
class SomeEquilibria:
    """``strategy (C, K, 2, A)``, NaN beyond the last of ``count (C,)``; ``rational`` in fractions, if asked for."""

    strategy: NDArray[np.float64]
    count: NDArray[np.int64]
    rational: NDArray[Any] | None = None


def pure_and_one_more(
    game: NormalForm, max_pivots: int = 100_000, *, fractions: bool = False
) -> SomeEquilibria:
    """All pure equilibria of each cell, and the end of a path of labels where that is another one.

    With ``fractions`` only those that are equilibria exactly.
    """
    sizes, finite = game.payoffs.shape[2:], game.finite
    strategy, count = pure_equilibria(game.payoffs, finite, rounded=game.computed)
    unit = unit_payoffs(game.payoffs, game.scale).reshape(game.payoffs.shape)
    one = np.full((game.cells, 2, max(sizes)), np.nan)
    pivots = np.zeros(game.cells, np.int64)

    def work(first: int, last: int) -> None:
        follow_labels(unit, max_pivots, first, last, one, pivots)

    over_blocks(work, game.cells, BLOCK)
    with np.errstate(invalid="ignore"):
        near = np.asarray((np.abs(strategy - one[:, np.newaxis]) < SAME_PLAY).all(axis=(2, 3)))
        known = near.any(axis=1)
    new = np.nonzero(finite & (pivots > 0) & ~known)[0]
    most = max(strategy.shape[1], int(count[new].max(initial=-1)) + 1)
    wider = np.full((game.cells, most, 2, max(sizes)), np.nan)
    wider[:, : strategy.shape[1]] = strategy
    wider[new, count[new]] = one[new]
    count[new] += 1
    return only_exact(game, wider, count) if fractions else SomeEquilibria(wider, count)


def only_exact(game: NormalForm, strategy: NDArray[np.float64], count: NDArray[np.int64]) -> SomeEquilibria:
    """Those that are equilibria in fractions, which the floats now are nearest to."""
    kept, rational = np.full(strategy.shape, np.nan), np.full(strategy.shape, None, dtype=object)
    number = np.zeros_like(count)
    for cell in np.nonzero(count)[0]:
        (payoffs,) = game.rational(np.array([cell]))
        for play in strategy[cell, : count[cell]]:
            exact = in_fractions(payoffs, play)
            if exact is not None:
                kept[cell, number[cell]], rational[cell, number[cell]] = exact.astype(np.float64), exact
                number[cell] += 1
    return SomeEquilibria(kept, number, rational)


def in_fractions(payoffs: NDArray[Any], strategy: NDArray[np.float64]) -> NDArray[Any] | None:
    """The equilibrium in fractions that floats show, ``(2, m, n) of Fraction, (2, A) -> (2, A)``; None if it is none.

    Each side's shares solve the equations by which all best replies of the other are worth the same.
    """
    sizes = payoffs.shape[1:]
    result = np.full(strategy.shape, Fraction(0), dtype=object)
    for i in range(2):
        table = payoffs[1 - i] if i else payoffs[1 - i].T  # rows: replies of the other side to i's actions
        own = np.nonzero(strategy[i, : sizes[i]] > 0)[0]
        worth = table.astype(np.float64) @ strategy[i, : sizes[i]]
        best = np.nonzero(worth >= worth.max() - SAME_PLAY * max(np.ptp(table.astype(np.float64)), 1.0))[0]
        equations = [[*table[reply, own], Fraction(-1), Fraction(0)] for reply in best]
        equations.append([*[Fraction(1)] * own.size, Fraction(0), Fraction(1)])
        solved = solve_fractions(equations, own.size + 1)
        if solved is None or min(solved[:-1]) < 0:
            return None
        result[i, own] = solved[:-1]
    for i in range(2):
        table = payoffs[i] if i == 0 else payoffs[i].T
        worth = table @ result[1 - i, : sizes[1 - i]]
        if min(worth[a] for a in range(sizes[i]) if result[i, a]) < max(worth):
            return None
    return result


def solve_fractions(equations: list[list[Fraction]], unknowns: int) -> list[Fraction] | None:
    """The solution of ``sum_k row[k] x_k = row[-1]``, unknowns left free being 0; None where there is none."""
    rows = [list(row) for row in equations]
    where: list[int] = []
    for column in range(unknowns):
        at = next((r for r in range(len(where), len(rows)) if rows[r][column]), None)
        if at is None:
            continue
        top = len(where)
        rows[top], rows[at] = rows[at], rows[top]
        rows[top] = [number / rows[top][column] for number in rows[top]]
        for r, row in enumerate(rows):
            if r != top and row[column]:
                rows[r] = [a - row[column] * b for a, b in zip(row, rows[top], strict=True)]
        where.append(column)
    if any(row[-1] for row in rows[len(where) :]):
        return None
    result = [Fraction(0)] * unknowns
    for row, column in zip(rows, where, strict=False):
        result[column] = row[-1]
    return result
