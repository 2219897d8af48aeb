"""One equilibrium for any number of players: the end of the path of logit equilibria."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.forms.normal import NormalForm
from sim.kernels.joint_actions import strides, unit_payoffs
from sim.kernels.logit import LOST, REACHED, logit_paths
from sim.kernels.threads import over_blocks
from sim.plugins import solver
from sim.solution import Claim, Status

BLOCK = 64  # cells a thread takes at a time
TILTS = (0.0, 0.03, -0.05, 0.11, -0.17)  # log-odds at the start, per rank of the action, of the attempts


@solver(form=NormalForm, concept="nash", rank=50)
def logit_tracing(game: NormalForm, *, max_steps: int = 2000) -> Claim:
    """One equilibrium, mixed or pure: where play goes as precision grows from random to perfect.

    ``NormalForm -> strategy (C, 1, n, A)``.  ``extra["reached"] (C,)``: the precision, in units of each
    player's range of payoffs, at which the path ended; ``extra["stopped"]`` why: 0 at an equilibrium, 1 out
    of steps, 2 lost, where its steps shrank to nothing; ``extra["path_end"] (C, n, A)`` play there;
    ``extra["attempt"]``: 0 for the path from the centroid, else the number of the tilted start that
    succeeded after the centroid's path met a bifurcation.
    Where play is near an equilibrium on the actions still played, Newton's method on indifference ends it.
    Not complete: one equilibrium, which in 2 x 2 coordination games is the risk-dominant one.
    Cost: some 50 steps, 0.2 milliseconds a cell at 3 x 3 x 3.
    Fails with ``max_steps`` or ``not_found`` as ``stopped`` says.
    Source: McKelvey and Palfrey (1995); tracing, Turocy (2005).
    """
    sizes = game.payoffs.shape[2:]
    cells, shape = game.cells, (game.cells, len(sizes), max(sizes))
    payoffs = unit_payoffs(game.payoffs, game.scale)
    strategy, reached, stopped = np.empty(shape), np.zeros(cells), np.full(cells, LOST)
    end, attempt = np.full(shape, np.nan), np.zeros(cells, np.int8)
    ranks = np.concatenate([np.arange(1, size) for size in sizes])
    left: NDArray[np.int64] = np.nonzero(game.finite)[0]
    for number, tilt in enumerate(TILTS):
        # different players tilt differently, so that a symmetric game becomes generic
        weights = np.concatenate([np.full(size - 1, 1.0 + 0.37 * i) for i, size in enumerate(sizes)])
        play, precision, reason = trace(payoffs[left], sizes, tilt * ranks * weights, max_steps)
        done = reason == REACHED
        if number == 0:
            reached[left], stopped[left], end[left] = precision, reason, play
        here = left[done]
        strategy[here], attempt[here] = play[done], number
        left = left[~done]
        if not left.size:
            break
    solved = game.finite.copy()
    solved[left] = False
    status = np.where(stopped == LOST, Status.not_found, Status.max_steps)
    status = np.where(solved, Status.ok, status)
    status = np.where(game.finite, status, Status.nonfinite).astype(np.int8)
    strategy[~solved] = np.nan
    extra: dict[str, NDArray[Any]] = {
        "reached": reached,
        "stopped": stopped.astype(np.int8),
        "path_end": end,
        "attempt": attempt,
    }
    no = np.zeros(cells, np.bool_)
    return Claim(strategy[:, np.newaxis], status, no, no, extra=extra)


def trace(
    payoffs: NDArray[np.float64], sizes: tuple[int, ...], prior: NDArray[np.float64], max_steps: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Follow the path of every cell from the log-odds ``prior``: play, precision and reason at the end."""
    cells = len(payoffs)
    strategy = np.empty((cells, len(sizes), max(sizes)))
    reached, stopped = np.empty(cells), np.empty(cells, np.int64)
    line, along = np.empty((cells, 0, *strategy.shape[1:])), np.empty((cells, 0))
    arrays = (np.array(sizes, np.int64), strides(sizes), prior, np.full(cells, np.inf), max_steps)

    def work(first: int, last: int) -> None:
        logit_paths(payoffs, *arrays, first, last, strategy, reached, stopped, line, along)

    over_blocks(work, cells, BLOCK)
    return strategy, reached, stopped
