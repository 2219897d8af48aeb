"""The default for two players: floats where every margin is clear, exact arithmetic elsewhere."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import RATIONAL
from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.kernels.base.memory import empty
from sim.kernels.base.threads import known_lengths, over_blocks
from sim.kernels.base.tolerances import THIN
from sim.kernels.bimatrix.double_description import MOST_LABELS, rays_needed
from sim.kernels.bimatrix.equilibria import NONFINITE, SUSPECT, pair_supports, strategies
from sim.kernels.bimatrix.exact import Decided, decide
from sim.kernels.bimatrix.structure import decide_with_ties
from sim.kernels.bimatrix.support_enumeration import LANES, both_subsets, support_lanes
from sim.plugins import solver
from sim.solvers.methods.equal_numbers import decide_decimals
from sim.solvers.methods.some_equilibria import MORE, pure_and_one_more

BLOCK = 8192  # cells a thread takes at a time
MOST_BASES = 3500  # up to here, which is 7 x 7, many cells side by side are faster than vertices one by one

STATUS = np.array([Status.ok, Status.ok, Status.nonfinite, Status.max_steps], np.int8)
"""Of a cell that is FOUND, SUSPECT, NONFINITE, TOO_LARGE."""

Part = tuple[int, int, NDArray[np.int64]]
"""First cell, last cell, and the pairs of supports found in them, one cell after another."""


@solver(form=NormalForm, concept="nash", answers=(RATIONAL,), players=2, rank=10, exact=True, more=MORE)
def support_enumeration(game: NormalForm, *, exact: bool = False) -> Claim:
    """All equilibria of nondegenerate two-player games, all extreme ones of degenerate games.

    ``NormalForm -> strategy (C, K, 2, A)``; with ``exact`` also ``extra["rational"]``, the same as fractions.
    Complete: each cell is either enumerated with every margin clear and its Shapley indices summing to
    one, or decided in exact arithmetic.
    Cost: 0.2 microseconds a cell at 3 x 3, 2.5 at 6 x 6, 10 milliseconds at 12 x 12.
    Too large: where listing would take more than some seconds a cell, which happens from 13 x 13 actions on, all
    pure equilibria and one more are given (Lemke and Howson 1964), and ``complete`` is False;
    ``vertex_enumeration`` goes on for as long as it takes.
    Fails with ``max_steps`` where not even these are found.
    Source: labels, Mangasarian (1964); index, Shapley (1974); degenerate games, Avis et al. (2010).
    """
    payoffs = game.payoffs if game.payoffs.flags.writeable else game.payoffs.copy()
    cells = game.cells
    verdict, count = np.empty(cells, np.uint8), np.zeros(cells, np.int64)
    parts: list[Part] = []
    if exact or sum(payoffs.shape[2:]) > MOST_LABELS:
        verdict[:] = np.where(game.finite, SUSPECT, NONFINITE)
    else:
        found = over_blocks(lambda first, last: search(payoffs, first, last, verdict, count), cells, BLOCK)
        parts = [part for block in found for part in block]
    doubtful = np.nonzero(verdict == SUSPECT)[0]
    decided = decide_cells(game, doubtful, exact)
    most = max(int(count.max(initial=0)), decided.strategy.shape[1])
    strategy = empty((cells, most, 2, max(payoffs.shape[2:])))
    if not parts:
        strategy[:] = np.nan
    if over_parts(payoffs, verdict, parts, strategy):
        doubtful = np.nonzero(verdict == SUSPECT)[0]
        decided = decide_cells(game, doubtful, exact)
    extra: dict[str, Any] = {}
    strategy = merge(strategy, doubtful, decided.strategy)
    if decided.rational is not None:
        extra["rational"] = merge(np.full(strategy.shape, None, object), doubtful, decided.rational)
    degenerate, complete, status = np.zeros(cells, np.bool_), verdict <= SUSPECT, STATUS[verdict]
    degenerate[doubtful], complete[doubtful] = decided.degenerate, decided.complete
    large = np.nonzero(~complete & (verdict != NONFINITE))[0]
    if large.size:
        some = pure_and_one_more(game.take(large), fractions=exact)
        strategy = merge(strategy, large, some.strategy)
        status[large] = np.where(some.count > 0, Status.ok, Status.max_steps)
        if some.rational is not None:
            extra["rational"] = merge(extra["rational"], large, some.rational)
    return Claim(strategy, status, complete, degenerate, extra=extra, exact=complete & (verdict == SUSPECT))


def search(
    payoffs: NDArray[np.float64], first: int, last: int, verdict: NDArray[np.uint8], count: NDArray[np.int64]
) -> list[Part]:
    """Pairs of supports of a block of cells, in as many parts as the space for them takes."""
    m, n = payoffs.shape[2:]
    parts, size = [], 3 * (last - first) + 64 * LANES
    while first < last:
        pairs = np.empty((size, 3), np.int64)
        if last - first >= LANES and comb(m + n, m) <= MOST_BASES:
            done = support_lanes(payoffs, first, last, THIN, *both_subsets(m, n), verdict, count, pairs)
        else:
            room = rays_needed(m, n, quick=True)
            done = pair_supports(payoffs, first, last, THIN, room, verdict, count, pairs)
        parts.append((first, done, pairs[: count[first:done].sum()]))
        first, size = done, 2 * size
    return parts


def over_parts(
    payoffs: NDArray[np.float64],
    verdict: NDArray[np.uint8],
    parts: list[Part],
    strategy: NDArray[np.float64],
) -> int:
    """Solve the supports of all parts, on all cores; the number of cells this makes suspect."""
    actions = max(known_lengths(payoffs.shape[0], payoffs.shape[2:]), key=len)

    def work(begin: int, end: int) -> int:
        return sum(
            strategies(payoffs, first, last, verdict, pairs, strategy, actions)
            for first, last, pairs in parts[begin:end]
        )

    return sum(over_blocks(work, len(parts), 1))


def decide_cells(game: NormalForm, cells: NDArray[np.int64], exact: bool) -> Decided:
    """The exact path for some cells."""
    chosen = game.take(cells)
    if chosen.ties is not None and not exact:
        return decide_with_ties(
            chosen.payoffs, chosen.rational, chosen.ties.vanishing, chosen.ties.errors, quick=True
        )
    if game.exact is None and not exact:
        return decide_decimals(chosen.payoffs, chosen.rational, quick=True)
    return decide(chosen.payoffs, chosen.rational, decimals=not game.computed, fractions=exact, quick=True)


def merge(strategy: NDArray[Any], cells: NDArray[np.int64], decided: NDArray[Any]) -> NDArray[Any]:
    """Put what was decided exactly in its place, with more room for equilibria where it is needed."""
    most = max(strategy.shape[1], decided.shape[1])
    nothing = np.nan if strategy.dtype == np.float64 else None
    if most > strategy.shape[1]:
        wider = np.full((strategy.shape[0], most, *strategy.shape[2:]), nothing, dtype=strategy.dtype)
        wider[:, : strategy.shape[1]] = strategy
        strategy = wider
    if cells.size:
        strategy[cells, : decided.shape[1]] = decided
        strategy[cells, decided.shape[1] :] = nothing
    return strategy
