"""The default for more than two players: all equilibria of small games, the pure and the traced one of large."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import UNDECIDED
from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.kernels.base.joint_actions import pure_equilibria, unit_payoffs
from sim.kernels.one_shot.isolated import NOT_SEARCHED, isolated_equilibria
from sim.kernels.one_shot.logit import LOST
from sim.kernels.one_shot.tracing import trace_with_tilts
from sim.plugins import solver
from sim.solvers.methods.wide import sifted

MAX_BOXES = 20_000  # on each support
MAX_STEPS = 2000  # of a path


@solver(form=NormalForm, concept="nash", answers=(UNDECIDED,), rank=45)
def all_or_traced(game: NormalForm) -> Claim:
    """All equilibria that stand alone where the game is small, else all pure ones and the traced one.

    ``NormalForm -> strategy (C, K, n, A)``; ``extra["undecided"] (C,)`` counts the boxes of strategies about
    which nothing could be proved, -1 where the game is too large to be searched.
    Complete: where nothing is undecided, as ``polynomial_supports`` says; where something is, the traced
    equilibrium is added if none on its support is there.
    Cost: as ``polynomial_supports`` up to 1,000 supports of undominated actions, as ``logit_tracing`` beyond.
    Fails with ``max_steps`` or ``not_found`` as ``logit_tracing`` does, where nothing else is found.
    Source: supports, Dickhaut and Kaplan (1991); tracing, Turocy (2005).
    """
    sizes, cells, finite = game.payoffs.shape[2:], game.cells, game.finite
    payoffs = unit_payoffs(game.payoffs, game.scale)
    found = isolated_equilibria(payoffs, sizes, MAX_BOXES)
    strategy, count, undecided = found.strategy, found.count, found.undecided
    strategy[~finite], count[~finite] = np.nan, 0
    large = np.nonzero(undecided == NOT_SEARCHED)[0]
    if large.size:
        rounded = game.computed
        pure, count[large] = pure_equilibria(game.payoffs[large], finite[large], rounded=rounded)
        strategy = widened(strategy, pure.shape[1])
        strategy[large, : pure.shape[1]] = pure
    open_cells: NDArray[Any] = np.nonzero((undecided != 0) & finite)[0]
    status = np.full(cells, Status.ok, np.int8)
    if open_cells.size:
        everywhere = np.ones(open_cells.size, np.bool_)
        traced = trace_with_tilts(payoffs[open_cells], everywhere, sizes, MAX_STEPS)
        strategy, count[open_cells] = with_one_more(strategy, count, open_cells, traced.strategy)
        failed = np.where(traced.stopped == LOST, Status.not_found, Status.max_steps)
        status[open_cells] = np.where(count[open_cells] > 0, Status.ok, failed)
    strategy, kept = sifted(game, strategy, count)
    status = np.where((kept == 0) & (status == Status.ok), Status.not_found, status)
    complete = found.complete & ~(kept < count)
    return Claim(strategy, status, complete, found.degenerate & finite, extra={"undecided": undecided})


def with_one_more(
    strategy: NDArray[np.float64], count: NDArray[np.int64], cells: NDArray[Any], one: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Add ``one (E, n, A)`` to the equilibria of the chosen cells where none of them has its support: all, and how many."""
    known = ((strategy[cells] > 0) == (one > 0)[:, np.newaxis]).all(axis=(2, 3)).any(axis=1)
    new = ~np.isnan(one[:, 0, 0]) & ~known
    number = count[cells] + new
    strategy = widened(strategy, int(number.max(initial=0)))
    strategy[cells[new], number[new] - 1] = one[new]
    return strategy, number


def widened(strategy: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """Room for at least so many equilibria."""
    room = np.full((strategy.shape[0], max(most - strategy.shape[1], 0), *strategy.shape[2:]), np.nan)
    return np.concatenate([strategy, room], axis=1)
