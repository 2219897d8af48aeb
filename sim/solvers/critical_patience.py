"""How patient players must be for each outcome to last, whatever patience they have."""

from __future__ import annotations

import numpy as np

from sim.forms.repeated import Repeated
from sim.kernels.critical_discount import critical_discounts
from sim.kernels.threads import over_blocks
from sim.plugins import solver
from sim.solution import TOLERANCE, Claim, Status

BLOCK = 256  # cells a thread takes at a time
MAX_STEPS = 200_000


@solver(form=Repeated, concept="subgame_perfect", players=2, rank=60)
def critical_patience(game: Repeated, *, max_steps: int = MAX_STEPS) -> Claim:
    """The least common discount at which each outcome can last, under optimal penal codes.

    ``Repeated -> extra["critical_discount"] (C, outcome)``: the least at which some joint action of the
    outcome can be played for ever, and so at every higher one; NaN where none below 1 is enough.  The
    discounts of the game play no part.  No strategies are claimed.
    Complete: proved from both sides to 1e-9.
    Cost: about 0.3 ms a cell for all joint actions of a 3 x 3 game.
    Fails with ``max_steps`` where the bounds did not meet.
    Source: Abreu (1988); Abreu, Pearce and Stacchetti (1990), theorem 6.
    """
    cells, shape = game.cells, game.payoffs.shape[2:]
    joint = shape[0] * shape[1]
    payoffs, finite = np.array(game.payoffs), game.stage.finite
    lower, upper = np.empty((cells, joint)), np.empty((cells, joint))
    asked = np.ones((1, joint), np.bool_)

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        critical_discounts(payoffs[part], finite[part], asked, False, max_steps, lower[part], upper[part])

    over_blocks(work, cells, BLOCK)
    of = game.outcomes.of.ravel()
    least = np.full((cells, len(game.outcomes.names)), np.nan)
    for outcome in range(least.shape[1]):
        if (of == outcome).any():
            least[:, outcome] = np.fmin.reduce(upper[:, of == outcome], axis=1)
    with np.errstate(invalid="ignore"):
        open_cells = (upper - lower > TOLERANCE).any(axis=1)
    status = np.where(open_cells, Status.max_steps, Status.ok)
    status = np.where(finite, status, Status.nonfinite).astype(np.int8)
    no = np.zeros(cells, np.bool_)
    strategy = np.empty((cells, 0, *game.mask.shape))
    return Claim(strategy, status, status == Status.ok, no, extra={"critical_discount": least})
