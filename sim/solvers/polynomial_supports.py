"""All equilibria of small games with any number of players."""

from __future__ import annotations

import numpy as np

from sim.answers.shared import UNDECIDED
from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.kernels.base.joint_actions import unit_payoffs
from sim.kernels.one_shot.isolated import NOT_SEARCHED, isolated_equilibria
from sim.plugins import solver
from sim.solvers.methods.wide import sifted


@solver(form=NormalForm, concept="nash", answers=(UNDECIDED,), rank=55)
def polynomial_supports(game: NormalForm, *, max_boxes: int = 20_000) -> Claim:
    """All equilibria that stand alone, mixed and pure, for any number of players.

    ``NormalForm -> strategy (C, K, n, A)``; ``extra["undecided"] (C,)`` counts the boxes of strategies about
    which nothing could be proved.
    Strictly dominated actions are left out first; ``undecided`` is -1 where more than 1,000 supports remain.
    Complete: where nothing is undecided, every set of strategies outside the answer is proved to hold no
    equilibrium, in floats with a slack of 1e-12.  Where one player alone mixes and his equilibria are a
    segment, its ends are given and the cell is ``degenerate``.  Any other continuum leaves boxes undecided,
    one equilibrium stands for each support, and ``complete`` is False; where isolated ones cannot be proved,
    because the equations are singular nearby, Newton's method from 24 points looks for them.
    Cost: all supports; 0.05 milliseconds a cell at 2 x 2 x 2, 2 at 3 x 3 x 2, 30 at 3 x 3 x 3; up to
    ``max_boxes`` a support where something stays undecided.
    Fails with ``max_steps`` beyond 1,000 supports (ask for ``all_or_traced``),
    ``not_found`` where everything stays undecided.
    Source: supports, Dickhaut and Kaplan (1991); the test of a box, Krawczyk (1969).
    """
    finite = game.finite
    payoffs = unit_payoffs(game.payoffs, game.scale)[finite]
    found = isolated_equilibria(payoffs, game.payoffs.shape[2:], max_boxes)
    count, undecided = np.zeros((2, game.cells), np.int64)
    count[finite], undecided[finite] = found.count, found.undecided
    complete, degenerate = np.zeros((2, game.cells), np.bool_)
    complete[finite], degenerate[finite] = found.complete, found.degenerate
    strategy = np.full((game.cells, *found.strategy.shape[1:]), np.nan)
    strategy[finite] = found.strategy
    strategy, kept = sifted(game, strategy, count)
    complete &= kept >= count
    count = kept
    status = np.where(undecided == NOT_SEARCHED, Status.max_steps, Status.not_found)
    status = np.where(count > 0, Status.ok, status)
    return Claim(strategy, status, complete, degenerate, extra={"undecided": undecided})
