"""All equilibria of small games with any number of players."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.forms.normal import NormalForm
from sim.kernels.joint_actions import strides, unit_payoffs
from sim.kernels.polynomial import equilibria_on_supports
from sim.kernels.threads import over_blocks
from sim.plugins import solver
from sim.solution import Claim, Status

BLOCK = 16  # cells a thread takes at a time
MOST_SUPPORTS = 1_000
ROOM = 16  # equilibria of a cell for which there is room at first


@solver(form=NormalForm, concept="nash", rank=55)
def polynomial_supports(game: NormalForm, *, max_boxes: int = 4000) -> Claim:
    """All equilibria that stand alone, mixed and pure, for any number of players.

    ``NormalForm -> strategy (C, K, n, A)``; ``extra["undecided"] (C,)`` counts the boxes of strategies about
    which nothing could be proved.
    Complete: where nothing is undecided, every set of strategies outside the answer is proved to hold no
    equilibrium, in floats with a slack of 1e-12.  Equilibria on a continuum leave boxes undecided, one of
    them stands for each support, and ``complete`` is False.
    Cost: all supports; 0.1 milliseconds a cell at 2 x 2 x 2, 10 milliseconds at 3 x 3 x 3; up to
    ``max_boxes`` a support where there is a continuum.
    Fails with ``max_steps`` beyond 1,000 supports (ask for ``logit_tracing``),
    ``not_found`` where everything stays undecided.
    Source: supports, Dickhaut and Kaplan (1991); the test of a box, Krawczyk (1969).
    """
    sizes = game.payoffs.shape[2:]
    cells, shape = game.cells, (len(sizes), max(sizes))
    supports = float(np.prod([2.0**size - 1 for size in sizes]))
    count, undecided = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    strategy = np.full((cells, 0, *shape), np.nan)
    if supports <= MOST_SUPPORTS:
        payoffs = unit_payoffs(game.payoffs, game.scale)[game.finite]
        found, number, unproved = enumerate_cells(payoffs, sizes, max_boxes, ROOM)
        count[game.finite], undecided[game.finite] = number, unproved
        strategy = np.full((cells, count.max(initial=0), *shape), np.nan)
        strategy[game.finite] = found[:, : strategy.shape[1]]
    status = np.where(
        count > 0, Status.ok, Status.not_found if supports <= MOST_SUPPORTS else Status.max_steps
    )
    status = np.where(game.finite, status, Status.nonfinite).astype(np.int8)
    no: NDArray[np.bool_] = np.zeros(cells, np.bool_)
    return Claim(strategy, status, (undecided == 0) & game.finite, no, extra={"undecided": undecided})


def enumerate_cells(
    payoffs: NDArray[np.float64], sizes: tuple[int, ...], boxes: int, room: int
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Search all cells; again those few that have more equilibria than there was room for."""
    cells = len(payoffs)
    strategy = np.full((cells, room, len(sizes), max(sizes)), np.nan)
    count, undecided = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    arrays = (np.array(sizes, np.int64), strides(sizes))

    def work(first: int, last: int) -> None:
        equilibria_on_supports(payoffs, *arrays, boxes, first, last, strategy, count, undecided)

    over_blocks(work, cells, BLOCK)
    for k in range(room):
        claimed = k < count
        strategy[claimed, k] = np.nan_to_num(strategy[claimed, k])  # zero beyond a player's actions
    crowded = np.nonzero(count > room)[0]
    if crowded.size:
        again, count[crowded], undecided[crowded] = enumerate_cells(
            np.ascontiguousarray(payoffs[crowded]), sizes, boxes, int(count.max())
        )
        wider = np.full((cells, again.shape[1], *strategy.shape[2:]), np.nan)
        wider[:, :room] = strategy
        wider[crowded] = again
        strategy = wider
    return strategy, count, undecided
